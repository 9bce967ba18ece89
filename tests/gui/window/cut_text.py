"""What of a window's words there is no room for: looked for over all of its widgets, and told in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QTabBar,
    QTableView,
    QToolButton,
    QWidget,
)

from mcgui.console.parts.elided_label import ElidedLabel, WrappedLabel
from mcgui.console.tables.column_chooser import ColumnChooser

#: Pixels by which Qt's own measures of a text differ from each other.
_SLACK = 2
#: Pixels on both sides of the words in a cell, and of a sign before them at most.
_AIR, _SIGN = 16, 48
#: What has words of its own, and is never to be painted over another of them.
_WITH_WORDS = (QLabel, QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QTabBar, QTableView, QPlainTextEdit)


def problems(panel: QWidget) -> Iterator[str]:
    """What is cut in this panel, reaches out of it, or lies over something else."""
    visible = [one for one in panel.findChildren(QWidget) if one.isVisible() and one.window() is panel.window()]
    for widget in visible:
        yield from (what for what in (_cut(widget), _outside(widget)) if what)
        if isinstance(widget, QTableView):
            yield from _cut_cells(widget)
    yield from _over_each_other(visible)


def _cut(widget: QWidget) -> str:
    """What of the text of a widget there is no room for; "" where there is, or where its tip has all of it."""
    room, text = _room_for_words(widget), _words(widget)
    if room is None or not text or room.width() >= _advance(widget, text) - _SLACK:
        return _cut_in_height(widget, text)
    if _has_tip(widget, text):
        return ""
    return f"{text!r} needs {_advance(widget, text)} pixels and has {room.width()} ({type(widget).__name__})"


def _cut_in_height(widget: QWidget, text: str) -> str:
    if isinstance(widget, QLabel) and widget.wordWrap() and not isinstance(widget, WrappedLabel):
        wide = [word for word in widget.text().split() if _advance(widget, word) > widget.width() + _SLACK]
        # Qt breaks a path at its slashes, and other words nowhere.
        if any("/" not in word for word in wide):
            return f"{wide[0][:60]!r} is wider than the {widget.width()} pixels of its label"
    if not text or not isinstance(widget, QLabel | QAbstractButton) or isinstance(widget, ElidedLabel):
        return ""
    needed = QFontMetrics(widget.font()).height()
    if isinstance(widget, QLabel) and widget.wordWrap():
        needed = widget.heightForWidth(widget.width())
    return f"{text!r} is {widget.height()} of {needed} pixels high" if widget.height() < needed - 1 else ""


def _words(widget: QWidget) -> str:
    """What it shows in one line."""
    match widget:
        case ElidedLabel():
            return ""  # shows as much as fits, and the whole in its tip
        case QLabel():
            text = "" if widget.wordWrap() else re.sub("<[^>]+>", "", widget.text())
            return _without_keys(text) if widget.buddy() is not None else text
        case QAbstractButton():
            return _without_keys(widget.text())
        case QComboBox():
            return widget.currentText()
        case QAbstractSpinBox():
            return widget.text()
        case QLineEdit() if not isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox):
            return "" if widget.text() else widget.placeholderText()
    return ""


def _without_keys(text: str) -> str:
    """Without the signs before the letters that are keys."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def _room_for_words(widget: QWidget) -> QRect | None:
    """Where its words are painted; None where it has none."""
    style = widget.style()
    match widget:
        case QLabel():
            return widget.contentsRect()
        case QCheckBox() | QRadioButton():
            option = QStyleOptionButton()
            widget.initStyleOption(option)
            return style.subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, widget)
        case QPushButton() | QToolButton():
            more = widget.sizeHint().width() - _advance(widget, _words(widget))
            return widget.rect().adjusted(0, 0, -min(more, _padding(widget)), 0)
        case QComboBox():
            combo = QStyleOptionComboBox()
            widget.initStyleOption(combo)
            part = QStyle.SubControl.SC_ComboBoxEditField
            return style.subControlRect(QStyle.ComplexControl.CC_ComboBox, combo, part, widget)
        case QAbstractSpinBox():
            field = widget.findChild(QLineEdit)
            return field.rect() if field is not None else None
        case QLineEdit():
            margins = widget.textMargins()
            return widget.contentsRect().adjusted(margins.left() + 2, 0, -margins.right() - 2, 0)
    return None


def _padding(button: QPushButton | QToolButton) -> int:
    """Pixels of a button that are its icon's, its arrow's and its border's."""
    icon = 0 if button.icon().isNull() or isinstance(button, QToolButton) else button.iconSize().width() + 4
    if isinstance(button, QToolButton) and button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon:
        icon = button.iconSize().width() + 4
    return icon + (16 if button.menu() is not None else 4)


def _advance(widget: QWidget, text: str) -> int:
    return max(QFontMetrics(widget.font()).horizontalAdvance(line) for line in text.split("\n"))


