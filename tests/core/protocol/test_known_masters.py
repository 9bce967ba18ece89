"""Masters that are met by address and key alone: the first certificate counts."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from mcgui_core import Cluster, Master, MasterNode
from mcgui_core.errors import KeyRefused, WrongMaster
from mcgui_core.protocol.certificate import kept_certificate
from mcgui_core.protocol.join_link import JoinLink, new_key
from mcgui_core.protocol.known_masters import KnownMasters
from mcgui_core.protocol.rpc_client import connect
from tests.support import free_port

SECRET = "a long secret of our own"


def test_a_link_names_the_certificate_of_its_master() -> None:
    with Master() as one, Master() as two:
        mine, other = JoinLink.parse(one.worker_link), JoinLink.parse(two.worker_link)
        assert mine.fingerprint == JoinLink.parse(one.console_link).fingerprint != other.fingerprint
        with pytest.raises(WrongMaster, match="not the master that this link names"):
            Cluster.connect(str(replace(mine, port=other.port)))


def test_whoever_knows_the_key_and_not_the_certificate_is_not_even_told_whether_a_key_is_right() -> None:
    """The certificate is looked at first: a wrong key and a right one are answered alike."""
    with Master() as master:
        link = replace(JoinLink.parse(master.console_link), fingerprint="A" * 22)
        for key in (link.key, new_key("console")):
            with pytest.raises(WrongMaster):
                connect(replace(link, key=key))


def test_the_first_master_that_proves_the_key_is_remembered_and_no_other_is_taken_for_it(tmp_path: Path) -> None:
    known, port = KnownMasters(tmp_path / "known"), free_port()
    link = JoinLink("127.0.0.1", port, SECRET)
    with Master(port=port, authkey=SECRET, certificate=tmp_path / "one.pem"):
        for _ in range(2):
            connect(link, known).close()
    with (
        Master(port=port, authkey=SECRET, certificate=tmp_path / "two.pem"),
        pytest.raises(WrongMaster, match="delete its line") as caught,
    ):
        connect(link, known)
    assert caught.value.file == str(known.path)
    with Master(port=port, authkey=SECRET, certificate=tmp_path / "one.pem"):
        connect(link, known).close()


def test_who_does_not_know_the_key_is_not_remembered(tmp_path: Path) -> None:
    known = KnownMasters(tmp_path / "known")
    with Master() as master, pytest.raises(KeyRefused):
        connect(JoinLink("127.0.0.1", JoinLink.parse(master.worker_link).port, SECRET), known)
    assert not known.path.exists()


def test_the_file_is_its_owners_alone_and_what_cannot_be_read_in_it_is_passed_over(tmp_path: Path) -> None:
    known = KnownMasters(tmp_path / "folder" / "known")
    known.remember("lab:1", "A" * 22)
    if os.name == "posix":
        assert stat.S_IMODE(known.path.stat().st_mode) == 0o600
    known.path.write_text(known.path.read_text() + "\n\nhalf\n# lab:3 x\nlab:1 later\n")
    assert [known.fingerprint(address) for address in ("lab:1", "half", "lab:3")] == ["A" * 22, "", ""]
    known.remember("lab:2", "B" * 22)
    known.remember("lab:1", "C" * 22)
    assert (known.fingerprint("lab:1"), known.fingerprint("lab:2")) == ("A" * 22, "B" * 22)


def test_a_home_that_cannot_be_written_keeps_nobody_from_connecting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    known = KnownMasters(tmp_path / "file" / "known")
    known.remember("lab:1", "A" * 22)
    assert known.fingerprint("lab:1") == ""
    assert "PRIVATE KEY" in kept_certificate(tmp_path / "file" / "certificate")


def test_the_seeds_master_that_is_started_anew_is_the_same_to_those_who_know_its_address_and_key() -> None:
    port = free_port()
    for _ in range(2):
        master = MasterNode(HOST="127.0.0.1", PORT=port, AUTHKEY=SECRET)
        master.start_master_server(if_join_as_worker=False)
        try:
            Cluster.connect(str(JoinLink("127.0.0.1", port, SECRET))).close()
        finally:
            master.shutdown()
