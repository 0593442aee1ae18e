"""Members at a node: it opens the line that follows, says OPENED, refuses strangers, parts with whoever has gone."""

from __future__ import annotations

from functools import partial

import pytest

from openline.base.errors import UsageError
from openline.link.frames import Bye, Hello
from openline.node.views import Officer
from tests.node.houses import ALPHA, BRAVO, CHARLIE, LINE, OFFICER, MemoryNode, card, connect, played, started, until
from tests.node.thirds import DELTA, THIRD, accepted, assent, calls, holds, joined, open_at, propose, say, texts, three


def test_a_third_comes_onto_a_line_that_follows_and_what_is_said_there_reaches_all() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await joined()
        await say(alpha, THIRD, "send", text="To all.")
        await until(lambda: texts(bravo) == texts(charlie) == ["To all."])
        await until(lambda: alpha.lines[THIRD].keeper.waiting() == 0)
        receipted = alpha.desk.line_view(THIRD, "en").logs[0].receipted
        assert set(receipted) == {BRAVO, CHARLIE}
        view = alpha.desk.members(OFFICER, THIRD)
        assert [(row.party, row.state) for row in view.members] == [
            (ALPHA, "MEMBER"),
            (BRAVO, "MEMBER"),
            (CHARLIE, "MEMBER"),
        ]
        assert view.begun is not None
        assert (view.begun.line, view.begun.party, view.begun.state) == (LINE, CHARLIE, "IN_EFFECT")
        assert alpha.desk.members(OFFICER, LINE).following == (THIRD,)

    played(story())


def test_what_was_said_before_stays_on_the_line_before_and_its_heads_are_told() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await three()
        for number in range(10):
            await say(alpha, LINE, "send", text=f"Before {number}.")
        await until(lambda: len(texts(bravo, LINE)) == 10)
        entry = await propose(alpha)
        await assent(bravo, entry)
        await charlie.desk.enter_line(OFFICER, THIRD, (ALPHA, BRAVO))
        await until(lambda: all(THIRD in node.lines for node in (alpha, bravo)))
        for one, other in ((alpha, bravo), (bravo, charlie), (charlie, alpha)):
            connect(one, other, line=THIRD)
        await until(lambda: all(open_at(node) for node in (alpha, bravo, charlie)))
        assert not [entry for entry in texts(charlie) if "Before" in entry]
        assert LINE not in charlie.lines
        heads = {(head.by, head.party): head for head in charlie.desk.members(OFFICER, THIRD).heads}
        store = {head.origin.split("/")[0]: head for head in alpha.store.heads() if head.line == LINE}
        assert heads["alpha", ALPHA].size >= 10
        signed = alpha.store.checkpoint(store[ALPHA].origin, heads["alpha", ALPHA].size)
        assert signed is not None
        assert heads["alpha", ALPHA].root == signed.root.hex(), "so that nothing can be put in before"

    played(story())


def test_nothing_is_said_before_all_have_opened_the_line() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await three()
        entry = await propose(alpha)
        await assent(bravo, entry)
        await until(lambda: THIRD in alpha.lines and THIRD in bravo.lines)
        connect(alpha, bravo, line=THIRD)
        with pytest.raises(UsageError) as caught:
            await say(alpha, THIRD, "send", text="Too early.")
        assert caught.value.message_id == "line-opening"
        assert alpha.desk.members(OFFICER, THIRD).state == "OPENING"
        assert texts(alpha) == []
        await charlie.desk.enter_line(OFFICER, THIRD, (ALPHA, BRAVO))
        connect(charlie, alpha, line=THIRD)
        connect(charlie, bravo, line=THIRD)
        await until(lambda: open_at(alpha))
        await say(alpha, THIRD, "send", text="Now.")
        await until(lambda: texts(charlie) == ["Now."])

    played(story())


def test_a_refusal_opens_nothing_and_the_party_gets_nothing() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await three()
        entry = await propose(alpha)
        await until(lambda: holds(bravo, LINE, entry))
        await say(bravo, LINE, "refuse-membership", entry=entry, reason="Not now.")
        await until(lambda: alpha.desk.members(OFFICER, LINE).proposals[0].state == "REFUSED")
        await charlie.desk.enter_line(OFFICER, THIRD, (ALPHA, BRAVO))
        session = connect(charlie, alpha, line=THIRD)
        await until(lambda: session.number not in {one.number for one in charlie.switchboard.sessions()})
        for _ in range(5):
            alpha.desk.tick()
        assert THIRD not in alpha.lines
        answers = alpha.desk.members(OFFICER, LINE).proposals[0].answers
        assert [(row.party, row.state, row.reason) for row in answers] == [("bravo", "REFUSED", "Not now.")]
        assert [path.reason for path in charlie.lines[THIRD].keeper.engine.paths() if path.reason] == ["line-unknown"]

    played(story())


