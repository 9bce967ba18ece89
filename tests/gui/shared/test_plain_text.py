"""Names and values of others, where they stand among words of ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.analysis.jedi_completer import CallSignature
from mcgui.console.analysis.signature_hint import SignatureHint
from mcgui.console.arguments.column_mapping import ColumnMappingEditor
from mcgui.console.arguments.preview_model import PreviewModel
from mcgui.console.comparison.difference_window import DifferenceWindow
from mcgui.console.comparison.spec_differences import Fact
from mcgui.console.environment.editor_tab_bar import EditorTabBar
from mcgui.console.form.function_delegate import PURPOSE
from mcgui.console.form.function_picker import FunctionPicker
from mcgui.console.log.log_lines import readable
from mcgui.console.parts.elided_label import ElidedChoice, ElidedLabel, WrappedLabel
from mcgui.console.parts.empty_state import EmptyState
from mcgui.console.tables.table_model import Cell, Column, SortProxy, TableModel
from mcgui.console.tables.table_view import TableView
from mcgui.console.trial.trial_details import TrialDetails
from mcgui.console.workers.processors_bar import ProcessorsBar
from mcgui.plain_text import plain_button, plain_notice, plain_tip, unturned
from mcgui.theme import Theme
from mcgui_core.environment.environment_source import Environment
from mcgui_core.protocol.messages import ArgumentsPreview
from tests.gui.snapshots import node

TURN = "\u202e"
TOOL_TIP = Qt.ItemDataRole.ToolTipRole
#: Embeddings, overrides and isolates, and the ends of each.
TURNS = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]


def test_what_turns_text_is_written_as_in_source_and_all_else_is_as_it_was() -> None:
    for sign in TURNS:
        shown = f"a\\u{ord(sign):04x}b"
        for said in (unturned, plain_tip, plain_button, plain_notice):
            assert said(f"a{sign}b") == shown
        assert readable(f"a{sign}b") == shown
    for text in ("", "plain", "naïve", "שלום", "مرحبا", "👩\u200d🔬", "\\u202e"):
        assert unturned(text) == text


def _own_table(theme: Theme, text: str) -> QWidget:
    """A table that is painted from cells."""
    columns = (Column[str]("Name", lambda name, _now: Cell(name), "", 200),)
    view = TableView(theme, "Names")
    model = TableModel(columns, str, theme, view)
    model.apply([text], 0)
    view.setModel(SortProxy(model, view))
    view.setColumnWidth(0, 200)
    return view


def _other_table(_theme: Theme, text: str) -> QWidget:
    """A table that is painted by the style, with a head from a file."""
    view = TableView(_theme, "Arguments")
    model = PreviewModel(view)
    model.show_preview(ArgumentsPreview(1, (), rows=((text,),), fields=(text,)), {})
    view.setModel(model)
    return view


def _label(_theme: Theme, text: str) -> QWidget:
    label = ElidedLabel()
    label.say(text, tip="-", kept=text)
    return label


def _cut_label(theme: Theme, text: str) -> QWidget:
    return _label(theme, 40 * text)


def _wrapped(_theme: Theme, text: str) -> QWidget:
    label = WrappedLabel()
    label.setText(40 * text)
    return label


def _choice(_theme: Theme, text: str) -> QWidget:
    choice = ElidedChoice()
    choice.addItem(text)
    return choice


def _tab(theme: Theme, text: str) -> QWidget:
    bar = EditorTabBar(theme)
    bar.add(0)
    bar.show_name(0, text, text, unsaved=False)
    return bar


def _empty(_theme: Theme, text: str) -> QWidget:
    return EmptyState(f"{text} has no tasks", text)


def _difference(theme: Theme, text: str) -> QWidget:
    holder = QWidget()
    window = DifferenceWindow(theme, holder)
    window.setParent(None)
    window.show_difference(text, (text, "now"), (text, "b"), facts=(Fact("Function", text, text),))
    window.close()
    return window


def _details(theme: Theme, text: str) -> QWidget:
    details = TrialDetails(theme)
    details.say(text)
    return details


def _number_of_processors(theme: Theme, text: str) -> QWidget:
    bar = ProcessorsBar(theme)
    bar.ask([node(text)])
    return bar


@pytest.mark.parametrize(
    "made",
    [
        _empty,
        _difference,
        _details,
        _number_of_processors,
        _own_table,
        _other_table,
        _label,
        _cut_label,
        _wrapped,
        _choice,
        _tab,
    ],
)
def test_a_value_or_a_name_turns_nothing_around_it(
    qtbot: QtBot, theme: Theme, made: Callable[[Theme, str], QWidget]
) -> None:
    looks: list[QImage] = []
    for sign in ("\u202e", "\\u202e"):
        widget = made(theme, f"report-{sign}gpj.exe")
        qtbot.addWidget(widget)
        widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        widget.resize(400, 60)
        widget.show()
        looks.append(widget.grab().toImage())
    assert looks[0] == looks[1]


def _functions(_theme: Theme) -> tuple[QWidget, list[str]]:
    picker = FunctionPicker("Function")
    picker.set_environment(Environment.parse(f"def weigh(x):\n    'Weighs {TURN}gpj.'"))
    combo = picker.combo
    return picker, [str(combo.itemData(0, PURPOSE)), str(combo.itemData(0, TOOL_TIP)), combo.toolTip()]


def _column_names(_theme: Theme) -> tuple[QWidget, list[str]]:
    editor = ColumnMappingEditor()
    editor.show_columns(ArgumentsPreview(1, (), rows=(("1",),), fields=(TURN,)), ("x",))
    return editor, [editor.combos[TURN].itemText(0)]


def _signature(theme: Theme) -> tuple[QWidget, list[str]]:
    window = QWidget()
    hint = SignatureHint(theme, window)
    hint.show_signature(CallSignature("weigh", (f"x={TURN}",), 0, ""), QRect(0, 0, 9, 9))
    shown = [hint.text()]
    hint.show_signature(CallSignature("weigh", (), None, TURN), QRect(0, 0, 9, 9))
    return window, [*shown, hint.text()]


@pytest.mark.parametrize("made", [_functions, _column_names, _signature])
def test_what_source_and_files_say_turns_nothing_in_lists_and_hints(
    qtbot: QtBot, theme: Theme, made: Callable[[Theme], tuple[QWidget, list[str]]]
) -> None:
    widget, texts = made(theme)
    qtbot.addWidget(widget)
    for text in texts:
        assert "\\u202e" in text
        assert TURN not in text
