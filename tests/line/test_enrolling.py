"""What the record lacks of the officers' file is written, once, step by step, whatever happened in between."""

from __future__ import annotations

import msgspec

from openline.line.enrolling import GONE, Enrolled, Terms, next_pseudonym, owed, pseudonyms
from openline.line.officer import Officer, Officers, OfficerState, OfficerStep
from openline.record.entry import Mark
from tests.identity.passkey import HOST, Passkey
from tests.line.corps import NAME, SALT
from tests.line.world import World

CHANGED = msgspec.structs.replace


def row(seed: bytes = b"first", pseudonym: str = "S-1", **terms: object) -> Enrolled:
    key = Passkey(seed)
    return Enrolled(
        terms=msgspec.convert({"pseudonym": pseudonym, **terms}, Terms),
        roles=("supervisor",),
        credential=key.credential,
        public_key=key.cose,
        host=HOST,
        name=NAME,
        salt=SALT,
    )


def settle(world: World, rows: list[Enrolled], show_names: bool = False) -> int:
    """Write what is owed until nothing is; how many entries it took."""
    count = 0
    while drafts := owed(world.alpha, rows, Mark.OPERATION, "node", show_names):
        world.put("alpha", drafts)
        count += len(drafts)
        assert count < 20
    assert not world.faults()
    return count


def officer(world: World, pseudonym: str = "S-1") -> Officer:
    return world.bravo.state(Officers).of(0, Mark.OPERATION).officers[pseudonym]


def test_a_new_passkey_is_entered_once_without_its_name() -> None:
    world = World()
    assert settle(world, [row(), row(b"second", "S-2")]) == 2
    assert settle(world, [row(), row(b"second", "S-2")]) == 0
    assert (officer(world).name, officer(world).roles, officer(world).host) == ("", ("supervisor",), HOST)


def test_where_names_are_shown_it_is_entered_by_name() -> None:
    world = World()
    settle(world, [row()], show_names=True)
    assert officer(world).name == NAME


def test_a_lost_key_is_withdrawn_with_its_reason_and_the_new_one_takes_its_place() -> None:
    world = World()
    settle(world, [row()])
    lost = CHANGED(row(), withdrawn=("S-9", "the key was lost"))
    assert settle(world, [lost]) == 1
    assert officer(world).state is OfficerState.WITHDRAWN
    new = row(b"new", step=int(OfficerStep.REPLACE), by="S-9", reason="the key was lost")
    assert settle(world, [lost, new]) == 1
    assert [(one.step.name, one.by, one.reason) for one in officer(world).happened] == [
        ("ENROL", "", ""),
        ("WITHDRAW", "S-9", "the key was lost"),
        ("REPLACE", "S-9", "the key was lost"),
    ]


def test_all_that_happened_while_the_node_was_down_is_written_in_order() -> None:
    world = World()
    lost = CHANGED(row(), withdrawn=("", "the last supervisor lost the key"))
    new = row(b"new", step=int(OfficerStep.RECOVER), reason="lost", witness_role="technician", witness="T-1")
    assert settle(world, [lost, new]) == 3
    assert [one.step.name for one in officer(world).happened] == ["ENROL", "WITHDRAW", "RECOVER"]
    assert officer(world).credential == new.credential


def test_other_roles_and_an_opened_name_are_written_too() -> None:
    world = World()
    settle(world, [row()])
    changed = CHANGED(row(), roles=("linguist",), opened=("S-1", "a board of inquiry asks"))
    assert settle(world, [changed]) == 2
    assert (officer(world).roles, officer(world).name) == (("linguist",), NAME)


def test_who_is_in_the_record_and_not_in_the_file_any_more_is_withdrawn() -> None:
    world = World()
    settle(world, [row()])
    assert settle(world, []) == 1
    assert (officer(world).state, officer(world).happened[-1].reason) == (OfficerState.WITHDRAWN, GONE)


def test_what_the_table_does_not_allow_is_not_written() -> None:
    world = World()
    settle(world, [row()])
    assert owed(world.alpha, [row(), row(b"second", "S-1")], Mark.OPERATION, "node", show_names=False) == []


def test_a_pseudonym_is_never_given_twice() -> None:
    world = World()
    settle(world, [row(), row(b"second", "S-7")])
    settle(world, [])
    assert pseudonyms({"alpha": world.alpha}) == {"S-1", "S-7"}
    assert pseudonyms({"bravo": world.bravo}) == frozenset()
    assert next_pseudonym(pseudonyms({"alpha": world.alpha})) == "S-8"
    assert next_pseudonym([]) == "S-1"
