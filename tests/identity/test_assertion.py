"""A personal signature holds, or it is refused for one reason: another entry, another console, no user, another key."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

import cbor2
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from webauthn import verify_authentication_response
from webauthn.helpers.structs import AuthenticationCredential, AuthenticatorAssertionResponse

from openline.base.errors import PeerError
from openline.identity.assertion import Assertion, Flaw, check_key, entry_challenge, flaw_of, name_digest
from tests.identity.passkey import HOST, ORIGIN, Passkey

ALGORITHMS = ("ES256", "EdDSA", "RS256")
CHALLENGE = entry_challenge("alpha.example/line/alpha-bravo", 14, bytes(32))
KEY = Passkey()


def judged(assertion: Assertion, key: bytes = KEY.cose, challenge: bytes = CHALLENGE) -> Flaw | None:
    return flaw_of(assertion, key, HOST, challenge)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signature_of_each_kind_of_key_holds_here_and_for_a_library_of_the_field(algorithm: str) -> None:
    key = Passkey(algorithm=algorithm)
    made = key.sign(CHALLENGE)
    check_key(key.cose)
    assert judged(made, key.cose) is None
    verify_authentication_response(
        credential=AuthenticationCredential(
            id=_text(key.credential),
            raw_id=key.credential,
            response=AuthenticatorAssertionResponse(made.client_data, made.authenticator_data, made.signature),
        ),
        expected_challenge=CHALLENGE,
        expected_rp_id=HOST,
        expected_origin=ORIGIN,
        credential_public_key=key.cose,
        credential_current_sign_count=0,
        require_user_verification=True,
    )


def test_the_challenge_is_of_one_entry_alone() -> None:
    origin = "alpha.example/line/alpha-bravo"
    expected = sha256(b"openline-signature/v1\nalpha.example/line/alpha-bravo\n14\n" + bytes(32)).digest()
    assert entry_challenge(origin, 14, bytes(32)) == expected
    others = [(origin, 1, bytes(32)), (origin, 14, bytes(31) + b"\1"), (origin + "x", 14, bytes(32))]
    assert all(entry_challenge(*other) != expected for other in others)


@dataclass
class Case:
    made: Assertion
    flaw: Flaw
    key: bytes = KEY.cose


HOSTILE = {
    "another challenge": Case(
        KEY.sign(entry_challenge("alpha.example/line/alpha-bravo", 15, bytes(32))), Flaw.CHALLENGE
    ),
    "another relying party": Case(KEY.sign(CHALLENGE, host="evil.example"), Flaw.HOST),
    "a page of another party": Case(KEY.sign(CHALLENGE, origin="https://evil.example"), Flaw.ORIGIN),
    "a page that only ends alike": Case(KEY.sign(CHALLENGE, origin=f"https://evil{HOST}"), Flaw.ORIGIN),
    "a page without TLS": Case(KEY.sign(CHALLENGE, origin=f"http://{HOST}"), Flaw.ORIGIN),
    "a page inside another": Case(KEY.sign(CHALLENGE, cross=True), Flaw.ORIGIN),
    "a registration": Case(KEY.sign(CHALLENGE, kind="webauthn.create"), Flaw.TYPE),
    "nobody touched it": Case(KEY.sign(CHALLENGE, flags=0x04), Flaw.NOT_PRESENT),
    "the user was not verified": Case(KEY.sign(CHALLENGE, flags=0x01), Flaw.NOT_VERIFIED),
    "data of a new key": Case(KEY.sign(CHALLENGE, flags=0x45), Flaw.FORM),
    "bytes after the counter": Case(KEY.sign(CHALLENGE, rest=b"\xa0"), Flaw.FORM),
    "extensions that break off": Case(KEY.sign(CHALLENGE, flags=0x85, rest=b"\xa1\x01"), Flaw.FORM),
    "extensions that are no map": Case(KEY.sign(CHALLENGE, flags=0x85, rest=b"\x01"), Flaw.FORM),
    "two extensions": Case(KEY.sign(CHALLENGE, flags=0x85, rest=b"\xa0\xa0"), Flaw.FORM),
    "data that breaks off": Case(Assertion(b"x" * 36, KEY.sign(CHALLENGE).client_data, b"x"), Flaw.FORM),
    "no JSON": Case(Assertion(b"x" * 37, b"\xff{", b"x"), Flaw.FORM),
    "another key": Case(Passkey(b"second").sign(CHALLENGE), Flaw.SIGNATURE),
    "a signature of another kind": Case(Passkey(algorithm="EdDSA").sign(CHALLENGE), Flaw.SIGNATURE),
    "a key that breaks off": Case(KEY.sign(CHALLENGE), Flaw.KEY, KEY.cose[:-1]),
    "a key with bytes after it": Case(KEY.sign(CHALLENGE), Flaw.KEY, KEY.cose + b"\0"),
}


@pytest.mark.parametrize("case", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_signature_of_the_entry_is_refused_for_its_reason(case: Case) -> None:
    assert judged(case.made, case.key) is case.flaw


def test_extensions_that_are_whole_do_no_harm() -> None:
    assert judged(KEY.sign(CHALLENGE, flags=0x85, rest=cbor2.dumps({"uvm": [[2, 4, 2]]}))) is None


def test_a_console_on_this_machine_needs_no_tls() -> None:
    made = KEY.sign(CHALLENGE, host="localhost", origin="http://localhost:8000")
    assert flaw_of(made, KEY.cose, "localhost", CHALLENGE) is None


def _cose(**changed: object) -> bytes:
    known = {"kty": 1, "alg": 3, "crv": -1, "x": -2, "y": -3}
    return cbor2.dumps(cbor2.loads(KEY.cose) | {known[name]: value for name, value in changed.items()})


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"\x01",
        b"\xa0",
        _cose(alg=-35),
        _cose(crv=2),
        _cose(x=bytes(32)),
        _cose(y=bytes(32)),
        _cose(x=b"short"),
        _cose(x=1),
        cbor2.dumps({1: 1, 3: -8, -1: 6, -2: b"\1" + bytes(31)}),
        cbor2.dumps({1: 3, 3: -257, -1: b"\xff" * 128, -2: b"\x01\x00\x01"}),
        cbor2.dumps({1: 3, 3: -257, -1: b"\xff" * 256, -2: b"\x03"}),
        cbor2.dumps({1: 3, 3: -65535, -1: b"\xff" * 256, -2: b"\x01\x00\x01"}),
        b"x" * 2_000,
    ],
)
def test_a_key_that_is_not_taken_is_refused(key: bytes) -> None:
    with pytest.raises(PeerError) as caught:
        check_key(key)
    assert caught.value.message_id == "passkey-key-wrong"
    assert judged(KEY.sign(CHALLENGE), key) is Flaw.KEY


@pytest.mark.parametrize("part", ["authenticator_data", "client_data", "signature"])
def test_one_byte_changed_anywhere_is_refused(part: str) -> None:
    made = KEY.sign(CHALLENGE)
    data = getattr(made, part)
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert judged(msgspec.structs.replace(made, **{part: changed})) is not None, place


@pytest.mark.fuzz
@given(st.binary(max_size=120), st.binary(max_size=200), st.binary(max_size=80), st.binary(max_size=100))
def test_any_bytes_are_refused_and_never_stop_anything(one: bytes, two: bytes, three: bytes, key: bytes) -> None:
    assert judged(Assertion(one, two, three), key) is not None
    assert judged(Assertion(one, KEY.sign(CHALLENGE).client_data, three)) is not None


def test_a_name_is_hidden_by_its_salt() -> None:
    assert name_digest(bytes(16), "A. Berg") == sha256(b"openline-name/v1\0" + bytes(16) + b"A. Berg").digest()
    assert name_digest(bytes(15) + b"\1", "A. Berg") != name_digest(bytes(16), "A. Berg")


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
