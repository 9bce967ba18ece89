#!/usr/bin/env bash
# Sees to the system packages that pip cannot bring. Usage: system-packages.sh GROUP...
#   venv    a Python that can make a virtual environment, unless there is one already
#   qt      shared libraries that Qt loads, the one that tells whether anybody uses the computer, and one font
#   reader  what a screen reader stands on, for the tests that hear the programs; they say so where it is missing
#   clock   a clock on the wall that can be turned, for the week that passes in minutes
#   screen  a virtual screen with a window manager and a tray: for tests, and for machines without a display
# Quick when all is there. Installs by apt where it may (root, or sudo that asks no password); otherwise prints the
# line to type and fails. Does nothing on other systems than Linux: Qt's wheels bring all they need there.
set -euo pipefail
[ "$(uname -s)" = Linux ] || exit 0
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin # where Debian keeps ldconfig from ordinary users

# What is looked for, and the Debian package that has it. Looking for the file and not for the package works on every
# distribution, and with packages that were renamed (libglib2.0-0 is libglib2.0-0t64 on newer Ubuntu).
if python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    venv_needs="venv python3-venv"
else
    venv_needs="venv python3.11-venv" # beside an older python3, as on Ubuntu 22.04
fi
[ -z "${PYTHON:-}" ] || venv_needs= # another one than asked for is of no use
qt_needs="
libEGL.so.1 libegl1
libGL.so.1 libgl1
libX11-xcb.so.1 libx11-xcb1
libXss.so.1 libxss1
libbrotlidec.so.1 libbrotli1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libglib-2.0.so.0 libglib2.0-0
libgssapi_krb5.so.2 libgssapi-krb5-2
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxkbcommon.so.0 libxkbcommon0
font fonts-dejavu-core
"
screen_needs="
command:Xvfb xvfb
command:openbox openbox
command:trayer trayer
command:xdotool xdotool
"
reader_needs="
command:dbus-daemon dbus
command:gdbus libglib2.0-bin
atspi gir1.2-atspi-2.0
gi python3-gi
launcher at-spi2-core
"
clock_needs="
faketime libfaketime
"

libraries=$(ldconfig -p 2>/dev/null || true)

is_there() { # PROBE
    case $1 in
        font) [ -n "$(find /usr/share/fonts /usr/local/share/fonts -name '*.[ot]tf' -print -quit 2>/dev/null)" ] ;;
        venv) [ -x .venv/bin/python ] || packaging/find-python.sh >/dev/null ;;
        atspi) compgen -G '/usr/lib/*/girepository-1.0/Atspi-2.0.typelib' >/dev/null ;;
        gi) [ -d /usr/lib/python3/dist-packages/gi ] ;;
        faketime) compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null ;;
        launcher) [ -x /usr/libexec/at-spi-bus-launcher ] || [ -x /usr/lib/at-spi2-core/at-spi-bus-launcher ] ;;
        command:*) command -v "${1#command:}" >/dev/null ;;
        *) [[ $libraries == *"$1 "* ]] ;;
    esac
}

needs=
for group in "$@"; do
    case $group in
        venv) needs+=$venv_needs$'\n' ;;
        qt) needs+=$qt_needs ;;
        screen) needs+=$screen_needs ;;
        reader) needs+=$reader_needs ;;
        clock) needs+=$clock_needs ;;
        *) echo "system-packages.sh: there is no group $group" >&2 && exit 2 ;;
    esac
done

missing=()
packages=()
while read -r probe package; do
    [ -z "$probe" ] || is_there "$probe" || { missing+=("$probe") && packages+=("$package"); }
done <<<"$needs"
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "These are missing and there is no apt-get here to install them: ${missing[*]}" >&2
    echo "Install what your distribution calls: ${packages[*]}. Then run make again." >&2
    exit 1
fi

if ! packaging/install-debian-packages.sh "${packages[@]}"; then
    if [[ " ${packages[*]} " == *" python3.11-venv "* ]]; then
        echo "mcgui needs Python 3.11 or newer, and $(python3 --version) is what there is. Where the system's packages" >&2
        echo "have none, take one from https://www.python.org/downloads/: make PYTHON=/path/to/python3.12 run" >&2
    fi
    exit 1
fi
