"""Masters announce themselves on the network, and are found there: by name and address, and never with a key."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mcgui_core import Master
from mcgui_core.protocol import lan_discovery
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.lan_discovery import SERVICE, Announcement, FoundMaster, MasterWatch, is_loopback
from tests.support import free_port
from tests.waiting import until

#: The network of these tests: this computer's own, which is there wherever they run.
OWN = ["127.0.0.1"]


class Listener:
    """Keeps what a watch told last."""

    def __init__(self) -> None:
        self.masters: tuple[FoundMaster, ...] = ()
        self.threads: set[threading.Thread] = set()

    def __call__(self, masters: tuple[FoundMaster, ...]) -> None:
        self.masters = masters
        self.threads.add(threading.current_thread())

    def hears(self, *ports: int) -> set[int]:
        """Which of these ports it was told of last. Other tests, and other people, may announce masters meanwhile."""
        told = {int(master.address.rpartition(":")[2]) for master in self.masters}
        return told & set(ports)


@contextmanager
def running(*parts: Announcement | MasterWatch) -> Iterator[None]:
    for part in parts:
        part.start()
    try:
        yield
    finally:
        for part in parts:
            part.close()


def loopback_as_if_it_were_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan_discovery, "is_loopback", lambda _host: False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_a_master_for_this_computer_alone_is_announced_to_nobody(host: str) -> None:
    assert is_loopback(host)
    announcement = Announcement(host, 8888, 1)
    announcement.start()
    assert not announcement.running
    announcement.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.0.2.7", "lab.example"])
def test_a_master_that_others_can_reach_is(host: str) -> None:
    assert not is_loopback(host)


def test_masters_are_found_with_name_and_address_and_forgotten_when_they_go(monkeypatch: pytest.MonkeyPatch) -> None:
    loopback_as_if_it_were_not(monkeypatch)
    heard, one, two = Listener(), free_port(), free_port()
    with running(MasterWatch(heard, OWN)):
        with running(Announcement("127.0.0.1", one, 1, OWN)):
            until(lambda: heard.hears(one, two) == {one}, what="one master")
            found = next(master for master in heard.masters if master.address == f"127.0.0.1:{one}")
            assert found.name == socket.gethostname()
            with running(Announcement("127.0.0.1", two, 1, OWN)):
                until(lambda: heard.hears(one, two) == {one, two}, what="two masters")
            until(lambda: heard.hears(one, two) == {one}, what="one master again")
        until(lambda: heard.hears(one, two) == set(), what="no master")
    assert threading.main_thread() not in heard.threads


def test_a_watch_that_is_stopped_tells_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    loopback_as_if_it_were_not(monkeypatch)
    heard, port = Listener(), free_port()
    watch = MasterWatch(heard, OWN)
    with running(watch):
        watch.stop()
        with running(Announcement("127.0.0.1", port, 1, OWN)):
            until(lambda: not watch.running)
    assert heard.hears(port) == set()


def test_without_the_extra_nothing_is_announced_and_nothing_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan_discovery, "available", lambda: False)
    parts = (Announcement("192.0.2.7", 8888, 1, OWN), MasterWatch(Listener(), OWN))
    with running(*parts):
        assert not any(part.running for part in parts)


def test_a_master_that_serves_others_is_found_and_its_key_is_not_told(tmp_path: Path) -> None:
    """With a real master, over whatever network this computer has."""
    from zeroconf import ServiceBrowser, Zeroconf

    told: list[object] = []

    def hear(zeroconf: Zeroconf, service_type: str, name: str, state_change: object) -> None:
        info = zeroconf.get_service_info(service_type, name, 2000)
        told.append((name, info and (info.port, info.properties, info.server, info.text)))

    with Master(host="0.0.0.0") as master:
        port = JoinLink.parse(master.worker_link).port
        zeroconf = Zeroconf()
        browser = ServiceBrowser(zeroconf, SERVICE, handlers=[hear])
        try:
            until(lambda: any(str(port) in str(one) for one in told), what="the master's announcement")
        finally:
            browser.cancel()
            zeroconf.close()
        for link in (master.worker_link, master.console_link):
            key = JoinLink.parse(link).key
            assert key not in str(told)
            assert key[2:] not in str(told)
