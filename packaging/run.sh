#!/usr/bin/env bash
# Opens the console with its example running; without a display, on a virtual screen, of which it saves a picture.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" != Linux ]; then
    packaging/system-packages.sh venv qt
    packaging/setup.sh run
    exec .venv/bin/mcgui --demo
fi

echo "There is no display here: the console opens on a virtual screen, and a picture is saved."
packaging/system-packages.sh venv qt screen
packaging/setup.sh run
mkdir -p pictures
exec packaging/virtual-screen.sh .venv/bin/mcgui --demo --picture pictures/console.png
