"""What people and programs ask that cannot be: one sentence that says what to do, the exit code, nothing lost."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from openline.base.limits import REQUEST_BYTES_MAX
from openline.cli.client import JsonObject
from openline.cli.stage import Stage
from openline.node.config import read_config
from openline.node.folder import Folder
from tests.process.houses import (
    LINE,
    PATIENCE_S,
    Furnished,
    ask,
    clear,
    leaves,
    open_both,
    openline,
    readable,
    sentence,
    verifies,
)

pytestmark = pytest.mark.process

# What a folder or a port can be


@pytest.mark.parametrize("door", ["path", "http"])
def test_a_port_that_is_taken_is_named_and_the_next_start_has_it(houses: Stage, door: str) -> None:
    alpha = houses.alpha
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config = alpha.folder / "openline.toml"
        right = config.read_text()
        if door == "path":
            listen = read_config(alpha.folder).path[0].listen
            config.write_text(right.replace(f'listen = "{listen}"', f'listen = "127.0.0.1:{port}"'))
        else:
            config.write_text(f'{right}\n[http]\nlisten = "127.0.0.1:{port}"\n')
        ran = openline(alpha.folder, "node", "run", "--json")
        told = sentence(ran, "path-port-taken" if door == "path" else "port-taken", 10)
        assert door == "http" or str(port) in told
        assert openline(alpha.folder, "node", "doctor").code == 1
        assert not (alpha.folder / "api.sock").exists()
    config.write_text(right)
    alpha.start()


@pytest.mark.parametrize(
    ("what", "text", "word"),
    [
        ("unknown key", '[party]\nid = "alpha.example"\n\n[party.names]\n\n[desk]\ncolour = "red"\n', "colour"),
        ("not TOML", '[party\nid = "alpha.example"\n', "line 1"),
        ("wrong type", '[party]\nid = "alpha.example"\n\n[tests]\nevery_minutes = "often"\n', "every_minutes"),
        ("not an address", '[party]\nid = "alpha.example"\n\n[[path]]\nname = "fibre"\nlisten = "7443"\n', "7443"),
        ("not loopback", '[party]\nid = "alpha.example"\n\n[http]\nlisten = "0.0.0.0:8440"\n', "loopback"),
    ],
)
def test_a_configuration_that_is_wrong_is_named_with_its_file(houses: Stage, what: str, text: str, word: str) -> None:
    config = houses.alpha.folder / "openline.toml"
    config.write_text(text)
    message_id = "config-unreadable" if what == "not TOML" else "config-wrong"
    told = sentence(openline(config.parent, "node", "run", "--json"), message_id, 2)
    assert word in told
    assert str(config) in told


def test_without_json_the_same_sentence_stands_alone_on_standard_error(houses: Stage) -> None:
    config = houses.alpha.folder / "openline.toml"
    config.write_text("[party")
    told = sentence(openline(config.parent, "node", "run", "--json"), "config-unreadable", 2)
    plain = openline(config.parent, "node", "run")
    assert (plain.code, plain.out, plain.err) == (2, "", f"openline: {told}\n")
    assert told in openline(config.parent, "node", "doctor").out


def test_a_folder_without_a_party_or_without_a_folder_says_what_to_do(houses: Stage, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    needs_a_party: list[tuple[str, ...]] = [("node", "run"), ("card", "export", "-o", str(tmp_path / "card"))]
    needs_a_node: list[tuple[str, ...]] = [("status",), ("send", LINE, "Nobody hears this."), ("inbox",)]
    for folder in (empty, tmp_path / "nowhere"):
        for words in needs_a_party:
            told = openline(folder, *words, "--json")
            assert told.code == 2, told
            assert "openline init" in readable(str(told.error()["text"]))
        for words in needs_a_node:
            assert "openline node run" in sentence(openline(folder, *words, "--json"), "node-unreachable", 9)
    assert list(empty.iterdir()) == []
    alpha = houses.alpha
    (alpha.folder / "keys" / "node.cbor").rename(alpha.folder / "elsewhere")
    assert "openline init" in sentence(openline(alpha.folder, "node", "run", "--json"), "no-party-here", 2)
    (alpha.folder / "keys" / "node.cbor").write_bytes(b"not keys")
    sentence(openline(alpha.folder, "node", "run", "--json"), "node-keys-unreadable", 2)


# What is asked of a node that runs. It is one node for all of these: each must leave it as it was.


@pytest.fixture(scope="module")
def running(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Both nodes, alpha's with a door on loopback as well; in the end they still agree, and the record verifies."""
    stage = furnished.furnish(tmp_path_factory.mktemp("running"))
    config = stage.alpha.folder / "openline.toml"
    config.write_text(f'{config.read_text()}\n[http]\nlisten = "127.0.0.1:{_free_port()}"\n')
    try:
        open_both(stage)
        yield stage
        alpha, bravo = stage.parties
        last = alpha.send("After all of this.")
        assert bravo.entry(last)["text"] == "After all of this."
        assert leaves(alpha.node, alpha.id) == leaves(bravo.node, alpha.id)
        verifies(alpha.folder)
    finally:
        clear(stage)


