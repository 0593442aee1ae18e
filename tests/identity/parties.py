"""The two parties of the tests, made from fixed seeds: alpha and bravo on the line `joint`."""

from __future__ import annotations

from collections.abc import Sequence

from openline.identity.card import Card
from openline.identity.keys import NodeSecrets, RootSecrets, tls_pin

LINE = "joint"
FIRST_MS = 1_790_000_000_000
DAY_MS = 86_400_000


def seed(number: int) -> bytes:
    """The 32-byte seed of one byte repeated."""
    return bytes((number,)) * 32


def node(number: int) -> NodeSecrets:
    """Node secrets from five seeds, `number` and the next four."""
    return NodeSecrets.from_seeds(*(seed(number + place) for place in range(5)))


ALPHA_ROOT = RootSecrets.from_seed(seed(0xA0), next_seed=seed(0xA8))
ALPHA_NEXT_ROOT = RootSecrets.from_seed(seed(0xA8), next_seed=seed(0xA9))
ALPHA_NODE = node(0xA1)
BRAVO_ROOT = RootSecrets.from_seed(seed(0xB0))
BRAVO_NODE = node(0xB1)
MALLORY_ROOT = RootSecrets.from_seed(seed(0xC0))
MALLORY_NODE = node(0xC1)


def card_of(
    party: str, names: Sequence[tuple[str, str]], root: RootSecrets, secrets: NodeSecrets, valid_from_ms: int
) -> Card:
    """A first card: every key holds from the start, on every log."""
    return Card(
        party=party,
        names=tuple(names),
        root_ed25519=root.ed25519.public,
        root_mldsa44=root.mldsa44.public,
        next_root=root.next_root(party),
        valid_from_ms=valid_from_ms,
        log_keys=((secrets.log.public, 0, ""),),
        receipt_keys=((secrets.receipt.public, 0, ""),),
        seal_keys=((secrets.seal.public, 0, ""),),
        tls_pins=(tls_pin(secrets.tls.public),),
        age_recipient=secrets.age.recipient,
        endpoints=(("fibre", f"line.{party}", 4433, False), ("satellite", "192.0.2.10", 4433, True)),
        protocols=(1, 1),
    )


ALPHA = card_of(
    "alpha.example",
    [("en", "Alpha headquarters"), ("fr", "État-major Alpha"), ("ar", "قيادة ألفا")],
    ALPHA_ROOT,
    ALPHA_NODE,
    FIRST_MS,
)
BRAVO = card_of("bravo.example", [("en", "Bravo headquarters")], BRAVO_ROOT, BRAVO_NODE, FIRST_MS)
MALLORY = card_of("mallory.example", [("en", "Mallory")], MALLORY_ROOT, MALLORY_NODE, FIRST_MS)
