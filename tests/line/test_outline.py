"""The outline of an erased body gives the same book as the body; what the fold needs is never erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import pack, unpack
from openline.base.time import MINUTE_US, Instant
from openline.line.message import Message
from openline.line.outline import outline_of
from openline.line.phrase import PHRASES
from openline.line.report import Tally, line_report, month_of, report_bytes
from openline.record.entry import Draft, Entry, Erased, Mark
from openline.record.ports import Arrived
from tests.line.world import World

SECRET = "Sesame"


def erased(world: World, entry: Entry) -> Entry:
    """The entry as a store gives it after its body was erased, if it may be."""
    outline = outline_of(world.registry, entry)
    if outline is None:
        return entry
    return replace(entry, body=None, salt=b"", erased=Erased("all", Instant(5), outline))


def said() -> World:
    """Something of every kind that may be erased, and of some that may not."""
    world = World()
    message = world.send("alpha", f"{SECRET} opens", subject=SECRET, precedence="immediate", action=("watch", "s3"))
    world.say("bravo", "read", entry=message, by="night")
    world.say("bravo", "pass", entry=message, to="s3")
    world.say("bravo", "reply", entry=message, text=f"{SECRET}?")
    world.say("alpha", "translate", entry=message, text=SECRET, language="fr")
    world.say("alpha", "correct", entry=message, text=f"{SECRET}, not", change=SECRET)
    world.say("alpha", "withdraw", entry=message, reason=SECRET)
    world.later(MINUTE_US)
    back = world.send("alpha", f"{SECRET} at 5", read_back=True)
    world.say("bravo", "read-back", entry=back, text=f"{SECRET} at 6")
    world.say("alpha", "reissue", entry=back, text=f"{SECRET} at 5!")
    world.say("bravo", "read-back", entry=back, text=f"{SECRET} at 5")
    world.say("alpha", "confirm", entry=back)
    world.say("alpha", "service", text=SECRET)
    parties = ("alpha", "bravo")
    contact = world.id(
        world.say("alpha", "contact", level="duty", medium="telephone", began="2026-11-18", parties=parties)[0]
    )
    world.say("alpha", "publish", entry=contact, text=SECRET, title=SECRET, released=world.now.rfc3339())
    world.say("alpha", "stop", place="the bridge", text="kept")
    world.say("alpha", "test")
    world.send("alpha", "in exercise", mark=Mark.EXERCISE)
    return world


def test_both_nodes_compute_the_same_book_and_report_when_one_has_erased() -> None:
    world = said()
    book = world.new_book("bravo")
    gone = 0
    tallies = [Tally(month_of("2026-11")) for _ in range(2)]
    for log in world.logs.values():
        for entry in log:
            tallies[0].add(entry)
    entries = {origin: [erased(world, entry) for entry in log] for origin, log in world.logs.items()}
    for log in entries.values():
        for entry in log:
            assert SECRET.encode() not in (entry.body or b"")
            assert entry.erased is None or SECRET.encode() not in entry.erased.outline
            gone += entry.erased is not None
            book.apply(Arrived(1, entry))
            tallies[1].add(entry)
    assert gone >= 13
    assert book.digest() == world.bravo.digest() == world.alpha.digest()
    reports = [report_bytes(line_report(one, tally)) for one, tally in zip((world.alpha, book), tallies, strict=True)]
    assert reports[0] == reports[1]


def test_what_the_fold_needs_is_never_erased() -> None:
    world = said()
    everything = [entry for log in world.logs.values() for entry in log]
    kept = {world.registry.name(one.leaf.kind) for one in everything if outline_of(world.registry, one) is None}
    assert {"stop", "test", "contact"} <= kept
    assert outline_of(world.registry, replace(world.entry("alpha:0"), body=None)) is None
    assert outline_of(world.registry, replace(world.entry("alpha:0"), body=b"\xff")) is None


def test_a_phrase_goes_with_its_text() -> None:
    world = World()
    code = next(iter(code for code, slots in PHRASES.items() if not slots))
    entry = world.say("alpha", "send", phrase=code)[0]
    outline = outline_of(world.registry, entry)
    assert outline is not None
    body = unpack(Message, outline, BODY_BYTES_MAX)
    assert (body.text, body.phrase) == ("-", None)


@pytest.mark.parametrize("spoil", [lambda body: body + b"\x00", lambda body: b""])
def test_a_body_that_cannot_be_read_has_no_outline(spoil: Callable[[bytes], bytes]) -> None:
    world = World()
    made = world.put("alpha", [Draft(1, spoil(pack(Message(text="x"))), "watch")])
    assert outline_of(world.registry, made[0]) is None
