"""What must be true of a watch whatever its officers do. Times are written out, not taken from the code's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openline.base.time import MINUTE_US, SECOND_US, Instant
from openline.line.book import Book
from openline.line.escalation import ESCALATION_KIND, steps_of
from openline.line.item import Item, Stage
from openline.line.readback import READ_BACK
from openline.line.stop import STOP_ANSWER, Stops
from openline.line.watch import Alarm, alarms, due_times
from openline.record.entry import Mark

if TYPE_CHECKING:
    from tests.watch.watches import Watch

MESSAGE = 1
STOP = 35
URGENT = (MESSAGE, STOP)
SLACK_US = 5 * SECOND_US
DUE_US = {Stage.DISPLAYED: 3 * MINUTE_US, Stage.ACCEPTED: 10 * MINUTE_US}
STEPS_US = {"ALL_POSITIONS": 0, "SUPERVISOR": 2 * MINUTE_US, "RING_DOWN": 4 * MINUTE_US, "NEXT_PATH": 6 * MINUTE_US}
STOP_STEPS_US = {"RING_DOWN": 0, "NEXT_PATH": MINUTE_US}
OWNED = {Stage.ACCEPTED, Stage.PASSED, Stage.ANSWERED}


def at_a_node(watch: Watch, who: str) -> None:
    """Nothing urgent waits here, or over there, without its alarm and its steps on record."""
    book, now = watch.world.books[who], watch.clock(who)
    standing = alarms(book, watch.receipted(who), now)
    for origin in book.members:
        for index in range(book.size(origin)):
            item = book.item(origin, index)
            if item is not None and item.kind in URGENT and origin == book.members[item.member]:
                _stages_are_those_stated(watch, book, item)
                _of_one(watch, who, item, standing)
    _exercise_is_not_operation(watch, book, standing)


def at_the_end(watch: Watch) -> None:
    """Both books are one, and so is everything computed from them."""
    alpha, bravo = watch.world.alpha, watch.world.bravo
    assert alpha.digest() == bravo.digest(), "two books of one record"
    again = watch.world.new_book("bravo")
    for name in ("bravo", "alpha"):
        watch.world.fold(again, watch.world.logs[watch.world.origins[name]])
    assert again.digest() == bravo.digest(), "another order of arrival, another book"
    now = watch.time
    for place, row in alpha.state(Stops).by_place.items():
        twin = bravo.state(Stops).by_place[place]
        leaf = watch.world.logs[alpha.members[row.member]][row.index].leaf
        reader = 1 - row.member
        answers = [
            entry.leaf.time_ms
            for entry in watch.world.logs[alpha.members[reader]]
            if entry.leaf.kind == STOP_ANSWER and entry.leaf.refs[0].index == row.index
        ]
        shown = (max(answers[0] - leaf.time_ms, 0) * 1000) if answers else max(now - leaf.time, 0)
        assert row.clock_us(reader, now) == twin.clock_us(reader, now) == shown, "the clock of a STOP differs"
        said = watch.truth.answered.get(alpha.label(alpha.members[row.member], row.index), [])
        assert [one.answer.name.lower().replace("_", "-") for one in row.answers.get(reader, ())] == said
        assert (place in alpha.state(Stops).standing) is (not said), "a STOP closed without an answer, or not by one"
    for origin in alpha.members:
        for index in range(alpha.size(origin)):
            one, two = alpha.item(origin, index), bravo.item(origin, index)
            if one is not None and two is not None:
                assert due_times(one) == due_times(two), "due times differ"
    for label, stated in watch.truth.stated.items():
        item = alpha.item(*alpha.find(label))
        assert item is not None
        assert stated <= {fact.stage for fact in item.facts}, f"what was stated of {label} was lost"
    for (kind, mark), count in watch.truth.said.items():
        assert alpha.count(kind, mark) == bravo.count(kind, mark) == count, "an entry counts under another mark"


def _stages_are_those_stated(watch: Watch, book: Book, item: Item) -> None:
    """No stage stands that nobody has stated. A stop-answer is its ANSWERED."""
    label = book.label(book.members[item.member], item.index)
    true = set(watch.truth.stated.get(label, ()))
    if watch.truth.answered.get(label):
        true.add(Stage.ANSWERED)
    bits = {stage for stage in Stage if item.stated(1 - item.member) >> (stage - 1) & 1}
    assert bits <= true, f"{label} shows {bits - true}, which nobody has stated"
    assert {fact.stage for fact in item.facts} == bits


def _of_one(watch: Watch, who: str, item: Item, standing: list[Alarm]) -> None:
    book, now = watch.world.books[who], watch.clock(who)
    origin, reader = book.members[item.member], 1 - item.member
    label = book.label(origin, item.index)
    rung = any((alarm.origin, alarm.index) == (origin, item.index) for alarm in standing)
    ours = book.number(book.me) == reader
    since = max(item.time, watch.truth.arrived[who, label]) if ours else item.time
    if item.kind == STOP:
        stands = not book.state(Stops).by_place[item.member, item.index].answers
        assert rung is stands, f"STOP {label} at {who}: rings {rung}, stands {stands}"
        if ours and stands:
            _on_record(book, item, "STOP", STOP_STEPS_US, (item.time, since, now))
        watch.truth.counts["stops seen"] += 1
        return
    stated = {fact.stage for fact in item.facts}
    stage = None if stated & OWNED else Stage.ACCEPTED if stated else Stage.DISPLAYED
    if stage is None:
        return
    due = item.time.plus(DUE_US[stage])
    if now > max(due, since).plus(SLACK_US):
        assert rung, f"FLASH {label} has no owner at {who} after {stage.name} was due, and nothing rings"
        watch.truth.counts["late flashes seen"] += 1
        if ours:
            _on_record(book, item, stage.name, STEPS_US, (due, since, now))


def _on_record(
    book: Book, item: Item, stage: str, steps_us: dict[str, int], times: tuple[Instant, Instant, Instant]
) -> None:
    """Each step that was reached more than five seconds ago stands on the record of the node that owes the stage."""
    due, since, now = times
    rows = [row for row in steps_of(book, (item.member, item.index)) if row.stage.name == stage]
    told = {row.step.name for row in rows}
    for step, after_us in steps_us.items():
        if now > max(due.plus(after_us), since).plus(SLACK_US):
            assert step in told, f"{stage} of {item.index} is late, and {step} is not on the record"
    for row in rows:
        assert row.at_ms == due.plus(steps_us[row.step.name]).ms, "a step at a time that is not in the table"


def _exercise_is_not_operation(watch: Watch, book: Book, standing: list[Alarm]) -> None:
    for alarm in standing:
        leaf = watch.world.logs[alarm.origin][alarm.index].leaf
        assert alarm.mark is leaf.mark, "an exercise rings as operation"
    for kind in (MESSAGE, STOP, READ_BACK, ESCALATION_KIND):
        real = sum(
            entry.leaf.kind == kind and entry.leaf.mark is Mark.OPERATION
            for origin in book.members
            for entry in watch.world.logs[origin][: book.size(origin)]
        )
        assert book.count(kind) == real, "an exercise counts as operation"
