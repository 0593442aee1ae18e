"""Offers: what Chromium sends is understood, and nothing else costs more than a look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.limits import LEG_OFFER_BYTES_MAX, LEG_SPEAKERS_MAX
from openline.media.offer import Ours, answer, read_offer
from openline.voice.frame import Codec

OFFERS = Path(__file__).parent / "offers"


def recorded(name: str) -> str:
    """An offer that Chromium 156 made, as it made it."""
    return (OFFERS / f"{name}.sdp").read_bytes().decode("ascii")


PLAIN = recorded("chromium-156")
CONFERENCE = recorded("chromium-156-conference")
LISTENING = recorded("chromium-156-listening")
HEAD, LAST = CONFERENCE[: CONFERENCE.rindex("m=audio")], CONFERENCE[CONFERENCE.rindex("m=audio") :]

OURS = Ours(
    "ours",
    "a" * 22,
    [("192.0.2.7", 40_000), ("2001:db8::7", 40_001)],
    ("sha-256", ":".join(["AB"] * 32)),
    [257, 258, 259, 260],
    dtx=True,
)


def ours(count: int) -> Ours:
    """Our end of an offer with `count` sections."""
    return Ours(OURS.username, OURS.password, OURS.places, OURS.fingerprint, OURS.sources[:count], OURS.dtx)


# What is understood


def test_what_chromium_offers_is_read() -> None:
    offer = read_offer(PLAIN)
    assert offer.mids == ("0",)
    assert (offer.speaks, offer.hears) == (True, True)
    assert offer.payload_types == {Codec.OPUS: 111, Codec.G722: 9, Codec.PCMU: 0, Codec.PCMA: 8}
    assert f"a=ice-ufrag:{offer.username}\r\n" in PLAIN
    assert f"a=ice-pwd:{offer.password}\r\n" in PLAIN
    [(name, digest)] = offer.fingerprints
    assert name == "sha-256"
    assert f"a=fingerprint:sha-256 {digest}\r\n" in PLAIN


def test_a_conference_has_a_section_for_each_further_speaker() -> None:
    offer = read_offer(CONFERENCE)
    assert offer.mids == ("0", "1", "2", "3")
    assert (offer.speaks, offer.hears) == (True, True)


def test_whoever_has_no_microphone_can_listen() -> None:
    offer = read_offer(LISTENING)
    assert (offer.speaks, offer.hears) == (False, True)
    assert "a=sendonly\r\n" in answer(offer, ours(1))


def test_candidates_of_the_browser_are_not_read() -> None:
    gathered = recorded("chromium-156-gathered")
    assert "a=candidate:" in gathered
    hostile = gathered.replace("192.0.2.2", "not-an-address.local")
    assert read_offer(hostile).payload_types == read_offer(PLAIN).payload_types


def test_an_offer_without_telephone_codecs_is_answered_with_opus_alone() -> None:
    lean = re.sub(r"(?m)^a=rtpmap:(?!111 ).*\r\n", "", PLAIN).replace("111 63 9 0 8 13 110 126", "111")
    offer = read_offer(lean)
    assert offer.payload_types == {Codec.OPUS: 111}
    assert "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" in answer(offer, ours(1))


def test_static_payload_types_need_no_name() -> None:
    bare = re.sub(r"(?m)^a=rtpmap:(?:9|0|8) .*\r\n", "", PLAIN)
    assert read_offer(bare).payload_types == read_offer(PLAIN).payload_types


def test_what_the_head_says_holds_for_every_section() -> None:
    lines = [line for line in PLAIN.split("\r\n") if line.startswith(("a=ice-ufrag", "a=ice-pwd", "a=fingerprint"))]
    head = PLAIN
    for line in lines:
        head = head.replace(f"{line}\r\n", "")
    head = head.replace("t=0 0\r\n", "t=0 0\r\n" + "\r\n".join(lines) + "\r\n")
    assert read_offer(head) == read_offer(PLAIN)


# The answer


def test_the_answer_is_this() -> None:
    assert answer(read_offer(PLAIN), ours(1)).replace("\r\n", "\n") == (
        "v=0\no=- 257 1 IN IP4 0.0.0.0\ns=openline\nt=0 0\na=group:BUNDLE 0\na=msid-semantic: WMS *\n"
        "m=audio 9 UDP/TLS/RTP/SAVPF 111 9 0 8\nc=IN IP4 0.0.0.0\na=mid:0\na=rtcp-mux\na=setup:active\n"
        f"a=ice-ufrag:ours\na=ice-pwd:{'a' * 22}\na=fingerprint:sha-256 {':'.join(['AB'] * 32)}\n"
        "a=rtpmap:111 opus/48000/2\na=rtpmap:9 G722/8000\na=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000\n"
        "a=fmtp:111 minptime=10;useinbandfec=0;usedtx=1;maxaveragebitrate=32000\na=ptime:20\na=sendrecv\n"
        "a=msid:speaker0 speaker0\na=ssrc:257 cname:openline\n"
        "a=candidate:1 1 udp 2130706431 192.0.2.7 40000 typ host\n"
        "a=candidate:2 1 udp 2130706175 2001:db8::7 40001 typ host\na=end-of-candidates\n"
    )


def test_every_speaker_has_a_source_and_a_track_of_its_own() -> None:
    text = answer(read_offer(CONFERENCE), OURS)
    assert re.findall(r"a=ssrc:(\d+) ", text) == ["257", "258", "259", "260"]
    assert re.findall(r"a=msid:\S+ (\S+)\r", text) == ["speaker0", "speaker1", "speaker2", "speaker3"]
    assert re.findall(r"a=(sendrecv|sendonly|recvonly)\r", text) == ["sendrecv", "sendonly", "sendonly", "sendonly"]
    assert text.count("a=candidate:") == 2, "one transport carries all"


def test_silence_can_be_sent_in_full() -> None:
    text = answer(read_offer(PLAIN), Ours("ours", "a" * 22, [], OURS.fingerprint, [1], dtx=False))
    assert "usedtx=0" in text


def test_no_answer_offers_anything_but_places_of_our_own() -> None:
    text = answer(read_offer(CONFERENCE), OURS)
    assert not re.search(r"typ (?!host)", text)
    assert "a=ice-options" not in text, "nothing comes after the answer"


# What is refused


def refused(text: str) -> str:
    """What of `text` is wrong."""
    with pytest.raises(UsageError) as why:
        read_offer(text)
    assert why.value.message_id == "leg-offer-wrong"
    return str(why.value.facts["detail"])


@pytest.mark.parametrize(
    ("name", "text", "detail"),
    [
        ("ten megabytes", PLAIN + "a=x\r\n" * 2_000_000, "size"),
        ("ten megabytes in one line", PLAIN + "a=" + "x" * 10_000_000, "size"),
        ("thousands of sections", "v=0\r\n" + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" * 900, "sections"),
        ("one section too many", CONFERENCE + "m=audio 9 RTP/AVP 0\r\n" * (LEG_SPEAKERS_MAX - 3), "sections"),
        ("NUL", PLAIN.replace("s=-", "s=\0"), "characters"),
        ("a character beyond ASCII", PLAIN.replace("s=-", "s=\u202e"), "characters"),
        ("half a surrogate", PLAIN.replace("s=-", "s=\ud800"), "characters"),
        ("nothing", "", "no sound"),
        ("no section", PLAIN[: PLAIN.index("m=")], "no sound"),
        ("video", PLAIN.replace("m=audio", "m=video"), "kind of medium"),
        ("sound in the clear", PLAIN.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"), "kind of medium"),
        ("a section that is off", PLAIN.replace("m=audio 9", "m=audio 0"), "kind of medium"),
        ("a second speaker in one offer", CONFERENCE.replace("a=recvonly", "a=sendrecv"), "sections"),
        ("nobody speaks or hears", PLAIN.replace("a=sendrecv", "a=inactive"), "direction"),
        ("two directions", PLAIN.replace("a=sendrecv", "a=sendrecv\r\na=recvonly"), "direction"),
        ("no Opus", PLAIN.replace("opus/48000/2", "speex/16000"), "payload types"),
        ("a type twice", PLAIN.replace("111 63", "111 111"), "payload types"),
        ("a type with two names", PLAIN.replace("a=rtpmap:63 red", "a=rtpmap:111 red"), "payload types"),
        ("a type that would be RTCP", PLAIN.replace("111", "72"), "payload types"),
        ("a type of letters", PLAIN.replace("111 63", "opus 63"), "payload types"),
        ("other numbers in another section", HEAD + LAST.replace("111", "112"), "sections"),
        ("no bundle", CONFERENCE.replace("a=group:BUNDLE 0 1 2 3\r\n", ""), "mid"),
        ("a bundle of some", CONFERENCE.replace("BUNDLE 0 1 2 3", "BUNDLE 0 1 2"), "mid"),
        ("a name twice", CONFERENCE.replace("a=mid:3", "a=mid:2"), "mid"),
        ("a name that is none", PLAIN.replace("a=mid:0", "a=mid:0 1"), "mid"),
        ("no shared port", PLAIN.replace("a=rtcp-mux\r\n", ""), "transport"),
        ("a browser that wants to call", PLAIN.replace("a=setup:actpass", "a=setup:active"), "transport"),
        ("no username", PLAIN.replace("a=ice-ufrag", "a=ice-other"), "ice-ufrag"),
        ("a username with a line of its own", PLAIN.replace("a=ice-ufrag:", "a=ice-ufrag:a b"), "ice-ufrag"),
        ("two passwords", PLAIN.replace("a=ice-pwd:", "a=ice-pwd:x\r\na=ice-pwd:"), "ice-pwd"),
        ("a short password", re.sub(r"a=ice-pwd:\S+", "a=ice-pwd:short", PLAIN), "ice-pwd"),
        ("no fingerprint", PLAIN.replace("a=fingerprint", "a=footprint"), "fingerprint"),
        ("a fingerprint of SHA-1", PLAIN.replace("sha-256", "sha-1"), "fingerprint"),
        ("half a fingerprint", re.sub(r"(a=fingerprint:sha-256 .{20})\S+", r"\1", PLAIN), "fingerprint"),
        (
            "a fingerprint of no digits",
            re.sub(r"(a=fingerprint:sha-256 )\S+", r"\1" + "GG:" * 32, PLAIN),
            "fingerprint",
        ),
        ("a hundred fingerprints", PLAIN + ("a=fingerprint:sha-256 " + ":".join(["AA"] * 32) + "\r\n") * 100, "finger"),
    ],
)
def test_any_other_offer_is_refused_with_one_id_and_the_part_that_is_wrong(name: str, text: str, detail: str) -> None:
    assert refused(text).startswith(detail), name


@pytest.mark.fuzz
@given(st.text(max_size=300) | st.text(alphabet="amv=: 019/\r\n", max_size=400))
def test_made_up_text_is_refused(text: str) -> None:
    refused(text)


@pytest.mark.fuzz
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0), st.text(max_size=8)), min_size=1, max_size=4))
def test_an_offer_with_made_up_changes_is_read_or_refused(changes: list[tuple[int, int, str]]) -> None:
    lines = CONFERENCE.split("\r\n")
    for kind, place, text in changes:
        at = place % len(lines)
        old = lines[at]
        cut = place % (len(old) + 1)
        lines[at : at + 1] = [[], [old, old], [old[:cut] + text + old[cut:]], [old[:cut]]][kind] or [""]
    try:
        offer = read_offer("\r\n".join(lines))
    except UsageError:
        return
    own = Ours("ours", "a" * 22, [], OURS.fingerprint, list(range(len(offer.mids))), dtx=True)
    written = answer(offer, own)
    assert written.isascii()
    assert written.count("\r\nm=") == len(offer.mids), "nothing of an offer can put lines into an answer"


def test_the_largest_offer_of_ours_is_far_below_the_limit() -> None:
    section = len(CONFERENCE) // 4
    assert LEG_SPEAKERS_MAX * section * 2 < LEG_OFFER_BYTES_MAX
