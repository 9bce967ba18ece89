"""How many columns the table of a job's results has at most."""

from __future__ import annotations

from typing import Final

#: Columns of arguments and results that are kept, all together.
MOST_IN_ALL: Final = 500
#: Columns of one argument or result. What has more parts is one cell.
MOST_OF_ONE_VALUE: Final = 200
#: Places of a list up to which each is a column, where all of them are simple.
SHORT_LIST: Final = 24
