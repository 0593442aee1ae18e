"""Calls through a real voice process: each packet is counted, and none is lost on its way. Times are not judged."""

from __future__ import annotations

import os
import socket

import pytest

from bench.voice_calls import drops, measured, told
from bench.voice_far import FarPath, read_stamped, stamped
from bench.voice_generator import CALLS_OF_A_LINE, WARM_FRAMES, Way
from openline.base.limits import VOICE_STREAMS_MAX
from openline.media.wire_keys import wire_keys
from openline.media.wire_seal import Kind, Label, Opener, read_label

pytestmark = pytest.mark.process

CALLS = 3


def test_calls_through_one_voice_process_lose_no_packet_either_way() -> None:
    carried = measured(CALLS, 1.0)
    assert carried.out.sent == carried.back.sent == CALLS * (WARM_FRAMES + 50)
    assert (carried.out.lost, carried.back.lost) == (0, 0), told(carried)
    assert (carried.out.twice, carried.back.twice) == (0, 0), told(carried)
    assert carried.dropped == (0, 0)
    assert (carried.gaps, carried.strange) == (0, 0)
    assert len(carried.out.took) == len(carried.back.took) == CALLS * 50
    assert min(carried.out.took) > 0, "the system's clock and ours are the same"
    assert carried.cpu > 0


def test_more_calls_of_a_line_than_it_may_have_streams_are_not_asked_for() -> None:
    assert CALLS_OF_A_LINE <= VOICE_STREAMS_MAX


def test_a_way_knows_what_was_lost_and_what_came_twice() -> None:
    made = Way()
    payloads = [made.leaves(1, number) for number in (1, 2, WARM_FRAMES + 1)]
    assert len(set(map(len, payloads))) == 1
    for payload in (payloads[0], payloads[2], payloads[2]):
        made.came(payload, 2_000_000_000_000_000_000)
    assert (made.sent, made.lost, made.twice, len(made.took)) == (3, 1, 1, 1)


def test_gaps_on_a_path_are_counted_however_the_datagrams_came() -> None:
    path = FarPath("fibre")
    for sequence in (65_534, 65_535, 1, 0, 4):
        path.count(sequence)
    assert path.gaps == 2
    path.socket.close()


def test_a_far_path_speaks_with_the_keys_of_who_was_dialled() -> None:
    path = FarPath("fibre")
    keys = wire_keys(path.secret, dialled=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as node:
        stamped(node)
        node.bind(("127.0.0.1", 0))
        path.node = node.getsockname()
        assert path.send(Kind.SOUND, b"hello") == 0
        ((data, place, at),) = read_stamped(node)
        assert place == path.place
        assert at > 0
        label = read_label(data)
        assert isinstance(label, Label)
        assert Opener(keys.theirs, closed=False).open(label, data) == b"hello"
    path.socket.close()


def test_datagrams_that_find_no_room_are_seen() -> None:
    before = drops(os.getpid())
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as full,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own,
    ):
        full.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        full.bind(("127.0.0.1", 0))
        for _ in range(50):
            own.sendto(bytes(1_000), full.getsockname())
        assert drops(os.getpid()) > before
