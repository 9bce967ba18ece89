"""Which documents and environments were made here, or read and then run: those may be evaluated as they are opened."""

from __future__ import annotations

from pathlib import Path

from mcgui.console.files.examples import is_example
from mcgui_core.client.trust_store import TrustStore


class OwnDocuments:
    """By their content: one that was changed elsewhere is somebody else's until it has been looked at."""

    def __init__(self) -> None:
        self._store = TrustStore()

    def vouches_for(self, document: Path | None, environment: Path) -> bool:
        """Whether nobody has to be asked before they are evaluated; `document` is None where an environment is opened
        by itself."""
        if is_example(document or environment):
            return True
        texts = _texts(document, environment)
        return texts is not None and self._store.vouches_for_source(*texts)

    def vouch_for(self, document: Path | None, environment: Path | None) -> None:
        """They were saved from here, or read and then run. The environment is meant by itself, too."""
        for opened in {document, None}:
            texts = _texts(opened, environment) if environment is not None else None
            if texts is not None:
                self._store.vouch_for_source(*texts)


def _texts(document: Path | None, environment: Path) -> tuple[str, ...] | None:
    """What they say; None where they cannot be read."""
    try:
        parts = [path.read_text(encoding="utf-8", errors="surrogateescape") for path in (environment, document) if path]
    except OSError:
        return None
    return ("document" if document else "environment", *parts)
