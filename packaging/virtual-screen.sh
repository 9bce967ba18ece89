#!/usr/bin/env bash
# Runs a command on a virtual screen of its own, with a window manager. Usage: virtual-screen.sh [--tray] COMMAND...
# The screen is on a display number that is free, takes no connections from the network, and ends with the command,
# whose exit code is this script's.
set -euo pipefail

tray=
if [ "${1:-}" = --tray ]; then
    tray=yes
    shift
fi

home=$(mktemp -d "${TMPDIR:-/tmp}/screen.XXXXXX")
helpers=()
tidy() {
    trap '' INT TERM HUP
    # Backwards: who draws on the screen goes before the screen does.
    for ((i = ${#helpers[@]} - 1; i >= 0; i--)); do
        kill "${helpers[i]}" 2>/dev/null || true
        wait "${helpers[i]}" 2>/dev/null || true
    done
    rm -rf "$home"
}
trap tidy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

patiently() { # WHAT COMMAND...: run the command until it succeeds, for 20 s at most, while the last helper lives
    local what=$1 tries=0
    shift
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        if [ $tries -gt 400 ] || ! kill -0 "${helpers[-1]}" 2>/dev/null; then
            echo "The virtual screen did not start: $what is not ready. It said:" >&2
            cat "$home"/*.log >&2
            exit 1
        fi
        sleep 0.05
    done
}

# Descriptor 3: where Xvfb writes the number of the display that it found free. Not handed on to anybody else.
Xvfb -displayfd 3 -screen 0 1440x900x24 -nolisten tcp -noreset 3>"$home/display" >"$home/Xvfb.log" 2>&1 </dev/null &
helpers+=($!)
patiently Xvfb test -s "$home/display"

DISPLAY=:$(cat "$home/display")
export DISPLAY
# As on a machine where nobody is logged in: no Wayland and no settings of the user's desktop. (Qt complains where
# there is no runtime folder.)
unset WAYLAND_DISPLAY XDG_CURRENT_DESKTOP DESKTOP_SESSION XAUTHORITY QT_QPA_PLATFORMTHEME
export QT_QPA_PLATFORM=xcb XDG_SESSION_TYPE=x11
if [ -z "${XDG_RUNTIME_DIR:-}" ] || [ ! -d "$XDG_RUNTIME_DIR" ]; then
    mkdir -m 700 "$home/run"
    export XDG_RUNTIME_DIR=$home/run
fi

HOME=$home XDG_CONFIG_HOME=$home XDG_CACHE_HOME=$home XDG_DATA_HOME=$home openbox --sm-disable \
    >"$home/openbox.log" 2>&1 </dev/null &
helpers+=($!)
patiently openbox xdotool get_num_desktops

if [ -n "$tray" ]; then
    trayer --edge bottom --align right --widthtype request --height 24 >"$home/trayer.log" 2>&1 </dev/null &
    helpers+=($!)
    patiently trayer xdotool search --onlyvisible --class trayer
fi

"$@"
