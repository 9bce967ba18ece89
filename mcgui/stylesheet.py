"""The style sheet: the little that Fusion and a palette cannot do (rounded cards, fields and buttons)."""

from __future__ import annotations

from string import Template
from typing import Final

from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication

from mcgui.colours import Colours
from mcgui.scale import scaled


def stylesheet(colours: Colours) -> str:
    """The application's style sheet in these colours, with signs of the size that the text has now."""
    names = [
        "window",
        "panel",
        "field",
        "border",
        "text",
        "muted",
        "accent",
        "on_accent",
        "soft",
        "good",
        "warn",
        "bad",
    ]
    hexes = {name: getattr(colours, name).name() for name in names}
    hexes["hover"] = _between(colours.panel, colours.text, 0.07)
    hexes["pressed"] = _between(colours.panel, colours.text, 0.14)
    hexes["accent_hover"] = _between(colours.accent, colours.on_accent, 0.10)
    hexes["accent_off"] = _between(colours.panel, colours.accent, 0.25)
    hexes["muted_off"] = _between(colours.panel, colours.muted, 0.65)
    # Fusion draws a frame round an opened list, darker than the list: enough in the light, and no edge in the dark,
    # where the list has its own within it.
    dark = colours.window.lightness() < 128
    hexes |= {"list_frame": f"1px solid {hexes['border']}", "list_margin": "0"} if dark else _FUSIONS_FRAME
    hexes["tick"] = "tick-dark" if colours.on_accent.lightness() < 128 else "tick-light"
    return Template(_SHEET).substitute(hexes | _measures())


def _measures() -> dict[str, int]:
    """Pixels of what is drawn beside a text and has to be seen by who reads it: arrows, and boxes to tick; and of a
    line in a field, which a layout with too little room would make lower than its text."""
    box, dot = scaled(14), scaled(5)
    return {
        "box": box,
        "box_in_focus": box - 2,  # its border is wider by as much
        "box_round": box // 2 + 1,
        "dot": dot,
        "dot_inside": box + 2 - 2 * dot,
        "arrow": scaled(12),
        "small_arrow": scaled(9),
        "flat_arrow": (7 + scaled(7)) // 2,  # half as fast as the text: it stands in the air above the title
        "above_title": scaled(4),
        "arrow_room": scaled(24),
        "step_room": scaled(20),
        "scroller": 2 * scaled(24),  # of both
        "sign": scaled(16),
        "line": max(18, QFontMetrics(QGuiApplication.font()).height()),
    }


def _between(first: QColor, second: QColor, share: float) -> str:
    """The colour that lies so far (0 to 1) on the way from one to another."""
    ways = ((first.red(), second.red()), (first.green(), second.green()), (first.blue(), second.blue()))
    return QColor(*(round(a + (b - a) * share) for a, b in ways)).name()


_FUSIONS_FRAME: Final = {"list_frame": "none", "list_margin": "1px"}

