# How the packages of a pinned list are fetched: with cargo, npm and pip, so that the mirrors that these are told of are
# honoured. Read by benches/corpus.sh and rules/model/clean.sh, which have said where `$packages` is.

# Cargo stops looking for a project here.
echo '[workspace]' >"$packages/Cargo.toml"
cargo_home=${CARGO_HOME:-$HOME/.cargo}

# fetch REGISTRY NAME VERSION CHECKSUM FOLDER: the package as published, and nothing else, in the folder.
fetch() {
    case $1 in
    crate)
        local cached=("$cargo_home"/registry/cache/*/"$2-$3.crate")
        if [ ! -f "${cached[0]}" ]; then
            (cd "$packages" && cargo info --quiet "$2@$3" >/dev/null)
            cached=("$cargo_home"/registry/cache/*/"$2-$3.crate")
        fi
        cp "${cached[0]}" "$5"
        ;;
    npm) npm pack --silent --ignore-scripts --pack-destination "$5" "$2@$3" >/dev/null ;;
    pypi)
        echo "$2==$3 --hash=sha256:$4" >"$packages/wanted.txt"
        python3 -m pip download --quiet --no-deps --only-binary :all: --platform manylinux2014_x86_64 --platform manylinux_2_28_x86_64 \
            --python-version 3.12 --implementation cp --require-hashes --requirement "$packages/wanted.txt" --dest "$5"
        ;;
    esac
}
