"""One simulated watch: two headquarters, officers who are late, press the wrong key, hand over or are not there.

Pure and seeded: real books, real verbs, real duties of the node; time is a number. After each second in which a node
has something to do, what it holds is compared with what truly happened (`checking`). Clocks of the two differ by some
seconds, and the line is cut and mended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from random import Random

from openline.base.errors import UsageError
from openline.base.time import MINUTE_US, SECOND_US, Instant
from openline.line.escalation import escalations_due
from openline.line.item import Stage
from openline.line.level import Level, label_of
from openline.line.watch import next_at
from openline.record.entry import Draft, Entry, Mark
from tests.line.world import START, World
from tests.watch import agreeing, checking

LASTS_US = 40 * MINUTE_US
LOOKS_AT_LEAST_US = 30 * SECOND_US
NAMES = ("alpha", "bravo")
PRESSES = ("read", "ack", "roger", "wilco", "unable", "say-again", "stand-by", "pass", "reply")
RIGHT = ("read", "ack", "roger", "wilco")
"""The keys of an officer who does what a FLASH asks; the others are a slip of the finger, or the wrong answer."""

STATED = {
    "read": Stage.DISPLAYED,
    "say-again": Stage.DISPLAYED,
    "stand-by": Stage.DISPLAYED,
    "ack": Stage.ACCEPTED,
    "roger": Stage.ACCEPTED,
    "pass": Stage.PASSED,
    "wilco": Stage.ANSWERED,
    "unable": Stage.ANSWERED,
    "reply": Stage.ANSWERED,
}


HAPPENS = (
    "cuts",
    "clocks apart",
    "exercises",
    "contacts",
    "contacts withdrawn",
    "handovers",
    "handovers in mid-FLASH",
    "late",
    "late flashes seen",
    "nobody",
    "refused",
    "said while cut",
    "steps",
    "stops answered twice",
    "stops seen",
    "taps",
    "two at once",
    "wrong entry",
    "wrong key",
)
"""What must have happened in a run of some length: else it has shown nothing of it."""


@dataclass(slots=True)
class Truth:
    """What truly happened, beside the record: who stated what of which entry, and what was said under which mark."""

    stated: dict[str, set[Stage]] = field(default_factory=dict)
    answered: dict[str, list[str]] = field(default_factory=dict)
    said: Counter[tuple[int, Mark]] = field(default_factory=Counter)
    arrived: dict[tuple[str, str], Instant] = field(default_factory=dict)
    contacts: dict[str, tuple[Mark, Level, int]] = field(default_factory=dict)
    attempts: dict[str, tuple[Mark, Level]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


class Watch:
    """One watch from its first second to its last. `run` raises AssertionError with what was wrong."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.world = World()
        self.truth = Truth()
        self.time = START
        self.skew_us = {name: self.random.randint(-20, 20) * SECOND_US for name in NAMES}
        self.manned = {name: self.random.random() < 0.7 for name in NAMES}
        self.shift = dict.fromkeys(NAMES, 0)
        self._events: list[tuple[Instant, int, Callable[[], None]]] = []
        self._numbers = count()
        self._ticks = dict.fromkeys(NAMES, -1)

    def run(self) -> Counter[str]:
        """Play it, mend the line, look at everything once more; how often each thing happened."""
        self._plan()
        while self._events and self._events[0][0] <= START.plus(LASTS_US):
            self.time, _, event = heappop(self._events)
            event()
        self._mend()
        for name in NAMES:
            self._tick(name)
        checking.at_the_end(self)
        agreeing.reports_agree(self)
        agreeing.histories_agree(self)
        self.truth.counts["clocks apart"] += self.skew_us["alpha"] != self.skew_us["bravo"]
        return self.truth.counts

    def clock(self, who: str) -> Instant:
        """What the clock of a headquarters shows now."""
        return self.time.plus(self.skew_us[who])

    def receipted(self, who: str) -> dict[str, int]:
        """How far the other side holds our log."""
        world, peer = self.world, other(who)
        return {world.origins[peer]: world.books[peer].size(world.origins[who])}

    # What is planned

    def _plan(self) -> None:
        random = self.random
        for _ in range(random.randint(2, 5)):
            who, at_us = random.choice(NAMES), random.randrange(LASTS_US * 3 // 4)
            mark = Mark.EXERCISE if random.random() < 0.25 else Mark.OPERATION
            self._at(at_us, random.choice((self._flash, self._flash, self._stop)), who, mark)
            self.truth.counts["exercises"] += mark is Mark.EXERCISE
        for _ in range(random.randint(0, 4)):
            self._at(random.randrange(LASTS_US), random.choice((self._contact, self._attempt)), random.choice(NAMES))
        for name in NAMES:
            if random.random() < 0.5:
                self._at(random.randrange(LASTS_US), self._hand_over, name)
            self._at(random.randrange(LASTS_US), self._walk_in_or_out, name)
            self._at(0, self._tick, name)
        if random.random() < 0.5:
            from_us = random.randrange(LASTS_US)
            self._at(from_us, self._cut)
            self._at(from_us + random.randrange(10 * MINUTE_US), self._mend)

    def _at(self, after_us: int, event: Callable[..., None], *values: object) -> None:
        heappush(self._events, (self.time.plus(after_us), next(self._numbers), lambda: event(*values)))

    # What happens

    def _flash(self, who: str, mark: Mark) -> None:
        read_back = self.random.random() < 0.2
        (entry,) = self._say(who, "send", text="Do you see this?", precedence="flash", mark=mark, read_back=read_back)
        self._later(self._look, other(who), self.world.id(entry))

    def _stop(self, who: str, mark: Mark) -> None:
        (entry,) = self._say(who, "stop", place="37TCL 123 456", mark=mark)
        if self.random.random() < 0.6:
            self._later(self._tap, who, self.world.id(entry))
        self._later(self._answer_stop, other(who), self.world.id(entry))

    def _contact(self, who: str) -> None:
        """A contact elsewhere, earlier or later than others; sometimes withdrawn, sometimes in exercise."""
        mark = Mark.EXERCISE if self.random.random() < 0.25 else Mark.OPERATION
        level = self.random.choice(list(Level))
        began = START.plus(-self.random.randrange(20) * MINUTE_US)
        parties = tuple(f"{name}.example" for name in NAMES)
        facts = {"level": label_of(level), "medium": "telephone", "began": began.rfc3339(), "parties": parties}
        (entry,) = self._say(who, "contact", mark=mark, elsewhere=True, **facts)
        label = self.world.id(entry)
        self.truth.contacts[label] = mark, level, began.ms // 60_000 * 60_000
        self.truth.counts["contacts"] += 1
        self._say(who, "state", entry=label, fact="person", value=self.random.choice(("Kite", "Heron")), mark=mark)
        if self.random.random() < 0.3:
            self._say(who, "withdraw", entry=label, mark=mark)
            del self.truth.contacts[label]
            self.truth.counts["contacts withdrawn"] += 1

    def _attempt(self, who: str) -> None:
        mark = Mark.EXERCISE if self.random.random() < 0.25 else Mark.OPERATION
        level = self.random.choice(list(Level))
        (entry,) = self._say(who, "attempt", mark=mark, level=label_of(level), result="no-answer")
        self.truth.attempts[self.world.id(entry)] = mark, level

    def _hand_over(self, who: str) -> None:
        """Whatever the old officer had in hand is forgotten; the new one looks at the board."""
        self.shift[who] += 1
        self.truth.counts["handovers"] += 1
        book = self.world.books[who]
        in_hand = [item for item in book.open_items if item.kind == checking.MESSAGE]
        self.truth.counts["handovers in mid-FLASH"] += any(item.member != book.number(book.me) for item in in_hand)
        for item in list(book.open_items):
            if item.member != book.number(book.me) and self.random.random() < 0.8:
                label = book.label(book.members[item.member], item.index)
                self._later(self._answer_stop if item.kind == checking.STOP else self._look, who, label)

    def _walk_in_or_out(self, who: str) -> None:
        self.manned[who] = not self.manned[who]

    def _cut(self) -> None:
        self.world.cut = True
        self.truth.counts["cuts"] += 1

    def _mend(self) -> None:
        if self.world.cut:
            self.world.mend()
            self._note_arrivals()
            for name in NAMES:
                self._wake(name)

    # Officers

    def _later(self, event: Callable[..., object], who: str, *values: object) -> None:
        """Soon, late, or much too late; by the officer who is on watch now, and by nobody after a handover."""
        mean_us = self.random.choice((30 * SECOND_US, 4 * MINUTE_US, 15 * MINUTE_US))
        shift = self.shift[who]

        def done() -> None:
            if shift == self.shift[who] and self.manned[who]:
                event(who, *values)
            else:
                self.truth.counts["nobody"] += 1

        self._at(SECOND_US + int(self.random.expovariate(1) * mean_us), done)

    def _look(self, who: str, label: str) -> None:
        """One press, of the right or the wrong key, for the right or the wrong entry; then perhaps another."""
        labels = self._labels(who)
        if label not in labels:
            self._later(self._look, who, label)  # It has not arrived: the line is cut.
            return
        if self.random.random() < 0.1:
            label = self.random.choice(labels)
            self.truth.counts["wrong entry"] += 1
        press = self.random.choice(PRESSES)
        self.truth.counts["wrong key"] += press not in RIGHT
        item = self.world.books[who].item(*self.world.books[who].find(label))
        assert item is not None
        self.truth.counts["late"] += self.clock(who) > item.time.plus(checking.DUE_US[Stage.DISPLAYED])
        if press in STATED and self._press(who, press, label) and self.random.random() < 0.1:
            self._press(who, press, label)  # two officers at once
            self.truth.counts["two at once"] += 1
        if self.random.random() < 0.7:
            self._later(self._look, who, label)
        if self.random.random() < 0.2:
            self._try(who, "read-back", {"entry": label, "text": "I see this."})

    def _press(self, who: str, press: str, label: str) -> bool:
        match press:
            case "read" | "ack":
                said = self._try(who, press, {"entry": label})
            case "pass":
                said = self._try(who, press, {"entry": label, "to": "s3"})
            case "reply":
                said = self._try(who, press, {"entry": label, "text": "Yes."})
            case _:
                said = self._try(who, "respond", {"entry": label, "code": press})
        if said is not None:
            self.truth.stated.setdefault(label, set()).add(STATED[press])
        return said is not None

    def _answer_stop(self, who: str, label: str) -> None:
        """Sometimes with a receipt, which closes nothing; sometimes with the wrong word first."""
        if label not in self._labels(who):
            self._later(self._answer_stop, who, label)
            return
        if self.random.random() < 0.3:
            self._press(who, self.random.choice(PRESSES), label)
            self._later(self._answer_stop, who, label)
            return
        word = self.random.choice(("stopped", "not-ours", "unable"))
        if self._try(who, "answer-stop", {"entry": label, "answer": word}) is not None:
            self.truth.answered.setdefault(label, []).append(word)
            self.truth.counts["stops answered twice"] += len(self.truth.answered[label]) > 1
        if self.random.random() < 0.3:
            self._later(self._answer_stop, who, label)

    def _tap(self, who: str, label: str) -> None:
        self.truth.counts["taps"] += self._try(who, "tap", {"entry": label, "by": "watch-2"}) is not None

    def _try(self, who: str, verb: str, values: dict[str, object]) -> list[Entry] | None:
        """Say it; a refusal is a clear answer, and nothing is written. None when refused."""
        try:
            return self._say(who, verb, **values)
        except UsageError:
            self.truth.counts["refused"] += 1
            return None

    def _say(self, who: str, verb: str, /, **values: object) -> list[Entry]:
        self.world.now = self.clock(who)
        return self._put(who, list(self.world.drafts(who, verb, **values)))

    def _put(self, who: str, drafts: list[Draft]) -> list[Entry]:
        self.world.now = self.clock(who)
        made = self.world.put(who, drafts)
        self.truth.counts["said while cut"] += self.world.cut and bool(made)
        for entry in made:
            self.truth.said[entry.leaf.kind, entry.leaf.mark] += 1
        if made:
            self._note_arrivals()
            for name in NAMES:
                self._wake(name)
        return made

    def _labels(self, who: str) -> list[str]:
        """The FLASH messages and STOPs of the other side that are held here."""
        book, origin = self.world.books[who], self.world.origins[other(who)]
        items = (book.item(origin, index) for index in range(book.size(origin)))
        return [book.label(origin, item.index) for item in items if item and item.kind in checking.URGENT]

    def _note_arrivals(self) -> None:
        for name, book in self.world.books.items():
            for origin in book.members:
                for index in range(book.size(origin)):
                    self.truth.arrived.setdefault((name, book.label(origin, index)), self.clock(name))

    # Nodes

    def _wake(self, who: str) -> None:
        """The node looks once a second."""
        self._ticks[who] = number = next(self._numbers)
        self._at(self.random.randrange(SECOND_US), self._if_newest, who, number)

    def _if_newest(self, who: str, number: int) -> None:
        if self._ticks[who] == number:
            self._tick(who)

    def _tick(self, who: str) -> None:
        book, now = self.world.books[who], self.clock(who)
        drafts = escalations_due(book, now)
        if drafts:
            self._put(who, drafts)
            self.truth.counts["steps"] += len(drafts)
        checking.at_a_node(self, who)
        self._ticks[who] = number = next(self._numbers)
        following = next_at(book, self.receipted(who), now)
        after_us = LOOKS_AT_LEAST_US if following is None else min(following - now, LOOKS_AT_LEAST_US)
        self._at(max(after_us, 0) + self.random.randrange(1, SECOND_US), self._if_newest, who, number)


def other(who: str) -> str:
    """The other side."""
    return NAMES[who == NAMES[0]]
