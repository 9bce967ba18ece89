"""Results that are more than data, from a worker that nobody vouches for: said so, with one click to open them."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from mcgui.console.master.master_startup import Wish
from mcgui.theme import Theme
from mcgui_core.client.trust_store import TrustStore
from tests.gui.consoles import console
from tests.support import worker

SOURCE = "import argparse\ndef f(x):\n    return argparse.Namespace(a=x) if x == 1 else x\n"


def test_the_window_says_that_results_were_not_opened_and_opens_them_on_a_click(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    TrustStore().path.unlink(missing_ok=True)
    wish = Wish(port=0, journal=tmp_path / "console.journal", worker=False)
    with console(qtbot, theme, tmp_path, wish) as opened, worker(opened.session.cluster.worker_link):
        opened.write(SOURCE, "[0, 1, 2]", "f")
        opened.run()
        panel = opened.window.parts.tabs.results
        opened.wait(lambda: panel.query.closed == 1)
        opened.settle()
        assert not panel.closed.isHidden()
        assert "1 result was not opened" in panel.closed.label.text()
        assert panel.model.index(1, 2).data() == "<argparse.Namespace, not opened>"
        panel.closed.button.click()
        opened.wait(panel.closed.isHidden)
        opened.settle()
        shown = [panel.model.index(1, column).data() for column in range(panel.model.columnCount())]
        assert "not opened" not in str(shown)
        assert "1" in shown[2:]  # its attribute, in a column of its own
        assert panel.closed.isHidden()


def test_the_own_worker_is_trusted(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path) as opened:
        opened.write(SOURCE, "[0, 1, 2]", "f")
        opened.run()
        panel = opened.window.parts.tabs.results
        opened.settle()
        assert panel.closed.isHidden()
        assert "not opened" not in str(panel.model.index(1, 2).data())
