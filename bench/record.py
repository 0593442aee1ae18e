"""A made-up record of one line, as one that is used for years would have it: to measure fold, snapshot and search.

Of a hundred entries about fifteen are tests and as many their answers, twenty-two messages in four languages, and
forty-four receipts for them; some four are of contacts (`contacts`); the rest are translations, corrections,
withdrawals, declarations, silences and service messages. The same seed makes the same record. Signatures are made up:
nothing here is verified.
"""

from __future__ import annotations

import itertools
import random
from collections import deque
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from bench.contacts import Diplomacy, Said
from openline.base.schema import Body, pack
from openline.base.time import Instant
from openline.identity.names import line_origin
from openline.line.cancellation import CANCELLATION, Cancellation
from openline.line.correction import CORRECTION, Correction
from openline.line.item import Stage
from openline.line.linetest import SAMPLE, TEST, TEST_ANSWER, LineTest, LineTestAnswer
from openline.line.message import MESSAGE, Message
from openline.line.receipt import RECEIPT, Receipt
from openline.line.service import SERVICE, Service
from openline.line.silence import SILENCE, Cause, Silence
from openline.line.status import LINE_STATUS, Declaration, LineStatus
from openline.line.translation import TRANSLATION, Translation
from openline.record.entry import Entry, Leaf, Mark, Precedence, Ref, Seen, body_digest, make_entry, salt_for
from openline.record.ports import Append, LineOpened, OpenLog, Signed
from openline.record.tree import Frontier
from openline.store.sqlite import SqliteStore

PARTIES = ("alpha.example", "bravo.example")
LINE = "alpha-bravo"
ORIGINS = tuple(line_origin(party, LINE) for party in PARTIES)
NAMES = ("Shoigu", "Choïgou", "Шойгу", "Austin", "Остин", "Gerasimov", "Герасимов", "Kyiv", "Киев", "Zaporizhzhia")

_SALT_KEY = b"salt key of a made-up line, 32 b."
_BEGUN_MS = 1_640_000_000_000
_APART_MS = 60_000
_BATCH = 64
_DIPLOMATIC = 0.02
_SYLLABLES = (
    "ka",
    "ro",
    "ne",
    "ti",
    "lu",
    "sha",
    "mi",
    "vo",
    "da",
    "pe",
    "gri",
    "sto",
    "be",
    "fa",
    "zu",
    "кон",
    "вой",
    "ра",
)


