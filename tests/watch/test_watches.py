"""Some hundred watches in every run of the tests; `make watches RUNS=10000` plays more. Planted bugs must be found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest
from msgspec import structs

from openline.base.time import MINUTE_US, Instant
from openline.line import contact, report, stop, watch
from openline.line.book import Book
from openline.line.contact import Contacts
from openline.line.escalation import escalations_due
from openline.line.item import Fact, Item, Stage
from openline.line.kinds import Said
from openline.line.report import Tally
from openline.line.stop import Stopping, StopState
from openline.record.entry import Draft, Entry, Mark
from tests.watch import __main__ as command
from tests.watch import checking, watches
from tests.watch.__main__ import main
from tests.watch.watches import HAPPENS, Watch

RUNS = 150
SEARCHED = 40


def test_no_flash_waits_without_an_owner_an_alarm_and_its_steps_on_record() -> None:
    totals: Counter[str] = Counter()
    for seed in range(1, RUNS + 1):
        totals += Watch(seed).run()
    for thing in HAPPENS:
        assert totals[thing], f"{RUNS} watches without {thing} show nothing"


def test_a_seed_is_the_same_watch_again() -> None:
    first, again = Watch(7), Watch(7)
    assert first.run() == again.run()
    assert first.world.alpha.digest() == again.world.alpha.digest()


def test_the_command_tells_what_it_has_seen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "2"]) == 0
    assert capsys.readouterr().out.startswith("2 watches from seed 1: ")


def test_the_command_plays_the_same_watches_on_several_cores(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "60", "--jobs", "1"]) == 0
    alone = capsys.readouterr().out
    assert main(["--runs", "60", "--jobs", "2"]) == 0
    assert capsys.readouterr().out == alone


def test_the_command_names_each_seed_that_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watches, "escalations_due", _nothing)
    assert main(["--runs", "10", "--jobs", "1"]) == 1
    told = capsys.readouterr()
    assert "10 watches" in told.out
    named = [line.split()[1].rstrip(":") for line in told.err.splitlines() if line.startswith("seed ")]
    assert named
    assert [f"again: python -m tests.watch --seed {seed} --runs 1" in told.err for seed in named] == [True] * len(named)


def test_a_run_in_which_something_never_happens_shows_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "HAPPENS", ("cuts", "earthquakes"))
    monkeypatch.setattr(command, "ALL_HAPPENS_AFTER", 20)
    assert main(["--runs", "20", "--jobs", "1"]) == 1
    assert capsys.readouterr().err == "20 watches without earthquakes show nothing\n"


# Planted bugs


def found() -> str:
    """What the watches see that is wrong, and in which seed; empty for nothing."""
    for seed in range(1, SEARCHED + 1):
        try:
            Watch(seed).run()
        except AssertionError as why:
            return f"seed {seed}: {why}"
    return ""


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


def test_a_flash_that_counts_as_owned_once_it_was_seen_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Item.missing

    def missing(item: Item, member: int) -> int:
        return real(item, member) & ~2 if item.stated(member) & 1 else real(item, member)

    monkeypatch.setattr(Item, "missing", missing)
    assert "has no owner" in found()


def test_a_flash_that_rings_late_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = watch.alarms
    monkeypatch.setattr(checking, "alarms", lambda book, held, now: real(book, held, now.plus(-20_000_000)))
    assert "nothing rings" in found()


def test_a_watch_that_takes_over_and_silences_the_old_one_s_alarms_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = watches.Watch._hand_over

    def hand_over(one: Watch, who: str) -> None:
        real(one, who)
        book = one.world.books[who]
        for item in list(book.open_items):
            if item.member != book.number(book.me):
                item.awaits = 0
                book.review(item)

    monkeypatch.setattr(watches.Watch, "_hand_over", hand_over)
    assert found()


def test_a_report_that_depends_on_whose_it_is_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = report._items
    monkeypatch.setattr(
        report, "_items", lambda book: (item for item in real(book) if item.member != book.number(book.me))
    )
    assert "two reports of one record" in found()


def test_a_report_that_counts_exercise_as_operation_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Tally.add

    def add(tally: Tally, entry: Entry) -> None:
        leaf = structs.replace(entry.leaf, mark=Mark.OPERATION)
        real(tally, replace(entry, leaf=leaf))

    monkeypatch.setattr(Tally, "add", add)
    assert "the report counts" in found()


def test_a_history_that_keeps_what_was_withdrawn_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Contacts, "withdraw", lambda contacts, place: None)
    assert "contacts that were not" in found()


def test_a_history_that_mixes_marks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Contacts._shelf
    monkeypatch.setattr(
        Contacts, "_shelf", lambda contacts, anchor: real(contacts, structs.replace(anchor, mark=Mark.OPERATION))
    )
    assert "contacts that were not" in found()


def test_a_history_out_of_order_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact, "insort", lambda rows, row: rows.append(row))
    monkeypatch.setattr(contact, "bisect_left", lambda rows, row: rows.index(row))
    assert found()


def _nothing(_book: Book, _now: Instant) -> list[Draft]:
    return []
