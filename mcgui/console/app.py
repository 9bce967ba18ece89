"""The command `mcgui`: the console.

How it starts, in this order:

1. `main` reads the command line, and makes the application with its theme.
2. `Console` makes what the window's first picture shows, and shows the window: nothing has been started yet, and what
   takes long to import is not imported yet, so it is there at once.
3. With the first picture on the screen, the background begins: what was left out is imported (see first_picture.py),
   and the session opens the master; the window tells how that goes.
4. The event loop runs until the window is closed, or Ctrl+C is pressed.
5. `Console.close` ends what was started, in the order in which things wait for each other, and waits for it.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from mcgui.console.command_line import Options, has_screen, parse
from mcgui_core.client.access.misplaced_link import without_keys
from mcgui_core.errors import McguiError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from mcgui.console.demo import Demo
    from mcgui.console.files.examples import Example
    from mcgui.console.single_console import SingleConsole
    from mcgui.settings import Settings
    from mcgui.theme import Theme


def main(argv: list[str] | None = None) -> int:
    """Run the console to its end. Returns the exit code."""
    gc.disable()  # a window is made of thousands of lasting things, and nothing is gained by going through them all
    try:
        options = parse(argv)
    except McguiError as error:
        print(f"mcgui: {without_keys(str(error))}", file=sys.stderr)
        return 2
    if not has_screen():
        print(
            "mcgui: there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set. Start it from a desktop, or run "
            "`make run`, which brings a virtual screen along. Without any screen, use mcgui-core.",
            file=sys.stderr,
        )
        return 2
    return _run(options)


def _run(options: Options) -> int:
    # Here, so that a wrong command line is told of at once and without Qt.
    from PySide6.QtWidgets import QApplication
    from shiboken6 import delete

    from mcgui.console.files.examples import examples
    from mcgui.console.preferences.preferences import Preferences
    from mcgui.console.single_console import SingleConsole, hand_over
    from mcgui.exit_signals import ExitSignals
    from mcgui.garbage_collection import GuiThreadCollector
    from mcgui.icons import app_icon
    from mcgui.second_start import meeting_folder
    from mcgui.settings import Settings
    from mcgui.theme import Theme
    from mcgui.uncaught_errors import UncaughtErrors

    app = QApplication(sys.argv[:1])
    app.setApplicationName("mcgui")
    app.setApplicationDisplayName("mcgui")
    app.setDesktopFileName("mcgui")
    settings = Settings()
    preferences = Preferences.load(settings)
    theme = Theme(app, options.scheme or preferences.scheme)
    app.setWindowIcon(app_icon())
    journal = options.journal_of(preferences.wish)
    meeting = meeting_folder(settings.path.parent)
    if journal is not None and hand_over(meeting, journal, options.files):
        return 0  # it is open already, and in front now
    collector, interrupt, uncaught = GuiThreadCollector(app), ExitSignals(app), UncaughtErrors(app)
    console = Console(app, theme, settings, options, examples())
    interrupt.asked.connect(console.window.end)
    if journal is not None:
        console.meet(SingleConsole(meeting, journal, console.window))
    uncaught.happened.connect(console.window.on_fault)
    try:
        console.start()
        if console.demo is not None:
            uncaught.happened.connect(console.demo.on_fault)
        return app.exec()
    finally:
        console.close()
        uncaught.close()
        interrupt.close()
        collector.close()
        delete(console.window)  # before the application, which its labels tell of their shortcuts


class Console:
    """The window with all that stands behind it."""

    def __init__(
        self, app: QApplication, theme: Theme, settings: Settings, options: Options, offered: tuple[Example, ...]
    ) -> None:
        from mcgui.background import Background
        from mcgui.console.form.saved_form import SavedForm
        from mcgui.console.main_window import MainWindow
        from mcgui.console.master.session import Session
        from mcgui.console.parts.first_picture import FirstPicture
        from mcgui_core.workbench.workbench import Workbench

        self._app, self._settings, self._options, self._offered = app, settings, options, offered
        self._preview = Workbench()
        self._background = Background(held=True)
        self.session = Session(self._background)
        self.window = MainWindow(theme, settings, self._background, self._preview, self.session, offered)
        FirstPicture(self.window).there.connect(self._background.release)
        parts = self.window.parts
        self.saved_form = SavedForm(parts.form, parts.environment, self._background, self.window)
        self.demo: Demo | None = None
        self._single: SingleConsole | None = None

    def start(self) -> None:
        """Show the window and open the master."""
        from mcgui.console.environment.recovery import Recovery

        if not self._options.demo:  # which is no work of anybody's
            recovery = Recovery(self._settings.path.parent / "editor", self.window)
            self.window.parts.environment.keep(recovery)
            self.saved_form.begin(recovery.folder)
        self.window.show()
        self.window.parts.tabs.log.attach()
        self.session.open(self._options.wish_with(self.window.preference_applier.preferences.wish))
        if self._options.demo:
            self._start_demo()
        else:
            self.window.parts.documents.open_paths(self._options.files)

    def meet(self, single: SingleConsole) -> None:
        """Come to the front when the program is started once more, and open the file that was given then."""
        self._single = single
        single.asked.connect(self.window.come_forward)
        single.listen()

    def _start_demo(self) -> None:
        from mcgui.console.demo import Demo

        self.window.loss_warning.tells_of_waiting = False
        example = next(one for one in self._offered if one.path.stem.startswith("pi"))
        demo = Demo(self.window, self.session, example, self._options.picture, self.window)
        demo.ended.connect(self._app.exit)
        self.demo = demo

    def close(self) -> None:
        """End everything that was started, and wait until it has ended."""
        if self._single is not None:
            self._single.close()  # first: a start from now on is a console of its own
        self.window.parts.tabs.log.detach()
        self.saved_form.close()
        self.window.hide()
        self._app.processEvents()  # the window is gone at once, also where ending takes a moment
        self.window.parts.environment.end()  # also where the program ends without the window being closed first
        self.window.parts.form.try_one.stop()
        self._preview.close()
        self.session.begin_close()
        self._background.close()
        self.session.close()
        self.window.deleteLater()


if __name__ == "__main__":
    sys.exit(main())
