"""What a watch does wrong, at two real nodes, over the API and the command line: a clear answer, and nothing lost.

Whatever is refused says so by one id, with a sentence in both languages and an exit code, and puts nothing on the
record. Whatever is taken stands on both records as it was said.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import cast

import pytest

from openline.base.limits import PERSON_CHARACTERS_MAX, SPELLING_CHARACTERS_MAX
from openline.cli.client import JsonObject
from openline.cli.stage import Party, Stage
from tests.console.authenticator import Authenticator
from tests.process.houses import (
    LINE,
    PATIENCE_S,
    Answer,
    Furnished,
    ask,
    clear,
    leaves,
    open_both,
    openline,
    readable,
    until,
    verifies,
)
from tests.process.test_bad_input import _free_port

pytestmark = pytest.mark.process

LONG = "x" * 200_000
ACTS = "a\x1b[2Jb \u202ec\u202c \u2066d\u2069 \x07e\x00f\x7f\u200bg\u2028h"
"""Characters that act on a display instead of standing on it."""
UNKNOWN = "bravo:99999"
BY_ITSELF = ("escalation", "silence", "test", "test-answer")
"""What a node writes without being asked, at its own time."""


@pytest.fixture(scope="module")
def running(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Both nodes, alpha's with a door for browsers; in the end they hold the same record, and it verifies."""
    stage = furnished.furnish(tmp_path_factory.mktemp("watch"))
    config = stage.alpha.folder / "openline.toml"
    config.write_text(f'{config.read_text()}\n[http]\nlisten = "127.0.0.1:{_free_port()}"\n')
    try:
        open_both(stage)
        yield stage
        alpha, bravo = stage.parties
        last = alpha.send("After all of this.")
        assert bravo.entry(last)["text"] == "After all of this."
        for author in (alpha.id, bravo.id):
            until(lambda: leaves(alpha.node, author) == leaves(bravo.node, author), PATIENCE_S, "both hold the same")  # noqa: B023 - it is waited for here
        for party in stage.parties:
            verifies(party.folder)
    finally:
        clear(stage)


def say(party: Party, verb: str, arguments: JsonObject, tongue: str = "en", mark: str = "OPERATION") -> Answer:
    """Say a verb over HTTP and wait until the other side has it."""
    body = json.dumps({"verb": verb, "arguments": arguments}).encode()
    path = f"/api/v1/lines/{LINE}/say?wait=received&mark={mark}"
    return ask(party, "POST", path, body, {"Accept-Language": tongue})


def said(party: Party, verb: str, /, **arguments: object) -> str:
    """The same, which must be taken; the id of the entry."""
    answer = say(party, verb, arguments)
    assert answer.status == 200, answer
    return cast("list[str]", answer.json()["ids"])[0]


def refused(stage: Stage, party: Party, verb: str, answer: tuple[int, str], /, **arguments: object) -> str:
    """That a verb is refused at every door alike, in both languages, and leaves both records as they were.

    The English sentence.
    """
    message_id, before = answer[1], _held(stage)
    told = {}
    typed = _typed(arguments)
    for tongue in ("en", "fr"):
        given = say(party, verb, arguments, tongue)
        assert (given.status, given.json()["error"]) == answer, given
        told[tongue] = readable(str(given.json()["text"]), message_id)
        if typed is not None:
            words = ("say", LINE, verb, *typed, "--yes", "--reason", "a test", "--json")
            ran = openline(party.folder, "--lang", tongue, *words)
            assert (ran.code, ran.error()["error"], ran.error()["exit"]) == (2, message_id, 2), ran
            assert (ran.error()["text"], ran.out) == (told[tongue], "")
    assert told["en"] != told["fr"], "each language has a sentence of its own"
    assert _held(stage) == before, "what is refused is on no record"
    return told["en"]


