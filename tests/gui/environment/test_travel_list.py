"""What travels with the job, below the editor: listed as it is on the disk, and picked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.environment.copying_in import copied_into
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.environment.project_watch import ProjectWatch, Question
from mcgui.console.environment.source_file import FileTrouble
from mcgui.console.environment.travel_list import TravelList
from mcgui.theme import Theme
from tests.gui.panels import Answers
from tests.gui.quiet import nothing_of, settle

HEAD = "# /// script\n# [tool.mcgui]\n# files = {files}\n# ///\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name, text in {
        "main.py": "import helper\n",
        "helper.py": "x = 1\n",
        "stations.csv": "1;2\n",
        "data/a.csv": "1" * 5000,
        "data/.hidden": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def panel(theme: Theme, qtbot: QtBot, home: Path) -> Iterator[EnvironmentPanel]:
    threads = Background()
    made = EnvironmentPanel(theme, Answers(), threads)
    qtbot.addWidget(made)
    made.resize(460, 600)
    made.show()
    made.travels.picked.connect(made.travels.set_picked)  # as the form does, which keeps it
    made.open_path(home / "main.py")
    looked(made)
    yield made
    made.end()
    threads.close()


def looked(panel: EnvironmentPanel) -> TravelList:
    """The list, once it is as it will be."""
    panel.look_through()
    settle(panel, panel.travels._watch._background)  # type: ignore[arg-type]
    return panel.travels


def rows(travels: TravelList) -> list[tuple[str, str]]:
    model = travels.table.proxy
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def choose(travels: TravelList, name: str) -> None:
    travels.table.view.choose_row([row[0] for row in rows(travels)].index(name))


def test_what_travels_is_in_one_line_that_unfolds(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    travels = panel.travels
    assert travels.toggle.text() == "Travels with this job: 2 files, 20 bytes"
    assert travels._table is None  # it is made when it is unfolded first
    qtbot.mouseClick(travels.toggle, Qt.MouseButton.LeftButton)
    assert travels.table.view.isVisible()
    assert rows(travels) == [("main.py", "the environment"), ("helper.py", "imported")]


def offered(travels: TravelList) -> list[str]:
    """What the menu of the button Add holds."""
    travels.table.fill_menu()
    return [action.text() for action in travels.table.menu.actions() if not action.isSeparator()]


def test_of_no_text_there_is_nothing_to_be_said(panel: EnvironmentPanel) -> None:
    panel.new()
    assert not looked(panel).isVisible()


def test_a_text_without_a_file_says_that_it_travels_alone_and_what_it_finds_here_only(
    panel: EnvironmentPanel, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It works on this computer, whose workers run in the folder of the window, and on no other."""
    monkeypatch.chdir(home)
    panel.new()
    panel.editor.setPlainText("x = 1\n")
    travels = looked(panel)
    travels.toggle.set_open(True)
    assert (travels.toggle.text(), travels.trouble.whole) == ("Travels with this job: its text alone", "")
    assert "Once the environment is saved" in travels.table.remark.text()
    panel.editor.setPlainText("import helper\nopen('stations.csv')\n")
    travels = looked(panel)
    assert (travels.trouble.whole, travels.trouble.property("tone")) == ("2 files stay here", "warn")
    assert rows(travels) == [("helper.py", "stays here"), ("stations.csv", "stays here")]
    assert f"helper.py lies in {home}, and stays there" in travels.table.remark.text()
    assert not travels.table.add.isEnabled()


def test_files_that_the_code_names_are_added_one_by_one_or_all_together(panel: EnvironmentPanel) -> None:
    panel.editor.setPlainText("open('stations.csv'), open('data/a.csv')\n")
    travels = looked(panel)
    named = ["data/a.csv, which the code names", "stations.csv, which the code names"]
    assert offered(travels) == [*named, "All 2 files that the code names", "Files…", "A folder…"]
    travels.table.menu.actions()[1].trigger()
    assert rows(looked(panel)) == [
        ("data/a.csv", "stays here"),
        ("main.py", "the environment"),
        ("stations.csv", "picked"),
    ]


