"""The sentences of the tray and the panel: a state in, plain English out."""

from __future__ import annotations

import math
import time
from typing import Final

from mcgui.format import count, duration, plural
from mcgui.worker.limits.limit_words import limit_title
from mcgui.worker.session.work_spells import WorkSpell
from mcgui.worker.state import WorkerState

_DAY: Final = 24 * 60 * 60


def headline(state: WorkerState) -> str:
    """What this computer does, in a few words: the panel's first line."""
    if state.leaving:
        return f"Leaving {state.host}"
    match state.kind:
        case "working":
            return f"Working for {state.host}"
        case "idle":
            return f"Ready for {state.host}"
        case "paused":
            return _paused(state).replace("Paused", "Pausing", 1) if state.running_on else _paused(state)
        case "draining":
            return "Finishing, then quitting"
        case "connecting":
            return f"Looking for {state.host}"
        case "trouble":
            return "Not working"
        case _:
            return "Not connected"


def _paused(state: WorkerState) -> str:
    """Paused, and by what."""
    if not state.limit:
        return "Paused from the console"
    if state.limit == "snooze" and state.until:
        return f"Snoozed until {clock(state.until, time.time())}"
    return {
        "pause": "Paused",
        "idle": "Paused: in use",
        "mains": "Paused: on battery",
        "schedule": "Paused by the schedule",
        "programs": "Paused: a program runs",
        "memory": "Paused: memory is short",
        "watching": "Paused: somebody watches",
        "load": "Paused: others are busy",
        "free memory": "Paused: memory is short",
    }.get(state.limit, "Paused")


def message(state: WorkerState) -> str:
    """What is to be said of the state below the headline. Of a limit in force its own row says it."""
    return "" if state.kind == "paused" or (state.joined and state.limited) else state.message


def details(state: WorkerState, now: float) -> str:
    """The line below the headline: since when, how, and how much right now."""
    if state.leaving:
        return "Tasks that have not finished are handed back"
    if state.kind == "connecting":
        return f"{state.master} · tries again until it answers"
    if state.kind == "trouble":
        return state.master or "No master yet"
    if not state.joined:
        return "Connect with a join link from a console"
    parts = [f"since {clock(state.since, now)}", "encrypted", _running(state)]
    if state.kind in ("paused", "draining"):
        parts.insert(0, state.host)
    if state.limit == "snooze" and state.until > now:
        parts.insert(0, time_left(state.until, now))
    return " · ".join(parts)


def _running(state: WorkerState) -> str:
    if state.kind == "paused" and state.busy:
        return _still_there(state)
    if state.busy:
        return f"{plural(state.busy, 'task')} running"
    return "nothing runs" if state.kind in ("paused", "draining") else "waiting for tasks"


def _still_there(state: WorkerState) -> str:
    """What a pause has found at work, and what becomes of it."""
    parts = []
    if state.running_on:
        until = f"until {time.strftime('%H:%M:%S', time.localtime(state.tasks_until))} at most"
        verb = "runs" if state.running_on == 1 else "run"
        parts.append(f"{plural(state.running_on, 'task')} {verb} on {until if state.tasks_until else 'to the end'}")
    if state.suspended:
        parts.append(f"{plural(state.suspended, 'task')} stopped in memory")
    return ", ".join(parts)


def spell_line(spell: WorkSpell, state: WorkerState) -> str:
    """What the log says of a stretch of work that is over."""
    failed = f", {count(spell.failed)} failed" if spell.failed else ""
    return f"{plural(spell.done, 'task')} done for {state.host} in {duration(spell.seconds)}{failed}."


def clock(moment: float, now: float) -> str:
    """A time of day; with the weekday, or the date, where it was not today. Both in seconds since the epoch."""
    then, today = time.localtime(moment), time.localtime(now)
    if (then.tm_year, then.tm_yday) == (today.tm_year, today.tm_yday):
        return time.strftime("%H:%M", then)
    return time.strftime("%a %H:%M" if now - moment < 6 * _DAY else "%d %b, %H:%M", then)