def _typed(arguments: dict[str, object]) -> list[str] | None:
    """The arguments as they are typed; None when no command line can carry them."""
    words = [f"{name}:={json.dumps(value)}" for name, value in arguments.items()]
    return words if all(len(word) < 100_000 for word in words) else None


def _held(stage: Stage) -> list[list[str]]:
    """What each side holds of each log that people have said, once both hold the same. Nodes speak for themselves."""

    def prints(party: Party) -> list[list[str]]:
        views = [party.node.get(f"/record/{LINE}/log/{each.id}", {"count": 1_000}) for each in stage.parties]
        rows = [cast("list[JsonObject]", view["leaves"]) for view in views]
        return [[str(row["leaf_hash"]) for row in log if row["kind"] not in BY_ITSELF] for log in rows]

    until(lambda: prints(stage.alpha) == prints(stage.bravo), PATIENCE_S, "both hold the same")
    return prints(stage.alpha)


def _same(stage: Stage, entry: str) -> JsonObject:
    """An entry that both sides show alike and without a fault."""
    ours, theirs = (party.entry(entry) for party in stage.parties)
    for name in ("kind", "party", "desk", "time", "text", "body", "faults"):
        assert ours[name] == theirs[name], name
    assert ours["faults"] == []
    return ours


# Contradicted facts


def test_facts_that_contradict_each_other_stand_side_by_side(running: Stage) -> None:
    alpha, bravo = running.parties
    contact = said(
        alpha,
        "contact",
        level="minister",
        medium="telephone",
        began="2022-05-13",
        parties=["alpha", "bravo"],
        elsewhere=True,
    )
    ours = said(alpha, "state", entry=contact, fact="duration", value="60", precision="about")
    theirs = said(bravo, "state", entry=contact, fact="duration", value="20", stance="contradicts", named=ours)
    said(bravo, "state", entry=contact, fact="tone", value="cold")
    pages = [ask(party, "GET", f"/api/v1/contacts/{contact}").json() for party in running.parties]
    for page in pages:
        cells = {str(row["fact"]): _cells(row) for row in cast("list[JsonObject]", page["facts"])}
        assert cells["DURATION"] == {"alpha": "CONTRADICTED", "bravo": "CONTRADICTED"}
        assert cells["TONE"] == {"alpha": "NOT_STATED", "bravo": "STATED"}, "silence is never consent"
    assert pages[0]["facts"] == pages[1]["facts"], "both sides show the same grid"
    assert {_same(running, entry)["kind"] for entry in (ours, theirs)} == {"statement"}


def _cells(row: JsonObject) -> dict[str, str]:
    return {str(cell["party"]): str(cell["state"]) for cell in cast("list[JsonObject]", row["cells"])}


def test_what_contradicts_nothing_is_refused(running: Stage) -> None:
    alpha, bravo = running.parties
    contact = said(
        alpha,
        "contact",
        level="adviser",
        medium="video",
        began="2022-03-16",
        parties=["alpha", "bravo"],
        elsewhere=True,
    )
    tone = said(alpha, "state", entry=contact, fact="tone", value="professional")
    at = {"entry": contact, "fact": "tone"}
    refused(running, alpha, "state", (400, "stance-not-possible"), **at, stance="contradicts", named=tone)
    refused(
        running,
        bravo,
        "state",
        (400, "stance-not-possible"),
        entry=contact,
        fact="outcome",
        stance="agrees",
        named=tone,
    )
    refused(running, bravo, "state", (400, "stance-not-possible"), **at, stance="agrees", named=contact)
    refused(running, bravo, "state", (400, "stance-wrong"), **at, stance="agrees")
    refused(running, bravo, "state", (400, "statement-value-wrong"), entry=contact, fact="duration", value="an hour")
    refused(running, bravo, "state", (400, "statement-value-wrong"), entry=contact, fact="duration", value="10001")
    refused(running, bravo, "state", (400, "statement-value-wrong"), entry=contact, fact="held", value="perhaps")


