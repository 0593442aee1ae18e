"""Each side stands in one of four states on each fact; silence is never consent, and no types allow it to be."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.schema import pack
from openline.line.contact import meeting_of
from openline.line.grid import (
    Agreed,
    Contradicted,
    NotStated,
    Pair,
    Stated,
    compare,
    grid,
    meeting_grid,
    name_of,
    stated_about,
)
from openline.line.precise import Grain, Match, Precision, When
from openline.line.statement import SINGLE, STATEMENT, About, Claim, Stance, Statement
from openline.record.entry import Draft
from tests.line.test_contact import enter
from tests.line.world import World


def states(world: World, fact: About, who: str = "alpha") -> list[tuple[str, ...]]:
    """The states of alpha and bravo in each row of a fact."""
    rows = meeting_grid(world.books[who], meeting_of(world.books[who], "alpha:0"))
    return [tuple(map(name_of, row.cells)) for row in rows if row.fact is fact]


@pytest.fixture
def world() -> World:
    made = World()
    enter(made)
    return made


def test_what_one_side_alone_says_is_stated_and_the_other_has_not_stated(world: World) -> None:
    world.say("alpha", "state", entry="alpha:0", fact="tone", value="professional")
    assert states(world, About.TONE) == [("STATED", "NOT_STATED")]
    assert states(world, About.HELD) == [("STATED", "NOT_STATED")]


def test_the_same_of_both_sides_is_agreed(world: World) -> None:
    world.say("alpha", "state", entry="alpha:0", fact="initiative", value="alpha")
    world.say("bravo", "state", entry="alpha:0", fact="initiative", value="alpha.example")
    assert states(world, About.INITIATIVE) == [("AGREED", "AGREED")]


def test_what_cannot_both_be_so_is_contradicted(world: World) -> None:
    world.say("alpha", "state", entry="alpha:0", fact="duration", value="60", precision="about")
    world.say("bravo", "state", entry="alpha:0", fact="duration", value="30", precision="exact")
    assert states(world, About.DURATION) == [("CONTRADICTED", "CONTRADICTED")]


def test_an_entry_of_its_own_says_when_at_which_level_and_by_what(world: World) -> None:
    enter(world, "bravo", same_as="alpha:0", began="2022-05-13T14:00:00Z", level="adviser")
    assert states(world, About.START) == [("AGREED", "AGREED")]
    assert states(world, About.LEVEL) == [("CONTRADICTED", "CONTRADICTED")]
    assert states(world, About.HELD) == [("AGREED", "AGREED")]


def test_of_a_fact_with_many_values_each_stands_for_itself(world: World) -> None:
    world.say("alpha", "state", entry="alpha:0", fact="subject", value="cease-fire")
    world.say("alpha", "state", entry="alpha:0", fact="subject", value="situation-in-ukraine")
    world.say("bravo", "state", entry="alpha:0", fact="subject", value="situation-in-ukraine")
    assert states(world, About.SUBJECT) == [("STATED", "NOT_STATED"), ("AGREED", "AGREED")]


def test_texts_are_never_compared_by_their_meaning(world: World) -> None:
    world.say("alpha", "state", entry="alpha:0", fact="outcome", words="Nothing specific was resolved.")
    world.say("bravo", "state", entry="alpha:0", fact="outcome", words="No specific issue was resolved.")
    world.say("bravo", "state", entry="alpha:0", fact="outcome", words="Nothing  specific was resolved.")
    assert states(world, About.OUTCOME) == [("AGREED", "AGREED"), ("NOT_STATED", "STATED")]


def test_a_side_agrees_or_contradicts_by_name(world: World) -> None:
    world.say("alpha", "state", entry="alpha:0", fact="tone", value="professional")
    world.say("alpha", "state", entry="alpha:0", fact="outcome", words="Nothing.")
    world.say("bravo", "state", entry="alpha:0", fact="tone", stance="contradicts", named="alpha:1")
    world.say("bravo", "state", entry="alpha:0", fact="outcome", stance="agrees", named="alpha:2")
    assert states(world, About.TONE) == [("CONTRADICTED", "CONTRADICTED")]
    assert states(world, About.OUTCOME) == [("AGREED", "AGREED")]


def test_what_is_said_by_name_counts_more_than_the_values(world: World) -> None:
    world.say("alpha", "state", entry="alpha:0", fact="duration", value="60", precision="exact")
    world.say(
        "bravo",
        "state",
        entry="alpha:0",
        fact="duration",
        value="55",
        precision="exact",
        stance="agrees",
        named="alpha:1",
    )
    assert states(world, About.DURATION) == [("AGREED", "AGREED")]


def test_a_withdrawn_statement_does_not_stand(world: World) -> None:
    world.say("alpha", "state", entry="alpha:0", fact="initiative", value="alpha")
    world.say("bravo", "state", entry="alpha:0", fact="initiative", value="alpha")
    world.say("bravo", "withdraw", entry="bravo:0")
    assert states(world, About.INITIATIVE) == [("STATED", "NOT_STATED")]


def test_an_answer_counts_only_once_the_statement_it_names_is_held(world: World) -> None:
    world.cut = True
    world.say("alpha", "state", entry="alpha:0", fact="tone", value="professional")
    world.fold(world.bravo, world.logs[world.origins["alpha"]][1:])
    world.say("bravo", "state", entry="alpha:0", fact="tone", stance="agrees", named="alpha:1")
    book = world.new_book()
    world.fold(book, world.logs[world.origins["alpha"]][:1])
    world.fold(book, world.logs[world.origins["bravo"]])
    assert stated_about(book, (0, 0)) == []
    world.fold(book, world.logs[world.origins["alpha"]][1:])
    assert len(stated_about(book, (0, 0))) == 2


@pytest.mark.parametrize("own", ["", "cold"])
def test_an_answer_to_what_is_not_in_the_record_so_is_none(world: World, own: str) -> None:
    world.say("alpha", "state", entry="alpha:0", fact="tone", value="professional")
    lie = replace(world.ref("alpha:1"), leaf_hash=bytes(32))
    body = Statement(fact=About.TONE, value=own or None, stance=Stance.CONTRADICTS)
    world.put("bravo", [Draft(STATEMENT, pack(body), "watch", (world.ref("alpha:0"), lie))])
    apart = [("STATED", "NOT_STATED"), ("NOT_STATED", "STATED")]
    assert states(world, About.TONE) == (apart if own else apart[:1]), "what it says itself stands all the same"


def said(member: int, fact: About, value: object, key: bytes = b"", **more: object) -> Claim:
    return Claim(member, 1, fact, value, Precision.EXACT, key, **more)  # type: ignore[arg-type]  # by the test's table


@pytest.mark.parametrize(
    ("fact", "one", "two", "match"),
    [
        (About.INITIATIVE, ("alpha", b""), ("alpha", b""), Match.SAME),
        (About.INITIATIVE, ("alpha", b""), ("bravo", b""), Match.OTHER),
        (About.INITIATIVE, (None, b"in these words"), (None, b"in these words"), Match.SAME),
        (About.INITIATIVE, (None, b"in these words"), (None, b"in others"), Match.OPEN),
        (About.INITIATIVE, (None, b""), (None, b""), Match.OPEN),
        (About.INITIATIVE, (None, b"in these words"), ("alpha", b"in these words"), Match.OPEN),
        (About.INITIATIVE, (None, b"in these words"), ("alpha", b""), Match.OPEN),
        (About.TONE, ("cold", b""), ("cold", b""), Match.SAME),
    ],
)
def test_two_statements_say_the_same_by_their_types_or_letter_for_letter(
    fact: About, one: tuple[object, bytes], two: tuple[object, bytes], match: Match
) -> None:
    assert compare(said(0, fact, *one), said(1, fact, *two)) is match


def test_of_two_answers_to_one_statement_those_that_say_no_are_of_one_mind() -> None:
    theirs = (2, 1)
    no, yes = (
        said(member, About.TONE, None, stance=stance, named=theirs)
        for member, stance in ((0, Stance.CONTRADICTS), (1, Stance.AGREES))
    )
    also_no = said(1, About.TONE, None, stance=Stance.CONTRADICTS, named=theirs)
    assert compare(no, also_no) is Match.SAME
    assert compare(no, yes) is Match.OTHER
    assert compare(said(0, About.TONE, "cold"), also_no) is Match.OTHER


def test_an_answer_with_a_value_of_its_own_stands_in_both_rows(world: World) -> None:
    world.say("alpha", "state", entry="alpha:0", fact="tone", value="professional")
    world.say("bravo", "state", entry="alpha:0", fact="tone", value="cold", stance="contradicts", named="alpha:1")
    world.say("alpha", "state", entry="alpha:0", fact="tone", stance="agrees", named="bravo:0")
    assert states(world, About.TONE) == [("CONTRADICTED", "CONTRADICTED"), ("AGREED", "AGREED")]


def named(world: World, who: str, text: str) -> None:
    world.say(who, "name", id="person:shoigu", spellings=[{"text": text, "language": "fr"}])


def persons(world: World) -> list[list[str]]:
    rows = meeting_grid(world.alpha, meeting_of(world.alpha, "alpha:0"))
    return [list(map(name_of, row.cells)) for row in rows if row.fact is About.PERSON]


def test_two_names_are_one_person_once_each_side_has_given_its_own_the_same_id(world: World) -> None:
    world.say("alpha", "state", entry="alpha:0", fact="person", value="Sergueï Choïgou")
    world.say("bravo", "state", entry="alpha:0", fact="person", value="Сергей Шойгу")
    named(world, "alpha", "Sergueï Choïgou")
    named(world, "alpha", "Сергей Шойгу")
    assert persons(world) == [["STATED", "NOT_STATED"], ["NOT_STATED", "STATED"]], "nobody agrees for the other side"
    named(world, "bravo", "Сергей Шойгу")
    assert persons(world) == [["AGREED", "AGREED"]]


def test_who_names_the_id_itself_means_it(world: World) -> None:
    named(world, "alpha", "Sergueï Choïgou")
    world.say("alpha", "state", entry="alpha:0", fact="person", value="Sergueï Choïgou")
    world.say("bravo", "state", entry="alpha:0", fact="person", value="person:shoigu")
    assert persons(world) == [["AGREED", "AGREED"]]


def test_of_three_sides_a_contradiction_is_seen_before_an_agreement() -> None:
    claims = [
        Claim(member, 0, About.DURATION, minutes, Precision.EXACT, b"")
        for member, minutes in ((0, 60), (1, 60), (2, 5))
    ]
    (row,) = grid(claims, 4)
    assert list(map(name_of, row.cells)) == ["CONTRADICTED", "CONTRADICTED", "CONTRADICTED", "NOT_STATED"]


def test_who_contradicts_one_side_contradicts_all_that_say_the_same() -> None:
    against = Claim(1, 1, About.TONE, None, Precision.EXACT, b"", Stance.CONTRADICTS, (0, 1))
    said = [Claim(member, 1, About.TONE, "cold", Precision.EXACT, b"") for member in (0, 2)]
    (row,) = grid([*said, against], 4)
    assert list(map(name_of, row.cells)) == ["CONTRADICTED", "CONTRADICTED", "CONTRADICTED", "NOT_STATED"]
    assert isinstance(row.cells[1], Contradicted)
    assert len(row.cells[1].more) == 1
    (row,) = grid(said, 4)
    assert list(map(name_of, row.cells)) == ["AGREED", "NOT_STATED", "AGREED", "NOT_STATED"]


# Rules that hold whatever is said

values = {
    About.HELD: st.sampled_from([None, 0, 1]),
    About.START: st.builds(When, st.integers(0, 10_000_000), st.sampled_from(Grain)),
    About.DURATION: st.sampled_from([None, 30, 55, 60]),
    About.TONE: st.sampled_from([None, "cold", "professional"]),
    About.REMARK: st.none(),
}


@st.composite
def _claims(draw: st.DrawFn) -> list[Claim]:
    """What up to three sides say, answers by name to earlier statements among them."""
    made: list[Claim] = []
    for index in range(draw(st.integers(0, 8))):
        fact = draw(st.sampled_from(sorted(values)))
        member = draw(st.integers(0, 2))
        others = [claim for claim in made if claim.fact is fact and claim.member != member]
        named = draw(st.sampled_from([None, *others]))
        stance = None if named is None else draw(st.sampled_from(Stance))
        key = draw(st.sampled_from([b"", b"one", b"two"]))
        value = draw(values[fact])
        made.append(
            Claim(
                member,
                index,
                fact,
                value,
                draw(st.sampled_from(Precision)),
                key,
                stance,
                None if named is None else named.place,
            )
        )
    return made


@given(_claims(), st.randoms(use_true_random=False))
def test_the_grid_is_the_same_in_whatever_order_the_claims_come(claims: list[Claim], random: object) -> None:
    mixed = list(claims)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis gives a Random
    assert grid(mixed, 3) == grid(claims, 3)


@given(_claims(), st.integers(0, 2))
def test_a_side_that_says_nothing_stands_nowhere_and_nobody_agrees_with_it(claims: list[Claim], silent: int) -> None:
    for row in grid([claim for claim in claims if claim.member != silent], 3):
        assert isinstance(row.cells[silent], NotStated)
        for cell in row.cells:
            if isinstance(cell, Agreed | Contradicted):
                assert silent not in {pair.other.member for pair in (cell.first, *cell.more)}


@given(_claims(), st.integers(0, 2))
def test_what_one_side_says_alone_is_never_agreed(claims: list[Claim], only: int) -> None:
    for row in grid([claim for claim in claims if claim.member == only], 3):
        assert isinstance(row.cells[only], Stated)
        assert all(isinstance(cell, NotStated) for number, cell in enumerate(row.cells) if number != only)


@given(_claims())
def test_every_statement_stands_in_a_cell_an_answer_in_two_at_most_and_agreement_is_mutual(claims: list[Claim]) -> None:
    rows = grid(claims, 3)
    shown = Counter(claim.place for row in rows for claim in row.claims)
    assert shown.keys() == {claim.place for claim in claims}
    for claim in claims:
        assert shown[claim.place] <= (1 if claim.named is None or claim.fact in SINGLE else 2)
    for row in rows:
        for cell in row.cells:
            if isinstance(cell, Agreed):
                other = row.cells[cell.first.other.member]
                assert isinstance(other, Agreed | Contradicted)


@given(_claims())
def test_who_is_asked_first_never_matters(claims: list[Claim]) -> None:
    for one in claims:
        for two in claims:
            if one.fact is two.fact and one.member != two.member:
                assert compare(one, two) is compare(two, one)


def test_a_pair_of_one_side_cannot_be_made() -> None:
    claim = Claim(0, 1, About.HELD, 1, Precision.EXACT, b"")
    with pytest.raises(AssertionError):
        Pair(claim, Claim(0, 2, About.HELD, 1, Precision.EXACT, b""))
    assert compare(claim, Claim(1, 2, About.HELD, 1, Precision.EXACT, b"")) is Match.SAME
