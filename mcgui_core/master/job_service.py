"""What consoles and scripts do with jobs: bring them, steer them, delete them. What they see is cluster_view.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from mcgui_core.base.exposed import exposed
from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.errors import BadInput, JournalFull
from mcgui_core.journal.argument_copies import copied_blocks
from mcgui_core.master.shared_state import SharedState
from mcgui_core.master.values.value_service import ValueService
from mcgui_core.protocol.job_check import checked_spec
from mcgui_core.protocol.messages import Block, JobSpec
from mcgui_core.protocol.reasons import Reason
from mcgui_core.values.value_file import is_large

#: Tasks of a job that may wait unstarted while its arguments still arrive: an endless generator must not fill the disk.
BACKLOG = 500_000


class JobService:
    """Thread-safe. Who names a job that there is not meets JobUnknown; who changes one that is set aside,
    BadInput; and whatever writes may raise JournalFull."""

    def __init__(self, state: SharedState, values: ValueService) -> None:
        self._state, self._scheduler, self._journal, self._values = state, state.scheduler, state.journal, values
        self._latest: JobSpec | None = None  # what the latest job has

    # --- bringing -----------------------------------------------------------------------------------------------

    def submit(self, spec: JobSpec, blocks: tuple[Block, ...], sealed: bool, connection: object = None) -> int:
        """A new job with its first arguments; the others come by that connection. Returns its id.

        Raises BadInput where the spec or the blocks are wrong, and JournalFull. Then nothing of it is left behind.
        """
        spec, count = self._checked(spec), _count(blocks, 0)
        arriving = self._values.arriving
        with arriving([spec], "pickled_function") as (described,), arriving(blocks, "data") as kept:
            return self._submit(described, kept, count, bool(sealed), connection)

    def _checked(self, spec: JobSpec) -> JobSpec:
        """The spec as it is kept: that of the job before where it is the same, as with a thousand jobs alike."""
        latest = self._latest
        if spec != latest:
            latest = checked_spec(spec)
            self._latest = None if is_large(latest.pickled_function) else latest
        return latest

    def _submit(self, spec: JobSpec, blocks: tuple[Block, ...], count: int, sealed: bool, connection: object) -> int:
        with self._state.lock:
            self._state.content.check(spec)
            now = self._state.now()
            id = self._state.write(lambda: self._journal.add_job(spec, now, blocks, count, sealed))
            try:
                self._scheduler.add_job(id, spec, now)
                self._state.senders.note(id, connection)
                self._extended(id, count, sealed)
            except Exception:
                self._undo(id)
                raise
            return id

    def extend(
        self, job: int, blocks: tuple[Block, ...], sealed: bool, timeout: float | None = None, connection: object = None
    ) -> bool | None:
        """More arguments, as far as they are not here yet. None where the job has all that it will have.

        False where the job is over for now: if somebody retries it, it will want them. With a `timeout`, in seconds,
        that is waited for; and it is False, too, where so many wait already that it takes no more within that time.
        """
        if timeout is None:
            with self._state.lock:
                record = self._state.to_change(job)
                if record.final:  # said before anything is written, for which there may be no room
                    return None if record.sealed else False
        with self._values.arriving(blocks, "data") as kept:
            return self._extended_by(job, kept, sealed, timeout, connection)

    def _extended_by(
        self, job: int, blocks: tuple[Block, ...], sealed: bool, timeout: float | None, connection: object
    ) -> bool | None:
        with self._state.lock:
            record = self._state.to_change(job)
            self._state.senders.note(job, connection)

            def full() -> bool:
                return record.final or (timeout is not None and len(record.waiting) >= BACKLOG)

            if timeout is not None:
                self._state.wait(lambda: record.sealed or not full(), timeout)
            if record.sealed:
                return None
            if full() or not self._state.senders.is_by(job, connection):  # who gave up meanwhile brings nothing more
                return False
            # Whoever did not hear that the last ones have arrived offers them again.
            self._extend(job, tuple(block for block in blocks if block.start >= record.total), bool(sealed))
            return True

    def copy_arguments(
        self, job: int, source: int, before: int, ranges: tuple[Range, ...], last: bool, connection: object = None
    ) -> int | None:
        """Some of the arguments in these ranges of the job `source`, ascending, as arguments of `job` from `before` on.

        Returns how many it has then, so that the call can be made again for the rest; None where it is over for now.
        With the `last` of them it has all. Raises BadInput.
        """
        with self._state.lock:
            record, available = self._state.to_change(job), self._scheduler.job(source).total
            if record.final:
                return None
            self._state.senders.note(job, connection)
            wanted = RangeSet(ranges)
            if not wanted or wanted.first < 0 or wanted.end > available or record.total < before:
                raise BadInput(f"Job {source} has {available:,} arguments, and not those that are wanted.")
            end = before + len(wanted)
            left = _without_first(wanted, record.total - before)
            blocks = copied_blocks(self._journal, source, left, record.total)
            reached = record.total + sum(block.count for block in blocks)
            self._extend(job, blocks, sealed=bool(last) and reached == end)
            return reached

    @exposed("console")
    def seal(self, job: int) -> None:
        """No more arguments will come: the job is content with those that it has."""
        with self._state.lock:
            if not self._state.to_change(job).sealed:
                self._extend(job, (), sealed=True)

    @exposed("console")
    def abort(self, job: int, reason: str) -> None:
        """The arguments of a job cannot be brought to their end. No effect where all of them have arrived."""
        with self._state.lock:
            if not self._state.to_change(job).sealed:
                self._scheduler.cancel(job, self._state.now(), Reason("arguments end", reason))
                self._state.senders.done(job)
                self._state.save(job)

    def connection_ended(self, connection: object) -> None:
        """Jobs whose arguments came by that connection wait for another one, and say so."""
        with self._state.lock:
            if self._state.senders.gone(connection):
                self._state.publish()

    # --- steering -----------------------------------------------------------------------------------------------

    @exposed("console")
    def pause(self, job: int) -> None:
        """Hand out no more of its tasks; those that run go on."""
        with self._state.lock:
            self._state.to_change(job)
            self._scheduler.pause(job)
            self._scheduler.job(job).rest(self._state.now())
            self._state.save(job)

    @exposed("console")
    def resume(self, job: int) -> None:
        with self._state.lock:
            self._state.to_change(job)
            self._scheduler.resume(job, self._state.now())
            self._state.save(job)

    @exposed("console")
    def cancel(self, job: int) -> None:
        with self._state.lock:
            self._state.to_change(job)
            self._scheduler.cancel(job, self._state.now())
            self._state.save(job)

    @exposed("console")
    def retry_failed(self, job: int) -> None:
        """Its failed tasks run again; of one that was over, also those that never ran."""
        with self._state.lock:
            self._state.to_change(job)
            self._state.write(lambda: self._journal.forget_failures(job))
            self._scheduler.retry_failed(job, self._state.now(), arriving=self._state.senders.has(job))
            self._state.save(job)

    # --- deleting -----------------------------------------------------------------------------------------------

    @exposed("console")
    def forget(self, job: int) -> None:
        """Delete a job that is over, with its arguments and results. Raises BadInput where it is not over."""
        with self._state.lock:
            if not self._scheduler.job(job).final:
                raise BadInput(f"Job {job} is not over, so it cannot be deleted. Cancel it first.")
            self._state.disk_guard.forget(job)
            self._state.senders.done(job)
            self._scheduler.forget_job(job)
            self._state.publish()

    @exposed("console")
    def forget_older_than(self, seconds: float) -> int:
        """Delete the jobs that ended so long ago. Returns how many these were."""
        with self._state.lock:
            before = self._state.now() - seconds
            ended = [job for job in self._scheduler.jobs.values() if job.final and (job.finished or 0.0) < before]
            ended = [job for job in ended if not self._state.is_aside(job.id)]  # nobody could read them in that time
            for job in ended:
                self.forget(job.id)
            return len(ended)

    # --- inside -------------------------------------------------------------------------------------------------

    def _extend(self, id: int, blocks: tuple[Block, ...], sealed: bool) -> None:
        job = self._scheduler.job(id)
        count = _count(blocks, job.total)
        self._state.write(lambda: self._journal.extend(id, blocks, job.total + count, sealed or job.sealed))
        self._extended(id, count, sealed)

    def _extended(self, id: int, count: int, sealed: bool) -> None:
        """So many arguments more are in the journal."""
        self._scheduler.extend(id, count, sealed, self._state.now())
        if self._scheduler.job(id).final:
            self._state.save_job(id)
        self._state.publish()

    def _undo(self, id: int) -> None:
        """A job that is in the journal, and at which the scheduler failed, goes again."""
        with suppress(Exception):  # it fails for the same reason, perhaps
            self._scheduler.cancel(id, self._state.now())
        self._scheduler.jobs.pop(id, None)
        self._state.senders.done(id)
        with suppress(JournalFull):
            self._state.disk_guard.forget(id)


def _without_first(ranges: Iterable[Range], count: int) -> Iterator[Range]:
    """The ranges without the first so many numbers in them."""
    for start, stop in ranges:
        left = min(stop, start + count)
        count -= left - start
        if left < stop:
            yield left, stop


def _count(blocks: tuple[Block, ...], start: int) -> int:
    """How many arguments these are, of which the first is the one at `start`.

    Raises BadInput where they do not follow each other: a gap would be found only when a node needs what is missing.
    """
    reached = start
    for block in blocks:
        if type(block.start) is not int or type(block.count) is not int or block.count < 1 or block.start != reached:
            raise BadInput(f"Arguments from {reached:,} on were due; a block of {block.count} from {block.start} came.")
        reached += block.count
    return reached - start
