"""The one order of reports: after what was seen, after what is referred to, then by time, origin and place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openline.line.order import in_order
from openline.record.entry import Draft, Entry, Ref, Seen
from tests.line.world import NAMES, START, World


def entry(world: World, who: str, at_s: int, seen: dict[str, int] | None = None, refs: tuple[Ref, ...] = ()) -> Entry:
    world.now = START.plus(at_s * 1_000_000)
    rows = tuple(Seen(world.origins[name], size, bytes(32)) for name, size in (seen or {}).items())
    (made,) = world.put(who, [Draft(99, b"", "watch", refs)], rows)
    return made


def test_with_nothing_between_them_the_earlier_comes_first() -> None:
    world = World()
    late = entry(world, "alpha", 9)
    early = entry(world, "bravo", 3)
    assert in_order([late, early]) == [early, late]


def test_at_the_same_time_the_origin_decides() -> None:
    world = World()
    bravo = entry(world, "bravo", 3)
    alpha = entry(world, "alpha", 3)
    assert in_order([bravo, alpha]) == [alpha, bravo]


def test_what_was_seen_comes_first_whatever_the_clocks_say() -> None:
    world = World()
    question = entry(world, "alpha", 100)
    answer = entry(world, "bravo", 1, seen={"alpha": 1})
    assert in_order([answer, question]) == [question, answer]


def test_what_is_referred_to_comes_first() -> None:
    world = World()
    question = entry(world, "alpha", 100)
    answer = entry(world, "bravo", 1, refs=(question.ref,))
    assert in_order([answer, question]) == [question, answer]


def test_an_author_that_sets_its_clock_back_keeps_its_order() -> None:
    world = World()
    first, second = entry(world, "alpha", 50), entry(world, "alpha", 2)
    assert in_order([second, first]) == [first, second]


def test_a_part_of_the_record_is_ordered_by_what_is_in_it() -> None:
    world = World()
    entries = [entry(world, "alpha", at) for at in (10, 20, 30)]
    seen = entry(world, "bravo", 1, seen={"alpha": 3})
    assert in_order([seen, entries[1]]) == [entries[1], seen]
    assert in_order([seen]) == [seen]


def test_two_that_claim_to_have_seen_each_other_are_still_ordered() -> None:
    world = World()
    one = entry(world, "alpha", 5, seen={"bravo": 1})
    other = entry(world, "bravo", 4, seen={"alpha": 1})
    assert in_order([one, other]) == [other, one]


def test_one_that_claims_to_have_seen_its_own_future_is_still_ordered() -> None:
    world = World()
    one = entry(world, "alpha", 5, seen={"alpha": 3})
    two, three = entry(world, "alpha", 6), entry(world, "alpha", 7)
    assert in_order([three, two, one]) == [one, two, three]


def test_no_entries_have_no_order() -> None:
    assert in_order([]) == []


lines = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 3), st.dictionaries(st.sampled_from(NAMES), st.integers(1, 8), max_size=2)
    ),
    max_size=20,
)


@given(lines, st.randoms())
def test_every_entry_once_in_an_order_that_arrival_does_not_change(
    script: list[tuple[int, int, dict[str, int]]], random: object
) -> None:
    world = World(3)
    entries = [entry(world, NAMES[who], at, seen) for who, at, seen in script]
    wanted = in_order(entries)
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
    assert in_order(shuffled) == wanted
    assert sorted(map(id, wanted)) == sorted(map(id, entries))
    for origin in world.logs:
        assert [each.index for each in wanted if each.origin == origin] == list(range(len(world.logs[origin])))


@given(lines)
def test_an_honest_record_never_shows_an_entry_before_what_its_author_had_seen(
    script: list[tuple[int, int, dict[str, int]]],
) -> None:
    world = World(3)
    entries = []
    for who, at, claims in script:
        sizes = {name: len(world.logs[world.origins[name]]) for name in claims}
        seen = {name: min(size, sizes[name]) for name, size in claims.items() if sizes[name]}
        entries.append(entry(world, NAMES[who], at, seen))
    told: dict[str, int] = dict.fromkeys(world.logs, 0)
    for each in in_order(entries):
        assert all(told[row.origin] >= row.size for row in each.leaf.seen)
        told[each.origin] += 1
