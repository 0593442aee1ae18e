"""What officers were told, and whether the records keep it. Every place is keyed by (log, index, leaf hash).

Keyed by the index alone an entry that was rewritten would not be missed; `test_ledger` shows that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise

TAG = re.compile(rb"<[a-z]+#[0-9a-z-]+>")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry of one log, as a record holds it."""

    index: int
    leaf: bytes
    salt: bytes
    body: bytes | None

    @property
    def leaf_hash(self) -> bytes:
        """RFC 6962 section 2.1, computed here and not believed."""
        return sha256(b"\x00" + self.leaf).digest()

    @property
    def tags(self) -> list[bytes]:
        """The tags of what was said in it; one, unless it was not made by `load`."""
        return TAG.findall(self.body or b"")


Logs = Mapping[str, Sequence[Leaf]]
"""What one node holds: each party's log, by its first label."""


@dataclass(slots=True)
class Told:
    """One command of an officer of `party`, and everything it was told, however often it had to ask.

    Moments are seconds of one monotonic clock. `life` is the node's own when it said "recorded"; `peer_life` the
    other node's when it said "received"; None where a node died meanwhile.
    """

    party: str
    tag: str
    begun: float
    told: float | None = None
    answers: list[tuple[str, ...]] = field(default_factory=list)
    tries: int = 0
    seen: dict[int, bytes] = field(default_factory=dict)
    received: bool = False
    life: int | None = None
    peer_life: int | None = None

    @property
    def places(self) -> list[int]:
        """The indexes it was told its entries have."""
        return [int(entry.rpartition(":")[2]) for entry in self.answers[-1]] if self.answers else []


def judge(told: Sequence[Told], held: Mapping[str, Logs]) -> list[str]:
    """What is wrong, in sentences; none when everything is kept. `held` is what each node's record holds."""
    return [
        *_dense(held),
        *_equal(held),
        *(fault for party in held for fault in recorded(_of(told, party), held[party][party])),
        *_received(told, held),
        *(fault for party in held for fault in _once(_of(told, party), held[party][party])),
        *(fault for party in held for fault in _in_order(_of(told, party))),
    ]


def recorded(told: Iterable[Told], log: Sequence[Leaf]) -> Iterator[str]:
    """What was acknowledged and does not stand in its author's log, unchanged."""
    for one in told:
        if len(set(one.answers)) > 1:
            yield f"{one.tag}: the same key was answered with {sorted(set(one.answers))}"
        for index in one.places:
            if index >= len(log):
                yield f"{one.tag}: {one.party}:{index} was recorded and is lost"
            elif one.tag.encode() not in log[index].tags:
                yield f"{one.tag}: {one.party}:{index} was recorded and another entry stands there"
            elif one.seen.get(index, log[index].leaf_hash) != log[index].leaf_hash:
                yield f"{one.tag}: {one.party}:{index} was recorded and has been changed since"


def _received(told: Iterable[Told], held: Mapping[str, Logs]) -> Iterator[str]:
    """What was shown as received and is not in every other record."""
    for one in told:
        for peer in held if one.received else ():
            yield from (f"at {peer}: {fault}" for fault in recorded([one], held[peer][one.party]))


def _once(told: Sequence[Told], log: Sequence[Leaf]) -> Iterator[str]:
    found = Counter(tag for leaf in log for tag in leaf.tags)
    for one in told:
        times = found.get(one.tag.encode(), 0)
        if times > 1:
            yield f"{one.tag}: one key has made {times} entries"
        if times == 0 and one.told is not None and one.places:
            yield f"{one.tag}: acknowledged, and nowhere in the log of {one.party}"


def _in_order(told: Sequence[Told]) -> Iterator[str]:
    """What was begun after another's acknowledgement must stand behind it."""
    acknowledged = sorted((one.told, max(one.places), one.tag) for one in told if one.told is not None and one.places)
    last, last_tag, at = -1, "", 0
    for one in sorted((one for one in told if one.places), key=lambda one: one.begun):
        while at < len(acknowledged) and acknowledged[at][0] < one.begun:
            last, last_tag = max((last, last_tag), acknowledged[at][1:])
            at += 1
        if min(one.places) <= last:
            yield f"{one.tag} at {min(one.places)} was begun after {last_tag} at {last} was acknowledged"


def _dense(held: Mapping[str, Logs]) -> Iterator[str]:
    for party, logs in held.items():
        for author, log in logs.items():
            indexes = [-1, *(leaf.index for leaf in log)]
            yield from (
                f"{party} holds entry {after} of {author} behind {before}"
                for before, after in pairwise(indexes)
                if after != before + 1
            )


def _equal(held: Mapping[str, Logs]) -> Iterator[str]:
    first, *others = held
    for other in others:
        for author, log in held[first].items():
            rows = held[other][author]
            if len(log) != len(rows):
                yield f"{first} holds {len(log)} entries of {author}, {other} holds {len(rows)}"
            yield from (
                f"{first} and {other} differ in {author}:{ours.index}"
                for ours, theirs in zip(log, rows, strict=False)
                if ours != theirs
            )


def _of(told: Sequence[Told], party: str) -> list[Told]:
    return [one for one in told if one.party == party]