# Replies to what is not there


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("read", {}),
        ("ack", {}),
        ("pass", {"to": "fires"}),
        ("reply", {"text": "Understood."}),
        ("respond", {"code": "wilco"}),
        ("read-back", {"text": "Six trucks."}),
        ("confirm", {}),
        ("answer-request", {"answer": "accept"}),
        ("answer-stop", {"answer": "stopped"}),
        ("answer-demand", {"answer": "meet"}),
        ("answer-allegation", {"reply": "deny"}),
        ("take-over", {"step": "take"}),
        ("translate", {"text": "Six camions.", "language": "fr"}),
        ("state", {"fact": "tone", "value": "cold"}),
        ("correct", {"text": "Seven.", "change": "the number"}),
        ("withdraw", {}),
        ("tap", {"by": "watch-2"}),
    ],
)
def test_whatever_is_about_an_entry_that_is_not_there_is_refused(
    running: Stage, verb: str, arguments: dict[str, object]
) -> None:
    told = refused(running, running.alpha, verb, (404, "entry-unknown"), entry=UNKNOWN, **arguments)
    assert UNKNOWN in told


def test_an_answer_to_what_is_no_question_says_what_it_is(running: Stage) -> None:
    alpha, bravo = running.parties
    message = alpha.send("Six trucks.")
    refused(running, bravo, "answer-stop", (400, "stop-unknown"), entry=message, answer="stopped")
    refused(running, bravo, "answer-request", (404, "request-unknown"), entry=message, answer="accept")
    refused(running, bravo, "answer-demand", (404, "demand-unknown"), entry=message, answer="meet")
    refused(running, bravo, "answer-allegation", (404, "allegation-unknown"), entry=message, reply="deny")
    refused(running, bravo, "take-over", (404, "handover-unknown"), entry=message, step="take")
    drilled = say(alpha, "stop", {"place": "the bridge"}, mark="EXERCISE")
    stop = cast("list[str]", drilled.json()["ids"])[0]
    refused(running, alpha, "answer-stop", (400, "stop-own"), entry=stop, answer="stopped")
    assert say(bravo, "answer-stop", {"entry": stop, "answer": "stopped"}, mark="EXERCISE").status == 200


# After the deadline


def test_an_answer_after_the_deadline_is_taken_and_said_to_be_late(running: Stage) -> None:
    alpha, bravo = running.parties
    soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
    request = said(alpha, "request", level="minister", subject="the dam", reply_by=soon)
    message = alpha.send("Is the road open?", reply_by=soon, precedence="priority")
    until(lambda: _stands(alpha, request)["state"] == "none", PATIENCE_S, "the deadline has passed")
    late = said(bravo, "answer-request", entry=request, answer="decline", reason="The desk was not manned.")
    for party in running.parties:
        row = _stands(party, request)
        assert (row["state"], row["late"]) == ("declined", True), "it is an answer, and late"
    assert _same(running, late)["body"]
    replied = openline(bravo.folder, "reply", message, "It is.", "--wait", "received", "--json")
    assert replied.code == 0, replied
    for party in running.parties:
        stages = cast("list[JsonObject]", party.entry(message)["stages"])
        assert "ANSWERED" in {row["stage"] for row in stages}
        assert not [alarm for alarm in _alarms(party) if alarm["entry"] == message and "answered" in str(alarm)]
    told = refused(
        running, alpha, "request", (400, "reply-by-past"), level="minister", subject="the dam", reply_by=soon
    )
    assert "later" in told


def _stands(party: Party, request: str) -> JsonObject:
    rows = cast("list[JsonObject]", ask(party, "GET", "/api/v1/requests").json()["requests"])
    (row,) = [row for row in rows if row["id"] == request]
    (answer,) = cast("list[JsonObject]", row["answers"])
    return answer


def _alarms(party: Party) -> list[JsonObject]:
    return cast("list[JsonObject]", party.line()["alarms"])


