"""An officer is entered, withdrawn, entered anew and opened by the table alone, in the order of one log."""

from __future__ import annotations

import msgspec
import pytest

from openline.line.officer import KEYED, OFFICERS, Officer, OfficerBody, Officers, OfficerState, OfficerStep
from openline.record.entry import Mark
from tests.identity.passkey import Passkey
from tests.line.corps import NAME, SALT, SUPERVISOR, body_of, enrol, enter
from tests.line.walking import walk
from tests.line.world import World


def officer_of(world: World, pseudonym: str = "S-1") -> Officer:
    return world.bravo.state(Officers).of(0, Mark.OPERATION).officers[pseudonym]


def bodies(way: list[OfficerStep]) -> list[OfficerBody]:
    """Each key of a way is a new one."""
    return [body_of(step, key=Passkey(b"key %d" % number)) for number, step in enumerate(way)]


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(OFFICERS, OfficerState.UNKNOWN, OfficerStep))
def test_every_step_of_the_table_is_taken_and_every_other_one_a_fault(
    way: list[OfficerStep], event: OfficerStep, before: OfficerState, after: OfficerState | None
) -> None:
    world = World()
    *there, step = bodies([*way, event])
    for body in there:
        enter(world, body)
    assert not world.faults()
    enter(world, step)
    held = world.bravo.state(Officers).of(0, Mark.OPERATION).officers.get("S-1")
    state = OfficerState.UNKNOWN if held is None else held.state
    assert state is (before if after is None else after)
    assert [fault for _, fault in world.faults()] == ([] if after else ["fault-officer-not-possible"])


def test_the_other_side_sees_the_pseudonym_and_no_name_until_it_is_opened() -> None:
    world = World()
    entry = enrol(world)
    assert entry.body is not None
    assert NAME.encode() not in entry.body
    assert (officer_of(world).name, officer_of(world).roles) == ("", ("supervisor",))
    enter(world, body_of(OfficerStep.OPEN_NAME))
    assert officer_of(world).name == NAME
    for book in world.books.values():
        assert book.digest() == world.alpha.digest()


def test_a_name_that_is_not_the_one_that_was_hashed_opens_nothing() -> None:
    world = World()
    enrol(world)
    for name, salt in (("B. Alm", SALT), (NAME, b"another"), (NAME, b"")):
        enter(world, OfficerBody(step=OfficerStep.OPEN_NAME, pseudonym="S-1", name=name, salt=salt))
    assert [fault for _, fault in world.faults()] == ["fault-officer-name"] * 3
    assert officer_of(world).name == ""


def test_a_recovery_is_seen_as_such_with_its_reason_and_witness() -> None:
    world = World()
    enter(world, body_of(OfficerStep.RECOVER))
    (row,) = officer_of(world).happened
    assert (row.step, row.reason, row.witness_role, row.witness, row.by) == (
        OfficerStep.RECOVER,
        "the key was lost",
        "technician",
        "T-1",
        "",
    )


@pytest.mark.parametrize("step", [OfficerStep.RECOVER, OfficerStep.REPLACE, OfficerStep.WITHDRAW])
def test_a_loss_without_a_reason_is_a_fault(step: OfficerStep) -> None:
    world = World()
    if step is not OfficerStep.RECOVER:
        enrol(world)
    if step is OfficerStep.REPLACE:
        enter(world, body_of(OfficerStep.WITHDRAW))
    enter(world, msgspec.structs.replace(body_of(step, key=Passkey(b"new")), reason=""))
    assert [fault for _, fault in world.faults()] == ["fault-officer-incomplete"]


@pytest.mark.parametrize("left_out", [{"witness": ""}, {"witness_role": None}])
def test_a_recovery_without_a_witness_is_a_fault(left_out: dict[str, object]) -> None:
    world = World()
    enter(world, msgspec.structs.replace(body_of(OfficerStep.RECOVER), **left_out))
    assert [fault for _, fault in world.faults()] == ["fault-officer-incomplete"]


@pytest.mark.parametrize(
    "wrong", [{"public_key": b""}, {"public_key": SUPERVISOR.cose[:-1]}, {"credential": b""}, {"host": ""}]
)
@pytest.mark.parametrize("step", sorted(KEYED - {OfficerStep.REPLACE}))
def test_a_key_that_cannot_be_checked_enters_nobody(step: OfficerStep, wrong: dict[str, object]) -> None:
    world = World()
    enter(world, msgspec.structs.replace(body_of(step), **wrong))
    assert [fault for _, fault in world.faults()] == ["fault-officer-key"]
    assert not world.alpha.state(Officers).of(0, Mark.OPERATION).officers


def test_a_key_is_never_given_to_another_officer_nor_twice_to_one() -> None:
    world = World()
    enrol(world)
    enrol(world, "S-2")
    enter(world, body_of(OfficerStep.WITHDRAW))
    enter(world, body_of(OfficerStep.REPLACE))
    assert [fault for _, fault in world.faults()] == ["fault-officer-key"] * 2


def test_a_replaced_key_is_void_and_so_is_a_withdrawn_one() -> None:
    world, new = World(), Passkey(b"new")
    enrol(world)
    corps = world.alpha.state(Officers).of(0, Mark.OPERATION)
    assert corps.signing(SUPERVISOR.credential) is not None
    enter(world, body_of(OfficerStep.WITHDRAW))
    assert corps.signing(SUPERVISOR.credential) is None
    enter(world, body_of(OfficerStep.REPLACE, key=new))
    assert corps.signing(SUPERVISOR.credential) is None
    assert corps.signing(new.credential) is not None


def test_who_is_enrolled_for_real_signs_in_exercises_and_not_the_other_way() -> None:
    world = World()
    enrol(world)
    enrol(world, "S-7", Passkey(b"drill"), Mark.EXERCISE)
    officers = world.alpha.state(Officers)
    assert officers.signing(0, Mark.EXERCISE, SUPERVISOR.credential) is not None
    assert officers.signing(0, Mark.EXERCISE, Passkey(b"drill").credential) is not None
    assert officers.signing(0, Mark.OPERATION, Passkey(b"drill").credential) is None
    assert officers.signing(1, Mark.OPERATION, SUPERVISOR.credential) is None