def test_what_was_removed_last_is_brought_back_by_undo(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    travels = panel.travels
    travels.toggle.set_open(True)
    travels.set_picked(("stations.csv", "data"))
    before = rows(looked(panel))
    for name in ("stations.csv", "data/a.csv"):
        choose(travels, name)
        travels.table.view.setFocus()
        qtbot.keyClick(travels.table.view, Qt.Key.Key_Delete)
        looked(panel)
    assert travels._question.picked == ()
    for _ in range(3):  # once more than there was removed
        qtbot.keyClick(travels.table.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert rows(looked(panel)) == before


def outside(panel: EnvironmentPanel, home: Path) -> Path:
    """A file that cannot travel is picked."""
    path = home.parent / "up.csv"
    path.write_text("1;2\n")
    assert isinstance(panel._dialogs, Answers)
    panel._dialogs.path = path
    panel.travels.add_files()
    return path


def press(panel: EnvironmentPanel, name: str) -> None:
    """A button of the question about what was picked."""
    next(button for button in panel.travels.notice._buttons if button.text() == name).click()
    settle(panel, panel.travels._watch._background)  # type: ignore[arg-type]


def test_a_file_from_elsewhere_is_copied_into_the_folder_or_left_out(panel: EnvironmentPanel, home: Path) -> None:
    path = outside(panel, home)
    assert panel.travels.notice.text == f"up.csv lies outside of {home}: only what lies there can travel."
    press(panel, "Leave it out")
    assert (panel.travels.notice.text, panel.travels._question.picked) == ("", ())
    outside(panel, home)
    press(panel, "Copy it there")
    assert (home / "up.csv").read_text() == path.read_text()
    assert ("up.csv", "picked") in rows(looked(panel))
    assert panel.travels.notice.text == ""


def test_a_copy_replaces_no_file(panel: EnvironmentPanel, home: Path) -> None:
    (home / "up.csv").write_text("another")
    outside(panel, home)
    press(panel, "Copy it there")
    assert panel.travels.notice.text == f"{home} has another up.csv already, so it was not copied."
    assert ((home / "up.csv").read_text(), panel.travels._question.picked) == ("another", ())


def test_a_folder_is_copied_whole_and_never_into_itself(home: Path) -> None:
    with pytest.raises(FileTrouble, match="itself, so it was not copied"):
        copied_into(home, [home.parent])
    before = sorted(path.name for path in home.iterdir())
    folder = home.parent / "else where"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "lost.csv").symlink_to("nowhere")
    with pytest.raises(FileTrouble, match=r"else where cannot be copied into .*: .*No such file"):
        copied_into(home, [folder])
    assert sorted(path.name for path in home.iterdir()) == before, "nothing is left that a second try would meet"
    (folder / "deep" / "lost.csv").unlink()
    (copy,) = copied_into(home, [folder])
    assert (copy / "deep").is_dir()


def test_what_the_source_says_now_counts_before_it_is_saved(panel: EnvironmentPanel) -> None:
    panel.editor.setPlainText(HEAD.format(files='["data"]'))
    assert rows(looked(panel)) == [
        ("main.py", "the environment"),
        ("data/a.csv", "named in its header"),
        ("data/.hidden", "left out"),
    ]


def test_while_it_does_not_compile_what_was_known_stays(panel: EnvironmentPanel) -> None:
    before = rows(panel.travels)
    panel.editor.setPlainText("import helper\nx = (")
    assert rows(looked(panel)) == before


def test_a_change_on_the_disk_is_noticed(panel: EnvironmentPanel, home: Path) -> None:
    (home / "helper.py").write_text("import other\n")
    (home / "other.py").write_text("")
    panel.travels._watch.look()
    assert ("other.py", "imported") in rows(looked(panel))
    (home / "other.py").unlink()
    panel.travels._watch.look()
    assert ("other.py", "imported") not in rows(looked(panel))


@pytest.mark.parametrize(
    ("files", "said", "sentence"),
    [
        ('["nowhere.csv"]', "nowhere.csv: missing", "names no file that there is"),
        ('["../up.csv"]', "up.csv: lies outside of its folder", "lies outside of"),
        ('["data/a.csv"]', "a.csv: too large", "are the most that can travel"),
        ('["nowhere.csv", "neither.csv"]', "2 cannot travel", "names no file that there is"),
        ("5", "cannot be read", "must be a list of strings"),
    ],
)
def test_what_cannot_travel_is_said_in_the_line_and_in_a_sentence(
    panel: EnvironmentPanel, home: Path, files: str, said: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.parent / "up.csv").write_text("")
    monkeypatch.setattr("mcgui_core.environment.project_reader.FILE_BYTES_LIMIT", 1000)
    panel.editor.setPlainText(HEAD.format(files=files))
    travels = looked(panel)
    travels.toggle.set_open(True)
    assert travels.trouble.whole == said
    assert travels.trouble.property("tone") == "bad"
    assert sentence in travels.table.remark.text()
    assert said in travels.toggle.accessibleName()


def test_a_file_that_the_code_names_is_offered_and_travels_once_it_is_added(
    panel: EnvironmentPanel, qtbot: QtBot
) -> None:
    panel.editor.setPlainText("open('stations.csv')\n")
    travels = looked(panel)
    travels.toggle.set_open(True)
    assert (travels.trouble.whole, travels.trouble.property("tone")) == ("stations.csv stays here", "warn")
    assert rows(travels)[0] == ("stations.csv", "stays here")
    assert offered(travels)[0] == "stations.csv, which the code names"
    with qtbot.waitSignal(travels.picked) as told:
        travels.table.menu.actions()[0].trigger()
    assert told.args == [("stations.csv",)]
    assert rows(looked(panel)) == [("main.py", "the environment"), ("stations.csv", "picked")]
    assert travels.trouble.whole == ""
    assert offered(travels) == ["Files…", "A folder…"]


def test_files_and_folders_are_picked_and_taken_back(panel: EnvironmentPanel, home: Path, qtbot: QtBot) -> None:
    travels, answers = panel.travels, panel._dialogs
    assert isinstance(answers, Answers)
    travels.toggle.set_open(True)
    answers.path = home / "stations.csv"
    travels.add_files()
    answers.path = home / "data"
    travels.add_folder()
    assert answers.asked == ["files to send", "folder to send"]
    assert rows(looked(panel))[2:] == [
        ("data/a.csv", "picked: data"),
        ("stations.csv", "picked"),
        ("data/.hidden", "left out"),
    ]
    assert not travels.table.remove.isEnabled()
    choose(travels, "data/a.csv")
    assert travels.table.remove.isEnabled()
    travels.table.view.setFocus()
    qtbot.keyClick(travels.table.view, Qt.Key.Key_Delete)
    assert rows(looked(panel))[2:] == [("stations.csv", "picked")]
    choose(travels, "helper.py")
    assert not travels.table.remove.isEnabled()


def test_what_travels_anyway_is_not_picked(panel: EnvironmentPanel, home: Path) -> None:
    answers = panel._dialogs
    assert isinstance(answers, Answers)
    answers.path = home / "helper.py"
    with nothing_of(panel.travels.picked, panel):
        panel.travels.add_files()
        answers.path = None
        panel.travels.add_files()
        panel.travels.add_folder()


def test_what_was_picked_for_a_text_without_a_file_can_be_taken_back(panel: EnvironmentPanel) -> None:
    panel.new()
    travels = looked(panel)
    travels.set_picked(("stations.csv",))
    looked(panel)
    assert travels.isVisible()
    assert rows(travels) == [("stations.csv", "missing")]
    travels.toggle.set_open(True)
    assert "Save it" in travels.table.remark.text()
    choose(travels, "stations.csv")
    travels.table.remove.click()
    assert not travels.isVisible()


def test_another_file_in_front_has_its_own(panel: EnvironmentPanel, home: Path) -> None:
    (home / "two.py").write_text("")
    panel.open_path(home / "two.py")
    assert rows(looked(panel)) == [("two.py", "the environment")]


def test_an_answer_that_comes_late_is_not_shown(qtbot: QtBot, background: Background, home: Path) -> None:
    """Of a question that was asked while another was looked for, that one's answer alone is told."""
    watch = ProjectWatch(background)
    told: list[str] = []
    watch.found.connect(lambda look: told.append(look.files[0].path))
    (home / "two.py").write_text("")
    watch.ask(Question(str(home / "main.py"), ""))
    watch.ask(Question(str(home / "two.py"), ""))
    settle(watch, background)
    assert told == ["two.py"]
    watch.stop()


def test_of_a_file_that_is_gone_the_text_travels(panel: EnvironmentPanel, home: Path) -> None:
    (home / "main.py").unlink()
    panel.travels._watch.look()
    travels = looked(panel)
    assert travels.toggle.text() == "Travels with this job: its text alone"
    assert rows(travels) == []


def test_each_part_has_a_name_and_a_cell_says_what_it_is(panel: EnvironmentPanel) -> None:
    travels = panel.travels
    travels.toggle.set_open(True)
    names = {part.accessibleName() for part in (travels.table.view, travels.table.add, travels.table.remove)}
    assert names == {"Files that travel", "Add files that travel along", "Remove what was picked"}
    table = QAccessible.queryAccessibleInterface(travels.table.view)
    assert table.role() == QAccessible.Role.Table
    spoken = travels.table.proxy.index(1, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Why: imported"


def test_the_name_of_a_file_and_what_is_said_of_it_have_room_in_a_narrow_panel(
    panel: EnvironmentPanel, qtbot: QtBot
) -> None:
    travels = looked(panel)
    travels.toggle.set_open(True)
    table = travels.table
    for width in (170, 700, 230):
        panel.setFixedWidth(width)
        QApplication.processEvents()
        needed = table.fontMetrics().horizontalAdvance("helper.py")
        assert table.view.columnWidth(0) >= needed or table.view.columnWidth(0) >= table.view.viewport().width() // 2
        qtbot.waitUntil(lambda: table.remark.height() >= table.remark.heightForWidth(table.remark.width()))
        assert table.view.isColumnHidden(2) == (width < 700)
