"""Who knocked and did not prove a key: counted, told in the log, and let try again only slowly.

A key of ours has 192 random bits, so nobody guesses it; an AUTHKEY that a person chose may be a word. From an address
that has failed often, a proof is looked at after a pause, and few at a time, so that a dictionary takes years. Who is
connected already notices nothing, nor does who comes from elsewhere; and who comes from there with the right key (a
room behind one router) waits a moment longer.
"""

from __future__ import annotations

import ipaddress
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mcgui_core.errors import KeyRefused
from mcgui_core.protocol.messages import FailedProof

#: Failures from one address before it has to wait: a wrong link, tried a few times, is no attack.
FREE = 5
#: Seconds after which an address that has not failed again is as good as new.
FORGET = 600.0
#: Seconds that it waits then, at most. Below the time that connecting may take.
LONGEST = 2.0
#: Connections from one address that wait at a time; the next ones are hung up on.
WAITING = 8
#: Addresses that are remembered; beyond it, the one that failed first is forgotten.
ADDRESSES = 1000
#: Addresses that are told to consoles, the latest.
SHOWN = 20


@dataclass(slots=True)
class _Record:
    count: int = 0
    since: int = 0  # failures that count for the pause
    last: float = 0.0
    waiting: int = 0


class FailedProofs:
    """Thread-safe."""

    def __init__(self, clock: Callable[[], float], wait: Callable[[float], object] = time.sleep) -> None:
        """`wait(seconds)` is how a connection's thread waits."""
        self._clock, self._wait = clock, wait
        self._records: dict[str, _Record] = {}  # by address, in the order of their last failure
        self._lock = threading.Lock()
        self.total = 0

    @contextmanager
    def attempt(self, address: str) -> Iterator[None]:
        """While somebody from that address proves a key. Raises KeyRefused at once where too many from there wait."""
        name = _network(address)
        with self._lock:
            record = self._records.get(name)
            pause = self._pause(record)
            if record is not None and pause:
                if record.waiting >= WAITING:
                    raise KeyRefused(address)
                record.waiting += 1
        try:
            if pause:
                self._wait(pause)
            yield
        except KeyRefused:
            self._failed(name)
            raise
        finally:
            if record is not None and pause:
                with self._lock:
                    record.waiting -= 1

    def latest(self) -> tuple[FailedProof, ...]:
        """Who failed last, the latest first."""
        with self._lock:
            records = list(self._records.items())[: -SHOWN - 1 : -1]
            return tuple(FailedProof(name, record.count, record.last) for name, record in records)

    def _pause(self, record: _Record | None) -> float:
        if record is None:
            return 0.0
        if self._clock() - record.last > FORGET:
            record.since = 0
        return 0.0 if record.since < FREE else min(0.1 * 2 ** min(record.since - FREE, 10), LONGEST)

    def _failed(self, name: str) -> None:
        with self._lock:
            self.total += 1
            record = self._records.pop(name, None) or _Record()
            record.count, record.since, record.last = record.count + 1, record.since + 1, self._clock()
            self._records[name] = record
            if len(self._records) > ADDRESSES:
                del self._records[next(iter(self._records))]
            count = record.count
        if count & (count - 1) == 0:  # 1, 2, 4, 8 ... so that nobody fills the log
            times = "" if count == 1 else f", {count:,} times by now"
            print(f"mcgui master: somebody at {name} did not prove a key of ours{times}.", file=sys.stderr, flush=True)


def _network(address: str) -> str:
    """Of IPv6, whoever has one address has 2**64 of them."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return address if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
