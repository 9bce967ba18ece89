"""The address by which other computers reach this one."""

from __future__ import annotations

import socket


def own_address() -> str:
    """The address that other computers most likely reach this one by: an IPv4 address, or else the host name."""
    return _by_route() or _by_interface() or socket.gethostname()


def _by_route() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: a datagram socket only picks its route
            return str(probe.getsockname()[0])
        except OSError:
            return ""  # a room without a way out


def _by_interface() -> str:
    import psutil  # here, because most masters need it never

    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    for name, addresses in sorted(psutil.net_if_addrs().items()):
        for found in addresses:
            if found.family == socket.AF_INET and name in up and not found.address.startswith("127."):
                return str(found.address)
    return ""
