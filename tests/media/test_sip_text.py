"""What may be handed on to the SIP stack: sizes, lines, the few headers, and nothing hidden in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.base.limits import SIP_BYTES_MAX
from openline.media.sip_text import Stream, read

GOOD = (
    "INVITE sip:line@192.0.2.1 SIP/2.0\r\n"
    "v: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKa\r\n"
    "From: <sip:desk@192.0.2.1>;tag=a\r\n"
    "t: <sip:line@192.0.2.1>\r\n"
    "i: abc\r\n"
    "CSeq: 1 INVITE\r\n"
    "Subject: a line\r\n that goes on\r\n"
    "l: 4\r\n"
    "\r\n"
    "body"
)
ANSWER = GOOD.replace("INVITE sip:line@192.0.2.1 SIP/2.0", "SIP/2.0 200 OK", 1)


def test_a_message_is_read_and_cut_to_its_length() -> None:
    assert read(GOOD.encode()) == GOOD
    assert read(ANSWER.encode()) == ANSWER
    assert read((GOOD + "more").encode()) == GOOD
    assert read(GOOD.replace("l: 4\r\n", "").encode()).endswith("\r\n\r\nbody")


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [
        ("a bare line end", "\r\nFrom", "\nFrom"),
        ("a carriage return", "\r\nFrom", "\rFrom"),
        ("a line end only the stack would see", "tag=a", "tag=a\u2028Contact: <sip:x@y>"),
        ("a form feed", "tag=a", "tag=a\x0cContact: <sip:x@y>"),
        ("a zero", "tag=a", "tag=\x00"),
        ("no method", "INVITE sip", " sip"),
        ("another protocol", "SIP/2.0\r\nv", "HTTP/1.1\r\nv"),
        ("a telephone number", "sip:line@192.0.2.1 ", "tel:+41 "),
        ("no via", "v: SIP", "w: SIP"),
        ("no from", "From", "Form"),
        ("an empty to", "t: <sip:line@192.0.2.1>", "t: "),
        ("no call-id", "i: abc\r\n", ""),
        ("two call-ids", "i: abc", "i: abc\r\nCall-ID: def"),
        ("another method in cseq", "1 INVITE", "1 BYE"),
        ("a huge cseq", "1 INVITE", "2147483648 INVITE"),
        ("a negative cseq", "1 INVITE", "-1 INVITE"),
        ("a header without a colon", "Subject: a", "Subject a"),
        ("a length beyond the end", "l: 4", "l: 5"),
        ("a length that is none", "l: 4", "l: x"),
        ("a negative length", "l: 4", "l: -4"),
        ("a length of other digits", "l: 4", "l: \u0664"),
        ("two lengths", "l: 4", "l: 4\r\nContent-Length: 2"),
        ("a body that is not plain", "body", "b\u00e9"),
        ("many proxies", "v: SIP", "v: a,a,a,a,a,a,a,a,a,SIP"),
        ("many lines", "Subject", "X: y\r\n" * 70 + "Subject"),
        ("a long line", "a line", "a" * 3_000),
        ("no end", "\r\n\r\nbody", "\r\nbody"),
    ],
)
def test_what_cannot_be_answered_or_hides_something_is_refused(what: str, old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises(PeerError) as refused:
        read(GOOD.replace(old, new, 1).encode())
    assert refused.value.message_id == "sip-wrong", what


def test_too_long_and_not_text_are_refused() -> None:
    for data in (b"x" * (SIP_BYTES_MAX + 1), b"\xff\xfe\r\n\r\n", b"", b"\r\n\r\n"):
        with pytest.raises(PeerError):
            read(data)


@pytest.mark.fuzz
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_made_up_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    for made_up in (data, GOOD.encode().replace(b"abc", data[:40]), data + GOOD.encode()):
        try:
            text = read(made_up)
        except PeerError:
            continue
        assert len(text.encode()) <= len(made_up)
        assert text.splitlines(keepends=False)[0] == text.split("\r\n", 1)[0]


def test_a_stream_is_cut_wherever_it_comes_apart() -> None:
    whole = (GOOD + ANSWER).encode()
    for step in (1, 7, 64, len(whole)):
        stream = Stream()
        messages = [one for at in range(0, len(whole), step) for one in stream.feed(whole[at : at + step])]
        assert messages == [GOOD.encode(), ANSWER.encode()]
        assert stream.pings == 0


def test_double_line_ends_between_messages_are_pings() -> None:
    stream = Stream()
    assert stream.feed(b"\r\n\r\n") == []
    assert stream.pings == 1
    assert stream.feed(b"\r\n" + GOOD.encode()) == [GOOD.encode()]
    assert stream.feed(b"\r") == []
    assert stream.feed(b"\n\r\n\r\n\r\n") == []
    assert stream.pings == 3


@pytest.mark.parametrize(
    "data",
    [
        b"x" * (SIP_BYTES_MAX + 1),
        GOOD.replace("l: 4\r\n", "").encode(),
        GOOD.replace("l: 4", "l: 999999").encode(),
        GOOD.replace("l: 4", "l: 4\r\nl: 4").encode(),
    ],
)
def test_a_stream_that_has_no_end_any_more_is_given_up(data: bytes) -> None:
    with pytest.raises(PeerError):
        Stream().feed(data)


@pytest.mark.fuzz
@given(st.lists(st.binary(max_size=60) | st.sampled_from([b"\r\n", b"\r\n\r\n", GOOD.encode()]), max_size=8))
def test_a_stream_of_anything_gives_messages_or_is_refused(pieces: list[bytes]) -> None:
    stream = Stream()
    try:
        for piece in pieces:
            assert all(b"\r\n\r\n" in message for message in stream.feed(piece))
    except PeerError:
        pass
