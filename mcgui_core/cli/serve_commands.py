"""The commands that stay: `mcgui-core master` and `worker`; and `link`, which joins the two."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import FrameType

from mcgui_core.cli.master_choice import THAT_STAY, my_master, my_worker_link, named_master
from mcgui_core.cli.safe_text import safe
from mcgui_core.client.access.link_files import (
    LinkKind,
    default_link_file,
    given_link,
    is_link_file_of,
    read_link_file,
    write_link_file,
)
from mcgui_core.client.call_arguments import node_name
from mcgui_core.client.cluster import Cluster
from mcgui_core.errors import BadInput, McguiError
from mcgui_core.node.agent import Agent
from mcgui_core.owner.keep_awake import KeepAwake
from mcgui_core.owner.limit_enforcer import LimitEnforcer, LimitStatus
from mcgui_core.owner.limits import Limits
from mcgui_core.owner.limits_file import load_limits
from mcgui_core.processes.processor_count import cpu_count
from mcgui_core.protocol.agent_events import AgentEvent
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.reasons import Reason
from mcgui_core.protocol.rpc_client import connect
from mcgui_core.slots.slot_interface import Slots

#: Seconds between two moments at which the main thread is awake.
AWAKE = 0.5

#: Said of a console link on a computer that is to work.
NOT_FOR_WORKERS = (
    "This is a console link: whoever has it may do anything at the master, and it lies on this computer now. A worker "
    "needs the worker link only: `mcgui-core link worker` prints it at the master."
)


def master(options: argparse.Namespace) -> int:
    """Serve until a signal."""
    from mcgui_core.master.server import open_server

    stop = _stop_on_signals()
    server = open_server(
        options.host,
        options.port,
        options.journal,
        authkey=None,
        limit=options.journal_limit,
        start="hold" if options.hold else "go on",
    )
    where = server.shown_address
    link_file = options.link_file or _free_link_file(where)
    try:
        server.start()
        write_link_file(link_file, server.links)
        server.call_on_new_links(lambda links: write_link_file(link_file, links))
        print(f"Serving on {where}. The join links are in {link_file}.", flush=True)
        _await(stop)
    except OSError as error:
        elsewhere = "Say where they may lie by --link-file."
        print(f"mcgui-core: the links could not be written to {link_file}: {error}. {elsewhere}", file=sys.stderr)
        return 1
    finally:
        server.close()
        if options.journal is None and is_link_file_of(link_file, server.links):
            link_file.unlink(missing_ok=True)  # without a journal its keys are never good again
    return 0


def _free_link_file(address: str) -> Path:
    """Where the master at this address leaves its links, if nobody said where: where commands look for them, unless
    another master of this user that runs has left its own there."""
    usual = default_link_file()
    try:
        Cluster.connect(read_link_file(usual, "console")).close()
    except McguiError:
        return usual
    return usual.with_name(f"links-{address.rpartition(':')[2]}.json")


def worker(options: argparse.Namespace) -> int:
    """Work for a master until a signal."""
    stop = _stop_on_signals()
    join_link = given_link(options.link, options.link_file, "worker") or my_worker_link()
    slots = None if options.dask is None else _dask_slots(options)
    if slots is None and (options.nprocs or 0) > cpu_count():
        print(
            f"mcgui-core: {options.nprocs} tasks at once on {cpu_count()} processors will slow each other down.",
            file=sys.stderr,
        )
    limits = Limits() if options.limits is None else load_limits(options.limits)
    limits = replace(limits, allow_install=limits.allow_install or options.allow_install)
    narrator = _Narrator()
    if join_link.kind == "console":
        print(f"mcgui-core: {NOT_FOR_WORKERS}", file=sys.stderr, flush=True)
    if join_link.remark:
        print(f"mcgui-core: {join_link.remark}", file=sys.stderr, flush=True)
    awake = KeepAwake()

    def hear(event: AgentEvent) -> None:
        narrator.hear(event)
        awake.set(limits.keep_awake and event.state == "working")

    agent = Agent(join_link, options.nprocs, node_name(options.name), hear, slots, own_folders=True)
    owner = LimitEnforcer(agent, limits, narrator.hear_owner)
    owner.start()
    agent.start()
    _await(stop)
    owner.stop()
    _finish(agent, stop, options.finish_within)
    agent.leave(Reason("told to end", "was told to end"))
    return 0


def _dask_slots(options: argparse.Namespace) -> Slots:
    """The slots of a Dask cluster. Raises DaskInvalid."""
    from mcgui_core.protocol.dask_address import dask_address, dask_name
    from mcgui_core.slots.executors.dask_slots import DaskSlots

    address = dask_address(options.dask)
    options.name = options.name or dask_name(address)
    return DaskSlots(address, fixed=options.nprocs is not None)


def _finish(agent: Agent, stop: threading.Event, seconds: float) -> None:
    """Let the tasks that run finish for so long, or until it is told to end once more. It leaves by itself then."""
    if seconds <= 0 or agent.ended.is_set():
        return
    stop.clear()
    agent.drain()
    deadline = time.monotonic() + seconds
    while not agent.ended.wait(0.1) and not stop.is_set() and time.monotonic() < deadline:
        continue


def link(options: argparse.Namespace) -> int:
    """Print a link, or have the master renew or revoke it. Its key goes to whoever asks on this terminal only."""
    kind: LinkKind = options.kind_option or options.kind or "worker"
    if not options.renew and not options.revoke:
        print(_link_in_force(options.link_file, kind))
        return 0
    with named_master(options) or my_master(THAT_STAY)[0] as cluster:
        if options.renew:
            print(cluster.renew_link(kind))
        else:
            cluster.revoke_link(kind)
            again = f"`mcgui-core link {kind} --renew` makes a new one"
            print(f"No {kind} link opens anything now; {again}.", file=sys.stderr)
    return 0


def _link_in_force(file: Path | None, kind: LinkKind) -> str:
    """A link by which its master was reached a moment ago: a dead one would only be found dead by a colleague.

    Raises NoMaster, ConnectionFailed, LinkInvalid, BadInput.
    """
    if file is not None:
        link = read_link_file(file, kind)
        connect(JoinLink.parse(link)).close()
        return link
    with my_master(THAT_STAY)[0] as cluster:
        links = {"worker": cluster.worker_link, "watch": cluster.watch_link, "console": cluster.console_link}
        if links[kind]:
            return links[kind]
        why = "a watch link opens no others" if cluster.watches_only else "it was revoked"
        raise BadInput(
            f"The master at {cluster.address} gives out no {kind} link: {why}. `mcgui-core link {kind} --renew` makes "
            "a new one."
        )


class _Narrator:
    """Says on standard error what an agent goes through, without repeating itself."""

    def __init__(self) -> None:
        self._said = ""

    def hear(self, event: AgentEvent) -> None:
        self._say(_in_words(event))

    def hear_owner(self, standing: LimitStatus) -> None:
        """What limits it; a pause is told as the agent's."""
        ruling = standing.ruling
        if ruling.nprocs and ruling.limit:
            self._say(f"{ruling.nprocs} of {standing.wanted} processors: {ruling.reason}")

    def _say(self, text: str) -> None:
        if text and text != self._said:
            self._said = text
            print(safe(text), file=sys.stderr, flush=True)


def _in_words(event: AgentEvent) -> str:
    if event.state in ("idle", "working"):
        return f"Joined {event.master} with {event.nprocs} {'processor' if event.nprocs == 1 else 'processors'}."
    if event.state == "paused":
        return f"Paused: {event.message}"
    if event.state == "draining":
        return "Finishing the tasks that run."
    if event.state == "connecting":
        return f"{event.message} Trying again." if event.message else f"Connecting to {event.master} ..."
    if event.state == "refused":
        return f"{event.message} Trying again, once in a while."
    if event.state == "ended":
        return f"Left {event.master} after {event.done:,} tasks."
    return event.message


def _await(stop: threading.Event) -> None:
    """Until a signal. One that comes while we are stopped (Ctrl+Z, then `kill`) may be taken by another thread as we
    go on, and Python tells the main thread of it only when that wakes up."""
    while not stop.wait(AWAKE):
        continue


def _stop_on_signals() -> threading.Event:
    """An event that is set by Ctrl+C, and by what ends a service. Also where SIGINT was ignored, as for `command &`."""
    stop = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
    if sys.platform == "win32":
        signal.signal(signal.SIGBREAK, handle)
    return stop
