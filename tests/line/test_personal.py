"""An audit finds whose signatures hold and which are none, from the file alone, and agrees with the book."""

from __future__ import annotations

import pytest

from openline.base.schema import pack
from openline.identity.assertion import Assertion, entry_challenge
from openline.line.handover import HANDOVER
from openline.line.officer import OFFICER, OfficerStep
from openline.line.personal import PersonalAudit, PersonalFigures
from openline.line.signature import Signatures
from openline.record.audit_entries import Read
from openline.record.entry import Draft, Mark, Ref
from openline.record.verdict import Findings, State
from tests.identity.passkey import Passkey
from tests.line.corps import SUPERVISOR, assertion, body_of, enrol, enter, sign, signature
from tests.line.world import World


def audited(world: World, withheld: frozenset[int] = frozenset()) -> tuple[PersonalAudit, Findings]:
    """Every entry of every log read as an audit reads it; of alpha's log some bodies are withheld."""
    findings, audit = Findings(sorted(world.logs)), PersonalAudit()
    for origin, log in sorted(world.logs.items()):
        hashes = [entry.leaf_hash for entry in log]
        for entry in log:
            body = None if origin == world.origins["alpha"] and entry.index in withheld else entry.body
            audit.take(Read(origin, entry.index, entry.leaf, body, hashes.__getitem__), findings)
    return audit, findings


def told(findings: Findings) -> list[tuple[object, object]]:
    return [(row.facts["entry"], row.facts.get("reason")) for row in findings.sorted()]


def signed_world() -> World:
    world = World()
    enrol(world)
    enrol(world, "S-2", Passkey(b"second"))
    for key in (SUPERVISOR, SUPERVISOR, Passkey(b"second")):
        sign(world, world.send(precedence="flash"), key)
    return world


def test_signatures_are_counted_by_pseudonym_and_nothing_is_held_against_anybody() -> None:
    audit, findings = audited(signed_world())
    assert audit.figures() == [PersonalFigures("alpha.example/line/alpha-bravo", {"S-1": 2, "S-2": 1}, 0, 0)]
    assert findings.sorted() == ()


def test_a_line_without_officers_has_no_figures() -> None:
    world = World()
    world.send(precedence="flash")
    assert audited(world)[0].figures() == []


@pytest.mark.parametrize("what", ["another entry", "withdrawn", "garbled", "another mark", "of others", "forged"])
def test_a_signature_that_is_none_is_named_and_the_record_still_holds(what: str) -> None:
    world = signed_world()
    first, second = world.entry(world.send(precedence="flash")), world.entry(world.send(precedence="flash"))
    theirs = world.entry(world.send("bravo", precedence="flash"))
    good = assertion(first)
    match what:
        case "another entry":
            draft, reason = signature(second, good), "challenge"
        case "withdrawn":
            enter(world, body_of(OfficerStep.WITHDRAW))
            draft, reason = signature(first, good), "key"
        case "garbled":
            draft, reason = Draft(43, b"\xa0", "watch", (first.ref,)), "form"
        case "another mark":
            draft, reason = signature(first, good, mark=Mark.EXERCISE), "form"
        case "of others":
            draft, reason = signature(theirs, assertion(theirs)), "form"
        case _:
            forged = Assertion(good.authenticator_data, good.client_data, good.signature[:-1] + b"\0")
            draft, reason = signature(first, forged), "signature"
    (wrong,) = world.put("alpha", [draft])
    audit, findings = audited(world)
    assert told(findings) == [(world.id(wrong), reason)]
    assert findings.state is State.VERIFIED
    assert (audit.figures()[0].by, audit.figures()[0].wrong) == ({"S-1": 2, "S-2": 1}, 1)
    held = sum(len(rows) for rows in world.alpha.state(Signatures).by_place.values())
    assert held == 3, "the book and the audit agree"


def test_who_signs_twice_counts_once_here_and_in_the_book() -> None:
    world = signed_world()
    entry = world.entry("alpha:2")
    world.put("alpha", [signature(entry, assertion(entry))])
    audit, findings = audited(world)
    assert (audit.figures()[0].by, findings.sorted()) == ({"S-1": 2, "S-2": 1}, ())
    held = sum(len(rows) for rows in world.alpha.state(Signatures).by_place.values())
    assert held == 3


def test_a_signature_over_another_hash_than_the_entry_s_signs_nothing() -> None:
    world = signed_world()
    entry = world.entry("alpha:2")
    made = SUPERVISOR.sign(entry_challenge(entry.origin, entry.index, bytes(32)))
    draft = signature(entry, made)
    world.put("alpha", [Draft(draft.kind, draft.body, "watch", (Ref(entry.origin, entry.index, bytes(32)),))])
    audit, findings = audited(world)
    assert (audit.figures()[0].by, audit.figures()[0].wrong) == ({"S-1": 2, "S-2": 1}, 1)
    assert [reason for _, reason in told(findings)] == ["form"]
    assert [fault for _, fault in world.faults()] == ["fault-ref-wrong"]


def test_withheld_bodies_are_counted_and_what_they_keep_back_is_no_fault_of_anybody() -> None:
    world = signed_world()
    every = frozenset(range(20))
    audit, findings = audited(world, every)
    assert (audit.figures()[0].withheld, audit.figures()[0].wrong, findings.sorted()) == (5, 0, ())


def test_an_officer_who_cannot_be_entered_is_told() -> None:
    world = World()
    world.put("alpha", [Draft(OFFICER, pack(body_of(OfficerStep.WITHDRAW)), "watch"), Draft(OFFICER, b"\xa0", "watch")])
    audit, findings = audited(world)
    assert [row.message_id for row in findings.sorted()] == ["audit-officer-wrong"] * 2
    assert audit.figures()[0].by == {}


def test_what_is_between_does_not_matter() -> None:
    world = signed_world()
    world.put("alpha", [Draft(HANDOVER, b"\xff", "watch"), Draft(999, b"", "watch")])
    assert audited(world)[1].sorted() == ()
