"""How members are shown: the word for the line, how far each is with an open item, whose root we know."""

from __future__ import annotations

from tests.node.houses import ALPHA, BRAVO, CHARLIE, LINE, OFFICER, card, played, until
from tests.node.thirds import THIRD, assent, joined, propose, say, texts, three


def test_each_member_is_shown_with_its_paths_and_the_proposal_that_brought_it() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await joined()
        view = bravo.desk.members(OFFICER, THIRD)
        own, other = view.members[1], view.members[2]
        assert (own.ours, own.heard_through, own.heard_at) == (True, (), None)
        assert (other.heard_through, other.fingerprint) == (("fibre",), card(CHARLIE).fingerprint())
        assert other.entry == "charlie:0"
        assert view.begun is not None
        assert [(row.party, row.state) for row in view.begun.answers] == [("bravo", "ASSENTED")]
        assert {head.by for head in view.heads} == {"alpha", "bravo"}, "charlie was not on the line before"
        assert charlie.desk.members(OFFICER, THIRD).begun is None
        assert alpha.desk.members(OFFICER, LINE).state == "OPEN"

    played(story())


def test_a_proposal_says_whether_its_root_is_the_one_we_know() -> None:
    async def story() -> None:
        alpha, bravo, _ = await three()
        entry = await propose(alpha, reason="joint patrols")
        (row,) = alpha.desk.members(OFFICER, LINE).proposals
        assert (row.id, row.known, row.state, row.following) == (entry, True, "STANDING", THIRD)
        assert row.members == (ALPHA, BRAVO, CHARLIE)
        await assent(bravo, entry)

    played(story())


def test_an_open_item_counts_who_has_accepted_it_and_who_has_left() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await joined()
        reply_by = alpha.clock.now().plus(3_600_000_000).rfc3339()
        sent = await say(alpha, THIRD, "send", text="Answer.", precedence="immediate", reply_by=reply_by)
        await until(lambda: texts(bravo) == texts(charlie) == ["Answer."])
        await say(bravo, THIRD, "ack", entry=sent.ids[0])
        await say(charlie, THIRD, "leave-line")

        def row() -> tuple[dict[str, str], int, int] | None:
            items = alpha.desk.members(OFFICER, THIRD).open_items
            return next(((one.stages, one.accepted, one.of) for one in items if one.id == sent.ids[0]), None)

        await until(lambda: row() == ({"bravo": "ACCEPTED", "charlie": "LEFT"}, 1, 2))
        await say(bravo, THIRD, "reply", entry=sent.ids[0], text="Yes.")
        await until(lambda: row() is None)

    played(story())
