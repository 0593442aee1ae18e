"""The monthly report: from the record alone, so that every member computes the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.base.time import DAY_US, HOUR_US, MINUTE_US
from openline.line import report as reports
from openline.line.book import Book
from openline.line.duty import DESK
from openline.line.linetest import answers_due, next_trial
from openline.line.report import (
    LineReport,
    Section,
    Speed,
    Tally,
    line_report,
    month_of,
    report_bytes,
    report_digest,
    sizes_of,
    speed,
)
from openline.line.silence import SILENCE, Cause, Silence
from openline.record.entry import Draft, Entry, Mark
from openline.record.ports import Arrived
from tests.line.world import START, World

MONTH = month_of("2026-11")
Fold = Callable[[World, str, Random], tuple[Book, Tally]]


def busy(seed: int) -> World:
    """A line on which everything happens that the report counts, some of it before and after the month."""
    world, random = World(), Random(seed)
    world.later(-random.randrange(20 * DAY_US))
    for _ in range(60):
        world.later(random.randrange(12 * HOUR_US))
        who, other = random.choice([("alpha", "bravo"), ("bravo", "alpha")])
        mark = random.choice([Mark.OPERATION, Mark.OPERATION, Mark.EXERCISE])
        match random.randrange(6):
            case 0:
                entry = world.send(who, precedence=random.choice(["flash", "routine"]), mark=mark)
                world.later(random.randrange(HOUR_US))
                world.say(other, random.choice(["read", "ack"]), entry=entry)
            case 1:
                world.put(who, [next_trial(world.books[who], DESK, mark)])
                world.later(random.randrange(MINUTE_US))
                world.put(other, list(answers_due(world.books[other], DESK, world.now)))
            case 2:
                entry = world.id(world.say(who, "check", due=world.now.rfc3339(), mark=mark)[0])
                world.later(random.randrange(MINUTE_US))
                world.say(other, "ack", entry=entry, by="Heron")
            case 3:
                due = world.later(1000).rfc3339()
                world.say(who, "check-date", form="text", due=due, word=random.choice(["missed", "skip"]))
            case 4:
                body = Silence(
                    cause=random.choice(list(Cause)),
                    since_ms=world.now.ms,
                    peer=f"{other}.example",
                    until_ms=random.choice([None, world.now.ms + random.randrange(10**8)]),
                )
                world.put(who, [Draft(SILENCE, pack(body), DESK, mark=mark)])
            case _:
                world.send(who, mark=mark)
    return world


def folded(world: World, who: str, random: Random) -> tuple[Book, Tally]:
    """A book and a tally of the whole record, its logs arrived in a random order."""
    book, tally = world.new_book(who), Tally(MONTH)
    left = {origin: list(log) for origin, log in world.logs.items() if log}
    while left:
        origin = random.choice(sorted(left))
        entry = left[origin].pop(0)
        book.apply(Arrived(1, entry))
        tally.add(entry)
        if not left[origin]:
            del left[origin]
    return book, tally


def agree(world: World, seed: int) -> bool:
    """Whether both members compute the same bytes from entries that arrived in different orders."""
    ours = line_report(*folded(world, "alpha", Random(seed)))
    theirs = line_report(*folded(world, "bravo", Random(seed + 1)))
    return report_bytes(ours) == report_bytes(theirs)


def section(report: LineReport, mark: Mark = Mark.OPERATION) -> Section:
    (found,) = [row for row in report.sections if row.mark == mark.name]
    return found


def told(world: World) -> LineReport:
    return line_report(*folded(world, "alpha", Random(0)))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_the_same_entries_in_any_order_give_the_same_bytes(seed: int) -> None:
    assert agree(busy(seed), seed)


def test_a_figure_that_follows_the_order_of_arrival_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted bug: the newest fact that arrived instead of the order of the log."""

    def arrived(tally: Tally, entry: Entry) -> None:
        tally.latest_ms = entry.leaf.time_ms  # the last that arrived instead of the newest

    monkeypatch.setattr(reports.Tally, "add", arrived)
    assert not all(agree(busy(seed), seed) for seed in range(20))


