#!/usr/bin/env bash
# What a scan costs with all rules beside what it costs with eighty of them, in one run.
#
# usage: benches/rules.sh [TREE]
#   TREE   what is scanned; default target/vendor, as for cli.sh
#   RUNS   (environment) counted runs, default 20
# Needs hyperfine, rg and python3 on the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
tree=${1:-target/vendor}
cargo build --release --locked --quiet
[ -d "$tree" ] || { [ "$tree" = target/vendor ] && cargo vendor --locked --quiet "$tree" >/dev/null; }
withhold=target/release/withhold
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The eighty: rules that belong to no provider, then those of the providers that most people use.
"$withhold" rules list --no-config --format json | python3 -c '
import json, sys
rules = json.load(sys.stdin)
first = ["generic", "http", "url", "jwt", "private-key", "connection-string", "github", "gitlab", "aws", "slack", "stripe", "google", "openai",
         "anthropic", "npm", "pypi", "azure", "twilio", "sendgrid", "markings"]
kept = {rule["id"] for rule in [rule for name in first for rule in rules if rule["provider"] == name][:80]}
print("[rules]")
for rule in rules:
    if rule["id"] not in kept:
        print(rule["id"], "= \"off\"")
' >"$work/eighty.toml"
hyperfine --ignore-failure --shell=none --warmup 3 --runs "${RUNS:-20}" \
    --command-name "rg, one absent literal" "rg -uuu -c zqxjkvbpwzq $tree" \
    --command-name "eighty rules" "$withhold scan --config $work/eighty.toml --scope all --format jsonl $tree" \
    --command-name "all rules" "$withhold scan --no-config --scope all --format jsonl $tree"
