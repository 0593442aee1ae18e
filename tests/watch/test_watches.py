"""Some hundred watches in every run of the tests; `make watches RUNS=10000` plays more. Planted bugs must be found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import cast

import pytest

from openline.base.time import MINUTE_US, Instant
from openline.line import stop, watch
from openline.line.book import Book
from openline.line.escalation import escalations_due
from openline.line.item import Fact, Item, Stage
from openline.line.kinds import Said
from openline.line.stop import Stopping, StopState
from openline.record.entry import Draft, Mark
from tests.watch import watches
from tests.watch.__main__ import main
from tests.watch.watches import Watch

RUNS = 150
SEARCHED = 40


def test_no_flash_waits_without_an_owner_an_alarm_and_its_steps_on_record() -> None:
    totals: Counter[str] = Counter()
    for seed in range(1, RUNS + 1):
        totals += Watch(seed).run()
    for thing in ("cuts", "handovers", "nobody", "refused", "wrong entry", "steps", "late flashes seen", "stops seen"):
        assert totals[thing], f"{RUNS} watches without {thing} show nothing"


def test_a_seed_is_the_same_watch_again() -> None:
    first, again = Watch(7), Watch(7)
    assert first.run() == again.run()
    assert first.world.alpha.digest() == again.world.alpha.digest()


def test_the_command_tells_what_it_has_seen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "2"]) == 0
    assert capsys.readouterr().out.startswith("2 watches from seed 1: ")


# Planted bugs


def found() -> bool:
    """Whether the watches see that something is wrong."""
    for seed in range(1, SEARCHED + 1):
        try:
            Watch(seed).run()
        except AssertionError:
            return True
    return False


def test_nothing_is_found_where_nothing_is_planted() -> None:
    assert not found()


def test_a_node_that_writes_no_steps_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watches, "escalations_due", _nothing)
    assert found()


def test_a_node_that_is_late_by_a_quarter_of_a_minute_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watches, "escalations_due", lambda book, now: escalations_due(book, now.plus(-MINUTE_US // 4)))
    assert found()


def test_a_node_that_forgets_the_last_step_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for precedence, ladder in watch.ESCALATION.items():
        monkeypatch.setitem(cast("dict[object, object]", watch.ESCALATION), precedence, ladder[:-1])
    assert found()


def test_a_stop_that_expires_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def some(book: Book) -> Iterator[tuple[Stopping, int]]:
        newest = max((row.time_ms for row in book.state(stop.Stops).by_place.values()), default=0)
        return (pair for pair in stop.unanswered(book) if pair[0].time_ms > newest - MINUTE_US // 1000)

    monkeypatch.setattr(watch, "unanswered", some)
    assert found()


def test_a_receipt_that_closes_a_stop_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def some(book: Book) -> Iterator[tuple[Stopping, int]]:
        for row, member in stop.unanswered(book):
            item = book.item_at(*row.place)
            if item is not None and not item.stated(member):
                yield row, member

    monkeypatch.setattr(watch, "unanswered", some)
    assert found()


def test_a_clock_that_runs_from_the_arrival_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    arrivals = iter(range(1_000_000))
    real = Stopping.__init__

    def init(self: Stopping, said: Said, place_text: str) -> None:
        real(self, said, place_text)
        self.time_ms += next(arrivals)

    monkeypatch.setattr(Stopping, "__init__", init)
    assert found()


def test_an_answer_that_does_not_close_a_stop_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def owing(row: Stopping, members: int) -> list[int]:
        others = (each for each in range(members) if each != row.member)
        return [each for each in others if row.state(each) in (StopState.STANDING, StopState.UNABLE)]

    monkeypatch.setattr(Stopping, "owing", owing)
    assert found()


def test_an_accepted_message_that_counts_as_displayed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Item.state

    def state(item: Item, fact: Fact) -> None:
        real(item, fact)
        if fact.stage is Stage.ACCEPTED:
            item._stated |= 1 << (4 * fact.member)

    monkeypatch.setattr(Item, "state", state)
    assert found()


def test_an_exercise_that_counts_as_operation_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Book.count
    monkeypatch.setattr(
        Book, "count", lambda book, kind, mark=Mark.OPERATION: sum(real(book, kind, one) for one in Mark)
    )
    assert found()


def _nothing(_book: Book, _now: Instant) -> list[Draft]:
    return []
