"""A file is written back as it was, but for what was changed: also the ends of its lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mcgui.console.environment.line_ends import usual_end, with_ends
from mcgui.console.environment.source_file import read_source, write_source

MIXED = b"a = 1\r\nb = 2\nc = 3\r\nd = 4\re = 5\r\n"


@pytest.mark.parametrize(
    ("change", "written"),
    [
        (lambda text: text, MIXED),
        (lambda text: text.replace("c = 3", "c = 33"), MIXED.replace(b"c = 3", b"c = 33")),
        (lambda text: f"new\n{text}", b"new\r\n" + MIXED),
        (lambda text: text.replace("b = 2\n", ""), MIXED.replace(b"b = 2\n", b"")),
        (lambda text: text.replace("b = 2\n", "b = 2\nx\ny\n"), MIXED.replace(b"b = 2\n", b"b = 2\nx\r\ny\r\n")),
        (lambda text: text.removesuffix("\n"), MIXED.removesuffix(b"\r\n")),
        (lambda _text: "", b""),
    ],
)
def test_each_line_keeps_its_own_end(tmp_path: Path, change: Callable[[str], str], written: bytes) -> None:
    path = tmp_path / "mixed.py"
    path.write_bytes(MIXED)
    file = read_source(path)
    assert "\r" not in file.text
    write_source(path, change(file.text), file.newline, file.bom, path)
    assert path.read_bytes() == written


def test_a_copy_under_another_name_has_them_too_and_a_file_that_is_gone_the_usual_one(tmp_path: Path) -> None:
    path, copy = tmp_path / "mixed.py", tmp_path / "copy.py"
    path.write_bytes(b"\xef\xbb\xbf" + MIXED)
    file = read_source(path)
    write_source(copy, file.text, file.newline, file.bom, path)
    assert copy.read_bytes() == path.read_bytes()
    path.unlink()
    write_source(path, file.text, file.newline, file.bom, path)
    plain = MIXED.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert path.read_bytes() == b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")


def test_the_usual_end_is_that_of_most_lines() -> None:
    assert [usual_end(text) for text in ("", "a", "a\nb\r\nc\n", "a\rb\rc\n", "a\r\n")] == [
        "\n",
        "\n",
        "\n",
        "\r",
        "\r\n",
    ]


def test_a_long_file_that_is_another_now_is_written_all_the_same() -> None:
    before = "".join(f"{number}\r\n" for number in range(50_000)) + "end\n"
    after = "".join(f"new {number}\n" for number in range(50_000)) + "end\n"
    assert with_ends(after, "\r\n", before) == after.removesuffix("\n").replace("\n", "\r\n") + "\n"


def test_a_line_that_is_blank_now_is_still_one_behind_an_end_of_old_macs() -> None:
    assert with_ends("a\n\nc\n", "\n", "a\rb\nc\n") == "a\r\rc\n"


LINES = 20_000


@pytest.mark.parametrize("end", ["", "end = 1\r\n"])
def test_a_name_replaced_all_over_a_long_file_leaves_the_other_lines_their_ends(end: str) -> None:
    before = "".join(f"    x{number} = old\r\n\n" for number in range(LINES)) + end
    after = before.replace("\r\n", "\n").replace("old", "new")
    assert with_ends(after, "\r\n", before) == before.replace("old", "new")


def test_lines_between_changes_far_apart_keep_their_ends() -> None:
    lines = [
        f"{number // 3 if number % 3 else ''}{ {0: chr(13), 1: chr(13), 2: ''}[number % 3] }\n"
        for number in range(LINES)
    ]
    kept = "".join(lines)
    before, after = f"a\n{kept}b\n", f"new\na 2\n{kept}b 2\nc\n".replace("\r", "")
    assert with_ends(after, "\r\n", before) == f"new\r\na 2\r\n{kept}b 2\r\nc\r\n"


def test_lines_that_changed_places_keep_the_ends_of_those_that_did_not() -> None:
    before = "".join(f"{number}\n" for number in range(10)) + "last\r\n" * 11
    moved = "".join(f"{number}\n" for number in (0, 7, 8, 1, 2, 3, 4, 5, 6, 9)) + "last\n" * 11
    written = with_ends(moved, "\r\n", before)
    assert written.split("last")[0].splitlines(keepends=True) == [
        f"{number}\r\n" if number in {7, 8} else f"{number}\n" for number in (0, 7, 8, 1, 2, 3, 4, 5, 6, 9)
    ]
