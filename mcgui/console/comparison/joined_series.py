"""The columns of two jobs put behind each other, with one more that says which job each task is of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mcgui_core.protocol.queries import Series, TableColumn


@dataclass(frozen=True)
class JoinedSeries:
    """`series` has a place for each task of both jobs; its `tasks` are those places, its last column the job.

    `problem` says which column is of two kinds, so that it cannot be drawn on one axis.
    """

    series: Series
    firsts: int  # places of the first job
    tasks: np.ndarray  # of each place
    problem: str = ""

    def task_at(self, place: int) -> tuple[int, int]:
        """Which of the two jobs (0 or 1), and its task."""
        return int(place >= self.firsts), int(self.tasks[place])


def joined_series(one: Series, other: Series, titles: tuple[str, ...], names: tuple[str, str]) -> JoinedSeries:
    """Both, of which each has the columns `titles`; `names` are what the jobs are called."""
    tasks = np.concatenate([np.frombuffer(part.tasks, np.int64) for part in (one, other)])
    firsts = len(one.tasks) // 8
    columns, kinds, words, problem = [], [], [], ""
    for at, title in enumerate(titles):
        ours, theirs = one.kinds[at], other.kinds[at]
        if ours and theirs and ours != theirs:
            problem = f"{title} is {_SAID[ours]} in {names[0]}, and {_SAID[theirs]} in {names[1]}"
        before, after = np.frombuffer(one.columns[at]), np.frombuffer(other.columns[at])
        known = tuple(sorted({*one.words[at], *other.words[at]}))
        if "category" in (ours, theirs):
            before, after = _as_in(known, one.words[at], before), _as_in(known, other.words[at], after)
        columns.append(np.concatenate([before, after]).tobytes())
        kinds.append(ours or theirs)
        words.append(known)
    places = np.arange(tasks.size, dtype=np.int64)
    columns.append((places >= firsts).astype(float).tobytes())
    stride = max(one.stride, other.stride)
    series = Series(places.tobytes(), tuple(columns), (*kinds, "category"), (*words, names), stride)
    return JoinedSeries(series, firsts, tasks, problem)


_SAID = {"number": "numbers", "date": "dates", "category": "text"}


def _as_in(known: tuple[str, ...], words: tuple[str, ...], codes: np.ndarray) -> np.ndarray:
    """The numbers of words as they are among all that are known; nan where there is none."""
    if not words:  # numbers, or nothing
        return np.full(codes.size, np.nan)
    place = {word: at for at, word in enumerate(known)}
    places = np.array([*(float(place[word]) for word in words), np.nan])
    numbers = np.where(np.isfinite(codes), codes, len(words)).astype(int)
    found: np.ndarray = places[numbers]
    return found


def without(found: JoinedSeries, job: int) -> JoinedSeries:
    """Only what is not of this job (0 or 1)."""
    places = np.frombuffer(found.series.tasks, np.int64)
    kept = (places >= found.firsts) != bool(job)
    columns = tuple(np.frombuffer(column)[kept].tobytes() for column in found.series.columns)
    return replace(found, series=replace(found.series, tasks=places[kept].tobytes(), columns=columns))


def columns_of_both(one: tuple[TableColumn, ...], other: tuple[TableColumn, ...]) -> tuple[TableColumn, ...]:
    """What either has, in the order of the first."""
    known = {column.title: column for column in one}
    for column in other:
        if not known.setdefault(column.title, column).drawn:
            known[column.title] = column
    return tuple(known.values())
