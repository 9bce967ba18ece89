"""Keys show up nowhere, and nobody without one can do more than knock."""

from __future__ import annotations

import os
import socket
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from mcgui_core import Cluster, Master
from mcgui_core.errors import BadInput
from mcgui_core.protocol.join_link import JoinLink
from tests.support import descendants, joined, run_script
from tests.waiting import until

SQUARE = "def square(x): return x * x"


def test_keys_are_in_no_command_line_and_no_environment_variable() -> None:
    with Master() as master:
        master.add_local_worker(2)
        master.submit(SQUARE, "square", range(100)).results()
        keys = {JoinLink.parse(link).key for link in (master.worker_link, master.console_link)}
        family = descendants(os.getpid())
        assert len(family) >= 3
        for process in family:
            shown = " ".join([*process.cmdline(), *process.environ().values()])
            assert not any(key in shown for key in keys), process


def test_keys_are_in_nothing_that_is_printed(tmp_path: Path) -> None:
    """Not by an ordinary run, and not by one in which everything goes wrong that can."""
    source = (
        "import os, signal, sys, psutil\n"
        "from mcgui_core import Cluster, Master\n"
        "from mcgui_core.protocol.join_link import JoinLink\n"
        "master = Master()\n"
        "link = JoinLink.parse(master.console_link)\n"
        "print(repr(link), repr(master), master.address)\n"
        "agent = master.add_local_worker(1)\n"
        "master.submit('def f(x):\\n    print(x)\\n    return 1 / x', 'f', range(3)).wait()\n"
        "psutil.Process(agent.pid).kill()\n"
        "psutil.Process(master.pid).kill()\n"
        "try:\n"
        "    Cluster.connect(master.console_link)\n"
        "except ConnectionError as error:\n"
        "    print(error, repr(error))\n"
        "with open(sys.argv[0] + '.keys', 'w') as file:\n"
        "    print(link.key, JoinLink.parse(master.worker_link).key, file=file)\n"
        "master.shutdown()\n"
        "master.submit('def f(x): return x', 'f', range(3))\n"
    )
    done = run_script(tmp_path / "script.py", source)
    keys = (tmp_path / "script.py.keys").read_text(encoding="utf-8").split()
    assert len(keys) == 2
    assert "ConnectionLost" in done.stderr
    for key in keys:
        assert key not in done.stdout + done.stderr
        assert key[2:] not in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such modes there")
