"""Which earlier frames a datagram repeats, so that what the paths lose is not missed. Spec: docs/spec/voice.md.

Every datagram goes on every path that carries, and has copies of the frames that lie `offsets` before its newest:
(0, 3) is the newest frame and the third before it. A path is taken for a Gilbert channel, which is what a share of
loss and a mean length of its bursts can say; from it follows how many frames no path brings, by any set of offsets,
and the cheapest set that brings enough is used. It rises at once and is lowered slowly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from openline.base.limits import VOICE_COPY_AGE_US_MAX, VOICE_OFFSET_MAX
from openline.base.time import SECOND_US
from openline.voice.datagram import RUN_MAX, Sound, fitting
from openline.voice.frame import SEQUENCES, TIMESTAMPS, Codec, Frame

UNRECOVERED_MAX = 0.001
"""The share of frames that may stay lost. Below it speech is as good as whole (docs/spec/voice.md)."""

RISE_ABOVE = 0.002
"""Offsets that are in use are kept until they would leave more than this unrecovered."""

LOWER_AFTER_US = 3 * SECOND_US
"""Cheaper offsets must have been enough for this long before they are used."""

TOGETHER_US = 20 * SECOND_US
"""For so long after frames were lost that should not have been, the paths are taken to lose together."""

_EARLIER = range(1, VOICE_OFFSET_MAX + 1)
_SHARE_MIN = 0.01
_BURST_MIN = 1.5
_SHARE_MAX = 0.95
_FAILED_FRAMES = 3
_FAILED_WITHIN_US = 10 * SECOND_US
_SAMPLES_A_SECOND = {Codec.OPUS: 48_000, Codec.PCMU: 8_000, Codec.PCMA: 8_000, Codec.G722: 8_000}


@dataclass(frozen=True, slots=True)
class Loss:
    """What one path does: the share of datagrams it loses, 0 to 1, and the mean length of a run of losses."""

    share: float
    burst: float


UNMEASURED = Loss(0.3, 1.0)
"""What is assumed of a path that nothing is known of."""

CHOICES: tuple[tuple[int, ...], ...] = tuple(
    sorted(
        ((0, *more) for count in range(VOICE_OFFSET_MAX + 1) for more in combinations(_EARLIER, count)),
        key=lambda chosen: (len(chosen), chosen[-1], chosen),
    )
)
"""Every set of offsets: fewer copies first, and of as many those that need less delay."""

DEEPEST = CHOICES[-1]


def unrecovered(offsets: Sequence[int], paths: Sequence[Loss], together: bool = False) -> float:
    """The share of frames that come on no path by any offset; on all paths at once when they lose `together`.

    A path that has lost a datagram loses the one `gap` later with share + (1 - share) * stays ** gap, where `stays`
    is how much a Gilbert channel still knows of its state one step on. The copies of a frame on one path are a chain
    of such steps; paths are independent.
    """
    shares = [_all_lost(offsets, path) for path in paths]
    if together:
        return max(shares, default=1.0)
    product = 1.0
    for share in shares:
        product *= share
    return product


def _all_lost(offsets: Sequence[int], path: Loss) -> float:
    share = min(max(path.share, _SHARE_MIN), _SHARE_MAX)
    leaves = 1 / max(path.burst, _BURST_MIN)
    stays = max(0.0, 1 - leaves - min(leaves * share / (1 - share), 1.0))
    lost = share
    for last, offset in pairwise(offsets):
        lost *= share + (1 - share) * stays ** (offset - last)
    return lost


def offsets(paths: Sequence[Loss], together: bool = False) -> tuple[int, ...]:
    """The cheapest offsets that leave at most UNRECOVERED_MAX; where none does, those that leave least.

    `paths` are those that can be relied on; there are none only when nobody is heard.
    """
    if not paths:
        return DEEPEST
    return next((choice for choice in CHOICES if unrecovered(choice, paths, together) <= UNRECOVERED_MAX), DEEPEST)


class Depth:
    """The offsets in use towards one peer. Mutable; owned by whoever sends to it. Times are in microseconds.

    `_wanted` has what was called for during the last LOWER_AFTER_US; the most of it is used.
    """

    __slots__ = ("_failures", "_together_until", "_wanted", "offsets")

    def __init__(self) -> None:
        self.offsets: tuple[int, ...] = offsets((UNMEASURED, UNMEASURED))
        self._wanted: deque[tuple[int, tuple[int, ...]]] = deque()
        self._failures: deque[tuple[int, int]] = deque()
        self._together_until = 0

    def failed(self, frames: int, now: int) -> None:
        """The peer says that so many more frames were lost for good.

        A few are chance. More than that means that the paths are not independent: until proven otherwise, what one
        of them loses all lose.
        """
        while self._failures and now - self._failures[0][0] > _FAILED_WITHIN_US:
            self._failures.popleft()
        if frames > 0:
            self._failures.append((now, frames))
        if sum(count for _, count in self._failures) >= _FAILED_FRAMES:
            self._failures.clear()
            self._together_until = now + TOGETHER_US

    def follow(self, paths: Sequence[Loss], now: int) -> tuple[int, ...]:
        """The offsets to use from now on, given what the paths do that can be relied on."""
        together = now < self._together_until
        wanted = offsets(paths, together)
        if unrecovered(self.offsets, paths, together) > RISE_ABOVE:
            self.offsets = wanted
            self._wanted.clear()
        self._wanted.append((now, wanted))
        while len(self._wanted) > 1 and now - self._wanted[1][0] >= LOWER_AFTER_US:
            self._wanted.popleft()
        most = max((each for _, each in self._wanted), key=CHOICES.index)
        self.offsets = min(self.offsets, most, key=CHOICES.index)
        return self.offsets


class Sender:
    """Makes the datagrams of one stream. Mutable; owned by whoever sends the stream."""

    __slots__ = ("_frames", "_run")

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque(maxlen=VOICE_OFFSET_MAX + 1)
        self._run = 0

    def contents(self, frame: Frame, offsets: Sequence[int]) -> Sound:
        """What to send for `frame`, which the leg has just heard.

        A copy that would come more than VOICE_COPY_AGE_US_MAX after its time is left out: nobody would play it. So
        are copies that do not fit, the oldest first.
        """
        follows = self._frames and frame.sequence == (self._frames[-1].sequence + 1) % SEQUENCES
        self._run = min(self._run + 1, RUN_MAX) if follows else 0
        self._frames.append(frame)
        return Sound(frame, self._copies(frame, offsets[1:]), self._run)

    def rest(self, offsets: Sequence[int]) -> list[Sound]:
        """What to send after the last frame when the gate closes, one each frame's length: its missing copies.

        Without them the last syllable would be less protected than all before it. The next frame begins a new run.
        """
        if not self._frames:
            return []
        last = self._frames[-1]
        held = {(last.sequence - frame.sequence) % SEQUENCES: frame for frame in self._frames}
        rest = []
        for step in range(1, offsets[-1] + 1):
            due = [held[offset - step] for offset in offsets if offset >= step and offset - step in held]
            if due:
                older = Sender._older(due[0], due[1:])
                rest.append(Sound(due[0], fitting(due[0], older)))
        self._frames.clear()
        return rest

    def _copies(self, frame: Frame, offsets: Sequence[int]) -> tuple[Frame, ...]:
        held = {(frame.sequence - earlier.sequence) % SEQUENCES: earlier for earlier in self._frames}
        return fitting(frame, self._older(frame, [held[offset] for offset in offsets if offset in held]))

    @staticmethod
    def _older(frame: Frame, candidates: Sequence[Frame]) -> tuple[Frame, ...]:
        """Those of `candidates` that can still be played when `frame` comes; the ages of copies rise."""
        oldest = _SAMPLES_A_SECOND[frame.codec] * VOICE_COPY_AGE_US_MAX // SECOND_US
        copies, last = [], 0
        for copy in candidates:
            age = (frame.timestamp - copy.timestamp) % TIMESTAMPS
            if copy.codec is frame.codec and last < age <= oldest:
                copies.append(copy)
                last = age
        return tuple(copies)