# Two officers press at once


@pytest.mark.parametrize(
    ("asked", "arguments", "verb", "press", "others"),
    [
        ("request", {"level": "minister", "subject": "x"}, "answer-request", {"answer": "accept"}, 409),
        ("stop", {"place": "the bridge"}, "answer-stop", {"answer": "stopped"}, 409),
        ("demand", {"code": "cease-fire"}, "answer-demand", {"answer": "refuse"}, 409),
        ("send", {"text": "Fire hits us.", "precedence": "flash"}, "ack", {}, 200),
        ("send", {"text": "Six trucks at 0600Z."}, "read-back", {"text": "Six trucks at 0600Z."}, 400),
    ],
)
def test_of_officers_who_press_at_once_one_is_recorded_and_each_is_told(
    running: Stage, asked: str, arguments: dict[str, object], verb: str, press: dict[str, object], others: int
) -> None:
    alpha, bravo = running.parties
    entry = said(alpha, asked, **arguments)
    before = len(_held(running)[1])
    answers = _at_once(bravo, [{"verb": verb, "arguments": {"entry": entry, **press}}] * 8)
    new = [answer for answer in answers if answer.status == 200 and not answer.json()["repeated"]]
    assert len(new) == 1, answers
    for answer in answers:
        if answer is not new[0]:
            assert answer.status == others, answer
            if others != 200:
                readable(str(answer.json()["text"]), str(answer.json()["error"]))
    assert len(_held(running)[1]) == before + 1, "one entry"
    made = cast("list[str]", new[0].json()["ids"])[0]
    _same(running, made)


def test_two_officers_of_one_desk_hand_the_watch_over_once(running: Stage) -> None:
    alpha = running.alpha
    offers: list[JsonObject] = [
        {"verb": "hand-over", "arguments": {"by": name}} for name in ("Osprey", "Heron", "Kestrel", "Merlin")
    ]
    answers = _at_once(alpha, offers)
    (new,) = [answer for answer in answers if answer.status == 200]
    assert {answer.json()["error"] for answer in answers if answer is not new} == {"handover-under-way"}
    offer = cast("list[str]", new.json()["ids"])[0]
    said(alpha, "take-over", entry=offer, step="withdraw", reason="a test")
    assert _same(running, offer)["kind"] == "handover"


def _at_once(party: Party, presses: list[JsonObject]) -> list[Answer]:
    """Each from a connection and a desk of its own, sent when all stand ready."""
    ready = Barrier(len(presses))

    def press(number: int) -> Answer:
        body = json.dumps(presses[number]).encode()
        ready.wait(PATIENCE_S)
        desk = "watch" if presses[number]["verb"] == "hand-over" else f"W-{number}"
        return ask(party, "POST", f"/api/v1/lines/{LINE}/say?wait=received", body, {"X-Openline-Desk": desk})

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, range(len(presses))))


# A withdrawn officer's session


@dataclass
class Browser:
    """An officer's browser on loopback, with a passkey of its own."""

    port: int
    authenticator: Authenticator
    cookie: str = ""

    def ask(self, method: str, path: str, body: object = None, language: str = "en") -> tuple[int, JsonObject]:
        """One request with its cookie."""
        headers = {"Host": f"localhost:{self.port}", "X-Openline-Console": "1", "Accept-Language": language}
        headers |= {"Cookie": self.cookie} if self.cookie else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            given = answer.getheader("Set-Cookie")
            self.cookie = given.partition(";")[0] if given else self.cookie
            return answer.status, cast("JsonObject", json.loads(answer.read()))
        finally:
            connection.close()

    def register(self, code: str) -> None:
        """Take an invitation up: a passkey is made, and a session begins with it."""
        status, asked = self.ask("POST", "/passkeys/register/begin", {"invite": code})
        assert status == 200, asked
        made = self.authenticator.make(cast("JsonObject", asked["options"]))
        status, session = self.ask("POST", "/passkeys/register/finish", {"credential": made})
        assert status == 200, session