def test_a_journal_which_holds_the_keys_is_its_owners_alone(tmp_path: Path) -> None:
    with Master(journal=tmp_path / "journal") as master:
        master.submit(SQUARE, "square", range(3))
        for path in tmp_path.glob("journal*"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such modes there")
def test_a_journal_that_others_could_read_is_taken_from_them(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    journal.touch()
    journal.chmod(0o644)
    with Master(journal=journal):
        for path in tmp_path.glob("journal*"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_journal_of_a_version_with_two_kinds_of_links_keeps_them_and_gets_the_third(tmp_path: Path) -> None:
    import json

    from mcgui_core.journal.journal import Journal
    from mcgui_core.protocol.certificate import new_certificate

    journal = Journal(tmp_path / "journal")
    journal.file.put("identity", json.dumps([new_certificate(), "w.old-worker", "c.old-console"]))
    journal.close()
    watch = set()
    for _ in range(2):
        with Master(journal=tmp_path / "journal") as master:
            keys = [JoinLink.parse(link).key for link in (master.worker_link, master.console_link, master.watch_link)]
            assert keys[:2] == ["w.old-worker", "c.old-console"]
            watch.add(keys[2])
    assert len(watch) == 1


def test_a_task_finds_no_secret_of_ours_in_its_environment(tmp_path: Path) -> None:
    """`mcgui-core worker` takes its link from MCGUI_LINK, and its slots inherit its environment."""
    with Master() as master:
        env = {**os.environ, "MCGUI_LINK": master.worker_link, "PYTHONPATH": str(Path(__file__).parents[3])}
        command = [sys.executable, "-m", "mcgui_core.cli.main", "worker", "--nprocs", "1"]
        with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) as program:
            try:
                source = "import os\ndef f(_): return dict(os.environ)"
                (found,) = master.submit(source, "f", range(1)).results()
            finally:
                program.terminate()
        key = JoinLink.parse(master.worker_link).key
        assert not [name for name, value in found.items() if key in value or name.startswith("MCGUI_LINK")]


def test_keys_differ_from_each_other_and_from_those_of_any_other_master() -> None:
    with Master() as one, Master() as two:
        links = [one.worker_link, one.console_link, two.worker_link, two.console_link]
        keys = {JoinLink.parse(link).key for link in links}
        assert len(keys) == 4
        assert all(len(key) >= 32 for key in keys)


def knock(address: str, say: bytes) -> socket.socket:
    host, _, port = address.rpartition(":")
    sock = socket.create_connection((host, int(port)), timeout=10)
    if say:
        sock.sendall(say)
    return sock


def test_whoever_says_nothing_or_garbage_does_not_stop_others() -> None:
    garbage = [b"", b"GET / HTTP/1.1\r\n\r\n", os.urandom(5000), b"\x16\x03\x01", b"\x80" * 70_000]
    with Master() as master:
        knocking = [knock(master.address, garbage[number % len(garbage)]) for number in range(100)]
        try:
            with Cluster.connect(master.console_link) as client:
                client.add_local_worker(1)
                assert client.submit(SQUARE, "square", range(50)).results() == [x * x for x in range(50)]
        finally:
            for sock in knocking:
                sock.close()


def test_a_crowd_that_says_nothing_does_not_lock_the_door() -> None:
    """More of them than there is room for."""
    with Master() as master:
        knocking = [knock(master.address, b"") for _ in range(300)]
        try:
            with Cluster.connect(master.console_link) as client:
                assert client.jobs() == []
        finally:
            for sock in knocking:
                sock.close()


def test_whoever_passes_tls_but_not_the_proof_is_told_nothing_and_shown_out() -> None:
    with Master() as master:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with context.wrap_socket(knock(master.address, b"")) as sock:
            hello = sock.recv(100)
            assert hello.startswith(b"mcgui")
            sock.sendall(os.urandom(64))
            assert sock.recv(100) == bytes(32)  # no
            assert sock.recv(100) == b""


def test_a_message_that_would_run_code_is_refused_and_the_master_goes_on(tmp_path: Path) -> None:
    """By somebody who even has the worker's key: a pickle, which is nothing that a master reads."""
    from mcgui_core.protocol import codec
    from mcgui_core.protocol.transport import TlsClient

    mark = tmp_path / "it ran"

    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch '{mark}'",)

    with Master() as master:
        link = JoinLink.parse(master.worker_link)
        connection = TlsClient((link.host, link.port), link.key.encode())
        with pytest.raises(BadInput):
            connection.send(("node", "join", (Bomb(),), {}))
        for part in codec.encode(("node", "join", (Bomb(),), {})):
            connection._socket.sendall(part)
        with pytest.raises(ConnectionError):
            connection.recv(10)
        connection.close()
        assert not mark.exists()
        assert master.jobs() == []


def test_a_frame_that_claims_to_be_endless_takes_no_memory() -> None:
    from mcgui_core.protocol.transport import TlsClient

    with Master() as master:
        server = psutil.Process(master.pid)
        before = server.memory_info().rss
        link = JoinLink.parse(master.worker_link)
        connection = TlsClient((link.host, link.port), link.key.encode())
        connection._socket.sendall(b"\x00\x00\x00\x00" + (1 << 50).to_bytes(8, "big"))
        with pytest.raises(ConnectionError):
            connection.recv(10)
        connection.close()
        assert server.memory_info().rss - before < 20_000_000


def test_a_worker_link_lets_nobody_submit_or_read() -> None:
    from mcgui_core.errors import NotAllowed
    from mcgui_core.protocol.rpc_client import RpcClient

    with Master() as master:
        remote = RpcClient(JoinLink.parse(master.worker_link), "cluster")
        try:
            for method, args in (("job_ids", ()), ("snapshot", (0, 0.0)), ("cancel", (1,)), ("links", ())):
                with pytest.raises(NotAllowed):
                    remote.call(method, *args)
        finally:
            remote.close()


def test_one_key_for_everything_opens_everything() -> None:
    """The seed's AUTHKEY."""
    with Master(authkey="a secret of ours") as master:
        assert master.worker_link == master.console_link
        with Cluster.connect(master.worker_link) as client:
            client.add_local_worker(1)
            until(lambda: joined(master))
            assert client.submit(SQUARE, "square", [3]).results() == [9]
