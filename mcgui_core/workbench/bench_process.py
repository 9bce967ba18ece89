"""A process of a workbench as its parent has it: asked, killed, closed. What it does is `workbench_child.py`."""

from __future__ import annotations

import itertools
import subprocess
import threading
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from mcgui_core.errors import WorkbenchFailed
from mcgui_core.processes.child_commands import module_command, own_group, quiet_window
from mcgui_core.processes.exit_status import ending
from mcgui_core.protocol.pipe_channel import PipeChannel
from mcgui_core.workbench.channel import ADMITTED

#: Seconds that it has to end by itself: it tells the master of the jobs whose arguments it was still reading.
CLOSE_TIMEOUT = 5.0


class BenchProcess:
    """One process of a workbench, from its start to its end. Its methods are thread-safe."""

    def __init__(
        self, link: str | None, trust: str, abandoned: tuple[int, ...], env: dict[str, str] | None = None
    ) -> None:
        """`trust` as WorkbenchService has it; `abandoned` are jobs whose arguments an earlier one was reading; `env` is
        its environment, where that is not ours. Raises OSError where no process can be started.
        """
        self._process = subprocess.Popen(
            module_command("mcgui_core.workbench.workbench_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=env,
            **quiet_window(),
            **own_group(),  # Ctrl+C in the terminal is for us; a child that is still starting would tell of it
        )
        self._channel = PipeChannel(self._process.stdout, self._process.stdin, ADMITTED)
        self._numbers = itertools.count()
        self._lock, self._sending = threading.Lock(), threading.Lock()
        self._waiting: dict[int, Future[Any]] = {}
        self._reason = ""
        self.ended = False
        # By its standard input, not its command line, which everybody on this computer can list.
        self._send((link, trust, abandoned))
        self._reader = threading.Thread(target=self._read, name="mcgui-workbench", daemon=True)
        self._reader.start()

    def ask(self, method: str, arguments: tuple[Any, ...]) -> Future[Any]:
        """Have it call a method of the service. The future gives what that returns or raises, or WorkbenchFailed."""
        answer: Future[Any] = Future()
        number = next(self._numbers)
        with self._lock:
            if self.ended:
                answer.set_exception(self._failure())
                return answer
            self._waiting[number] = answer
        self._send((number, method, arguments))
        return answer

    def kill(self, reason: str) -> None:
        """End it, whatever it is at. Whoever waits is told the reason."""
        self._reason = reason
        self._process.kill()
        self._finish()

    def close(self) -> None:
        """Let it end by itself, for some seconds; then kill it."""
        self._reason = "it is closed."
        self._fail_all()
        stdin = self._process.stdin
        assert stdin is not None
        # Where a request is stuck half sent, closing the pipe would wait with it.
        if self._sending.acquire(timeout=CLOSE_TIMEOUT):
            try:
                stdin.close()
            except OSError:
                pass  # it is gone already
            finally:
                self._sending.release()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(CLOSE_TIMEOUT)
        self._process.kill()
        self._finish()

    def _finish(self) -> None:
        self._process.wait()
        if threading.current_thread() is not self._reader:
            self._reader.join()

    def _send(self, request: Any) -> None:
        # It may have ended (and then its pipes are closed): the reader says so to everybody who waits.
        with self._sending, suppress(OSError, ValueError):
            self._channel.send(request)

    def _read(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                number, good, answer = self._channel.receive()
                with self._lock:
                    waiting = self._waiting.pop(number, None)
                if waiting is None:
                    continue
                if good:
                    waiting.set_result(answer)
                else:
                    waiting.set_exception(answer)
        self._process.wait()
        self._fail_all()
        self._channel.close()

    def _fail_all(self) -> None:
        with self._lock:
            self.ended = True
            waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            answer.set_exception(self._failure())

    def _failure(self) -> WorkbenchFailed:
        return WorkbenchFailed(self._reason or f"its process {ending(self._process.returncode)}. {_CRASHED}")


_CRASHED = "Something that it ran or opened may have crashed it. It is started anew when it is needed next."
