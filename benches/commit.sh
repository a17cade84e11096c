#!/usr/bin/env bash
# Times what a pre-commit hook costs: one changed file of a few lines, staged in a repository of 10,000 files, made on the spot.
# Prints a table for benches/records/<date>.md; ratios are what counts: absolute times are one machine's.
#
# usage: benches/commit.sh
#   FILES  (environment) how many files, default 10000
#   RUNS   (environment) counted runs of each command, default 40
#   PEERS  (environment) a folder whose bin/ holds gitleaks and kingfisher; those that are missing are left out
# Needs hyperfine and git on the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
files=${FILES:-10000}
runs=${RUNS:-40}
[ -z "${PEERS:-}" ] || PATH="$PEERS/bin:$PATH"
for tool in hyperfine git python3; do command -v "$tool" >/dev/null || { echo "needs $tool"; exit 2; }; done
cargo build --release --locked --quiet
withhold=$(python3 -c 'import os; print(os.path.abspath(os.environ.get("CARGO_TARGET_DIR", "target") + "/release/withhold"))')

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_NOSYSTEM=1
python3 - "$work/repo" "$files" <<'PY'
import os, sys
root, files = sys.argv[1], int(sys.argv[2])
for number in range(files):
    folder = f"{root}/src/part{number % 40:02}/unit{number // 40 % 25:02}"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/file{number:05}.py", "w") as file:
        file.write("".join(f"def f{number}_{line}(x):\n    return x + {line}\n" for line in range(10)))
PY
cd "$work/repo"
git init -q
git config gc.auto 0
git config user.name Ada
git config user.email ada@example.org
git add .
git commit -qm one
git gc -q
echo 'added = 1' >>src/part07/unit03/file00127.py
git add .
"$withhold" scan --staged --no-config --quiet

declare -a names=("git diff --cached --quiet" "withhold scan --staged" "withhold hook run pre-commit")
declare -a commands=("git diff --cached --quiet" "$withhold scan --staged --no-config" "$withhold hook run pre-commit")
if command -v gitleaks >/dev/null; then names+=("gitleaks git --staged"); commands+=("gitleaks git --pre-commit --staged --no-banner --log-level error"); fi
if command -v kingfisher >/dev/null; then names+=("kingfisher scan --staged"); commands+=("kingfisher scan . --staged --no-update-check --no-validate --quiet"); fi
hyperfine --ignore-failure --shell=none --warmup 5 --runs "$runs" --export-json "$work/times.json" "${commands[@]}" >&2
python3 - "$work/times.json" "${names[@]}" <<'PY'
import json, sys
results, names = json.load(open(sys.argv[1]))["results"], sys.argv[2:]
git = results[0]["median"]
print("| command | median | min | max | against git diff |\n|---|---|---|---|---|")
for name, r in zip(names, results):
    print(f"| {name} | {r['median'] * 1000:.1f} ms | {r['min'] * 1000:.1f} | {r['max'] * 1000:.1f} | {r['median'] / git:.1f} x |")
PY
