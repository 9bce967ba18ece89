"""Who looks at arguments: a workbench that needs no master; but tasks of a job are at the master that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcgui.console.master.session import Session
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.protocol.messages import ArgumentsPreview

#: Seconds that a look may count.
PREVIEW_SECONDS = 0.3

if TYPE_CHECKING:
    from mcgui_core.workbench.workbench import Workbench


class PreviewBench:
    """Blocks; raises as `Workbench.preview` does, and ServerFailed where no master is open that is needed."""

    def __init__(self, bench: Workbench, session: Session) -> None:
        self._bench, self._session = bench, session

    def preview(
        self, source: ArgumentSource, environment: str, filename: str, *, seconds: float = PREVIEW_SECONDS
    ) -> ArgumentsPreview:
        bench = self._session.bench if source.kind == "tasks" else self._bench
        return bench.preview(source, environment, filename, seconds=seconds)
