"""What is said of a try: what came of it, and what that means for the whole job."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from mcgui import format
from mcgui.console.trial.several_trials import Tried
from mcgui_core.protocol.messages import NodeStatus
from mcgui_core.workbench.trial import TrialOutcome, TrialState

#: Characters of a value, or of a message, in the line; all of it is in the details.
SHOWN: Final = 40
#: States of a node that takes tasks.
_PRESENT: Final = frozenset({"idle", "working"})


def processors(nodes: tuple[NodeStatus, ...]) -> int:
    """How many tasks the workers that are here now, and not paused, run at once."""
    return sum(node.nprocs for node in nodes if node.state in _PRESENT)


def whole_job(seconds: float, count: int | None, at_once: int) -> str:
    """What a task of so many seconds means for a job: "the whole job: about 2 s on 26 processors"."""
    if count is None:
        return "how many tasks there are is not known yet"
    if count == 1:
        return "that is the whole job"
    # In rounds: ten tasks of a minute take a minute on ten processors, and two on nine.
    takes = math.ceil(count / max(1, at_once)) * seconds
    about = f"about {format.duration(takes)}" if takes >= 1 else "under 1 s"
    if not at_once:
        return f"the whole job: {about} on one processor, and no worker is here yet"
    return f"the whole job: {about} on {format.plural(at_once, 'processor')}"


def in_a_line(outcome: TrialOutcome, count: int | None, at_once: int, limit: float | None = None) -> str:
    """What came of it, as one line. `limit` is the seconds that a task of the job may take."""
    if outcome.kind == "done":
        result = f"→ {shortened(outcome.value)} in {format.duration(outcome.seconds)};  "
        if takes_too_long(outcome, limit):
            return f"{result}a task of the job is stopped after {format.duration(limit)} (options)"
        if outcome.staying:
            return result + _what_stays(outcome.staying)
        return result + whole_job(outcome.seconds, count, at_once)
    if outcome.kind == "failed":
        what = f"{outcome.type}: {shortened(outcome.message, 2 * SHOWN)}" if outcome.message else outcome.type
        return f"{what}  (after {format.duration(outcome.seconds)})" if outcome.argument else what
    return shortened(outcome.message, 5 * SHOWN)


def several_in_a_line(
    tried: Sequence[Tried], many: int, count: int | None, at_once: int, limit: float | None = None
) -> str:
    """What came of several, of which so many are tried in all."""
    times = [one.outcome.seconds for one in tried if one.outcome.kind == "done"]
    failed = [one for one in tried if one.outcome.kind != "done"]
    said = f"{len(tried)} of {many} tried" if len(tried) < many else f"{many} tried, from the first to the last"
    if times:
        low, high = format.duration(min(times)), format.duration(max(times))
        said += f": {low}" if low == high else f": {low} to {high}"
    if failed:
        first = failed[0]
        what = first.outcome.type or shortened(first.outcome.message)
        said += f";  {len(failed)} failed, #{format.count(first.index)} with {what}"
    late = sum(limit is not None and seconds > limit for seconds in times)
    if late:
        said += f";  {late} would be stopped after {format.duration(limit or 0.0)} (options)"
    staying = {name: None for one in tried for name in one.outcome.staying if one.outcome.kind == "done"}
    if staying:
        return f"{said};  {_what_stays(tuple(staying))}"
    if len(tried) < many or not times:
        return said
    return f"{said};  {whole_job(sum(times) / len(times), count, at_once)}"


def several_at_length(tried: Sequence[Tried]) -> str:
    """Each with its argument and what came of it."""
    parts = []
    for one in tried:
        outcome = one.outcome
        came = f"→ {outcome.value}   ({format.duration(outcome.seconds)})" if outcome.kind == "done" else ""
        came = came or outcome.traceback.rstrip() or outcome.message
        parts.append(f"#{format.count(one.index)}   {outcome.argument}\n{came}")
    return "\n\n".join(parts)


def takes_too_long(outcome: TrialOutcome, limit: float | None) -> bool:
    """Whether such a task would be stopped by the job's time limit."""
    return outcome.kind == "done" and limit is not None and outcome.seconds > limit


def is_in_doubt(outcome: TrialOutcome, limit: float | None) -> bool:
    """Whether it is done here, and would not be on another computer, or not in a job's time."""
    return takes_too_long(outcome, limit) or (outcome.kind == "done" and bool(outcome.staying))


def _what_stays(files: tuple[str, ...]) -> str:
    more = f" and {len(files) - 1} more, which do" if len(files) > 1 else ", which does"
    return f"it reads {shortened(files[0])}{more} not travel with the job"


def how_it_was_timed(outcome: TrialOutcome) -> str:
    """Where the time comes from; "" where there is none."""
    if outcome.kind != "done":
        return ""
    if outcome.calls == 1:
        return "One call, on this computer."
    return f"The mean of {format.plural(outcome.calls, 'call')} on this computer, each as short as this."


def at_length(outcome: TrialOutcome) -> str:
    """All that is known: the traceback or the value, and what was printed."""
    parts = []
    if outcome.argument:
        parts.append(f"Argument: {outcome.argument}")
    if outcome.kind == "done":
        parts.append(f"Result: {outcome.value}\n{how_it_was_timed(outcome)}")
    else:
        parts.append(outcome.traceback.rstrip() or outcome.message)
    if outcome.staying:
        stay = "\n".join(outcome.staying)
        parts.append(f"Read here, and not there on a worker unless picked in Travels with this job:\n{stay}")
    parts.append(_printed(outcome.output))
    return "\n\n".join(part for part in parts if part)


def while_it_runs(state: TrialState, seconds: float) -> str:
    """Such as "running for 3 s: half way, 50 %"."""
    if not state.argument:
        return (
            "starting…" if seconds < 2 else f"loading the environment and the argument for {format.duration(seconds)}…"
        )
    if state.value is not None:
        return f"→ {shortened(state.value)}, and timing it…"
    said = ", ".join(part for part in (state.status, _percent(state.fraction)) if part)
    return (
        f"running for {format.duration(math.floor(seconds))}{': ' + said if said else '…'}"
        if seconds >= 1
        else "running…"
    )


def so_far(state: TrialState) -> str:
    """The details while it runs."""
    parts = [f"Argument: {state.argument}" if state.argument else "", _printed(state.output)]
    return "\n\n".join(part for part in parts if part)


def shortened(text: str, most: int = SHOWN) -> str:
    """The first line, as far as it fits."""
    line, more, _ = text.strip().partition("\n")
    return f"{line[: most - 1]}…" if len(line) > most else f"{line} …" if more else line


def _percent(fraction: float | None) -> str:
    return "" if fraction is None else format.percent(100 * fraction)


def _printed(output: str) -> str:
    return f"Printed:\n{output.rstrip()}" if output.strip() else ""
