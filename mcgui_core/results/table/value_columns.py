"""What of an argument or a result is a column of its own: keys, fields, places, and the measures of an array."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.results.plain_values import fields
from mcgui_core.results.table.column_limits import DEEPEST, MOST_OF_ONE_VALUE, MOST_WITHIN, SHORT_LIST
from mcgui_core.values.partial_unpickling import Unopened

#: Titles that are not an argument's.
RESERVED: Final = frozenset({"task", "argument", "result", "state", "node", "error", ""})

_SIMPLE: Final = (int, float, complex, str, bytes, type(None))
#: Types and packages whose values are one cell, whatever they have inside.
_WHOLE: Final = frozenset({bool, int, float, complex, str, bytes, bytearray, set, frozenset, range, type(None)})
_WHOLE_PACKAGES: Final = frozenset(
    {
        "PIL", "_decimal", "builtins", "collections", "datetime", "decimal", "enum", "fractions", "ipaddress",
        "matplotlib", "networkx", "numpy", "pandas", "pathlib", "polars", "pyarrow", "scipy", "sklearn", "torch",
        "uuid", "zoneinfo",
    }
)  # fmt: skip


def parts(side: str, value: Any) -> dict[str, Any]:
    """Titles and what stands below them: of "argument" or "result". Never raises."""
    if type(value) in _WHOLE or isinstance(value, Unopened):
        return {side: value}
    try:
        return _parts(side, value)
    except Exception:  # noqa: BLE001 - a property or a key of the user's may raise anything
        return {side: value}


def _parts(side: str, value: Any) -> dict[str, Any]:
    measures = _of_array(side, value)
    if measures is not None:
        return measures
    if isinstance(value, dict):
        keyed = bool(value) and len(value) <= MOST_OF_ONE_VALUE and all(isinstance(key, str) for key in value)
        return _titled(side, value) if keyed else {side: value}
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        fits = 0 < len(value) <= SHORT_LIST and (isinstance(value, tuple) or all(map(_is_simple, value)))
        return {f"{side}[{at}]": item for at, item in enumerate(value)} if fits else {side: value}
    found = fields(value)
    if found is None:
        found = _public(value)
    return _titled(side, found) if found and len(found) <= MOST_OF_ONE_VALUE else {side: value}


def _titled(side: str, items: dict[str, Any]) -> dict[str, Any]:
    title = _argument_title if side == "argument" else _result_title
    return {title(key): item for key, item in items.items()}


def _argument_title(key: str) -> str:
    return utf8_text(f"argument.{key}" if key in RESERVED or key.startswith(("result.", "result[")) else key)


def _result_title(key: str) -> str:
    return utf8_text(f"result.{key}")


def _is_simple(value: Any) -> bool:
    return isinstance(value, _SIMPLE) or getattr(value, "shape", None) == ()


def _of_array(side: str, value: Any) -> dict[str, Any] | None:
    """An array by its measures; None for what is none."""
    shape = getattr(value, "shape", None)
    if isinstance(value, type) or type(value).__module__.partition(".")[0] != "numpy" or not shape:
        return None
    if value.dtype.names:
        return None
    found: dict[str, Any] = {f"{side}.shape": " x ".join(map(str, shape)), f"{side}.dtype": str(value.dtype)}
    if value.dtype.kind in "buif" and value.size:
        found |= {f"{side}.min": value.min(), f"{side}.max": value.max()}
    return found


def _public(value: Any) -> dict[str, Any] | None:
    """The public fields of an object of a class that somebody wrote for it."""
    if isinstance(value, type) or callable(value) or type(value).__module__.partition(".")[0] in _WHOLE_PACKAGES:
        return None
    state = getattr(value, "__dict__", None)
    if not isinstance(state, dict) or isinstance(value, BaseException):
        return None
    return {key: item for key, item in state.items() if isinstance(key, str) and not key.startswith("_")}


def spread(side: str, values: list[Any]) -> dict[str, tuple[list[int] | None, list[Any]]]:
    """The columns of many values: title -> (places among the values, None for all of them; what stands there)."""
    if not values:
        return {}
    alike = _alike(side, values)
    if alike is not None:
        return alike
    found: dict[str, tuple[list[int] | None, list[Any]]] = {}
    for at, value in enumerate(values):
        for title, item in parts(side, value).items():
            places, items = found.setdefault(title, ([], []))
            assert places is not None, "made above"
            places.append(at)
            items.append(item)
    return found


def type_names(values: list[Any]) -> list[str]:
    """The name of each one's type, or the one that all have."""
    kinds = set(map(type, values))
    return [utf8_text(kind.__name__) for kind in (kinds if len(kinds) == 1 else map(type, values))]


def within(
    columns: dict[str, tuple[list[int] | None, list[Any]]], depth: int = DEEPEST
) -> dict[str, tuple[list[int] | None, list[Any]]]:
    """The columns of what stands inside the dicts, dataclasses and named tuples of these: "settings.left"."""
    found: dict[str, tuple[list[int] | None, list[Any]]] = {}
    for title, (places, items) in columns.items():
        if not any(map(_has_names, set(map(type, items)))):
            continue
        for at, item in enumerate(items):
            for key, value in _named(item).items():
                inner, values = found.setdefault(utf8_text(f"{title}.{key}"), ([], []))
                assert inner is not None, "made here"
                inner.append(at if places is None else places[at])
                values.append(value)
    return found | within(found, depth - 1) if found and depth > 1 else found


def _has_names(kind: type) -> bool:
    return kind is dict or hasattr(kind, "__dataclass_fields__") or hasattr(kind, "_fields")


def _named(item: Any) -> dict[str, Any]:
    """What has a name in it; nothing where it has other keys, or too many."""
    if not _has_names(type(item)):
        return {}
    try:
        found = item if type(item) is dict else fields(item)
    except Exception:  # noqa: BLE001 - a field of the user's may raise anything
        return {}
    fits = found and len(found) <= MOST_WITHIN and all(type(key) is str for key in found)
    return found if found and fits else {}


def _alike(side: str, values: list[Any]) -> dict[str, tuple[list[int] | None, list[Any]]] | None:
    """The same, quickly, where all are numbers or text, dicts of the same keys, or tuples of one length."""
    kinds: Iterable[type] = set(map(type, values))
    if _WHOLE.issuperset(kinds):
        return {side: (None, values)}
    if kinds == {dict}:
        keys = list(values[0])
        title: Callable[[str], str] = _argument_title if side == "argument" else _result_title
        if (
            0 < len(keys) <= MOST_OF_ONE_VALUE
            and all(type(key) is str for key in keys)
            and all(list(v) == keys for v in values)
        ):
            columns = zip(*[value.values() for value in values], strict=True)
            return {title(key): (None, list(column)) for key, column in zip(keys, columns, strict=True)}
    if kinds == {tuple} and 0 < len(values[0]) <= SHORT_LIST and len(set(map(len, values))) == 1:
        columns = zip(*values, strict=True)
        return {f"{side}[{at}]": (None, list(column)) for at, column in enumerate(columns)}
    return None
