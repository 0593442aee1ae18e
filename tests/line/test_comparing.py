"""Two readouts side by side, by what their authors have tagged; the texts themselves are left to the reader."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openline.line.comparing import Outcome, side_by_side
from openline.line.grid import stated_about
from openline.line.precise import Precision
from openline.line.statement import About, Claim, Stance
from tests.line.test_contact import enter
from tests.line.world import World


def test_what_is_gone_what_returns_and_what_is_new() -> None:
    world = World()
    for place in ("alpha:0", "alpha:1"):
        assert enter(world) == place
    for place in ("alpha:0", "alpha:1"):
        world.say("alpha", "publish", entry=place, text="We spoke.")
    tags = [
        ("alpha:2", "demand", "cease-fire"),
        ("alpha:2", "subject", "lines-of-communication"),
        ("alpha:2", "duration", "60"),
        ("alpha:3", "subject", "lines-of-communication"),
        ("alpha:3", "duration", "30"),
        ("alpha:3", "subject", "dam"),
    ]
    for entry, fact, value in tags:
        world.say("alpha", "state", entry=entry, fact=fact, value=value, precision="exact")
    rows = side_by_side(stated_about(world.alpha, (0, 2)), stated_about(world.alpha, (0, 3)))
    assert [(row.fact.name, row.outcome) for row in rows] == [
        ("DURATION", Outcome.DIFFERS),
        ("SUBJECT", Outcome.ONLY_RIGHT),
        ("SUBJECT", Outcome.SAME),
        ("DEMAND", Outcome.ONLY_LEFT),
    ]


def test_texts_are_not_interpreted() -> None:
    one = Claim(0, 1, About.OUTCOME, None, Precision.EXACT, b"nothing came")
    two = Claim(1, 1, About.OUTCOME, None, Precision.EXACT, b"no result   ")
    assert {row.outcome for row in side_by_side([one], [two])} == {Outcome.ONLY_LEFT, Outcome.ONLY_RIGHT}
    assert [row.outcome for row in side_by_side([one], [one])] == [Outcome.SAME]


def test_minutes_without_a_word_on_precision_leave_it_open() -> None:
    one = Claim(0, 1, About.DURATION, 60, Precision.NOT_SPECIFIED, b"")
    two = Claim(1, 1, About.DURATION, 55, Precision.EXACT, b"")
    assert [row.outcome for row in side_by_side([one], [two])] == [Outcome.OPEN]


def test_an_answer_to_another_s_statement_is_no_tag_of_a_readout() -> None:
    claim = Claim(0, 1, About.TONE, None, Precision.EXACT, b"", Stance.AGREES, (1, 0), bytes(32))
    assert side_by_side([claim], []) == []


claims = st.lists(
    st.builds(
        Claim,
        st.integers(0, 1),
        st.integers(0, 9),
        st.sampled_from([About.TONE, About.DURATION, About.HELD]),
        st.sampled_from([0, 1, "cold", None]).filter(lambda value: value is None or isinstance(value, int)),
        st.sampled_from(Precision),
        st.sampled_from([b"", b"a", b"b"]),
    ),
    max_size=6,
)


@given(claims, claims)
def test_the_sides_can_be_exchanged(left: list[Claim], right: list[Claim]) -> None:
    mirror = {Outcome.ONLY_LEFT: Outcome.ONLY_RIGHT, Outcome.ONLY_RIGHT: Outcome.ONLY_LEFT}
    one, other = side_by_side(left, right), side_by_side(right, left)
    assert [mirror.get(row.outcome, row.outcome) for row in one] == [row.outcome for row in other]
    assert all(row.left is not None or row.right is not None for row in one)
    assert all(row.outcome is not Outcome.DIFFERS for row in side_by_side(left, left))
