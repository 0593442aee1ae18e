"""Kinds 6 and 7, test and test-answer: the line proves itself, by content and not only by a heartbeat (R2, R4).

A test carries a text in several alphabets, both writing directions, digits and coordinates. Its answer carries the
SHA-256 of the text as the other node decoded it, so a path or a program that mangles letters is noticed. Tests bear
the mark TEST, under an exercise clock EXERCISE: a test is never counted as an operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from openline.base import codec
from openline.base.limits import TEST_EVERY_US
from openline.base.schema import Body, pack
from openline.base.time import Instant
from openline.line.asking import check_room
from openline.line.book import Book
from openline.line.kinds import Arguments, Asked, Change, Said, Traits, kind, verb
from openline.line.words import Attached, Digest, Milliseconds, Number, Text, attachments_of
from openline.record.entry import Attachment, Draft, Mark

TEST = 6
TEST_ANSWER = 7

SAMPLE = (
    "The quick brown fox jumps over the lazy dog THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG 0123456789 "
    "съешь же ещё этих мягких французских булок, да выпей чаю СЪЕШЬ ЖЕ ЕЩЁ ЭТИХ МЯГКИХ ФРАНЦУЗСКИХ БУЛОК, ДА ВЫПЕЙ ЧАЮ "
    "ґєії ҐЄІЇ à ç é è ê ô ù œ "
    "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر ومغلف بجلد أزرق "
    "35.3359N 040.1408E 35°20'09\"N 040°08'27\"E 37SFV0369 "
)


class LineTest(Body, frozen=True):
    """The body of a test: its number in the author's log, and the text to be decoded."""

    number: Number
    text: Text


class LineTestAnswer(Body, frozen=True):
    """The body of an answer; ref 0 is the test. `digest` is of the text in UTF-8; `observed_ms` is our clock."""

    digest: Digest
    observed_ms: Milliseconds


class Answer:
    """One party's answer to a test."""

    __slots__ = ("index", "observed_ms", "right", "time_ms")

    def __init__(self, index: int, time_ms: int, observed_ms: int, right: bool) -> None:
        self.index = index
        self.time_ms = time_ms
        self.observed_ms = observed_ms
        self.right = right


class Trial:
    """One test and its answers by member. Mutable; owned by `Trials`."""

    __slots__ = ("answers", "digest", "index", "mark", "member", "time_ms")

    def __init__(self, member: int, index: int, time_ms: int, mark: Mark, digest: bytes) -> None:
        self.member = member
        self.index = index
        self.time_ms = time_ms
        self.mark = mark
        self.digest = digest
        self.answers: dict[int, Answer] = {}

    @property
    def time(self) -> Instant:
        """When its author says it was sent."""
        return Instant.from_ms(self.time_ms)

    def owing(self, members: int) -> list[int]:
        """The members whose answer is missing; `members` is how many parties the line has."""
        return [member for member in range(members) if member != self.member and member not in self.answers]


class Trials:
    """Every test of the line. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[tuple[int, int], Trial] = {}
        self.unanswered: dict[tuple[int, int], Trial] = {}
        self.newest: dict[tuple[int, Mark], Trial] = {}
        self.numbers: dict[int, int] = {}

    def snapshot(self) -> codec.Value:
        """Every test and answer, in order."""
        return [
            [
                *place,
                test.time_ms,
                int(test.mark),
                test.digest,
                [_row(who, test.answers[who]) for who in sorted(test.answers)],
            ]
            for place, test in sorted(self.by_place.items())
        ]


def mark_of_trial(mark: Mark) -> Mark:
    """The mark of a test made while everything said bears `mark`."""
    return Mark.TEST if mark is Mark.OPERATION else mark


def next_trial(book: Book, desk: str, mark: Mark, attachments: tuple[Attachment, ...] = ()) -> Draft:
    """The next test of ours."""
    number = book.state(Trials).numbers.get(book.number(book.me), 0) + 1
    body = LineTest(number=number, text=f"{SAMPLE}{number}")
    return Draft(TEST, pack(body), desk, attachments=attachments, mark=mark_of_trial(mark))


def hourly_due(book: Book, now: Instant, mark: Mark, every_us: int = TEST_EVERY_US) -> bool:
    """Whether the regular test is due: the last is `every_us` old (an hour), and some peer has answered it.

    While every peer owes an answer no further test is made: one is enough to show that the line does not answer.
    One that lies in the future was made by a wrong clock, and does not put the next one off.
    """
    newest = book.state(Trials).newest.get((book.number(book.me), mark_of_trial(mark)))
    if newest is None:
        return True
    return bool(newest.answers) and not 0 <= now - newest.time < every_us


def answers_due(book: Book, desk: str, now: Instant) -> Iterator[Draft]:
    """Our answers to the tests of peers that have none yet, in order of place."""
    me = book.number(book.me)
    for place, test in sorted(book.state(Trials).unanswered.items()):
        if test.member != me and me not in test.answers and not book.is_gone(test.member):
            body = LineTestAnswer(digest=test.digest, observed_ms=now.ms)
            ref = book.ref(book.members[place[0]], place[1])
            yield Draft(TEST_ANSWER, pack(body), desk, (ref,), mark=test.mark)


class Prove(Arguments, frozen=True, kw_only=True):
    """Arguments of `test`: attachments to be carried along, if any."""

    attachments: tuple[Attached, ...] = ()


def _row(member: int, answer: Answer) -> codec.Value:
    return [member, answer.index, answer.time_ms, answer.observed_ms, answer.right]


def _apply(book: Book, said: Said, body: LineTest) -> Sequence[Change]:
    tests = book.state(Trials)
    place = (said.member, said.entry.index)
    test = Trial(*place, said.leaf.time_ms, said.leaf.mark, sha256(body.text.encode()).digest())
    tests.by_place[place] = tests.unanswered[place] = tests.newest[said.member, said.leaf.mark] = test
    tests.numbers[said.member] = max(body.number, tests.numbers.get(said.member, 0))
    return [Change("test", said.entry.origin, said.entry.index, "new")]


def _apply_answer(book: Book, said: Said, body: LineTestAnswer) -> Sequence[Change]:
    tests = book.state(Trials)
    ref = said.leaf.refs[0]
    place = (book.number(ref.origin), ref.index)
    test = tests.by_place.get(place)
    if test is None:
        return [book.fault(said, "fault-target-wrong", target=book.registry.name(book.kind_at(ref.origin, ref.index)))]
    if test.member == said.member:
        return [book.fault(said, "fault-own-entry")]
    if test.mark is not said.leaf.mark:
        return [book.fault(said, "fault-mark-differs", mark=said.leaf.mark.name, expected=test.mark.name)]
    if said.member in test.answers:
        return []
    right = body.digest == test.digest
    test.answers[said.member] = Answer(said.entry.index, said.leaf.time_ms, body.observed_ms, right)
    if not book.present(test.owing(len(book.members))):
        tests.unanswered.pop(place, None)
    return [Change("test", ref.origin, ref.index, "answered" if right else "garbled")]


def _test(book: Book, asked: Asked, values: Prove) -> Sequence[Draft]:
    attachments = attachments_of(values.attachments)
    check_room(book, (), attachments)
    return [next_trial(book, asked.desk, asked.mark, attachments)]


TEST_KIND = kind(
    TEST,
    "test",
    LineTest,
    _apply,
    (verb("test", "test", "Test the line now", Prove, _test),),
    Traits(fresh=Trials),
)

ANSWER_KIND = kind(TEST_ANSWER, "test-answer", LineTestAnswer, _apply_answer, traits=Traits(refs_needed=1))
