"""The table that a chaos run prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.chaos.checker import Verdict
from tests.chaos.run import Report


def table(report: Report) -> str:
    """As text, a line a figure."""
    acts = report.acts
    lines = [
        f"chaos run, seed {report.settings.seed}: {report.settings.tasks:,} tasks, {report.seconds:.0f} s",
        "",
        _row("killed (kill -9)", _counts(acts, "kill")),
        _row("told to end (SIGTERM)", _counts(acts, "end")),
        _row("stopped and continued", _counts(acts, "stop")),
        _row("stopped for minutes", _counts(acts, "hang")),
        _row("killed by a task", f"agents {report.killed_by_tasks}"),
        _row("connections of one", _counts(acts, "drop", "reset", "delay", "freeze", "corrupt")),
        _row("corrupted pieces", f"{report.corrupted} of TLS records, over {report.connections} connections"),
        *(
            _row(f"what the {name} said", ", ".join(f"{what} {count:,}" for what, count in sorted(told.items())))
            for name, told in report.lies.items()
        ),
        _row("disk filled", f"{acts['fill disk']} times, by {report.disk}"),
        _row("starts", ", ".join(f"{name} {count}" for name, count in report.starts.items())),
        _row("  refused, disk full", f"{report.refused_starts}"),
        "",
    ]
    for where, verdicts in (("in the journal", report.in_journal), ("read by client", report.read)):
        lines += _verdict_rows(where, list(verdicts.values()))
    outcomes = sum(verdict.outcomes for verdict in report.in_journal.values())
    lines += [
        _row("tasks begun", f"{report.executions:,}, so {report.executions - outcomes:,} more than once"),
        _row("acknowledged, then lost", f"{report.takes_back}"),
        _row("left-over processes", f"{report.left_processes}"),
        _row("left-over sockets", f"{report.left_sockets}"),
        _row("server, at most", f"{report.memory / 1e6:.0f} MB, {report.descriptors} open files"),
        _row("nodes were seen", ", ".join(sorted(report.node_states))),
        _row("jobs said why they wait", ", ".join(f'"{reason} ..."' for reason in sorted(report.reasons)) or "never"),
        "",
        "All is as promised." if not report.faults else "NOT as promised:",
        *(f"  {fault}" for fault in report.faults),
    ]
    return "\n".join(lines)


def _verdict_rows(where: str, verdicts: list[Verdict]) -> Iterable[str]:
    failures: Counter[str] = Counter()
    for verdict in verdicts:
        failures.update(verdict.failures)
    tasks, outcomes = sum(v.tasks for v in verdicts), sum(v.outcomes for v in verdicts)
    yield _row(where, f"{tasks:,} tasks, {outcomes:,} outcomes")
    yield _row("  failed, as they had to", ", ".join(f"{kind} {count:,}" for kind, count in sorted(failures.items())))
    yield _row("  lost, doubled, wrong", ", ".join(
        f"{sum(getattr(v, name) for v in verdicts)}" for name in ("lost", "doubled", "wrong")
    ))  # fmt: skip
    yield _row("  died by the adversary", f"{sum(v.excused for v in verdicts)}")


def _counts(acts: Counter[str], *verbs: str) -> str:
    found = [(kind, count) for kind, count in sorted(acts.items()) if kind.split()[0] in verbs]
    if len(verbs) > 1:
        return ", ".join(f"{kind.split()[0]} {count}" for kind, count in found)
    return ", ".join(f"{kind.partition(' ')[2]} {count}" for kind, count in found)


def _row(name: str, text: str) -> str:
    return f"{name:<26}{text}"
