"""What every leg offers and expects. A leg is where one officer speaks and listens: a browser, a desk phone."""

from __future__ import annotations

from typing import Protocol

from openline.voice.frame import Frame


class Leg(Protocol):
    """One officer's sound. Used from the event loop only."""

    @property
    def number(self) -> int:
        """The leg's number in this process (16 bits); its frames carry it as `stream`."""

    def play(self, frame: Frame) -> None:
        """Put a frame of another speaker on its way to the officer. Never blocks, never fails, never holds it.

        Each `frame.stream` is a speaker of its own: the leg keeps them apart, as far as it can mix.
        """

    def close(self, reason: str) -> None:
        """End the leg; `reason` is a message id. Its owner is told `ended` in a later turn."""


class LegOwner(Protocol):
    """Who made a leg."""

    def heard(self, leg: Leg, frame: Frame) -> None:
        """The officer has said this."""

    def connected(self, leg: Leg) -> None:
        """Sound can pass both ways from now on."""

    def ended(self, leg: Leg, reason: str) -> None:
        """The leg is over, by whoever's wish; `reason` is a message id such as `leg-closed` or `leg-lost`."""
