#!/usr/bin/env bash
# Times the built withhold beside ripgrep, `cat` and other secret scanners on one tree, and appends what was measured to
# benches/records/<date>.md, with the machine, the versions and the commands. Ratios are what counts: absolute times are one
# machine's. What is compared is timed in one call of hyperfine, and twice over, so that a drift would show.
#
# usage: benches/cli.sh [TREE]
#   TREE      what is scanned; default target/corpus, made by benches/corpus.sh if it is not there
#   WITHHOLD  (environment) the binary, if it is not to be built
#   PEERS     (environment) a folder whose bin/ holds gitleaks, betterleaks, kingfisher and ripsecrets; those that are missing
#             are said to be missing, and none is run without PEERS
#   RUNS      (environment) counted runs of each command, default 10; of other scanners never more than 3
#   RECORD    (environment) the file that is appended to
# Needs hyperfine, rg and python3 on the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
tree=${1:-target/corpus}
runs=${RUNS:-10}
record=${RECORD:-benches/records/$(date +%F).md}
[ -z "${PEERS:-}" ] || PATH="$PEERS/bin:$PATH"
for tool in hyperfine rg python3; do command -v "$tool" >/dev/null || { echo "needs $tool"; exit 2; }; done
[ "$tree" != target/corpus ] || benches/corpus.sh >/dev/null
[ -d "$tree" ] || { echo "$tree is no folder"; exit 2; }
if [ -z "${WITHHOLD:-}" ]; then
    cargo build --release --locked --quiet
    WITHHOLD=${CARGO_TARGET_DIR:-target}/release/withhold
fi

# A timing of a run that found something else, or could not look everywhere, is worth nothing.
count() { { "$WITHHOLD" scan --no-config --scope all --format jsonl "$1" || [ $? -eq 1 ]; } | wc -l; }
before=$(count "$tree")

work=$(mktemp -d)
# Beside the tree, because hard links do not cross file systems.
twice=$tree-twice
trap 'rm -rf "$work" "$twice"' EXIT
rm -rf "$twice"
mkdir "$twice"
cp -al "$tree" "$twice/one"
cp -al "$tree" "$twice/two"

absent=zqxjkvbpwzq
scan="$WITHHOLD scan --no-config --scope all --format jsonl"
cat_all="sh -c 'find $tree -type f -print0 | xargs -0 cat'"
printf 'x = "y"\n' >"$work/line.txt"

# times NAME RUNS WARMUP COMMAND…: one call of hyperfine, its results in NAME.json.
times() {
    local name=$1 runs=$2 warmup=$3
    shift 3
    echo "timing: $name" >&2
    hyperfine --ignore-failure --style basic --shell=none --runs "$runs" --warmup "$warmup" --export-json "$work/$name.json" "$@" >&2
}

rg="rg -uuu -c $absent $tree"
times reading "$runs" 2 "$rg" "$cat_all" "$scan $tree" "$rg" "$cat_all" "$scan $tree"
one="$scan --threads 1 $tree" two="$scan --threads 2 $tree"
times threads "$runs" 1 "$one" "$two" "$one" "$two"
times doubled "$runs" 1 "$scan $tree" "$scan $twice" "$scan $tree" "$scan $twice"
line=$work/line.txt
one="rg -c $absent $line" two="$WITHHOLD scan --no-config $line"
times line $((5 * runs)) 5 "$one" "$two" "$one" "$two"
# Not every hyperfine can give standard input without a shell, which takes longer to start than either. In turn, so that a
# drift hits all alike.
echo "timing: stdin" >&2
python3 - "$work" $((20 * runs)) "true" "rg -c $absent -" "$WITHHOLD scan --no-config -" <<'PY'
import json, subprocess, sys, time
work, runs, *commands = sys.argv[1:]
times = [[] for _ in commands]
for _ in range(int(runs)):
    for command, own in zip(commands, times):
        with open(f"{work}/line.txt") as line:
            begun = time.perf_counter()
            subprocess.run(command.split(), stdin=line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False)
            own.append(time.perf_counter() - begun)
