"""Opening and saving jobs and environments, and the examples that come with the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.files.documents import DocumentDialogs, Documents
from mcgui.console.files.examples import examples
from mcgui.console.first_run import FirstRun
from mcgui.console.form.job_form import JobForm
from mcgui.console.parts.window_message_bar import MessageBar
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource, kind_of_file
from mcgui_core.client.job_document import JobDocument
from mcgui_core.workbench.workbench import Workbench

SOURCE = "def f(x, y=2):\n    return x * y\n\n\ndef total(values):\n    return sum(values)\n"
JOB = """name = "Twice"
description = "Each number, twice"
environment = "twice.py"
function = "f"
reduce = "total"
retries = 2

[arguments]
kind = "expression"
text = "range(7)"
"""


class Answers(DocumentDialogs):
    """Answers where a person would be asked."""

    path: Path | None = None

    def path_to_open(self, parent: QWidget, folder: Path) -> Path | None:
        return self.path

    def path_to_save(self, parent: QWidget, suggested: Path) -> Path | None:
        return self.path

    def path_of_script(self, parent: QWidget, suggested: Path) -> Path | None:
        self.suggested = suggested
        return self.path


class Desk:
    """The parts that documents are about."""

    def __init__(self, theme: Theme, background: Background, bench: Workbench, settings: Settings) -> None:
        self.environment = EnvironmentPanel(theme)
        self.form = JobForm(theme, background, bench.preview, bench.restart)
        self.environment.environment_changed.connect(self.form.set_environment)
        self.messages = MessageBar(theme)
        self.dialogs = Answers()
        self.documents = Documents(self.environment, self.form, self.messages, settings, self.dialogs)

    def said(self) -> str:
        return "\n".join(message.text for message in self.messages.messages) + self.environment.notice.text


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Desk]:
    background, bench = Background(), Workbench()
    made = Desk(theme, background, bench, Settings(tmp_path / "mcgui.ini"))
    for widget in (made.environment, made.form, made.messages):
        qtbot.addWidget(widget)
    yield made
    bench.close()
    background.close()


@pytest.fixture
def job(tmp_path: Path) -> Path:
    (tmp_path / "twice.py").write_text(SOURCE)
    (tmp_path / "twice.mcjob").write_text(JOB)
    return tmp_path / "twice.mcjob"


@pytest.mark.parametrize("ending", [".mcjob", ".MCJOB", ".McJob"])
def test_a_job_fills_in_the_whole_form(qtbot: QtBot, desk: Desk, job: Path, ending: str) -> None:
    job = job.rename(job.with_suffix(ending))
    assert desk.documents.open_path(job)
    assert desk.documents.path == job
    qtbot.waitUntil(lambda: desk.form.request is not None, timeout=20_000)
    request = desk.form.request
    assert request is not None
    assert (request.spec.name, request.spec.function, request.spec.reduce) == ("Twice", "f", "total")
    assert (request.spec.retries, request.count, request.spec.filename) == (2, 7, str(job.with_name("twice.py")))
    assert request.spec.environment == SOURCE


def test_what_is_saved_is_what_was_opened(qtbot: QtBot, desk: Desk, job: Path) -> None:
    desk.documents.open_path(job)
    desk.dialogs.path = job.with_name("copy.mcjob")
    desk.documents.save_job()
    assert JobDocument.load(desk.dialogs.path) == JobDocument.load(job)


@pytest.mark.parametrize("name", ["rows.csv", "rows.TSV", "rows.xlsx", "rows.jsonl", "rows.npy", "rows.parquet"])
def test_a_table_that_is_opened_is_loaded_as_the_arguments_as_where_it_is_dropped(
    qtbot: QtBot, desk: Desk, job: Path, name: str
) -> None:
    """And is no Python source with a problem in its second line."""
    desk.documents.open_path(job.with_name("twice.py"))
    path = job.with_name(name)
    path.write_text('{"x": 1}\n' if name.endswith("jsonl") else "x\n1\n")
    assert desk.documents.open_path(path)
    assert desk.environment.path == job.with_name("twice.py")
    assert desk.form.arguments.source.path == str(path)
    assert desk.form.arguments.source.kind == kind_of_file(path)
    assert desk.documents.recent[0] == path


def test_a_text_that_is_opened_is_opened_in_the_editor(desk: Desk, job: Path) -> None:
    path = job.with_name("notes.txt")
    path.write_text("x = 1\n")
    assert desk.documents.open_path(path)
    assert desk.environment.path == path


def test_no_option_is_rounded_or_lost_on_its_way_through_the_window(desk: Desk, job: Path) -> None:
    options = {"timeout": 0.04, "priority": 5000, "backoff": 1e-12, "memory": 1_500_000_001, "hedge": False}
    document = replace(JobDocument.load(job), **options, chunksize=7)  # type: ignore[arg-type]
    document.save(job)
    desk.documents.open_path(job)
    desk.documents.save()
    assert JobDocument.load(job) == document


@pytest.mark.parametrize(
    "source",
    [
        ArgumentSource("sweep", axes=(("x", "1 to 3"), ("y", "a, b")), combine="zip"),
        ArgumentSource("jsonl", path="rows.jsonl", skip_bad=True, columns=(("from", "x"), ("note", ""))),
        ArgumentSource("parquet", path="rows.parquet", columns=(("from", "x"),)),
        ArgumentSource("xlsx", path="rows.xlsx", sheet="May", types=(("x", "text"),)),
        ArgumentSource("numpy", path="rows.npz"),
        ArgumentSource("json", path="rows.json"),
        ArgumentSource("folder", path=".", pattern="**/*.txt", content="text", skip_bad=True),
    ],
    ids=lambda source: source.kind,
)
def test_arguments_of_every_kind_come_back_from_the_window_as_they_were(
    desk: Desk, job: Path, source: ArgumentSource
) -> None:
    path = str(job.parent / source.path) if source.path else ""
    document = replace(JobDocument.load(job), arguments=replace(source, path=path), call="kwargs")
    document.save(job)
    desk.documents.open_path(job)
    desk.dialogs.path = job.with_name("copy.mcjob")
    desk.documents.save_job()
    assert JobDocument.load(desk.dialogs.path) == document


def test_save_writes_environment_and_job(qtbot: QtBot, desk: Desk, job: Path) -> None:
    desk.documents.open_path(job)
    desk.environment.editor.setPlainText(SOURCE + "\n# more\n")
    desk.environment.editor.document().setModified(True)
    desk.form.options.form.field("retries").choose(5)
    desk.documents.save()
    assert job.with_name("twice.py").read_text().endswith("# more\n")
    assert JobDocument.load(job).retries == 5


def test_an_environment_alone_is_opened_as_one(desk: Desk, job: Path) -> None:
    desk.dialogs.path = job.with_name("twice.py")
    desk.documents.open()
    assert desk.environment.source == SOURCE
    assert desk.form.function.name == "f"
    assert desk.documents.path is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "is not TOML"),
        (JOB.replace("function", "funktion", 1), "unknown key"),
        (JOB.replace("twice.py", "nowhere.py"), "no file nowhere.py"),
    ],
)
def test_a_job_that_cannot_be_opened_is_told_of_and_changes_nothing(
    desk: Desk, job: Path, text: str, said: str
) -> None:
    desk.documents.open_path(job)
    broken = job.with_name("broken.mcjob")
    broken.write_text(text)
    assert not desk.documents.open_path(broken)
    assert said in desk.said()
    assert desk.environment.source == SOURCE
    assert desk.documents.path == job


@pytest.mark.parametrize("missing", ["nowhere.mcjob", "nowhere.py"])
def test_of_several_files_one_that_is_not_there_is_told_of_and_the_others_opened(
    desk: Desk, job: Path, tmp_path: Path, missing: str
) -> None:
    (tmp_path / "other.py").write_text("def g(x): ...\n")
    assert not desk.documents.open_paths((tmp_path / "twice.py", tmp_path / missing, tmp_path / "other.py"))
    assert "nowhere" in desk.said()
    assert [page.path for page in desk.environment.tabs.pages] == [tmp_path / "twice.py", tmp_path / "other.py"]


def test_a_file_that_is_not_there_is_told_of(desk: Desk, tmp_path: Path) -> None:
    assert not desk.documents.open_path(tmp_path / "nowhere.mcjob")
    assert "cannot be read" in desk.said()


def test_a_job_that_cannot_be_saved_is_told_of(desk: Desk, job: Path, tmp_path: Path) -> None:
    desk.documents.open_path(job)
    desk.dialogs.path = tmp_path / "no such folder" / "a.mcjob"
    desk.documents.save_job()
    assert "The job was not saved." in desk.said()


def test_files_of_late_are_remembered_the_latest_first(desk: Desk, job: Path) -> None:
    environment = job.with_name("twice.py")
    for path in (environment, job, environment):
        desk.documents.open_path(path)
    assert desk.documents.recent == (environment, job)


# Examples


def test_the_examples_are_those_of_the_first_screen_the_easiest_first() -> None:
    names = ["pi", "factorization", "tuples", "mandelbrot", "pendulum", "epidemic", "flights"]
    assert [example.path.stem for example in examples()] == names
    assert all(example.name and example.sentence for example in examples())


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.path.stem)
def test_each_example_can_be_run_as_it_is_opened(qtbot: QtBot, desk: Desk, example: object) -> None:
    assert desk.documents.open_path(example.path)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: not desk.form.arguments.waiting, timeout=20_000)
    # The pendulum's table has a bad row on purpose: whether it is left out is for the person to say.
    missing = [sentence for sentence in desk.form.missing if "row" not in sentence and "line" not in sentence]
    assert missing == []


def test_a_press_on_an_example_opens_it(qtbot: QtBot, qapp: QApplication) -> None:
    first_run = FirstRun(examples())
    qtbot.addWidget(first_run)
    button = next(b for b in first_run.findChildren(QPushButton) if "Mandelbrot" in b.accessibleName())
    with qtbot.waitSignal(first_run.chosen) as heard:
        button.click()
    assert heard.args[0].name == "mandelbrot.mcjob"


@pytest.mark.parametrize("width", [400, 700, 1100])
def test_the_examples_are_whole_with_as_many_words_as_there_is_room_for(qtbot: QtBot, theme: Theme, width: int) -> None:
    first_run = FirstRun(examples())
    qtbot.addWidget(first_run)
    first_run.resize(width, 900)
    first_run.show()
    least, said = first_run.minimumSizeHint().height() + first_run.comfort(), []
    for height in range(900, least - 1, -5):
        first_run.resize(width, height)
        shown = [one for one in first_run.findChildren(QPushButton) if one.isVisible()]
        assert len(shown) == len(examples())
        assert [one.geometry() for one in shown if one.visibleRegion().boundingRect() != one.rect()] == []
        words = [one for one in first_run.findChildren(QLabel) if one.isVisible()]
        assert all(one.height() >= one.heightForWidth(one.width()) for one in words)
        said.append(sum(len(one.text()) for one in words))
        assert first_run.minimumSizeHint().height() + first_run.comfort() == least, (
            "what it asks for comes of what it shows"
        )
    assert said == sorted(said, reverse=True)
    assert len(set(said)) > 1


def test_examples_for_which_there_is_no_room_are_scrolled_and_not_cut(qtbot: QtBot, theme: Theme) -> None:
    """Their buttons were lower than their words."""
    first_run = FirstRun(examples())
    qtbot.addWidget(first_run)
    first_run.resize(400, first_run.minimumSizeHint().height() + 10)
    first_run.show()
    qtbot.waitExposed(first_run)
    shown = [one for one in first_run.findChildren(QPushButton) if one.isVisible()]
    assert len(shown) == len(examples())
    assert [one.text() for one in shown if one.height() < one.sizeHint().height()] == []


def test_a_job_is_saved_as_a_script_that_says_where_it_is(qtbot: QtBot, desk: Desk, job: Path, tmp_path: Path) -> None:
    desk.documents.open_path(job)
    qtbot.waitUntil(lambda: desk.form.request is not None, timeout=20_000)
    desk.dialogs.path = tmp_path / "run_twice.py"
    desk.documents.save_script()
    assert desk.dialogs.suggested == tmp_path / "run_twice.py"
    script = (tmp_path / "run_twice.py").read_text()
    assert "function='f'" in script
    assert "retries=2" in script
    assert 'Type "python run_twice.py" there' in desk.said()


def test_a_script_is_not_written_over_the_environment_nor_made_of_half_a_job(
    qtbot: QtBot, desk: Desk, job: Path, tmp_path: Path
) -> None:
    desk.documents.save_script()
    assert "Give the arguments." in desk.said()
    desk.documents.open_path(job)
    qtbot.waitUntil(lambda: desk.form.request is not None, timeout=20_000)
    desk.dialogs.path = tmp_path / "twice.py"
    desk.documents.save_script()
    assert "the environment itself" in desk.said()
    assert (tmp_path / "twice.py").read_text() == SOURCE


# Several files


def test_the_job_document_goes_with_its_file_and_saving_another_one_leaves_it_alone(
    qtbot: QtBot, desk: Desk, job: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.py"
    other.write_text("def other(x): ...\n")
    named: list[str] = []
    desk.documents.named.connect(lambda name, _path: named.append(name))
    desk.documents.open_path(job)
    before = job.read_text()
    desk.documents.open_path(other)
    assert (desk.documents.path, named[-1], desk.form.function.name) == (None, "other.py", "other")
    desk.environment.editor.insertPlainText("# changed\n")
    desk.documents.save()
    assert other.read_text().startswith("# changed")
    assert job.read_text() == before
    desk.environment.previous_file()
    assert (desk.documents.path, named[-1]) == (job, "twice.mcjob")
    assert (desk.form.function.name, desk.form.reduce.name) == ("f", "total")
    assert desk.form.arguments.source.text == "range(7)"
    assert desk.form.options.options.name == "Twice"
