"""Three real nodes over real TLS: a third joins and leaves; a fourth with keys and no assent gets nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest

from openline.cli.client import JsonObject
from openline.cli.stage import PATHS, Party, Relay, found_all, pair_two, set_voice
from openline.link.frames import Bye, Frame, Hello, decode_frame, encode_frame
from openline.node.clock import SystemClock
from openline.node.config import read_config
from openline.node.folder import Folder
from openline.node.founding import introduce_offline, own_card
from openline.record.introduction import open_invitation
from openline.transport.profile import TlsIdentity
from openline.transport.session import Rules, Session, Target
from openline.transport.tls import dial
from tests.process.houses import PATIENCE_S, Ran, openline, until

pytestmark = pytest.mark.process

OLD, NEW = "alpha-bravo", "alpha-bravo-charlie"
NAMES = ("alpha", "bravo", "charlie", "delta")


@pytest.fixture
def four(tmp_path: Path) -> Iterator[list[Party]]:
    """Alpha and bravo on a line; charlie and delta, whose cards both have accepted, as they have theirs. None runs."""
    relay = Relay()
    parties = found_all(tmp_path, {name: {"en": name.title()} for name in NAMES}, relay)
    pair_two(parties[0], parties[1])
    for ours in parties:
        for theirs in parties:
            if ours is theirs or {ours.name, theirs.name} == {"alpha", "bravo"}:
                continue
            card = own_card(theirs.folder)
            introduce_offline(ours.folder, card, "watch officer", open_invitation(card).fingerprint)
    for party in parties:
        set_voice(party.folder, enabled=False)
        with (party.folder / "openline.toml").open("a") as config:
            config.write("\n[tests]\nevery_minutes = 0\n")
    yield parties
    for party in parties:
        party.kill()
    for path in PATHS:
        relay.cut(path)


def ran(party: Party, *words: str) -> Ran:
    """One command that succeeds."""
    done = openline(party.folder, *words, "--json")
    assert done.code == 0, done
    return done


def members(party: Party, line: str) -> JsonObject:
    """The members of a line as a node shows them."""
    return party.node.get("/members", {"line": line})


def holds(party: Party, entry: str, line: str) -> bool:
    """Whether a node has an entry."""
    rows = cast("list[JsonObject]", party.node.get("/entries", {"line": line, "count": 200})["entries"])
    return any(row["id"] == entry for row in rows)


def texts(party: Party, line: str) -> list[str]:
    """The messages a node shows on a line, oldest first."""
    rows = cast("list[JsonObject]", party.node.get("/messages", {"line": line, "count": 200})["entries"])
    return [str(row["text"]) for row in reversed(rows)]


def propose(alpha: Party, party: str = "charlie.example", line: str = OLD, *more: str) -> str:
    """The entry of a proposal to join."""
    said = ran(alpha, "line", "join", line, party, *more, "--wait", "received").json()
    return str(cast("list[str]", said["ids"])[0])


def open_line(parties: Sequence[Party], line: str) -> None:
    """Until all of them show the line as open."""
    until(lambda: all(_state(party, line) == "OPEN" for party in parties), PATIENCE_S, f"{line} is open")


def _state(party: Party, line: str) -> str:
    lines = [row["line"] for row in cast("list[JsonObject]", party.node.get("/lines")["lines"])]
    return str(members(party, line)["state"]) if line in lines else "-"


def joined(four: list[Party]) -> tuple[Party, Party, Party]:
    """Alpha, bravo and charlie on one line, ten messages after alpha and bravo began."""
    alpha, bravo, charlie, _ = four
    for party in (alpha, bravo, charlie):
        party.start()
    for number in range(10):
        ran(alpha, "send", OLD, f"Before {number}.", "--wait", "received")
    entry = propose(alpha)
    ran(bravo, "line", "assent", f"{OLD}/{entry}", "--wait", "received")
    ran(charlie, "line", "enter", NEW, "--with", "alpha.example", "--with", "bravo.example")
    open_line((alpha, bravo, charlie), NEW)
    return alpha, bravo, charlie


def send(party: Party, line: str, text: str) -> str:
    """Send a message and wait until all who are on the line have receipted it; its id."""
    said = ran(party, "send", line, text, "--wait", "received").json()
    return str(cast("list[str]", said["ids"])[0])


def test_a_third_joins_after_ten_messages_and_every_export_verifies(four: list[Party], tmp_path: Path) -> None:
    alpha, bravo, charlie = joined(four)
    entry = send(alpha, NEW, "To all.")
    for party in (bravo, charlie):
        until(lambda party=party: texts(party, NEW) == ["To all."], PATIENCE_S, "it is there")  # type: ignore[misc] # bound now
        ran(party, "ack", f"{NEW}/{entry}")
    until(lambda: _accepted(alpha, entry) == {"bravo", "charlie"}, PATIENCE_S, "both have accepted")
    (log,) = [log for log in cast("list[JsonObject]", alpha.line(NEW)["logs"]) if log["own"]]
    assert set(cast("dict[str, int]", log["receipted"])) == {"bravo.example", "charlie.example"}
    send(bravo, NEW, "From bravo.")
    send(charlie, NEW, "From charlie.")
    until(lambda: all(len(texts(party, NEW)) == 3 for party in (alpha, bravo, charlie)), PATIENCE_S, "all have all")
    assert not [text for text in texts(charlie, NEW) if text.startswith("Before")]
    roots = [word for party in four[:3] for word in ("--root", f"{party.id}={party.founded.fingerprint}")]
    until(lambda: all(party.line(NEW)["unreceipted"] == 0 for party in four[:3]), PATIENCE_S, "all is receipted")
    for party, line in ((alpha, NEW), (bravo, NEW), (charlie, NEW), (alpha, OLD), (bravo, OLD)):
        file = tmp_path / f"{party.name}-{line}.olx"
        ran(party, "record", "export", line, "--output", str(file))
        known = roots if line == NEW else roots[:4]
        verdict = openline(tmp_path, "audit", "verify", str(file), *known, "--json")
        assert (verdict.code, verdict.json()["verdict"]) == (0, "VERIFIED"), verdict


def _accepted(party: Party, entry: str) -> set[str]:
    view = party.node.get(f"/entries/{entry}", {"line": NEW})
    return {str(row["party"]) for row in cast("list[JsonObject]", view["stages"]) if row["stage"] == "ACCEPTED"}


def test_a_fourth_with_keys_and_no_assent_gets_no_frame_but_a_bye(four: list[Party]) -> None:
    alpha, bravo, charlie = joined(four)
    delta = four[3]
    delta.start()
    send(alpha, NEW, "Not for delta.")
    ran(delta, "line", "enter", "alpha-bravo-charlie-delta", *_with(alpha, bravo, charlie))
    heard = {}
    for line, parties in ((NEW, (alpha, bravo, charlie)), (NEW, (alpha, bravo, charlie, delta)), (OLD, (alpha, delta))):
        ids = tuple(sorted(party.id for party in parties))
        heard[line, ids] = [calls(victim, delta, line, ids) for victim in (alpha, bravo)]
    assert {frame for rows in heard.values() for row in rows for frame in row} == {Bye("line-unknown")}, heard
    assert _state(delta, "alpha-bravo-charlie-delta") == "OPENING"
    assert texts(delta, "alpha-bravo-charlie-delta") == []
    assert [row["party"] for row in cast("list[JsonObject]", members(alpha, NEW)["outsiders"])] == [delta.id]


def _with(*parties: Party) -> list[str]:
    return [word for party in parties for word in ("--with", party.id)]


def test_a_refusal_keeps_the_third_out(four: list[Party]) -> None:
    alpha, bravo, charlie, _ = four
    for party in (alpha, bravo, charlie):
        party.start()
    entry = propose(alpha)
    ran(bravo, "line", "refuse", f"{OLD}/{entry}", "--reason", "Not now.", "--wait", "received")
    ran(charlie, "line", "enter", NEW, "--with", "alpha.example", "--with", "bravo.example")
    until(lambda: cast("list[JsonObject]", members(alpha, OLD)["proposals"])[0]["state"] == "REFUSED", 60, "it ends")
    assert calls(alpha, charlie, NEW, ("alpha.example", "bravo.example", "charlie.example")) == [Bye("line-unknown")]
    assert (_state(alpha, NEW), _state(bravo, NEW), _state(charlie, NEW)) == ("-", "-", "OPENING")


def test_who_leaves_gets_nothing_more_and_the_others_go_on(four: list[Party]) -> None:
    alpha, bravo, charlie = joined(four)
    entry = send(alpha, NEW, "Answer this.")
    ran(bravo, "ack", f"{NEW}/{entry}")
    ran(charlie, "line", "leave", NEW, "--yes", "--reason", "we move", "--wait", "recorded")
    for party in (alpha, bravo):
        until(lambda party=party: _stands(party) == "LEFT", PATIENCE_S, "it has left")  # type: ignore[misc] # bound now
    until(lambda: entry not in _open(alpha), PATIENCE_S, "what only it owed is settled")
    send(alpha, NEW, "Without you.")
    until(lambda: texts(bravo, NEW)[-1] == "Without you.", PATIENCE_S, "the others go on")
    assert "Without you." not in texts(charlie, NEW)
    ids = ("alpha.example", "bravo.example", "charlie.example")
    assert calls(alpha, charlie, NEW, ids) == [Bye("hello-member-left")]
    refused = openline(charlie.folder, "send", NEW, "Wait.", "--json")
    assert (refused.code, refused.error()["error"]) == (2, "line-left")
    verified = openline(alpha.folder, "record", "verify", NEW, "--json")
    findings = [str(one) for one in cast("list[str]", verified.json()["findings"])]
    assert (verified.code, verified.json()["verdict"]) == (7, "INCOMPLETE")
    assert all("receipt-missing" in one and "party='charlie.example'" in one for one in findings), findings


def _stands(party: Party) -> str:
    return str(cast("list[JsonObject]", members(party, NEW)["members"])[2]["state"])


def _open(party: Party) -> set[str]:
    return {str(row["id"]) for row in cast("list[JsonObject]", members(party, NEW)["open_items"])}


def test_a_node_that_is_killed_in_the_middle_of_a_join_finishes_it(four: list[Party]) -> None:
    alpha, bravo, charlie, _ = four
    for party in (alpha, bravo, charlie):
        party.start()
    entry = propose(alpha)
    ran(bravo, "line", "assent", f"{OLD}/{entry}")
    bravo.kill()
    alpha.kill()
    for party in (alpha, bravo):
        party.start()
    ran(charlie, "line", "enter", NEW, "--with", "alpha.example", "--with", "bravo.example")
    charlie.kill()
    charlie.start()
    open_line((alpha, bravo, charlie), NEW)
    send(alpha, NEW, "After it all.")
    until(lambda: texts(charlie, NEW) == ["After it all."], PATIENCE_S, "it is there")


def test_two_joins_at_once_open_two_lines(four: list[Party]) -> None:
    alpha, bravo, charlie, delta = four
    for party in four:
        party.start()
    first, second = propose(alpha, charlie.id), propose(bravo, delta.id)
    ran(bravo, "line", "assent", f"{OLD}/{first}")
    ran(alpha, "line", "assent", f"{OLD}/{second}")
    ran(charlie, "line", "enter", NEW, *_with(alpha, bravo))
    ran(delta, "line", "enter", "alpha-bravo-delta", *_with(alpha, bravo))
    open_line((alpha, bravo, charlie), NEW)
    open_line((alpha, bravo, delta), "alpha-bravo-delta")
    send(alpha, NEW, "For charlie.")
    send(alpha, "alpha-bravo-delta", "For delta.")
    until(lambda: texts(charlie, NEW) == ["For charlie."], PATIENCE_S, "charlie has its own")
    until(lambda: texts(delta, "alpha-bravo-delta") == ["For delta."], PATIENCE_S, "delta has its own")
    assert set(cast("list[str]", members(alpha, OLD)["following"])) == {NEW, "alpha-bravo-delta"}


class _Ear:
    """Writes down every frame that comes."""

    def __init__(self) -> None:
        self.frames_heard: list[Frame | None] = []

    def opened(self, session: Session) -> None:
        """See transport.session.Receiver."""

    def frames(self, session: Session, frames: list[bytes]) -> None:
        """See transport.session.Receiver."""
        self.frames_heard += map(decode_frame, frames)

    def closed(self, session: Session, reason: str) -> None:
        """See transport.session.Receiver."""


def calls(victim: Party, caller: Party, line: str, ids: tuple[str, ...]) -> list[Frame | None]:
    """All that `victim` sends to whoever has the TLS key of `caller` and says HELLO for `line` with these members."""
    where = read_config(victim.folder).path[0]
    assert where.listen is not None
    ear = _Ear()
    me = ids.index(caller.id) if caller.id in ids else 0
    hello = Hello((1, 1), line, ids, me, where.name, SystemClock().now().ms, bytes(32), 0, (), 0)

    async def calling() -> None:
        identity = TlsIdentity(Folder(caller.folder).secrets().tls.seed)
        target = Target(victim.id, where.name, str(where.listen))
        session = await dial(target, identity, lambda _pin: victim.id, ear, Rules())
        session.send(encode_frame(hello))
        session.flush()
        with suppress(TimeoutError):
            async with asyncio.timeout(20):
                await session.ended()
        session.close("stopping")
        await session.ended()

    asyncio.run(calling())
    return ear.frames_heard
