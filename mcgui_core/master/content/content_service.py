"""How files of projects come to the master, and go on to nodes: in pieces, so that none has to fit into a message."""

from __future__ import annotations

from mcgui_core.base.exposed import exposed
from mcgui_core.errors import BadInput
from mcgui_core.master.shared_state import SharedState
from mcgui_core.protocol import codec
from mcgui_core.protocol.job_check import FILE_BYTES_LIMIT, is_digest
from mcgui_core.values.value_file import is_name

#: Seconds for which content is kept that no job needs: whoever has asked for it is about to submit one.
GRACE = 600.0
#: Seconds between two looks for content that nobody needs.
SWEEP_SECONDS = 30.0


class ContentService:
    """Thread-safe."""

    def __init__(self, state: SharedState) -> None:
        self._state, self._store = state, state.content
        self._asked: dict[str, float] = {}  # digests that a job may soon need, and when that was said last
        self._swept = 0.0

    @exposed("console")
    def missing_content(self, digests: tuple[str, ...]) -> tuple[str, ...]:
        """Which of these have to be brought; the others stay for some minutes, whatever becomes of their jobs."""
        self._expect(digests)
        return self._store.missing(digests)

    @exposed("console")
    def put_content(self, sha256: str, size: int, offset: int, data: bytes) -> int:
        """As ContentStore.put. Raises BadInput, JournalFull."""
        if not 0 <= size <= FILE_BYTES_LIMIT or offset < 0:
            raise BadInput(f"A file of {size:,} bytes cannot travel; {FILE_BYTES_LIMIT:,} are the most.")
        self._expect((sha256,))
        return self._store.put(sha256, size, offset, data)

    @exposed("console")
    def adopt_content(self, sha256: str, size: int, name: str) -> None:
        """What a client of this computer has put into the folder of the values, under a name that it made up, is that
        content: it is moved, and not read. Raises BadInput, JournalFull."""
        self._expect((sha256,))
        values = self._state.journal.values
        with self._state.lock:
            if not is_name(name) or values.is_named(name) or not 0 <= size <= FILE_BYTES_LIMIT:
                raise BadInput("There is no such file beside the values.")
        self._store.adopt(sha256, size, values.path / name)

    @exposed("node", "console")
    def content_piece(self, sha256: str, offset: int) -> bytes:
        """As ContentStore.piece. Raises BadInput."""
        if not is_digest(sha256) or offset < 0:
            raise BadInput("There is no such content.")
        piece: bytes = codec.large(self._store.piece(sha256, offset))
        return piece

    def sweep(self) -> None:
        """Return the space of what no job needs; to be called now and then, by whoever holds the state's lock."""
        now = self._state.now()
        if now < self._swept + SWEEP_SECONDS:
            return
        self._swept = now
        jobs = self._state.scheduler.jobs.values()
        if any(self._state.is_aside(job.id) for job in jobs):
            return  # nobody knows what such a job needs
        self._asked = {digest: since for digest, since in self._asked.items() if since + GRACE > now}
        needed = {digest for job in jobs for digest in job.spec.digests}
        self._store.remove_all_but(needed | self._asked.keys())

    def _expect(self, digests: tuple[str, ...]) -> None:
        if not all(map(is_digest, digests)):
            raise BadInput("Content is known by its SHA-256, 64 hexadecimal digits.")
        with self._state.lock:
            now = self._state.now()
            self._asked.update(dict.fromkeys(digests, now))
