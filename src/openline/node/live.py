"""What is true of a call now and stands in no record: who is seated, whose gate is open, and what sound does.

Plain values that the telephone keeps and the views show. Times are seconds of the event loop's clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from openline.media.words import CallIs, Figures, PathIs, RecordingIs
from openline.node.legs import Leg


@dataclass(frozen=True, slots=True)
class Key:
    """A call: its line, and the member and index of its entry."""

    line: str
    member: int
    index: int

    @property
    def place(self) -> tuple[int, int]:
        """The place in the book."""
        return self.member, self.index


@dataclass(slots=True)
class Live:
    """A call that has not ended for us. Mutable; owned by the telephone.

    `number` is the voice process's name for it. `gates` maps a leg whose gate is open to its position; `writing` is
    how many gate entries are on their way to the record. `said` is what the voice process was told last, `rung` whether
    it was to ring the desk phones, `recording` whether it was to record, `recording_is` what it has said of that since.
    """

    number: int
    began_s: float
    sat_s: float
    lost_s: float | None = None
    seats: list[Leg] = field(default_factory=list)
    gates: dict[int, str] = field(default_factory=dict)
    writing: int = 0
    said: CallIs | None = None
    rung: bool = False
    recording: bool = False
    recording_is: RecordingIs | None = None

    @property
    def open_at(self) -> frozenset[str]:
        """The positions whose gates are open."""
        return frozenset(self.gates.values())


@dataclass(slots=True)
class PeerSound:
    """What the voice process says of sound to and from one peer of a line. Nothing passes until it says so."""

    lost: bool = True
    figures: Figures | None = None
    paths: dict[str, PathIs] = field(default_factory=dict)
