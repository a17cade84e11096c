#!/usr/bin/env bash
# Scores withhold on a labelled set and appends the figures to benches/records/<date>.md.
#
# usage: benches/accuracy.sh SET SCORER
#   SET     a folder with data/ (files) and meta/*.csv (labelled lines), as in CredData
#   SCORER  the Python program that compares findings with labels: SCORER SET FINDINGS.jsonl --by-category
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 2 ] || { sed -n '4,6p' "$0"; exit 2; }
set_folder=$(cd "$1" && pwd) scorer=$(realpath "$2")
cargo build --release --locked --quiet
withhold=$PWD/target/release/withhold
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$set_folder" && { "$withhold" scan --format jsonl --no-config data || [ $? -eq 1 ]; }) >"$work/findings.jsonl"
record=benches/records/$(date +%F).md
{
    [ -s "$record" ] || echo "# Measured on $(date +%F)"
    echo
    echo "## benches/accuracy.sh at $(git rev-parse --short HEAD)"
    echo
    echo "\`withhold scan --format jsonl --no-config data\` on the development half of the labelled set, scored by line."
    echo
    echo '```text'
    python3 "$scorer" "$set_folder" "$work/findings.jsonl" --by-category
    echo '```'
} | tee -a "$record"
