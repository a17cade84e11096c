#!/usr/bin/env bash
# Whole history beside git's own reading of every object, gitleaks and kingfisher. The repository is made once, below WORK, of
# successive published versions of large packages, commit by commit, so that its deltas are realistic; that needs pip's index.
set -euo pipefail
WORK=${WORK:-/tmp/withhold-history}
RUNS=${RUNS:-5}
WITHHOLD=${WITHHOLD:-target/release/withhold}
ANSIBLE="6.0.0 7.0.0 8.0.0 9.0.1"
DJANGO="1.8 1.9 1.10 1.11 2.0 2.1 2.2 3.0 3.1 3.2 4.0 4.1 4.2 5.0 5.1 5.2"
SYMPY="1.5 1.7 1.9 1.11 1.12 1.13.0"

# Wheels, which are unpacked and never run.
fetch() {
    pip download --quiet --no-deps --only-binary :all: --python-version 3.12 --dest "$WORK/wheels" "$1==$2"
}

add() {
    rm -rf "${WORK:?}/repo/$1"
    mkdir -p "$WORK/repo/$1"
    unzip -q -o "$(find "$WORK/wheels" -iname "$1-$2-*.whl")" -d "$WORK/repo/$1"
    git -C "$WORK/repo" add --force -A
    git -C "$WORK/repo" -c user.name=Bench -c user.email=bench@example.org commit --quiet -m "$1 $2"
}

if [ ! -d "$WORK/repo/.git" ]; then
    mkdir -p "$WORK/wheels"
    git init --quiet "$WORK/repo"
    for package in ansible django sympy; do
        upper=${package^^}
        for version in ${!upper}; do
            find "$WORK/wheels" -iname "$package-$version-*.whl" | grep -q . || fetch "$package" "$version"
            add "$package" "$version"
        done
    done
    git -C "$WORK/repo" repack -adfq
fi

cd "$WORK/repo"
git cat-file --batch-all-objects --batch-check='%(objecttype) %(objectsize)' --unordered |
    awk '{n[$1]++; s[$1]+=$2} END {for (k in n) print k, n[k], s[k] " bytes"}'
commands=("git cat-file --batch-all-objects --batch --unordered --buffer >/dev/null"
    "$WITHHOLD scan --history --no-config >/dev/null")
for peer in ${PEERS:-}; do
    case $peer in
    */gitleaks) commands+=("$peer git --no-banner --log-level error . >/dev/null") ;;
    */kingfisher) commands+=("$peer scan . --no-validate --no-update-check >/dev/null 2>&1") ;;
    esac
done
hyperfine --ignore-failure --warmup 1 --runs "$RUNS" "${commands[@]}"
for command in "${commands[@]}"; do
    /usr/bin/time -f "%M KiB at most, %U s user, %e s: $command" bash -c "$command" || true
done
