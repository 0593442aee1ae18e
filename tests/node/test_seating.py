"""Who sits in a call, as the voice process is told: the record's desks become the legs that are there now."""

from __future__ import annotations

import asyncio

import pytest

from openline.base.errors import UsageError
from openline.media.words import LegUp, SeatRow
from openline.node.legs import UP, Leg
from openline.node.seating import seat_rows
from openline.node.views import InterpreterView, Officer
from openline.voice.call import Part, Side
from openline.voice.interpreting import Arrangement
from openline.voice.seats import Kind
from tests.node.houses import START, played, until
from tests.node.voices import Floor, floors, up


def seated(*rows: tuple[int, str, str]) -> list[Leg]:
    return [Leg(number, desk, "session", phone, START, UP) for number, desk, phone in rows]


def test_a_seat_is_what_is_at_its_other_end_or_an_interpreter_s() -> None:
    part = Part(Side.IN)
    legs = seated((1, "watch", ""), (2, "night", "desk phone"), (3, "booth", ""), (4, "watch", ""))
    assert [row.kind for row in seat_rows(legs, part)] == [Kind.POSITION, Kind.PHONE, Kind.POSITION, Kind.POSITION]
    part.interpreters["booth"] = Arrangement(("watch", "nobody here"), ("night",))
    rows = seat_rows(legs, part)
    assert rows[2] == SeatRow(3, Kind.INTERPRETER, listens=(1, 4), speaks=(2,))
    assert [row.kind for row in rows] == [Kind.POSITION, Kind.PHONE, Kind.INTERPRETER, Kind.POSITION]


def test_two_interpreters_may_listen_to_each_other_and_none_to_itself() -> None:
    part = Part(Side.IN)
    part.interpreters["one"] = Arrangement(("two",), ())
    part.interpreters["two"] = Arrangement(("one", "two"), ("one",))
    one, two = seat_rows(seated((1, "one", ""), (2, "two", "")), part)
    assert (one.listens, one.speaks, two.listens, two.speaks) == ((2,), (), (1,), (1,))


def rows(floor: Floor) -> dict[int, SeatRow]:
    """The seats as the voice process was told last."""
    return {row.leg: row for row in floor.calls[-1].seats}


async def seat(
    floor: Floor, call: str, kind: str = "interpreter", desk: str = "watch", **lists: tuple[str, ...]
) -> None:
    arguments: dict[str, object] = {"call": call, "desk": "booth", "kind": kind, **lists}
    await floor.node.desk.say(
        floor.officer(desk), None, "seat", arguments, key=None, mark="OPERATION", wait="recorded", timeout_s=30
    )


def test_the_lists_follow_the_legs_as_they_come_and_go() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        booth = await alpha.leg("booth")
        await seat(alpha, call, listens=("watch",), speaks=("watch", "chief"))
        assert booth not in rows(alpha), "it has not answered yet"
        await alpha.step(call, "answered", desk="booth")
        assert rows(alpha)[booth] == SeatRow(booth, Kind.INTERPRETER, (1,), (1,))
        chief = await alpha.leg("chief")
        await alpha.step(call, "answered", desk="chief")
        assert rows(alpha)[booth] == SeatRow(booth, Kind.INTERPRETER, (1,), (1, chief))
        alpha.hang_up(1)
        assert rows(alpha)[booth] == SeatRow(booth, Kind.INTERPRETER, (), (chief,))
        alpha.tell(LegUp(booth))
        again = await alpha.leg("watch", "elsewhere")
        assert rows(alpha)[booth] == SeatRow(booth, Kind.INTERPRETER, (again,), (chief, again))
        view = InterpreterView("booth", ("watch",), ("watch", "chief"))
        await until(lambda: bravo.view(call).parts[0].interpreters == (view,))
        assert alpha.view(call).parts[0].interpreters == (view,)
        await seat(alpha, call, "position")
        assert rows(alpha)[booth].kind is Kind.POSITION
        await until(lambda: bravo.view(call).parts[0].interpreters == ())

    played(story())


def test_an_interpreter_who_takes_the_seat_is_in_at_once_and_nobody_else_may_take_it() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        booth = await alpha.leg("booth")
        clerk = Officer("booth", frozenset({"call"}), session="booth")
        with pytest.raises(UsageError, match="not-allowed"):
            await alpha.node.say(None, "seat", who=clerk, call=call, desk="booth", kind="interpreter")
        await seat(alpha, call, desk="booth", listens=("watch",))
        assert rows(alpha)[booth] == SeatRow(booth, Kind.INTERPRETER, (1,), ())
        assert alpha.gate(call, is_open=True, desk="booth") == booth
        await asyncio.sleep(0)
        await until(lambda: bravo.view(call).parts[0].speaking == ("booth",))

    played(story())
