"""The menu Help: the guide at the page about where one is, keys, what is new, and the lines of a report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument, QTextFrameFormat, QTextTable
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.help.guide_pages import changes, guide_pages, heading_about
from mcgui.console.help.help_window import HelpPage, HelpWindow
from mcgui.theme import Theme
from mcgui_core.base.version import __version__
from mcgui_core.errors import MasterAway, McguiError, RemoteTraceback
from tests.core.test_errors import EXAMPLES
from tests.gui.consoles import Opened, console


@pytest.fixture
def opened(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Opened]:
    with console(qtbot, theme, tmp_path) as made:
        yield made


def shown(opened: Opened) -> HelpWindow:
    window = opened.window.help.window
    assert window is not None
    assert window.isVisible()
    return window


@pytest.mark.timeout(120)
def test_the_guide_opens_at_the_page_about_where_the_keyboard_is(opened: Opened) -> None:
    parts, actions = opened.window.parts, opened.window.parts.actions
    for panel, page in (
        (parts.environment.editor, "environment"),
        (parts.form.arguments.fields.expression, "arguments"),
        (parts.form.function.combo, "first-steps"),
        (parts.workers.view, "workers"),
    ):
        panel.setFocus()
        actions["guide"].trigger()
        assert shown(opened).page == page
    shown(opened).close()


@pytest.mark.timeout(120)
def test_keys_news_and_the_report_are_pages_too(opened: Opened) -> None:
    actions = opened.window.parts.actions
    actions["shortcuts"].trigger()
    text = shown(opened).text.toPlainText()
    for line in ("Ctrl+R", "Retry failed", "Ctrl+Shift+P", "Guide"):
        assert line in text
    assert not shown(opened).copy.isVisible()
    actions["whats_new"].trigger()
    assert "What users notice, newest first" in shown(opened).text.toPlainText()
    actions["report"].trigger()
    shown(opened).copy.click()
    copied = QApplication.clipboard().text()
    assert f"mcgui: {__version__}\n" in copied
    assert "Workers: 1, " in copied
    link = opened.session.cluster.console_link
    assert link not in copied
    assert link.partition("#")[2] not in copied
    shown(opened).close()


def test_links_lead_to_pages_and_words_are_found_on_all_of_them(qtbot: QtBot, opened: Opened) -> None:
    opened.window.help.show_page("first-steps")
    window = shown(opened)
    window.text.page_wanted.emit("workers")
    assert window.page == "workers"
    window.search.setText("finish-within")
    qtbot.keyClick(window.search, "\r")
    assert window.page == "administrators"
    assert window.text.textCursor().selectedText() == "finish-within"
    window.close()


def test_a_whole_message_finds_what_the_guide_says_of_it(qtbot: QtBot, opened: Opened) -> None:
    opened.window.help.show_page("first-steps")
    window = shown(opened)
    window.search.setText(str(MasterAway("10.0.0.2:8888", "it fell silent", 7, "Cluster.connect(link)")))
    qtbot.keyClick(window.search, "\r")
    assert (window.page, window.text.textCursor().selectedText()) == ("troubleshooting", '"The master ... is away"')
    window.close()


@pytest.mark.parametrize("error", [error for error, _ in EXAMPLES], ids=lambda error: type(error).__name__)
def test_there_is_help_for_each_message(error: McguiError) -> None:
    if not isinstance(error, RemoteTraceback):  # what the user's own code said
        (page,) = (page for page in guide_pages() if page.name == "troubleshooting")
        assert heading_about(str(error), page.text), str(error)


def test_what_the_headings_quote_is_what_the_program_says() -> None:
    (page,) = (page for page in guide_pages() if page.name == "troubleshooting")
    root = Path(__file__).parents[3]
    said = "".join(path.read_text("utf-8") for name in ("mcgui", "mcgui_core") for path in (root / name).rglob("*.py"))
    of_python = {"No such file or directory", "Line", "has"}
    quoted = re.findall(r'"([^"]+)"', "".join(re.findall(r"^## .+$", page.text, re.MULTILINE)))
    parts = {part.strip() for phrase in quoted for part in phrase.split("...")} - of_python
    assert not [part for part in parts if part not in said and part[0].lower() + part[1:] not in said]


def test_each_picture_of_the_guide_is_there_and_no_wider_than_the_text(opened: Opened) -> None:
    for page in guide_pages():
        for line in page.text.splitlines():
            if line.startswith("!["):
                assert (page.path.parent / line.rpartition("(")[2].rstrip(")")).is_file(), f"{page.name}: {line}"
    opened.window.help.show_page("first-steps")
    window = shown(opened)
    picture = window.text.loadResource(
        QTextDocument.ResourceType.ImageResource.value, "../pictures/guide/first-steps.png"
    )
    assert 0 < picture.width() <= window.text.viewport().width()
    window.close()


def test_all_links_within_the_guide_lead_somewhere() -> None:
    names = {page.name for page in guide_pages()}
    for page in guide_pages():
        for part in page.text.split("](")[1:]:
            target = part.partition(")")[0]
            if target.endswith(".md"):
                assert target.removesuffix(".md") in names, f"{page.name} leads to {target}"


def test_what_is_new_comes_with_the_program() -> None:
    assert changes().startswith("# Changes")


def test_no_page_of_the_guide_scrolls_sideways(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    pages = tuple(HelpPage(page.name, page.title, page.text, page.path) for page in guide_pages())
    window = HelpWindow(pages, theme, parent)
    wide = {}
    for page in pages:
        window.show_page(page.name)
        QApplication.processEvents()
        wide[page.name] = window.text.horizontalScrollBar().maximum()
    assert not any(wide.values()), wide
    window.close()


def test_a_picture_of_a_light_window_has_an_edge_and_does_not_glare_in_the_dark(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    white = QImage(200, 100, QImage.Format.Format_RGB32)
    white.fill(Qt.GlobalColor.white)
    white.save(str(tmp_path / "white.png"))
    window = HelpWindow((HelpPage("a", "A", "![white](white.png)", tmp_path / "a.md"),), theme, owner := QWidget())
    qtbot.addWidget(owner)
    window.show_page("a")
    middles = []
    for scheme in ("light", "dark"):
        theme.set_scheme(scheme)
        drawn = window.text.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl("white.png")).toImage()
        assert drawn.pixelColor(0, 50).lightness() < 235, "its edge"
        assert drawn.pixelColor(0, 0).alpha() == 0, "its corner"
        middles.append(drawn.pixelColor(100, 50).lightness())
    assert middles[0] == 255
    assert 150 < middles[1] < 210
    window.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tables_have_the_frame_that_all_else_has(opened: Opened, theme: Theme, scheme: str) -> None:
    theme.set_scheme(scheme)  # type: ignore[arg-type]
    opened.window.help.show_page("shortcuts")
    frames = shown(opened).text.document().rootFrame().childFrames()
    tables = [frame for frame in frames if isinstance(frame, QTextTable)]
    assert tables
    for table in tables:
        look = table.format().toTableFormat()
        assert look.borderBrush().color() == theme.colours.border
        assert look.borderStyle() == QTextFrameFormat.BorderStyle.BorderStyle_Solid  # others are light on two sides
    theme.set_scheme("light")