def test_the_session_of_an_officer_who_was_withdrawn_says_nothing_any_more(running: Stage) -> None:
    alpha = running.alpha
    port = int((alpha.folder / "openline.toml").read_text().rpartition("127.0.0.1:")[2].split('"')[0])
    browser = Browser(port, Authenticator(f"http://localhost:{port}"))
    invited = openline(alpha.folder, "officer", "invite", "watch", "--name", "A. Berg", "--json").json()
    browser.register(str(invited["code"]))
    body = {"verb": "send", "arguments": {"text": "The officer is here."}}
    status, taken = browser.ask("POST", f"/lines/{LINE}/say?wait=received", body)
    assert status == 200, taken
    listed = openline(alpha.folder, "officer", "list", "--json").json()
    officer = str(cast("list[JsonObject]", listed["officers"])[-1]["officer"])
    withdrawn = openline(alpha.folder, "officer", "withdraw", officer, "--reason", "the key was lost", "--json")
    assert (withdrawn.code, withdrawn.json()["sessions"]) == (0, 1)
    before: object = None
    while before != (before := _held(running)):  # until the withdrawal is on both records
        time.sleep(1)
    texts = set()
    for language in ("en", "fr"):
        for method, path, asked in (
            ("POST", f"/lines/{LINE}/say", {"verb": "stop", "arguments": {"place": "the bridge"}}),
            ("POST", f"/lines/{LINE}/say", body),
            ("PUT", "/watch", None),
            ("GET", "/status", None),
        ):
            status, told = browser.ask(method, path, asked, language)
            assert (status, told["error"]) == (403, "officer-withdrawn"), (path, told)
            texts.add(readable(str(told["text"]), "officer-withdrawn"))
    assert len(texts) == 2, "one sentence in each language"
    assert _held(running) == before
    entry = cast("list[str]", taken["ids"])[0]
    assert _same(running, entry)["text"] == "The officer is here.", "what was said before stays"
    _, begun = browser.ask("POST", "/passkeys/login/begin")
    signed = browser.authenticator.sign(cast("JsonObject", begun["options"]))
    status, told = browser.ask("POST", "/passkeys/login/finish", {"credential": signed})
    assert (status, told["error"]) == (403, "officer-withdrawn"), "nor does the key open a new one"


# Translations, long texts, characters that act, names


def test_a_translation_of_a_translation_is_refused_and_the_original_has_both(running: Stage) -> None:
    alpha, bravo = running.parties
    original = alpha.send("Дорога открыта.", language="ru")
    english = said(bravo, "translate", entry=original, text="The road is open.", language="en")
    again = {"entry": english, "text": "La route est ouverte.", "language": "fr"}
    for party in running.parties:
        told = refused(running, party, "translate", (400, "translation-of-translation"), **again)
        assert english.rpartition("/")[2] in told
    french = said(alpha, "translate", entry=original, text="La route est ouverte.", language="fr")
    for party in running.parties:
        assert set(cast("list[str]", party.entry(original)["translations"])) == {english, french}
        assert party.entry(original)["text"] == "Дорога открыта.", "the author's words are the authentic ones"