def test_who_reads_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted bug: a name that only one member would write."""
    assert agree(busy(1), 1)
    monkeypatch.setattr(reports, "_name", lambda book, member: "us" if book.members[member] == book.me else "them")
    assert not agree(busy(1), 1)


def test_the_bytes_are_canonical() -> None:
    data = report_bytes(told(busy(2)))
    value = json.loads(data)
    assert json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == data
    assert b"." not in b"".join(part for part in data.split(b'"')[::2]), "no number with a fraction"
    assert report_digest(told(busy(2))) == report_digest(told(busy(2))) != report_digest(told(busy(3)))


def test_it_names_the_sizes_it_was_computed_at() -> None:
    world = busy(4)
    report = told(world)
    assert report.at == {
        "alpha.example": len(world.logs[world.origins["alpha"]]),
        "bravo.example": world.alpha.size(world.origins["bravo"]),
    }
    world.send("alpha")
    assert report_bytes(told(world)) != report_bytes(report)


def test_tests_checks_and_their_answer_times() -> None:
    world = World()
    for seconds in (2, 5, 9, None):
        world.put("alpha", [next_trial(world.alpha, DESK, Mark.OPERATION)])
        if seconds is not None:
            world.later(seconds * 1_000_000)
            world.put("bravo", list(answers_due(world.bravo, DESK, world.now)))
    for seconds in (30, 40):
        entry = world.id(world.say("bravo", "check", due=world.now.rfc3339())[0])
        world.later(seconds * 1_000_000)
        world.say("alpha", "ack", entry=entry)
    report = told(world)
    (tests,) = section(report, Mark.TEST).tests
    assert (tests.asked_by, tests.answered_by, tests.made, tests.garbled) == ("alpha.example", "bravo.example", 4, 0)
    assert tests.answers == Speed(3, 5000, 9000)
    (checks,) = section(report).checks
    assert (checks.form, checks.asked_by, checks.made, checks.answers) == (
        "text",
        "bravo.example",
        2,
        Speed(2, 30_000, 40_000),
    )
    (dates,) = section(report).dates
    assert (dates.kept, dates.skipped, dates.missed) == (2, 0, 0)
    day = section(report, Mark.TEST).days[(START.ms - MONTH.begin_ms) // 86_400_000]
    assert (day.tests, day.answers, day.worst_answer_ms) == (4, 3, 9000)


def test_an_exercise_never_counts_as_operation() -> None:
    world = World()
    entry = world.id(world.say("alpha", "check", form="ping", mark=Mark.EXERCISE)[0])
    world.say("bravo", "ack", entry=entry)
    world.send("alpha", precedence="flash", mark=Mark.EXERCISE)
    world.put("alpha", [next_trial(world.alpha, DESK, Mark.EXERCISE)])
    world.put("bravo", list(answers_due(world.bravo, DESK, world.now)))
    report = told(world)
    for mark in (Mark.OPERATION, Mark.TEST):
        empty = section(report, mark)
        assert (empty.kinds, empty.checks, empty.messages) == ((), (), ())
        assert [row for row in empty.tests if row.made] == []
        assert not any(day.messages for day in empty.days)
    drill = section(report, Mark.EXERCISE)
    assert [(row.kind, row.by) for row in drill.kinds] == [
        ("message", {"alpha.example": 1, "bravo.example": 0}),
        ("receipt", {"alpha.example": 0, "bravo.example": 1}),
        ("test", {"alpha.example": 1, "bravo.example": 0}),
        ("test-answer", {"alpha.example": 0, "bravo.example": 1}),
        ("check", {"alpha.example": 1, "bravo.example": 0}),
    ]
    assert [row.made for row in drill.tests] == [1]
    assert [(row.form, row.answers.count) for row in drill.checks] == [("ping", 1)]


def test_messages_by_precedence_with_the_times_of_their_stages() -> None:
    world = World()
    entry = world.send("alpha", precedence="flash")
    world.later(5_000_000)
    world.say("bravo", "read", entry=entry)
    world.later(7_000_000)
    world.say("bravo", "ack", entry=entry)
    world.send("alpha", precedence="flash")
    (row,) = section(told(world)).messages
    assert (row.precedence, row.sent_by, row.stated_by, row.sent) == ("FLASH", "alpha.example", "bravo.example", 2)
    assert row.stages == {
        "DISPLAYED": Speed(1, 5000, 5000),
        "ACCEPTED": Speed(1, 12_000, 12_000),
        "PASSED": Speed(0),
        "ANSWERED": Speed(0),
    }


def test_silences_count_within_the_month_only() -> None:
    world = World()
    rows = [(MONTH.begin_ms - 5000, MONTH.begin_ms + 2000), (MONTH.end_ms - 1000, None), (0, 5)]
    for since, until in rows:
        body = Silence(cause=Cause.PATH_DOWN, since_ms=since, peer="bravo.example", until_ms=until)
        world.put("alpha", [Draft(SILENCE, pack(body), DESK)])
    world.later(MONTH.end_ms * 1000 - world.now + DAY_US)
    world.send("bravo")
    (row,) = section(told(world)).silences
    assert (row.cause, row.told_by, row.about, row.count, row.lasting) == (
        "path-down",
        "alpha.example",
        "bravo.example",
        2,
        1,
    )
    assert (row.total_ms, row.longest_ms) == (3000, 2000)
    days = section(told(world)).days
    assert (days[0].silent_ms, days[-1].silent_ms, sum(day.silent_ms for day in days)) == (2000, 1000, 3000)


def test_a_kind_that_is_not_known_is_counted_by_its_number() -> None:
    world = World()
    world.put("alpha", [Draft(77, b"\xa0", "watch")])
    assert section(told(world)).kinds[0].kind == "kind-77"


@pytest.mark.parametrize(("name", "days"), [("2026-11", 30), ("2024-02", 29), ("2026-12", 31)])
def test_months(name: str, days: int) -> None:
    month = month_of(name)
    assert month.end_ms - month.begin_ms == days * 86_400_000
    assert month.has(month.begin_ms)
    assert not month.has(month.end_ms)


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-11", "", "2026-00", "2026-11\n", "1999-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        month_of(text)
    assert caught.value.message_id == "month-wrong"


def test_sizes_are_read_whole_or_refused() -> None:
    members = {"alpha": "a", "alpha.example": "a", "bravo": "b", "bravo.example": "b"}
    assert sizes_of("alpha:12, bravo.example:3", members) == {"a": 12, "b": 3}
    for text in ("alpha:12", "alpha:1,bravo:2,alpha:3", "alpha:-1,bravo:2", "kilo:1,bravo:2", "", "alpha:x,bravo:2"):
        with pytest.raises(UsageError) as caught:
            sizes_of(text, members)
        assert caught.value.message_id == "report-sizes-wrong"


def test_the_lower_median_is_a_time_that_was_measured() -> None:
    assert speed([9, 1, 4, 2]) == Speed(4, 2, 9)
    assert speed([]) == Speed(0, None, None)
