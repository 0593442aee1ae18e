"""PUSH frames: cut at signed checkpoints, never larger than a frame may be, and together all that was ordered."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openline.base import codec
from openline.base.limits import BATCH_ENTRIES_MAX, FRAME_BYTES_MAX, PUSH_BYTES_MAX
from openline.base.time import MINUTE_US, Instant
from openline.link.events import SendEntries
from openline.link.frames import Push, encode_frame
from openline.node.pushes import pushes, weight
from openline.record.entry import Attachment, Draft, Precedence, Ref
from openline.record.log import Log, Pushed, fits
from openline.record.ports import Append
from tests.node.houses import ALPHA, BRAVO, START, House, message, origin, secrets_of
from tests.node.keepers import Side

ME, PEER = 0, 1
ORIGINS = (origin(ALPHA), origin(BRAVO))


def filled(*turns: list[Draft], clock: tuple[int, ...] = ()) -> Side:
    """Alpha with a log of these turns; `clock` moves its time before each of them."""
    side = Side(ALPHA)
    for number, drafts in enumerate(turns):
        side.now = Instant(side.now + (clock[number] if clock else 0))
        side.say(*drafts)
        side.turn()
    return side


def cut(side: Side, start: int, stop: int, reader: int = PEER) -> list[Push]:
    return pushes(SendEntries(1, ME, start, stop), ORIGINS, reader, side.keeper.held)


def accepted(side: Side, frames: list[Push], salt_key: bytes | None = None) -> Log:
    """A fresh copy of alpha's log, grown by the frames as a peer grows it."""
    head = next(head for head in House(BRAVO).store().heads() if head.origin == origin(ALPHA))
    log = Log(head)
    log.salt_key = side.keeper.own.salt_key if salt_key is None else salt_key
    for frame in frames:
        items = cast("list[codec.Value]", frame.items)
        pushed = Pushed(frame.base, frame.base_ms, items, frame.signature)
        append = log.check(pushed, secrets_of(ALPHA).log.public, ORIGINS, side.keeper.held)
        assert isinstance(append, Append)
        log.take(append)
    return log


def test_what_was_ordered_is_one_frame_when_it_fits() -> None:
    side = filled([message()] * 3, [message()] * 2)
    (frame,) = cut(side, 0, 5)
    assert (frame.base, len(frame.items)) == (0, 5)
    assert accepted(side, [frame]).size == 5


def test_a_stop_between_checkpoints_goes_on_to_the_next_one() -> None:
    side = filled([message()] * 3, [message()] * 4)
    assert [(frame.base, len(frame.items)) for frame in cut(side, 0, 5)] == [(0, 7)]
    assert [(frame.base, len(frame.items)) for frame in cut(side, 1, 2)] == [(1, 2)]


def test_nothing_is_sent_beyond_the_last_checkpoint() -> None:
    side = filled([message()] * 3)
    assert cut(side, 0, 4) == []


def test_what_does_not_fit_goes_as_several_frames_each_up_to_a_checkpoint() -> None:
    side = filled(*([message("x" * 50_000)] * 2 for _ in range(3)))
    frames = cut(side, 0, 6)
    assert [(frame.base, len(frame.items)) for frame in frames] == [(0, 2), (2, 2), (4, 2)]
    assert accepted(side, frames).size == 6


def test_small_batches_share_a_frame_as_far_as_they_fit() -> None:
    side = filled(*([message("x" * 40_000)] for _ in range(7)))
    frames = cut(side, 0, 7)
    assert [len(frame.items) for frame in frames] == [3, 3, 1]
    assert accepted(side, frames).size == 7


def test_a_peer_gets_our_entries_thin_and_its_own_whole() -> None:
    side = filled([message()])
    (thin,), (whole,) = cut(side, 0, 1), cut(side, 0, 1, reader=ME)
    assert isinstance(cast("list[object]", thin.items[0])[0], dict)
    assert isinstance(cast("list[object]", whole.items[0])[0], bytes)
    assert len(encode_frame(thin)) < len(encode_frame(whole))
    assert accepted(side, [whole], salt_key=bytes(32)).size == 1, "whole ones need nothing of what was lost"