class Words:
    """Texts of common and rare words, a name now and then."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(20_000)]
        self._weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(self.words))))

    def text(self, count: int) -> str:
        """So many words."""
        found = self._chance.choices(self.words, cum_weights=self._weights, k=count)
        if self._chance.random() < 0.02:
            found.append(self._chance.choice(NAMES))
        return " ".join(found)


class MadeUp:
    """The entries of a made-up line, in order of arrival."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        self.words = Words(self._chance)
        self._sizes = [0, 0]
        self._waiting: deque[tuple[int, int, Body, tuple[Ref, ...], Mark]] = deque()
        self._to_say: deque[Said] = deque()
        self._messages: tuple[list[Ref], list[Ref]] = ([], [])
        self._diplomacy = Diplomacy(self._chance, PARTIES, self.words.text)
        self._suspended = [False, False]
        self._tests = [0, 0]
        self._time_ms = _BEGUN_MS

    def entries(self, count: int) -> Iterator[Entry]:
        """The next `count` entries."""
        for _ in range(count):
            self._time_ms += self._chance.randrange(2 * _APART_MS)
            if self._waiting:
                yield self._made(*self._waiting.popleft())
            elif self._to_say:
                yield self._followed(*self._to_say.popleft())
            else:
                yield self._something()

    def _something(self) -> Entry:
        who, draw = self._chance.randrange(2), self._chance.random()
        if self._chance.random() < _DIPLOMATIC:
            return self._followed(*self._diplomacy.begun(who, self._time_ms))
        if draw < 0.38:
            return self._test(who)
        if draw < 0.94:
            return self._message(who)
        if draw < 0.96 and self._messages[who]:
            return self._about(who)
        if draw < 0.98:
            return self._made(who, SERVICE, Service(text=self.words.text(8)), ())
        if draw < 0.99:
            self._suspended[who] = not self._suspended[who]
            status = Declaration.SUSPENDED if self._suspended[who] else Declaration.RESUMED
            return self._made(who, LINE_STATUS, LineStatus(status=status, reason=self.words.text(4)), ())
        body = Silence(cause=Cause.NODE_DOWN, since_ms=self._time_ms, peer=PARTIES[1 - who], until_ms=self._time_ms)
        return self._made(who, SILENCE, body, ())

    def _followed(self, who: int, kind: int, body: Body, refs: tuple[Ref, ...]) -> Entry:
        entry = self._made(who, kind, body, refs)
        self._to_say.extend(self._diplomacy.following(who, entry))
        return entry

    def _test(self, who: int) -> Entry:
        self._tests[who] += 1
        text = f"{SAMPLE}{self._tests[who]}"
        entry = self._made(who, TEST, LineTest(number=self._tests[who], text=text), (), Mark.TEST)
        answer = LineTestAnswer(digest=sha256(text.encode()).digest(), observed_ms=self._time_ms)
        self._waiting.append((1 - who, TEST_ANSWER, answer, (entry.ref,), Mark.TEST))
        return entry

    def _message(self, who: int) -> Entry:
        mark = Mark.EXERCISE if self._chance.random() < 0.05 else Mark.OPERATION
        language = self._chance.choice(("en", "fr", "ru", "uk"))
        body = Message(text=self.words.text(self._chance.randint(8, 40)), language=language)
        precedence = self._chance.choice((Precedence.ROUTINE, Precedence.PRIORITY, Precedence.IMMEDIATE))
        entry = self._made(who, MESSAGE, body, (), mark, precedence)
        for stage in (Stage.DISPLAYED, Stage.ACCEPTED):
            self._waiting.append((1 - who, RECEIPT, Receipt(stage=stage, by="night watch"), (entry.ref,), mark))
        if self._chance.random() < 0.1:
            translation = Translation(text=self.words.text(20), language="fr")
            self._waiting.append((1 - who, TRANSLATION, translation, (entry.ref,), mark))
        if mark is Mark.OPERATION:
            self._messages[who].append(entry.ref)
        return entry

    def _about(self, who: int) -> Entry:
        ref = self._messages[who].pop()
        if self._chance.random() < 0.5:
            return self._made(who, CANCELLATION, Cancellation(reason=self.words.text(3)), (ref,))
        return self._made(who, CORRECTION, Correction(text=self.words.text(12), change="the time"), (ref,))

    def _made(
        self,
        who: int,
        kind: int,
        body: Body,
        refs: tuple[Ref, ...],
        mark: Mark = Mark.OPERATION,
        precedence: Precedence | None = None,
    ) -> Entry:
        index, other, data = self._sizes[who], 1 - who, pack(body)
        self._sizes[who] += 1
        seen = (Seen(ORIGINS[other], self._sizes[other], bytes(32)),) if self._sizes[other] else ()
        salt = salt_for(_SALT_KEY, index)
        digest = body_digest(salt, data)
        leaf = Leaf(kind, self._time_ms, "watch", digest, seen, refs, precedence=precedence, mark=mark)
        return make_entry(ORIGINS[who], index, leaf, salt, data)


def write_record(path: Path, count: int, seed: int = 1) -> MadeUp:
    """A record of `count` entries at `path`."""
    made = MadeUp(seed)
    store = SqliteStore(path, create=True)
    store.claim()
    store.commit([LineOpened(LINE, PARTIES, Instant.from_ms(_BEGUN_MS))])
    store.commit([OpenLog(origin, LINE, origin == ORIGINS[0], _SALT_KEY) for origin in ORIGINS])
    trees = {origin: Frontier() for origin in ORIGINS}
    entries = made.entries(count)
    while batch := list(itertools.islice(entries, _BATCH * 16)):
        store.commit([_append(run, trees[run[0].origin]) for run in _runs(batch)])
    store.rest()
    store.close()
    return made


def _runs(batch: list[Entry]) -> Iterator[list[Entry]]:
    for _, run in itertools.groupby(batch, key=lambda entry: entry.origin):
        yield list(run)


def _append(run: list[Entry], tree: Frontier) -> Append:
    for entry in run:
        tree.append(entry.leaf_hash)
    return Append(tuple(run), Signed(run[0].origin, tree.size, tree.root(), bytes(64)), tree.pack())