def test_a_join_takes_effect_only_from_its_time_on() -> None:
    async def story() -> None:
        alpha, bravo, _ = await three()
        later = alpha.clock.now().plus(3_600_000_000)
        entry = await propose(alpha, from_time=later.rfc3339())
        await assent(bravo, entry)
        await until(lambda: alpha.desk.members(OFFICER, LINE).proposals[0].state == "IN_EFFECT")
        for _ in range(3):
            alpha.desk.tick()
        assert THIRD not in alpha.lines
        alpha.house.clock.jump(3_600_000_000)
        await until(lambda: THIRD in alpha.lines)
        assert THIRD not in bravo.lines, "its own clock has not reached that time"

    played(story())


def test_a_party_with_a_card_and_no_place_on_the_line_gets_a_bye_and_nothing_else() -> None:
    async def story() -> None:
        alpha, _, _ = await three()
        await say(alpha, LINE, "send", text="Between us.")
        for members in ((ALPHA, BRAVO), (ALPHA, BRAVO, CHARLIE)):
            heard = await calls(alpha, CHARLIE, Hello((1, 1), LINE, members, 0, "fibre", 0, bytes(32), 0, (), 0))
            assert heard == [Bye("line-unknown")], "not even how long the logs are"
        assert [row.party for row in alpha.desk.members(OFFICER, LINE).outsiders] == [CHARLIE]

    played(story())


def test_who_leaves_gets_nothing_more_and_holds_nobody_up() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await joined()
        sent = await say(alpha, THIRD, "send", text="An open item.", precedence="immediate")
        await until(lambda: texts(charlie) == ["An open item."])
        await say(bravo, THIRD, "ack", entry=sent.ids[0])
        await until(lambda: accepted(alpha, sent.ids[0]) == 1)
        (row,) = [one for one in alpha.desk.members(OFFICER, THIRD).open_items if one.id == sent.ids[0]]
        assert (row.stages["bravo"], row.accepted, row.of) == ("ACCEPTED", 1, 2)
        await say(charlie, THIRD, "leave-line", reason="We move.")
        for node in (alpha, bravo):
            await until(partial(_has_left, node))
        items = [one.id for one in alpha.desk.members(OFFICER, THIRD).open_items]
        assert sent.ids[0] not in items, "what only it still owed is settled"
        await say(alpha, THIRD, "send", text="Without you.")
        await until(lambda: texts(bravo)[-1] == "Without you.")
        await until(lambda: alpha.lines[THIRD].keeper.waiting() == 0)
        assert texts(charlie) == ["An open item."]
        hello = Hello((1, 1), THIRD, (ALPHA, BRAVO, CHARLIE), 2, "fibre", 0, bytes(32), 0, (), 0)
        assert await calls(alpha, CHARLIE, hello) == [Bye("hello-member-left")]
        await until(lambda: charlie.lines[THIRD].keeper.peers == [])
        with pytest.raises(UsageError) as caught:
            await say(charlie, THIRD, "send", text="Wait.")
        assert caught.value.message_id == "line-left"
        assert charlie.desk.members(OFFICER, THIRD).state == "LEFT"
        assert alpha.desk.status("en").lines

    played(story())


def _has_left(node: MemoryNode) -> bool:
    return node.desk.members(OFFICER, THIRD).members[2].state == "LEFT"


def test_a_leave_reaches_also_those_who_were_away_when_it_was_said() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await joined()
        for session in [one for one in charlie.switchboard.sessions() if one.peer == BRAVO]:
            session.close("stopping")
        await say(charlie, THIRD, "leave-line", reason="We move.")
        await until(partial(_has_left, alpha))
        charlie.desk.tick()
        assert not _has_left(bravo)
        connect(charlie, bravo, line=THIRD)
        await until(partial(_has_left, bravo))
        await until(lambda: charlie.lines[THIRD].keeper.peers == [])

    played(story())


def test_a_removed_member_that_calls_again_hears_why_and_nothing_else() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await joined()
        entry = (await say(alpha, THIRD, "propose-removal", party=CHARLIE, reason="It lets others listen.")).ids[0]
        await until(lambda: holds(bravo, THIRD, entry))
        await say(bravo, THIRD, "assent", entry=entry)
        await until(lambda: alpha.desk.members(OFFICER, THIRD).members[2].state == "REMOVED")
        await until(lambda: bravo.desk.members(OFFICER, THIRD).members[2].state == "REMOVED")
        before = charlie.lines[THIRD].keeper.book.size(f"{ALPHA}/line/{THIRD}")
        await say(alpha, THIRD, "send", text="Without you.")
        session = connect(charlie, alpha, line=THIRD)
        await until(lambda: session.number not in {one.number for one in charlie.switchboard.sessions()})
        await until(lambda: texts(bravo)[-1:] == ["Without you."])
        assert charlie.lines[THIRD].keeper.book.size(f"{ALPHA}/line/{THIRD}") == before
        assert texts(charlie) == []

    played(story())


