"""What phones and nodes agree on about the sound: the codec, the keys, the direction, and what is refused."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.base.limits import SDP_CRYPTOS_MAX
from openline.media.phone_sdp import (
    Circumstances,
    Direction,
    Place,
    Protection,
    Terms,
    accept,
    concluded,
    offered_keys,
    read,
    write_answer,
    write_offer,
)
from openline.media.sdes import own_crypto
from openline.voice.frame import Codec

LAN = Circumstances(over_tls=False, on_lan=True)
LAN_TLS = Circumstances(over_tls=True, on_lan=True)
FAR_TLS = Circumstances(over_tls=True, on_lan=False)
AT = Place("192.0.2.1", 16_384, 5, 1)
KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
GCM_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


def sdp(*media: str, host: str = "192.0.2.9") -> str:
    return "\r\n".join(["v=0", "o=- 1 1 IN IP4 x", "s=-", f"c=IN IP4 {host}", "t=0 0", *media]) + "\r\n"


def audio(types: str = "8 0 9 107 101", profile: str = "RTP/AVP", *more: str) -> tuple[str, ...]:
    maps = ("a=rtpmap:107 opus/48000/2", "a=rtpmap:101 telephone-event/8000")
    return (f"m=audio 4000 {profile} {types}", *maps, *more)


def taken(text: str, how: Circumstances = LAN, before: Terms | None = None) -> Terms:
    return accept(read(text), how, os.urandom, before)


def refused(text: str, how: Circumstances = LAN) -> str:
    with pytest.raises(PeerError) as error:
        taken(text, how)
    return error.value.message_id


@pytest.mark.parametrize(
    ("types", "payload_type", "codec"),
    [
        ("8 0 9 107", 107, Codec.OPUS),
        ("8 0 9", 9, Codec.G722),
        ("8 0", 0, Codec.PCMU),
        ("101 8", 8, Codec.PCMA),
        ("18 3 0", 0, Codec.PCMU),
    ],
)
def test_opus_first_then_g722_pcmu_pcma_whatever_the_phone_prefers(types: str, payload_type: int, codec: Codec) -> None:
    terms = taken(sdp(*audio(types)))
    assert (terms.payload_type, terms.codec) == (payload_type, codec)
    assert (terms.host, terms.port, terms.protection) == ("192.0.2.9", 4000, Protection.PLAIN_LAN)


def test_a_type_means_what_its_map_says() -> None:
    assert taken(sdp(*audio("96 0", "RTP/AVP", "a=rtpmap:96 OPUS/48000/2"))).codec is Codec.OPUS
    assert taken(sdp(*audio("96 0", "RTP/AVP", "a=rtpmap:96 opus/8000"))).codec is Codec.PCMU
    assert refused(sdp(*audio("0", "RTP/AVP", "a=rtpmap:0 L16/8000"))) == "phone-no-common-codec"
    assert refused(sdp(*audio("18 101"))) == "phone-no-common-codec"
    assert refused(sdp("m=video 4000 RTP/AVP 31")) == "phone-no-common-codec"
    assert refused(sdp("m=audio 0 RTP/AVP 0")) == "phone-no-common-codec"


def test_the_answer_takes_one_medium_and_refuses_the_others_in_their_places() -> None:
    offer = read(sdp("m=video 9 RTP/AVP 31 34", *audio("0"), "m=audio 4002 RTP/AVP 8"))
    answer = write_answer(offer, accept(offer, LAN, os.urandom), AT)
    described = read(answer)
    assert [medium.port for medium in described.media] == [0, 16_384, 0]
    assert "m=video 0 RTP/AVP 31 34\r\n" in answer
    assert described.media[1].formats == ((0, Codec.PCMU),)
    assert described.media[1].host == "192.0.2.1"


@pytest.mark.parametrize(
    ("offered", "answered", "hears", "sends"),
    [
        ("sendrecv", "sendrecv", True, True),
        ("sendonly", "recvonly", False, True),
        ("recvonly", "sendonly", True, False),
        ("inactive", "inactive", False, False),
    ],
)
def test_each_direction_is_answered_with_its_counterpart(offered: str, answered: str, hears: bool, sends: bool) -> None:
    for text in (sdp(*audio("0"), f"a={offered}"), sdp(f"a={offered}", *audio("0"))):
        offer = read(text)
        terms = accept(offer, LAN, os.urandom)
        assert (terms.phone_hears, terms.phone_sends) == (hears, sends)
        assert f"a={answered}\r\n" in write_answer(offer, terms, AT)


def test_no_address_is_how_old_phones_hold() -> None:
    assert taken(sdp(*audio("0"), host="0.0.0.0")).direction is Direction.SENDS
    assert taken(sdp(*audio("0"), "a=recvonly", host="0.0.0.0")).direction is Direction.NEITHER


# Protection


def secure(*more: str, profile: str = "RTP/SAVP") -> str:
    return sdp(*audio("0", profile, f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}", *more))


def test_keys_are_taken_over_tls_alone() -> None:
    terms = taken(secure(), FAR_TLS)
    assert terms.protection is Protection.SRTP
    assert terms.peer is not None
    assert terms.own is not None
    assert terms.own.key != terms.peer.key
    assert refused(secure(), LAN) == "phone-sound-unprotected"


def test_the_better_suite_is_answered_with_its_own_tag() -> None:
    offer = read(secure(f"a=crypto:2 AEAD_AES_256_GCM inline:{GCM_KEY}"))
    answer = write_answer(offer, accept(offer, FAR_TLS, os.urandom), AT)
    assert "m=audio 16384 RTP/SAVP 0\r\n" in answer
    assert answer.count("a=crypto:") == 1
    assert "a=crypto:2 AEAD_AES_256_GCM inline:" in answer


def test_sound_without_keys_is_for_our_own_lan_alone() -> None:
    assert taken(sdp(*audio("0")), LAN_TLS).protection is Protection.PLAIN_LAN
    assert refused(sdp(*audio("0")), FAR_TLS) == "phone-sound-unprotected"
    assert refused(sdp(*audio("0", "RTP/SAVP")), FAR_TLS) == "phone-sound-unprotected"


def test_of_two_media_the_protected_one_is_taken() -> None:
    offer = read(sdp(*audio("0"), *audio("0", "RTP/SAVP", f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}")))
    terms = accept(offer, LAN_TLS, os.urandom)
    assert (terms.number, terms.protection) == (1, Protection.SRTP)
    assert [medium.port for medium in read(write_answer(offer, terms, AT)).media] == [0, 16_384]


def test_our_key_stays_as_long_as_the_phone_keeps_its_own() -> None:
    first = taken(secure(), FAR_TLS)
    assert taken(secure(), FAR_TLS, first).own == first.own
    assert taken(secure().replace(KEY, KEY[:-1] + "B"), FAR_TLS, first).own != first.own


# Ringing


def test_our_offer_has_every_codec_and_is_concluded_by_the_answer() -> None:
    offer = write_offer(AT, ())
    assert [codec for _, codec in read(offer).media[0].formats] == [Codec.OPUS, Codec.G722, Codec.PCMU, Codec.PCMA]
    assert concluded(read(sdp(*audio("8 0"))), (), LAN).codec is Codec.PCMA, "the phone has chosen"
    with pytest.raises(PeerError, match="phone-no-common-codec"):
        concluded(read(sdp(*audio("18"))), (), LAN)


def test_an_answer_with_keys_must_be_to_one_of_ours() -> None:
    own = offered_keys(os.urandom)
    assert write_offer(AT, own).count("a=crypto:") == len(own) == 2
    terms = concluded(read(secure().replace("crypto:1", "crypto:2")), own, FAR_TLS)
    assert (terms.own, terms.protection) == (own[1], Protection.SRTP)
    with pytest.raises(PeerError, match="sdp-wrong"):
        concluded(read(secure()), own, FAR_TLS)
    with pytest.raises(PeerError, match="phone-sound-unprotected"):
        concluded(read(sdp(*audio("0"))), own, LAN_TLS)


# Bombs


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=1\r\nm=audio 4000 RTP/AVP 0\r\n",
        "v=0\r\n",
        "v=0\r\nx\r\nm=audio 4000 RTP/AVP 0\r\n",
        sdp("m=audio 70000 RTP/AVP 0"),
        sdp("m=audio -1 RTP/AVP 0"),
        sdp("m=audio 4000 RTP/AVP"),
        sdp("m=audio 4000 RTP/AVP " + " ".join("0" * 60)),
        sdp(*["m=audio 4000 RTP/AVP 0"] * 9),
        sdp(*["a=x"] * 200),
        sdp(*audio("0"), host="phone.example"),
        sdp(*audio("0"), host="192.0.2.999"),
        sdp(*audio("0")).replace("s=-", "s=\u2028"),
    ],
)
def test_bombs_and_nonsense_are_refused(text: str) -> None:
    assert refused(text) == "sdp-wrong"


def test_of_many_keys_only_so_many_are_read() -> None:
    lines = [f"a=crypto:{n} AES_CM_128_HMAC_SHA1_80 inline:{KEY}" for n in range(100)]
    assert len(read(sdp(*audio("0", "RTP/SAVP", *lines))).media[0].cryptos) == SDP_CRYPTOS_MAX


@pytest.mark.fuzz
@given(st.text(max_size=80), st.integers(0, 200), st.sampled_from([LAN, LAN_TLS, FAR_TLS]))
def test_made_up_descriptions_are_taken_or_refused(made_up: str, at: int, how: Circumstances) -> None:
    whole = secure(f"a=crypto:2 AEAD_AES_256_GCM inline:{GCM_KEY}")
    for text in (made_up, whole[:at] + made_up + whole[at:], whole[:at]):
        try:
            offer = read(text)
            terms = accept(offer, how, os.urandom)
        except PeerError:
            continue
        assert (terms.protection is Protection.SRTP) == how.over_tls or how.on_lan
        assert len(read(write_answer(offer, terms, AT)).media) == len(offer.media)


def test_keys_are_not_shown() -> None:
    terms = Terms(
        0, "h", 1, 0, Codec.PCMU, Direction.BOTH, Protection.SRTP, own_crypto(1, "AEAD_AES_256_GCM", os.urandom)
    )
    assert "inline" not in repr(terms)
    assert "key=" not in repr(terms)
