#!/usr/bin/env bash
# Times the built withhold against ripgrep and against other secret scanners on one tree, side by side in one run, and appends
# what was measured to benches/records/<date>.md. Ratios are what counts: absolute times are one machine's.
#
# usage: benches/cli.sh [TREE]
#   TREE   what is scanned; default target/vendor: the sources of the crates that withhold is built from, by `cargo vendor`
#   PEERS  (environment) a folder whose bin/ holds gitleaks, betterleaks, kingfisher and ripsecrets; those that are missing
#          are said to be missing
#   RUNS   (environment) counted runs of the fast commands, default 10
# Needs hyperfine and rg on the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
tree=${1:-target/vendor}
runs=${RUNS:-10}
[ -z "${PEERS:-}" ] || PATH="$PEERS/bin:$PATH"

for tool in hyperfine rg; do command -v "$tool" >/dev/null || { echo "needs $tool"; exit 2; }; done
cargo build --release --locked --quiet
[ -d "$tree" ] || { [ "$tree" = target/vendor ] && cargo vendor --locked --quiet "$tree" >/dev/null; }
withhold=target/release/withhold

# A timing of a run that found something else is worth nothing.
count() { { "$withhold" scan --no-config --scope all --format jsonl "$tree" || [ $? -eq 1 ]; } | wc -l; }
before=$(count)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
absent=zqxjkvbpwzq
declare -a names=() commands=()
add() { names+=("$1"); commands+=("$2"); }
add "rg, one absent literal" "rg -uuu -c $absent $tree"
add "withhold scan" "$withhold scan --no-config --scope all --format jsonl $tree"
fast=${#commands[@]}
if command -v gitleaks >/dev/null; then add "gitleaks $(gitleaks version 2>/dev/null)" "gitleaks dir $tree --no-banner --log-level error --exit-code 0 --report-path $work/gitleaks.json"; else echo "missing: gitleaks"; fi
if command -v betterleaks >/dev/null; then add "betterleaks $(betterleaks --version 2>/dev/null | tail -n 1)" "betterleaks $tree --no-color --log-level error"; else echo "missing: betterleaks"; fi
if command -v kingfisher >/dev/null; then add "kingfisher $(kingfisher --version 2>/dev/null | awk '{print $2}')" "kingfisher scan --no-update-check --no-validate --git-history none $tree"; else echo "missing: kingfisher"; fi
if command -v ripsecrets >/dev/null; then add "ripsecrets $(ripsecrets --version 2>/dev/null | awk '{print $2}')" "ripsecrets $tree"; else echo "missing: ripsecrets"; fi

hyperfine --ignore-failure --shell=none --warmup 2 --runs "$runs" --export-json "$work/fast.json" "${commands[@]:0:$fast}"
[ ${#commands[@]} -eq "$fast" ] || hyperfine --ignore-failure --shell=none --warmup 1 --runs 3 --export-json "$work/slow.json" "${commands[@]:$fast}"

# One line on standard input, start to exit.
printf 'x = "y"\n' >"$work/one.txt"
hyperfine --ignore-failure --shell=none --warmup 5 --runs 50 --export-json "$work/start.json" \
    "rg -c $absent $work/one.txt" "$withhold scan --no-config $work/one.txt"

[ "$(count)" -eq "$before" ] || { echo "the number of findings changed"; exit 1; }

record=benches/records/$(date +%F).md
{
    [ -s "$record" ] || echo "# Measured on $(date +%F)"
    echo
    echo "## benches/cli.sh at $(git rev-parse --short HEAD)"
    echo
    echo "$(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(uname -sr), $(rg --version | head -n 1), $(rustc --version)."
    echo "Tree: $(find "$tree" -type f | wc -l) files, $(du -sm "$tree" | cut -f1) MB, warm; withhold reports $before findings in it, all rules on."
    echo
    echo "| command | median | min | max | against rg | against withhold |"
    echo "|---|---|---|---|---|---|"
    python3 - "$work" "${names[@]}" <<'PY'
import json, os, sys
work, names = sys.argv[1], sys.argv[2:]
results = json.load(open(f"{work}/fast.json"))["results"]
if os.path.exists(f"{work}/slow.json"):
    results += json.load(open(f"{work}/slow.json"))["results"]
rg, own = results[0]["median"], results[1]["median"]
for name, r in zip(names, results):
    print(f"| {name} | {r['median']:.3f} s | {r['min']:.3f} | {r['max']:.3f} | {r['median'] / rg:.1f} x | {r['median'] / own:.2f} x |")
start = json.load(open(f"{work}/start.json"))["results"]
print(f"\nOne line, start to exit: rg {start[0]['median'] * 1000:.1f} ms, withhold {start[1]['median'] * 1000:.1f} ms, {start[1]['median'] / start[0]['median']:.1f} x.")
PY
} >>"$record"
echo "wrote $record"
