"""Engines joined by a bad wire always come to agree once the wire is good, whatever happened before."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.time import SECOND_US
from tests.link.world import Faults, World, settle

SOON_US = 240 * SECOND_US

steps = st.one_of(
    st.tuples(st.just("say"), st.integers(0, 2), st.sampled_from([1, 1, 5, 60, 256])),
    st.tuples(st.just("flash"), st.integers(0, 2), st.just(1)),
    st.tuples(st.just("attach"), st.integers(0, 2), st.sampled_from([1, 700, 100_000])),
    st.tuples(st.just("cut"), st.integers(0, 1), st.just(0)),
    st.tuples(st.just("mend"), st.integers(0, 1), st.just(0)),
    st.tuples(st.just("restart"), st.integers(0, 2), st.just(0)),
    st.tuples(st.just("restore"), st.integers(0, 2), st.integers(0, 100)),
    st.tuples(
        st.just("wait"), st.just(0), st.sampled_from([1_000, 50_000, SECOND_US, 20 * SECOND_US, 100 * SECOND_US])
    ),
)
wires = st.builds(
    Faults,
    lose=st.sampled_from([0.0, 0.1, 0.4]),
    double=st.sampled_from([0.0, 0.1, 0.4]),
    jitter_us=st.sampled_from([0, 20_000, 200_000, 2_000_000]),
)


def take(world: World, step: tuple[str, int, int]) -> None:
    """One step of a story."""
    what, who, number = step
    node, path = world.nodes[who % world.members], world.paths[who % len(world.paths)]
    match what:
        case "say" | "flash":
            node.say(number, flash=what == "flash")
        case "attach":
            world.name_blob(node.me, number)
        case "cut":
            world.cut.add(path)
        case "mend":
            world.cut.discard(path)
        case "restart":
            node.restart()
        case "restore" if not any(other.quarantined for other in world.nodes):
            node.restart({member: size * number // 100 for member, size in enumerate(node.held)})
        case "wait":
            world.run(number)
        case _:
            pass


@given(members=st.sampled_from([2, 2, 3]), wire=wires, seed=st.integers(0, 2**32), story=st.lists(steps, max_size=40))
def test_both_ends_hold_everything_and_every_receipt_once_the_wire_heals(
    members: int, wire: Faults, seed: int, story: list[tuple[str, int, int]]
) -> None:
    world = World(Random(seed), members)
    world.faults = wire
    for step in story:
        take(world, step)
        world.run(2_000)
    settle(world, SOON_US)
    if not wire.lose and not {what for what, _, _ in story} & {"cut", "restart", "restore"}:
        world.run(20 * SECOND_US)
        assert all(len(blob.delivered) == members - 1 for blob in world.blobs.values())


@pytest.mark.parametrize("seed", range(3))
def test_the_bad_wire_is_really_bad(seed: int) -> None:
    world = World(Random(seed))
    world.faults = Faults(lose=0.2, double=0.2, jitter_us=50_000)
    for _ in range(200):
        world.nodes[0].say(1, flash=False)
        world.run(100_000)
    assert world.lost > 10
    settle(world, SOON_US)


def test_a_thousand_queued_messages_go_within_a_second_of_the_peers_being_back() -> None:
    world = World(Random(1))
    world.cut = set(world.paths)
    world.run(200 * SECOND_US)
    for _ in range(1_000):
        world.nodes[0].say(1, flash=False)
    world.run(SECOND_US)
    assert settle(world) <= 2 * SECOND_US


def test_a_modem_is_filled_and_not_flooded() -> None:
    world = World(Random(1), paths=("modem",))
    world.faults = Faults(delay_us=SECOND_US // 2, bytes_per_second=1_200)
    world.run(10 * SECOND_US)
    world.carried.clear()
    for _ in range(400):
        world.nodes[0].say(1, flash=False)
    start = world.now
    while world.unsettled() and world.now - start < 200 * SECOND_US:
        world.run(SECOND_US)
    assert not world.unsettled()
    assert world.carried["Push"] <= 1.3 * 400 * 150
    assert (world.now - start) * 1_200 <= 1.2 * world.carried["Push"] * SECOND_US


def test_a_flash_passes_an_attachment_on_a_modem_within_two_seconds() -> None:
    world = World(Random(1), paths=("modem",))
    world.faults = Faults(delay_us=SECOND_US // 2, bytes_per_second=1_200)
    world.run(10 * SECOND_US)
    world.name_blob(0, 30_000)
    world.run(20 * SECOND_US)
    assert 0 < world.blobs[bytes(32)].stored[1] < 30_000
    world.nodes[0].say(1, flash=True)
    world.run(2 * SECOND_US)
    assert world.nodes[1].held[0] == world.checkpoints[0][-1]


def test_one_session_that_is_stuck_delays_nothing_for_long() -> None:
    world = World(Random(1))
    world.run(20 * SECOND_US)
    world.cut = {"fibre"}
    world.nodes[0].say(1, flash=False)
    world.run(SECOND_US // 2)
    assert world.nodes[1].held[0] == 1


def slowest_of_many(paths: tuple[str, ...]) -> int:
    """The 99th percentile of how long an entry takes over sessions that stand still now and then."""
    world = World(Random(3), paths=paths)
    world.faults = Faults(stall=0.02, delay_us=10_000)
    world.run(2 * SECOND_US)
    took: list[int] = []
    for _ in range(500):
        world.nodes[0].say(1, flash=False)
        said, waited = world.checkpoints[0][-1], 0
        while world.nodes[1].held[0] < said:
            world.run(5_000)
            waited += 5_000
        took.append(waited)
    return sorted(took)[len(took) * 99 // 100]


def test_several_sessions_are_the_answer_to_one_that_stands_still() -> None:
    assert slowest_of_many(("a", "b", "c")) * 2 <= slowest_of_many(("a",))
