"""The vectors of docs/spec/api.md: a request for every operation, and what the fixed world of `FakeDesk` answers.

`python -m tests.console.vectors` writes docs/spec/openapi.json, and the vectors, which may change until released.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import cast

from starlette.types import ASGIApp

from openline.cli.reference import api_document
from tests.console.caller import Reply, ask
from tests.console.desk import DIGITS, LINE
from tests.console.entrance_vectors import entered, world

FILE = Path(__file__).resolve().parent.parent / "vectors/api.json"
DOCUMENT = FILE.parent.parent.parent / "docs/spec/openapi.json"
ATTACHMENT = b"attachment\n"
DIGEST = sha256(ATTACHMENT).hexdigest()
MESSAGE = {"text": "Convoy of six trucks leaves 0600Z", "precedence": "priority"}
HOLD = {"whole": True, "reason": "inquiry 12", "authority": "the judge advocate"}

SIGNATURE = {"credential": "Y3JlZA", "authenticator_data": "ZGF0YQ", "client_data": "e30", "signature": "c2lnbg"}
"""As a passkey answers, in form alone."""

SENTENCE = "A sentence in the asked language."

Json = dict[str, object]

REQUESTS: list[tuple[str, str, str, object]] = [
    ("send a message and wait until it is in their log", "POST", "/api/v1/messages?wait=received&timeout=10", MESSAGE),
    ("a message without text", "POST", "/api/v1/messages", {"precedence": "flash"}),
    ("a batch", "POST", "/api/v1/messages/batch", {"messages": [MESSAGE, {"text": "Second"}]}),
    ("test the line", "POST", "/api/v1/tests?wait=answered", None),
    (
        "say any verb",
        "POST",
        f"/api/v1/lines/{LINE}/say",
        {"verb": "service", "arguments": {"text": "We see loss on the fibre"}},
    ),
    ("a verb nobody knows", "POST", f"/api/v1/lines/{LINE}/say", {"verb": "approve", "arguments": {}}),
    ("displayed", "POST", "/api/v1/entries/bravo:14/read", {}),
    ("accepted", "POST", "/api/v1/entries/bravo:14/ack", {"note": "watch has it"}),
    ("passed", "POST", "/api/v1/entries/bravo:14/pass", {"to": "ops"}),
    ("answered", "POST", "/api/v1/entries/bravo:14/reply", {"text": "Understood"}),
    ("signed", "POST", "/api/v1/entries/alpha:7/sign", SIGNATURE),
    ("withdrawn", "POST", "/api/v1/entries/alpha:7/withdraw", {"reason": "wrong line"}),
    ("corrected", "POST", "/api/v1/entries/alpha:7/correct", {"text": "0700Z", "change": "time"}),
    ("translated", "POST", "/api/v1/entries/bravo:14/translate", {"text": "Bonsoir", "language": "fr"}),
    ("stated", "POST", "/api/v1/entries/alpha:7/state", {"fact": "tone", "value": "professional"}),
    ("a readout", "POST", "/api/v1/entries/alpha:7/publish", {"text": "We spoke for an hour."}),
    ("a request answered", "POST", "/api/v1/entries/bravo:14/answer-request", {"answer": "accept"}),
    ("a charter answered", "POST", "/api/v1/entries/bravo:14/answer-charter", {"answer": "assent"}),
    ("a charter taken back", "POST", "/api/v1/entries/alpha:7/withdraw-charter", {}),
    ("notice", "POST", "/api/v1/entries/bravo:14/denounce-charter", {"reason": "a new commander"}),
    ("a demand answered", "POST", "/api/v1/entries/bravo:14/answer-demand", {"answer": "note"}),
    ("an allegation answered", "POST", "/api/v1/entries/bravo:14/answer-allegation", {"reply": "deny"}),
    ("the status", "GET", "/api/v1/status", None),
    ("the lines", "GET", "/api/v1/lines", None),
    ("one line", "GET", f"/api/v1/lines/{LINE}", None),
    ("a line that is not ours", "GET", "/api/v1/lines/nowhere", None),
    ("messages of the other side", "GET", "/api/v1/messages?origin=theirs&count=2", None),
    ("entries", "GET", "/api/v1/entries?count=1", None),
    ("an entry", "GET", "/api/v1/entries/bravo:14", None),
    ("contacts since a day", "GET", "/api/v1/contacts?since=2022-02-24&level=minister", None),
    ("a contact by its day", "GET", "/api/v1/contacts/2022-05-13", None),
    ("a day without a contact", "GET", "/api/v1/contacts/2022-05-14", None),
    ("readouts of both sides", "GET", "/api/v1/readouts/compare?left=alpha:0&right=alpha:0", None),
    ("the charters", "GET", f"/api/v1/charters?line={LINE}", None),
    ("a charter beside the one in force", "GET", "/api/v1/charters/bravo:1", None),
    ("a charter that is none", "GET", "/api/v1/charters/alpha:9", None),
    ("a STOP", "POST", f"/api/v1/lines/{LINE}/say", {"verb": "stop", "arguments": {"place": "the bridge"}}),
    ("a STOP answered", "POST", "/api/v1/entries/bravo:14/answer-stop", {"answer": "stopped"}),
    ("who it was", "POST", "/api/v1/entries/alpha:7/tap", {"by": "watch-2"}),
    ("STOPs", "GET", "/api/v1/stops", None),
    ("a hold placed", "POST", f"/api/v1/lines/{LINE}/say", {"verb": "hold", "arguments": HOLD}),
    (
        "a hold lifted",
        "POST",
        "/api/v1/entries/alpha:7/lift-hold",
        {"reason": "closed", "authority": "the judge advocate"},
    ),
    ("a dispute pack", "GET", f"/api/v1/record/{LINE}/pack?about=bravo:14&redact=alpha:7", None),
    ("legal holds", "GET", "/api/v1/holds", None),
    ("retention classes", "GET", "/api/v1/retention", None),
    ("what is due counted", "POST", "/api/v1/retention/run", {"dry_run": True}),
    ("the members of a line", "GET", f"/api/v1/members?line={LINE}", None),
    (
        "coming onto a line of several",
        "POST",
        "/api/v1/members/enter",
        {"line": "alpha-bravo-charlie", "members": ["alpha.example", "bravo.example"]},
    ),
    ("assented to", "POST", "/api/v1/entries/bravo:14/assent", {"fingerprint": DIGITS}),
    ("a proposal refused", "POST", "/api/v1/entries/bravo:14/refuse-membership", {"reason": "not now"}),
    ("roger", "POST", "/api/v1/entries/bravo:14/respond", {"code": "roger"}),
    ("read back", "POST", "/api/v1/entries/bravo:14/read-back", {"text": "Six trucks"}),
    ("confirmed", "POST", "/api/v1/entries/alpha:7/confirm", {}),
    ("said anew", "POST", "/api/v1/entries/alpha:7/reissue", {"text": "Seven trucks"}),
    ("requests for calls", "GET", "/api/v1/requests", None),
    ("demands", "GET", "/api/v1/demands", None),
    ("warnings", "GET", "/api/v1/warnings", None),
    ("allegations", "GET", "/api/v1/allegations", None),
    ("calls that recur", "GET", "/api/v1/recurring", None),
    ("a name and its contacts", "GET", "/api/v1/mentions?name=Shoigu", None),
    ("a name nobody has", "GET", "/api/v1/mentions?name=Nobody", None),
    ("no name", "GET", "/api/v1/mentions", None),
    ("search", "GET", "/api/v1/search?q=Cho%C3%AFgou&party=bravo&count=1", None),
    ("search for nothing", "GET", "/api/v1/search?q=%2A", None),
    ("names", "GET", "/api/v1/names?id=person:shoigu", None),
    ("terms", "GET", f"/api/v1/terms?line={LINE}", None),
    ("a step of a handover", "POST", "/api/v1/entries/alpha:2/take-over", {"step": "take"}),
    ("the watch", "GET", "/api/v1/watch", None),
    ("drills", "GET", "/api/v1/watch?mark=EXERCISE&count=5", None),
    ("the operating procedure of a line", "GET", f"/api/v1/sop?line={LINE}", None),
    ("the silence ledger", "GET", "/api/v1/silences", None),
    ("the monthly report", "GET", f"/api/v1/report?line={LINE}&month=2026-11", None),
    ("a report at sizes not held", "GET", "/api/v1/report?month=2026-11&at=alpha:9,bravo:400", None),
    ("a report of no month", "GET", "/api/v1/report?month=2026-13", None),
    ("a report without a month", "GET", "/api/v1/report", None),
    ("the page of the report", "GET", "/api/v1/report/page?month=2026-11", None),
    ("raw leaves", "GET", f"/api/v1/record/{LINE}/log/bravo.example?count=1", None),
    ("the bundle", "GET", f"/api/v1/record/{LINE}/export", None),
    ("check the record", "GET", f"/api/v1/record/{LINE}/verify", None),
    ("how much of an attachment is there", "GET", f"/api/v1/blobs/{DIGEST}/offset?size={len(ATTACHMENT)}", None),
    ("an attachment", "PUT", f"/api/v1/blobs/{DIGEST}", ATTACHMENT),
    ("the attachment back", "GET", f"/api/v1/blobs/{DIGEST}", None),
    ("ring", "POST", f"/api/v1/calls?line={LINE}", {"action": ["watch"], "subject": "The convoy"}),
    ("ring for something that is no role", "POST", "/api/v1/calls", {"role": "watch"}),
    ("calls", "GET", "/api/v1/calls", None),
    ("open calls", "GET", f"/api/v1/calls?line={LINE}&open=true", None),
    ("one call", "GET", "/api/v1/calls/alpha:3", None),
    ("a call that is none", "GET", "/api/v1/calls/alpha:4", None),
    ("answer", "POST", "/api/v1/calls/bravo:2/steps", {"step": "answered"}),
    ("a step that only a node takes", "POST", "/api/v1/calls/bravo:2/steps", {"step": "missed"}),
    ("recordings", "GET", f"/api/v1/recordings?line={LINE}", None),
    ("the recording of a call", "GET", "/api/v1/recordings/alpha:3", None),
    ("a recording checked", "GET", "/api/v1/recordings/alpha:3/verify", None),
    ("a recorded stream to play", "GET", "/api/v1/recordings/alpha:3/ogg?stream=2", None),
    ("a recorded stream that is none", "GET", "/api/v1/recordings/alpha:3/ogg?stream=7", None),
    (
        "an interpreter's seat",
        "POST",
        "/api/v1/calls/alpha:3/seats",
        {"desk": "booth", "kind": "interpreter", "listens": ["watch"], "speaks": ["watch", "ops"]},
    ),
    ("be heard", "POST", "/api/v1/calls/alpha:3/gate", {"open": True}),
    ("be heard in a call that is over", "POST", "/api/v1/calls/bravo:2/gate", {"open": True}),
    ("offer sound", "POST", "/api/v1/legs", {"sdp": "v=0\r\n"}),
    ("legs", "GET", "/api/v1/legs", None),
    ("end a leg", "DELETE", "/api/v1/legs/7", None),
    ("end somebody else's leg", "DELETE", "/api/v1/legs/9", None),
    ("open an invitation", "POST", "/api/v1/pair/open", b"invitation of bravo\n"),
    (
        "pair",
        "POST",
        "/api/v1/pair/confirm",
        {"invitation": "aW52aXRhdGlvbg==", "fingerprint": DIGITS, "confirmed_by": "Aune", "line": LINE},
    ),
    (
        "other digits",
        "POST",
        "/api/v1/pair/confirm",
        {"invitation": "aW52aXRhdGlvbg==", "fingerprint": "0" * 30, "confirmed_by": "Aune"},
    ),
    (
        "a card accepted without a line",
        "POST",
        "/api/v1/members/accept",
        {"invitation": "aW52aXRhdGlvbiBvZiBicmF2bwo=", "fingerprint": DIGITS, "confirmed_by": "Aune"},
    ),
    ("our invitation", "GET", "/api/v1/card", None),
    ("on watch", "PUT", "/api/v1/watch", None),
    ("off watch", "DELETE", "/api/v1/watch", None),
    ("the doctor", "GET", "/api/v1/doctor", None),
    ("a backup", "POST", "/api/v1/backup", {"target": "/mnt/backup/one"}),
    ("events after 4", "GET", "/api/v1/events?after=4", None),
    ("metrics", "GET", "/metrics", None),
    ("life", "GET", "/healthz", None),
]


def asked(app: ASGIApp, request: Json) -> Reply:
    """Send the request of a vector."""
    body = bytes.fromhex(str(request["bytes"])) if "bytes" in request else request.get("json")
    headers = cast("dict[str, str]", request.get("headers", {}))
    return ask(app, str(request["method"]), str(request["target"]), body, headers)


def answer_of(reply: Reply) -> Json:
    """An answer as a vector has it."""
    media = reply.headers["content-type"].split(";")[0]
    answer: Json = {"status": reply.status, "type": media}
    if media == "application/json":
        value = reply.json()
        # The sentence of a refusal is for people and may be worded better at any time.
        answer["json"] = {**value, "text": SENTENCE} if "error" in value else value
    elif media == "application/jsonl":
        answer["lines"] = reply.lines()
    elif media.startswith("text/"):
        answer["text"] = reply.body.decode()
    else:
        answer["bytes"] = reply.body.hex()
    return answer


def made() -> list[Json]:
    """Every vector, from one desk, in order."""
    with world() as app:
        vectors = [_vector(app, *row) for row in REQUESTS]
        ways_in: list[Json] = [
            {"name": name, "request": request, "answer": answer_of(reply)}
            for name, request, reply in entered(app, asked)
        ]
        return [*vectors, *ways_in]


def _vector(app: ASGIApp, name: str, method: str, target: str, body: object) -> Json:
    request: Json = {"method": method, "target": target}
    if method == "POST" and "/pair/" not in target and "/backup" not in target:
        request["headers"] = {"Idempotency-Key": f"example-{name.replace(' ', '-')}"}
    if isinstance(body, bytes):
        request["bytes"] = body.hex()
    elif body is not None:
        request["json"] = body
    return {"name": name, "request": request, "answer": answer_of(asked(app, request))}


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
    DOCUMENT.write_text(api_document(), encoding="utf-8")
