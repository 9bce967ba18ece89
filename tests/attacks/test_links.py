"""What each kind of link opens, by raw calls; what a link that was renewed or revoked does; who knocks without a key."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mcgui_core import Cluster, Master
from mcgui_core.errors import BadInput, KeyRefused, NotAllowed, ServerFailed
from mcgui_core.journal.journal import Journal
from mcgui_core.master.access.failed_proofs import FREE, WAITING, FailedProofs
from mcgui_core.master.access.kept_identity import Identity
from mcgui_core.master.server import ClusterServer, open_server
from mcgui_core.master.sessions import ConsoleSession, NodeSession
from mcgui_core.protocol.join_link import JoinLink, new_key
from mcgui_core.protocol.rpc_client import connect
from tests.raw_calls import call
from tests.support import joined, worker
from tests.waiting import comes_true, until

KINDS = ("worker", "watch", "console")
#: All that a watch link opens. Whoever adds a method for watchers adds it here, and says that it changes nothing.
WATCHED = {
    "access", "failure_groups", "failures", "failures_like", "find_output", "job_ids", "journal_bytes", "links", "output",
    "snapshot", "spec", "status", "tasks_in", "wait",
}  # fmt: skip


def test_each_method_is_open_to_those_kinds_of_link_that_it_is_meant_for(
    server: ClusterServer, capsys: pytest.CaptureFixture[str]
) -> None:
    node, console = NodeSession(server._hub, ""), ConsoleSession(server._hub, server._links)
    assert set(console.opened_to("watch")) == WATCHED
    meant = {
        **{("node", method): {"worker", "console"} for method in node.methods},
        **{("cluster", method): {"console", *(["watch"] if method in WATCHED else [])} for method in console.methods},
    }
    for kind in KINDS:
        for (ident, method), kinds in meant.items():
            with connect(JoinLink.parse(server.links[kind])) as connection:
                try:
                    call(connection, ident, method)
                except NotAllowed as error:
                    assert kind not in kinds, (kind, method)
                    assert f"A {kind} link does not permit" in str(error)
                    continue
                except (ServerFailed, BadInput):  # it lacked its arguments
                    pass
                assert kind in kinds, (kind, method)
    capsys.readouterr()


def test_whoever_watches_sees_jobs_and_workers_and_no_value_and_no_key_of_others() -> None:
    with Master() as master:
        master.add_local_worker(1)
        job = master.submit("def f(x):\n    print('seen')\n    return x // (x - 1)", "f", range(3))
        job.wait()
        master.submit(abs, [1]).wait()
        with Cluster.connect(master.watch_link) as watcher:
            assert watcher.watches_only
            assert (watcher.worker_link, watcher.console_link) == ("", "")
            seen = watcher.job(job.id)
            assert (seen.status.done, seen.status.failed) == (2, 1)
            assert seen.failures(0, 1)[0].type == "ZeroDivisionError"
            assert len(watcher.nodes()) == 1
            assert watcher.job(2).spec.pickled_function is None
            for forbidden in (
                seen.cancel,
                seen.results,
                seen.retry_failed,
                lambda: watcher.submit("def f(x): return x", "f", [1]),
                lambda: watcher.steer(watcher.nodes()[0].id, nprocs=2),
                lambda: watcher.send_away(watcher.nodes()[0].id),
                lambda: watcher.renew_link("console"),
                lambda: watcher.revoke_link("worker"),
                lambda: watcher.add_local_worker(1),
                lambda: watcher.add_dask_cluster("tcp://127.0.0.1:1"),
            ):
                with pytest.raises(NotAllowed, match="A watch link does not permit"):
                    forbidden()


def test_a_console_is_told_that_the_worker_link_is_revoked_where_it_adds_a_worker() -> None:
    with Master() as master, Cluster.connect(master.console_link) as console:
        console.revoke_link("worker")
        with pytest.raises(BadInput, match=r"worker link is revoked.* renew_link\(\"worker\"\)"):
            console.add_local_worker(1)
        console.renew_link("worker")
        console.add_local_worker(1)
        assert console.submit("def f(x): return x", "f", [1]).results() == [1]


def test_a_watch_link_lets_no_worker_join() -> None:
    with Master() as master, worker(master.watch_link, 1, "spy") as spy:
        until(lambda: spy.last_event.message, what="why a watcher does not join")
        assert "A watch link does not permit join" in spy.last_event.message
        assert master.nodes() == []


def test_a_letter_does_not_make_a_key_of_another_kind(server: ClusterServer) -> None:
    """The kind is proven by the key."""
    link = JoinLink.parse(server.links["worker"])
    with pytest.raises(KeyRefused):
        connect(replace(link, key="c." + link.key[2:]))


@pytest.mark.parametrize("change", ["renew", "revoke"])
def test_who_came_by_a_link_that_is_renewed_or_revoked_is_shown_out_and_does_not_come_back(change: str) -> None:
    with Master() as master, worker(master.worker_link, 1, "guest") as guest:
        own = master.add_local_worker(1)
        until(lambda: joined(master, 2))
        old = master.worker_link
        new = ""
        if change == "renew":
            new = master.renew_link("worker")
        else:
            master.revoke_link("worker")
        assert master.worker_link == new
        until(lambda: guest.last_event.state == "refused", what="the guest, shown out")
        assert "does not accept this key" in guest.last_event.message
        assert guest.alive

        def gone() -> bool:
            (node,) = [node for node in master.nodes() if node.name == "guest"]
            return (node.state, node.reason_code) == ("left", "link revoked")

        until(gone, what="the guest's leaving, as the master shows it")
        with pytest.raises(KeyRefused):
            connect(JoinLink.parse(old))
        assert own.last_event.state != "refused"  # whoever started the master works by a link of its own
        assert master.submit("def f(x): return x", "f", range(3)).results() == [0, 1, 2]
        if new:
            with worker(new, 1, "second"):
                until(lambda: any(node.name == "second" for node in master.nodes()))


def test_the_starters_own_link_is_good_until_the_console_link_is_renewed_and_refused_and_counted_after_that(
    tmp_path: Path,
) -> None:
    own = []
    for renew in (False, True, False):
        server = open_server("127.0.0.1", 0, tmp_path / "journal", None, own=True)
        server.start()
        try:
            own.append({kind: JoinLink.parse(link).key for kind, link in server.own_links.items()})
            here = JoinLink.parse(server.own_links["console"])
            if renew:
                assert own[1]["console"] == own[0]["console"]
                with Cluster.connect(str(here)) as cluster:
                    cluster.renew_link("console")
                    assert cluster.jobs() == []  # he stays
            elif len(own) == 3:
                with pytest.raises(KeyRefused):
                    connect(replace(here, key=own[0]["console"]))
                with Cluster.connect(str(here)) as cluster:
                    assert cluster.access().failed_proofs == 1
        finally:
            server.close()
    assert len({keys["worker"] for keys in own}) == 3  # what it proves holds for one start
    assert own[2]["console"] != own[1]["console"]


def test_who_only_looks_into_a_journal_changes_no_key_of_it(tmp_path: Path) -> None:
    """Also in one of a version that kept none for its starter."""
    with closing(Journal(tmp_path / "journal")) as journal:
        made = Identity.of(journal)
        replace(made, own="").keep(journal)
        before = journal.file.get("identity")
        looking = Identity.of(journal, keep=False)
        assert (looking.keys, bool(looking.own)) == (made.keys, True)
        assert journal.file.get("identity") == before
        assert Identity.of(journal).own == Identity.of(journal).own


def test_consoles_of_a_revoked_link_are_closed_and_whoever_started_the_master_stays() -> None:
    with Master() as master, Cluster.connect(master.console_link) as other:
        other.jobs()
        old = master.console_link
        master.revoke_link("console")
        with pytest.raises(ConnectionError):
            other.jobs()
        with pytest.raises(KeyRefused):
            Cluster.connect(old)
        assert master.console_link == ""
        assert master.jobs() == []
        with Cluster.connect(master.renew_link("console")) as again:
            assert again.jobs() == []


def test_a_console_that_renews_its_own_link_goes_on_by_the_new_one() -> None:
    with Master() as master, Cluster.connect(master.console_link) as one, Cluster.connect(master.console_link) as two:
        old = master.console_link
        new = one.renew_link("console")
        assert new == one.console_link == one.own_link != old
        assert one.jobs() == []
        with pytest.raises(ConnectionError):
            two.jobs()


def test_renewed_links_are_kept_with_the_journal_and_revoked_ones_stay_so(tmp_path: Path) -> None:
    with Master(journal=tmp_path / "journal") as master:
        first = master.worker_link
        second = master.renew_link("worker")
        master.revoke_link("watch")
    with Master(journal=tmp_path / "journal") as master:
        key = JoinLink.parse(master.worker_link).key
        assert key == JoinLink.parse(second).key != JoinLink.parse(first).key
        assert master.watch_link == ""
        assert dict(master.access().links) == {"worker": True, "watch": False, "console": True}


def test_a_key_that_was_given_is_not_changed_from_afar() -> None:
    with Master(authkey="a secret of ours") as master:
        with pytest.raises(BadInput, match="AUTHKEY"):
            master.renew_link("worker")
        with pytest.raises(BadInput, match="AUTHKEY"):
            master.revoke_link("console")
        with Cluster.connect(master.renew_link("watch")) as watcher:
            assert watcher.watches_only


def test_a_node_that_is_sent_away_stops_says_why_and_comes_back_when_it_is_allowed() -> None:
    with Master() as master, worker(master.worker_link, 1, "guest") as guest:
        until(lambda: joined(master))
        job = master.submit("import time\ndef f(x): time.sleep(60)", "f", range(1))
        until(lambda: job.status.running == 1)
        (node,) = master.nodes()
        master.send_away(node.id)
        until(lambda: guest.last_event.state == "refused", what="the worker's word")
        assert "sent away from the master's console" in guest.last_event.message
        (gone,) = master.nodes()
        assert (gone.state, gone.reason_code) == ("left", "sent away")
        until(lambda: guest.last_event.busy == 0, what="the end of its task")
        assert master.access().sent_away == ((node.id, "guest"),)
        assert job.status.failed == 0
        master.allow_again(node.id)
        assert master.access().sent_away == ()
        until(lambda: joined(master), 30)
        job.cancel()


def test_nodes_stay_away_when_the_master_is_started_anew(tmp_path: Path) -> None:
    with Master(journal=tmp_path / "journal") as master, worker(master.worker_link, 1, "guest"):
        until(lambda: joined(master))
        (node,) = master.nodes()
        master.send_away(node.id)
    with Master(journal=tmp_path / "journal") as master:
        assert master.access().sent_away == ((node.id, "guest"),)


def test_failed_proofs_are_counted_told_and_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with Master() as master:
        link = JoinLink.parse(master.worker_link)
        assert master.snapshot().failed_proofs == 0
        for _ in range(3):
            with pytest.raises(KeyRefused):
                connect(replace(link, key=new_key("console")))
        until(lambda: master.snapshot().failed_proofs == 3)
        report = master.access()
        assert [(failed.address, failed.count) for failed in report.latest] == [("127.0.0.1", 3)]
        with Cluster.connect(master.watch_link) as watcher:
            assert watcher.access() == report
    said = capfd.readouterr().err
    assert "somebody at 127.0.0.1 did not prove a key of ours" in said
    assert link.key not in said


def test_whoever_fails_often_waits_longer_and_others_do_not() -> None:
    waits: list[float] = []
    proofs = FailedProofs(lambda: 0.0, waits.append)

    def fail(address: str) -> None:
        with pytest.raises(KeyRefused), proofs.attempt(address):
            raise KeyRefused(address)

    for _ in range(FREE):
        fail("10.0.0.7")
    assert waits == []
    for _ in range(8):
        fail("10.0.0.7")
    assert waits == sorted(waits)
    assert waits[-1] == 2.0
    waits.clear()
    with proofs.attempt("10.0.0.8"):
        pass
    assert waits == []
    for number in range(FREE + 1):  # whoever has an address of IPv6 has a network of them
        fail(f"2001:db8::{number:x}")
    assert len(waits) == 1


def test_of_an_address_that_fails_often_few_wait_at_a_time() -> None:
    proofs = FailedProofs(lambda: 0.0, lambda _seconds: None)
    for _ in range(FREE):
        with pytest.raises(KeyRefused), proofs.attempt("10.0.0.7"):
            raise KeyRefused("10.0.0.7")
    waiting = [proofs.attempt("10.0.0.7") for _ in range(WAITING)]
    for attempt in waiting:
        attempt.__enter__()
    with pytest.raises(KeyRefused), proofs.attempt("10.0.0.7"):
        pass
    waiting[0].__exit__(None, None, None)
    with proofs.attempt("10.0.0.7"):
        pass
    for attempt in waiting[1:]:
        attempt.__exit__(None, None, None)


def test_somebody_who_guesses_keys_does_not_stop_honest_workers() -> None:
    with Master() as master:
        link = JoinLink.parse(master.worker_link)
        for _ in range(FREE + 2):
            with pytest.raises(KeyRefused):
                connect(replace(link, key=new_key("worker")))
        with worker(master.worker_link, 1):
            assert comes_true(lambda: joined(master), 20)
            assert master.submit("def f(x): return x", "f", range(3)).results() == [0, 1, 2]
