"""Masters on the local network find workers' owners by zeroconf (multicast DNS): name and address, never a key.

An optional extra: without the package `zeroconf` nothing is announced and nothing is found. A master announces itself
only when it serves other computers than its own. Both classes work in a thread of their own, since zeroconf takes a
second or two for its greetings.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from mcgui_core.protocol.own_address import own_address

if TYPE_CHECKING:
    from zeroconf import ServiceInfo, Zeroconf

SERVICE = "_mcgui._tcp.local."
#: Seconds that a network may take to say more of a master that it has named.
_DETAILS_TIMEOUT = 2.0


def available() -> bool:
    """Whether the extra is installed."""
    return find_spec("zeroconf") is not None


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach a master that listens at `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, order=True)
class FoundMaster:
    """A master that announces itself."""

    name: str  # of its computer
    address: str  # "host:port"


class _Background(ABC):
    """Something that holds a Zeroconf open from `start` to `close`, in a thread of its own."""

    def __init__(self, name: str, interfaces: Sequence[str] | None) -> None:
        self._interfaces = interfaces
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin. Where the package or the network does not allow it, nothing happens."""
        if available():
            self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it still holds something."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Begin to end; nothing is told any more."""
        self._stop.set()

    def close(self) -> None:
        """End, and say goodbye. It takes a second at most."""
        self.stop()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        from zeroconf import Error, Zeroconf

        given: dict[str, Any] = {} if self._interfaces is None else {"interfaces": list(self._interfaces)}
        try:
            zeroconf = Zeroconf(**given)
        except (OSError, Error):
            return  # no network that multicasts
        try:
            with suppress(OSError, Error):
                self._hold(zeroconf)
        finally:
            zeroconf.close()

    @abstractmethod
    def _hold(self, zeroconf: Zeroconf) -> None:
        """Do it, with `zeroconf` open, until `stop` is called."""


class Announcement(_Background):
    """Tells the network of a master that listens at `host` and `port`."""

    def __init__(self, host: str, port: int, protocol: int, interfaces: Sequence[str] | None = None) -> None:
        super().__init__("mcgui-announcement", interfaces)
        self._host, self._port, self._protocol = host, port, protocol

    def start(self) -> None:
        """As above, and only where other computers can reach the master."""
        if not is_loopback(self._host):
            super().start()

    def _hold(self, zeroconf: Zeroconf) -> None:
        info = self._info()
        zeroconf.register_service(info, allow_name_change=True)
        self._stop.wait()
        zeroconf.unregister_service(info)

    def _info(self) -> ServiceInfo:
        from zeroconf import ServiceInfo

        name = socket.gethostname()
        everywhere = self._host in ("", "0.0.0.0", "::")  # noqa: S104  # compared with, not bound to
        address = socket.gethostbyname(own_address() if everywhere else self._host)
        return ServiceInfo(
            SERVICE,
            f"{name}-{self._port}.{SERVICE}",
            port=self._port,
            addresses=[ipaddress.ip_address(address).packed],
            properties={"name": name, "protocol": str(self._protocol)},
            server=f"{name}.local.",
        )


class MasterWatch(_Background):
    """Calls `on_change(masters)`, in a thread, whenever other masters can be found than before."""

    def __init__(
        self, on_change: Callable[[tuple[FoundMaster, ...]], None], interfaces: Sequence[str] | None = None
    ) -> None:
        super().__init__("mcgui-master-watch", interfaces)
        self._on_change = on_change
        self._found: dict[str, FoundMaster] = {}

    def _hold(self, zeroconf: Zeroconf) -> None:
        from zeroconf import ServiceBrowser

        browser = ServiceBrowser(zeroconf, SERVICE, handlers=[self._on_service])
        self._stop.wait()
        browser.cancel()

    def _on_service(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: object) -> None:
        if self._stop.is_set():
            return
        before = dict(self._found)
        info = zeroconf.get_service_info(service_type, name, round(_DETAILS_TIMEOUT * 1000))
        if info is None or not info.parsed_addresses() or getattr(state_change, "name", "") == "Removed":
            self._found.pop(name, None)
        else:
            host, port = info.parsed_addresses()[0], info.port
            called = info.decoded_properties.get("name") or name.removesuffix(f".{SERVICE}")
            self._found[name] = FoundMaster(called, f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
        if self._found != before and not self._stop.is_set():
            self._on_change(tuple(sorted(self._found.values())))
