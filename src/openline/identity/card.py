"""The card by which a party is introduced: its names, its keys and from when each holds, where it is reached.

A card is one leaf of the party's identity log, signed there by the root the card itself names. It is
replaced, never edited: `check_renewal` says which card may follow which. What is wrong with a card raises
PeerError `card-wrong` with the field; bytes that are no card at all raise what `base.schema` raises.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from openline.base import schema
from openline.base.errors import PeerError
from openline.base.limits import CARD_BYTES_MAX, NAME_BYTES_MAX
from openline.base.text import is_name
from openline.identity.keys import (
    ED25519_PUBLIC_BYTES,
    MLDSA44_PUBLIC_BYTES,
    VerifierKey,
    fingerprint,
    is_weak_ed25519,
    root_keys,
    root_promise,
)
from openline.identity.names import is_party, split_origin

DIGEST_BYTES = 32
TIME_MS_MAX = 2**48 - 1
_AGE = re.compile(r"age1[0-9a-z]{20,3000}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_HOST = re.compile(r"[0-9A-Za-z.:-]+\Z")
_SIZE_MAX = 2**48 - 1

KeySpan = tuple[bytes, int, str]
"""A public key, the log size from which it holds, and the origin of the log it is for (empty: every log).

Sizes count entries of the log that is signed. An empty public key ends the key before it: a revocation."""

Endpoint = tuple[str, str, int, bool]
"""Path name, host (name or address), port, and whether the path is metered."""


class Card(schema.Body, frozen=True):
    """What a party says of itself; fields in the order of the wire (docs/spec/identity.md)."""

    party: str
    names: tuple[tuple[str, str], ...]
    root_ed25519: bytes
    root_mldsa44: bytes
    next_root: bytes
    valid_from_ms: int
    log_keys: tuple[KeySpan, ...]
    receipt_keys: tuple[KeySpan, ...]
    seal_keys: tuple[KeySpan, ...]
    tls_pins: tuple[bytes, ...]
    age_recipient: str
    endpoints: tuple[Endpoint, ...]
    protocols: tuple[int, int]

    def root(self) -> tuple[VerifierKey, VerifierKey]:
        """The two root keys, Ed25519 first."""
        return root_keys(self.party, self.root_ed25519, self.root_mldsa44)

    def fingerprint(self) -> str:
        """The 30 digits the party reads aloud."""
        return fingerprint(self.root())

    def name(self, language: str) -> str:
        """The party's name in `language` (a BCP 47 tag), or its first name when it has none in it."""
        return next((name for tag, name in self.names if tag == language), self.names[0][1])


def pack_card(card: Card) -> bytes:
    """The bytes of `card`. Raises PeerError when it is not one that `unpack_card` reads."""
    check_card(card)
    data = schema.pack(card)
    if len(data) > CARD_BYTES_MAX:
        raise PeerError("peer-value-too-large", size=len(data), limit=CARD_BYTES_MAX)
    return data


def unpack_card(data: bytes) -> Card:
    """Read a card. Raises PeerError for anything that is not exactly one."""
    card = schema.unpack(Card, data, CARD_BYTES_MAX)
    check_card(card)
    return card


def check_card(card: Card) -> None:
    """Raises PeerError `card-wrong`, with the field, when a value is not as docs/spec/identity.md has it."""
    for field, holds in _holding(card).items():
        if not holds:
            raise PeerError("card-wrong", field=field)


def check_renewal(old: Card, new: Card) -> None:
    """Raises PeerError unless `new` may replace `old`.

    The party stays; the time advances; the root is the same one, or the one `old` promised; a promise once
    made stands until it is kept; and the keys of the past stay, for the record they signed stays.
    """
    if new.party != old.party:
        raise PeerError("card-other-party", party=old.party, other=new.party)
    if new.valid_from_ms <= old.valid_from_ms:
        raise PeerError("card-not-newer", party=old.party)
    same_root = (new.root_ed25519, new.root_mldsa44) == (old.root_ed25519, old.root_mldsa44)
    if not same_root and root_promise(new.root()) != old.next_root:
        raise PeerError("card-root-unknown", party=old.party)
    if same_root and old.next_root and new.next_root != old.next_root:
        raise PeerError("card-promise-broken", party=old.party)
    for before, after in zip(_key_lists(old), _key_lists(new), strict=True):
        if after[: len(before)] != before:
            raise PeerError("card-past-changed", party=old.party)


def key_at(spans: tuple[KeySpan, ...], origin: str, size: int) -> bytes | None:
    """The public key that signs log `origin` at `size`: of its own spans, else of those for every log.

    The span that started last counts; of two that start at one size, the later in the list. None when there
    is none, or it was ended.
    """
    for log in (origin, ""):
        started = [(start, place) for place, (_, start, of) in enumerate(spans) if of == log and start <= size]
        if started:
            return spans[max(started)[1]][0] or None
    return None


def _key_lists(card: Card) -> tuple[tuple[KeySpan, ...], ...]:
    return card.log_keys, card.receipt_keys, card.seal_keys


def _holding(card: Card) -> dict[str, bool]:
    """Whether each field holds, in the order of the wire."""
    # A cosignature does not say under which name it was made, so each Ed25519 key has one use.
    uses = [{card.root_ed25519}, _publics(card.log_keys), _publics(card.receipt_keys)]
    return {
        "party": is_party(card.party),
        "names": bool(card.names) and all(_is_named(tag, name) for tag, name in card.names),
        "root_ed25519": _is_ed25519(card.root_ed25519),
        "root_mldsa44": len(card.root_mldsa44) == MLDSA44_PUBLIC_BYTES,
        "next_root": len(card.next_root) in (0, DIGEST_BYTES),
        "valid_from_ms": 0 <= card.valid_from_ms <= TIME_MS_MAX,
        "log_keys": all(_is_span(span, _is_ed25519) for span in card.log_keys),
        "receipt_keys": all(_is_span(span, _is_ed25519) for span in card.receipt_keys)
        and len(set().union(*uses)) == sum(map(len, uses)),
        "seal_keys": all(_is_span(span, _is_mldsa44) for span in card.seal_keys),
        "tls_pins": all(len(pin) == DIGEST_BYTES for pin in card.tls_pins),
        "age_recipient": _AGE.match(card.age_recipient) is not None,
        "endpoints": all(_is_endpoint(*endpoint) for endpoint in card.endpoints),
        "protocols": 1 <= card.protocols[0] <= card.protocols[1] <= 2**16 - 1,
    }


def _publics(spans: tuple[KeySpan, ...]) -> set[bytes]:
    return {public for public, _, _ in spans if public}


def _is_span(span: KeySpan, is_public: Callable[[bytes], bool]) -> bool:
    public, start, origin = span
    placed = 0 <= start <= _SIZE_MAX and (not origin or split_origin(origin) is not None)
    return placed and (not public or is_public(public))


def _is_ed25519(public: bytes) -> bool:
    return len(public) == ED25519_PUBLIC_BYTES and not is_weak_ed25519(public)


def _is_mldsa44(public: bytes) -> bool:
    return len(public) == MLDSA44_PUBLIC_BYTES


def _is_named(tag: str, name: str) -> bool:
    if not (len(tag) <= 35 and _LANGUAGE.match(tag) and name.strip()):
        return False
    return len(name.encode()) <= NAME_BYTES_MAX and not any(
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in name
    )


def _is_endpoint(path: str, host: str, port: int, metered: bool) -> bool:
    del metered  # Either answer is right.
    return is_name(path) and len(host) <= 253 and bool(_HOST.match(host)) and 1 <= port <= 65_535
