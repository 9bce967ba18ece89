"""Where the arguments come from, as fields: an expression, a sweep, a file of some kind, or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from mcgui.console.arguments.argument_kinds import KINDS, offered
from mcgui.console.arguments.encoding_choice import EncodingChoice
from mcgui.console.arguments.sheet_choice import SheetChoice
from mcgui.console.files.file_dialogs import FileDialogs
from mcgui.console.parts.elided_label import ElidedChoice
from mcgui.console.parts.tab_order import put_after
from mcgui.plain_text import plain_tip
from mcgui.theme import Theme, monospace, set_tone
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.arguments.argument_source import (
    SKIPPING_KINDS,
    TEXT_KINDS,
    ArgumentKind,
    ArgumentSource,
    FileContent,
    kind_of_file,
)
from mcgui_core.base.user_folders import expanded
from mcgui_core.protocol.messages import ArgumentsPreview

if TYPE_CHECKING:
    from mcgui.console.arguments.sweep_editor import SweepEditor

#: Characters of an entry: Qt would cut what is longer than 32,767, and say nothing.
_LONGEST: Final = 1 << 20
#: Letters of an entry that are to be in sight at least; and of the pattern of files.
_LEAST_LETTERS, _PATTERN_LETTERS = 18, 8
#: Letters of an expression that are measured: more than there is ever room for.
_READ: Final = 300
#: Pixels of an entry beside its text.
_EDGES: Final = 20
_CONTENTS: Final[tuple[tuple[FileContent, str], ...]] = (
    ("path", "their paths"),
    ("text", "their text"),
    ("bytes", "their bytes"),
    ("named", "names and bytes"),
)


class ArgumentFields(QWidget):
    """The kind of source, and its expression, axes or path. Each kind keeps its own entry when another is chosen.

    Signals:
        changed(): `source` is another one.
    """

    changed = Signal()

    def __init__(self, dialogs: FileDialogs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dialogs = dialogs
        self._below = False  # the entry stands below its kind
        self._paths: dict[ArgumentKind, str] = {}
        self.kind_combo = guard_from_wheel(ElidedChoice(self))
        self.kind_combo.setAccessibleName("Where the arguments come from")
        for one in KINDS:
            self.kind_combo.addItem(one.name, one.kind)
        self.expression = QLineEdit(self)
        self.expression.setFont(monospace())
        self.expression.setAccessibleName("Expression that gives the arguments")
        self.expression.setPlaceholderText("range(1_000_000)")
        self.tasks = QLineEdit(self)
        self.tasks.setFont(monospace())
        self.tasks.setAccessibleName("Tasks of a job whose arguments are taken")
        self.tasks.setPlaceholderText("3: failed")
        for entry in (self.expression, self.tasks):
            entry.setMaxLength(_LONGEST)
        self.path = QLineEdit(self)
        self.browse = QPushButton("Browse…", self)
        self.skip_bad = QCheckBox("Skip bad rows", self)
        self.skip_bad.setToolTip("Leave out what cannot be read, instead of refusing all of it.")
        self.encoding = EncodingChoice(self)
        self.sheet = SheetChoice(self)
        self._theme = theme
        self._sweep: SweepEditor | None = None
        self._parameters: tuple[str, ...] = ()
        self._make_folder()
        layout = self._grid = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(4)
        layout.setVerticalSpacing(4)
        layout.addWidget(self.kind_combo, 0, 0)
        layout.addWidget(self.expression, 0, 1, 1, 2)
        layout.addWidget(self.tasks, 0, 1, 1, 2)
        layout.addWidget(self.path, 0, 1)
        layout.addWidget(self.browse, 0, 2)
        layout.addWidget(self.folder, 2, 0, 1, 3)
        layout.setColumnStretch(1, 1)
        self.kind_combo.currentIndexChanged.connect(self._on_kind_chosen)
        self.expression.textChanged.connect(self._on_text_changed)
        self.tasks.textChanged.connect(self._on_text_changed)
        self.path.textChanged.connect(self._on_path_changed)
        self.path.editingFinished.connect(self._on_path_entered)
        self.browse.clicked.connect(self._on_browse)
        self.skip_bad.toggled.connect(self.changed)
        self.encoding.changed.connect(self.changed)
        self.sheet.changed.connect(self.changed)
        self._show_kind()

    @property
    def sweep(self) -> SweepEditor:
        """The axes of a sweep; made when somebody asks for them, with what they need."""
        if self._sweep is None:
            from mcgui.console.arguments.sweep_editor import SweepEditor

            self._sweep = made = SweepEditor(self._theme, self)
            made.set_parameters(self._parameters)
            self._grid.addWidget(made, 2, 0, 1, 3)
            self._place_combine()
            put_after(self.folder, made.combine)
            put_after(made.combine, made)
            made.setVisible(self.kind == "sweep")
            made.combine.setVisible(self.kind == "sweep")
            made.changed.connect(self.changed)
        return self._sweep

    def set_parameters(self, names: tuple[str, ...]) -> None:
        """The names that the function takes, for the axes of a sweep."""
        self._parameters = names
        if self._sweep is not None:
            self._sweep.set_parameters(names)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where text is large, what is typed has a line of its own."""
        beside = [self.kind_combo] if self.browse.isHidden() else [self.kind_combo, self.browse]
        room = self.width() - sum(one.sizeHint().width() + self._grid.horizontalSpacing() for one in beside)
        self._set_below(room < self._needed())
        self._place_content(self.width() < self._needed_by_folder())

    def _needed(self) -> int:
        """Pixels of the entry with which what it says can be read."""
        if self.kind == "sweep":
            return max(map(self.sweep.combine.width_with, self.sweep.combine.texts))
        metrics, text = self._entry.fontMetrics(), self._entry.text().strip()
        read = Path(text).name if self._entry is self.path else text[:_READ]
        return max(metrics.averageCharWidth() * _LEAST_LETTERS, metrics.horizontalAdvance(read) + _EDGES)

    def _needed_by_folder(self) -> int:
        """Pixels with which the pattern, and beside it what of each file is the argument, can be read."""
        pattern = self.pattern.fontMetrics().averageCharWidth() * _PATTERN_LETTERS + _EDGES
        labels = sum(label.sizeHint().width() for label in self._folder_labels)
        content = max(map(self.content.width_with, self.content.texts))
        return labels + pattern + content + 3 * self._folder_grid.horizontalSpacing()

    def _set_below(self, below: bool) -> None:
        if below == self._below:
            return
        self._below = below
        for entry in (self.expression, self.tasks):
            self._grid.addWidget(entry, int(below), 0 if below else 1, 1, 3 if below else 2)
        self._place_combine()
        self._grid.addWidget(self.kind_combo, 0, 0, 1, 3 if below else 1, Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(self.path, int(below), 0 if below else 1, 1, 2 if below else 1)
        self._grid.addWidget(self.browse, int(below), 2)

    def _place_combine(self) -> None:
        if self._sweep is not None:
            below = self._below
            self._grid.addWidget(self._sweep.combine, int(below), 0 if below else 1, 1, 3 if below else 2)

    @property
    def kind(self) -> ArgumentKind:
        kind: ArgumentKind = self.kind_combo.currentData()
        return kind

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered yet."""
        if self.kind == "sweep":
            return self.sweep.is_empty
        return not self._entry.text().strip()

    @property
    def _entry(self) -> QLineEdit:
        """What is typed for a kind that has one line."""
        return {"expression": self.expression, "tasks": self.tasks}.get(self.kind, self.path)

    @property
    def source(self) -> ArgumentSource:
        kind = self.kind
        if kind in ("expression", "tasks"):
            return ArgumentSource(kind, text=self._entry.text().strip())
        if kind == "sweep":
            return ArgumentSource(kind, axes=self.sweep.axes, combine=self.sweep.combination)
        path = str(expanded(self.path.text().strip()))
        skip = kind in SKIPPING_KINDS and self.skip_bad.isChecked()
        if kind == "folder":
            pattern, content = self.pattern.text().strip() or "*", self.content.currentData()
            return ArgumentSource(
                kind, path=path, skip_bad=skip, pattern=pattern, content=content, encoding=self._encoding()
            )
        sheet = self.sheet.chosen if kind == "xlsx" else ""
        return ArgumentSource(kind, path=path, skip_bad=skip, encoding=self._encoding(), sheet=sheet)

    def _encoding(self) -> str:
        return self.encoding.chosen if self.has_text else ""

    @property
    def has_text(self) -> bool:
        """Whether what is read is text, in some encoding."""
        return self.kind in TEXT_KINDS or (self.kind == "folder" and self.content.currentData() == "text")

    def set_source(self, source: ArgumentSource) -> None:
        """Show this source; `changed` is emitted once."""
        with QSignalBlocker(self):
            self.kind_combo.setCurrentIndex(self.kind_combo.findData(source.kind))
            if source.kind in ("expression", "tasks"):
                self._entry.setText(source.text)
                self._entry.setCursorPosition(0)  # of a long one, its beginning says what it is
            elif source.kind == "sweep":
                self.sweep.set_axes(source.axes, source.combine)
            else:
                self.path.setText(source.path)
                self.skip_bad.setChecked(source.skip_bad)
                self.encoding.choose(source.encoding)
                self.sheet.choose(source.sheet)
                self.pattern.setText(source.pattern)
                self.content.setCurrentIndex(self.content.findData(source.content))
        self.changed.emit()

    def focus_entry(self) -> None:
        """Put the keyboard where the expression, the axes or the path is typed."""
        if self.kind == "sweep":
            self.sweep.view.setFocus()
        else:
            self._entry.setFocus()

    def offer_skipping(self, offered: bool) -> None:
        """Whether there is a reason to show the box for skipping bad rows."""
        self.skip_bad.setText("Skip bad files" if self.kind == "folder" else "Skip bad rows")
        self.skip_bad.setVisible(self.kind in SKIPPING_KINDS and (offered or self.skip_bad.isChecked()))

    def offer_readings(self, found: ArgumentsPreview | None, wanted: bool) -> None:
        """Show the file's encoding where that is `wanted`, where it is not the usual one, or where it was chosen; and
        the sheets of a workbook where there are several."""
        encoding = found.encoding if found else ""
        self.encoding.show_found(encoding)
        unusual = encoding not in ("", "utf-8") or bool(self.encoding.chosen)
        self.encoding.setVisible(self.has_text and (wanted or unusual))
        if found is not None:  # while it is looked at again, they stay
            self.sheet.show_sheets(found.sheets)
        self.sheet.setVisible(self.kind == "xlsx" and self.sheet.matters)

    def read_as_found(self) -> None:
        """It is another file: what was chosen does not count any more."""
        self.encoding.choose("")
        self.sheet.choose("")

    def _make_folder(self) -> None:
        self.folder = QWidget(self)
        self.pattern = QLineEdit("*", self.folder)
        self.pattern.setAccessibleName("Pattern of the files' names")
        self.pattern.setPlaceholderText("*")
        self.pattern.setToolTip(
            "Such as *.png, or **/*.png to look into folders within folders, or *.png; *.jpg for either."
        )
        self.content = guard_from_wheel(ElidedChoice(self.folder))
        self.content.setAccessibleName("What of each file is the argument")
        self.content.setToolTip(
            "Paths mean something only where workers see the same folder; "
            "text and bytes travel to wherever the tasks run."
        )
        for content, text in _CONTENTS:
            self.content.addItem(text, content)
        self._folder_grid = grid = QGridLayout(self.folder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        grid.setColumnStretch(1, 1)
        self._folder_labels = QLabel("Files", self.folder), QLabel("as", self.folder)
        for label, field in zip(self._folder_labels, (self.pattern, self.content), strict=True):
            label.setBuddy(field)
            set_tone(label, "muted")
        grid.addWidget(self._folder_labels[0], 0, 0)
        grid.addWidget(self.pattern, 0, 1)
        self._place_content(False)
        self.pattern.textChanged.connect(self.changed)
        self.content.currentIndexChanged.connect(self.changed)

    def _place_content(self, below: bool) -> None:
        """What of each file is the argument, beside the pattern or below it."""
        self._folder_grid.addWidget(self._folder_labels[1], int(below), 0 if below else 2)
        self._folder_grid.addWidget(self.content, int(below), 1 if below else 3)

    @Slot()
    def _on_kind_chosen(self) -> None:
        self._show_kind()
        self.changed.emit()

    def _show_kind(self) -> None:
        kind = self.kind
        has_path = kind == "folder" or offered(kind).is_file
        self.expression.setVisible(kind == "expression")
        self.tasks.setVisible(kind == "tasks")
        self.path.setVisible(has_path)
        self.browse.setVisible(has_path)
        self.folder.setVisible(kind == "folder")
        if kind == "sweep" or self._sweep is not None:
            self.sweep.setVisible(kind == "sweep")
            self.sweep.combine.setVisible(kind == "sweep")
        self.offer_skipping(False)
        folder = kind == "folder"
        self.path.setAccessibleName("Folder of files" if folder else "File of arguments")
        self.path.setPlaceholderText("Path of the folder" if folder else "Path of the file")
        self.browse.setAccessibleName("Browse for a folder" if folder else "Browse for a file of arguments")
        if has_path:
            with QSignalBlocker(self.path):
                self.path.setText(self._paths.get(kind, ""))
        self._fit()

    @Slot()
    def _on_text_changed(self) -> None:
        if not self._entry.hasFocus():  # the field stays where it is while somebody types in it
            self._fit()
        self.changed.emit()

    @Slot(str)
    def _on_path_changed(self, path: str) -> None:
        self._paths[self.kind] = path
        self.path.setToolTip(plain_tip(path))
        if not self.path.hasFocus():
            self._fit()
        self.changed.emit()

    @Slot()
    def _on_path_entered(self) -> None:
        """A path of another kind was typed or pasted, to its end: take its kind."""
        if self.path.isHidden():  # it lost the keyboard because arguments of another kind are shown
            return
        path = self.path.text().strip()
        self._fit()
        kind = kind_of_file(Path(path)) if path and self.kind != "folder" else None
        if kind is not None and kind != self.kind:
            self._take(Path(path), kind)

    @Slot()
    def _on_browse(self) -> None:
        here = expanded(self.path.text())
        folder = here.parent if self.path.text() and here.parent.is_dir() else Path.home()
        if self.kind == "folder":
            chosen = self._dialogs.folder_to_open(self, folder)
        else:
            chosen = self._dialogs.arguments_to_open(self, folder, self.kind)
        if chosen is not None:
            self._take(chosen, self.kind if self.kind == "folder" else kind_of_file(chosen) or self.kind)

    def _take(self, path: Path, kind: ArgumentKind) -> None:
        self._paths[kind] = str(path)
        if kind != self.kind:
            self.kind_combo.setCurrentIndex(self.kind_combo.findData(kind))
        else:
            self.path.setText(str(path))
