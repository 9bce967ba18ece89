"""One chaos run: the cluster, the adversary, and what is looked at when it is over."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import uuid
from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from mcgui_core.client.access.link_files import read_link_file
from mcgui_core.journal.journal import Journal
from mcgui_core.values.outcome_values import values
from tests.chaos import work
from tests.chaos.adversary import Adversary
from tests.chaos.checker import Checker, Verdict
from tests.chaos.disk import Disk, LimitedDisk, SmallDisk, may_mount
from tests.chaos.liars import Babbler, Liar
from tests.chaos.network import Network
from tests.chaos.plan import JobPlan, Plan
from tests.chaos.processes import RUN_VARIABLE, Command, dump, of_this_run, sockets_at
from tests.chaos.schedule import DECK, schedule
from tests.chaos.watcher import Watcher
from tests.support import free_port
from tests.waiting import comes_true, until

#: Agents, and slots of each.
AGENTS, SLOTS = 2, 2
#: Seconds that a start, a calm end of everything, and the last look of a client may take.
PATIENCE = 90.0
#: Seconds without one more outcome after which the adversary rests until there is one (on a busy computer a process
#: may take longer to start than he leaves it in peace), and after which the run is given up.
RESTS_AFTER, STALLED = 15.0, 120.0
#: Acts for each thousand tasks: when so much of the work is done, so many acts have to be.
ACTS_PER_THOUSAND = 1.5
#: Sockets that a server may have when only two agents and one watcher are there: two or three each, and the listener.
CALM_SOCKETS = 16


@dataclass(frozen=True)
class Settings:
    """What the command line says."""

    seed: int
    tasks: int
    seconds: float  # the adversary gives in after so long, if it has done each act by then
    haste: float
    large: int = 0  # tasks of the job with large results


@dataclass
class Report:
    """What is printed at the end."""

    settings: Settings
    disk: str
    acts: Counter[str] = field(default_factory=Counter)
    starts: dict[str, int] = field(default_factory=dict)
    refused_starts: int = 0
    killed_by_tasks: int = 0  # agents
    corrupted: int = 0
    connections: int = 0
    in_journal: dict[str, Verdict] = field(default_factory=dict)
    read: dict[str, Verdict] = field(default_factory=dict)  # by the client
    lies: dict[str, Counter[str]] = field(default_factory=dict)  # what was answered to whom
    executions: int = 0
    left_processes: int = 0
    left_sockets: int = 0
    takes_back: int = 0
    memory: int = 0
    descriptors: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    node_states: set[str] = field(default_factory=set)
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


class Run:
    """Everything that one run has started, and how it is ended."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings, self._folder = settings, folder
        self._plan = Plan(settings.seed, settings.tasks, settings.large)
        self._jobs = self._plan.jobs
        self._mark = uuid.uuid4().hex
        self._began = time.monotonic()
        self._stack = ExitStack()
        (folder / "runs").mkdir()
        (folder / "logs").mkdir()
        (folder / "marks").mkdir()
        self._plan.save(folder / "plan.json")
        self._disk = self._small_disk() if may_mount() else LimitedDisk(folder / "disk")
        self._stack.callback(self._disk.close)
        self.report = Report(settings, self._disk.how)
        self._port = free_port()
        self._server = self._command(
            "server", "mcgui_core.cli.main", "master", "--port", str(self._port), "--journal", str(self._journal),
            "--link-file", str(folder / "links.json"),
        )  # fmt: skip
        self._networks = [self._network(number) for number in range(AGENTS + 1)]
        self._agents = [
            self._command(
                f"agent {number}", "mcgui_core.cli.main", "worker", "--link-file", str(folder / f"link-{number}"),
                "--nprocs", str(SLOTS), "--name", f"agent {number}",
            )
            for number in range(AGENTS)
        ]  # fmt: skip
        self._client = self._command("client", "tests.chaos.client", str(folder))
        self._watcher: Watcher | None = None
        self._liars: list[Liar] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end_liars()
        for command in (self._client, *self._agents, self._server):
            command.kill()
        for process in of_this_run(self._mark):
            process.kill()
        if self._watcher is not None:
            self._watcher.close()
        self._stack.close()

    def go(self) -> Report:
        """From the start of the server to the last check."""
        report = self.report
        try:
            self._start()
            adversary = Adversary(
                self._server, self._agents, self._client, self._networks, self._disk,
                schedule(self._settings.seed, self._settings.haste),
            )  # fmt: skip
            try:
                self._storm(adversary)
            finally:
                self._end_liars()
                adversary.heal()
                self._note(adversary)
            self._calm(adversary)
            self._end()
            self._judge(adversary)
        except TimeoutError as error:
            report.faults.append(str(error))
            self._dump()
        report.seconds = time.monotonic() - self._began
        return report

    def keep(self, place: Path) -> None:
        """Copy journal and logs to where somebody can look at them."""
        shutil.copytree(self._folder, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("ballast", "runs"))

    # --- one after the other ------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._server.start()
        links = self._folder / "links.json"
        until(links.exists, PATIENCE, "the server's start")
        console = read_link_file(links, "console")
        self._watcher = Watcher(console)
        for number, network in enumerate(self._networks):
            kind, name = ("worker", f"link-{number}") if number < AGENTS else ("console", "client-link")
            link = read_link_file(links, kind)  # type: ignore[arg-type]
            spoilt = f"mcgui://{network.address[0]}:{network.address[1]}#{link.partition('#')[2]}"
            (self._folder / name).write_text(spoilt, encoding="utf-8")
        for agent in self._agents:
            agent.start()
        self._client.start()
        until((self._folder / "submitted").exists, PATIENCE, "the submission of the jobs")
        link = read_link_file(links, "worker")
        self._liars += [kind(link, len(self._jobs), self._settings.seed) for kind in (Liar, Babbler)]

    def _storm(self, adversary: Adversary) -> None:
        """Until all jobs are over and the client has read their results."""
        assert self._watcher is not None
        began = moved = said = time.monotonic()
        settled = 0
        wanted = max(sum(DECK.values()), int(ACTS_PER_THOUSAND * self._settings.tasks / 1000))
        deck = sum(DECK.values())
        while not (adversary.has_done(deck) and self._watcher.finished):
            now = time.monotonic()
            if adversary.has_done(deck) and now > began + self._settings.seconds:
                return
            if self._watcher.settled > settled or self._watcher.finished:  # there are acts left, perhaps
                settled, moved = self._watcher.settled, now
            if now > moved + STALLED:
                raise TimeoutError(f"No task has ended for {STALLED:.0f} s; {settled:,} had.")
            behind = adversary.acts < wanted * settled / self._settings.tasks
            adversary.step(may_wait=not behind, rest=now > moved + RESTS_AFTER)
            moved += time.monotonic() - now  # to fill a disk for many large results takes him a minute
            if self._server.pid is not None:
                self._watcher.gauge(self._server.pid)
            if now > said + 2.0:
                said = now
                self._say(f"{settled:>9,} of {self._settings.tasks:,} settled, {adversary.acts} acts; {adversary.last}")
            time.sleep(0.02)

    def _calm(self, adversary: Adversary) -> None:
        """Nothing is done to anybody any more: everything comes to its end, and all are there."""
        watcher = self._watcher
        assert watcher is not None

        def look(done: bool) -> bool:
            adversary.heal()
            return done

        self._say("the adversary gives in")
        settled = -1
        while not watcher.finished:  # as long as it takes on this computer, if only it goes on
            settled = watcher.settled
            until(lambda: look(watcher.finished or watcher.settled > settled), STALLED, "one more outcome")
        until(lambda: look(len(watcher.present) == AGENTS), PATIENCE, "the return of both agents")
        until(lambda: look(self._client.pid is None), PATIENCE, "the end of the client")
        self._say("all is done and everybody is there; the results are read once more")
        (self._folder / "read.json").unlink(missing_ok=True)
        self._client.start()  # once more, in peace: what it reads now is what is judged
        until(lambda: self._client.pid is None, PATIENCE, "the end of the last client")
        if self._client.exit_code:
            self.report.faults.append(f"the last client ended with code {self._client.exit_code}")
        if not comes_true(lambda: len(self._servers_sockets()) <= CALM_SOCKETS, 10.0):
            self.report.faults.append(f"the server holds {len(self._servers_sockets())} sockets when all is calm")
        self.report.faults += adversary.faults

    def _end(self) -> None:
        """Everybody is asked to end, and does."""
        assert self._watcher is not None
        self._say("everybody is told to end")
        self._watcher.close()
        for command in (*self._agents, self._server):
            if not command.end(20.0):
                self._dump()
                self.report.faults.append(f"{command.name} does not end when it is told to")
                command.kill()
            elif command.exit_code:
                self.report.faults.append(f"{command.name} ended with code {command.exit_code}")
        for network in self._networks:
            network.close()
        comes_true(lambda: not of_this_run(self._mark) and not sockets_at(self._port), 5.0)
        processes, sockets = of_this_run(self._mark), sockets_at(self._port)
        self.report.left_processes, self.report.left_sockets = len(processes), len(sockets)
        self.report.faults += [f"left behind: {process}" for process in processes]
        self.report.faults += [f"left behind: socket {socket}" for socket in sockets]

    def _judge(self, adversary: Adversary) -> None:
        """What is in the journal, and what the client has read."""
        report = self.report
        self._say("the journal is checked")
        kills, report.executions = killed_at(self._folder / "runs", adversary.killed_slots)
        journal = Journal(self._journal)
        try:
            records = {job.spec.name: job.id for job in journal.restore() if job.state == "finished"}
            for job in self._jobs:
                checker = Checker(job)
                if job.name in records:
                    _show_all(journal, records[job.name], checker)
                else:
                    report.faults.append(f"the journal has no finished job {job.name}")
                report.in_journal[job.name] = checker.verdict(kills[job.number])
        finally:
            journal.close()
        read = json.loads((self._folder / "read.json").read_text(encoding="utf-8"))
        report.read = {name: Verdict(**found) for name, found in read.items()}
        report.faults += _differences(self._jobs, report)

    # --- inside -------------------------------------------------------------------------------------------------

    @property
    def _journal(self) -> Path:
        return self._disk.folder / "journal.sqlite"

    def _note(self, adversary: Adversary) -> None:
        report, watcher = self.report, self._watcher
        assert watcher is not None
        report.acts, report.refused_starts = adversary.done, adversary.refused_starts
        report.killed_by_tasks = adversary.killed_by_tasks
        report.starts = {c.name: c.starts for c in (self._server, *self._agents, self._client)}
        report.corrupted = sum(network.corrupted for network in self._networks)
        report.connections = sum(network.accepted for network in self._networks)
        report.takes_back = len(watcher.takes_back)
        report.faults += watcher.takes_back
        report.memory, report.descriptors = watcher.memory, watcher.descriptors
        report.reasons, report.node_states = dict(watcher.reasons), watcher.states

    def _end_liars(self) -> None:
        for liar in self._liars:
            liar.close()
            self.report.lies[liar.name] = liar.told
            self.report.faults += liar.believed
        self._liars.clear()

    def _servers_sockets(self) -> list[str]:
        return [line for line in sockets_at(self._port) if f"(process {self._server.pid})" in line]

    def _small_disk(self) -> Disk:
        blobs = sum(job.kinds.count("blob") for job in self._jobs)
        large = sum(work.large_size(i) for job in self._jobs for i, kind in enumerate(job.kinds) if kind == "large")
        # What is written twice, since its worker was killed before it could tell, needs room twice.
        return SmallDisk(self._folder / "disk", 2 * large + ((96 + 4 * blobs + self._settings.tasks // 500) << 20))

    def _network(self, number: int) -> Network:
        network = Network(("127.0.0.1", self._port), self._settings.seed + number)
        self._stack.callback(network.close)
        return network

    def _command(self, name: str, module: str, *arguments: str) -> Command:
        environment = {
            **os.environ,
            RUN_VARIABLE: self._mark,
            work.LOG_VARIABLE: str(self._folder / "runs"),
            work.MARKS_VARIABLE: str(self._folder / "marks"),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONFAULTHANDLER": "",
        }
        log = self._folder / "logs" / f"{name.replace(' ', '-')}.txt"
        return Command(name, [sys.executable, "-m", module, *arguments], log, environment)

    def _dump(self) -> None:
        for process in of_this_run(self._mark):
            dump(process, self._folder / "logs")

    def _say(self, text: str) -> None:
        print(f"{time.monotonic() - self._began:7.1f} s  {text}", file=sys.stderr, flush=True)


def _show_all(journal: Journal, id: int, checker: Checker) -> None:
    after = 0
    while found := journal.outcomes.after(id, after, 16 << 20):
        for outcome in found:
            for index, value in values(journal.values.loaded(outcome, "values")):
                checker.see(index, value)
            for failure in outcome.failures:
                checker.see(failure.index, failure)
        after = found[-1].seq


def _differences(jobs: tuple[JobPlan, ...], report: Report) -> list[str]:
    """What is not as it was promised, in words."""
    lines = []
    for where, verdicts in (("in the journal", report.in_journal), ("read by the client", report.read)):
        for job in jobs:
            verdict = verdicts.get(job.name)
            if verdict is None:
                lines.append(f"{where}: nothing of {job.name}")
            elif not verdict.good:
                lines.append(f"{where}: {verdict.lost} lost, {verdict.doubled} doubled, {verdict.wrong} wrong")
                lines += [f"    {line}" for line in verdict.words]
    return lines


def killed_at(folder: Path, killed: list[int]) -> tuple[defaultdict[int, Counter[int]], int]:
    """By job: how many killed slots were at which task. And how often a task was begun, all together."""
    at: defaultdict[int, Counter[int]] = defaultdict(Counter)
    begun = 0
    for path in folder.iterdir():
        data = path.read_bytes()
        records = list(work.RECORD.iter_unpack(data[: len(data) // work.RECORD.size * work.RECORD.size]))
        begun += sum(phase == work.BEGUN for _, phase, _ in records)
        if records and records[-1][1] == work.BEGUN and int(path.name.partition("-")[0]) in killed:
            job, _, index = records[-1]
            at[job][index] += 1
    return at, begun