def _has_tip(widget: QWidget, text: str) -> bool:
    """The tip tells the whole of a text of somebody's own: a name, a path."""
    return text in re.sub("<[^>]+>", "", widget.toolTip()).replace("&lt;", "<").replace("&amp;", "&")


def _outside(widget: QWidget) -> str:
    """Some of a widget that has words lies outside of all that could bring it in sight."""
    if not isinstance(widget, _WITH_WORDS) or _is_part(widget):
        return ""
    above, place = widget.parentWidget(), widget.rect()
    below = widget
    while above is not None and below is not widget.window():
        place = QRect(below.mapTo(above, place.topLeft()), place.size())
        if isinstance(above.parentWidget(), QScrollArea):
            return ""
        if not above.rect().adjusted(-1, -1, 1, 1).contains(place):
            return f"{_name(widget)!r} reaches out of {_name(above)!r}: {place.getRect()} of {above.rect().getRect()}"
        below, above = above, above.parentWidget()
    return ""


def _cut_cells(view: QTableView) -> Iterator[str]:
    """Titles and numbers are whole; other words are whole in the tip of their cell, and in the table too, where another
    column has the room that they lack. What tells the rows apart is whole where the program named it itself."""
    head, model = view.horizontalHeader(), view.model()
    for column in range(model.columnCount()):
        if view.isColumnHidden(column):
            continue
        width = view.columnWidth(column)
        title = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        if not head.isHidden() and QFontMetrics(head.font()).horizontalAdvance(title) > width - _AIR:
            yield f"the title {title!r} of {_name(view)!r} has {width} pixels"
        for row in range(min(model.rowCount(), 20)):
            index = model.index(row, column)
            text = str(index.data() or "")
            right = bool(
                Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole) or 0) & Qt.AlignmentFlag.AlignRight
            )
            needed = QFontMetrics(view.font()).horizontalAdvance(text)
            if right and needed > width - 8 and re.fullmatch(r"[-–\d.,:  ]*\d[^ ]*( \S{1,3})?", text):
                yield f"the number {text!r} in {title!r} of {_name(view)!r} needs {needed} of {width} pixels"
            elif needed > width and not str(index.data(Qt.ItemDataRole.ToolTipRole) or ""):
                yield f"{text[:60]!r} in {title!r} of {_name(view)!r} is cut and has no tip"
            elif not right and text in _cut_words(view, column):
                yield f"{text[:60]!r} in {title!r} of {_name(view)!r} needs {needed + _AIR} of {width} pixels"


def _cut_words(view: QTableView, column: int) -> set[str]:
    """Words of a column that are cut though there is room for them, or though the program chose them itself."""
    spare, model = _spare(view), view.model()
    last = view.rowAt(view.viewport().height() - 1) if spare is None else -1
    texts = {str(model.index(row, column).data() or "") for row in range(last + 1 if last >= 0 else model.rowCount())}
    missing = {
        text: QFontMetrics(view.font()).horizontalAdvance(text) + _AIR - view.columnWidth(column) for text in texts
    }
    return {text for text, lacks in missing.items() if lacks > 0 and (lacks <= (spare or 0) or text == "this computer")}


def _spare(view: QTableView) -> int | None:
    """Pixels that the column which takes what is left has beyond its usual width, and does not need itself; None in a
    table whose columns fit what is in sight."""
    chooser, model = view.findChild(ColumnChooser), view.model()
    if chooser is None:
        return None
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    wide = titles.index(chooser.wide.title)
    texts = [str(model.index(row, wide).data() or "") for row in range(model.rowCount())]
    longest = max((QFontMetrics(view.font()).horizontalAdvance(text) for text in texts), default=0)
    return view.columnWidth(wide) - max(longest + _SIGN + _AIR, chooser.wide.width)


def _over_each_other(visible: list[QWidget]) -> Iterator[str]:
    """Two with words, of one parent, of which one is painted over the other."""
    of_parent: dict[QWidget, list[QWidget]] = {}
    for widget in visible:
        parent = widget.parentWidget()
        if isinstance(widget, _WITH_WORDS) and parent is not None and not _is_part(widget):
            of_parent.setdefault(parent, []).append(widget)
    for siblings in of_parent.values():
        for number, one in enumerate(siblings):
            for other in siblings[number + 1 :]:
                shared = one.geometry() & other.geometry()
                if shared.width() > 1 and shared.height() > 1:
                    yield f"{_name(one)!r} and {_name(other)!r} are over each other: {shared.getRect()}"


def _is_part(widget: QWidget) -> bool:
    """Qt's own part of a control, or one that lies within it on purpose."""
    within = (QAbstractSpinBox, QComboBox, QTabBar, QLineEdit, QHeaderView, QPlainTextEdit, QTableView)
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, within):
            return True
        above = above.parentWidget()
    return widget.objectName().startswith("qt_") or type(widget).__name__ == "QTableCornerButton"


def _name(widget: QWidget) -> str:
    """What a person would call it."""
    return widget.accessibleName() or _words(widget) or widget.objectName() or type(widget).__name__
