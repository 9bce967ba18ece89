"""Files of source: read whatever their line ends are, refused in words where they are none, never half written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcgui.console.environment.source_file import LARGEST, FileTrouble, read_source, stamp_of, write_source


@pytest.mark.parametrize(("newline", "bom"), [("\n", False), ("\r\n", False), ("\n", True), ("\r\n", True)])
def test_a_file_is_written_back_byte_for_byte(tmp_path: Path, newline: str, bom: bool) -> None:
    path = tmp_path / "pi.py"
    data = (("\ufeff" if bom else "") + newline.join(["é = 'π'", "", "x = 1", ""])).encode("utf-8")
    path.write_bytes(data)
    file = read_source(path)
    assert file.text == "é = 'π'\n\nx = 1\n"
    write_source(path, file.text, file.newline, file.bom)
    assert path.read_bytes() == data


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"])))
def test_any_text_survives(tmp_path: Path, text: str) -> None:
    path = tmp_path / "any.py"
    write_source(path, text.removeprefix("\ufeff"))
    assert read_source(path).text == text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("encoding", "cookie"),
    [
        ("latin-1", "# -*- coding: latin-1 -*-"),
        ("cp1252", "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :"),
        ("koi8-r", "# coding: koi8-r"),
        ("utf-8", "# coding: utf-8"),
        ("utf-8", "# coding: no-such-encoding"),
        ("utf-8", "# coding: rot13"),
        ("utf-8", "# coding: utf-16"),  # in which Python does not find this line again
        ("utf-8", "#!/usr/bin/python\n# vim: set fileencoding=utf-32 :"),
        ("utf-8", "# coding: utf-16-le"),
        ("utf-8", "# coding: cp037"),
        ("utf-8", "# coding: unicode_escape"),
        ("utf-8", "# coding: punycode"),
        ("utf-7", "# coding: utf-7"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_file_is_read_and_written_in_the_encoding_that_it_declares(
    tmp_path: Path, encoding: str, cookie: str, newline: str
) -> None:
    """As Python reads it."""
    path = tmp_path / "old.py"
    text = f"{cookie}\nname = '{'Ж' if encoding == 'koi8-r' else 'é'}'\n"
    path.write_bytes(text.replace("\n", newline).encode(encoding))
    file = read_source(path)
    assert file.text == text
    write_source(path, file.text + "x = 1\n", file.newline, file.bom)
    assert path.read_bytes() == (text + "x = 1\n").replace("\n", newline).encode(encoding)


def test_a_letter_that_the_declared_encoding_lacks_is_named_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "old.py"
    path.write_bytes(b"# coding: latin-1\nx = '\xe9'\n")
    with pytest.raises(
        FileTrouble, match=r"not saved: .* declare iso-8859-1, which has no '€' \(line 3\). Declare utf-8"
    ):
        write_source(path, read_source(path).text + "y = '€'\n")
    assert path.read_bytes() == b"# coding: latin-1\nx = '\xe9'\n"
    write_source(path, "# coding: utf-8\ny = '€'\n")
    assert read_source(path).text == "# coding: utf-8\ny = '€'\n"


def test_what_is_not_as_it_declares_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "old.py"
    path.write_bytes(b"# coding: ascii\nx = '\xe9'\n")
    with pytest.raises(
        FileTrouble, match="is not ASCII text: byte 0xe9 in line 2. That is what its first lines declare"
    ):
        read_source(path)


def test_a_file_that_is_not_text_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.py"
    path.write_bytes(b"x = 1\ny = '\xe9'\n")
    with pytest.raises(FileTrouble, match=r"notes.py is not UTF-8 text: byte 0xe9 in line 2"):
        read_source(path)


def test_a_picture_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_bytes(b"MZ\0\0")
    with pytest.raises(FileTrouble, match="zero bytes"):
        read_source(path)


def test_a_file_that_is_gone_is_refused_with_its_folder(tmp_path: Path) -> None:
    with pytest.raises(FileTrouble, match=r"There is no file pi.py in .*moved or renamed"):
        read_source(tmp_path / "pi.py")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileTrouble, match="is a folder"):
        read_source(tmp_path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.py"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(FileTrouble, match="larger than 8 MB"):
        read_source(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    with pytest.raises(FileTrouble, match="not an ordinary file"):
        read_source(tmp_path / "pipe.py")


def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "folder.py"
    path.mkdir()
    with pytest.raises(FileTrouble, match="was not saved"):
        write_source(path, "x = 1")
    assert path.is_dir()


def test_the_stamp_tells_that_somebody_else_wrote(tmp_path: Path) -> None:
    path = tmp_path / "pi.py"
    stamp = write_source(path, "x = 1\n")
    assert stamp_of(path) == stamp
    path.write_text("x = 10\n", encoding="utf-8")
    assert stamp_of(path) != stamp


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these permissions and links")
def test_saving_keeps_permissions_and_follows_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "real.py", tmp_path / "link.py"
    path.write_text("x\n", encoding="utf-8")
    path.chmod(0o750)
    link.symlink_to(path)
    write_source(link, "y\n")
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "y\n"
    assert path.stat().st_mode & 0o777 == 0o750
