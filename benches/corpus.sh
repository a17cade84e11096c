#!/usr/bin/env bash
# Makes the corpus that the benches read: about 330 MB in 20,000 files, the same bytes everywhere. Packages of pinned versions
# are fetched with cargo, npm and pip, so that the mirrors that these are told of are honoured, and are unpacked, never run;
# one that is not what benches/corpus/packages.txt says is refused. No package has logs or dumps of any size: those are made
# by benches/corpus/make.py, the same in every run.
#
# usage: benches/corpus.sh [FOLDER]
#   FOLDER  where the corpus will be, with a folder for each kind of file; default target/corpus. The packages are kept
#           beside it, in FOLDER-packages. A corpus that is there and complete is left as it is.
# Needs cargo, npm, and python3 with pip on the PATH.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -le 1 ] || { sed -n '7,9p' "$0"; exit 2; }
corpus=${1:-$(dirname "$here")/target/corpus}
packages=$corpus-packages
list=$here/corpus/packages.txt
python3 "$here/corpus/make.py" is-made "$list" "$corpus" && exit 0 || [ $? -eq 3 ] || exit 1

mkdir -p "$packages"
. "$here/fetch.sh"

while read -r kind registry name version checksum _; do
    case $kind in '#' | corpus) continue ;; esac
    package=$packages/$registry-${name//\//-}-$version
    [ ! -f "$package" ] || continue
    echo "fetching $name $version"
    rm -rf "$packages/fetched"
    mkdir "$packages/fetched"
    fetch "$registry" "$name" "$version" "$checksum" "$packages/fetched"
    # Whole or not there, should this be stopped.
    mv "$packages/fetched"/* "$package"
done <"$list"
rm -rf "$packages/fetched"
python3 "$here/corpus/make.py" make "$list" "$corpus" "$packages"
