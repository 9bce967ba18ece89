"""How the room of a table is shared out among its columns."""

from __future__ import annotations

from mcgui.console.tables.column_fitting import fitted

WIDTHS = {"Name": 100, "State": 200, "Done": 80, "Note": 60}


def shared(room: int, **words: int) -> dict[str, int]:
    return fitted(WIDTHS, room, wide="State", usual=200, least=120, dispensable=("Note",), words=words)


def test_words_are_given_what_the_widest_column_does_not_need_from_the_first_on() -> None:
    assert shared(600) == {"Name": 100, "State": 360, "Done": 80, "Note": 60}
    assert shared(600, State=150, Name=140, Note=90) == {"Name": 140, "State": 290, "Done": 80, "Note": 90}
    assert shared(600, State=330, Name=120, Note=90) == {"Name": 120, "State": 340 - 10, "Done": 80, "Note": 70}


def test_words_hide_no_column_and_make_no_table_wider() -> None:
    for room in range(300, 900, 20):
        made = shared(room, Name=900, State=900, Note=900)
        assert made.keys() == shared(room).keys()
        assert sum(made.values()) == sum(shared(room).values())


def test_what_tells_rows_apart_comes_before_long_words_but_not_before_all_of_them() -> None:
    assert shared(600, State=900, Name=150)["Name"] == 150
    assert shared(600, State=900, Name=900) == {"Name": 175, "State": 285, "Done": 80, "Note": 60}
    assert shared(360, State=900, Name=900)["State"] == 120


def test_columns_that_can_do_with_less_give_way_before_the_table_is_wider_than_its_room() -> None:
    narrow = {"Name": 60, "Done": 40, "State": 10}
    made = {
        room: fitted(WIDTHS, room, wide="State", usual=200, least=120, dispensable=("Note",), narrow=narrow)
        for room in (0, 400, 310, 250, 200, 100)
    }
    assert made[0] == WIDTHS  # nobody knows the room yet
    assert made[400] == {"Name": 100, "State": 220, "Done": 80}
    assert made[310] == {"Name": 100, "State": 130, "Done": 80}
    assert made[250] == {"Name": 60, "State": 120, "Done": 70}
    assert made[200] == made[100] == {"Name": 60, "State": 120, "Done": 40}


def test_what_columns_do_not_need_for_their_words_keeps_another_in_sight_and_else_comes_back() -> None:
    made = {
        room: fitted(
            {**WIDTHS, "Progress": 200},
            room,
            wide="State",
            usual=150,
            least=120,
            dispensable=("Note",),
            words={"Progress": 120, "State": 130},
            narrow={"Progress": 50},
        )
        for room in (600, 520, 500, 410)
    }
    assert made[600] == {"Name": 100, "State": 160, "Done": 80, "Note": 60, "Progress": 200}
    assert made[520] == {"Name": 100, "State": 150, "Done": 80, "Note": 60, "Progress": 130}
    assert made[500] == {"Name": 100, "State": 150, "Done": 80, "Progress": 170}, "Note has no room all the same"
    assert made[410] == {"Name": 100, "State": 120, "Done": 80, "Progress": 110}