@pytest.fixture
def unchanged(running: Stage) -> Iterator[Stage]:
    """The running pair; the test must put nothing on the record."""
    before = len(leaves(running.alpha.node, running.alpha.id))
    yield running
    assert [leaf.tags for leaf in leaves(running.alpha.node, running.alpha.id, before) if leaf.tags] == []


@pytest.mark.parametrize(
    ("words", "message_id"),
    [
        (("send", "alpha-zulu", "Hello."), "line-unknown"),
        (("status", "alpha-zulu"), "line-unknown"),
        (("read", "bravo:99999"), "entry-unknown"),
        (("ack", "bravo:99999"), "entry-unknown"),
        (("ack", "zulu:1"), "entry-party-unknown"),
        (("reply", "bravo", "Hello."), "entry-id-wrong"),
        (("send", LINE, "   "), "text-empty"),
        (("send", LINE, "Hello.", "--file", "no-such-file"), "file-unreadable"),
        (("send", LINE, "Hello.", "--answer-by", "soon"), "time-unreadable"),
        (("send", LINE, "Hello.", "--action", "WATCH!"), "role-wrong"),
        (("send", LINE, "Hello.", "-p", "flash"), "confirmation-needed"),
        (("withdraw", "alpha:0"), "confirmation-needed"),
        (("record", "export", "alpha-zulu", "-o", "/nowhere/at/all.olx"), None),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(
    unchanged: Stage, words: tuple[str, ...], message_id: str | None
) -> None:
    ran = openline(unchanged.alpha.folder, *words, "--json")
    readable(str(ran.error()["text"]), str(ran.error()["error"]))
    assert (ran.code, ran.out) == (2, "")
    if message_id is not None:
        assert ran.error()["error"] == message_id, ran


def test_a_word_that_is_no_option_is_said_to_be_none(unchanged: Stage) -> None:
    for words in (("send", LINE, "Hello.", "--urgent"), ("sendd",), ("ack",), ("send", LINE, "x", "-p", "soon")):
        ran = openline(unchanged.alpha.folder, *words)
        assert ran.code == 2, words
        assert "Traceback" not in ran.err
        assert ran.out == ""


@pytest.mark.parametrize("precedence", ["flash", "immediate"])
def test_an_urgent_message_of_201_words_is_refused_and_of_200_goes(running: Stage, precedence: str) -> None:
    folder = running.alpha.folder
    yes = ("-p", precedence, "--yes", "--reason", "a test of the limit", "--json")
    told = sentence(openline(folder, "send", LINE, "word " * 201, *yes), "message-too-many-words", 2)
    assert "201" in told
    by_api = ask(running.alpha, "POST", "/api/v1/messages", _json(text="word " * 201, precedence=precedence))
    assert (by_api.status, by_api.json()["error"]) == (400, "message-too-many-words")
    assert openline(folder, "send", LINE, "word " * 200, *yes).code == 0


def test_a_text_of_200_000_characters_is_refused_before_and_behind_the_door(unchanged: Stage) -> None:
    text = "x" * 200_000
    ran = openline(unchanged.alpha.folder, "send", LINE, "--json", typed=text.encode())
    sentence(ran, "text-too-long", 2)
    by_api = ask(unchanged.alpha, "POST", "/api/v1/messages", _json(text=text))
    assert (by_api.status, by_api.json()["error"]) == (400, "text-too-long")
    assert ask(unchanged.alpha, "POST", "/api/v1/messages", _json(text="é" * 40_000)).status == 400


def test_what_is_not_utf8_is_refused(unchanged: Stage) -> None:
    ran = openline(unchanged.alpha.folder, "send", LINE, "--json", typed=b"caf\xe9")
    sentence(ran, "text-not-utf8", 2)
    raw = ask(unchanged.alpha, "POST", "/api/v1/messages", b'{"text": "caf\xe9"}')
    assert (raw.status, raw.json()["error"]) == (400, "request-wrong")
    lone = ask(unchanged.alpha, "POST", "/api/v1/messages", b'{"text": "\\ud800"}')
    assert lone.status == 400
    readable(str(lone.json()["text"]))


def test_characters_that_act_are_kept_and_shown_as_what_they_are(running: Stage) -> None:
    """Escape moves the cursor, an override turns the reading around, a bell rings: none of it reaches a terminal."""
    alpha, bravo = running.parties
    text = "one\x1b[2Jtwo \u202ethree\u202c \u2066four\u2069 \x07five\x00six\x7f\u200bseven\u2028eight\r\nnine"
    sent = ask(alpha, "POST", "/api/v1/messages?wait=received", _json(text=text))
    if sent.status != 200:
        assert sent.json()["error"] == "text-unreadable"
        pytest.fail("they may be refused, but then this test must say which")
    entry = cast("list[str]", sent.json()["ids"])[0]
    assert bravo.entry(entry)["text"] == text.replace("\r\n", "\n") or bravo.entry(entry)["text"] == text
    for words in (("read", entry, "--no-receipt"), ("inbox",), ("record", "show", LINE)):
        for form in ((), ("--json",)):
            out = openline(bravo.folder, *words, *form).out
            for acts in "\x1b\x07\x00\x7f\r\u202e\u202c\u2066\u200b\u2028":
                assert acts not in out, (words, form, hex(ord(acts)))
            assert "one" in out
            assert "seven" in out
    shown = cast("JsonObject", openline(bravo.folder, "read", entry, "--no-receipt", "--json").json()["entry"])
    assert "one\x1b[2Jtwo" in str(shown["text"]), "a program gets the text itself"


# What comes over HTTP


def test_a_request_without_a_right_token_is_refused(unchanged: Stage) -> None:
    port, token = _door(unchanged)
    for given in ({}, {"Authorization": "Bearer " + "0" * 64}, {"Authorization": f"Basic {token}"}):
        for method, path in (("GET", "/api/v1/status"), ("POST", "/api/v1/messages"), ("GET", "/metrics")):
            refused = ask(port, method, path, b"{}" if method == "POST" else None, given)
            assert (refused.status, refused.json()["error"]) == (401, "token-needed"), (given, path)
            readable(str(refused.json()["text"]))
    assert ask(port, "GET", "/api/v1/status", headers={"Authorization": f"Bearer {token}"}).status == 200
    assert ask(port, "GET", "/healthz").status == 200


def test_the_command_line_says_what_is_wrong_with_a_token(unchanged: Stage, tmp_path: Path) -> None:
    port, _ = _door(unchanged)
    wrong = tmp_path / "token"
    wrong.write_text("0" * 64)
    at = ("--node", f"http://127.0.0.1:{port}")
    nowhere = tmp_path / "none"
    sentence(openline(nowhere, "status", *at, "--token-file", str(wrong), "--json"), "token-needed", 8)
    sentence(openline(nowhere, "status", *at, "--json"), "token-file-needed", 2)
    right = str(Folder(unchanged.alpha.folder).token)
    assert openline(nowhere, "status", *at, "--token-file", right, "--json").code == 0
    sentence(
        openline(nowhere, "status", "--node", "gopher://x", "--token-file", right, "--json"), "node-address-wrong", 2
    )
    closed = ("--node", f"http://127.0.0.1:{_free_port()}")
    sentence(openline(nowhere, "status", *closed, "--token-file", right, "--json"), "node-unreachable", 9)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "truncated"),
        (b"not json", "JSON"),
        (b"[]", "object"),
        (b'{"text": 7}', "text"),
        (b'{"text": "Hello.", "colour": "red"}', "colour"),
        (b'{"text": "Hello.", "precedence": "soon"}', "precedence"),
        (b"[" * 100_000, "request"),
    ],
)
def test_a_body_that_is_wrong_is_refused_and_the_field_is_named(unchanged: Stage, body: bytes, word: str) -> None:
    refused = ask(unchanged.alpha, "POST", "/api/v1/messages", body)
    assert refused.status == 400, refused
    assert refused.json()["error"] in ("request-wrong", "arguments-wrong")
    told = readable(str(refused.json()["text"]), str(refused.json()["error"]))
    assert word.lower() in told.lower(), told


