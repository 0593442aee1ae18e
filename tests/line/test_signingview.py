"""What is shown of officers and signatures: who may sign, what is signed, what is not, and what a passkey is asked."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.identity.assertion import entry_challenge
from openline.line.officer import OfficerStep
from openline.line.signingview import signatures_view, signing_view
from openline.record.entry import Mark
from tests.identity.passkey import HOST, Passkey
from tests.line.corps import NAME, SUPERVISOR, body_of, enrol, enter, sign
from tests.line.world import World


def signed_world() -> World:
    world = World()
    enrol(world)
    for _ in range(3):
        sign(world, world.send(precedence="flash"))
    world.send(precedence="flash")
    return world


def test_the_newest_signatures_and_what_is_owed_come_first_and_all_that_is_owed_is_counted() -> None:
    view = signatures_view(signed_world().bravo, 2)
    assert [row.id for row in view.signed] == ["alpha:5", "alpha:3"]
    assert [(row.id, row.kind) for row in view.unsigned] == [("alpha:7", "message"), ("alpha:0", "officer")]
    assert view.owed == {"alpha": 2, "bravo": 0}
    assert [row.id for row in signatures_view(signed_world().bravo, 1).unsigned] == ["alpha:7"]


def test_an_officer_is_shown_with_every_step_and_without_a_name_until_it_is_opened() -> None:
    world = World()
    enrol(world)
    (before,) = signatures_view(world.bravo, 50).officers
    enter(world, body_of(OfficerStep.WITHDRAW))
    enter(world, body_of(OfficerStep.RECOVER, key=Passkey(b"new")))
    enter(world, body_of(OfficerStep.OPEN_NAME))
    (after,) = signatures_view(world.bravo, 50).officers
    assert (before.name, before.state, before.roles) == ("", "ENROLLED", ("supervisor",))
    assert (after.name, after.state) == (NAME, "ENROLLED")
    assert [(row.id, row.step) for row in after.steps] == [
        ("alpha:0", "ENROL"),
        ("alpha:1", "WITHDRAW"),
        ("alpha:2", "RECOVER"),
        ("alpha:3", "OPEN_NAME"),
    ]
    assert (after.steps[2].witness_role, after.steps[2].witness) == ("technician", "T-1")


def test_a_passkey_is_asked_for_its_own_entry_at_its_own_console() -> None:
    world = signed_world()
    view = signing_view(world.alpha, "alpha:7", "S-1", HOST, Mark.OPERATION)
    entry = world.entry("alpha:7")
    assert view.challenge == entry_challenge(entry.origin, entry.index, entry.leaf_hash)
    assert view.credentials == (SUPERVISOR.credential,)


def test_an_officer_of_exercises_is_asked_in_an_exercise_alone() -> None:
    world, key = World(), Passkey(b"drill")
    enrol(world, "S-7", key, Mark.EXERCISE)
    drill, real = world.send(precedence="flash", mark=Mark.EXERCISE), world.send(precedence="flash")
    assert signing_view(world.alpha, drill, "S-7", HOST, Mark.OPERATION).credentials == (key.credential,)
    with pytest.raises(UsageError):
        signing_view(world.alpha, real, "S-7", HOST, Mark.OPERATION)


@pytest.mark.parametrize(
    ("entry", "officer", "host", "message_id"),
    [
        ("alpha:7", "S-9", HOST, "signature-officer-unknown"),
        ("alpha:7", "S-1", "localhost", "signature-officer-unknown"),
        ("bravo:0", "S-1", HOST, "signature-of-others"),
        ("alpha:99", "S-1", HOST, "entry-unknown"),
    ],
)
def test_who_cannot_sign_is_told_why(entry: str, officer: str, host: str, message_id: str) -> None:
    world = signed_world()
    world.send("bravo")
    with pytest.raises(UsageError) as caught:
        signing_view(world.alpha, entry, officer, host, Mark.OPERATION)
    assert caught.value.message_id == message_id


def test_a_withdrawn_officer_is_asked_for_nothing() -> None:
    world = signed_world()
    enter(world, body_of(OfficerStep.WITHDRAW))
    with pytest.raises(UsageError):
        signing_view(world.alpha, "alpha:7", "S-1", HOST, Mark.OPERATION)
