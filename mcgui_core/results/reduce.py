"""The reduce function of a job, applied to all of its results."""

from __future__ import annotations

from typing import Any

from mcgui_core.client.job import Job
from mcgui_core.environment import environment_loader
from mcgui_core.environment.environment_source import Environment
from mcgui_core.errors import BadInput, McguiError
from mcgui_core.protocol.messages import Reduced
from mcgui_core.results.pictures import as_picture, is_figure, is_pillow, picture_of
from mcgui_core.values import outcome_values
from mcgui_core.values.display import full
from mcgui_core.values.text import cut, summary, trace

#: Characters of a value's repr that are kept.
TEXT_LIMIT = 4000
#: Where somebody else submitted the job.
NOT_OURS = (
    "This job was submitted from elsewhere, so its function was not run on this computer. To run it here, trust the "
    "workers of this master (in the results, or --trust-workers), or run the job yourself."
)
_MISSING: Any = object()


def reduce(job: Job) -> Reduced:
    """Give the job's reduce function the list of its results, in the order of the arguments; failed tasks are left out.

    What the function raises is told in the answer. Raises BadInput where the job has no such function,
    EnvironmentInvalid, FunctionNotFound.
    """
    spec = job.spec
    if not spec.reduce:
        raise BadInput(f"Job {job.id} has no function to reduce its results with.")
    Environment.parse(spec.environment, spec.filename).check(spec.reduce)
    if not job.code.may_run:
        return Reduced(text=NOT_OURS, failed=True)
    try:
        module = job.code.load()  # so that its instances among the results are instances of its classes
        function = getattr(module, spec.reduce)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the user's code raises what it likes
        return Reduced(text=f"The environment does not load on this computer.\n\n{_trace(error)}", failed=True)
    try:
        values = all_values(job)
    except McguiError:
        raise
    except Exception as error:  # noqa: BLE001
        return Reduced(text=f"The results cannot be opened on this computer: {summary(error)}", failed=True)
    try:
        with job.code.in_place():
            return told(function(values))
    except (Exception, SystemExit) as error:  # noqa: BLE001
        return Reduced(text=_trace(error), failed=True)


def all_values(job: Job) -> list[Any]:
    """The results that there are now, in the order of the arguments."""
    found: list[Any] = []
    after, ended = 0, False
    while not ended:
        outcomes, ended = job.outcomes(after)
        if not outcomes:
            break  # the job goes on, and this is all so far
        for outcome in outcomes:
            found.extend([_MISSING] * (outcome.stop - len(found)))
            outcome_values.fill(found, outcome, job.trust)
        after = outcomes[-1].seq
    return [value for value in found if value is not _MISSING]


def _trace(error: BaseException) -> str:
    return trace(error, __file__, environment_loader.__file__)


def told(value: Any) -> Reduced:
    """What a window shows of a reduced value: a picture where it is one, else its repr."""
    picture = picture_of(value) if is_figure(value) or is_pillow(value) else as_picture(value)
    if picture is not None:
        return Reduced(text=f"A picture of {picture.width:,} x {picture.height:,} pixels", picture=picture)
    return Reduced(text=cut(full(value), TEXT_LIMIT))
