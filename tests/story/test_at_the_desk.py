"""The same chronology through real nodes: said at three desks, carried over two lines, asked for at one of them."""

from __future__ import annotations

from openline.base.time import HOUR_US, MINUTE_US
from openline.cli.scenario_2022 import LINES, RU, STEPS, UA, US, US_RU, US_UA, Step, resolved
from openline.line.precise import day_of
from openline.node.views import ContactsAsked, Officer
from tests.node.houses import House, MemoryNode, connect, first_writes, played, started, until

FRENCH = Officer("watch", frozenset({"all"}), language="fr")
PARTY = {name: f"{name}.example" for name in (US, RU, UA)}


async def headquarters() -> dict[str, MemoryNode]:
    """Three nodes: one with two lines, and one at the other end of each."""
    houses = {}
    for name, line in ((US, US_RU), (RU, US_RU), (UA, US_UA)):
        houses[name] = House(PARTY[name], [PARTY[one] for one in LINES[line]], line)
    houses[US].store().commit(first_writes(PARTY[US], [PARTY[one] for one in LINES[US_UA]], US_UA)[1:])
    for house in houses.values():
        house.clock.at = day_of(STEPS[0].day)[0]
    nodes = {name: await started(house) for name, house in houses.items()}
    connect(nodes[US], nodes[RU], line=US_RU)
    connect(nodes[US], nodes[UA], line=US_UA)
    keepers = [state.keeper for node in nodes.values() for state in node.lines.values()]
    await until(lambda: all(peer.heard is not None for keeper in keepers for peer in keeper.engine.health()))
    return nodes


async def play(nodes: dict[str, MemoryNode]) -> dict[str, str]:
    """Every step at the desk of whoever says it; the ids by key."""
    ids: dict[str, str] = {}
    for step in STEPS:
        await _say(nodes, step, ids)
    return ids


async def _say(nodes: dict[str, MemoryNode], step: Step, ids: dict[str, str]) -> None:
    noon = day_of(step.day)[0].plus(12 * HOUR_US)
    for node in nodes.values():
        wait_us = max(MINUTE_US, noon - node.clock.now())
        node.house.clock.jump(wait_us)
    how = {"key": None, "mark": "OPERATION", "wait": "received"}
    arguments = resolved(step.arguments, ids)
    said = await nodes[step.who].desk.say(FRENCH, step.line, step.verb, arguments, timeout_s=5.0, **how)  # type: ignore[arg-type] # by name
    if step.key:
        ids[step.key] = said.ids[0]


def test_the_history_is_told_in_french_at_the_desk_that_has_both_lines() -> None:
    async def story() -> None:
        nodes = await headquarters()
        ids = await play(nodes)
        asked = ContactsAsked(since="2022-02-24", level="minister", party="ru")
        second, first = nodes[US].desk.contacts(FRENCH, asked)
        assert (first.id, second.id) == (ids["may-13"], ids["oct-21"])
        assert [note.text for note in second.notes][:2] == [
            "Deuxième contact au niveau des ministres depuis le 2022-02-24.",
            "Le précédent datait du 2022-05-13.",
        ]
        assert [note.text for note in first.notes][2:] == [
            "3 tentatives au niveau des ministres le précèdent.",
            "84 jours sans contact au niveau des ministres le précèdent\u00a0; le dernier datait du 2022-02-18.",
            "Le contact de plus haut niveau depuis le 2022-03-16, alors au niveau des conseillers.",
        ]

    played(story())


def test_readouts_of_two_days_are_compared_though_one_day_had_two_calls() -> None:
    async def story() -> None:
        nodes = await headquarters()
        await play(nodes)
        found = nodes[US].desk.compare(FRENCH, None, "2022-05-13", "2022-10-21")
        told = {
            pair.left.party: {(row.fact, row.outcome) for row in pair.facts} for pair in found if pair.left is not None
        }
        assert told == {
            "us": {("DEMAND", "only-left"), ("SUBJECT", "same")},
            "ru": {("SUBJECT", "same")},
        }

    played(story())


def test_both_ends_of_a_line_show_the_same_grid() -> None:
    async def story() -> None:
        nodes = await headquarters()
        ids = await play(nodes)
        pages = [nodes[who].desk.contact(FRENCH, US_RU, ids["may-13"]) for who in (US, RU)]
        assert pages[0].facts == pages[1].facts
        assert pages[0].readouts == pages[1].readouts
        rows = {row.fact: [cell.state for cell in row.cells] for row in pages[0].facts}
        assert rows["INITIATIVE"] == ["AGREED", "AGREED"]
        assert rows["TONE"] == ["NOT_STATED", "STATED"]
        (said,) = [cell.said[0] for row in pages[0].facts if row.fact == "TONE" for cell in row.cells if cell.said]
        assert [(row.who, row.how) for row in said.sources] == [
            ("un responsable américain", "anonymous"),
            ("S0 ¶4", "published"),
        ]

    played(story())
