"""Arguments from a Parquet file: each row is one, passed as keyword arguments named by the columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from mcgui_core.arguments.expression import NOTHING_TO_DO
from mcgui_core.arguments.readers.row_reader import PREVIEW_SECONDS, needed, preview_of
from mcgui_core.arguments.readers.text_reader import unreadable
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import ArgumentsPreview
from mcgui_core.protocol.run_options import CallStyle

#: Rows that are in memory at a time.
AT_ONCE = 4096
#: What pandas calls the labels of its rows where they have no name: the numbers that some of a frame's rows had in it.
_ROW_LABELS = re.compile(r"__index_level_[0-9]+__")


class ParquetReader:
    """The rows of a Parquet file. Its head says how many there are, and they are read a few thousand at a time."""

    call: CallStyle = "kwargs"

    def __init__(self, path: Path) -> None:
        """Reads the head. Raises ArgumentsInvalid where it is no such file, or where pyarrow is not installed."""
        self._path = path
        self._parquet = needed("pyarrow.parquet", "parquet", "Parquet")
        self._error = needed("pyarrow", "parquet", "Parquet").ArrowException
        with self._opened() as file:
            self.columns: tuple[str, ...] = tuple(file.schema_arrow.names)
            self.unnamed = tuple(filter(_ROW_LABELS.fullmatch, self.columns))
            self.count: int = file.metadata.num_rows
        twice = sorted({name for name in self.columns if self.columns.count(name) > 1})
        if twice or not self.columns:
            what = f"names {twice[0]!r} twice" if twice else "has no columns"
            raise ArgumentsInvalid(f"{path.name} {what}.", "Its columns become the names of keyword arguments.")

    @property
    def values(self) -> Iterable[Any]:
        return iter(self)

    def check(self) -> None:
        """Nothing is left to check: the file's head says what is in it."""

    def preview(self, n: int = 5, seconds: float = PREVIEW_SECONDS) -> ArgumentsPreview:  # noqa: ARG002 - it is counted already
        problem = "" if self.count else NOTHING_TO_DO
        return preview_of(self.count, list(islice(self, n)), self.columns, self.call, problem)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        try:
            with self._opened() as file:
                # Without threads of its own: they would wait for ever where a process is ended in the middle.
                for batch in file.iter_batches(AT_ONCE, use_threads=False):
                    yield from batch.to_pylist()
        except self._error as error:
            raise self._refused(error) from error
        except OSError as error:
            raise unreadable(self._path, error) from error

    def _opened(self) -> Any:
        try:
            return self._parquet.ParquetFile(self._path)
        except self._error as error:
            raise self._refused(error) from error
        except OSError as error:
            raise unreadable(self._path, error) from error

    def _refused(self, error: Exception) -> ArgumentsInvalid:
        reason = str(error).partition("\n")[0].rstrip(".")
        return ArgumentsInvalid(f"{self._path.name} cannot be read as a Parquet file: {reason}.")
