#!/usr/bin/env bash
# Makes the pictures of the README anew: the console itself runs its example on a virtual screen and takes them.
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
