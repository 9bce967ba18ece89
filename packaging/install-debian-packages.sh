#!/usr/bin/env bash
# Installs Debian packages where it may, or prints the line to type and fails. Usage: install-debian-packages.sh PACKAGE...
set -euo pipefail

as_root=()
if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "System packages are missing, and this user may not install them. Type this line, then run make again:" >&2
        echo >&2
        echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*" >&2
        echo >&2
        exit 1
    fi
    as_root=(sudo -n)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { # a lock that another apt holds is waited for; the environment goes in by `env`, because sudo drops it
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" \
        </dev/null >>"$log" 2>&1
}

echo "Installing system packages: $*"
# A repository of somebody else's that does not answer fails the update; what we need may be there all the same.
apt update || echo "apt-get update had trouble; trying to install all the same." >&2
if ! apt install -y --no-install-recommends "$@"; then
    cat "$log" >&2
    echo "apt-get could not install: $*. The lines above say why." >&2
    exit 1
fi
