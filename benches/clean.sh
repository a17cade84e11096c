#!/usr/bin/env bash
# How many findings withhold has in trees that hold no secrets to speak of, and how many that is for 100,000 lines of text.
# Prints a row for each folder, and what the findings are.
#
# usage: benches/clean.sh [--show] FOLDER...
#   --show    prints each finding too, for looking at it: rule, place, masked value
#   WITHHOLD  the binary, if it is not to be built: WITHHOLD=/usr/local/bin/withhold benches/clean.sh FOLDER
set -euo pipefail
show=false
[ "${1:-}" = --show ] && { show=true; shift; }
[ $# -gt 0 ] || { sed -n '5,7p' "$0"; exit 2; }
if [ -z "${WITHHOLD:-}" ]; then
    root=$(cd "$(dirname "$0")/.." && pwd)
    cargo build --release --locked --quiet --manifest-path "$root/Cargo.toml"
    WITHHOLD=$root/target/release/withhold
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "| tree | lines | findings | for 100,000 lines | rules |"
echo "|---|---|---|---|---|"
for folder in "$@"; do
    "$WITHHOLD" scan --no-config --scope all --format jsonl "$folder" >"$work/findings.jsonl" 2>"$work/errors" || [ $? -le 2 ]
    # Lines of text alone: what grep takes for binary is not counted.
    lines=$({ grep -rIc '' "$folder" 2>/dev/null || true; } | awk -F: '{ lines += $NF } END { print lines + 0 }')
    findings=$(wc -l <"$work/findings.jsonl")
    rules=$({ grep -o '"rule":"[^"]*"' "$work/findings.jsonl" || true; } | cut -d'"' -f4 | sort | uniq -c | sort -rn | awk '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $1, $2 }')
    awk -v t="$(basename "$folder")" -v l="$lines" -v f="$findings" -v r="$rules" \
        'BEGIN { printf "| %s | %d | %d | %.2f | %s |\n", t, l, f, (l ? f * 100000 / l : 0), r }'
    $show && sed -E 's/.*"path":"([^"]*)","line":([0-9]+).*"rule":"([^"]*)".*"masked":"(([^"\\]|\\.)*)".*/  \3 \1:\2 \4/' "$work/findings.jsonl"
done
exit 0
