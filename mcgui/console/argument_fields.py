"""Where the arguments come from, as fields: an expression, a text file, or a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QPushButton, QWidget

from mcgui.console.file_dialogs import FileDialogs
from mcgui.theme import monospace
from mcgui_core.arguments import ArgumentSource

Kind = Literal["expression", "text", "csv"]
_KINDS: Final[tuple[Kind, ...]] = ("expression", "text", "csv")


class ArgumentFields(QWidget):
    """The kind of source, and its expression or its file. Each kind keeps its own entry when another is chosen.

    Signals:
        changed(): `source` is another one.
    """

    changed = Signal()

    def __init__(self, dialogs: FileDialogs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dialogs = dialogs
        self._paths: dict[Kind, str] = {"text": "", "csv": ""}
        self.kind_combo = QComboBox(self)
        self.kind_combo.setAccessibleName(self.tr("Where the arguments come from"))
        self.kind_combo.addItems([self.tr("Expression"), self.tr("Text file"), self.tr("CSV file")])
        self.expression = QLineEdit(self)
        self.expression.setFont(monospace())
        self.expression.setAccessibleName(self.tr("Expression that gives the arguments"))
        self.expression.setPlaceholderText("range(1_000_000)")
        self.path = QLineEdit(self)
        self.path.setAccessibleName(self.tr("File of arguments"))
        self.path.setPlaceholderText(self.tr("Path of the file"))
        self.browse = QPushButton(self.tr("Browse…"), self)
        self.browse.setAccessibleName(self.tr("Browse for a file of arguments"))
        self.skip_bad = QCheckBox(self.tr("Skip bad rows"), self)
        self.skip_bad.setToolTip(self.tr("Leave out the rows that cannot be read, instead of refusing the file."))
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(4)
        layout.setVerticalSpacing(4)
        layout.addWidget(self.kind_combo, 0, 0)
        layout.addWidget(self.expression, 0, 1, 1, 2)
        layout.addWidget(self.path, 0, 1)
        layout.addWidget(self.browse, 0, 2)
        layout.setColumnStretch(1, 1)
        self.kind_combo.currentIndexChanged.connect(self._on_kind_chosen)
        self.expression.textChanged.connect(self.changed)
        self.path.textChanged.connect(self._on_path_changed)
        self.browse.clicked.connect(self._on_browse)
        self.skip_bad.toggled.connect(self.changed)
        self._show_kind()

    @property
    def kind(self) -> Kind:
        return _KINDS[self.kind_combo.currentIndex()]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered yet."""
        return not (self.expression if self.kind == "expression" else self.path).text().strip()

    @property
    def source(self) -> ArgumentSource:
        if self.kind == "expression":
            return ArgumentSource("expression", text=self.expression.text().strip())
        path = str(Path(self.path.text().strip()).expanduser())
        return ArgumentSource(self.kind, path=path, skip_bad=self.kind == "csv" and self.skip_bad.isChecked())

    def set_source(self, source: ArgumentSource) -> None:
        """Show this source; `changed` is emitted once."""
        with QSignalBlocker(self):
            self.kind_combo.setCurrentIndex(_KINDS.index(source.kind))
            if source.kind == "expression":
                self.expression.setText(source.text)
            else:
                self.path.setText(source.path)
                self.skip_bad.setChecked(source.skip_bad)
        self.changed.emit()

    def focus_entry(self) -> None:
        """Put the keyboard where the expression or the path is typed."""
        (self.expression if self.kind == "expression" else self.path).setFocus()

    def offer_skipping(self, offered: bool) -> None:
        """Whether there is a reason to show the box for skipping bad rows."""
        self.skip_bad.setVisible(self.kind == "csv" and (offered or self.skip_bad.isChecked()))

    @Slot()
    def _on_kind_chosen(self) -> None:
        self._show_kind()
        self.changed.emit()

    def _show_kind(self) -> None:
        is_file = self.kind != "expression"
        self.expression.setVisible(not is_file)
        self.path.setVisible(is_file)
        self.browse.setVisible(is_file)
        self.offer_skipping(False)
        if is_file:
            with QSignalBlocker(self.path):
                self.path.setText(self._paths[self.kind])

    @Slot(str)
    def _on_path_changed(self, path: str) -> None:
        self._paths[self.kind] = path
        self.path.setToolTip(path)
        self.changed.emit()

    @Slot()
    def _on_browse(self) -> None:
        here = Path(self.path.text()).expanduser()
        folder = here.parent if self.path.text() and here.parent.is_dir() else Path.home()
        chosen = self._dialogs.arguments_to_open(self, folder, self.kind)
        if chosen is not None:
            self.path.setText(str(chosen))
