#!/usr/bin/env bash
# Prints the path of a Python that is new enough and can make a virtual environment; fails where there is none.
# PYTHON, if set, is the only one that is looked at.
set -euo pipefail
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
    # Debian keeps ensurepip, which puts pip into a virtual environment, in a package of its own.
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done
exit 1
