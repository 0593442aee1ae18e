"""However a stream is cut into reads, its frames are the same; a frame that is too long is never waited for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.base.limits import FRAME_BYTES_MAX
from openline.transport.framing import Splitter
from tests.transport.ends import framed


def test_frames_of_one_read_come_together() -> None:
    assert Splitter().feed(framed(b"one") + framed(b"two")) == [b"one", b"two"]


def test_a_frame_waits_for_its_last_byte() -> None:
    splitter = Splitter()
    stream = framed(b"one")
    assert [splitter.feed(stream[n : n + 1]) for n in range(len(stream))] == [[]] * 6 + [[b"one"]]


@given(st.lists(st.binary(max_size=60)), st.lists(st.integers(1, 40), min_size=1))
def test_the_cuts_of_the_network_do_not_show(bodies: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(map(framed, bodies))
    splitter, found, start, turn = Splitter(), list[bytes](), 0, 0
    while start < len(stream):
        stop = start + cuts[turn % len(cuts)]
        found += splitter.feed(stream[start:stop])
        start, turn = stop, turn + 1
    assert found == bodies


def test_the_longest_frame_passes_in_many_reads() -> None:
    body = bytes(FRAME_BYTES_MAX)
    stream, splitter, found = framed(body) + framed(b"next"), Splitter(), list[bytes]()
    for start in range(0, len(stream), 16_384):
        found += splitter.feed(stream[start : start + 16_384])
    assert found == [body, b"next"]


def test_a_longer_one_is_refused_at_its_length() -> None:
    with pytest.raises(PeerError) as refused:
        Splitter().feed((FRAME_BYTES_MAX + 1).to_bytes(4, "big"))
    assert refused.value.message_id == "session-frame-too-large"
    assert refused.value.facts == {"size": FRAME_BYTES_MAX + 1, "limit": FRAME_BYTES_MAX}


@pytest.mark.fuzz
@given(st.lists(st.binary(max_size=200), max_size=20))
def test_made_up_bytes_are_frames_or_a_peer_error(reads: list[bytes]) -> None:
    splitter = Splitter()
    try:
        for read in reads:
            splitter.feed(read)
    except PeerError:
        pass
