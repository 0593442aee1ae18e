"""The watch as it is shown: what is due, what is open and whose, and both sides' silences."""

from __future__ import annotations

from openline.base.time import HOUR_US
from openline.line.schedule import STANDARD
from openline.line.watchview import ledger_view, watch_log
from openline.record.entry import Mark
from tests.console.guard import guarded
from tests.line.world import World


def test_the_watch_of_a_line() -> None:
    world = guarded()
    log = watch_log(world.alpha, STANDARD, world.now, Mark.OPERATION, 50)
    assert [(row.form, row.state) for row in log.dates if row.state in ("kept", "skipped")] == [
        ("text", "kept"),
        ("voice", "skipped"),
    ]
    assert [(row.id, row.precedence, row.owner) for row in log.open] == [("bravo:0", "FLASH", "Heron")]
    assert log.unowned == ()
    second, first = sorted(log.handovers, key=lambda row: row.state)
    assert (first.state, first.by, first.to, first.closed_by, first.listed) == (
        "taken",
        "Osprey",
        "Heron",
        "Heron",
        ("bravo:0",),
    )
    assert (second.state, second.missing, second.closed) == ("offered", ("bravo:0",), None)
    (check,) = log.checks
    assert [(row.party, row.by, row.took_ms) for row in check.answers] == [("bravo.example", "Kite", 42_000)]
    (score,) = log.scores
    assert (score.form, score.made, score.answers.count) == ("text", 1, 1)


def test_drills_are_shown_apart() -> None:
    log = watch_log(guarded().alpha, STANDARD, guarded().now, Mark.EXERCISE, 50)
    assert [row.form for row in log.checks] == ["ping"]
    assert (log.handovers, [row.form for row in log.scores]) == ((), ["ping"])


def test_a_flash_that_nobody_has_taken_is_named() -> None:
    world = World()
    flash = world.send("bravo", precedence="flash")
    log = watch_log(world.alpha, STANDARD, world.now, Mark.OPERATION, 50)
    assert (log.unowned, log.open[0].owner) == ((flash,), None)
    assert watch_log(world.bravo, STANDARD, world.now, Mark.OPERATION, 50).unowned == ()


def test_no_more_of_each_than_asked_for_the_newest_first() -> None:
    world = World()
    for _ in range(5):
        world.later(HOUR_US)
        world.say("alpha", "check", form="ping")
    log = watch_log(world.alpha, STANDARD, world.now, Mark.OPERATION, 2)
    assert [row.id for row in log.checks] == ["alpha:4", "alpha:3"]


def test_the_ledger_has_both_sides_and_what_only_one_states() -> None:
    world = guarded()
    shown = ledger_view(world.bravo, 0, world.now.ms + 10**8, Mark.OPERATION)
    (row,) = shown.silences
    assert [(one.party, one.about, one.cause) for one in row.told] == [
        ("alpha.example", "bravo.example", "path-down"),
        ("bravo.example", "alpha.example", "path-down"),
    ]
    assert [gap.told_by for gap in row.gaps] == [("alpha.example",), ("bravo.example",)]
    assert row.not_stated == ()
    assert [date.form for date in shown.skipped] == ["voice"]
    assert shown.missed == ()
