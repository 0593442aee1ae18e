"""What each frame of a peer does."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from openline.base.time import SECOND_US
from openline.link.engine import Engine, Known, Setup
from openline.link.events import (
    BlobNeeded,
    BlobOffered,
    BlobStored,
    Drop,
    FrameArrived,
    Offer,
    OfferCard,
    OfferReceipt,
    OfferSeal,
    OfferTip,
    Opened,
    OwnTip,
    Receipted,
    Send,
    SendEntries,
)
from openline.link.frames import (
    Ack,
    Blob,
    Bye,
    Card,
    Evidence,
    HaveBlob,
    Ping,
    Pong,
    Presence,
    Push,
    SealFrame,
    Tip,
    Voice,
    Want,
    WantBlob,
)
from tests.link.playbook import (
    ALPHA,
    BRAVO,
    BRAVOS_SALT_KEY,
    CHARLIE,
    LINE,
    REST,
    SALT_KEY,
    Later,
    Play,
    greeted,
    grew,
    hello,
    later,
    offer,
    opened,
    play,
    push,
    receipt,
    says,
    tip,
)


def test_a_receipt_for_what_the_peer_says_it_has_lost_is_looked_at_again() -> None:
    talk = play(own=3, receipted=3)
    talk >> opened(1) << REST
    talk >> says(1, hello(theirs=1)) << REST
    ack = receipt(ALPHA, 2)
    talk >> says(1, ack) << OfferReceipt(1, BRAVO, 2, ack.time_s, ack.signature) << REST


def test_a_receipt_that_we_hold_is_not_looked_at_again() -> None:
    talk = greeted(play(own=3, receipted=3), answer=hello(theirs=3))
    talk >> says(1, receipt(ALPHA, 2))
    talk >> says(1, receipt(ALPHA, 3))
    assert not talk.left


def test_a_salt_key_goes_with_what_comes_on_the_session_it_was_told_on() -> None:
    talk = greeted(play())
    other = msgspec.structs.replace(hello(), salt_key=bytes([9]) * 32)
    talk >> opened(2) << REST
    talk >> says(2, other) << REST
    talk >> says(2, push(0, 1)) << Offer(2, push(0, 1), bytes([9]) * 32)
    talk >> says(1, push(0, 2)) << offer(1, push(0, 2))


def test_a_receipt_the_peer_has_missed_is_given_again_at_hello() -> None:
    talk = play(theirs=5)
    talk >> opened(1) << REST
    talk >> says(1, hello(own=5, receipted=3))
    talk << OfferTip(1, BRAVO, tip(BRAVO, 5)) << OwnTip(BRAVO, 0) << Send(1, receipt(BRAVO, 5)) << REST


def test_ack_is_offered_as_receipt_once_and_frees_the_window() -> None:
    talk = greeted(play())
    talk >> grew(1) << SendEntries(1, ALPHA, 0, 1)
    ack = receipt(ALPHA, 1)
    talk >> says(1, ack) << OfferReceipt(1, BRAVO, 1, ack.time_s, ack.signature)
    talk >> says(1, ack)
    talk >> Receipted(BRAVO, 1) >> says(1, ack)
    assert talk.engine.health()[0].holds == 1
    assert talk.engine.health()[0].receipted == 1


def test_an_ack_for_more_than_we_wrote_or_for_another_log_is_ignored() -> None:
    talk = greeted(play(own=2))
    talk >> says(1, receipt(ALPHA, 3)) >> says(1, receipt(BRAVO, 1)) >> says(1, receipt(CHARLIE, 1))


def test_an_ack_counts_again_on_a_new_session_when_its_receipt_was_not_kept() -> None:
    talk = greeted(play(own=1))
    talk >> says(1, receipt(ALPHA, 1)) << REST
    talk >> opened(2) << REST
    talk >> says(2, hello(theirs=1)) << REST
    ack = receipt(ALPHA, 1)
    talk >> says(2, ack) << OfferReceipt(2, BRAVO, 1, ack.time_s, ack.signature)


def test_want_is_answered_from_there_for_our_log_and_the_askers_own() -> None:
    talk = greeted(play(own=5, theirs=4), answer=hello(own=4, theirs=5))
    talk >> says(1, Want(ALPHA, 2)) << SendEntries(1, ALPHA, 2, 5)
    talk >> says(1, Want(BRAVO, 1)) << SendEntries(1, BRAVO, 1, 4)
    talk >> says(1, Want(CHARLIE, 0))
    talk >> says(1, Want(ALPHA, 6))


def test_a_want_that_crosses_what_it_asks_for_is_not_answered_twice() -> None:
    talk = greeted(play())
    talk >> grew(1) << SendEntries(1, ALPHA, 0, 1)
    talk >> says(1, Want(ALPHA, 0))


def test_a_want_on_another_session_is_answered_there() -> None:
    talk = greeted(greeted(play(), 1), 2)
    talk >> grew(1) << SendEntries(1, ALPHA, 0, 1)
    talk >> says(2, Want(ALPHA, 0)) << SendEntries(2, ALPHA, 0, 1)


def test_evidence_is_compared() -> None:
    talk = greeted(play(own=5))
    talk >> says(1, Evidence(tip(ALPHA, 3))) << OfferTip(1, BRAVO, tip(ALPHA, 3))
    talk >> says(1, Evidence(tip(CHARLIE, 3)))
    talk >> says(1, Evidence(tip(ALPHA, 0)))


def test_seals_and_cards_are_offered() -> None:
    talk = greeted(play())
    talk >> says(1, SealFrame(BRAVO, 4, ALPHA, 9, b"seal")) << OfferSeal(1, BRAVO, 4, ALPHA, 9, b"seal")
    talk >> says(1, SealFrame(BRAVO, 4, CHARLIE, 9, b"seal"))
    talk >> says(1, Card(b"proof")) << OfferCard(1, BRAVO, b"proof")


def test_bye_ends_the_session_and_the_path_says_why() -> None:
    talk = greeted(play())
    talk >> says(1, Bye("stopping")) << Drop(1, "stopping")
    assert (talk.engine.paths()[0].state, talk.engine.paths()[0].reason) == ("DOWN", "stopping")


def test_ping_is_answered_with_who_is_there() -> None:
    talk = Play(Engine(Setup(LINE, ("a", "b"), ALPHA, SALT_KEY, tip(ALPHA, 0), (Known(tip(BRAVO, 0)),))))
    talk = greeted(talk, answer=msgspec.structs.replace(hello(), members=("a", "b")))
    both = int(Presence.CONSOLE | Presence.OFFICER)
    talk >> says(1, Ping(7, 123, 0, both)) << Send(1, Pong(7, 123, talk.now.ms, 0))
    assert talk.engine.health()[0].presence == Presence.CONSOLE | Presence.OFFICER


def test_a_ping_that_tells_of_more_than_we_hold_makes_us_ask_after_a_second_of_silence() -> None:
    talk = greeted(play())
    talk >> says(1, Ping(1, 0, 3, 0)) << REST
    assert Send(1, Want(BRAVO, 0)) not in talk.until(SECOND_US - 1)
    assert Send(1, Want(BRAVO, 0)) in talk.until(1)


def test_a_push_within_that_second_makes_asking_needless() -> None:
    talk = greeted(play())
    talk >> says(1, Ping(1, 0, 3, 0)) << REST
    talk >> says(1, push(0, 3)) << offer(1, push(0, 3))
    talk.pass_by(SECOND_US // 2)
    assert not [want for want in talk.until(SECOND_US // 4) if isinstance(want, Send) and isinstance(want.frame, Want)]


def test_a_third_partys_log_is_neither_taken_nor_given() -> None:
    members = ("alpha.example", "bravo.example", "charlie.example")
    known = (Known(tip(BRAVO, 0)), Known(tip(CHARLIE, 4)))
    talk = Play(Engine(Setup(LINE, members, ALPHA, SALT_KEY, tip(ALPHA, 0), known)))
    talk >> Opened(1, BRAVO, "fibre", dialled=True) << REST
    bravo = msgspec.structs.replace(hello(), members=members, tips=(tip(CHARLIE, 2),), salt_key=BRAVOS_SALT_KEY)
    talk >> says(1, bravo) << OfferTip(1, BRAVO, tip(CHARLIE, 2)) << REST
    talk >> says(1, push(4, 5, CHARLIE))
    talk >> says(1, Want(CHARLIE, 0))


# Whatever a peer says

members = st.integers(0, 3)
sizes = st.integers(0, 12) | st.sampled_from([2**40, 2**48 - 1])
tips = st.builds(tip, members, st.integers(0, 12)) | st.builds(Tip, members, sizes, st.none(), st.none())
digests = st.sampled_from([bytes(32), bytes([1]) * 32])
frames = st.one_of(
    st.builds(lambda own, theirs: hello(own=own, theirs=theirs), st.integers(0, 9), st.integers(0, 9)),
    st.builds(Push, members, sizes, sizes, st.lists(st.none(), max_size=5), st.just(bytes(64))),
    st.builds(Ack, members, sizes, sizes, st.just(bytes(64))),
    st.builds(Want, members, sizes),
    st.builds(WantBlob, digests, sizes),
    st.builds(Blob, digests, sizes, st.binary(max_size=9)),
    st.builds(HaveBlob, digests),
    st.builds(SealFrame, members, sizes, members, sizes, st.just(b"seal")),
    st.builds(Evidence, tips),
    st.builds(Ping, sizes, sizes, sizes, sizes),
    st.builds(Pong, sizes, sizes, sizes, sizes),
    st.builds(Bye, st.text(min_size=1, max_size=9)),
)
happenings = st.one_of(
    st.builds(says, st.integers(1, 3), frames),
    st.builds(later, st.sampled_from([0, 1_000, SECOND_US, 40 * SECOND_US])),
    st.builds(opened, st.integers(4, 6)),
    st.builds(BlobStored, digests, st.integers(0, 9)),
)


@given(story=st.lists(happenings, max_size=40))
def test_whatever_a_peer_says_only_open_sessions_are_named_and_nothing_breaks(
    story: list[FrameArrived | Later | Opened | BlobStored],
) -> None:
    talk = greeted(greeted(play(own=5, theirs=4), 1), 2, "radio")
    talk >> BlobOffered(bytes(32), 9) << REST
    talk >> BlobNeeded(BRAVO, bytes([1]) * 32, 9, 0) << REST
    up, used = {1, 2}, {1, 2}
    for happening in story:
        if isinstance(happening, Opened):
            if happening.session in used:
                continue
            up.add(happening.session)
            used.add(happening.session)
        talk >> happening
        for effect in talk.left:
            session = getattr(effect, "session", None)
            assert session is None or session in up
            if isinstance(effect, Drop):
                up.discard(effect.session)
        talk << REST
        assert talk.engine.health()[0].holds <= 2**48
    wakes = talk.engine.wakes_at()
    assert wakes is None or wakes >= talk.now.plus(-40 * SECOND_US)


def test_sound_is_none_of_the_links_business() -> None:
    talk = play(own=3)
    talk >> opened(1) << REST
    talk >> says(1, Voice(b"too early"))
    talk >> says(1, hello(theirs=3)) << REST
    talk >> says(1, Voice(b"sound")) >> says(7, Voice(b"on no session"))
