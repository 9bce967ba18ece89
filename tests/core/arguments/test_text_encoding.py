"""Files in the encodings that people have: found by a look at the file, or said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.arguments.argument_readers import open_arguments
from mcgui_core.arguments.argument_source import ArgumentKind, ArgumentSource
from mcgui_core.arguments.readers.text_encoding import WESTERN, encoding_of, found_encoding
from mcgui_core.errors import ArgumentsInvalid

NAMES = ["Émile", "Günter", "José 5 €"]
TEXTS: dict[ArgumentKind, tuple[str, list[Any]]] = {
    "text": ("\r\n".join(NAMES), NAMES),
    "csv": ("n\tname\r\n" + "\r\n".join(f"{n}\t{name}" for n, name in enumerate(NAMES)), [{"n": n, "name": name} for n, name in enumerate(NAMES)]),
    "json": (json.dumps(NAMES, ensure_ascii=False, indent=1), NAMES),
    "jsonl": ("\r\n".join(json.dumps({"x": name}, ensure_ascii=False) for name in NAMES), [{"x": name} for name in NAMES]),
}  # fmt: skip


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize(
    ("codec", "mark", "found"),
    [
        ("utf-8", "", "utf-8"),
        ("utf-8", "\ufeff", "utf-8"),
        ("cp1252", "", "cp1252"),
        ("utf-16-le", "\ufeff", "utf-16"),
        ("utf-16-be", "\ufeff", "utf-16"),
        ("utf-16-le", "", "utf-16-le"),
        ("utf-32-le", "\ufeff", "utf-32"),
    ],
)
def test_a_file_is_read_in_the_encoding_that_it_has(
    kind: ArgumentKind, codec: str, mark: str, found: str, tmp_path: Path
) -> None:
    text, values = TEXTS[kind]
    path = written(tmp_path / "a", (mark + text).encode(codec))
    arguments = open_arguments(ArgumentSource(kind, path=str(path)))
    arguments.check()
    assert list(arguments) == values
    assert (arguments.count, arguments.preview().encoding) == (3, found)


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("codec", ["cp1252", "iso8859-15", "mac_roman", "cp858", "utf-16-be"])
def test_a_file_is_read_in_the_encoding_that_is_said(kind: ArgumentKind, codec: str, tmp_path: Path) -> None:
    text, values = TEXTS[kind]
    path = written(tmp_path / "a", text.encode(codec))
    assert list(open_arguments(ArgumentSource(kind, path=str(path), encoding=codec))) == values


def test_texts_of_a_folder_are_read_in_the_encoding_that_each_has(tmp_path: Path) -> None:
    for name, codec in (("a", "utf-8-sig"), ("b", "cp1252"), ("c", "utf-16")):
        written(tmp_path / name, "Müller\r\n5 €".encode(codec))
    source = ArgumentSource("folder", path=str(tmp_path), content="text")
    assert list(open_arguments(source)) == ["Müller\n5 €"] * 3
    said = ArgumentSource("folder", path=str(tmp_path), content="text", encoding="utf-8")
    with pytest.raises(ArgumentsInvalid, match=r"b is not UTF-8 text\."):
        list(open_arguments(said))


def test_the_first_letter_beyond_ascii_may_stand_far_down(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", b"good\n" * 100_000 + b"caf\xe9")
    arguments = open_arguments(ArgumentSource("text", path=str(path)))
    assert list(arguments)[-1] == "café"


def test_one_wrong_byte_in_utf_8_is_named_and_not_read_as_another_encoding(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "name\nÉmile\nJosé\n".encode() + b"caf\xe9\n")
    with pytest.raises(
        ArgumentsInvalid, match=r"Line 4 of a\.csv is not UTF-8 text \(byte 0xe9\)\. Say which encoding"
    ):
        open_arguments(ArgumentSource("csv", path=str(path))).check()


@pytest.mark.parametrize(
    ("data", "encoding", "problem"),
    [
        (b"a\nf\x81r\n", "", r"Line 2 of a\.txt is not Windows-1252 text \(byte 0x81\)"),  # DOS
        (b"a\x00\xd8\x00", "utf-16-be", r"a\.txt is not UTF-16-BE text"),
        (b"a", "utf-9", r"'utf-9' is no encoding of text\. Some are utf-8"),
        (b"a", "base64", r"'base64' is no encoding of text"),
    ],
)
def test_what_is_not_in_its_encoding_says_so(data: bytes, encoding: str, problem: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", data)
    with pytest.raises(ArgumentsInvalid, match=problem):
        open_arguments(ArgumentSource("text", path=str(path), encoding=encoding)).check()


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), st.integers(0, 3))
def test_utf_8_is_found_wherever_its_bytes_are_cut(text: str, missing: int) -> None:
    data = text.encode()
    assert found_encoding(data[: len(data) - missing], whole=missing == 0) == "utf-8"


@given(st.text(st.sampled_from("äöüÄÖÜßéèà abc\n"), min_size=1).filter(lambda text: not text.isascii()))
def test_western_text_is_never_taken_for_utf_8(text: str) -> None:
    assert found_encoding(f"{text}\n".encode(WESTERN)) == WESTERN


def test_a_letter_that_two_reads_divide_is_no_fault(tmp_path: Path) -> None:
    for before in range(65_530, 65_540):
        assert encoding_of(written(tmp_path / "a", b"a" * before + "€".encode() * 3)) == "utf-8"


@pytest.mark.parametrize(
    ("beginning", "what"),
    [
        (b"PK\x03\x04\x14\x00", "a workbook of Excel, or another ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an older Excel"),
        (b"\x1f\x8b\x08", r"compressed \(gzip\)"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"\x93NUMPY\x01", "a NumPy file"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
    ],
)
@pytest.mark.parametrize("said", ["", "latin-1"])
@pytest.mark.parametrize("kind", TEXTS)
def test_what_is_no_text_is_said_to_be_what_it_is(
    kind: ArgumentKind, beginning: bytes, what: str, said: str, tmp_path: Path
) -> None:
    """And not to be of an encoding that has to be said: with that of the western world, anything is text."""
    path = written(tmp_path / "a.csv", beginning + bytes(range(256)))
    with pytest.raises(ArgumentsInvalid, match=f"a.csv is no text: it is .*{what}") as raised:
        open_arguments(ArgumentSource(kind, path=str(path), encoding=said)).check()
    assert raised.value.encoding == "", "the window offers no encodings"


def test_a_table_whose_first_column_is_called_as_such_a_file_begins_is_a_table(tmp_path: Path) -> None:
    for name in ("PK", "PAR1", "BZh", "Rar!"):
        path = written(tmp_path / "a.csv", f"{name},b\n1,2\n".encode())
        assert list(open_arguments(ArgumentSource("csv", path=str(path)))) == [{name: 1, "b": 2}]