def test_a_clock_that_was_set_back_makes_no_entry_travel_whole() -> None:
    side = filled([message()], [message()], clock=(0, -MINUTE_US))
    (frame,) = cut(side, 0, 2)
    assert all(isinstance(cast("list[object]", item)[0], dict) for item in frame.items)
    assert accepted(side, [frame]).size == 2


def wide(refs: int, body: int, attachments: int) -> Draft:
    """A draft that names much."""
    named = tuple(Ref(origin(BRAVO), 2**40, bytes(32)) for _ in range(refs))
    blobs = tuple(Attachment(2**20, bytes([number]) * 32) for number in range(attachments))
    return Draft(1, bytes(body), "w" * 64, named, blobs, Precedence.ROUTINE, START, mark=message().mark)


@pytest.mark.parametrize("reader", [PEER, ME], ids=["to the peer", "back to its author"])
@pytest.mark.parametrize(
    ("refs", "body", "attachments"), [(16, 60, 0), (0, 0, 16), (0, 250, 0), (16, 0, 16), (0, 65_000, 0)]
)
def test_the_largest_batch_that_may_be_said_fits_a_frame(refs: int, body: int, attachments: int, reader: int) -> None:
    drafts: list[Draft] = []
    while len(drafts) < BATCH_ENTRIES_MAX and fits([*drafts, wide(refs, body, attachments)]):
        drafts.append(wide(refs, body, attachments))
    assert drafts
    side = filled([message()], drafts)
    for frame in cut(side, 0, len(drafts) + 1, reader):
        assert len(encode_frame(frame)) - 4 <= FRAME_BYTES_MAX


sizes = st.one_of(st.integers(0, 300), st.integers(0, 60_000))


@settings(max_examples=60)
@given(
    st.lists(st.lists(sizes, min_size=1, max_size=5), min_size=1, max_size=6),
    st.lists(st.integers(-2 * MINUTE_US, 2 * MINUTE_US), min_size=6, max_size=6),
    st.data(),
)
def test_frames_are_never_too_large_and_bring_all_that_was_ordered(
    turns: list[list[int]], clock: list[int], data: st.DataObject
) -> None:
    batches = [[message("x" * size) for size in sizes] for sizes in turns]
    side = filled(*[batch for batch in batches if fits(batch)] or [[message()]], clock=tuple(clock))
    size = side.keeper.own.size
    stops = [one.size for one in side.store.checkpoints(origin(ALPHA), 0, 99)]
    start = data.draw(st.sampled_from([0, *stops[:-1]]))
    stop = data.draw(st.integers(start + 1, size))
    frames = cut(side, start, stop)
    assert all(len(encode_frame(frame)) - 4 <= FRAME_BYTES_MAX for frame in frames)
    assert [frame.base for frame in frames] == [start, *(frame.base + len(frame.items) for frame in frames)][:-1]
    assert all(frame.base + len(frame.items) in stops for frame in frames)
    assert frames[-1].base + len(frames[-1].items) == min(one for one in stops if one >= stop)
    several = [frame for frame in frames if frame.base + len(frame.items) - frame.base > 1]
    for frame in several:
        entries = side.store.entries(origin(ALPHA), frame.base, frame.base + len(frame.items))
        inner = [one for one in stops if frame.base < one < frame.base + len(frame.items)]
        assert not inner or weight(entries) <= PUSH_BYTES_MAX, "only a single batch may be larger"
    if start == 0:
        assert accepted(side, frames).size == frames[-1].base + len(frames[-1].items)


def test_the_weight_is_an_upper_bound() -> None:
    side = filled([wide(2, 100, 1), message("x" * 500)])
    entries = side.store.entries(origin(ALPHA), 0, 2)
    for reader in (ME, PEER):
        (frame,) = cut(side, 0, 2, reader)
        assert len(encode_frame(frame)) <= weight(entries) + 128
