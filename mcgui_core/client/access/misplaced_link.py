"""A join link where none belongs: it is said to be one, and its key goes into no message and so into no log."""

from __future__ import annotations

import argparse
import re
from typing import Any, NoReturn

from mcgui_core.client.access.link_files import VARIABLE

#: As it was typed, or as a path has it, of which one slash is gone.
_LINK = re.compile(r"mcgui:/{1,2}[^\s#]*#", re.IGNORECASE)
_KEY = re.compile(rf"({_LINK.pattern})[^\s'\"),]+", re.IGNORECASE)


def without_keys(text: str) -> str:
    """The text, in which links stay without what opens something."""
    return _KEY.sub(r"\1...", text)


class CarefulParser(argparse.ArgumentParser):
    """A parser in whose words there is no key."""

    def error(self, message: str) -> NoReturn:
        """As argparse does it."""
        super().error(without_keys(message))


def check_links(parser: argparse.ArgumentParser, options: argparse.Namespace, takes: str = "link") -> None:
    """Ends the program as a mistake on the command line does it, where one of these is a link and should not be: any
    but the one that `takes` it."""
    for name, value in vars(options).items():
        if name != takes and any(_LINK.match(str(one)) for one in _each(value)):
            parser.error(
                f"{name.replace('_', '-')} cannot be a join link. The master is named by its link in the variable "
                f"{VARIABLE}; on a command line, everybody on this computer can read it."
            )


def _each(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]