def time_left(until: float, now: float) -> str:
    """ "25 min left" until a snooze, or an ignored limit, is over."""
    return f"{duration(max(60.0, 60.0 * math.ceil((until - now) / 60)))} left"


def processors_left(nprocs: int, cpus: int) -> str:
    """What the owner keeps: beside the slider."""
    if nprocs > cpus:
        return "more than there are"
    return f"{count(cpus - nprocs)} left for you" if nprocs < cpus else "all of them"


def tasks(state: WorkerState, today: str) -> str:
    """Tasks of today, and in all: "18,204 tasks · 2 failed · 1,204,551 in all". `today` is "2026-07-03"."""
    done, failed = (state.done_today, state.failed_today) if state.day == today else (0, 0)
    parts = [plural(done, "task")]
    if failed:
        parts.append(f"{count(failed)} failed")
    if state.done_ever > done:
        parts.append(f"{count(state.done_ever)} in all")
    return " · ".join(parts)


def since_start(state: WorkerState) -> str:
    """Tasks since the program started: "18,204 tasks done, 2 failed"."""
    line = f"{plural(state.done, 'task')} done"
    return f"{line}, {count(state.failed)} failed" if state.failed else line


def menu_line(state: WorkerState) -> str:
    """The state in the tray's menu."""
    if state.joined and not state.leaving:
        return f"{headline(state)}: {_busy(state)}"
    return headline(state)


def tooltip(state: WorkerState) -> str:
    """What the tray icon says when the mouse rests on it: state, master, slots, tasks, reason."""
    lines = [f"mcgui worker: {_lowered(headline(state))}"]
    if state.joined and not state.leaving:
        lines.append(f"{state.master}, {_busy(state)}")
    elif state.master and state.kind != "off":
        lines.append(state.master)
    if state.done or state.failed:
        lines.append(since_start(state))
    lines += [sentence for sentence in (state.message, state.link_problem) if sentence]
    return "\n".join(lines)


def _busy(state: WorkerState) -> str:
    return f"{count(state.busy)} of {plural(state.slots or state.nprocs, 'processor')} busy"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def log_line(previous: WorkerState, state: WorkerState) -> str:
    """What the log says of this change; "" where it is not worth a line."""
    if state.joined and not previous.joined:
        why = f" {state.reason}" if state.kind == "paused" and state.reason else ""
        return f"Joined {state.master} with {plural(state.nprocs, 'processor')}.{why}"
    if _is_same_pause(previous, state):
        return ""
    for name in state.cannot_tell:
        if name not in previous.cannot_tell:
            return f'The limit "{limit_title(name)}" holds nothing back: this computer cannot tell.'
    for before, after in (
        (previous.link_problem, state.link_problem),
        (previous.aside, state.aside),
        (previous.stopped, state.stopped),
        (previous.message, state.message),
    ):
        if after and after != before:
            return after
    if state.kind == "paused" and previous.running_on and not state.running_on:
        return "Paused."
    if state.kind == previous.kind and state.leaving == previous.leaving:
        return ""
    if state.leaving:
        return "" if previous.leaving else f"Leaving {state.master}."
    return _kind_line(previous, state)


def _is_same_pause(previous: WorkerState, state: WorkerState) -> bool:
    """Only its words are others: past midnight "until Thu 06:00" is "until 06:00"."""
    unchanged = ("kind", "limit", "until", "leaving", "link_problem", "aside", "stopped", "cannot_tell", "running_on")
    return bool(state.until) and all(getattr(previous, name) == getattr(state, name) for name in unchanged)


def _kind_line(previous: WorkerState, state: WorkerState) -> str:
    match state.kind:
        case "connecting":
            return f"Looking for {state.master}."
        case "working" | "idle":
            return "Work goes on." if previous.kind == "paused" else ""  # what was done is said when it is over
        case "paused":
            if state.running_on:
                return f"Pausing: {_still_there(state)}."
            return "" if state.limit == "snooze" else "Paused."  # of a snooze it is said until when
        case "draining":
            return "Finishing the tasks that run."
        case "off":
            return f"Left {previous.master}."
        case _:
            return "Not working."
