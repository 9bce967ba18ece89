"""The preferences of the console. Nothing changes before OK."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mcgui.console.master.master_startup import EVERYWHERE, HERE
from mcgui.console.parts.panel_notice import Notice
from mcgui.console.preferences.preferences import Preferences
from mcgui.scale import scaled
from mcgui.theme import Theme, pad, set_tone
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.base.user_folders import expanded

_HOSTS: Final = ((f"{HERE}: only this computer", HERE), (f"{EVERYWHERE}: other computers too", EVERYWHERE))
_SCHEMES: Final = (("As the system", "system"), ("Light", "light"), ("Dark", "dark"))


class PreferencesDialog(QDialog):
    """`chosen` is good once the dialog was accepted. `elsewhere`: the window shows a master that is not its own."""

    def __init__(self, before: Preferences, theme: Theme, elsewhere: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self.setAccessibleName("Preferences")
        self._before = self.chosen = before
        self.host = guard_from_wheel(QComboBox(self))
        self.host.setEditable(True)
        self.host.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for text, host in _HOSTS:
            self.host.addItem(text, host)
        found = self.host.findData(before.host)
        self.host.setCurrentIndex(found)
        if found < 0:
            self.host.setEditText(before.host)
        self.port = guard_from_wheel(QSpinBox(self))
        self.port.setRange(0, 65535)
        self.port.setSpecialValueText("any free one")
        self.port.setValue(before.port)
        self.folder = QLineEdit(str(before.folder), self)
        self._choose = QPushButton("Choose…", self)
        self._choose.setAccessibleName("Choose the folder of the journal")
        self._choose.clicked.connect(self._on_choose)
        self.worker = QCheckBox("Let this computer work too", self)
        self.worker.setChecked(before.worker)
        self.scheme = guard_from_wheel(QComboBox(self))
        for text, scheme in _SCHEMES:
            self.scheme.addItem(text, scheme)
        self.scheme.setCurrentIndex(self.scheme.findData(before.scheme))
        self.points = guard_from_wheel(QDoubleSpinBox(self))
        self.points.setRange(0, 72)
        self.points.setDecimals(1)
        self.points.setSpecialValueText("as the system")
        self.points.setSuffix(" pt")
        self.points.setValue(before.points)
        self.notify = QCheckBox("Tell me when a job ends while I look elsewhere", self)
        self.notify.setChecked(before.notify)
        self.long = guard_from_wheel(QSpinBox(self))
        self.long.setRange(0, 86_400)
        self.long.setSuffix(" s")
        self.long.setValue(before.long)
        self.long.setEnabled(before.notify)
        self.notify.toggled.connect(self.long.setEnabled)
        for box in (self.port, self.points, self.long):
            pad(box)
        self.notice = Notice(theme, self)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel | buttons.RestoreDefaults, parent=self)
        self.buttons.accepted.connect(self._on_ok)
        self.buttons.rejected.connect(self.reject)
        self.buttons.button(buttons.RestoreDefaults).clicked.connect(self._on_defaults)
        self._lay_out(elsewhere)

    def _lay_out(self, elsewhere: bool) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        folder = QHBoxLayout()
        folder.setSpacing(8)
        folder.addWidget(self.folder, 1)
        folder.addWidget(self._choose)
        form.addRow(_heading("Master of this window", self))
        form.addRow("&Address", self.host)
        if (line := self.host.lineEdit()) is not None:
            line.setAccessibleName("Address")
        form.addRow("&Port", self.port)
        form.addRow("&Journal folder", folder)
        form.labelForField(folder).setBuddy(self.folder)  # type: ignore[attr-defined]
        form.addRow("", self.worker)
        words = QLabel(
            "It holds from when the window shows its own master again."
            if elsewhere
            else "Where address, port or folder change, the master is started again. Jobs stay in their journal.",
            self,
        )
        words.setWordWrap(True)
        words.setMinimumWidth(scaled(360))
        set_tone(words, "muted")
        form.addRow("", words)
        form.addRow(_heading("Window", self, above=10))
        form.addRow("&Colours", self.scheme)
        form.addRow("Size of the &editor's font", self.points)
        form.addRow(_heading("Notifications", self, above=10))
        form.addRow("", self.notify)
        form.addRow("If it took &longer than", self.long)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(14)
        whole.addLayout(form)
        whole.addStretch(1)
        whole.addWidget(self.notice)
        whole.addWidget(self.buttons)
        self.resize(scaled(560), self.sizeHint().height())

    def _host(self) -> str:
        text = self.host.currentText().strip()
        known = dict(_HOSTS)
        return known.get(text, text) or HERE

    @Slot()
    def _on_ok(self) -> None:
        folder = expanded(self.folder.text().strip() or str(Preferences.folder))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self.notice.say(f"The journal cannot be in {folder}: {reason}. Choose another folder.")
            self.folder.setFocus()
            return
        self.chosen = replace(
            self._before,
            host=self._host(),
            port=self.port.value(),
            folder=folder,
            worker=self.worker.isChecked(),
            scheme=self.scheme.currentData(),
            points=self.points.value(),
            notify=self.notify.isChecked(),
            long=self.long.value(),
        )
        self.accept()

    @Slot()
    def _on_defaults(self) -> None:
        """Show the values that hold where nobody said otherwise; nothing is changed before OK."""
        usual = Preferences()
        self.host.setCurrentIndex(self.host.findData(usual.host))
        self.port.setValue(usual.port)
        self.folder.setText(str(usual.folder))
        self.worker.setChecked(usual.worker)
        self.scheme.setCurrentIndex(self.scheme.findData(usual.scheme))
        self.points.setValue(usual.points)
        self.notify.setChecked(usual.notify)
        self.long.setValue(usual.long)

    @Slot()
    def _on_choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder of the journal", self.folder.text())
        if name:
            self.folder.setText(name)


def _heading(text: str, parent: QWidget, above: int = 0) -> QLabel:
    label = QLabel(text, parent)
    label.setContentsMargins(0, above, 0, 0)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
