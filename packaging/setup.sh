#!/usr/bin/env bash
# Makes .venv and installs mcgui into it. Usage: setup.sh run | test
#   run   what the programs need
#   test  that, and the tools that test them
# Quick when it was done before: a stamp in .venv remembers of what it was made.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:?run or test}
venv=.venv

is_good() { # PYTHON: whether it is new enough
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

can_make_venv() { # PYTHON: Debian keeps ensurepip in a package of its own
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if is_good "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

no_python() {
    echo "mcgui needs Python 3.11 or newer; the newest found here is $(python3 --version 2>/dev/null || echo none)." >&2
    echo "Install one (https://www.python.org/downloads/), or say where it is: make PYTHON=/path/to/python3.12 $kind" >&2
    exit 1
}

see_to_python() { # sets $python
    if ! python=$(find_python); then
        [ -z "${PYTHON:-}" ] && apt-cache show python3.11-venv >/dev/null 2>&1 || no_python
        packaging/apt.sh python3.11 python3.11-venv
        python=$(find_python) || no_python
    fi
    can_make_venv "$python" && return
    local version
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if command -v apt-get >/dev/null && [ "$("$python" -c 'import sys; print(sys.base_prefix)')" = /usr ]; then
        packaging/apt.sh "python$version-venv"
    fi
    if ! can_make_venv "$python"; then
        echo "$python has no ensurepip, so it cannot make a virtual environment." >&2
        echo "Install it (on Debian and Ubuntu: the package python$version-venv), then run make again." >&2
        exit 1
    fi
}

make_venv() {
    if [ -x $venv/bin/python ] && is_good $venv/bin/python && $venv/bin/python -m pip --version >/dev/null 2>&1; then
        return
    fi
    see_to_python
    echo "Making $venv with $("$python" --version)"
    rm -rf $venv # one that was broken off half-way, or whose Python has been removed
    "$python" -m venv $venv
}

# What an installation depends on: a change of any of these makes it anew. The path is among them because a virtual
# environment that was moved or copied does not work.
fingerprint() {
    { echo "$kind $PWD" && cat pyproject.toml packaging/setup.sh && $venv/bin/python --version; } 2>&1 | cksum
}

case $kind in
    run) extras=gui stamps="run test" ;;
    test) extras=gui,dev stamps="test" ;;
    *) echo "setup.sh: run or test, not $kind" >&2 && exit 2 ;;
esac

for stamp in $stamps; do # what was set up for tests can also run
    if [ "$(cat $venv/.mcgui-$stamp 2>/dev/null)" = "$(kind=$stamp fingerprint 2>/dev/null)" ]; then
        exit 0
    fi
done

make_venv
echo "Installing Python packages into $venv (the first time this loads about 200 MB)"
$venv/bin/python -m pip install --quiet --disable-pip-version-check --retries 5 --editable ".[$extras]"
fingerprint >$venv/.mcgui-$kind
