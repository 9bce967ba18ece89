"""The preferences: the values of the owner's limits, and how the program behaves. Nothing changes before OK."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from mcgui.screen_reader import reach_by_bar
from mcgui.theme import Theme, pad, set_tone
from mcgui.wheel_guard import guard_from_wheel
from mcgui.worker.limits.schedule_table import ScheduleTable
from mcgui.worker.limits.week_picture import WeekPicture
from mcgui.worker.panel.wrapped_label import wrapped_label
from mcgui.worker.preferences.programs_field import ProgramsField
from mcgui.worker.tray.notifications import NOTICE_KINDS, NOTICE_TITLES
from mcgui_core.owner.limits import Limits
from mcgui_core.owner.weekly_schedule import Schedule

#: Pixels that a window's frame may take of the screen's height.
_FRAME: Final = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """What the owner chose."""

    limits: Limits
    quiet: frozenset[str]  # kinds of notification that are switched off
    at_login: bool


class Preferences(QDialog):
    """Three pages. `choice` is good once the dialog was accepted."""

    def __init__(
        self,
        theme: Theme,
        limits: Limits,
        cpus: int,
        quiet: frozenset[str],
        at_login: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences of the mcgui worker")
        self._limits = limits
        self.choice = Choice(limits, quiet, at_login)
        self.idle = guard_from_wheel(QDoubleSpinBox(self))
        self.idle.setRange(0.5, 600)
        self.idle.setDecimals(1)
        self.idle.setValue(limits.idle_minutes)
        self.idle.setSuffix(" min without input")
        self.in_use = guard_from_wheel(QSpinBox(self))
        self.in_use.setRange(0, max(cpus, limits.in_use_nprocs))
        self.in_use.setValue(limits.in_use_nprocs)
        self.in_use.setSpecialValueText("none")
        self.programs = ProgramsField(limits.programs, self)
        self.memory = _gigabytes(limits.memory, self)
        self.load = _whole(1, 100, limits.load_percent, " % of the processors", self)
        self.free = _gigabytes(limits.free_memory, self)
        self.disk = _gigabytes(limits.disk, self)
        self.grace = _whole(0, 6000, limits.grace_minutes, " min", self)
        self.grace.setSpecialValueText("not at all")
        self.grace.setToolTip("Then they go back to the master, and another computer begins them anew.")
        self.in_memory = _box("Stop them in memory instead, and let them go on later", limits.stop_in_memory, self)
        self.in_memory.setToolTip("They keep their memory, and lose no work. The limit of memory does not do so.")
        for box in (self.idle, self.in_use, self.memory, self.load, self.free, self.disk, self.grace):
            pad(box)
        self.week = WeekPicture(theme, cpus, self)
        self.schedule = ScheduleTable(limits.schedule.periods, cpus, self)
        self.otherwise = _otherwise(limits.schedule.otherwise, cpus, self)
        self.low_priority = _box("Run tasks at low priority", limits.low_priority, self)
        self.low_priority.setToolTip("A change counts for processes that start from now on.")
        self.share = _box("Share the processors with other users' workers", limits.share, self)
        self.share.setToolTip("Where several users of this computer let it work, each gives a part of its processors.")
        self.keep_awake = _box("Keep the computer awake while tasks run", limits.keep_awake, self)
        self.allow_install = _box("Let jobs have packages installed", limits.allow_install, self)
        self.allow_install.setToolTip(
            "What a job requires and this computer lacks is fetched by pip, into a folder that only such jobs use. "
            "Without this they run elsewhere."
        )
        self.at_login = _box("Start in the tray at login", at_login, self)
        self.notices = {kind: _box(NOTICE_TITLES[kind], kind not in quiet, self) for kind in NOTICE_KINDS}
        self.problem = wrapped_label(self, "problem")
        set_tone(self.problem, "bad")
        buttons = QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        self.buttons = QDialogButtonBox(buttons, parent=self)
        self._lay_out()
        self._connect()
        self._check()
        self.resize(480, min(500, self.screen().availableGeometry().height() - _FRAME))

    def _connect(self) -> None:
        self.in_memory.toggled.connect(self.grace.setDisabled)
        self.grace.setDisabled(self.in_memory.isChecked())
        self.schedule.changed.connect(self._check)
        self.otherwise.currentIndexChanged.connect(self._check)
        self.buttons.accepted.connect(self._on_ok)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        self.pages = QTabWidget(self)
        reach_by_bar(self.pages)
        self.pages.addTab(self._limits_page(), "Limits")
        self.pages.addTab(self._schedule_page(), "Weekly schedule")
        self.pages.addTab(self._behaviour_page(), "Behaviour")
        # Once there is a tab: of a bar without one, readers remember that it has no name.
        self.pages.tabBar().setAccessibleName("Limits, weekly schedule or behaviour")
        whole = QVBoxLayout(self)
        whole.setSpacing(10)
        whole.addWidget(self.pages, 1)
        whole.addWidget(self.problem)
        whole.addWidget(self.buttons)

    def _limits_page(self) -> QWidget:
        page = QWidget(self)
        form = QFormLayout(page)
        form.setContentsMargins(6, 12, 6, 6)
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(14)
        form.addRow("Not in &use after", self.idle)
        form.addRow("Processors &while in use", self.in_use)
        form.addRow("Not while these programs &run", self.programs)
        form.addRow("&Memory at most", self.memory)
        form.addRow("&Others are busy above", self.load)
        form.addRow("Memory &left to others", self.free)
        form.addRow("Jobs &write at most", self.disk)
        form.addRow("Tasks may &finish when a limit begins", self.grace)
        form.addRow("", self.in_memory)
        note = wrapped_label(self, "note")
        note.setText("Which of the limits count is ticked in the panel.")
        set_tone(note, "muted")
        form.addRow(note)
        return page

    def _schedule_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(6, 12, 6, 6)
        column.setSpacing(10)
        column.addWidget(self.schedule, 1)
        others = QFormLayout()
        others.addRow("At all &other times", self.otherwise)
        column.addLayout(others)
        column.addWidget(self.week)
        return page

    def _behaviour_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(6, 12, 6, 6)
        column.setSpacing(8)
        for box in (self.low_priority, self.share, self.keep_awake, self.allow_install, self.at_login):
            column.addWidget(box)
        title = QLabel("Notify me when", self)
        set_tone(title, "muted")
        column.addSpacing(12)
        column.addWidget(title)
        for box in self.notices.values():
            column.addWidget(box)
        column.addStretch(1)
        return page

    def show_page(self, name: str) -> None:
        """Turn to where the value of this limit is set."""
        self.pages.setCurrentIndex(1 if name == "schedule" else 0)
        field = {"idle": self.idle, "in use": self.in_use, "programs": self.programs, "memory": self.memory}.get(name)
        field = field or {"load": self.load, "free memory": self.free, "disk": self.disk}.get(name)
        (field or self.schedule.table).setFocus()

    def _chosen(self) -> Choice:
        """What stands in the fields. Raises ValueError."""
        limits = replace(
            self._limits,
            idle_minutes=self.idle.value(),
            in_use_nprocs=self.in_use.value(),
            programs=self.programs.programs,
            memory=_bytes(self.memory, self._limits.memory),
            load_percent=self.load.value(),
            free_memory=_bytes(self.free, self._limits.free_memory),
            disk=_bytes(self.disk, self._limits.disk),
            grace_minutes=self.grace.value(),
            stop_in_memory=self.in_memory.isChecked(),
            schedule=Schedule(self.schedule.periods(), self.otherwise.currentData()),
            low_priority=self.low_priority.isChecked(),
            share=self.share.isChecked(),
            keep_awake=self.keep_awake.isChecked(),
            allow_install=self.allow_install.isChecked(),
        )
        quiet = frozenset(kind for kind, box in self.notices.items() if not box.isChecked())
        return Choice(limits, quiet, self.at_login.isChecked())

    @Slot()
    def _check(self) -> None:
        problem = ""
        try:
            self.week.show_schedule(Schedule(self.schedule.periods(), self.otherwise.currentData()))
        except ValueError as error:
            problem = str(error)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not problem)

    @Slot()
    def _on_ok(self) -> None:
        self.choice = self._chosen()
        self.accept()


def _whole(least: int, most: int, value: float, unit: str, parent: QWidget) -> QDoubleSpinBox:
    field = guard_from_wheel(QDoubleSpinBox(parent))
    field.setRange(least, most)
    field.setDecimals(0)
    field.setValue(value)
    field.setSuffix(unit)
    return field


def _gigabytes(number: int, parent: QWidget) -> QDoubleSpinBox:
    field = guard_from_wheel(QDoubleSpinBox(parent))
    field.setRange(0.1, 4096)
    field.setDecimals(1)
    field.setValue(number / 1e9)
    field.setSuffix(" GB")
    return field


def _bytes(field: QDoubleSpinBox, before: int) -> int:
    """What a field says in GB. It shows one decimal; what that hides stays."""
    return before if round(before / 1e9, 1) == field.value() else round(field.value() * 1e9)


def _box(text: str, checked: bool, parent: QWidget) -> QCheckBox:
    box = QCheckBox(text, parent)
    box.setChecked(checked)
    return box


def _otherwise(nprocs: int | None, cpus: int, parent: QWidget) -> QComboBox:
    box = guard_from_wheel(QComboBox(parent))
    box.addItem("as the slider says", None)
    box.addItem("no work", 0)
    for number in range(1, max(cpus, nprocs or 0) + 1):
        box.addItem(f"{number} processor{'' if number == 1 else 's'}", number)
    box.setCurrentIndex(0 if nprocs is None else nprocs + 1)
    return box