@pytest.mark.parametrize(
    ("verb", "arguments", "field"),
    [
        ("send", {}, "text"),
        ("reply", {"entry": ""}, "text"),
        ("read-back", {"entry": ""}, "text"),
        ("translate", {"entry": "", "language": "fr"}, "text"),
        ("stop", {"place": "the bridge"}, "text"),
        ("stop", {}, "place"),
        ("service", {}, "text"),
        ("ack", {"entry": ""}, "note"),
        ("ack", {"entry": ""}, "by"),
        ("demand", {"code": "cease-fire"}, "words"),
        ("request", {"level": "minister"}, "subject"),
        ("declare", {"status": "degraded"}, "reason"),
        ("hand-over", {}, "to"),
        ("name", {"id": "person:berg"}, "spellings"),
    ],
)
def test_a_text_of_200_000_characters_is_refused_wherever_it_stands(
    running: Stage, verb: str, arguments: dict[str, object], field: str
) -> None:
    alpha, bravo = running.parties
    if "entry" in arguments:
        arguments = {**arguments, "entry": bravo.send("Six trucks.")}
    long: object = [{"text": LONG, "language": "en"}] if field == "spellings" else LONG
    message_id = "spelling-too-long" if field == "spellings" else "text-too-long"
    told = refused(running, alpha, verb, (400, message_id), **arguments, **{field: long})
    assert "200,000" in told


def test_characters_that_act_are_kept_as_they_are_and_reach_no_terminal(running: Stage) -> None:
    alpha, bravo = running.parties
    message = alpha.send("Six trucks.")
    entries = {
        said(alpha, "stop", place=ACTS, text=ACTS): "text",
        said(bravo, "read-back", entry=message, text=ACTS): "text",
        said(bravo, "translate", entry=message, text=ACTS, language="ar"): "text",
        said(bravo, "ack", entry=message, note=ACTS, by=ACTS): "note",
        said(alpha, "demand", code="cease-fire", words=ACTS): "words",
        said(bravo, "name", id="person:berg", spellings=[{"text": ACTS, "language": "en"}]): "",
        said(alpha, "hand-over", by=ACTS): "by",
    }
    for entry, field in entries.items():
        shown = _same(running, entry)
        if field:
            assert cast("JsonObject", shown["body"])[field] == ACTS, "the record has what was said"
    for party in running.parties:
        for words in (("record", "show", LINE), ("stop", "list"), ("names", "list"), ("watch", "log"), ("status",)):
            for form in ((), ("--json",)):
                out = openline(party.folder, *words, *form).out
                for acts in "\x1b\x07\x00\x7f\u202e\u202c\u2066\u200b\u2028":
                    assert acts not in out, (words, form, hex(ord(acts)))
    (offer,) = [entry for entry, field in entries.items() if field == "by"]
    said(alpha, "take-over", entry=offer, step="withdraw")


def test_names_of_one_and_of_500_characters_are_taken_and_one_more_is_not(running: Stage) -> None:
    alpha, bravo = running.parties
    contact = said(
        alpha,
        "contact",
        level="minister",
        medium="video",
        began="2022-10-21",
        parties=["alpha", "bravo"],
        elsewhere=True,
    )
    assert PERSON_CHARACTERS_MAX == SPELLING_CHARACTERS_MAX == 500
    for name in ("O", "Ё", "y" * 500, "Ш" * 500, "\U0001f600" * 500):
        person = said(bravo, "state", entry=contact, fact="person", value=name)
        assert cast("JsonObject", _same(running, person)["body"])["value"] == name
        spelt = said(bravo, "name", id="person:long", spellings=[{"text": name, "language": "en"}])
        rows = cast("list[JsonObject]", cast("JsonObject", _same(running, spelt)["body"])["spellings"])
        assert [row["text"] for row in rows] == [name]
        found = ask(alpha, "GET", "/api/v1/names?id=person:long").json()
        assert name in json.dumps(found, ensure_ascii=False)
    told = refused(running, bravo, "state", (400, "name-too-long"), entry=contact, fact="person", value="y" * 501)
    assert "501" in told
    spelling = [{"text": "y" * 501, "language": "en"}]
    told = refused(running, bravo, "name", (400, "spelling-too-long"), id="person:long", spellings=spelling)
    assert "501" in told
    refused(running, bravo, "state", (400, "name-missing"), entry=contact, fact="person", value="")
    refused(running, bravo, "name", (400, "text-empty"), id="person:long", spellings=[{"text": " ", "language": "en"}])
