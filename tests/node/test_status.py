"""The board: one word for how a line stands, its cause, and what is wrong that a person must mend."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from openline.base.catalogue import known_ids
from openline.base.errors import PathError
from openline.base.limits import CLOCK_SKEW_ALARM_US, DOWN_AFTER_US, HEARTBEAT_US
from openline.base.time import MINUTE_US, SECOND_US, Instant
from openline.line.deadlines import Deadlines
from openline.line.silence import CAUSES, Cause, Verdict
from openline.line.status import LINE_STATUS
from openline.link.events import Closed
from openline.node.lines import LineState
from openline.node.status import STATES, _silence, deadlines, state_of
from openline.node.views import LineView
from openline.transport.memory import MemorySession
from tests.node.houses import (
    ALPHA,
    BRAVO,
    CHARLIE,
    LINE,
    START,
    House,
    MemoryNode,
    both,
    connect,
    first_writes,
    heard,
    played,
    settled,
    started,
)
from tests.node.keepers import Side, Table, connected

LATE_S = 2 * HEARTBEAT_US / SECOND_US
DOWN_S = DOWN_AFTER_US / SECOND_US


def state(side: Side, after_s: float = 0) -> str:
    return state_of(LineState(side.keeper), side.now.plus(round(after_s * SECOND_US)))


async def cut_off(*nodes: MemoryNode) -> None:
    """Every session breaks."""
    for node in nodes:
        for session in node.switchboard.sessions():
            cast("MemorySession", session).cut()
    await asyncio.sleep(0)


# The word


def test_a_line_that_was_never_heard_since_the_start() -> None:
    assert state(Side(ALPHA)) == "NEVER_HEARD"
    with_three = Side(ALPHA, (ALPHA, BRAVO, CHARLIE))
    assert state(with_three) == "NEVER_HEARD"


def test_a_line_whose_every_path_is_up_is_proven_and_one_with_one_left_is_told() -> None:
    table, (alpha, bravo) = connected()
    assert state(alpha) == "ONE_PATH_LEFT"
    table.connect(alpha, bravo, "radio")
    table.settle()
    assert state(alpha) == "PROVEN"


def test_a_line_that_has_only_one_path_has_none_to_lose() -> None:
    async def story() -> str:
        config = '[party]\nid = "{party}"\n[[path]]\nname = "fibre"\n'
        alpha, bravo = await both(config)
        del bravo
        return state_of(alpha.state, alpha.clock.now())

    assert played(story()) == "PROVEN"


def test_a_line_that_is_not_heard_is_late_and_then_down() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        connect(alpha, bravo, "radio")
        await asyncio.sleep(20)
        assert state_of(alpha.state, alpha.clock.now()) == "PROVEN"
        await bravo.tasks.stop()  # its node hangs: the sessions stay up and say nothing more
        bravo.stop()
        for session in bravo.switchboard.sessions():
            session.pause()
        await asyncio.sleep(LATE_S + 1)
        assert state_of(alpha.state, alpha.clock.now()) == "LATE"
        await asyncio.sleep(DOWN_S - LATE_S)
        assert state_of(alpha.state, alpha.clock.now()) == "DOWN"

    played(story())


def test_a_line_without_a_session_is_late_at_once() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await cut_off(alpha, bravo)
        await asyncio.sleep(1)
        assert state_of(alpha.state, alpha.clock.now()) == "LATE"

    played(story())


def test_a_restored_line_is_quarantined() -> None:
    _, (alpha, _) = connected()
    alpha.keeper.own.quarantined = True
    assert state(alpha) == "QUARANTINED"


def test_a_line_that_either_side_declares_suspended_is_so_until_it_is_resumed() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await bravo.say(None, "declare", status="suspended", reason="shelling", wait="received")
        assert [state_of(node.state, node.clock.now()) for node in (alpha, bravo)] == ["SUSPENDED"] * 2
        assert alpha.desk.line_view(LINE, "en").declared == {ALPHA: "open", BRAVO: "suspended"}
        await bravo.say(None, "declare", status="resumed", wait="received")
        assert state_of(alpha.state, alpha.clock.now()) == "ONE_PATH_LEFT"
        assert alpha.memory.entries(bravo.keeper.own.origin, 0, 1)[0].leaf.kind == LINE_STATUS

    played(story())


def test_a_fork_is_above_everything() -> None:
    _, (alpha, _) = connected()
    alpha.keeper.own.quarantined = True
    alpha.keeper.forked[BRAVO] = "log-forked"
    assert state(alpha, after_s=1_000) == "FORKED"


def test_one_peer_of_three_that_is_down_makes_the_line_down() -> None:
    parties = (ALPHA, BRAVO, CHARLIE)
    alpha, bravo = Side(ALPHA, parties), Side(BRAVO, parties)
    table = Table(alpha, bravo)
    table.settle()
    table.pass_by(DOWN_AFTER_US)
    table.settle()
    assert state(alpha) == "DOWN"


def test_the_sentence_of_a_line_that_is_down_names_a_peer_that_was_never_heard() -> None:
    async def story() -> None:
        parties, line = (ALPHA, BRAVO, CHARLIE), "alpha-bravo-charlie"
        alpha, bravo = await started(House(ALPHA, parties)), await started(House(BRAVO, parties))
        connect(alpha, bravo, line=line)
        await asyncio.sleep(10)
        english, french = (alpha.desk.line_view(line, language) for language in ("en", "fr"))
        assert english.state == "DOWN"
        assert english.text.startswith(
            f"Line {line} is down. charlie was not heard since this node started. Use another way to reach it."
        )
        assert french.text.startswith(
            f"La ligne {line} est coupée. Rien n’est entendu de charlie depuis le démarrage de ce nœud."
        )

    played(story())


def test_the_sentence_of_a_line_names_the_peer_that_is_silent_longest_and_since_when() -> None:
    async def story() -> None:
        parties, line = (ALPHA, BRAVO, CHARLIE), "alpha-bravo-charlie"
        alpha, bravo, charlie = [await started(House(party, parties)) for party in parties]
        connect(alpha, bravo, line=line)
        connect(alpha, charlie, line=line)
        await heard(alpha)
        await asyncio.sleep(HEARTBEAT_US / SECOND_US)
        silent = [peer.heard for peer in alpha.keeper.engine.health() if alpha.keeper.setup.members[peer.peer] == BRAVO]
        await cut_off(bravo)
        since = silent[0].dtg() if silent[0] is not None else ""
        await asyncio.sleep(LATE_S + 1)
        late = alpha.desk.line_view(line, "en")
        assert late.state == "LATE"
        assert late.text.startswith(f"Line {line} is late. bravo was last heard at {since}. Wait one minute")
        await asyncio.sleep(DOWN_S)
        down = alpha.desk.line_view(line, "en")
        assert down.text.startswith(f"Line {line} is down. Nothing is heard of bravo since {since}. Use another way")
        assert "charlie" not in down.text.removeprefix(f"Line {line}"), "charlie is heard"

    played(story())


def test_every_word_has_its_sentence() -> None:
    ids = {f"state-{word.lower().replace('_', '-')}" for word in STATES}
    assert ids <= known_ids("en") & known_ids("fr")


# The cause


@pytest.mark.parametrize(
    ("word", "causes", "shown"),
    [
        ("PROVEN", [], None),
        ("PROVEN", [Cause.CONSOLE_DARK, Cause.SUSPENDED], Cause.SUSPENDED),
        ("DOWN", [Cause.CONSOLE_DARK, Cause.NODE_DOWN], Cause.NODE_DOWN),
        ("DOWN", [Cause.CONSOLE_DARK], None),
        ("LATE", [Cause.SUSPENDED], None),
        ("NEVER_HEARD", [Cause.PATH_DOWN], Cause.PATH_DOWN),
    ],
)
def test_the_cause_that_is_shown_is_the_one_that_goes_with_the_word(
    word: str, causes: list[Cause], shown: Cause | None
) -> None:
    assert _silence([Verdict(cause, START) for cause in causes], word) is shown


def test_causes_are_shown_in_the_order_in_which_they_are_asked() -> None:
    every = [cause for cause, _ in CAUSES]
    for first, cause in enumerate(every):
        assert _silence([Verdict(one, START) for one in reversed(every[first:])], "PROVEN") is cause


def test_a_dark_console_is_told_with_the_state() -> None:
    async def story() -> None:
        alpha, _ = await both()
        view = alpha.desk.line_view(LINE, "en")
        assert view.cause == "CONSOLE_DARK"
        assert "no console" in view.text
        assert alpha.desk.line_view(LINE, "fr").text != view.text

    played(story())


def test_a_machine_that_turns_us_away_has_a_node_that_is_down() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        await asyncio.sleep(DOWN_S + 1)
        assert node.desk.line_view(LINE, "en").cause == "PATH_DOWN"
        node.paths.failures[BRAVO, "fibre"] = PathError("path-refused", path="fibre", address="x:1")
        assert node.desk.line_view(LINE, "en").cause == "NODE_DOWN"

    played(story())


# The rest of the board


def test_the_worst_line_comes_first() -> None:
    async def story() -> None:
        house = House(ALPHA)
        house.store().commit(first_writes(ALPHA, (ALPHA, CHARLIE))[1:])
        alpha, charlie = await started(house), await started(House(CHARLIE, (ALPHA, CHARLIE)))
        connect(alpha, charlie, line="alpha-charlie")
        await heard(charlie)
        assert [(line.line, line.state) for line in alpha.desk.status("en").lines] == [
            ("alpha-bravo", "NEVER_HEARD"),
            ("alpha-charlie", "ONE_PATH_LEFT"),
        ]
        alpha.lines["alpha-charlie"].keeper.forked[CHARLIE] = "log-forked"
        assert alpha.desk.status("en").lines[0].line == "alpha-charlie"

    played(story())


def test_sizes_are_of_what_is_durable_on_both_sides() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await alpha.say(wait="received")
        alpha.commits.busy = alpha.commits.hold = True
        waiting = asyncio.ensure_future(alpha.say())
        await asyncio.sleep(0.1)
        own, other = alpha.desk.line_view(LINE, "en").logs
        assert (own.party, own.own, own.size, own.receipted) == (ALPHA, True, 1, {BRAVO: 1})
        assert (other.party, other.own, other.size, other.receipted) == (BRAVO, False, 0, {ALPHA: 0})
        alpha.commits.hold = False
        alpha.commits.release()
        await waiting
        await settled(alpha, bravo)
        assert alpha.desk.line_view(LINE, "en").logs[0].size == 2
        assert alpha.desk.line_view(LINE, "en").unreceipted == 0

    played(story())


def of_the_line(node: MemoryNode, ask: Callable[[LineView], object]) -> object:
    return ask(node.desk.line_view(LINE, "en"))


def test_when_it_was_last_proven_and_is_tested_next() -> None:
    async def story() -> None:
        alpha, _ = await both()
        assert of_the_line(alpha, lambda view: view.next_test_at) is None
        await asyncio.sleep(5)
        proven = of_the_line(alpha, lambda view: view.proven_at)
        assert isinstance(proven, str)
        assert START.rfc3339() <= proven <= alpha.clock.now().rfc3339()
        tested = of_the_line(alpha, lambda view: view.next_test_at)
        assert isinstance(tested, str)
        assert START.plus(60 * MINUTE_US).rfc3339() <= tested <= START.plus(61 * MINUTE_US).rfc3339()

    played(story())


def test_a_peer_whose_clock_is_wrong_is_a_problem() -> None:
    async def story() -> None:
        alpha, bravo = await started(House(ALPHA)), await started(House(BRAVO))
        bravo.house.clock.jump(2 * CLOCK_SKEW_ALARM_US)
        connect(alpha, bravo)
        await heard(alpha, bravo)
        await asyncio.sleep(30)
        (problem,) = alpha.desk.status("en").problems
        assert BRAVO in problem
        assert "60 seconds" in problem
        assert alpha.desk.line_view(LINE, "en").clock_offset_ms[BRAVO] == pytest.approx(60_000, abs=50)

    played(story())


def test_why_a_path_fails_is_told_and_a_stranger_at_its_other_end_is_a_problem() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        node.paths.failures[BRAVO, "fibre"] = PathError("path-timed-out", path="fibre", address="b:1")
        node.paths.failures[BRAVO, "radio"] = PathError(
            "path-other-party", path="radio", address="b:2", party="x", wanted="y"
        )
        view = node.desk.status("en")
        assert {path.name: path.reason for path in view.lines[0].paths} == {
            "fibre": "path-timed-out",
            "radio": "path-other-party",
        }
        assert [path.text for path in view.lines[0].paths] == [
            "No answer comes from b:1 (path fibre). The node tries again. If it lasts, use another path and tell the "
            "technician.",
            "The node at b:2 (path radio) is x, not y. No session is opened. Check the address with y.",
        ]
        french = {path.name: path.text for path in node.desk.line_view(LINE, "fr").paths}
        assert french["fibre"].startswith("Aucune réponse ne vient de b:1 (voie fibre).")
        assert len(view.problems) == 1
        assert "b:2" in view.problems[0]

    played(story())


def test_why_a_session_ended_is_a_sentence_and_a_reason_that_a_peer_made_up_stays_what_it_is() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        for reason, text in (
            ("session-broken", "The connection is cut. The node tries again. Nothing is lost."),
            ("session-frame-too-large", "The other node sends a frame of ? bytes; at most ? are allowed. The session"),
            ("stopping", "The node is stopped in good order. The line returns when it starts again."),
            ("state-proven", "state-proven"),
            ("because", "because"),
        ):
            for session in alpha.switchboard.sessions():
                alpha.turns.tell(alpha.keeper, Closed(session.number, reason))
            await asyncio.sleep(0.1)
            fibre = next(path for path in alpha.desk.line_view(LINE, "en").paths if path.name == "fibre")
            assert (fibre.reason, fibre.text[: len(text)]) == (reason, text)
            await cut_off(alpha, bravo)
            connect(alpha, bravo)
            await asyncio.sleep(1)
            up = next(path for path in alpha.desk.line_view(LINE, "en").paths if path.name == "fibre")
            assert (up.sessions, up.reason, up.text) == (1, "", "")

    played(story())


def test_a_path_that_is_up_has_no_failure_to_show() -> None:
    async def story() -> None:
        alpha, _ = await both()
        alpha.paths.failures[BRAVO, "fibre"] = PathError("path-timed-out", path="fibre", address="b:1")
        paths = {
            path.name: (path.sessions, path.reason, path.in_use) for path in alpha.desk.line_view(LINE, "en").paths
        }
        assert paths["fibre"] == (1, "", True)

    played(story())


def test_what_waits_too_long_is_an_alarm_with_a_sentence() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await alpha.say("urgent", precedence="flash")
        await settled(alpha, bravo)
        await asyncio.sleep(11 * 60)
        (alarm, *_) = bravo.desk.line_view(LINE, "en").alarms
        assert (alarm.entry, alarm.precedence) == ("alpha:0", "FLASH")
        assert alarm.text.endswith(".")
        assert alarm.id.endswith("alpha:0")
        assert bravo.desk.line_view(LINE, "en").open_items == 1

    played(story())


def test_windows_are_given_in_minutes() -> None:
    assert deadlines(1, 2, 3, 4) == Deadlines(MINUTE_US, 2 * MINUTE_US, 3 * MINUTE_US, 4 * MINUTE_US)


def test_times_are_of_the_clock() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        await asyncio.sleep(5)
        status = node.desk.status("en")
        assert (status.started_at, status.now_at) == (START.rfc3339(), Instant(START + 5 * SECOND_US).rfc3339())
        assert (status.party, status.exercise) == (ALPHA, False)

    played(story())
