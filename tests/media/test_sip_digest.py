"""Digest authentication, against the worked example of RFC 7616 and everything a stranger may write instead."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.limits import SIP_NONCE_S, SIP_NONCES_MAX
from openline.media.sip_digest import Digest, PasswordDigest, Verdict, _parameters, _response, password_digest

REALM, HOST, SECRET = "openline", "192.0.2.9", bytes(32)
OLD, NEW = password_digest("old", REALM, "pass"), password_digest("new", REALM, "pass", "SHA-256")


def digest() -> Digest:
    return Digest(REALM, SECRET, {"old": OLD, "new": NEW})


def answered(challenge: str, name: str = "old", password: str = "pass", count: int = 1, **more: str) -> str:
    """The header of a phone that has this password."""
    given = {**dict(re.findall(r'(\w+)="?([^",]+)"?', challenge)), "username": name, "uri": "sip:line"}
    given |= {"nc": f"{count:08x}", "cnonce": "c,n", "qop": "auth", **more}
    hashed = hashlib.sha256 if given["algorithm"] == "SHA-256" else hashlib.md5
    secret = hashed(f"{name}:{given['realm']}:{password}".encode()).hexdigest()
    what = hashed(f"INVITE:{given['uri']}".encode()).hexdigest()
    text = ":".join((secret, given["nonce"], given["nc"], given["cnonce"], "auth", what))
    given.setdefault("response", hashed(text.encode()).hexdigest())
    plain = ("nc", "algorithm", "qop")
    return "Digest " + ", ".join(f"{k}={v}" if k in plain else f'{k}="{v}"' for k, v in given.items())


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_example_of_rfc_7616(algorithm: str, response: str) -> None:
    row = password_digest("Mufasa", "http-auth@example.org", "Circle of Life", algorithm)
    given = _parameters(
        'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", '
        f'algorithm={algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, '
        f'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="{response}"'
    )
    assert given is not None
    assert _response(row, "GET", given) == response


@pytest.mark.parametrize("name", ["old", "new"])
def test_the_right_password_is_right(name: str) -> None:
    at = digest()
    challenge = at.challenge(name, HOST, 0)
    assert ("SHA-256" in challenge) == (name == "new")
    answer = at.judge(answered(challenge, name), "INVITE", HOST, 1)
    assert (answer.verdict, answer.name) == (Verdict.RIGHT, name)


def test_a_wrong_password_a_stranger_and_another_method_are_wrong_alike() -> None:
    at = digest()
    challenge = at.challenge("old", HOST, 0)
    assert at.judge(answered(challenge, password="guess"), "INVITE", HOST, 0).verdict is Verdict.WRONG
    assert at.judge(answered(challenge, name="nobody"), "INVITE", HOST, 0).verdict is Verdict.WRONG
    assert at.judge(answered(challenge), "REGISTER", HOST, 0).verdict is Verdict.WRONG
    assert re.sub('[0-9a-f]+x.*?"', "", at.challenge("nobody", HOST, 0)) == re.sub(
        '[0-9a-f]+x.*?"', "", at.challenge("old", HOST, 0)
    )


def test_a_phone_of_sha_256_is_not_talked_down_to_md5() -> None:
    at = digest()
    challenge = at.challenge("old", HOST, 0)
    assert at.judge(answered(challenge, name="new"), "INVITE", HOST, 0).verdict is Verdict.WRONG


def test_an_answer_is_taken_once_and_its_nonce_again_with_a_higher_count() -> None:
    at = digest()
    header = answered(at.challenge("old", HOST, 0))
    assert at.judge(header, "INVITE", HOST, 0).verdict is Verdict.RIGHT
    assert at.judge(header, "INVITE", HOST, 0).verdict is Verdict.STALE
    again = answered(at.challenge("old", HOST, 0), count=2)
    assert at.judge(again, "INVITE", HOST, 0).verdict is Verdict.RIGHT
    assert at.judge(again.replace("nc=00000002", "nc=00000001"), "INVITE", HOST, 0).verdict is Verdict.WRONG


def test_a_nonce_has_an_end_and_holds_for_one_address() -> None:
    at = digest()
    header = answered(at.challenge("old", HOST, 100))
    assert at.judge(header, "INVITE", "192.0.2.10", 100).verdict is Verdict.STALE
    assert at.judge(header, "INVITE", HOST, 101 + SIP_NONCE_S).verdict is Verdict.STALE
    assert at.judge(header, "INVITE", HOST, 99).verdict is Verdict.STALE
    assert at.judge(header, "INVITE", HOST, 100 + SIP_NONCE_S).verdict is Verdict.RIGHT
    assert "stale=true" in at.challenge("old", HOST, 100, stale=True)


def test_a_nonce_of_ones_own_making_is_stale() -> None:
    at = digest()
    for nonce in ("64x1.AAAA", "64", "", "-1x1.a", "64x1." + "A" * 24):
        header = answered(at.challenge("old", HOST, 100), nonce=nonce or "y")
        assert at.judge(header, "INVITE", HOST, 100).verdict is Verdict.STALE


def test_what_is_remembered_of_nonces_has_an_end() -> None:
    at = digest()
    for _ in range(SIP_NONCES_MAX + 50):
        assert at.judge(answered(at.challenge("old", HOST, 0)), "INVITE", HOST, 0).verdict is Verdict.RIGHT
    assert len(at._counts) == SIP_NONCES_MAX


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic b2xkOnBhc3M=",
        "Digest",
        'Digest username="old"',
        'Digest username="old",username="new",realm="a",nonce="b",uri="c",response="d",cnonce="e",nc=00000001,qop=auth',
        'Digest username="old",realm="a",nonce="b",uri="c",response="d",cnonce="e",nc=1,qop=auth',
        'Digest username="old",realm="a",nonce="b",uri="c",response="d",cnonce="e",nc=00000001,qop=auth-int',
        'Digest username="old",realm="a",nonce="b",uri="c",response="d",cnonce="e",nc=00000001,qop=auth,algorithm=x',
        'Digest username="o"d",realm="a"',
    ],
)
def test_what_is_no_answer_is_unreadable(header: str) -> None:
    assert digest().judge(header, "INVITE", HOST, 0).verdict is Verdict.UNREADABLE


@pytest.mark.fuzz
@given(st.text(max_size=200))
def test_made_up_headers_are_never_right(text: str) -> None:
    at = digest()
    good = answered(at.challenge("old", HOST, 0))
    for header in (text, "Digest " + text, good[:60] + text, good + "," + text):
        verdict = at.judge(header, "INVITE", HOST, 0).verdict
        assert verdict is not Verdict.RIGHT or header == good + "," + text


def test_secrets_are_not_shown() -> None:
    assert OLD.value not in repr(OLD)
    assert repr(PasswordDigest("MD5", "secret")) == "PasswordDigest(algorithm='MD5')"
