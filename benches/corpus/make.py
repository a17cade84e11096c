"""Lays out the corpus of the benches from packages that were fetched, and checks that it is the one that was recorded.

usage: make.py is-made LIST CORPUS            tells whether the corpus is there, and how large it is; 3 if it is not
       make.py make LIST CORPUS PACKAGES      makes it
"""
import fnmatch
import hashlib
import json
import os
import shutil
import sys
import tarfile
import zipfile

# How much is made of each kind that no package has, in bytes.
MADE = 8 << 20


class Numbers:
    """The same numbers in every version of Python: a linear congruential generator, its low bits left out."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.state >> 33) % limit

    def of(self, choices):
        return choices[self.below(len(choices))]

    def hex(self, digits):
        return "".join(self.of("0123456789abcdef") for _ in range(digits))

    def uuid(self):
        return "-".join(self.hex(digits) for digits in (8, 4, 4, 4, 12))


WORDS = "account address amount archive balance batch border cache center change client color column copy count country cursor customer date delivery detail email entry event export field filter group handle image import index invoice item label layer link list locale margin member message method mobile month name node number office option order owner page parcel parent part payment period phone price product profile project quantity query queue range record region report request result retry role route row scale schedule section server service session shape shop size source stage start state status stock store street subject supplier table target task ticket title token total trace transfer type unit update user value vendor version view volume week width worker year".split()
NAMES = "Ada Anton Bela Carla Chen Dana Elif Emil Fatou Gita Hugo Ines Ivo Jana Kofi Lena Mara Milan Nadia Olga Omar Petra Ravi Rosa Sven Tala Uwe Vera Yusuf Zora".split()
AGENTS = ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "curl/8.5.0", "python-requests/2.32.3", "kube-probe/1.29"]


def clock(number):
    return f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"


def access_log(draw):
    second = 0
    while True:
        second += draw.below(3)
        path = "/".join(draw.of(WORDS) for _ in range(1 + draw.below(4)))
        query = f"?page={draw.below(90)}&sort={draw.of(WORDS)}" if draw.below(3) == 0 else ""
        yield (f'10.{draw.below(256)}.{draw.below(256)}.{draw.below(256)} - - [{1 + second // 86400 % 28:02}/Mar/2026:{clock(second)} +0000] '
               f'"{draw.of(["GET", "GET", "GET", "POST", "PUT"])} /api/v2/{path}{query} HTTP/1.1" {draw.of([200, 200, 200, 201, 304, 404, 500])} '
               f'{draw.below(90000)} "https://shop.example.org/{draw.of(WORDS)}" "{draw.of(AGENTS)}" {draw.below(900) / 1000:.3f}\n')


def json_log(draw):
    second = 0
    while True:
        second += draw.below(2)
        yield json.dumps({
            "time": f"2026-03-{1 + second // 86400 % 28:02}T{clock(second)}.{draw.below(1000):03}Z", "level": draw.of(["info", "info", "info", "debug", "warn", "error"]),
            "logger": ".".join(["org", "example", draw.of(WORDS), draw.of(WORDS).title() + "Service"]), "request_id": draw.uuid(), "trace_id": draw.hex(32),
            "user_id": draw.below(900000), "message": f"{draw.of(WORDS)} {draw.of(WORDS)} of {draw.of(WORDS)} {draw.below(9999)} took {draw.below(900)} ms",
            "context": {draw.of(WORDS): draw.of(WORDS), draw.of(WORDS): draw.below(99)}}) + "\n"


def system_log(draw):
    second = 0
    while True:
        second += draw.below(4)
        yield (f"Mar {1 + second // 86400 % 28:2} {clock(second)} host{draw.below(12):02} {draw.of(['kernel', 'sshd', 'systemd', 'dockerd', 'cron', 'postfix'])}"
               f"[{300 + draw.below(30000)}]: {' '.join(draw.of(WORDS) for _ in range(3 + draw.below(9)))} {draw.of(['ok', 'failed', 'done', 'again', 'closed'])}"
               f" uid={draw.below(1200)} addr=10.{draw.below(256)}.{draw.below(256)}.{draw.below(256)} port={1024 + draw.below(60000)}\n")


def customer_dump(draw):
    yield "CREATE TABLE customers (id integer PRIMARY KEY, name text, email text, phone text, password_hash text, session uuid, created timestamp);\n"
    row = 0
    while True:
        rows = []
        for _ in range(200):
            row += 1
            name = draw.of(NAMES)
            rows.append(f"({row},'{name} {draw.of(WORDS).title()}','{name.lower()}.{draw.of(WORDS)}{row}@example.org','+49 30 {draw.below(10000000):07}',"
                        f"'{draw.hex(64)}','{draw.uuid()}','2026-{1 + draw.below(12):02}-{1 + draw.below(28):02} {clock(draw.below(86400))}')")
        yield f"INSERT INTO customers VALUES {','.join(rows)};\n"


def order_dump(draw):
    yield "COPY public.orders (id, customer, reference, title, price, note, payload) FROM stdin;\n"
    row = 0
    while True:
        row += 1
        payload = json.dumps({draw.of(WORDS): draw.below(999), draw.of(WORDS): draw.of(WORDS), "key": f"{draw.of(WORDS)}-{draw.of(WORDS)}"})
        yield (f"{row}\t{draw.below(90000)}\t{draw.hex(16)}\t{draw.of(WORDS)} {draw.of(WORDS)}\t{draw.below(99999) / 100:.2f}\t"
               f"{' '.join(draw.of(WORDS) for _ in range(draw.below(14))) or chr(92) + 'N'}\t{payload}\n")


# Kind, file, its lines, its share of what is made of the kind.
ALL_MADE = [
    ("log", "access.log", access_log, 1 / 2), ("log", "service.jsonl", json_log, 1 / 4), ("log", "messages", system_log, 1 / 4),
    ("sql", "customers.sql", customer_dump, 1 / 2), ("sql", "orders.sql", order_dump, 1 / 2),
]


def made(lines, seed, size):
    text, length = [], 0
    for line in lines(Numbers(seed)):
        text.append(line)
        length += len(line)
        if length >= size:
            return "".join(text).encode()


def members(package):
    """The regular files of a package, with what reads each."""
    if zipfile.is_zipfile(package):
        with zipfile.ZipFile(package) as archive:
            for member in archive.infolist():
                if not member.is_dir():
                    yield member.filename, lambda: archive.read(member)
    else:
        with tarfile.open(package) as archive:
            for member in archive:
                if member.isfile():
                    yield member.name, lambda: archive.extractfile(member).read()


def lay_out(list_file, corpus, packages):
    for line in open(list_file):
        fields = line.split()
        if fields[0] in ("#", "corpus"):
            continue
        kind, registry, name, version, checksum, *patterns = fields
        label = f"{name.replace('/', '-')}-{version}"
        package = os.path.join(packages, f"{registry}-{label}")
        with open(package, "rb") as file:
            if hashlib.sha256(file.read()).hexdigest() != checksum:
                sys.exit(f"{package} is not what was published as {name} {version}: remove it, and run again")
        taken = 0
        for path, read in members(package):
            parts = path.split("/")
            if path.startswith("/") or ".." in parts:
                sys.exit(f"{package}: leaves its folder: {path}")
            if patterns and not any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns):
                continue
            # The top folder of a package of npm or crates.io says nothing.
            below = parts if registry == "pypi" else parts[1:]
            target = os.path.join(corpus, kind, label, *below)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(read())
            taken += 1
        if taken == 0:
            sys.exit(f"{package}: nothing in it matches {patterns}")
    for seed, (kind, name, lines, share) in enumerate(ALL_MADE, start=5):
        os.makedirs(os.path.join(corpus, kind), exist_ok=True)
        with open(os.path.join(corpus, kind, name), "wb") as file:
            file.write(made(lines, seed, int(MADE * share)))


def survey(corpus):
    """The digest of all names and contents, and for each kind how many files and bytes there are."""
    digest, kinds = hashlib.sha256(), {}
    files = sorted(os.path.relpath(os.path.join(folder, name), corpus).replace(os.sep, "/") for folder, _, names in os.walk(corpus) for name in names)
    for path in files:
        with open(os.path.join(corpus, path), "rb") as file:
            content = file.read()
        digest.update(f"{path}\0{len(content)}\0".encode() + hashlib.sha256(content).digest())
        kind = kinds.setdefault(path.split("/")[0], [0, 0])
        kind[0] += 1
        kind[1] += len(content)
    return digest.hexdigest(), kinds


def recorded(list_file):
    return next(line.split()[1] for line in open(list_file) if line.startswith("corpus "))


def is_made(list_file, corpus):
    digest = recorded(list_file)
    try:
        with open(corpus + "-packages/made.txt") as file:
            first, *kinds = file.read().splitlines()
    except FileNotFoundError:
        return False
    # Every file is counted, none is read: that took place when it was made.
    count = sum(len(names) for _, _, names in os.walk(corpus))
    if first != digest or count != sum(int(kind.split()[1]) for kind in kinds):
        return False
    print("\n".join([f"{corpus} is there:", *kinds]))
    return True


def make(list_file, corpus, packages):
    half_made, note = corpus + "-half-made", os.path.join(packages, "made.txt")
    if os.path.exists(corpus) and not os.path.exists(note):
        sys.exit(f"{corpus}: is there, and was not made by this: remove it, or name another")
    for folder in (half_made, corpus):
        shutil.rmtree(folder, ignore_errors=True)
    lay_out(list_file, half_made, packages)
    digest, kinds = survey(half_made)
    if digest != recorded(list_file):
        sys.exit(f"{half_made}: not the recorded corpus: its digest is {digest}")
    os.rename(half_made, corpus)
    with open(note, "w") as file:
        print(digest, file=file)
        for kind, (files, size) in sorted(kinds.items()):
            print(f"{kind:9} {files:6} files {size / 1e6:8.1f} MB", file=file)
    is_made(list_file, corpus)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "is-made":
        sys.exit(0 if is_made(*arguments) else 3)
    make(*arguments)