def test_a_node_that_goes_down_in_the_middle_of_a_join_finishes_it_after_its_start() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await three()
        entry = await propose(alpha)
        await until(lambda: holds(bravo, LINE, entry))
        await bravo.close()
        again = await started(bravo.house)
        connect(alpha, again)
        await say(again, LINE, "assent", entry=entry, fingerprint=card(CHARLIE).fingerprint())
        await again.close()
        last = await started(bravo.house)
        connect(alpha, last)
        await until(lambda: THIRD in last.lines and THIRD in alpha.lines)
        await charlie.desk.enter_line(OFFICER, THIRD, (ALPHA, BRAVO))
        for one, other in ((alpha, last), (last, charlie), (charlie, alpha)):
            connect(one, other, line=THIRD)
        await until(lambda: all(open_at(node) for node in (alpha, last, charlie)))
        opened = [node.lines[THIRD].keeper.own.size for node in (alpha, last, charlie)]
        assert all(size >= 1 for size in opened)

    played(story())


def test_a_node_that_starts_again_still_parts_with_whoever_has_gone() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await joined()
        await say(charlie, THIRD, "leave-line")
        await until(lambda: alpha.desk.members(OFFICER, THIRD).members[2].state == "LEFT")
        await alpha.close()
        again = await started(alpha.house)
        assert again.lines[THIRD].keeper.gone == {2}
        connect(again, bravo, line=THIRD)
        await until(lambda: open_at(again))
        await say(again, THIRD, "send", text="Still here.")
        await until(lambda: texts(bravo)[-1:] == ["Still here."])
        await until(lambda: again.lines[THIRD].keeper.waiting() == 0)

    played(story())


def test_another_root_than_the_one_assented_to_opens_nothing_and_is_told() -> None:
    async def story() -> None:
        alpha, bravo, _ = await three()
        said = await say(alpha, LINE, "propose-join", party=CHARLIE, fingerprint="1" * 30)
        entry = said.ids[0]
        await until(lambda: holds(bravo, LINE, entry))
        await say(bravo, LINE, "assent", entry=entry, fingerprint="1" * 30)
        await until(lambda: alpha.desk.members(OFFICER, LINE).proposals[0].state == "IN_EFFECT")
        for _ in range(3):
            alpha.desk.tick()
        assert THIRD not in alpha.lines
        assert alpha.desk.members(OFFICER, LINE).proposals[0].known is False
        assert any(CHARLIE in problem for problem in alpha.desk.status("en").problems)

    played(story())


def test_a_peer_that_claims_other_members_is_told_in_log_and_status_until_it_no_longer_does() -> None:
    async def story() -> None:
        alpha, bravo, _ = await three()
        for session in alpha.switchboard.sessions():
            session.close("stopping")
        await until(lambda: not alpha.switchboard.sessions())
        hello = Hello((1, 1), LINE, (ALPHA, BRAVO, CHARLIE), 1, "fibre", 0, bytes(32), 0, (), 0)
        heard = await calls(alpha, BRAVO, hello)
        assert heard[-1] == Bye("hello-other-members")
        alpha.desk.tick()
        assert [row["party"] for row in alpha.facts("members-differ")] == [BRAVO]
        assert any(BRAVO in problem for problem in alpha.desk.status("en").problems)
        alpha.desk.tick()
        assert len(alpha.facts("members-differ")) == 1, "told once"
        connect(alpha, bravo)
        await until(lambda: any(path.sessions for path in alpha.lines[LINE].keeper.engine.paths()))
        alpha.desk.tick()
        assert not any(BRAVO in problem for problem in alpha.desk.status("en").problems)

    played(story())


def test_who_may_not_declare_may_not_come_onto_a_line_and_two_are_no_line_of_several() -> None:
    async def story() -> None:
        _, _, charlie = await three()
        reader = Officer("clerk", frozenset({"read"}))
        for who, parties, message_id in (
            (reader, (ALPHA, BRAVO), "not-allowed"),
            (OFFICER, (ALPHA,), "enter-members"),
            (OFFICER, (ALPHA, "nobody.example"), "member-not-introduced"),
        ):
            with pytest.raises(UsageError) as caught:
                await charlie.desk.enter_line(who, THIRD, parties)
            assert caught.value.message_id == message_id, caught.value
        with pytest.raises(UsageError) as caught:
            await charlie.desk.enter_line(OFFICER, "charlie-delta", (ALPHA, BRAVO))
        assert caught.value.message_id == "line-exists"
        assert DELTA not in [row.party for row in charlie.desk.members(OFFICER, None).outsiders]

    played(story())