def test_a_message_of_no_words_is_refused(unchanged: Stage) -> None:
    for body in (b'{"precedence": "flash"}', b'{"text": ""}', b'{"text": " "}'):
        refused = ask(unchanged.alpha, "POST", "/api/v1/messages", body)
        assert (refused.status, refused.json()["error"]) == (400, "text-empty"), refused
        readable(str(refused.json()["text"]), "text-empty")


def test_a_huge_body_is_refused_before_it_is_read(unchanged: Stage) -> None:
    refused = ask(unchanged.alpha, "POST", "/api/v1/messages", b" " * (REQUEST_BYTES_MAX + 1))
    assert (refused.status, refused.json()["error"]) == (413, "request-too-large")
    readable(str(refused.json()["text"]))
    claimed = _claimed(unchanged, 10**12)
    assert b" 413 " in claimed.split(b"\r\n")[0]


def test_a_wrong_route_or_query_is_refused(unchanged: Stage) -> None:
    for method, path, status, error in (
        ("GET", "/api/v1/nothing", 404, "address-unknown"),
        ("GET", "/", 404, "address-unknown"),
        ("DELETE", "/api/v1/messages", 405, "method-not-allowed"),
        ("GET", "/api/v1/messages?colour=red", 400, "request-wrong"),
        ("GET", "/api/v1/messages?count=100000", 400, "request-wrong"),
        ("GET", "/api/v1/messages?line=alpha-zulu", 404, "line-unknown"),
        ("GET", "/api/v1/entries/bravo:77777", 404, "entry-unknown"),
        ("GET", "/api/v1/blobs/" + "0" * 64, 404, "attachment-missing"),
        ("GET", "/api/v1/blobs/zz", 400, "request-wrong"),
    ):
        refused = ask(unchanged.alpha, method, path)
        assert (refused.status, refused.json()["error"]) == (status, error), (method, path, refused)
        readable(str(refused.json()["text"]), error)
    for key in ("", "k" * 201, "caf\xe9"):
        refused = ask(unchanged.alpha, "POST", "/api/v1/messages", _json(text="Hello."), {"Idempotency-Key": key})
        assert (refused.status, refused.json()["error"]) == (400, "key-wrong"), key


def test_bytes_that_are_not_http_end_their_own_connection_only(unchanged: Stage) -> None:
    for said in (b"\x16\x03\x01\x02\x00\x01\x00\x01", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 1_000, b"A" * 200_000):
        with closing(socket.socket(socket.AF_UNIX)) as raw:
            raw.settimeout(2)
            raw.connect(str(unchanged.alpha.folder / "api.sock"))
            try:
                raw.sendall(said)
                raw.recv(1_000)
            except OSError:
                pass
    assert ask(unchanged.alpha, "GET", "/healthz").status == 200


def _json(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def _door(stage: Stage) -> tuple[int, str]:
    listen = read_config(stage.alpha.folder).http.listen
    assert listen is not None
    return int(listen.rpartition(":")[2]), Folder(stage.alpha.folder).token.read_text().split()[0]


def _claimed(stage: Stage, size: int) -> bytes:
    """What comes back for a request that claims this size and sends nothing of it."""
    with closing(socket.socket(socket.AF_UNIX)) as raw:
        raw.settimeout(PATIENCE_S)
        raw.connect(str(stage.alpha.folder / "api.sock"))
        raw.sendall(b"POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size)
        return raw.recv(1_000)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
