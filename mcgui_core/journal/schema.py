"""The tables of a journal, and how an older file gets those of today.

Each store names its own tables; the number of the format is the file's, and grows with any change of them. A migration
changes what the new code needs and leaves the rest as it is: it must be quick, since somebody waits for the master.
"""

from __future__ import annotations

import secrets
import sqlite3

from mcgui_core.journal import failure_store, job_store, outcome_store, printed_output_store, value_rows
from mcgui_core.journal.spec_json import without_function

#: Grows with every change of the tables.
FORMAT = 8
#: Lets one tell a journal from any other SQLite file ("mcgj").
APPLICATION_ID = 0x6D63676A

_META = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"

#: The one sentence that was compared in format 2 is known by its code from then on.
_ADD_REASON_CODES = """
ALTER TABLE jobs ADD COLUMN reason_code TEXT NOT NULL DEFAULT '';
UPDATE jobs SET reason_code = 'held'
    WHERE reason = 'The master was started anew, and holds this job until you resume it.';
"""


def create(db: sqlite3.Connection) -> None:
    """Make the tables of an empty file. The caller begins and ends the transaction."""
    for schema in (
        _META,
        job_store.SCHEMA,
        job_store.FUNCTIONS_SCHEMA,
        outcome_store.SCHEMA,
        failure_store.SCHEMA,
        printed_output_store.SCHEMA,
        value_rows.SCHEMA,
    ):
        _execute_all(db, schema)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("INSERT INTO meta VALUES ('id', ?)", (secrets.token_hex(16),))
    db.execute(f"PRAGMA user_version = {FORMAT}")


def migrate(db: sqlite3.Connection, version: int) -> None:
    """From an older format to today's. The caller begins and ends the transaction."""
    if version == 1:  # a failure held its whole traceback; what is there may stay so
        _execute_all(db, "ALTER TABLE failures ADD COLUMN traceback INTEGER")
        _execute_all(db, failure_store.SCHEMA.partition("CREATE INDEX failures_of_outcome ON failures (seq);")[2])
        _execute_all(db, printed_output_store.SCHEMA)
    if version in (1, 2):  # a reason was nothing but its sentence
        _execute_all(db, _ADD_REASON_CODES)
    if version in (1, 2, 3):  # a pickled function stood in its job's description
        _execute_all(db, job_store.FUNCTIONS_SCHEMA)
        _move_functions(db)
    if version in (1, 2, 3, 4):  # large values lay in their rows; those may stay there
        _execute_all(db, value_rows.SCHEMA)
    if version in (1, 2, 3, 4, 5):  # whether a worker was its master's own was not kept: none is taken for that
        db.execute("ALTER TABLE outcomes ADD COLUMN home INTEGER NOT NULL DEFAULT 0")
    if version in (1, 2, 3, 4, 5, 6):  # how long a job had been over before it went on was not kept
        db.execute("ALTER TABLE jobs ADD COLUMN idle REAL NOT NULL DEFAULT 0")
    if version < FORMAT:  # since when a paused job rests was not kept
        db.execute("ALTER TABLE jobs ADD COLUMN rests REAL")
    db.execute(f"PRAGMA user_version = {FORMAT}")


def _move_functions(db: sqlite3.Connection) -> None:
    for job in [id for (id,) in db.execute('SELECT id FROM jobs WHERE instr(spec, \'"pickled_function": "\')')]:
        (spec,) = db.execute("SELECT CAST(spec AS BLOB) FROM jobs WHERE id = ?", (job,)).fetchone()
        parted = without_function(spec)
        if parted is not None:  # else it is damaged, and its job is set aside when that is read
            db.execute("UPDATE jobs SET spec = ? WHERE id = ?", (parted[0], job))
            db.execute("INSERT INTO functions VALUES (?, ?)", (job, parted[1]))


def _execute_all(db: sqlite3.Connection, script: str) -> None:
    """Not by executescript, which would end the transaction."""
    for statement in script.split(";"):
        db.execute(statement)
