"""What link and book know of a peer, put together so that its silence can be classified."""

from __future__ import annotations

from openline.base.limits import DOWN_AFTER_US
from openline.base.time import Instant
from openline.line.silence import Cause, Facts, classify
from openline.line.status import LineState as Declared
from openline.link.events import Closed
from openline.link.frames import Presence
from openline.node.facts import facts_of
from openline.node.lines import LineState
from tests.node.houses import ALPHA, BRAVO, CHARLIE, START, both, origin, played, until
from tests.node.keepers import Side, connected


def known(side: Side, reached: tuple[str, ...] = ()) -> list[Facts]:
    return facts_of(LineState(side.keeper), START, side.now, lambda party: party in reached)


def test_of_a_peer_that_was_never_heard_only_the_paths_are_known() -> None:
    (row,) = known(Side(ALPHA))
    assert (row.peer, row.watched_since) == (origin(BRAVO), START)
    assert row.paths == ("fibre", "radio")
    assert (row.paths_up, row.heard, row.reached, row.presence_since) == (0, None, None, None)
    assert (row.console, row.officer, row.linguist) == (False, False, False)
    assert row.state is Declared.OPEN


def test_every_peer_has_a_row_of_its_own() -> None:
    rows = known(Side(ALPHA, (ALPHA, BRAVO, CHARLIE)))
    line = "alpha-bravo-charlie"
    assert [row.peer for row in rows] == [origin(BRAVO, line), origin(CHARLIE, line)]


def test_sessions_are_counted_by_path_and_end() -> None:
    table, (alpha, bravo) = connected()
    assert [row.paths_up for row in known(alpha)] == [1]
    table.connect(alpha, bravo, "radio")
    table.settle()
    assert [row.paths_up for row in known(alpha)] == [2]
    for session in (1, 2):
        alpha.tell(Closed(session, "session-broken"))
    (row,) = known(alpha)
    assert (row.paths_up, row.heard) == (0, START)


def test_what_the_peers_node_says_of_its_people_is_taken_over() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        bravo.present(Presence.CONSOLE | Presence.LINGUIST)
        await until(lambda: bool(alpha.keeper.engine.health()[0].presence))
        (row,) = facts_of(alpha.state, alpha.started, alpha.clock.now(), lambda _: False)
        assert (row.console, row.officer, row.linguist) == (True, False, True)
        assert row.presence_since is not None

    played(story())


def test_a_declaration_of_the_peer_is_taken_from_the_book() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await bravo.say(None, "declare", status="emcon", reason="radio silence", wait="received")
        (row,) = facts_of(alpha.state, alpha.started, alpha.clock.now(), lambda _: False)
        assert row.state is Declared.EMCON
        assert row.state_since is not None

    played(story())


def test_a_machine_that_turns_us_away_is_there_though_its_node_is_not() -> None:
    side = Side(ALPHA)
    side.now = Instant(START + DOWN_AFTER_US)
    (away,), (there,) = known(side), known(side, (BRAVO,))
    assert (away.reached, there.reached) == (None, side.now)
    causes = [verdict and verdict.cause for verdict in (classify(away, side.now), classify(there, side.now))]
    assert causes == [Cause.PATH_DOWN, Cause.NODE_DOWN]
