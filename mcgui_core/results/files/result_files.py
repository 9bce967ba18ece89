"""Which results are files, and what they are called.

A file is bytes, a picture of Pillow, a figure of Matplotlib, or the path of a file that is on this computer; with a
name where the task gave one: (name, content), {name: content, ...}, or a record with a name and a content. Without one,
it is called as the argument, where that names a file, or by the number of its task; and by its field, too, where a
record has several ({"before": picture, "after": picture, "mean": 2.5}).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final

from mcgui_core.results.files.file_names import base_name, safe_path
from mcgui_core.results.pictures import is_figure, is_pillow, png_of
from mcgui_core.results.result_table import parts

#: How files begin, and the ending of their names.
_KINDS: Final = (
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"%PDF", ".pdf"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
    (b"PK\x03\x04", ".zip"),
    (b"\x1f\x8b", ".gz"),
    (b"\x93NUMPY", ".npy"),
    (b"\x89HDF\r\n", ".h5"),
    (b"PAR1", ".parquet"),
    (b"SQLite format 3\x00", ".db"),
)
#: Endings that say the same.
_SAME: Final = {".jpeg": ".jpg", ".tiff": ".tif", ".hdf5": ".h5", ".tgz": ".gz", ".sqlite": ".db"}
#: Files that are a kind of zip, or of gzip, and are called by another name.
_PACKED: Final = frozenset({".zip", ".gz"})
#: What the name of a file is called in a record.
_NAMES: Final = ("name", "filename", "file_name", "file", "path")


@dataclass(frozen=True, slots=True)
class ResultFile:
    """One file: the parts of its path below the folder, and its content, or where that is on this computer."""

    path: tuple[str, ...]
    content: bytes | Path


def files_of(value: Any, argument: Any, number: str, trusted: bool) -> list[ResultFile]:
    """The files that a result is; none where it is no file. `number` is that of its task, as text.

    A path is followed only where the result is `trusted`: else a worker could name any file of this computer.
    Raises what drawing a picture raises, and OSError.
    """
    found = list(_named(value, trusted))
    if not found:
        content = _content(value, trusted)
        found = [("", content)] if content is not None else []
    fallback = _name_in(argument)
    if not found:
        inside = parts(value, tuples=False) or {}
        contents = {key: one for key, item in inside.items() if (one := _content(item, trusted)) is not None}
        if len(contents) > 1:
            base = PurePath(fallback).stem or number
            return [ResultFile(_path(f"{base}-{key}", one, "", number), one) for key, one in contents.items()]
        found = [("", one) for one in contents.values()]
    return [ResultFile(_path(name, content, fallback, number), content) for name, content in found]


def beside_files(value: Any, trusted: bool) -> dict[Any, Any]:
    """What a record has beside its files and their name; {} where that is nothing, or the value no record."""
    inside = parts(value, tuples=False) or {}
    files = [key for key, item in inside.items() if _is_file(item, trusted)]
    if not files or _is_all_files(value, trusted):
        return {}
    record = _record(inside, trusted)
    named = record[0] if record else None
    return {key: item for key, item in inside.items() if key not in files and str(item) != named}


def _named(value: Any, trusted: bool) -> Iterator[tuple[str, bytes | Path]]:
    """The files that the task has named; none where it is anything else as well."""
    if isinstance(value, list | tuple) and not hasattr(value, "_fields") and value:
        if len(value) == 2 and _is_name(value[0]):
            content = _content(value[1], trusted, text=True)
            if content is not None:
                yield str(value[0]), content
                return
        each = [files if (files := list(_named(one, trusted))) else _unnamed(one, trusted) for one in value]
        if all(each):
            yield from (file for files in each for file in files)
        return
    inside = parts(value, tuples=False)
    if not inside:
        return
    record = _record(inside, trusted)
    if record is not None:
        name, key = record
        content = _content(inside[key], trusted)
        if content is not None:
            yield name, content
    elif _is_all_files(value, trusted):
        for key, item in inside.items():
            content = _content(item, trusted, text="." in str(key))
            if content is not None:
                yield str(key), content


def _unnamed(value: Any, trusted: bool) -> list[tuple[str, bytes | Path]]:
    content = _content(value, trusted)
    return [] if content is None else [("", content)]


def _record(inside: dict[Any, Any], trusted: bool) -> tuple[str, Any] | None:
    """A name, and the key of the one content, whatever else is beside them."""
    name = next((inside[key] for key in _NAMES if _is_name(inside.get(key))), None)
    contents = [key for key, item in inside.items() if _is_file(item, trusted)]
    others = [key for key in contents if not (isinstance(inside[key], PurePath) and str(inside[key]) == str(name))]
    return (str(name), others[0]) if name is not None and len(others) == 1 else None


def _is_all_files(value: Any, trusted: bool) -> bool:
    """Whether it is a dict of names and contents, and nothing else."""
    return isinstance(value, dict) and all(_is_file(item, trusted, "." in str(name)) for name, item in value.items())


def _is_name(value: Any) -> bool:
    return isinstance(value, str | PurePath) and 0 < len(str(value)) <= 1000 and bool(safe_path(str(value)))


def _is_file(value: Any, trusted: bool, text: bool = False) -> bool:
    """Whether `_content` gives something, without drawing it."""
    if isinstance(value, PurePath):
        return trusted and Path(value).is_absolute() and Path(value).is_file()
    wanted = bytes | bytearray | memoryview | str if text else bytes | bytearray | memoryview
    return isinstance(value, wanted) or is_pillow(value) or is_figure(value)


def _content(value: Any, trusted: bool, text: bool = False) -> bytes | Path | None:
    if not _is_file(value, trusted, text):
        return None
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, PurePath):
        return Path(value)
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else png_of(value)


def _path(name: str, content: bytes | Path, fallback: str, number: str) -> tuple[str, ...]:
    if name:
        path = safe_path(name)
        return path if PurePath(path[-1]).suffix else (*path[:-1], path[-1] + kind_of(content))
    if isinstance(content, Path):
        return (base_name(content.name) or number,)
    kind = kind_of(content)
    if not fallback:
        return (f"{number}{kind or '.bin'}",)
    ending = PurePath(fallback).suffix.lower()
    if kind in ("", _SAME.get(ending, ending)) or (kind in _PACKED and ending):
        return (fallback,)
    return (PurePath(fallback).stem + kind,)


def kind_of(content: bytes | Path) -> str:
    """The ending that says what is in it, such as ".png"; "" where nobody knows."""
    if isinstance(content, Path):
        return content.suffix
    return next((ending for begin, ending in _KINDS if content.startswith(begin)), "")


def _name_in(argument: Any) -> str:
    """The name of the file that an argument names; "" where it names none."""
    if isinstance(argument, str | PurePath):
        name = base_name(str(argument))
        return name if PurePath(name).suffix or isinstance(argument, PurePath) else ""
    inside = parts(argument) or {}
    wanted = [inside[key] for key in _NAMES if key in inside] + list(inside.values())
    return next((name for item in wanted if isinstance(item, str | PurePath) and (name := _name_in(item))), "")
