"""The text of the values that all calls share: lines such as `table = load_table()`. No Qt in here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mcgui_core.errors import BadInput

if TYPE_CHECKING:
    from mcgui_core.arguments.shared_expressions import Shared

#: Characters up to which a text is checked as it is typed; what is longer belongs into the environment.
_LONGEST: Final = 20_000


class SharedText:
    """`shared` are names and expressions; while the text is no Python, those of before, and `problem` says why."""

    def __init__(self) -> None:
        self.text = self.problem = ""
        self.shared: Shared = ()

    def say(self, text: str) -> None:
        """This is the text now."""
        if text != self.text:
            self.text, self.problem = text, ""
            try:
                self.shared = read_if_any(text)
            except BadInput as error:
                self.problem = str(error)


def read_if_any(text: str) -> Shared:
    """What the text says. Raises BadInput."""
    if not text.strip():
        return ()
    if len(text) > _LONGEST:
        raise BadInput("The shared values are very long: put data into a function of the environment.")
    from mcgui_core.arguments.shared_expressions import read_shared  # here, because most jobs share none

    return read_shared(text)
