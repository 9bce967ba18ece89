"""The theme: Qt's Fusion style in our colours, dark or light as the system or the user says.

Widgets state what they are by a property, and the style sheet does the rest:

- `QPushButton` with property `primary`: the one thing to press. With `segment`: one of a row of choices.
- `QLabel` with property `tone` = "muted" | "good" | "warn" | "bad" | "accent" (see `set_tone`).
- `QPushButton` with property `link`: reads as a line of text, and can be pressed.
- `Card` (mcgui.card): a panel with a rounded border.
"""

from __future__ import annotations

from html import escape
from importlib.resources import as_file, files
from typing import Final, Literal, get_args

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

from mcgui.colours import DARK, LIGHT, Colours
from mcgui.stylesheet import stylesheet

Scheme = Literal["system", "light", "dark"]
Tone = Literal["", "muted", "good", "warn", "bad", "accent"]

_QT_SCHEMES: Final = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}

#: Property of the application that says that it has its style.
_STYLED: Final = "mcgui-styled"


class Theme(QObject):
    """Gives the application its style, and tells who paints by hand (plots, editors) when colours change.

    Signals:
        changed: the colours are different now; ask `colours` again.
    """

    changed = Signal()

    def __init__(self, app: QApplication, scheme: Scheme = "system") -> None:
        super().__init__(app)
        self._app = app
        self._scheme: Scheme = scheme
        if not app.property(_STYLED):  # a second time would polish every widget anew for nothing
            app.setStyle("Fusion")
            app.setProperty(_STYLED, True)
        # Read before our own palette is in place: the only hint left where the platform does not know its scheme.
        self._bare_is_dark = app.palette().color(QPalette.ColorRole.Window).lightness() < 128
        _add_icon_path()
        self._dark = False
        self._colours = LIGHT
        self.set_scheme(scheme)
        app.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)

    @property
    def scheme(self) -> Scheme:
        """What was asked for: "system" follows the desktop."""
        return self._scheme

    @property
    def dark(self) -> bool:
        return self._dark

    @property
    def colours(self) -> Colours:
        return self._colours

    def set_scheme(self, scheme: Scheme) -> None:
        """Follow the system, or stay light or dark. Raises ValueError for any other word."""
        if scheme not in get_args(Scheme):
            raise ValueError(f"A scheme is one of {', '.join(get_args(Scheme))}, not {scheme!r}.")
        self._scheme = scheme
        # Also asked of Qt, so that native parts (title bar, file dialogs) follow.
        self._app.styleHints().setColorScheme(_QT_SCHEMES[scheme])
        self._apply()

    def _on_system_scheme_changed(self) -> None:
        if self._scheme == "system" and self._wants_dark() != self._dark:
            self._apply()

    def _wants_dark(self) -> bool:
        if self._scheme != "system":
            return self._scheme == "dark"
        system = self._app.styleHints().colorScheme()
        return self._bare_is_dark if system == Qt.ColorScheme.Unknown else system == Qt.ColorScheme.Dark

    def _apply(self) -> None:
        self._dark = self._wants_dark()
        self._colours = DARK if self._dark else LIGHT
        sheet = stylesheet(self._colours)
        if self._app.styleSheet() != sheet:
            self._app.setPalette(palette(self._colours))
            self._app.setStyleSheet(sheet)
        self.changed.emit()


def set_tone(widget: QWidget, tone: Tone) -> None:
    """Give a label the colour of what it says. Does nothing when it has that tone."""
    if (widget.property("tone") or "") == tone:
        return
    widget.setProperty("tone", tone)
    widget.style().unpolish(widget)  # a style sheet looks at properties only when it is polished
    widget.style().polish(widget)


def pad(box: QAbstractSpinBox) -> None:
    """Set the text of a spin box a little off its border, which no style sheet reaches."""
    for field in box.findChildren(QLineEdit):
        field.setTextMargins(5, 0, 0, 0)


def monospace(points: float | None = None) -> QFont:
    """The system's fixed-width font, at `points` or at the system's size."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setStyleHint(QFont.StyleHint.Monospace)
    if points is not None:
        font.setPointSizeF(points)
    return font


def in_code(text: str) -> str:
    """Rich text that shows this in the font of code, in one line."""
    whole = escape(text).replace(" ", "\u00a0").replace("-", "\u2011")  # neither of which a line ends with
    return f"<span style=\"font-family:'{monospace().family()}'\">{whole}</span>"


def palette(colours: Colours) -> QPalette:
    """The palette of Qt's own controls in these colours."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.field,
        role.AlternateBase: colours.panel,
        role.Text: colours.text,
        role.Button: colours.panel,
        role.ButtonText: colours.text,
        role.BrightText: colours.bad,
        role.ToolTipBase: colours.panel,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.muted,
        role.Highlight: colours.soft,
        role.HighlightedText: colours.text,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.Light: colours.border,
        role.Midlight: colours.border,
        role.Mid: colours.border,
        role.Dark: colours.border,
        role.Shadow: colours.window,
    }.items():
        made.setColor(which, colour)
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, which, faded(colours.muted, 0.6))
    return made


def faded(colour: QColor, opacity: float) -> QColor:
    """The same colour, see-through: 0 is invisible, 1 is solid."""
    made = QColor(colour)
    made.setAlphaF(opacity)
    return made


def _add_icon_path() -> None:
    # A style sheet can name a picture only by a path; "mcgui-icons:" stands for ours.
    if QDir.searchPaths("mcgui-icons"):
        return
    with as_file(files("mcgui_resources") / "icons") as folder:
        QDir.addSearchPath("mcgui-icons", str(folder))
