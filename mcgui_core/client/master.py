"""A master of one's own: the server's process, started and ended with this object."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from mcgui_core import errors
from mcgui_core.base.sizes import parse_bytes
from mcgui_core.client import call_arguments as given
from mcgui_core.client.access.link_files import default_certificate_file
from mcgui_core.client.cluster import Cluster
from mcgui_core.client.trust_store import TrustStore
from mcgui_core.processes.child_commands import module_command, own_group, quiet_window

#: Seconds that a master has to end by itself, with its journal closed in order.
SHUTDOWN_TIMEOUT = 10.0
#: Seconds that a process whose pipe is broken has to be gone.
ENDING_TIMEOUT = 2.0


class Master(Cluster):
    """Starts a master, a process of its own, and is its client: what a `Cluster` can do, it can.

    Leaving the `with` block, or `shutdown`, ends the workers that this object started, then the master.

    >>> from mcgui_core import Master
    >>> with Master() as master:
    ...     worker = master.add_local_worker(nprocs=1)
    ...     master.submit("def f(x): return x * x", "f", range(5)).results()
    [0, 1, 4, 9, 16]
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        journal: Path | str | None = None,
        authkey: str | None = None,
        journal_limit: int | str | None = None,
        hold: bool = False,
        look: bool = False,
        certificate: Path | str | None = None,
        trust_workers: bool = True,
    ) -> None:
        """Start it.

        host: `str`, the address to listen on; "0.0.0.0" lets other computers join. Default: this computer alone.
        port: `int`; 0 takes any free one. Default: 0.
        journal: `Path` or `str`, the file that keeps jobs, results and keys. Default: None, a temporary one.
        authkey: `str` that replaces the random keys: whoever has it may do everything. Default: None.
        journal_limit: `int`, bytes, or `str` such as "20 GB", to which the journal may grow; then jobs pause until old
            runs are deleted. Default: None, as far as the disk goes.
        certificate: `Path` or `str`, a file that keeps the certificate where no journal does: for workers that know the
            master by address and key alone, and remember what it showed. Default: with an authkey, a file in this
            user's data folder; else None, a new one each time, which links name.
        trust_workers: `bool`; False opens what workers sent as data only, but for those that this object starts:
            plain values, value types of the standard library, NumPy, pandas, Pillow, and classes of the environment.
            For anything else results() raises ResultNotOpened. Default: True, as every pool of processes does it.
        hold: `bool`; True lets jobs that were not over when the journal was used last wait until they are resumed.
        look: `bool`; True opens the journal to look into it: nothing runs, and jobs that were not over stay as they
            stand there, to go on when a master is started on it. Default: False.

        Raises AddressUnavailable, JournalUnusable, ServerFailed, BadInput.
        """
        if certificate is None and authkey is not None:
            certificate = default_certificate_file()
        host, port, journal = given.text("host", host), given.port(port), given.path_or_none("journal", journal)
        certificate = given.path_or_none("certificate", certificate)
        authkey = None if authkey is None else given.text("authkey", authkey)
        limit = None if journal_limit is None else parse_bytes(journal_limit)
        self._temporary: str | None = None
        self._starter = os.getpid()
        self._process = subprocess.Popen(
            module_command("mcgui_core.master.server"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **quiet_window(),
            **own_group(),
        )
        made_here = journal is None or not _is_there(journal)
        try:
            answer = self._introduce(
                {
                    "host": host,
                    "port": port,
                    "journal": str(journal) if journal else None,
                    "authkey": authkey,
                    "limit": limit,
                    "start": "look" if look else "hold" if hold else "go on",
                    "certificate": str(certificate) if certificate else None,
                }
            )
            self._temporary = answer["temporary"]
            # By links of our own, so that those that others have can be renewed and revoked under our hands.
            self._own_worker_link = answer["worker"]
            vouched = TrustStore()
            if journal is not None and made_here:
                vouched.vouch_for_journal(journal)
            # In a journal of somebody else, what it says of where results came from is his word.
            home = journal is None or vouched.vouches_for_journal(journal)
            super().__init__(answer["console"], trust_workers=trust_workers, home=home)
            self.address = answer["address"]  # which is not that of a link of our own where others can reach it too
            self._remote.ended = self._why_ended
            self._remote.again = "" if journal is None else f"Master(journal={str(journal)!r})"
        except BaseException:
            self._end_process()
            raise

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    def _local_link(self, worker_link: str) -> str:  # noqa: ARG002 - that one may be revoked
        return self._own_worker_link

    def shutdown(self) -> None:
        """End the workers that this object started, then the server.

        With a journal, its jobs go on when that is opened again. In a process that was forked from the one that
        started it, only the connections of that are ended.
        """
        self.close()
        if os.getpid() == self._starter:
            self._end_process()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()

    def _why_ended(self) -> str:
        """Why there will be no answer any more: nobody else starts this master anew by these links."""
        code = self._process.poll()
        return "" if code is None else f"its process ended, with exit code {code}"

    def _introduce(self, settings: dict[str, object]) -> dict[str, str]:
        """Tell the process what to serve, and hear where."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(settings).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError as error:
            with suppress(subprocess.TimeoutExpired):  # it ended sooner than it was talked to
                raise errors.ServerFailed(_ended_at_once(self._process.wait(ENDING_TIMEOUT))) from error
            raise errors.ServerFailed(f"its process could not be talked to: {error}") from error
        if not line:
            raise errors.ServerFailed(_ended_at_once(self._process.wait()))
        answer: dict[str, str] = json.loads(line)
        if "error" in answer:
            raise getattr(errors, answer["error"], errors.ServerFailed)(*answer["args"])
        return answer

    def _end_process(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):  # it is gone already
            self._process.stdin.close()
        try:
            self._process.wait(SHUTDOWN_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)  # there only where it was killed


def _ended_at_once(code: int) -> str:
    return f"its process ended at once, with exit code {code}"


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # too long for a name: the server says so
        return False
