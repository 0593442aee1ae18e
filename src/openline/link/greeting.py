"""Whether a HELLO is one we may talk to: the same line, the same members, the party that was let in, a common version.

A peer may say no for the same reasons; each is a message id that stands in its BYE.
"""

from __future__ import annotations

from collections.abc import Sequence

from openline.base.text import is_name
from openline.link.frames import PROTOCOL, PROTOCOL_MIN, Hello, Tip


def refusal(hello: Hello, line: str, members: Sequence[str], peer: int) -> str | None:
    """The message id of why `hello`, from the authenticated member `peer`, is refused; None when it is not."""
    lowest, highest = hello.versions
    if lowest > PROTOCOL or highest < PROTOCOL_MIN:
        return "hello-other-version"
    if hello.line != line:
        return "hello-other-line"
    if tuple(hello.members) != tuple(members):
        return "hello-other-members"
    if hello.me != peer:
        return "hello-other-party"
    return None


def statements(tips: Sequence[Tip], members: int) -> dict[int, Tip]:
    """The tips that state something, by log: a member of the line, not empty, signed. The last one of a log counts."""
    return {tip.member: tip for tip in tips if states(tip, members)}


def states(tip: Tip, members: int) -> bool:
    """Whether `tip` states something about a log of the line."""
    return tip.member < members and tip.size > 0 and tip.root is not None and tip.signature is not None


def reason_given(reason: str) -> str:
    """A peer's reason as we may keep and show it."""
    return reason if is_name(reason) else "peer-left"
