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
from openline.line.watch import next_at
from openline.record.entry import Draft, Entry, Mark
from tests.line.world import START, World
from tests.watch import checking

LASTS_US = 40 * MINUTE_US
LOOKS_AT_LEAST_US = 30 * SECOND_US
NAMES = ("alpha", "bravo")
PRESSES = ("read", "ack", "roger", "wilco", "unable", "say-again", "stand-by", "pass", "reply")
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


@dataclass(slots=True)
class Truth:
    """What truly happened, beside the record: who stated what of which entry, and what was said under which mark."""

    stated: dict[str, set[Stage]] = field(default_factory=dict)
    answered: dict[str, list[str]] = field(default_factory=dict)
    said: Counter[tuple[int, Mark]] = field(default_factory=Counter)
    arrived: dict[tuple[str, str], Instant] = field(default_factory=dict)
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
            self._later(self._try, who, "tap", {"entry": self.world.id(entry), "by": "watch-2"})
        self._later(self._answer_stop, other(who), self.world.id(entry))

    def _hand_over(self, who: str) -> None:
        """Whatever the old officer had in hand is forgotten; the new one looks at the board."""
        self.shift[who] += 1
        self.truth.counts["handovers"] += 1
        book = self.world.books[who]
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
        if press in STATED and self._press(who, press, label) and self.random.random() < 0.1:
            self._press(who, press, label)  # two officers at once
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
        if self.random.random() < 0.3:
            self._later(self._answer_stop, who, label)

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
