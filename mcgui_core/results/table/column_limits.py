"""How many columns the table of a job's results has at most."""

from __future__ import annotations

from typing import Final

#: Columns of arguments and results that are kept, all together.
MOST_IN_ALL: Final = 500
#: Columns of one argument or result. What has more parts is one cell.
MOST_OF_ONE_VALUE: Final = 200
#: Keys of a dict within a value, up to which each is a column for filters, and how far within that goes; and columns in
#: all, from which on there are no more of these.
MOST_WITHIN: Final = 50
DEEPEST: Final = 3
ENOUGH: Final = 250
#: Places of a list up to which each is a column, where all of them are simple.
SHORT_LIST: Final = 24
