#!/usr/bin/env bash
# Makes all pictures anew. Those of the README: the console itself runs its example on a virtual screen and takes them.
# Those of every panel, full, empty and in error: without a screen, so that they are the same each time (tests/pictures).
# A home of their own keeps them independent of the settings of whoever makes them.
set -euo pipefail
cd "$(dirname "$0")/.."

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p resources/pictures
for theme in light dark; do
    env HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/data" XDG_CACHE_HOME="$home/cache" \
        packaging/virtual-screen.sh \
        .venv/bin/mcgui --demo --theme "$theme" --picture "resources/pictures/console-$theme.png"
done
.venv/bin/python -m tests.pictures resources/pictures/panels
