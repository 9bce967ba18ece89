"""The field in which one types which rows of the results are to be seen, with help while typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, QStringListModel, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QInputMethodEvent, QKeyEvent, QShowEvent, QTextCharFormat
from PySide6.QtWidgets import QAbstractItemView, QApplication, QCompleter, QToolTip, QWidget

from mcgui.console.parts.search_field import SearchField
from mcgui.plain_text import plain_tip
from mcgui.scale import scaled
from mcgui.theme import Theme, set_tone
from mcgui_core.errors import FilterInvalid

#: Milliseconds after a key press in which nothing else is typed, before it counts.
_PAUSE: Final = 250
#: Milliseconds until what the first letter needs is made.
_SOON: Final = 100
#: Words that are offered at once, without scrolling.
_OFFERED: Final = 10
_TIP: Final = (
    'Show only some tasks: with a text anywhere, or such as  left > 100,  name contains "a",  '
    "settings.left = 3,  failed and node = lab-3.  The arrow down offers what may come next"
)


class FilterField(SearchField):
    """Signals:
    settled(text): this filter is understood, and nothing was typed for a moment.
    refused(str): it is not, in words; "" once it is again. The part that is wrong is underlined.
    """

    settled = Signal(str)
    refused = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Filter: left > 100")
        self.setAccessibleName("Filter results")
        self.setToolTip(_TIP)
        self._theme = theme
        self._titles: Sequence[str] = ()
        self._words: Mapping[str, Sequence[str]] = {}
        self._begin = 0  # where the word begins that is completed
        self._problem = ""
        self._offers = QStringListModel(self)
        self._popup: QAbstractItemView | None = None
        self._completer = QCompleter(self._offers, self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._on_pause)
        self.textChanged.connect(self._pause.start)
        self.textEdited.connect(self._offer)
        self.editingFinished.connect(self.settle)

    @property
    def problem(self) -> str:
        """What is wrong with the filter, in words; "" where nothing is."""
        return self._problem

    @property
    def at_rest(self) -> bool:
        return not self._pause.isActive()

    @property
    def offers(self) -> list[str]:
        """What is offered at the moment."""
        return self._offers.stringList() if self._popup is not None and self._popup.isVisible() else []

    def showEvent(self, event: QShowEvent) -> None:
        """Once it is seen, it has what the first letter needs before that is typed."""
        super().showEvent(event)
        if self._popup is None:
            QTimer.singleShot(_SOON, self, self._made_popup)

    def know(self, titles: Sequence[str], words: Mapping[str, Sequence[str]]) -> None:
        """Which columns there are, and what stands in them."""
        again = self._titles != titles and self.text() and self.at_rest
        self._titles, self._words = titles, words
        if again:
            self.settle()

    @Slot()
    def _on_pause(self) -> None:
        """The beginning of a column's name is no text to look for, nor is the name alone, while more is offered."""
        typed = self.text()[self._begin : self.cursorPosition()].casefold()
        names = (part for offer in self.offers for part in (offer, offer.rpartition(".")[2]))
        if not any(name.casefold().startswith(typed) for name in names):
            self.settle()

    @Slot()
    def settle(self) -> None:
        """What is typed counts now."""
        self._pause.stop()
        from mcgui_core.results.table.filters import parse  # here: nobody filters before the window is there

        text = self.text().strip()
        try:
            parse(self.text(), self._titles)
        except FilterInvalid as error:
            reason = error.reason if error.reason.endswith("?") else f"{error.reason.rstrip('.')}."
            self._refuse(reason[0].upper() + reason[1:], error.start, error.stop)
            return
        self._refuse("", 0, 0)
        self.settled.emit(text)

    def refuse(self, reason: str) -> None:
        """Say what is wrong with it elsewhere."""
        self._refuse(reason, 0, len(self.text()))

    def _refuse(self, reason: str, start: int, stop: int) -> None:
        self._mark(start, stop)
        if reason != self._problem:
            self._problem = reason
            set_tone(self, "bad" if reason else "")
            self.setAccessibleDescription(reason)
            self.setToolTip(plain_tip(reason) or _TIP)
            if reason and self.hasFocus() and not self.offers:
                QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.toolTip(), self)
            elif not reason:
                QToolTip.hideText()
            self.refused.emit(reason)

    def _mark(self, start: int, stop: int) -> None:
        """Underline this part. (A line edit has no formats of its own, but shows those of an input method.)"""
        made: list[QInputMethodEvent.Attribute] = []
        if stop > start:
            look = QTextCharFormat()
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(QColor(self._theme.colours.bad))
            kind = QInputMethodEvent.AttributeType.TextFormat
            made.append(QInputMethodEvent.Attribute(kind, start - self.cursorPosition(), stop - start, look))
        QApplication.sendEvent(self, QInputMethodEvent("", made))

    # Help while typing

    @Slot()
    def _offer(self) -> None:
        from mcgui_core.results.table.filters import completions

        self._begin, offered = completions(self.text(), self.cursorPosition(), self._titles, self._words)
        if not offered or not self.isVisible():  # it has the focus also in a panel that has nothing to show yet
            self._hide()
            return
        self._offers.setStringList(offered)
        popup = self._made_popup()
        place = self.cursorRect()
        place.setWidth(popup.sizeHintForColumn(0) + popup.verticalScrollBar().sizeHint().width() + scaled(24))
        place.moveLeft(min(place.left(), max(self.width() - place.width(), 0)))
        self._completer.complete(place)
        if not self._completes(offered):  # so that Enter takes what is typed, and no word that nobody has begun
            popup.setCurrentIndex(QModelIndex())

    def _completes(self, offered: Sequence[str]) -> bool:
        """Whether the first word that is offered is a column, or a word of the language, of which the beginning is
        typed. (The beginning of a value may well be the value that is meant.)"""
        typed = self.text()[self._begin : self.cursorPosition()].strip("\"'").casefold()
        values = {word for words in self._words.values() for word in words}
        first = offered[0].strip("\"'")
        return bool(typed) and first.casefold().startswith(typed) and (first in self._titles or first not in values)

    def _made_popup(self) -> QAbstractItemView:
        """Made when it is needed first."""
        if self._popup is None:
            self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
            self._completer.setMaxVisibleItems(_OFFERED)
            self._completer.setWidget(self)
            self._completer.activated.connect(self._take)
            self._popup = self._completer.popup()
            assert self._popup is not None, "it has a widget"
            self._popup.setObjectName("offers")
            self._popup.setAccessibleName("What may stand here")
            app = QApplication.instance()
            assert isinstance(app, QApplication), "widgets have one"
            app.focusChanged.connect(self._on_focus_changed)
        return self._popup

    @Slot(str)
    def _take(self, word: str) -> None:
        text, at = self.text(), self.cursorPosition()
        rest = text[at:].lstrip() if text[at:].startswith(" ") else text[at:]
        self.setText(f"{text[: self._begin]}{word} {rest}")
        self.setCursorPosition(self._begin + len(word) + 1)
        self._offer()

    @Slot("QWidget*", "QWidget*")
    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """The next letter is for what has the focus now: an open list would take it. (QCompleter keeps the loss of the
        focus from the field.)"""
        if now is not None and now is not self:
            self._hide()

    def _hide(self) -> None:
        if self._popup is not None:
            self._popup.hide()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever does not type in it any more reads it from its beginning."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not self.offers:
            self._offer()
            return
        super().keyPressEvent(event)
