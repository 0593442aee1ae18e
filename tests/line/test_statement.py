"""What is said of a contact has a fact, a value of its type, a source chain; what is said wrongly does not count."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import pack, unpack
from openline.line.precise import Grain, Precision, When
from openline.line.statement import (
    SINGLE,
    STATEMENT,
    About,
    Claims,
    How,
    Releasable,
    Source,
    Stance,
    Statement,
    fits,
)
from openline.record.entry import Draft, Mark
from tests.line.test_contact import enter
from tests.line.world import World


def refusal(world: World, **values: object) -> str:
    with pytest.raises(UsageError) as caught:
        world.drafts("bravo", "state", **{"entry": "alpha:0", **values})
    return caught.value.message_id


def test_a_statement_has_its_author_its_chain_and_how_exactly_it_is_meant() -> None:
    world = World()
    sources = (
        {"who": "an official who is not named", "how": "anonymous"},
        {"who": "an agency", "how": "quoted"},
    )
    world.say(
        "alpha",
        "state",
        entry=enter(world),
        fact="duration",
        value="60",
        precision="about",
        words="environ une heure",
        language="fr",
        sources=sources,
        releasable="members",
    )
    assert unpack(Statement, world.entry("alpha:1").body or b"", BODY_BYTES_MAX) == Statement(
        fact=About.DURATION,
        value=60,
        words="environ une heure",
        language="fr",
        sources=(Source("an official who is not named", How.ANONYMOUS), Source("an agency", How.QUOTED)),
        precision=Precision.ABOUT,
        releasable=Releasable.MEMBERS,
    )


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("held", "no", 0),
        ("initiative", "bravo", "bravo.example"),
        ("initiative", "somebody beside the line", "somebody beside the line"),
        ("start", "2022-05-13", When(1_652_400_000_000, Grain.DAY)),
        ("duration", "60", 60),
        ("level", "minister", 50),
        ("person", "Сергей Шойгу", "Сергей Шойгу"),
        ("medium", "telephone", 2),
        ("subject", "situation-in-ukraine", "situation-in-ukraine"),
        ("tone", "professional", "professional"),
    ],
)
def test_each_fact_reads_its_value(fact: str, text: str, value: object) -> None:
    world = World()
    world.say("bravo", "state", entry=enter(world), fact=fact, value=text)
    assert world.alpha.state(Claims).by_place[1, 0].value == value
    assert not world.faults()


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"fact": "held", "value": "perhaps"}, "statement-value-wrong"),
        ({"fact": "start", "value": "then"}, "time-unreadable"),
        ({"fact": "duration", "value": "an hour"}, "statement-value-wrong"),
        ({"fact": "duration", "value": "10001"}, "statement-value-wrong"),
        ({"fact": "level", "value": "emperor"}, "level-unknown"),
        ({"fact": "medium", "value": "pigeon"}, "statement-value-wrong"),
        ({"fact": "person", "value": ""}, "name-missing"),
        ({"fact": "tone", "value": "Très bon"}, "code-wrong"),
        ({"fact": "remark", "value": "no"}, "statement-value-wrong"),
        ({"fact": "remark"}, "statement-value-wrong"),
        ({"fact": "tone", "words": " "}, "statement-value-wrong"),
        ({"fact": "tone", "words": "x" * 60_001}, "text-too-long"),
        ({"fact": "tone", "value": "cold", "language": "?"}, "language-wrong"),
        ({"fact": "tone", "value": "cold", "sources": [{"who": "a", "how": "said"}] * 9}, "sources-too-many"),
        ({"fact": "tone", "stance": "agrees"}, "stance-wrong"),
        ({"fact": "tone", "value": "cold", "named": "alpha:2"}, "stance-wrong"),
        ({"fact": "tone", "stance": "agrees", "named": "alpha:0"}, "stance-not-possible"),
        ({"fact": "duration", "stance": "agrees", "named": "alpha:2"}, "stance-not-possible"),
        ({"fact": "tone", "value": "cold", "entry": "alpha:1"}, "statement-not-possible"),
        ({"fact": "tone", "value": "cold", "mark": Mark.EXERCISE}, "mark-differs"),
    ],
)
def test_what_is_no_statement_is_refused(values: dict[str, object], message_id: str) -> None:
    world = World()
    enter(world)
    world.send()
    world.say("alpha", "state", entry="alpha:0", fact="tone", value="professional")
    assert refusal(world, **values) == message_id


def test_nobody_agrees_with_itself_by_name() -> None:
    world = World()
    enter(world)
    world.say("bravo", "state", entry="alpha:0", fact="tone", value="cold")
    assert refusal(world, fact="tone", stance="agrees", named="bravo:0") == "stance-not-possible"


def test_wrong_statements_of_a_peer_are_faults_and_do_not_count() -> None:
    world = World()
    contact = world.ref(enter(world))
    wrong = [
        (Statement(fact=About.HELD, value="yes"), (contact,), Mark.OPERATION),
        (Statement(fact=About.LEVEL, value=55), (contact,), Mark.OPERATION),
        (Statement(fact=About.TONE), (contact,), Mark.OPERATION),
        (Statement(fact=About.TONE, value="cold", stance=Stance.AGREES), (contact,), Mark.OPERATION),
        (Statement(fact=About.TONE, value="cold"), (contact, contact), Mark.OPERATION),
        (Statement(fact=About.TONE, value="cold"), (contact,), Mark.EXERCISE),
        (Statement(fact=About.TONE, value="cold"), (), Mark.OPERATION),
    ]
    for body, refs, mark in wrong:
        world.put("bravo", [Draft(STATEMENT, pack(body), "watch", refs, mark=mark)])
    assert [fault for _, fault in world.faults()] == [
        "fault-value-wrong",
        "fault-value-wrong",
        "fault-statement-empty",
        "fault-stance-wrong",
        "fault-stance-wrong",
        "fault-mark-differs",
        "fault-refs-missing",
    ]
    assert not world.alpha.state(Claims).about


def test_no_value_is_always_of_the_right_type_and_a_remark_never_has_one() -> None:
    assert all(fits(fact, None) for fact in About)
    assert not fits(About.REMARK, "cold")
    assert not fits(About.START, 5)
    assert not fits(About.PERSON, 5)
    assert set(About) > SINGLE


def test_the_words_are_in_the_record_and_not_in_the_book() -> None:
    world = World()
    text = "Nobody will find this in the book."
    world.say("bravo", "state", entry=enter(world), fact="remark", words=text)
    claim = world.alpha.state(Claims).by_place[1, 0]
    assert (claim.value, len(claim.key)) == (None, 12)
    assert text not in str(world.alpha.snapshot())


@pytest.mark.parametrize("verb", ["translate", "withdraw"])
def test_a_statement_can_be_translated_and_withdrawn(verb: str) -> None:
    world = World()
    world.say("bravo", "state", entry=enter(world), fact="remark", words="Sans suite.", language="fr")
    values = {"text": "No result.", "language": "en"} if verb == "translate" else {}
    assert world.drafts("bravo", verb, entry="bravo:0", **values)
