"""The card: its bytes, what it may say, and which card may follow which."""

from __future__ import annotations

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from openline.base import schema
from openline.base.errors import PeerError
from openline.base.limits import CARD_BYTES_MAX
from openline.identity.card import Card, check_card, check_renewal, key_at, pack_card, unpack_card
from openline.identity.keys import RootSecrets
from tests.identity.parties import ALPHA, ALPHA_NEXT_ROOT, ALPHA_NODE, BRAVO, DAY_MS, MALLORY_ROOT, node, seed
from tests.identity.vectors import read_vectors


class CardVector(msgspec.Struct):
    what: str
    fields: dict[str, object]
    bytes: str
    fingerprint: str


class Refused(msgspec.Struct):
    why: str
    wrong: str
    first_card_with: dict[str, object]


class KeyAt(msgspec.Struct):
    list: str
    card: int
    origin: str
    size: int
    public: str | None


class Vectors(msgspec.Struct):
    cards: list[CardVector]
    refused: list[Refused]
    key_at: list[KeyAt]


VECTORS = read_vectors("card.json", Vectors)


def card_from(fields: dict[str, object]) -> Card:
    """A card from the fields of a vector, where byte strings are in hex."""
    return msgspec.convert({name: _value(name, value) for name, value in fields.items()}, Card, builtin_types=(bytes,))


def _value(name: str, value: object) -> object:
    if name in ("root_ed25519", "root_mldsa44", "next_root"):
        return bytes.fromhex(str(value))
    if name == "tls_pins" and isinstance(value, list):
        return [bytes.fromhex(pin) for pin in value]
    if name.endswith("_keys") and isinstance(value, list):
        return [(bytes.fromhex(public), size, origin) for public, size, origin in value]
    return value


@pytest.mark.parametrize("vector", VECTORS.cards, ids=lambda vector: vector.what)
def test_cards(vector: CardVector) -> None:
    card = unpack_card(bytes.fromhex(vector.bytes))
    assert card == card_from(vector.fields)
    assert pack_card(card).hex() == vector.bytes
    assert card.fingerprint() == vector.fingerprint


@pytest.mark.parametrize("vector", VECTORS.refused, ids=lambda vector: vector.why)
def test_refused_cards(vector: Refused) -> None:
    card = card_from({**VECTORS.cards[0].fields, **vector.first_card_with})
    with pytest.raises(PeerError, match="card-wrong") as caught:
        unpack_card(schema.pack(card))
    assert caught.value.facts == {"field": vector.wrong}
    with pytest.raises(PeerError, match="card-wrong"):
        pack_card(card)


@pytest.mark.parametrize("vector", VECTORS.key_at, ids=lambda vector: f"{vector.list}-{vector.size}-{vector.card}")
def test_keys_at_a_size(vector: KeyAt) -> None:
    card = unpack_card(bytes.fromhex(VECTORS.cards[vector.card].bytes))
    spans = {"log_keys": card.log_keys, "receipt_keys": card.receipt_keys}[vector.list]
    public = key_at(spans, vector.origin, vector.size)
    assert (None if public is None else public.hex()) == vector.public


def test_a_card_has_names_in_several_scripts() -> None:
    assert ALPHA.name("ar") == "قيادة ألفا"
    assert ALPHA.name("hi") == ALPHA.name("en") == "Alpha headquarters"


def test_a_name_may_need_a_joiner_but_never_a_control() -> None:
    check_card(replace(ALPHA, names=(("fa", "می\u200cخواهم"),)))
    for character in "\n\x1b\x00\u2028":
        with pytest.raises(PeerError, match="card-wrong"):
            check_card(replace(ALPHA, names=(("en", f"a{character}b"),)))


def test_a_party_that_can_only_dial_out_has_no_endpoint() -> None:
    card = replace(ALPHA, endpoints=())
    assert unpack_card(pack_card(card)) == card


def test_a_card_may_carry_a_post_quantum_recipient() -> None:
    card = replace(ALPHA, age_recipient="age1pq1" + "q" * 1_950)
    assert unpack_card(pack_card(card)) == card


def test_a_card_beyond_the_limit_is_neither_written_nor_read() -> None:
    spans = tuple((bytes((number,)) * 1312, number, "") for number in range(12))
    card = replace(ALPHA, seal_keys=spans)
    with pytest.raises(PeerError, match="peer-value-too-large"):
        pack_card(card)
    data = schema.pack(card)
    assert len(data) > CARD_BYTES_MAX
    with pytest.raises(PeerError, match="peer-value-too-large"):
        unpack_card(data)


