"""What of the words in a picture is cut: by dots, by an edge, or by what lies over them.

Each widget is painted a second time, as SVG, which tells every line of text that it writes and where. So this sees
what a person sees, in cells, titles, tabs, plots and menus as well, and not what a widget means to show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QRegion, QTransform
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QHeaderView,
    QLineEdit,
    QMainWindow,
    QMenu,
    QScrollArea,
    QTabBar,
    QWidget,
)

from mcgui.console.parts.elided_label import ElidedLabel
from tests.gui.window.cut_text import _name, _over_each_other

#: Under which name a picture keeps what is cut in it.
KEY: Final = "cut"
#: How a line begins that tells of something that scrolls as a whole, which is told of each picture.
SCROLLS: Final = "scrolls as a whole:"
#: Pixels by which the measures of a text differ, and in height the air above and below its letters.
_SLACK: Final = 2.0
#: What asks for more by dots of its own.
_ASKS: Final = (QAbstractButton, QMenu, QLineEdit)
_SVG: Final = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text that a widget writes, and where, in its own coordinates."""

    text: str
    place: QRectF


def noted(image: QImage, windows: Iterable[QWidget]) -> QImage:
    """The picture, which knows from now on what is cut in these windows."""
    image.setText(KEY, "\n".join(dict.fromkeys(what for window in windows for what in cut_words(window))))
    return image


def cut_words(window: QWidget) -> Iterator[str]:
    """A line for each text of a window that is not seen as a whole."""
    visible = [window, *(one for one in window.findChildren(QWidget) if one.isVisible() and one.window() is window)]
    for widget in visible:
        if isinstance(widget, QMainWindow) or widget.size().isEmpty():
            continue
        seen = QRectF(widget.visibleRegion().boundingRect())
        if isinstance(widget, ElidedLabel) and widget.whole and not widget.text():
            yield f"away: {widget.whole!r} in {_described(widget)}"
        for line in written_lines(widget):
            how = _how(widget, line, seen)
            if how:
                yield f"{how}: {line.text[:120]!r} in {_described(widget)}{_whole(widget, line)}"
    yield from (f"over: {what}" for what in _over_each_other(visible))
    yield from (f"{SCROLLS} {what}" for what in scrolled_parts(visible))


def scrolled_parts(widgets: Iterable[QWidget]) -> Iterator[str]:
    """A line for each of these that scrolls up and down and holds other widgets, as a whole window does: by how many
    pixels, and what stands half at its edge."""
    for area in (one for one in widgets if isinstance(one, QScrollArea) and one.verticalScrollBar().maximum()):
        bar = area.verticalScrollBar()
        edge = ", ".join(dict.fromkeys(_at_the_edge(area)))
        yield f"{_described(area)} by {bar.maximum()} px, is at {bar.value()}{f', cuts {edge}' if edge else ''}"


def _at_the_edge(area: QScrollArea) -> Iterator[str]:
    """The words that stand half above or below what is seen of what scrolls."""
    view = area.viewport()
    covers = [one for one in area.findChildren(QWidget, "cover") if one.isVisible()]
    upper = max((one.geometry().bottom() + 1 for one in covers if one.y() == view.y()), default=0)
    lower = min((one.y() for one in covers if one.y() > view.y()), default=view.height())
    for widget in (one for one in view.findChildren(QWidget) if one.isVisible()):
        place = QRectF(QPointF(widget.mapTo(view, QPoint(0, 0))), QSizeF(widget.size()))
        if place.top() >= upper and place.bottom() <= lower:
            continue
        for line in written_lines(widget):
            top, bottom = (place.top() + y for y in (line.place.top() + _SLACK, line.place.bottom() - _SLACK))
            if top < upper < bottom or top < lower < bottom:
                yield repr(line.text[:40])


def _how(widget: QWidget, line: Line, seen: QRectF) -> str:
    """In which way this line is cut; "" where it is whole, or where what lacks comes by scrolling up and down."""
    if "…" in line.text and not (isinstance(widget, _ASKS) and _own_dots(widget, line)):
        return "own dots" if _own_dots(widget, line) else "dots"
    place = line.place
    across, down = _scrolls(widget, Qt.Orientation.Horizontal), _scrolls(widget, Qt.Orientation.Vertical)
    if seen.isEmpty():
        return "" if across or down else "covered"
    if place.bottom() < seen.top() or place.top() > seen.bottom():
        return "" if down else "out of sight"
    if place.left() < seen.left() - _SLACK or place.right() > seen.right() + _SLACK:
        return "scrolls" if across else "edge"
    air = place.height() / 5  # above small letters; below, where none of them has feet
    feet = _SLACK if any(letter in line.text for letter in "gjpqy") else air
    if place.top() < seen.top() - air or place.bottom() > seen.bottom() + feet:
        return "" if down else "edge in height"
    return ""


