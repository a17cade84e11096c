#!/usr/bin/env bash
# Measures the most memory that the built withhold takes for large and hostile input, prints a table, and fails above the budget
# of 64 MiB. How much is read does not matter once it is many stretches; the largest cases show that.
#
# usage: benches/memory.sh [--record]
#   --record  appends the table to benches/records/<date>.md
#   SIZE      (environment) how large the large inputs are, in MiB, default 4096
#   HOSTILE   (environment) how large the others are, in MiB, default 256
#   WITHHOLD  (environment) the program; default target/release/withhold, which is built first
# Needs python3, and SIZE MiB of room in the folder for temporary files.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${WITHHOLD:-}" ]; then cargo build --release --locked --quiet; fi
withhold=$(realpath "${WITHHOLD:-target/release/withhold}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Writes so many bytes of a case; without a case, prints the names of all.
cat >"$work/make.py" <<'PY'
import base64, glob, itertools, random, sys

BLOCK = 1 << 20
text = b"".join(open(path, "rb").read() for path in sorted(glob.glob("src/**/*.rs", recursive=True) + glob.glob("rules/**/*.toml", recursive=True)))
random.seed(5)
letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
word = lambda length, alphabet=letters: "".join(random.choices(alphabet, k=length)).encode()
many = lambda unit: unit * max(1, BLOCK // len(unit))
each = lambda make, times: b"".join(make() for _ in range(times))
# Tokens are put together here, so that no scanner trips over this file.
secret, prefix = b"pass" + b"word = \"", b"AK" + b"IA"
half = lambda: prefix + word(16, letters[:26] + "234567")
CASES = {
    "source": lambda: text,
    "one line": lambda: text.replace(b"\n", b" "),
    "`y` and line ends": lambda: many(b"y\n"),
    "base64 of source, in lines": lambda: base64.encodebytes(text),
    "base64 of source, in one line": lambda: base64.b64encode(text),
    "base64 twice": lambda: base64.b64encode(base64.b64encode(text)),
    "short runs of base64": lambda: many(base64.b64encode(b"a text of some length, encoded") + b"\n"),
    "every byte as `%41`": lambda: b"".join(b"%%%02x" % byte for byte in text),
    "every byte as `\\u0041`": lambda: b"".join(b"\\u%04x" % byte for byte in text),
    "an escape in each word": lambda: many(b"abcdefghijklmnop%41 "),
    "escapes within escapes": lambda: many(b"abcdefghijklmnopq%2525252541\n"),
    "quoted-printable": lambda: b"".join(b"=%02X" % byte for byte in text),
    "UTF-16": lambda: text.decode("latin-1").encode("utf-16-le"),
    "short strings of UTF-16": lambda: many("a string of text".encode("utf-16-le") + b"\1\2\3"),
    "one anchor": lambda: many(prefix),
    "one anchor, then another": lambda: many(prefix + b"eyJ"),
    "passwords": lambda: each(lambda: secret + word(14) + b"\"\n", 40000),
    "passwords in one line": lambda: each(lambda: secret + word(14) + b"\"; ", 40000),
    "first halves": lambda: each(lambda: half() + b"\n", 40000),
    "first halves and second ones": lambda: each(lambda: half() + b" = " + word(40) + b"\n", 20000),
    "URLs with passwords": lambda: each(lambda: b"postgres://u:" + word(14) + b"@h/x ", 40000),
    "every rule's anchors": lambda: text.replace(b"~", b""),
    "zeros and letters": lambda: many(b"a\0\0b"),
    "any bytes": lambda: random.randbytes(BLOCK),
}
if len(sys.argv) == 1:
    print("\n".join(CASES))
    sys.exit()
made, left = CASES[sys.argv[1]](), int(sys.argv[2]) << 20
try:
    while left > 0:
        sys.stdout.buffer.write(made[:left])
        left -= len(made)
except BrokenPipeError:
    pass
PY

# Runs the program and prints what it took. A process of its own: what its parent holds would count.
cat >"$work/run.py" <<'PY'
import os, sys

name, size, *command = sys.argv[1:]
child = os.fork()
if child == 0:
    for output in 1, 2:
        os.dup2(os.open("/dev/null", os.O_WRONLY), output)
    os.execv(command[0], command)
_, status, usage = os.wait4(child, 0)
print(f"| {name} | {size} | {usage.ru_maxrss / 1024:.0f} | {usage.ru_utime + usage.ru_stime:.1f} | {os.waitstatus_to_exitcode(status)} |")
PY

size=${SIZE:-4096} hostile=${HOSTILE:-256}
run() { python3 "$work/run.py" "$1" "$2" "$withhold" scan --no-config --quiet "$3" | tee -a "$work/table"; }
printf '| input | MiB | peak MiB | seconds of processor | exit |\n|---|---|---|---|---|\n' | tee "$work/table"
truncate -s "${size}M" "$work/input"
run "a sparse file" "$size" "$work/input"
python3 "$work/make.py" source "$size" >"$work/input"
run "a file of source" "$size" "$work/input"
rm "$work/input"
while read -r name; do
    case $name in source | "one line" | "\`y"*) length=$size ;; *) length=$hostile ;; esac
    python3 "$work/make.py" "$name" "$length" | run "$name, on standard input" "$length" -
done < <(python3 "$work/make.py")
status=0
awk -F'|' 'NR > 2 && $4 > 64 { over = 1 } END { exit over }' "$work/table" || { echo "over the budget of 64 MiB"; status=1; }

if [ "${1:-}" = --record ]; then
    record=benches/records/$(date +%F).md
    {
        [ -s "$record" ] || echo "# Measured on $(date +%F)"
        echo
        echo "## benches/memory.sh at $(git rev-parse --short HEAD)"
        echo
        echo "$(nproc) cores, $(uname -sr), $(rustc --version). The budget is 64 MiB."
        echo
        cat "$work/table"
    } >>"$record"
fi
exit $status