#: Labels show names and errors of others, which must not be taken for HTML (an image in it is fetched): plain text, but
#: where a label says that what it shows is HTML of ours.
_SHEET = """
QLabel { qproperty-textFormat: PlainText; }
QLabel[html="true"] { qproperty-textFormat: RichText; }
Card { background: $panel; border: 1px solid $border; border-radius: 8px; }
Card > QLabel#cardTitle { font-weight: bold; }

QPushButton, QToolButton {
    background: $panel; color: $text; border: 1px solid $border; border-radius: 5px; padding: 4px 12px;
}
QToolButton { padding: 4px 8px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $pressed; }
QPushButton:focus, QToolButton:focus { border-color: $accent; outline: none; }
QPushButton:disabled, QToolButton:disabled { color: $muted_off; }
QPushButton:checked, QToolButton:checked { background: $soft; border-color: $accent; }
QPushButton[primary="true"], QToolButton[primary="true"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: bold; padding: 4px 16px;
}
QPushButton[primary="true"]:hover, QToolButton[primary="true"]:hover { background: $accent_hover; }
QPushButton[primary="true"]:focus, QToolButton[primary="true"]:focus { border-color: $text; }
QPushButton[primary="true"]:disabled, QToolButton[primary="true"]:disabled {
    background: $accent_off; color: $muted; border-color: $accent_off;
}
QPushButton::menu-indicator {
    image: url(mcgui-icons:arrow-down.svg); width: ${small_arrow}px; height: ${small_arrow}px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 5px;
}
QPushButton[segment="true"] { border-radius: 3px; padding: 2px 10px; }
QPushButton[link="true"] {
    background: transparent; border: 1px solid transparent; padding: 1px 3px; text-align: left;
}
QPushButton[link="true"]:checked { background: transparent; border-color: transparent; }
QPushButton[link="true"]:disabled { color: $muted; }
QPushButton[link="true"]:hover { text-decoration: underline; }
QPushButton[link="true"]:focus { border-color: $accent; }
QToolButton[flat="true"] { background: transparent; border-color: transparent; padding: 3px; }
QToolButton[flat="true"]:hover { background: $hover; }
QToolButton[flat="true"]:focus { border-color: $accent; }

QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QAbstractSpinBox {
    background: $field; color: $text; border: 1px solid $border; border-radius: 5px;
    selection-background-color: $soft; selection-color: $text;
}
QLineEdit, QPlainTextEdit, QTextEdit { placeholder-text-color: $muted; }
QLineEdit, QComboBox { padding: 3px 7px; min-height: ${line}px; }
QAbstractSpinBox { padding: 2px 0 1px 7px; min-height: ${line}px; }
QAbstractSpinBox QLineEdit { padding: 0; min-height: 0; border: none; background: transparent; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus {
    border-color: $accent;
}
QLineEdit[tone="bad"], QPlainTextEdit[tone="bad"] { border-color: $bad; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { color: $muted_off; background: $panel; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: ${step_room}px; border: none; background: transparent;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; margin-top: 2px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin-bottom: 2px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-arrow { image: url(mcgui-icons:arrow-up.svg); }
QAbstractSpinBox::down-arrow { image: url(mcgui-icons:arrow-down.svg); }
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow { width: ${small_arrow}px; height: ${small_arrow}px; }
QComboBox::drop-down {
    subcontrol-origin: border; subcontrol-position: center right; width: ${arrow_room}px; border: none;
}
QComboBox::down-arrow { image: url(mcgui-icons:arrow-down.svg); width: ${arrow}px; height: ${arrow}px; }
QComboBox QAbstractItemView, QListView#offers {
    background: $panel; color: $text; border: 1px solid $border; outline: none; padding: 2px;
    selection-background-color: $soft; selection-color: $text;
}
QComboBox QAbstractItemView { border: $list_frame; margin: 0 $list_margin; }

QCheckBox, QRadioButton { spacing: 7px; }
QCheckBox::indicator, QRadioButton::indicator {
    width: ${box}px; height: ${box}px; background: $field; border: 1px solid $muted; border-radius: 4px;
}
QRadioButton::indicator { border-radius: ${box_round}px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus {
    border: 2px solid $accent; width: ${box_in_focus}px; height: ${box_in_focus}px;
}
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url(mcgui-icons:$tick.svg); }
QCheckBox::indicator:checked:focus { border-color: $text; }
QRadioButton::indicator:checked {
    background: $on_accent; border: ${dot}px solid $accent; width: ${dot_inside}px; height: ${dot_inside}px;
}
QCheckBox:disabled, QRadioButton:disabled { color: $muted_off; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $border; }

QLabel[tone="muted"], QPushButton[tone="muted"] { color: $muted; }
QLabel[tone="good"], QPushButton[tone="good"] { color: $good; }
QLabel[tone="warn"], QPushButton[tone="warn"], QCheckBox[tone="warn"] { color: $warn; }
QLabel[tone="bad"], QPushButton[tone="bad"] { color: $bad; }
QLabel[tone="accent"], QPushButton[tone="accent"] { color: $accent; }

/* Here, and not at the widgets, where each change of a parent would have all below them dressed anew. */
#scrolled, #scrolled > QWidget > QWidget#scrolledPanel { background: transparent; }
#cover { background: $panel; border: none; }
FirstRun { background: transparent; }
QMainWindow::separator { background: transparent; width: 4px; height: 4px; }

QTableView, QTreeView, QListView { border: none; background: transparent; }
QTableWidget::item { padding: 0 5px; }  /* below the words of the head */
QTableWidget { outline: none; }
QTableWidget::item:selected, QTableWidget::item:focus { background: $soft; color: $text; }
QHeaderView { background: transparent; }
QHeaderView::section {
    background: transparent; color: $muted; border: none; border-bottom: 1px solid $border;
    padding: ${above_title}px 8px 4px 8px;
}
/* The arrow of the column that sorts stands above its title: beside it, there is no room in a narrow column. */
QHeaderView::up-arrow, QHeaderView::down-arrow {
    subcontrol-position: top center; image: url(mcgui-icons:sort-down.svg);
    width: ${small_arrow}px; height: ${flat_arrow}px;
}
QHeaderView::up-arrow { image: url(mcgui-icons:sort-up.svg); }
QTabWidget::pane { border: none; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $muted; padding: 6px 12px; border: none; border-bottom: 2px solid transparent;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }
QTabBar::scroller { width: ${scroller}px; }
QTabBar QToolButton { padding: 0; }
QTabBar QToolButton::left-arrow { image: url(mcgui-icons:arrow-left.svg); width: ${arrow}px; height: ${arrow}px; }
QTabBar QToolButton::right-arrow { image: url(mcgui-icons:arrow-right.svg); width: ${arrow}px; height: ${arrow}px; }

/* Fusion's arrows, boxes and signs of a menu are as large as ever, beside text of any size. */
QMenu { background: $panel; color: $text; border: 1px solid $border; padding: 1px; icon-size: ${sign}px; }
QMenu::item { padding: 3px ${arrow_room}px 3px 8px; }
QMenu::item:selected { background: $soft; }
QMenu::item:disabled { color: $muted_off; }
QMenu::item:default { font-weight: bold; }
QMenu::icon { padding-left: 4px; }
QMenu::separator { height: 1px; background: $border; margin: 2px 4px; }
QMenu::right-arrow {
    image: url(mcgui-icons:arrow-right.svg); width: ${arrow}px; height: ${arrow}px; margin-right: 4px;
}
QMenu::indicator {
    width: ${box}px; height: ${box}px; margin-left: 4px;
    background: $field; border: 1px solid $muted; border-radius: 4px;
}
QMenu::indicator:disabled { border-color: $border; }
QMenu::indicator:exclusive { border-radius: ${box_round}px; }
QMenu::indicator:non-exclusive:checked {
    background: $accent; border-color: $accent; image: url(mcgui-icons:$tick.svg);
}
QMenu::indicator:exclusive:checked {
    background: $on_accent; border: ${dot}px solid $accent; width: ${dot_inside}px; height: ${dot_inside}px;
}
QMenu::indicator:non-exclusive:checked:disabled { background: $accent_off; border-color: $accent_off; }

QDialogButtonBox, QMessageBox { dialogbuttonbox-buttons-have-icons: 0; }
QToolTip { background: $panel; color: $text; border: 1px solid $border; padding: 4px; }
QProgressBar { background: $border; border: none; border-radius: 4px; max-height: 8px; text-align: center; }
QProgressBar::chunk { background: $good; border-radius: 4px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 4px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