def _scrolls(widget: QWidget, way: Qt.Orientation) -> bool:
    """Whether somebody can bring in sight what of a widget is beyond an edge."""
    above: QWidget | None = widget
    while above is not None:
        if isinstance(above, QLineEdit | QMenu | QTabBar) and way == Qt.Orientation.Horizontal:
            return True
        if isinstance(above, QAbstractScrollArea):
            bars = {
                Qt.Orientation.Horizontal: above.horizontalScrollBar,
                Qt.Orientation.Vertical: above.verticalScrollBar,
            }
            if bars[way]().maximum() > 0:
                return True
        above = above.parentWidget()
    return False


def _own_dots(widget: QWidget, line: Line) -> bool:
    """The dots are the text's own, as of an action that asks for more."""
    written = line.text.replace("\u00a0", " ").strip()  # a number and its unit are kept together
    if isinstance(widget, ElidedLabel):
        return written in widget.whole
    shown = _index_or_none(widget, line)
    texts = [str(shown.data() or "")] if shown is not None else []
    for name in ("text", "currentText", "toPlainText", "placeholderText", "title"):
        told = getattr(widget, name, None)
        if callable(told) and not isinstance(widget, QTabBar):
            texts.append(str(told()))
    if isinstance(widget, QMenu):
        texts += [action.text() for action in widget.actions()]
    return any(written in text.replace("&", "") for text in texts)


def _whole(widget: QWidget, line: Line) -> str:
    """What the whole text is, as far as it is known, and whether a tip tells it."""
    begin = line.text.split("…")[0].strip()
    shown = _index_or_none(widget, line)
    tip = str(shown.data(Qt.ItemDataRole.ToolTipRole) or "") if shown is not None else ""
    whole = str(shown.data() or "") if shown is not None else ""
    tip = tip or widget.toolTip()
    if isinstance(widget, ElidedLabel):
        whole = widget.whole
    told = f" of {whole[:160]!r}" if whole and whole != line.text else ""
    return told + (" [tip]" if begin and begin in tip else " [other tip]" if tip else "")


def _index_or_none(widget: QWidget, line: Line) -> Any:
    """The cell that a line of a table or list is in."""
    view = widget.parentWidget()
    if not isinstance(view, QAbstractItemView) or isinstance(view, QHeaderView) or view.viewport() is not widget:
        return None
    index = view.indexAt(line.place.center().toPoint())
    return index if index.isValid() else None


def _described(widget: QWidget) -> str:
    above = widget.parentWidget()
    if isinstance(above, QAbstractScrollArea) and above.viewport() is widget:
        widget = above
    kind = type(widget).__name__
    if isinstance(widget, QHeaderView) and (table := widget.parentWidget()) is not None:
        return f"{kind} of {_name(table)!r}"
    return f"{kind} {_name(widget)[:60]!r}"


def written_lines(widget: QWidget) -> Iterator[Line]:
    """Every line of text that a widget writes itself. What stands beside another in one line is one."""
    joined: list[Line] = []
    for line in _runs(widget):
        last = joined[-1] if joined else None
        if last is not None and abs(last.place.top() - line.place.top()) < 1 and _beside(last.place, line.place):
            joined[-1] = Line(last.text + line.text, last.place.united(line.place))
        else:
            joined.append(line)
    return (line for line in joined if line.text.strip())


def _beside(one: QRectF, other: QRectF) -> bool:
    return abs(one.right() - other.left()) < _SLACK


def _runs(widget: QWidget) -> Iterator[Line]:
    for group in ET.fromstring(_svg(widget)).iter(f"{_SVG}g"):
        matrix = _transform(group.get("transform", ""))
        for run in group.findall(f"{_SVG}text"):
            font = QFont(run.get("font-family", ""))
            size = float(run.get("font-size", "0").removesuffix("px"))
            font.setPixelSize(max(round(size), 1))
            font.setWeight(QFont.Weight(int(run.get("font-weight", "400"))))
            font.setItalic(run.get("font-style") == "italic")
            metrics, text = QFontMetricsF(font), run.text or ""
            at = QPointF(float(run.get("x", "0")), float(run.get("y", "0")) - metrics.ascent())
            place = QRectF(at.x(), at.y(), metrics.horizontalAdvance(text), metrics.height())
            yield Line(text, matrix.mapRect(place))


def _svg(widget: QWidget) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    page = QSvgGenerator()
    page.setOutputDevice(buffer)
    page.setSize(widget.size())
    page.setViewBox(widget.rect())
    page.setResolution(widget.logicalDpiY())
    painter = QPainter(page)
    QWidget.render(widget, painter, QPoint(), QRegion(), QWidget.RenderFlag(0))  # a plot has another one of this name
    painter.end()
    return bytes(buffer.data().data())


def _transform(told: str) -> QTransform:
    if not told.startswith("matrix("):
        return QTransform()
    return QTransform(*(float(number) for number in told[len("matrix(") : -1].split(",")))


def windows_in_sight() -> list[QWidget]:
    """All windows, lists and menus that are open."""
    return [one for one in QApplication.topLevelWidgets() if one.isVisible()]
