"""One task beside the table of results: its whole argument and result, however long, and a picture where it is one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QImage, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mcgui import format
from mcgui.background import Background
from mcgui.console.head_row import HeadRow
from mcgui.console.parts.buttons import icon_button
from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.console.results.picture_window import PictureWindow
from mcgui.console.results.reduced_view import PictureView, image_of
from mcgui.console.results.result_source import ResultSource
from mcgui.exact_text import ExactTextEdit
from mcgui.icons import icon, show_copied
from mcgui.scale import scaled
from mcgui.theme import Theme, Tone, monospace, set_tone
from mcgui_core.protocol.messages import JobStatus
from mcgui_core.protocol.queries import TaskDetail

#: Pixels of the height of argument and result at least.
_LOW: Final = 34
#: Points of the empty line above the next heading: as high as others, it took the place of the result.
_GAP: Final = 3.0
#: Milliseconds that a row stays selected before its task is fetched: whoever runs through them reads none.
_REST: Final = 80
#: Milliseconds after which it is said that a task is still being read: a large value takes its time.
_LATE: Final = 400


class TaskDetailView(QWidget):
    """Shows one task: its title, text and picture are always of the same one.

    It is fetched by one request at a time, however often it is asked for meanwhile.

    Signals: `closed` when it is not wanted any more; `trouble(str)` when the task cannot be fetched.
    """

    closed = Signal()
    trouble = Signal(str)

    def __init__(
        self, background: Background, source: ResultSource, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._background, self._source, self._theme = background, source, theme
        self._wanted: tuple[int, int] | None = None  # job, task
        self._asked: tuple[int, int] | None = None  # the one that is on its way
        self._again = False  # it, or another one, was asked for since then
        self._shown: tuple[int, int] | None = None  # the one in sight
        self._detail: TaskDetail | None = None  # what is in sight of it
        self._come: tuple[object, ...] | None = None  # how far the job was when the task was thought of last
        self._trouble = ""  # why it could not be read, as it was said
        self._of = ""
        self._rest = self._timer(_REST)
        self._rest.timeout.connect(self._fetch)
        self._late = self._timer(_LATE)
        self._late.timeout.connect(self._on_late)
        self._title = ElidedLabel(self)
        self.copy = QPushButton("Copy", self)
        self.copy.setAccessibleName("Copy this task with its argument and result")
        self.copy.clicked.connect(self._on_copy)
        self._close = icon_button("Close the details of this task", self)
        self._close.clicked.connect(self.closed)
        self.picture = PictureView(self)
        self.picture.setAccessibleName("The result as a picture")
        self.picture.hide()
        self.picture.enlarge_wanted.connect(self._on_enlarge)
        self.enlarge = QPushButton("Enlarge", self)
        self.enlarge.setAccessibleName("Show the picture in a window, to be saved or copied")
        self.enlarge.setToolTip("Show the picture in a window, to be saved or copied")
        self.enlarge.clicked.connect(self._on_enlarge)
        self.enlarge.hide()
        self.text = ExactTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setFont(monospace())
        self.text.setMinimumHeight(scaled(_LOW))
        self.text.setAccessibleName("The task's argument and result")
        self._head = HeadRow(self._title, self, self._close)
        self._head.add(self.enlarge)
        self._head.add(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._head)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.text, 1)
        theme.changed.connect(self._dress)
        self._dress()

    def _timer(self, milliseconds: int) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(milliseconds)
        return made

    @property
    def detail(self) -> TaskDetail | None:
        """What is shown."""
        return self._detail

    @property
    def task(self) -> int:
        """The task that is wanted; -1 for none."""
        return self._wanted[1] if self._wanted is not None else -1

    @property
    def _waits(self) -> bool:
        """Whether what is shown was not done yet."""
        return self._detail is not None and self._detail.state == "waiting"

    def add(self, button: QPushButton) -> None:
        """A button before the others."""
        self._head.add(button, first=True)

    def show_task(self, job: int, task: int, of: str = "") -> None:
        """Show this task, as it stands now; `of` names the job where that is not plain."""
        self._of = f" of {of}" if of else ""
        if self._wanted != (job, task):
            self._wanted = (job, task)
            self._late.stop()
            if self._shown is None:
                self._say()
        self._trouble = ""
        self._rest.start()

    def follow(self, job: JobStatus) -> None:
        """Its job is as far as this: fetch the task again, where that may make a difference."""
        # Where a task that failed is run again and is done, as many have an outcome as before.
        come = (job.id, job.state, job.done, job.failed, job.finished)
        if come == self._come:
            return
        self._come = come
        may_change = self._detail is not None and self._detail.state != "done"
        if self._asked is not None or may_change or self._trouble:
            self._rest.start()

    def forget(self) -> None:
        """Show none."""
        self._wanted, self._again = None, False
        self._rest.stop()
        self._late.stop()
        self._drop_other()

    def _drop_other(self) -> None:
        """Clear what is in sight, where that is not the task that is wanted."""
        if self._shown != self._wanted:
            self._shown = self._detail = None
            self.text.show_text("")
            self._show_image(QImage())

    def _say(self, words: str = "", tone: Tone = "", short: str = "") -> None:
        """Name the task that is wanted; `short` stands for the words where there is little room."""
        number, state = format.count(self.task), f"  ·  {words}" if words else ""
        in_short = f"  ·  {short}" if short else state
        # That it is a task is told at any rate: "0 · done" would say that none is done.
        task = f"Task {number}"
        self._title.say(f"{task}{self._of}{state}", short=(f"{task}{in_short}", task), enough=task)
        set_tone(self._title, tone)

    @Slot()
    def _fetch(self) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        if not self._late.isActive():
            self._late.start()
        if self._asked is not None:
            self._again = True
            return
        self._asked, self._again = wanted, False
        self._background.run(lambda: self._source.detail(*wanted), self._on_detail, self._on_trouble)

    @Slot()
    def _on_late(self) -> None:
        self._drop_other()
        if self._detail is None or self._waits:
            self._say("being read…")

    def _end(self) -> bool:
        """Note that the request is answered, and fetch what was asked for meanwhile. True where it was for the task
        that is wanted."""
        asked, self._asked = self._asked, None
        if asked == self._wanted:
            self._late.stop()
        if self._again and not self._rest.isActive():
            self._fetch()
        return asked == self._wanted

    def _on_detail(self, detail: TaskDetail | None) -> None:
        if not self._end():
            return
        self._trouble = ""
        if detail is None:
            self._drop_other()
            self._say()
            return
        where = f" on {detail.node}" if detail.node else ""
        words = {"waiting": "not done yet", "done": f"done{where}", "failed": f"failed{where}"}
        self._say(words[detail.state], "bad" if detail.state == "failed" else "", short=detail.state)
        if (self._shown, self._detail) != (self._wanted, detail):
            self._shown, self._detail = self._wanted, detail
            self._show_picture(detail)
            self._write(detail)

    def _on_trouble(self, error: Exception) -> None:
        if self._end():
            self._drop_other()
            self._say()
            if str(error) != self._trouble:  # once, however often it is tried while the job goes on
                self._trouble = str(error)
                self.trouble.emit(self._trouble)

    def _show_picture(self, detail: TaskDetail) -> None:
        if detail.picture is not None:
            self._show_image(image_of(detail.picture))
        else:
            self._show_image(QImage.fromData(detail.image) if detail.image else QImage())

    def _show_image(self, image: QImage) -> None:
        if not image.isNull():
            self.picture.show_image(image)
        self.picture.setVisible(not image.isNull())
        if self.enlarge.isHidden() != image.isNull():
            self.enlarge.setVisible(not image.isNull())
            self._head.begin()

    @Slot()
    def _on_enlarge(self) -> None:
        assert self._shown is not None, "there is a picture"
        window = PictureWindow(self.picture.image, f"Task {self._shown[1]}", self)
        window.trouble.connect(self.trouble)
        window.show()

    def _write(self, detail: TaskDetail) -> None:
        """Headings small and muted, what belongs to the user in full."""
        # A traceback points at places within its lines; a value is read, and may be one long line.
        failed = detail.state == "failed"
        self.text.keep_lines(failed)
        self.text.show_text("")
        heading, plain, bad, gap = (QTextCharFormat() for _ in range(4))
        gap.setFontPointSize(_GAP)
        heading.setForeground(self._theme.colours.muted)
        heading.setFont(self.font())
        plain.setForeground(self._theme.colours.text)
        bad.setForeground(self._theme.colours.bad)
        add = self.text.add_text
        add("Argument\n", heading)
        add(detail.argument, plain)
        if detail.state != "waiting":
            add("\n", gap)
            add("\nTraceback\n" if failed else "\nResult\n", heading)
            add(detail.value, bad if failed else plain)
        if detail.output:
            add("\n", gap)
            add("\nPrinted\n", heading)
            add(detail.output, plain)
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    @Slot()
    def _on_copy(self) -> None:
        QApplication.clipboard().setText(f"{self._title.whole}\n\n{self.text.exact}")
        show_copied(self.copy)

    @Slot()
    def _dress(self) -> None:
        self._close.setIcon(icon("close", self._theme.colours.muted))
        if self._detail is not None:
            self._write(self._detail)
