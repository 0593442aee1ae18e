"""A peer that is not what it must be: one sentence says so, its session ends, and the line goes on or comes back."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import cast

import pytest

from openline.base.limits import FRAME_BYTES_MAX
from openline.cli.client import JsonObject
from openline.cli.stage import PATHS, Party, Stage
from openline.identity.keys import Ed25519Secret
from openline.node.folder import Folder
from openline.store.sqlite import SqliteStore
from tests.process.houses import (
    PATIENCE_S,
    ask,
    journal,
    leaves,
    openline,
    readable,
    said,
    settled,
    start,
    state_of,
    until,
)
from tests.process.strangers import P256Listener, call, framed, p256_call

pytestmark = pytest.mark.process

TOO_LARGE = "session-frame-too-large"
FAULTY = {
    "deep": (framed(b"\x82\x02" + b"\x81" * 5_000 + b"\x00"), "peer-value-unreadable"),
    "not UTF-8": (framed(b"\x82\x0d\x64\xff\xfe\xfd\xfc"), "peer-value-unreadable"),
    "oversize": ((FRAME_BYTES_MAX + 1).to_bytes(4, "big") + bytes(1_000), TOO_LARGE),
    "not canonical": (framed(b"\x82\x0d\x79\x00\x04stop"), "peer-value-not-canonical"),
    "not a frame": (framed(b"\xa1\x01\x02"), "peer-frame-wrong"),
    "half a HELLO": (framed(b"\x82\x01\x02"), "peer-frame-wrong"),
    "nothing": (framed(b""), "peer-value-unreadable"),
}
"""What a broken peer says, whole with its length, and the fault that is kept of it."""


def test_a_faulty_frame_ends_its_session_is_kept_and_costs_the_line_nothing(stage: Stage) -> None:
    alpha, bravo = stage.parties
    for number, (what, (sent, fault)) in enumerate(FAULTY.items()):
        path = number % len(PATHS)
        heard = call(alpha, bravo, path, [sent])
        assert heard.reason.startswith("session-ended"), (what, heard)
        fact = _faulty(alpha, number)
        assert (fact["fault"], fact["party"], fact["path"]) == (fault, bravo.id, PATHS[path]), what
        _goes_on(stage)
    counted = ask(alpha, "GET", "/metrics").body.decode()
    assert f"openline_faulty_frames_total {len(FAULTY)}\n" in counted
    alpha.stop()
    with closing(SqliteStore(alpha.folder / "record.db")) as store:
        kept = [(row.fault, row.data) for row in store.evidence()]
    assert kept == [(fault, b"" if fault == TOO_LARGE else sent[4:]) for sent, fault in FAULTY.values()]


def test_a_frame_that_never_ends_holds_nobody_up(stage: Stage) -> None:
    alpha, bravo = stage.parties
    call(alpha, bravo, 0, [FRAME_BYTES_MAX.to_bytes(4, "big") + bytes(1_000)], within_s=0.3)
    _goes_on(stage)


def test_a_peer_with_another_key_is_not_let_in_and_both_sides_say_so(houses: Stage) -> None:
    alpha, bravo = houses.parties
    keys = Folder(bravo.folder).node_keys
    right = keys.read_bytes()
    keys.write_bytes(replace(Folder(bravo.folder).secrets(), tls=Ed25519Secret(bytes(range(32)))).pack())
    alpha.start()
    bravo.start()
    queued = alpha.send("Said while the other side is a stranger.", wait="recorded")
    for party, word in (
        (alpha, said("path-key-unknown", "address", "path", "pin")),
        (bravo, said("path-refused-us", "address", "path")),
    ):
        _problem(party, word)
        quiet = openline(party.folder, "status", "--quiet")
        assert (quiet.code, quiet.err) == (3, "")
    _calls_refused(alpha)
    assert leaves(bravo.node, alpha.id) == []
    bravo.stop()
    keys.write_bytes(right)
    bravo.start()
    until(lambda: settled(houses), PATIENCE_S, "the line is proven once the right key is back")
    assert bravo.entry(queued)["text"] == "Said while the other side is a stranger."
    assert openline(alpha.folder, "status").err == ""


def test_a_peer_that_knows_p256_only_is_refused_and_the_status_names_it(houses: Stage) -> None:
    alpha, bravo = houses.parties
    with _p256_listeners(bravo) as listeners:
        alpha.start()
        _problem(alpha, said("path-group-not-allowed", "address", "path"))
        assert all(listener.answered for listener in listeners)
        refused = p256_call(alpha, bravo, 0)()
        assert refused == "closed" or "Error" in refused, refused
        assert alpha.line()["state"] == "NEVER_HEARD"
    bravo.start()
    until(lambda: settled(houses), PATIENCE_S, "the line is proven with the real peer")


@pytest.mark.parametrize("days", [365, -365])
def test_a_clock_a_year_off_is_named_by_both_sides_and_nothing_is_lost(houses: Stage, days: int) -> None:
    alpha, bravo = houses.parties
    start(bravo, sys.executable, "-m", "tests.process.wrong_clock", str(bravo.folder), str(days))
    alpha.start()
    until(lambda: all(state_of(party)[0] == "PROVEN" for party in houses.parties), PATIENCE_S, "the line is proven")
    there = alpha.send("What time is it with you?")
    back = bravo.act("reply", there, text="A year from now.")
    for party in houses.parties:
        ran = openline(party.folder, "status")
        assert ran.code == 1, ran
        assert said("clock-differs", "party", "seconds").search(readable(ran.err)), ran.err
        problems = cast("list[str]", openline(party.folder, "status", "--json").json()["problems"])
        assert len(problems) == 1
    verified = openline(alpha.folder, "record", "verify", "--json")
    assert verified.json()["verdict"] in ("VERIFIED", "INCOMPLETE"), verified
    bravo.stop()
    bravo.start()
    until(lambda: settled(houses), PATIENCE_S, "the line is proven with the right clock")
    after = alpha.act("ack", back)
    assert bravo.entry(after)["id"] == after
    assert leaves(alpha.node, bravo.id) == leaves(bravo.node, bravo.id)
    assert openline(alpha.folder, "status").code == 0


def _faulty(party: Party, number: int) -> JsonObject:
    """The fact of this number about faulty bytes in the node's log."""

    def facts() -> list[JsonObject]:
        return [fact for fact in journal(party) if fact["fact"] == "faulty-bytes"]

    until(lambda: len(facts()) > number, PATIENCE_S, "the log tells of faulty bytes")
    return facts()[number]


