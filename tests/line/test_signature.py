"""A signature counts for the entry it names alone, made by an officer who was one there and then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import unpack
from openline.identity.assertion import Assertion, entry_challenge, flaw_of
from openline.line.officer import OfficerStep
from openline.line.signature import SignatureBody, owes_signature, signatures_of, unsigned
from openline.record.entry import Draft, Mark
from tests.identity.passkey import Passkey
from tests.line.corps import SUPERVISOR, arguments, assertion, body_of, enrol, enter, sign, signature
from tests.line.world import World

PAGE = json.loads((Path(__file__).parents[1] / "vectors/kinds/signature.json").read_text("utf-8"))


def signed(world: World, label: str) -> list[str]:
    origin, index = world.alpha.find(label)
    return [row.pseudonym for row in signatures_of(world.bravo, (world.bravo.number(origin), index))]


def refused(world: World, label: str, key: Passkey = SUPERVISOR) -> tuple[str, object]:
    with pytest.raises(UsageError) as caught:
        sign(world, label, key)
    return caught.value.message_id, caught.value.facts.get("reason")


def test_a_flash_goes_first_and_the_signature_follows_and_both_books_know_whose_it_is() -> None:
    world = World()
    enrol(world)
    flash = world.send(precedence="flash")
    assert unsigned(world.alpha, 0) == [0, 1]
    (made,) = sign(world, flash)
    assert signed(world, flash) == ["S-1"]
    assert unsigned(world.alpha, 0) == [0]
    assert world.alpha.digest() == world.bravo.digest()
    assert not world.faults()
    assert world.item(flash).missing(1), "a signature is not the other side's receipt"
    assert sign(world, flash) == [], "an officer signs once"
    assert made.leaf.precedence is None


def test_two_officers_may_sign_one_entry() -> None:
    world, other = World(), Passkey(b"second", "EdDSA")
    enrol(world)
    enrol(world, "S-2", other)
    flash = world.send(precedence="flash")
    sign(world, flash, other)
    sign(world, flash)
    assert signed(world, flash) == ["S-2", "S-1"]


def test_nobody_signs_for_another_party() -> None:
    world = World()
    enrol(world)
    theirs = world.send("bravo", precedence="flash")
    assert refused(world, theirs) == ("signature-of-others", None)
    world.put("alpha", [signature(world.entry(theirs), assertion(world.entry(theirs)))])
    assert [fault for _, fault in world.faults()] == ["fault-signature-of-others"]


def test_who_is_not_enrolled_or_is_withdrawn_signs_nothing() -> None:
    world, stranger = World(), Passkey(b"stranger")
    enrol(world)
    flash = world.send(precedence="flash")
    entry = world.entry(flash)
    assert refused(world, flash, stranger)[0] == "signature-officer-unknown"
    world.put("alpha", [signature(entry, assertion(entry, stranger), stranger)])
    enter(world, body_of(OfficerStep.WITHDRAW))
    assert refused(world, flash)[0] == "signature-officer-unknown"
    world.put("alpha", [signature(entry, assertion(entry))])
    assert [fault for _, fault in world.faults()] == ["fault-signature-wrong"] * 2
    assert signed(world, flash) == []


def test_what_was_signed_before_a_withdrawal_stays_signed() -> None:
    world = World()
    enrol(world)
    flash = world.send(precedence="flash")
    sign(world, flash)
    enter(world, body_of(OfficerStep.WITHDRAW))
    assert signed(world, flash) == ["S-1"]


def test_a_signature_is_not_good_for_another_entry() -> None:
    world = World()
    enrol(world)
    first, second = world.send(precedence="flash"), world.send(precedence="flash")
    values = arguments(world.entry(first), second)
    with pytest.raises(UsageError) as caught:
        world.say("alpha", "sign", **values)
    assert (caught.value.message_id, caught.value.facts["reason"]) == ("signature-wrong", "challenge")
    world.put("alpha", [signature(world.entry(second), assertion(world.entry(first)))])
    assert world.faults() == [(f"alpha:{3}", "fault-signature-wrong")]
    assert signed(world, first) == signed(world, second) == []


@pytest.mark.parametrize(
    "said",
    [
        {"host": "evil.example"},
        {"origin": "https://evil.example"},
        {"flags": 0x01},
        {"flags": 0x04},
        {"kind": "webauthn.create"},
        {"cross": True},
        {"flags": 0x85, "rest": b"\xa1\x01"},
    ],
)
def test_what_no_honest_authenticator_says_is_a_fault_and_never_a_signature(said: dict[str, object]) -> None:
    world = World()
    enrol(world)
    flash = world.send(precedence="flash")
    entry = world.entry(flash)
    made = SUPERVISOR.sign(entry_challenge(entry.origin, entry.index, entry.leaf_hash), **said)  # type: ignore[arg-type] # each case has its own type
    world.put("alpha", [signature(entry, made)])
    assert [fault for _, fault in world.faults("bravo")] == ["fault-signature-wrong"]
    assert signed(world, flash) == []


def test_a_signature_of_another_mark_is_a_fault() -> None:
    world = World()
    enrol(world)
    flash = world.send(precedence="flash")
    entry = world.entry(flash)
    world.put("alpha", [signature(entry, assertion(entry), mark=Mark.EXERCISE)])
    assert [fault for _, fault in world.faults()] == ["fault-mark-differs"]
    drill = world.send(precedence="flash", mark=Mark.EXERCISE)
    sign(world, drill)
    assert signed(world, drill) == ["S-1"]


@pytest.mark.parametrize("field", ["credential", "authenticator_data", "client_data", "signature"])
def test_what_is_no_base64_is_refused(field: str) -> None:
    world = World()
    enrol(world)
    flash = world.send(precedence="flash")
    values = arguments(world.entry(flash), flash) | {field: "x"}
    with pytest.raises(UsageError) as caught:
        world.say("alpha", "sign", **values)
    assert caught.value.message_id == "signature-unreadable"


def test_before_a_party_has_officers_it_owes_no_signature() -> None:
    world = World()
    flash = world.send(precedence="flash")
    assert unsigned(world.alpha, 0) == []
    enrol(world)
    assert unsigned(world.alpha, 0) == [1]
    assert not owes_signature(world.alpha, (0, 0))
    sign(world, flash)
    assert signed(world, flash) == ["S-1"], "what is not owed may be signed all the same"


def test_what_is_signed_personally_is_flash_facts_of_contacts_handovers_and_new_keys() -> None:
    world = World()
    enrol(world)
    labels = {
        "flash": world.send(precedence="flash"),
        "stop": world.id(world.say("alpha", "stop", place="bridge")[0]),
        "contact": world.id(
            world.say(
                "alpha", "contact", level="minister", medium="telephone", began="2026-11-01", parties=("alpha", "bravo")
            )[0]
        ),
        "offer": world.id(world.say("alpha", "hand-over", by="A", to="B")[0]),
    }
    world.send(precedence="routine")
    world.say("alpha", "service", text="Work on the mast.")
    accepted = world.say(
        "alpha", "take-over", entry=labels["offer"], step="accept", by="B", items=list(labels.values())[:2]
    )
    taken = world.id(world.say("alpha", "take-over", entry=labels["offer"], step="take", by="B")[0])
    enter(world, body_of(OfficerStep.APPOINT))
    found = [world.alpha.label(world.origins["alpha"], index) for index in unsigned(world.alpha, 0)]
    assert found == ["alpha:0", *labels.values(), taken]
    assert world.id(accepted[0]) not in found
    assert unsigned(world.alpha, 1) == []


def test_the_memo_of_what_is_owed_is_that_of_a_new_book() -> None:
    world = World()
    enrol(world)
    flashes = [world.send(precedence="flash") for _ in range(3)]
    unsigned(world.alpha, 0)
    sign(world, flashes[1])
    world.send(precedence="flash")
    assert unsigned(world.alpha, 0) == unsigned(world.bravo, 0) == [0, 1, 3, 5]
    assert world.alpha.digest() == world.bravo.digest()


@pytest.mark.parametrize("vector", PAGE["vectors"], ids=lambda vector: vector["about"])
def test_the_released_signatures_hold_for_their_entry_and_no_other(vector: dict[str, Any]) -> None:
    body = unpack(SignatureBody, bytes.fromhex(vector["body_hex"]), BODY_BYTES_MAX)
    made = Assertion(body.authenticator_data, body.client_data, body.signature)
    origin, index, leaf_hash = vector["leaf"]["refs"][0]
    challenge = entry_challenge(origin, index, bytes.fromhex(leaf_hash))
    key = bytes.fromhex(vector["public_key_hex"])
    assert challenge.hex() == vector["challenge_hex"]
    assert flaw_of(made, key, vector["host"], challenge) is None
    assert flaw_of(made, key, vector["host"], entry_challenge(origin, index + 1, bytes.fromhex(leaf_hash)))


def test_a_signature_without_what_it_signs_is_a_fault() -> None:
    world = World()
    enrol(world)
    flash = world.send(precedence="flash")
    made = signature(world.entry(flash), assertion(world.entry(flash)))
    world.put("alpha", [Draft(made.kind, made.body, "watch")])
    assert [fault for _, fault in world.faults()] == ["fault-refs-missing"]
