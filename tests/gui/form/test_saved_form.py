"""What is filled in to run is there again at the next start, with the file that it is for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.environment.recovery import Recovery
from mcgui.console.form.job_form import JobForm
from mcgui.console.form.job_options import JobOptions
from mcgui.console.form.saved_form import SavedForm
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from tests.gui.editors import PATIENCE
from tests.gui.panels import PI, Answers, look


@contextmanager
def opened(qtbot: QtBot, theme: Theme, folder: Path) -> Iterator[tuple[EnvironmentPanel, JobForm, SavedForm]]:
    """Editor and form, as the console puts them together."""
    background = Background()
    panel = EnvironmentPanel(theme, Answers())
    form = JobForm(theme, background, look, lambda: None)
    panel.environment_changed.connect(form.set_environment)
    for widget in (panel, form):
        qtbot.addWidget(widget)
    recovery = Recovery(folder)
    panel.keep(recovery)
    kept = SavedForm(form, panel, background)
    kept.begin(recovery.folder)
    try:
        yield panel, form, kept
    finally:
        panel.end()
        background.close()


def fill(panel: EnvironmentPanel, form: JobForm) -> None:
    panel.set_source(PI)
    panel.look_through()
    form.function.choose("throw")
    form.reduce.choose("estimate")
    form.arguments.set_source(ArgumentSource("expression", text="range(77)"))
    form.options.set_options(JobOptions(retries=3))


def test_it_is_written_by_itself_so_that_a_crash_loses_nothing(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with opened(qtbot, theme, tmp_path) as (panel, form, _):
        fill(panel, form)
        file = tmp_path / "1" / "form.mcjob"
        qtbot.waitUntil(lambda: file.exists() and "range(77)" in file.read_text(), timeout=PATIENCE)


def test_it_is_filled_in_again_at_the_next_start(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with opened(qtbot, theme, tmp_path) as (panel, form, kept):
        fill(panel, form)
        kept.close()
    with opened(qtbot, theme, tmp_path) as (panel, form, _):
        assert panel.source == PI
        assert (form.function.name, form.reduce.name) == ("throw", "estimate")
        assert form.arguments.source.text == "range(77)"
        assert (form.options.options.retries, form.options.options.name) == (3, "")


def test_what_was_for_another_file_is_let_be(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with opened(qtbot, theme, tmp_path) as (panel, form, kept):
        fill(panel, form)
        kept.close()
        other = tmp_path / "other.py"
        other.write_text("def other(x): ...\n")
        panel.open_path(other)
    with opened(qtbot, theme, tmp_path) as (_, form, _):
        assert form.function.name == "other"
        assert form.arguments.fields.is_empty


@pytest.mark.parametrize("content", ["", "name =", "\x00"])
def test_what_was_spoilt_by_hand_is_let_be(qtbot: QtBot, theme: Theme, tmp_path: Path, content: str) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "form.mcjob").write_text(content)
    with opened(qtbot, theme, tmp_path) as (_, form, _):
        assert form.arguments.fields.is_empty


def test_each_open_file_gets_back_what_was_filled_in_for_it(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.py", "two.py", "three.py")]
    for number, file in enumerate(files):
        file.write_text(f"def f{number}(x):\n    return x\n\n\ndef other(x):\n    return x\n")
    with opened(qtbot, theme, tmp_path / "kept") as (panel, form, kept):
        for number, file in enumerate(files):
            assert panel.open_path(file)
            form.function.choose("other" if number == 1 else f"f{number}")
            form.arguments.set_source(ArgumentSource("expression", text=f"range({number + 5})"))
            form.options.set_options(JobOptions(retries=number))
        kept.close()
    with opened(qtbot, theme, tmp_path / "kept") as (panel, form, kept):
        for number in (1, 0):  # the third is in front, and stays as it is when nobody looks at it
            assert panel.open_path(files[number])
            assert form.arguments.source.text == f"range({number + 5})"
            assert form.function.name == ("other" if number == 1 else "f0")
            assert form.options.options.retries == number
        kept.close()
    with opened(qtbot, theme, tmp_path / "kept") as (panel, form, _):
        assert panel.open_path(files[2])
        assert (form.function.name, form.arguments.source.text) == ("f2", "range(7)")


def test_texts_without_a_file_get_back_what_was_filled_in_for_them_too(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    with opened(qtbot, theme, folder) as (panel, form, kept):
        for number in range(3):
            if number:
                panel.tabs.add()
            panel.editor.insertPlainText(f"def f{number}(x):\n    return x\n\n\ndef other(x):\n    return x\n")
            panel.look_through()
            form.function.choose("other" if number == 1 else f"f{number}")
            text = "list(range(6))" if number == 1 else f"range({number + 5})"
            form.arguments.set_source(ArgumentSource("expression", text=text), wait=number == 1)  # somebody else's
            form.options.set_options(JobOptions(retries=number))
        kept.close()
    for _ in range(2):  # at the second start, those at which nobody has looked are there still
        with opened(qtbot, theme, folder) as (panel, form, kept):
            for number in (2, 0):
                panel.tabs.show_page(panel.tabs.pages[number])
                assert (form.function.name, form.arguments.source.text) == (f"f{number}", f"range({number + 5})")
                assert form.options.options.retries == number
            kept.close()
    with opened(qtbot, theme, folder) as (panel, form, _):
        panel.tabs.show_page(panel.tabs.pages[1])
        assert (form.function.name, form.arguments.source.text) == ("other", "list(range(6))")
        assert form.arguments.waits_for_look
        panel.tabs.add()
        panel.editor.insertPlainText("def g(x):\n    return x\n")
        panel.look_through()
        assert form.arguments.source == ArgumentSource("expression")


def test_what_was_filled_in_for_files_that_are_not_in_front_is_written_by_itself_too(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    """So that a power cut loses nothing: nobody calls `close` then."""
    files = [tmp_path / "one.py", tmp_path / "two.py"]
    for file in files:
        file.write_text("def f(x):\n    return x\n")
    forms = tmp_path / "kept" / "1" / "forms"
    with opened(qtbot, theme, tmp_path / "kept") as (panel, form, _):
        for number, file in enumerate(files):
            assert panel.open_path(file)
            form.function.choose("f")
            form.arguments.set_source(ArgumentSource("expression", text=f"range({number + 5})"))
            form.set_files((f"data/{number}.csv",))
        qtbot.waitUntil(
            lambda: (
                {
                    text
                    for path in forms.glob("*.mcjob")
                    for text in ("range(5)", "range(6)")
                    if text in path.read_text()
                }
                == {"range(5)", "range(6)"}
            ),
            timeout=PATIENCE,
        )
    with opened(qtbot, theme, tmp_path / "kept") as (panel, form, kept):
        assert panel.open_path(files[0])
        assert (form.arguments.source.text, form.files) == ("range(5)", ("data/0.csv",))
        form.arguments.set_source(ArgumentSource("expression", text="range(9)"))
        kept.close()
    assert sorted(
        text
        for path in forms.glob("*.mcjob")
        for text in ("range(5)", "range(6)", "range(9)")
        if text in path.read_text()
    ) == ["range(6)", "range(9)"]


def test_what_a_full_disk_did_not_take_is_written_with_what_comes_after_it(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    """Of a file that is not in front: what stands for the disk is a folder in the place of what is written first."""
    files = [tmp_path / "one.py", tmp_path / "two.py"]
    for file in files:
        file.write_text("def f(x):\n    return x\n")

    def fill_in(text: str) -> None:
        form.function.choose("f")
        form.arguments.set_source(ArgumentSource("expression", text=text))
        kept.close()  # writes it

    with opened(qtbot, theme, tmp_path / "kept") as (panel, form, kept):
        assert panel.open_path(files[0])
        fill_in("range(1)")
        assert panel.open_path(files[1])
        fill_in("range(10)")
        forms = (tmp_path / "kept" / "1" / "forms").glob("*.mcjob")
        (of_one,) = (path for path in forms if "range(1)" in path.read_text())
        hindrance = of_one.with_name(f".{of_one.name}.{os.getpid()}.new")
        hindrance.mkdir()
        assert panel.open_path(files[0])
        fill_in("range(2)")
        assert panel.open_path(files[1])
        fill_in("range(20)")
        assert "range(1)" in of_one.read_text()
        assert "range(20)" in (tmp_path / "kept" / "1" / "form.mcjob").read_text()
        hindrance.rmdir()
        fill_in("range(21)")
        assert "range(2)" in of_one.read_text()
    with opened(qtbot, theme, tmp_path / "kept") as (panel, form, kept):
        assert form.arguments.source.text == "range(21)"
        assert panel.open_path(files[0])
        assert form.arguments.source.text == "range(2)"


def test_what_was_not_written_is_tried_again_at_the_end(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    """Also where nothing was changed after that."""
    with opened(qtbot, theme, tmp_path) as (panel, form, kept):
        fill(panel, form)
        file = tmp_path / "1" / "form.mcjob"
        hindrance = file.with_name(f".{file.name}.{os.getpid()}.new")
        hindrance.mkdir(parents=True)
        kept.close()
        assert not file.exists()
        hindrance.rmdir()
        kept.close()
        assert "range(77)" in file.read_text()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are text there")
def test_a_file_whose_name_is_no_text_keeps_what_is_for_others_from_no_disk(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    files = [tmp_path / os.fsdecode(b"caf\xe9.py"), tmp_path / "two.py"]
    for file in files:
        file.write_text("def f(x):\n    return x\n")
    with opened(qtbot, theme, tmp_path / "kept") as (panel, form, kept):
        for number, file in enumerate(files):
            assert panel.open_path(file)
            form.function.choose("f")
            form.arguments.set_source(ArgumentSource("expression", text=f"range({number})"))
        kept.close()
        assert "range(1)" in (tmp_path / "kept" / "1" / "form.mcjob").read_text()