with open(f"{work}/stdin.json", "w") as file:
    json.dump([{"command": command, "median": sorted(own)[len(own) // 2], "min": min(own)} for command, own in zip(commands, times)], file)
PY

# Each as it comes, and as fast as it can be made to go.
peers=()
peer() {
    local tool=$1
    shift
    if command -v "$tool" >/dev/null; then peers+=("$@"); else echo "missing: $tool"; fi
}
if [ -n "${PEERS:-}" ]; then
    peer gitleaks "gitleaks dir $tree --no-banner --log-level error --exit-code 0 --report-path $work/gitleaks.json" \
        "gitleaks dir $tree --no-banner --log-level error --exit-code 0 --report-path $work/gitleaks.json --max-decode-depth 0"
    peer betterleaks "betterleaks $tree --no-color --log-level error" \
        "betterleaks $tree --no-color --log-level error --max-decode-depth=0 --max-archive-depth=0"
    peer kingfisher "kingfisher scan --no-update-check --no-validate --git-history none $tree" \
        "kingfisher scan --no-update-check --no-validate --git-history none --no-extract-archives --turbo $tree"
    peer ripsecrets "ripsecrets $tree"
fi
[ ${#peers[@]} -eq 0 ] || times peers $((runs < 3 ? runs : 3)) 1 "$scan $tree" "${peers[@]}" "$scan $tree"

[ "$(count "$tree")" -eq "$before" ] || { echo "the number of findings changed"; exit 1; }
[ "$(count "$twice")" -eq $((2 * before)) ] || { echo "twice the tree does not have twice the findings"; exit 1; }

{
    [ -s "$record" ] || echo "# Measured on $(date +%F)"
    echo
    echo "## benches/cli.sh at $(git rev-parse --short HEAD)"
    echo
    echo "$(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(uname -sr), $(rg --version | head -n 1), $(hyperfine --version), $(rustc --version)."
    if [ -n "${PEERS:-}" ]; then
        echo "Peers: gitleaks $(gitleaks version 2>/dev/null || echo missing), betterleaks $(betterleaks --version 2>/dev/null | tail -n 1), kingfisher $(kingfisher --version 2>/dev/null | awk '{ print $2 }'), ripsecrets $(ripsecrets --version 2>/dev/null | awk '{ print $2 }')."
    fi
    echo "Tree: $(find "$tree" -type f | wc -l) files, $(find "$tree" -type f -exec cat {} + | wc -c | awk '{ printf "%.0f", $1 / 1e6 }') MB, warm; withhold reports $before findings in it, all rules on."
    python3 - "$work" "$WITHHOLD" "$tree" <<'PY'
import json, os, sys
work, binary, tree = sys.argv[1:]
def results(name):
    with open(f"{work}/{name}.json") as file:
        return json.load(file)["results"]
def short(command):
    return command.replace(binary, "withhold").replace(work, "WORK").replace(tree, "TREE").replace("|", "\\|")
def table(title, name, base, wanted, unit=1, suffix="s"):
    """Every command was timed twice: both medians, and what each is to the base's of the same round."""
    rows = results(name)
    half = len(rows) // 2
    print(f"\n{title}\n\n| command | median | again | min | against command {base + 1} | again |\n|---|---|---|---|---|---|")
    for first, second in zip(rows[:half], rows[half:]):
        ratios = [run["median"] / rows[base + start]["median"] for start, run in ((0, first), (half, second))]
        print(f"| `{short(first['command'])}` | {first['median'] * unit:.3f} {suffix} | {second['median'] * unit:.3f} {suffix} | {min(first['min'], second['min']) * unit:.3f} | {ratios[0]:.2f} x | {ratios[1]:.2f} x |")
    print(f"\n{wanted}")
table("Reading alone, and scanning:", "reading", 0, "Wanted: withhold at most 2.0 x rg, goal 1.5.")
table("Threads:", "threads", 1, "Wanted: one thread at least 1.7 x two.")
table("Twice the work (hard links, side by side):", "doubled", 0, "Wanted: at most 2.1 x.")
table("One line in a file, start to exit:", "line", 0, "Wanted: at most 3 x.", 1000, "ms")
with open(f"{work}/stdin.json") as file:
    rows = json.load(file)
print("\nOne line on standard input, start to exit, in turn:\n\n| command | median | min | against rg | min against rg's |\n|---|---|---|---|---|")
for run in rows:
    print(f"| `{short(run['command'])}` | {run['median'] * 1000:.3f} ms | {run['min'] * 1000:.3f} | {run['median'] / rows[1]['median']:.2f} x | {run['min'] / rows[1]['min']:.2f} x |")
print("\nWanted: at most 3 x.")
if os.path.exists(f"{work}/peers.json"):
    own, *peers, again = results("peers")
    median = (own["median"] + again["median"]) / 2
    print(f"\nPeers; withhold took {own['median']:.3f} s before them and {again['median']:.3f} s after them:\n\n| command | median | min | max | against withhold | exit codes |\n|---|---|---|---|---|---|")
    for run in peers:
        codes = ", ".join(sorted({str(code) for code in run["exit_codes"]}))
        print(f"| `{short(run['command'])}` | {run['median']:.3f} s | {run['min']:.3f} | {run['max']:.3f} | {run['median'] / median:.1f} x | {codes} |")
    print("\nWanted: the fastest at least 10 x.")
PY
} >>"$record"
echo "wrote $record"
