#!/usr/bin/env bash
# Makes .venv and installs mcgui into it. Usage: setup.sh run | test
#   run   what the programs need
#   test  that, and the tools that test them
# Quick when it was done before: a stamp in .venv remembers of what it was made.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:?run or test}
venv=.venv

make_venv() {
    if PYTHON=$venv/bin/python packaging/find-python.sh >/dev/null && $venv/bin/python -m pip --version >/dev/null 2>&1
    then
        return
    fi
    local python
    if ! python=$(packaging/find-python.sh); then
        echo "mcgui needs Python 3.11 or newer, with its modules venv and ensurepip. ${PYTHON:-python3} is not that:" >&2
        "${PYTHON:-python3}" -c 'import sys; print(sys.version); import venv, ensurepip' >&2 || true
        echo "Install one (Debian and Ubuntu: python3-venv; others: https://www.python.org/downloads/)," >&2
        echo "or say where it is: make PYTHON=/path/to/python3.12 run" >&2
        exit 1
    fi
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
    run) extras=gui stamps="run test" bytecode="" ;;
    test) extras=gui,dev stamps="test" bytecode=--no-compile ;; # 20 s: most of those files are never imported
    *) echo "setup.sh: run or test, not $kind" >&2 && exit 2 ;;
esac

for stamp in $stamps; do # what was set up for tests can also run
    if [ "$(cat $venv/.mcgui-$stamp 2>/dev/null)" = "$(kind=$stamp fingerprint 2>/dev/null)" ]; then
        exit 0
    fi
done

make_venv
echo "Installing Python packages into $venv (the first time this loads about 200 MB)"
# compat: this folder, by a line in a .pth file. What setuptools does otherwise, a finder of its own, costs each Python
# 14 ms of processor at its start, and the tests start thousands. Such a line knows no other names for folders.
$venv/bin/python -m pip install -qq --disable-pip-version-check --retries 5 --config-settings editable_mode=compat \
    $bytecode --editable ".[$extras]"
ln -sfn "$PWD/resources" "$($venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/mcgui_resources"
fingerprint >$venv/.mcgui-$kind
