"""The links of a master, in its console: copied, renewed, revoked; who only watches; who knocks without a key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from mcgui.console.actions.action_registry import CHANGE_SOMETHING, WATCHES, obstacle
from mcgui.console.master.master_startup import Wish
from mcgui.plain_text import plain_tip
from mcgui.theme import Theme
from mcgui.worker.panel.join_offer_card import JoinOfferCard
from mcgui_core import Cluster
from mcgui_core.client.master import Master
from mcgui_core.errors import KeyRefused
from mcgui_core.protocol.join_link import JoinLink, new_key
from mcgui_core.protocol.rpc_client import connect
from tests.gui.consoles import console


def test_links_are_copied_renewed_and_revoked_once_it_was_said_what_happens(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    with console(qtbot, theme, tmp_path, Wish(port=0, worker=False)) as opened:
        parts, cluster = opened.window.parts, opened.session.cluster
        parts.actions["links"].setChecked(True)
        panel = parts.links
        qtbot.waitUntil(lambda: panel.buttons["worker", "renew"].isEnabled() and panel.isVisible())
        panel.buttons["watch", "copy"].click()
        assert QApplication.clipboard().text() == cluster.watch_link
        for kind, link in (("worker", cluster.worker_link), ("console", cluster.console_link)):
            parts.actions[f"copy_{kind}_link"].trigger()
            assert QApplication.clipboard().text() == link
            assert f"The {kind} link is on the clipboard" in parts.messages.messages[-1].text
        old = cluster.worker_link
        panel.buttons["worker", "renew"].click()
        assert "The old worker link opens nothing any more" in panel.said
        assert cluster.worker_link == old
        next(button for button in panel.findChildren(QPushButton) if button.text() == "Renew it").click()
        qtbot.waitUntil(lambda: "There is a new worker link" in panel.said)
        assert cluster.worker_link != old
        assert cluster.worker_link in parts.add_workers.link
        with pytest.raises(KeyRefused):
            connect(JoinLink.parse(old))
        panel.buttons["console", "revoke"].click()
        next(button for button in panel.findChildren(QPushButton) if button.text() == "Revoke it").click()
        qtbot.waitUntil(lambda: not panel.buttons["console", "copy"].isEnabled())
        assert "revoked" in obstacle(parts.actions["copy_console_link"])
        assert cluster.jobs() == []  # the window itself stays connected


def test_who_knocks_without_a_key_is_told_of_once(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, Wish(port=0, worker=False)) as opened:
        wrong = replace(JoinLink.parse(opened.session.cluster.worker_link), key=new_key("worker"))
        with pytest.raises(KeyRefused):
            connect(wrong)
        messages = opened.window.parts.messages
        qtbot.waitUntil(
            lambda: any("Somebody knocked without a key" in str(said) for said in messages.messages), timeout=20_000
        )
        messages.clear("proofs")
        with pytest.raises(KeyRefused):
            connect(wrong)
        opened.window.parts.actions["links"].setChecked(True)
        qtbot.waitUntil(lambda: "2 times" in opened.window.parts.links._proofs.text(), timeout=20_000)
        assert not any("Somebody knocked" in str(said) for said in messages.messages)


def test_a_window_that_came_by_a_watch_link_offers_nothing_that_changes_something(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    with Master() as master:
        job = master.submit("def f(x): return x", "f", range(3), name="seen")
        wish = Wish(link=master.watch_link, worker=False)
        with console(qtbot, theme, tmp_path, wish) as opened:
            actions = opened.window.parts.actions
            qtbot.waitUntil(lambda: "watching only" in opened.window.serving.text)
            qtbot.waitUntil(lambda: opened.window.display._snapshot is not None)
            assert {obstacle(actions[name]) for name in CHANGE_SOMETHING} == {WATCHES}
            assert opened.window.display._snapshot.jobs[0].id == job.id
            actions["links"].setChecked(True)
            panel = opened.window.parts.links
            qtbot.waitUntil(lambda: panel.buttons["watch", "copy"].isEnabled())
            assert not panel.buttons["console", "copy"].isEnabled()
            assert not panel.buttons["worker", "renew"].isEnabled()


def test_a_node_that_was_sent_away_is_allowed_again_in_the_panel(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, Wish(port=0, worker=True, nprocs=1)) as opened:
        cluster: Cluster = opened.session.cluster
        qtbot.waitUntil(lambda: bool(cluster.nodes()), timeout=20_000)
        cluster.send_away(cluster.nodes()[0].id)
        opened.window.parts.actions["links"].setChecked(True)
        panel = opened.window.parts.links

        def allow() -> list[QPushButton]:
            return [button for button in panel.findChildren(QPushButton) if button.text().startswith("Allow ")]

        qtbot.waitUntil(lambda: bool(allow()), timeout=20_000)
        allow()[0].click()
        qtbot.waitUntil(lambda: cluster.access().sent_away == (), timeout=20_000)


def test_join_has_not_the_focus_and_the_hosts_name_is_plain_text(qtbot: QtBot) -> None:
    card = JoinOfferCard()
    qtbot.addWidget(card)
    card.show_link("mcgui://<b>trusted<b>:8888#w.key")
    card.show()
    card.activateWindow()
    qtbot.waitUntil(card.decline.hasFocus)
    assert not card.accept.hasFocus()
    assert "<b>" in card._question.text()
    assert card._question.textFormat().name == "PlainText"


def test_a_tool_tip_shows_what_looks_like_html_as_it_is() -> None:
    assert plain_tip("lab-3: 3 tasks") == "lab-3: 3 tasks"
    assert "&lt;img" in plain_tip("<img src=x>")
