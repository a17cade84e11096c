#!/usr/bin/env bash
# How many random values, given to a name in quotes, are missed because they look like words or placeholders. Appends to
# benches/records/<date>.md. usage: benches/missed.sh
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$work" <<'PY'
import random, string, sys
random.seed(9)
alnum = string.ascii_letters + string.digits
for name, alphabet, length in (("8 lower-case letters", string.ascii_lowercase, 8), ("12 lower-case letters", string.ascii_lowercase, 12),
                               ("8 letters and digits", alnum, 8), ("16 letters and digits", alnum, 16), ("22 letters and digits", alnum, 22),
                               ("32 hexadecimal digits", "0123456789abcdef", 32), ("40 characters of base64", alnum + "+/", 40)):
    with open(f"{sys.argv[1]}/{name}.py", "w") as out:
        for _ in range(4000):
            out.write(f'password = "{"".join(random.choice(alphabet) for _ in range(length))}"\n')
PY
record=benches/records/$(date +%F).md
{
    [ -s "$record" ] || echo "# Measured on $(date +%F)"
    printf '\n## benches/missed.sh at %s\n\n| random value | missed of 4,000 |\n|---|---|\n' "$(git rev-parse --short HEAD)"
    for file in "$work"/*.py; do
        found=$({ target/release/withhold scan --no-config --format jsonl "$file" || [ $? -eq 1 ]; } | wc -l)
        echo "| $(basename "$file" .py) | $((4000 - found)) |"
    done
} | tee -a "$record"
