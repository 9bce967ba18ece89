"""Code in words of a window has the font of code, or quotation marks: what Markdown writes around it is not read there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_HERE = Path(__file__).parents[3]
#: A word or more in backticks.
_MARKED = re.compile(r"`[^`\n]+`")
#: What these say stands in a terminal, or in a script.
_ELSEWHERE = ("mcgui/console/app.py", "mcgui/console/command_line.py", "mcgui_core/client/script_export.py")


def marked(source: str) -> Iterator[str]:
    """Texts of this source with code as Markdown marks it, but for docstrings and what describes an attribute."""
    tree = ast.parse(source)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    silent |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)  # type: ignore[misc]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if _MARKED.search(text):
            yield text


def test_what_is_marked_is_found() -> None:
    assert list(marked('"""The `name`."""\nsay("Type `make`.")\nsay(f"Type `{x}` there")\nshlex = "`"')) == [
        "Type `make`.",
        "Type `…` there",
    ]


@pytest.mark.parametrize("package", ["mcgui", "mcgui_core"])
def test_no_words_of_a_window_have_code_in_backticks(package: str) -> None:
    files = [path.relative_to(_HERE) for path in (_HERE / package).rglob("*.py")]
    seen = [one for one in files if one.as_posix() not in _ELSEWHERE and "cli" not in one.parts]
    assert len(seen) > 50
    found = [f"{one}: {text}" for one in seen for text in marked((_HERE / one).read_text(encoding="utf-8"))]
    assert found == []
