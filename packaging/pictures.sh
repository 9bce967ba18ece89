#!/usr/bin/env bash
# Makes all pictures anew. Those of the README: the console itself runs its example on a virtual screen and takes them.
# Those of every panel, full, empty and in error: without a screen, so that they are the same each time (tests/pictures).
# A home of their own keeps them independent of the settings of whoever makes them.
set -euo pipefail
cd "$(dirname "$0")/.."

home=$(mktemp -d)
helpers=()
tidy() {
    for helper in "${helpers[@]}"; do
        kill "$helper" 2>/dev/null || true
        wait "$helper" 2>/dev/null || true
    done
    rm -rf "$home"
}
trap tidy EXIT
mkdir -p resources/pictures
for theme in light dark; do
    env HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/data" XDG_CACHE_HOME="$home/cache" \
        packaging/virtual-screen.sh \
        .venv/bin/mcgui --demo --theme "$theme" --picture "resources/pictures/console-$theme.png"
done

# The tray worker, at work for a master of its own.
.venv/bin/mcgui-core master --port 0 --link-file "$home/links" >"$home/master.log" &
helpers+=($!)
until [ -s "$home/links" ]; do sleep 0.1; done
.venv/bin/mcgui-core run --link-file "$home/links" --environment resources/examples/pi.py --function throw \
    --expression "range(10**12)" >"$home/job.log" 2>&1 &
helpers+=($!)
printf 'only_on_mains = true\nmemory = "4 GB"\n' >"$home/limits.toml"
for theme in light dark; do
    env HOME="$home" XDG_CONFIG_HOME="$home/config" MCGUI_LINK="$(.venv/bin/mcgui-core link --link-file "$home/links")" \
        packaging/virtual-screen.sh --tray .venv/bin/mcgui-worker --limits "$home/limits.toml" --theme "$theme" \
        --picture "resources/pictures/worker-$theme.png"
done
.venv/bin/python -m tests.pictures resources/pictures/panels
