"""The watch from a real desk: what the node says of checks and officers, and one report at both nodes."""

from __future__ import annotations

import json
from hashlib import sha256

import msgspec
import pytest

from openline.base.errors import UsageError
from openline.base.time import DAY_US, HOUR_US, MINUTE_US, from_rfc3339
from openline.line.check import CHECK, Form
from openline.node.config import ChecksConfig, parse_config
from openline.node.views import Officer
from openline.node.watching import schedule_of
from tests.node.houses import ALPHA, CONFIG, LINE, OFFICER, START, MemoryNode, both, played, settled, until

NIGHT = Officer("night", frozenset({"all"}), language="fr")


MONTH = START.rfc3339()[:7]


async def say(node: MemoryNode, verb: str, who: Officer = OFFICER, **arguments: object) -> str:
    said = await node.desk.say(who, LINE, verb, arguments, key=None, mark="OPERATION", wait="recorded", timeout_s=1.0)
    return said.ids[0]


def test_the_schedule_is_that_of_the_configuration() -> None:
    config = parse_config(f'{CONFIG.format(party=ALPHA)}\n[checks]\ntimes = ["0930Z"]\nforms = ["voice"]\n', "file")
    schedule = schedule_of(config.checks)
    assert (schedule.times_us, schedule.forms) == ((9 * HOUR_US + 30 * MINUTE_US,), (Form.VOICE,))
    assert schedule_of(ChecksConfig()).presence_us == 30 * MINUTE_US


@pytest.mark.parametrize("time", ["930Z", "2400Z", "0930", ""])
def test_what_is_no_time_of_day_stops_the_start(time: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_config(f'{CONFIG.format(party=ALPHA)}\n[checks]\ntimes = ["{time}"]\n', "file")
    assert caught.value.message_id == "config-wrong"


def test_the_node_says_once_that_an_officer_gave_no_sign() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        alpha.desk.watch_on(NIGHT)
        for minutes in (46, 10):
            alpha.house.clock.jump(minutes * MINUTE_US)
            bravo.house.clock.jump(minutes * MINUTE_US)
            alpha.desk.tick()
            await until(lambda: bravo.keeper.book.count(CHECK) == 1)
        log = alpha.desk.watch_log(NIGHT, LINE, None, 50)
        assert [(row.desk, row.party) for row in log.absences] == [("night", ALPHA)]
        assert bravo.desk.watch_log(OFFICER, LINE, None, 50).absences == log.absences

    played(story())


def test_the_status_says_who_is_on_watch_and_by_when_each_gives_a_sign() -> None:
    async def story() -> None:
        alpha, _ = await both()
        assert alpha.desk.status("en").watch == ()
        alpha.desk.watch_on(NIGHT)
        first = alpha.desk.status("en").watch
        assert [row.desk for row in first] == [NIGHT.desk]
        alpha.house.clock.jump(10 * MINUTE_US)
        assert alpha.desk.status("en").watch == first
        alpha.desk.sign_of(NIGHT)
        times = [from_rfc3339(row.sign_due_at or "") for row in (*first, *alpha.desk.status("en").watch)]
        assert 10 * MINUTE_US <= times[1] - times[0] < 11 * MINUTE_US
        assert times[1] - alpha.clock.now() <= schedule_of(alpha.config.checks).presence_us
        alpha.desk.watch_off(NIGHT)
        assert alpha.desk.status("en").watch == ()

    played(story())


def test_nobody_is_asked_for_a_sign_where_that_is_switched_off() -> None:
    async def story() -> None:
        alpha, _ = await both()
        checks = msgspec.structs.replace(alpha.config.checks, presence_minutes=0)
        alpha.config = msgspec.structs.replace(alpha.config, checks=checks)
        alpha.desk.watch_on(NIGHT)
        assert [row.sign_due_at for row in alpha.desk.status("en").watch] == [None]

    played(story())


def test_whoever_says_something_is_there() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        alpha.desk.watch_on(NIGHT)
        alpha.house.clock.jump(40 * MINUTE_US)
        await say(alpha, "service", NIGHT, text="All quiet")
        alpha.house.clock.jump(40 * MINUTE_US)
        alpha.desk.tick()
        await settled(alpha, bravo)
        assert alpha.desk.watch_log(NIGHT, LINE, None, 50).absences == ()

    played(story())


def test_a_check_that_nobody_makes_is_missed_at_both_ends() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        for node in (alpha, bravo):
            node.house.clock.jump(DAY_US)
            node.desk.tick()
        await until(lambda: all(node.keeper.book.count(CHECK) == 8 for node in (alpha, bravo)))
        found = alpha.desk.silences(OFFICER, LINE, None, None, None)
        assert [(row.form, row.state) for row in found.missed] == [("text", "missed"), ("voice", "missed")] * 2
        assert found == bravo.desk.silences(OFFICER, LINE, None, None, None)
        assert alpha.desk.silences(OFFICER, LINE, None, START.rfc3339()[:10], None).missed == ()

    played(story())


def test_both_nodes_compute_the_same_report_at_the_same_sizes() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await say(alpha, "send", text="Good evening", precedence="immediate")
        await say(bravo, "check", form="ping")
        await settled(alpha, bravo)
        ours = await alpha.desk.report(OFFICER, LINE, MONTH, None)
        at = ",".join(f"{party}:{size}" for party, size in json.loads(ours)["at"].items())
        await say(bravo, "send", text="After the report")
        await settled(alpha, bravo)
        theirs = await bravo.desk.report(OFFICER, LINE, MONTH, at)
        assert ours == theirs
        assert await bravo.desk.report(OFFICER, LINE, MONTH, None) != theirs
        assert sha256(ours).hexdigest() in await bravo.desk.report_page(NIGHT, LINE, MONTH, at)
        with pytest.raises(UsageError, match="report-ahead"):
            await alpha.desk.report(OFFICER, LINE, MONTH, "alpha:99,bravo:0")

    played(story())
