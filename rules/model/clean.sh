#!/usr/bin/env bash
# Makes the clean trees that train.py takes with --clean: libraries as they are published, of the versions that clean.txt says,
# one folder a project. Fetched with cargo, npm and pip, so that the mirrors that these are told of are honoured; unpacked, never
# run. A package that is not what clean.txt says is refused.
#
# usage: rules/model/clean.sh FOLDER
#   FOLDER  where the trees will be: 6 GB, 72 million lines. The packages are kept beside it, in FOLDER-packages; what is there
#           is not fetched again.
# Needs cargo, npm, and python3 with pip on the PATH.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 1 ] || { sed -n '6,9p' "$0"; exit 2; }
mkdir -p "$1" "$1-packages"
trees=$(cd "$1" && pwd)
packages=$(cd "$1-packages" && pwd)
. "$here/../../benches/fetch.sh"

while read -r registry name version checksum; do
    case $registry in '#') continue ;; esac
    project=$registry-${name//\//-}-$version
    package=$packages/$project
    if [ ! -f "$package" ]; then
        echo "fetching $name $version"
        rm -rf "$packages/fetched"
        mkdir "$packages/fetched"
        fetch "$registry" "$name" "$version" "${checksum#sha256:}" "$packages/fetched"
        # Whole or not there, should this be stopped.
        mv "$packages/fetched"/* "$package"
    fi
    echo "${checksum#sha256:}  $package" | sha256sum --check --quiet
    [ ! -d "$trees/$project" ] || continue
    rm -rf "$packages/unpacked"
    mkdir "$packages/unpacked"
    case $registry in
    pypi) python3 -m zipfile -e "$package" "$packages/unpacked" ;;
    *) tar -xzf "$package" -C "$packages/unpacked" --strip-components=1 --no-same-owner ;;
    esac
    mv "$packages/unpacked" "$trees/$project"
done <"$here/clean.txt"
