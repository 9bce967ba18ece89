"""What would travel, as rows of a table and in a line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from mcgui import format
from mcgui.console.environment.project_watch import Look
from mcgui.console.tables.table_model import Cell, Column
from mcgui.theme import Tone

if TYPE_CHECKING:
    from mcgui_core.environment.project_reader import FileOrigin, FoundFile, StayingFile, StayReason

_ORIGINS: Final[dict[FileOrigin, str]] = {
    "main": "the environment",
    "module": "imported",
    "header": "named in its header",
    "given": "picked",
}
_REASONS: Final[dict[StayReason, str]] = {
    "missing": "missing",
    "outside": "lies outside of its folder",
    "too large": "too large",
    "too many": "too many files",
    "no file": "no file",
    "passed over": "left out",
    "mentioned": "stays here",
}
#: What stands first, and so on.
_ORDER: Final = ("problem", "mentioned", "main", "module", "header", "given", "passed over")


@dataclass(frozen=True, slots=True)
class TravelRow:
    """A file that travels, or something that does not."""

    name: str
    kind: str  # one of _ORDER
    why: str
    size: int | None = None  # bytes
    sentence: str = ""  # about why it does not travel
    given: str = ""  # the pattern that names it, where it was picked

    @property
    def key(self) -> str:
        """By which it is known, and sorted."""
        return f"{_ORDER.index(self.kind)} {self.name} {self.why}"

    @property
    def spoken(self) -> str:
        """What a screen reader says of it."""
        size = f", {format.bytes(self.size)}" if self.size is not None else ""
        return f"{self.name}: {self.why}{size}. {self.sentence}".strip()


def rows_of(look: Look) -> tuple[TravelRow, ...]:
    """All of it, in order."""
    rows = [_staying(one) for one in look.staying] + [_travelling(one) for one in look.files]
    return tuple(sorted(rows, key=lambda row: row.key))


def total(look: Look) -> str:
    """What travels, in a line."""
    return f"Travels with this job: {_all(look)}"


def short_total(look: Look) -> str:
    """... in a shorter one."""
    return f"Travels: {_all(look)}"


def _all(look: Look) -> str:
    if look.problem:
        return "not known"
    if not look.files:
        return "its text alone"
    count, size = len(look.files), sum(file.size for file in look.files)
    return f"{format.plural(count, 'file')}, {format.bytes(size)}"


def trouble(look: Look) -> tuple[str, Tone]:
    """What does not travel, in a few words; "" where there is nothing to be said."""
    problems = [one for one in look.staying if one.reason not in ("passed over", "mentioned")]
    mentioned = [one for one in look.staying if one.reason == "mentioned"]
    if look.problem:
        return "cannot be read", "bad"
    if len(problems) == 1:
        return f"{_short(problems[0].name)}: {_REASONS[problems[0].reason]}", "bad"
    if problems:
        return f"{len(problems):,} cannot travel", "bad"
    if len(mentioned) == 1:
        return f"{_short(mentioned[0].name)} stays here", "warn"
    return (f"{len(mentioned):,} files stay here", "warn") if mentioned else ("", "")


def columns() -> tuple[Column[TravelRow], ...]:
    return (
        Column("File", lambda row, _: _name(row), "Its path, from the folder of the project on", 220),
        Column("Why", lambda row, _: _why(row), "Why it travels, or does not", 150),
        Column("Size", lambda row, _: _size(row), "What it has on the disk", 80, right=True),
    )


def _travelling(file: FoundFile) -> TravelRow:
    why = _ORIGINS[file.origin]
    if file.given and file.given != file.path:
        why = f"picked: {file.given}"
    return TravelRow(file.path, file.origin, why, file.size, given=file.given)


def _staying(one: StayingFile) -> TravelRow:
    kind = one.reason if one.reason in ("mentioned", "passed over") else "problem"
    return TravelRow(one.name, kind, _REASONS[one.reason], sentence=one.sentence, given=one.given)


def _tone(row: TravelRow) -> Tone:
    return {"problem": "bad", "mentioned": "warn", "passed over": "muted"}.get(row.kind, "")  # type: ignore[return-value]


def _name(row: TravelRow) -> Cell:
    sign = {"problem": "error", "mentioned": "warning"}.get(row.kind, "file")
    return Cell(row.name, sort=row.key, tone=_tone(row), sign=sign, sign_tone=_tone(row) or "muted", tip=row.spoken)


def _why(row: TravelRow) -> Cell:
    return Cell(row.why, tone=_tone(row) or "muted", tip=row.sentence or row.why)


def _size(row: TravelRow) -> Cell:
    return Cell("" if row.size is None else format.bytes(row.size), sort=row.size or 0, tone="muted")


def _short(name: str) -> str:
    return PurePosixPath(name).name or name
