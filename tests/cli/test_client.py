"""HTTP to a node: what cannot be reached, what falls silent, what breaks off, each by its name."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from openline.base.errors import PathError, UsageError
from openline.cli.client import Node, Place
from openline.cli.exits import Refusal
from tests.cli.conftest import FakeNode
from tests.console.desk import LINE


@contextmanager
def _answering(folder: Path, answer: bytes) -> Iterator[Node]:
    """A node that answers one request with these bytes and hangs up; with none it stays silent."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(folder / "api.sock"))
    listener.listen()
    heard = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            if answer:
                connection.sendall(answer)
            else:
                heard.wait(60)

    thread = threading.Thread(target=serve)
    thread.start()
    node = Node(Place(folder / "api.sock"))
    try:
        yield node
    finally:
        node.close()
        heard.set()
        thread.join()
        listener.close()


def test_one_connection_serves_many_calls(node: FakeNode) -> None:
    caller = Node(Place(node.folder / "api.sock"))
    first = caller.get("/lines")
    connection = caller._connection
    assert caller.get("/status", {"line": LINE})["lines"] == first["lines"]
    assert caller._connection is connection
    caller.close()


def test_a_connection_that_the_node_has_closed_is_opened_again(node: FakeNode) -> None:
    caller = Node(Place(node.folder / "api.sock"))
    caller.get("/lines")
    node.close()
    node.open()
    assert caller.get("/lines")["lines"]
    caller.close()


def test_a_refusal_carries_the_node_s_sentence(node: FakeNode) -> None:
    caller = Node(Place(node.folder / "api.sock"))
    with pytest.raises(Refusal) as refused:
        caller.get("/lines/nowhere")
    assert (refused.value.message_id, refused.value.status) == ("line-unknown", 404)
    assert refused.value.text
    assert caller.get("/lines")["lines"], "the connection stays usable"
    caller.close()


def test_a_socket_may_lie_deeper_than_its_address_is_long(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)
    with pytest.raises(PathError, match="node-unreachable"):
        Node(Place(deep / "api.sock")).get("/lines")


def test_a_node_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(PathError, match="node-unreachable"):
        Node(Place(tmp_path / "api.sock")).get("/lines")


def test_a_node_that_says_nothing_is_silent(tmp_path: Path) -> None:
    with _answering(tmp_path, b"") as node, pytest.raises(PathError, match="node-silent"):
        node.post("/messages", {}, within_s=0.05)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc",
        b"nonsense\r\n\r\n",
    ],
)
def test_an_answer_that_breaks_off_is_no_answer(tmp_path: Path, answer: bytes) -> None:
    with _answering(tmp_path, answer) as node, pytest.raises(PathError, match="node-broke-off"):
        node.get("/lines")


def test_a_stream_that_breaks_off_is_no_whole_file(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    with _answering(tmp_path, head + b"3\r\nabc\r\n") as node, pytest.raises(PathError, match="node-broke-off"):
        list(node.pieces("/record/alpha-bravo/export"))


def test_a_failure_without_a_word_is_named_by_its_status(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 500 Oh\r\ncontent-length: 4\r\n\r\nOh!!"
    with _answering(tmp_path, answer) as node, pytest.raises(Refusal) as refused:
        node.get("/lines")
    assert (refused.value.message_id, refused.value.facts) == ("node-failed", {"status": 500})


def test_events_come_as_objects(node: FakeNode) -> None:
    caller = Node(Place(node.folder / "api.sock"))
    events = list(caller.events({}, 1.0, after=3))
    assert [(event["seq"], event["type"]) for event in events] == [(4, "entry"), (5, "entry"), (5, "beat")]
    caller.close()


def test_a_line_that_is_an_error_is_raised(tmp_path: Path) -> None:
    body = b'{"type":"progress","done":1,"total":2}\n{"error":"store-corrupt","text":"It is broken.","facts":{}}\n'
    head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body)
    with _answering(tmp_path, head + body) as node, pytest.raises(Refusal, match="store-corrupt"):
        list(node.json_lines("GET", "/record/alpha-bravo/verify"))


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:8080", "http://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="node-address-wrong"):
        Node(Place(None, url, "token")).get("/lines")