def _goes_on(stage: Stage) -> None:
    alpha, bravo = stage.parties
    until(lambda: settled(stage), PATIENCE_S, "the line is proven")
    there = alpha.send("Still there?")
    assert bravo.entry(bravo.act("reply", there, text="Yes."))["text"] == "Yes."
    assert openline(alpha.folder, "status").code == 0


def _calls_refused(party: Party) -> None:
    """The doctor and the figures tell of calls with a key that nobody accepted, and of no other."""
    sentence = said("path-key-unknown", "address", "path", "pin")
    told = [row[2] for row in openline(party.folder, "node", "doctor").rows() if row[1] == "calls-refused"]
    assert told
    assert all(map(sentence.search, told)), told
    for text in told:
        readable(text)
    figures = re.findall(r"^openline_calls_refused_total\{(.*)\} [1-9]", _figures(party), re.MULTILINE)
    assert len(figures) == len(told)
    assert all('fault="path-key-unknown"' in labels for labels in figures), figures


def _figures(party: Party) -> str:
    return ask(party, "GET", "/metrics").body.decode()


def _problem(party: Party, sentence: re.Pattern[str]) -> None:
    """`status` says this sentence on standard error, and so do its forms for programs."""

    def told() -> list[str]:
        return [line for line in openline(party.folder, "status").err.splitlines() if sentence.search(line)]

    until(lambda: bool(told()), PATIENCE_S, f"the status of {party.name} says {sentence.pattern!r}")
    readable(told()[0])
    ran = openline(party.folder, "status", "--json")
    assert ran.code == 3
    notes = [cast("JsonObject", json.loads(line)) for line in ran.err.splitlines()]
    assert any(sentence.search(str(note["text"])) for note in notes), ran.err
    assert any(map(sentence.search, cast("list[str]", ran.json()["problems"])))


@contextmanager
def _p256_listeners(party: Party) -> Iterator[list[P256Listener]]:
    listeners = [P256Listener(party, number) for number in range(len(PATHS))]
    try:
        yield listeners
    finally:
        for listener in listeners:
            listener.close()
