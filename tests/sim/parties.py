"""Who takes part: parties with keys from fixed seeds, their cards, and the record each node begins with.

Everything here is made once per process. Ed25519 is real everywhere. Seals are made by a stand-in, because ML-DSA-44
signs differently every time: two runs of a seed would not be equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256, shake_256

from openline.base.time import Instant
from openline.identity.card import Card
from openline.identity.keys import AgeSecret, Ed25519Secret, MlDsaSecret, NodeSecrets, RootSecrets, tls_pin
from openline.identity.names import line_name
from openline.node.founding import OURSELVES, open_logs
from openline.record.introduction import make_invitation
from openline.record.ports import Introduction, LineOpened, Write
from tests.sim.clock import EPOCH_US, SimClock

PARTIES = ("alpha.example", "bravo.example", "charlie.example")
_SIGNED_AT = EPOCH_US // 1_000_000 - 86_400
_SEAL_BYTES = 2_420


class _QuickSeal(MlDsaSecret):
    """Signs nothing, quickly and always alike; no peer accepts it, and none needs to here."""

    __slots__ = ()

    def sign(self, message: bytes) -> bytes:
        return shake_256(self.seed + message).digest(_SEAL_BYTES)


@dataclass(frozen=True, slots=True)
class Member:
    """A party: its secrets, its card and its invitation file."""

    party: str
    secrets: NodeSecrets
    card: Card
    proof: bytes


@cache
def member(party: str) -> Member:
    """The party of this name."""
    root = RootSecrets.from_seed(_seed(party, "root"))
    secrets = NodeSecrets(
        Ed25519Secret(_seed(party, "log")),
        Ed25519Secret(_seed(party, "receipt")),
        _QuickSeal(_seed(party, "seal")),
        Ed25519Secret(_seed(party, "tls")),
        AgeSecret(_seed(party, "age")),
    )
    keys = root.keys(party)
    card = Card(
        party=party,
        names=(("en", party.split(".", 1)[0]),),
        root_ed25519=keys[0].public,
        root_mldsa44=keys[1].public,
        next_root=root.next_root(party),
        valid_from_ms=_SIGNED_AT * 1_000,
        log_keys=((secrets.log.public, 0, ""),),
        receipt_keys=((secrets.receipt.public, 0, ""),),
        seal_keys=((secrets.seal.public, 0, ""),),
        tls_pins=(tls_pin(secrets.tls.public),),
        age_recipient=secrets.age.recipient,
        endpoints=tuple((name, party, 7000 + place, False) for place, name in enumerate(PATHS)),
        protocols=(1, 1),
    )
    return Member(party, secrets, card, make_invitation([card], root, _SIGNED_AT))


PATHS = ("fibre", "radio", "satellite")


def line_of(parties: Sequence[str]) -> str:
    """The id of the line between these parties."""
    return line_name(parties)


def first_writes(parties: Sequence[str], me: str, clock: SimClock) -> list[Write]:
    """What stands in the record of `me` once all parties are paired."""
    now = Instant(EPOCH_US)
    writes: list[Write] = [Introduction(me, member(me).proof, OURSELVES, now)]
    writes += [Introduction(party, member(party).proof, "the watch", now) for party in parties if party != me]
    line, members = line_of(parties), tuple(sorted(parties))
    writes.append(LineOpened(line, members, now))
    return writes + open_logs(line, members, me, clock.entropy)


def _seed(party: str, use: str) -> bytes:
    return sha256(f"openline simulation, {party}, {use}".encode()).digest()
