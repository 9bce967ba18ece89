"""Arguments from a NumPy file: the items of an array (.npy), or arrays of equal length as columns (.npz)."""

from __future__ import annotations

import zipfile
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

#: Items that are made into Python's own numbers at a time.
AT_ONCE = 4096


class NumpyReader:
    """The items of an array along its first axis: plain numbers, text or dates where it has one axis, else arrays with
    one less.

    An array with named fields, or a file of several arrays, gives rows: keyword arguments by those names. An .npy file
    is mapped, not read, so that it may be larger than the memory.
    """

    call: CallStyle = "single"
    columns: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        """Raises ArgumentsInvalid where it is no such file, or where NumPy is not installed."""
        self._path = path
        self._numpy = needed("numpy", "numpy", "NumPy")
        arrays = self._load()
        lengths = {name: len(array) for name, array in arrays.items()}
        if len(set(lengths.values())) > 1:
            listed = ", ".join(f"{name} has {length:,}" for name, length in lengths.items())
            raise ArgumentsInvalid(
                f"The arrays of {path.name} differ in length: {listed}.", "Arrays that are columns have one item a row."
            )
        self._arrays = arrays
        self._length = next(iter(lengths.values()))
        only = next(iter(arrays.values()))
        if len(arrays) > 1:
            self.columns, self.call = tuple(arrays), "kwargs"
        elif only.dtype.names:
            self.columns, self.call = tuple(only.dtype.names), "kwargs"

    @property
    def count(self) -> int:
        return self._length

    @property
    def values(self) -> Iterable[Any]:
        return iter(self)

    def check(self) -> None:
        """Nothing is left to check: the file's head says what is in it."""

    def preview(self, n: int = 5, seconds: float = PREVIEW_SECONDS) -> ArgumentsPreview:  # noqa: ARG002 - it is counted already
        problem = "" if self._length else NOTHING_TO_DO
        return preview_of(self._length, list(islice(self, n)), self.columns, self.call, problem)

    def __iter__(self) -> Iterator[Any]:
        arrays = list(self._arrays.values())
        if len(arrays) > 1:
            for row in zip(*map(self._items, arrays), strict=True):
                yield dict(zip(self.columns, row, strict=True))
        elif self.columns:
            for row in zip(*(self._items(arrays[0][name]) for name in self.columns), strict=True):
                yield dict(zip(self.columns, row, strict=True))
        else:
            yield from self._items(arrays[0])

    def _items(self, array: Any) -> Iterator[Any]:
        if array.ndim > 1:
            # Each an array of its own: a view would drag the whole file along.
            return (self._numpy.array(item) for item in array)
        parts = (array[at : at + AT_ONCE] for at in range(0, len(array), AT_ONCE))
        if array.dtype.kind in "mM" and not self._are_pythons(array):
            return (item for part in parts for item in part)
        if array.dtype.kind in "mM":
            parts = (part if self._is_coarse(part) else part.astype(f"{part.dtype.kind}8[us]") for part in parts)
        return (item for part in parts for item in part.tolist())

    def _are_pythons(self, times: Any) -> bool:
        """Whether all of these dates or durations can be Python's, to the microsecond and up to the year 9999. NumPy
        makes numbers of those that cannot, and of all that have nanoseconds, as those of pandas do."""
        if times.dtype == self._numpy.dtype(f"{times.dtype.kind}8"):  # without a unit
            return False
        for at in range(0, len(times), AT_ONCE):
            part = times[at : at + AT_ONCE]
            if not self._is_coarse(part):
                rounded = part.astype(f"{part.dtype.kind}8[us]")
                if not (self._numpy.isnat(part) | (rounded.astype(part.dtype) == part)).all():
                    return False
                part = rounded
            if any(type(item) is int for item in part.tolist()):
                return False
        return True

    def _is_coarse(self, times: Any) -> bool:
        return self._numpy.datetime_data(times.dtype)[0] not in ("ns", "ps", "fs", "as")

    def _load(self) -> dict[str, Any]:
        """The arrays by name; a single one has the name ""."""
        path = self._path
        try:
            if zipfile.is_zipfile(path):
                with self._numpy.load(path, allow_pickle=False) as file:
                    arrays = {name: file[name] for name in file.files}
            else:
                arrays = {"": self._numpy.load(path, mmap_mode="r", allow_pickle=False)}
        except OSError as error:
            if error.errno:
                raise unreadable(path, error) from error
            raise self._refused(str(error)) from error
        except (ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
            raise self._refused(str(error)) from error
        if not arrays:
            raise ArgumentsInvalid(f"{path.name} holds no array.")
        for name, array in arrays.items():
            if array.ndim == 0:
                which = f"The array {name!r} of {path.name}" if name else f"The array in {path.name}"
                raise ArgumentsInvalid(f"{which} is a single number.", "It needs an axis: one task for each item.")
        return arrays

    def _refused(self, reason: str) -> ArgumentsInvalid:
        if "pickle" in reason.lower() or "Python objects" in reason:
            return ArgumentsInvalid(
                f"{self._path.name} holds Python objects, or is no NumPy file.",
                "Save arrays of numbers, text or dates; objects would run code as they are read.",
            )
        return ArgumentsInvalid(f"{self._path.name} cannot be read as a NumPy file: {reason.rstrip('.')}.")