def test_a_card_with_one_byte_changed_is_refused_or_another_card() -> None:
    data = pack_card(ALPHA)
    for place in range(len(data)):
        changed = data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
        try:
            card = unpack_card(changed)
        except PeerError:
            continue
        assert card != ALPHA
        assert pack_card(card) == changed


@pytest.mark.fuzz
@given(st.data())
def test_any_bytes_are_a_card_or_refused(data: st.DataObject) -> None:
    whole = pack_card(ALPHA)
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, min(start + 40, len(whole))))
    made = whole[:start] + data.draw(st.binary(max_size=40)) + whole[stop:]
    for bytes_ in (made, data.draw(st.binary(max_size=100))):
        with suppress(PeerError):
            assert pack_card(unpack_card(bytes_)) == bytes_


def newer(**changes: object) -> Card:
    """Alpha's next card, a day later."""
    return msgspec.structs.replace(ALPHA, valid_from_ms=ALPHA.valid_from_ms + DAY_MS, **changes)


def root_fields(root: RootSecrets) -> dict[str, bytes]:
    return {"root_ed25519": root.ed25519.public, "root_mldsa44": root.mldsa44.public}


def test_a_card_may_change_everything_but_its_past() -> None:
    second = node(0xD1)
    check_renewal(
        ALPHA,
        newer(
            names=(("en", "Alpha"),),
            log_keys=(*ALPHA.log_keys, (second.log.public, 100, "")),
            seal_keys=(*ALPHA.seal_keys, (b"", 100, "")),
            tls_pins=(bytes(32),),
            endpoints=(),
            protocols=(1, 2),
        ),
    )


def test_the_promised_root_may_take_over_and_promise_again() -> None:
    next_root = ALPHA_NEXT_ROOT.next_root("alpha.example")
    check_renewal(ALPHA, newer(**root_fields(ALPHA_NEXT_ROOT), next_root=next_root))


def test_a_root_without_promise_may_make_one() -> None:
    bare = replace(BRAVO, next_root=b"")
    check_renewal(bare, replace(bare, valid_from_ms=bare.valid_from_ms + 1, next_root=bytes(32)))


@pytest.mark.parametrize(
    ("card", "fault"),
    [
        (newer(party="bravo.example"), "card-other-party"),
        (ALPHA, "card-not-newer"),
        (replace(ALPHA, valid_from_ms=ALPHA.valid_from_ms - 1), "card-not-newer"),
        (newer(**root_fields(MALLORY_ROOT)), "card-root-unknown"),
        (newer(root_ed25519=ALPHA_NEXT_ROOT.ed25519.public), "card-root-unknown"),
        (newer(next_root=bytes(32)), "card-promise-broken"),
        (newer(next_root=b""), "card-promise-broken"),
        (newer(log_keys=()), "card-past-changed"),
        (newer(log_keys=((node(0xD1).log.public, 0, ""), *ALPHA.log_keys)), "card-past-changed"),
        (newer(receipt_keys=((ALPHA_NODE.receipt.public, 1, ""),)), "card-past-changed"),
        (newer(seal_keys=()), "card-past-changed"),
    ],
)
def test_a_card_that_may_not_follow_is_refused(card: Card, fault: str) -> None:
    with pytest.raises(PeerError, match=fault):
        check_renewal(ALPHA, card)


def test_a_party_without_promise_cannot_change_its_root() -> None:
    bare = replace(ALPHA, next_root=b"")
    with pytest.raises(PeerError, match="card-root-unknown"):
        check_renewal(bare, newer(**root_fields(ALPHA_NEXT_ROOT)))


def test_the_key_of_a_log_goes_before_the_key_of_every_log() -> None:
    general, special, late = seed(1), seed(2), seed(3)
    spans = ((general, 0, ""), (special, 50, "a/line/b"), (late, 60, ""), (b"", 80, "a/line/b"))
    assert key_at(spans, "a/line/b", 49) == general
    assert key_at(spans, "a/line/b", 50) == special
    assert key_at(spans, "a/line/b", 70) == special
    assert key_at(spans, "a/line/b", 80) is None
    assert key_at(spans, "a/line/c", 59) == general
    assert key_at(spans, "a/line/c", 60) == late
    assert key_at((), "a/line/b", 1) is None
    assert key_at(((general, 5, ""),), "a/line/b", 4) is None


def test_of_two_keys_from_one_size_the_later_counts() -> None:
    assert key_at(((seed(2), 5, ""), (seed(1), 5, "")), "a/line/b", 5) == seed(1)
