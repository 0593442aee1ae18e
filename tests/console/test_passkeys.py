"""The two ceremonies of a passkey: what an honest authenticator says opens a session, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import cbor2
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.limits import CHALLENGE_WITHIN_US, CHALLENGES_MAX, INVITE_WITHIN_US
from openline.console.doors import Place
from openline.console.passkeys import Challenges, code_digest, registered, used
from openline.console.passkeys import RegisteredKey as Made
from openline.console.passkeys import UsedKey as Signed
from tests.console.authenticator import Authenticator, Json, decoded, encoded
from tests.console.caller import Reply
from tests.console.floor import Browser, Floor, HandClock, options_of

HERE = Place("alpha.localhost", "http://alpha.localhost:8000")


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with Floor(tmp_path) as made:
        yield made


@pytest.fixture
def browser(floor: Floor) -> Browser:
    return Browser(floor)


@pytest.fixture
def key(floor: Floor, browser: Browser) -> Authenticator:
    """A passkey of the watch, registered; its browser has logged out again."""
    made = Authenticator(browser.origin)
    assert browser.register(made, floor.invite()).status == 200
    assert browser.delete("/session").status == 200
    return made


def refused(reply: Reply, status: int = 403) -> str:
    """Why a request was refused."""
    assert reply.status == status, reply.body
    return str(reply.json()["error"])


# What is asked for


def test_the_user_must_be_verified_and_the_key_discoverable(floor: Floor, browser: Browser) -> None:
    options = options_of(browser.post("/passkeys/register/begin", {"invite": floor.invite()}))
    selection = cast("Json", options["authenticatorSelection"])
    assert (selection["userVerification"], selection["residentKey"]) == ("required", "required")
    assert (cast("Json", options["rp"])["id"], options["attestation"]) == ("alpha.localhost", "none")
    assert {row["alg"] for row in cast("list[Json]", options["pubKeyCredParams"])} >= {-7, -8}
    login = options_of(browser.post("/passkeys/login/begin"))
    assert (login["userVerification"], login["rpId"], login["allowCredentials"]) == ("required", "alpha.localhost", [])


def test_an_authenticator_that_has_a_key_of_the_position_is_not_asked_for_another(
    floor: Floor, browser: Browser, key: Authenticator
) -> None:
    options = options_of(browser.post("/passkeys/register/begin", {"invite": floor.invite("watch")}))
    assert [row["id"] for row in cast("list[Json]", options["excludeCredentials"])] == [encoded(key.credential)]
    other = options_of(browser.post("/passkeys/register/begin", {"invite": floor.invite("senior watch")}))
    assert other["excludeCredentials"] == []
    assert cast("Json", other["user"])["id"] != cast("Json", options["user"])["id"]


# What opens a session


def test_whoever_registers_sits_at_the_position_at_once(floor: Floor, browser: Browser) -> None:
    reply = browser.register(Authenticator(browser.origin), floor.invite("senior watch"))
    wanted = {"desk": "senior watch", "role": "supervisor", "capabilities": ["all"], "language": "en", "officer": "S-1"}
    assert (reply.status, reply.json()) == (200, wanted)
    assert browser.get("/session").json() == wanted


def test_a_passkey_logs_in_again_and_again(browser: Browser, key: Authenticator) -> None:
    for _ in range(3):
        assert browser.log_in(key).json()["desk"] == "watch"
        assert browser.get("/session").status == 200
        assert browser.delete("/session").status == 200


def test_an_authenticator_that_does_not_count_logs_in_as_well(floor: Floor, browser: Browser) -> None:
    key = Authenticator(browser.origin, counts=False)
    assert browser.register(key, floor.invite()).status == 200
    assert [browser.log_in(key).status for _ in range(2)] == [200, 200]


# What does not


def test_a_challenge_is_answered_once(browser: Browser, key: Authenticator) -> None:
    begun = browser.post("/passkeys/login/begin")
    first = key.sign(options_of(begun))
    assert browser.post("/passkeys/login/finish", {"credential": first}).status == 200
    assert refused(browser.post("/passkeys/login/finish", {"credential": first}), 400) == "passkey-too-late"
    again = key.sign(options_of(begun))
    assert refused(browser.post("/passkeys/login/finish", {"credential": again}), 400) == "passkey-too-late"


def test_an_attempt_that_failed_uses_the_challenge_up(browser: Browser, key: Authenticator) -> None:
    begun = options_of(browser.post("/passkeys/login/begin"))
    key.verifies = False
    assert refused(browser.post("/passkeys/login/finish", {"credential": key.sign(begun)})) == "passkey-wrong"
    key.verifies = True
    assert refused(browser.post("/passkeys/login/finish", {"credential": key.sign(begun)}), 400) == "passkey-too-late"


def test_a_challenge_is_for_the_browser_that_asked(floor: Floor, browser: Browser, key: Authenticator) -> None:
    begun = options_of(browser.post("/passkeys/login/begin"))
    stranger = Browser(floor)
    stranger.post("/passkeys/login/begin")
    for other in (Browser(floor), stranger):
        reply = other.post("/passkeys/login/finish", {"credential": key.sign(begun)})
        assert reply.status in (400, 403)
        assert "openline_session" not in other.cookies


def test_a_challenge_expires(floor: Floor, browser: Browser, key: Authenticator) -> None:
    begun = options_of(browser.post("/passkeys/login/begin"))
    floor.clock.pass_us(CHALLENGE_WITHIN_US)
    reply = browser.post("/passkeys/login/finish", {"credential": key.sign(begun)})
    assert refused(reply, 400) == "passkey-too-late"


def test_a_challenge_to_log_in_does_not_register(floor: Floor, browser: Browser) -> None:
    code = floor.invite()
    register = options_of(browser.post("/passkeys/register/begin", {"invite": code}))
    login = options_of(browser.post("/passkeys/login/begin"))
    made = Authenticator(browser.origin).make({**register, "challenge": login["challenge"]})
    reply = browser.post("/passkeys/register/finish", {"credential": made})
    assert refused(reply, 400) == "passkey-too-late"


Spoilt = Callable[[Authenticator], None]

SPOILT: dict[str, Spoilt] = {
    "another origin": lambda key: setattr(key, "origin", "http://evil.example"),
    "another port": lambda key: setattr(key, "origin", "http://alpha.localhost:9000"),
    "another scheme": lambda key: setattr(key, "origin", "https://alpha.localhost:8000"),
    "another relying party": lambda key: setattr(key, "rp_id", "localhost"),
    "the user not verified": lambda key: setattr(key, "verifies", False),
    "inside a foreign page": lambda key: setattr(key, "cross_origin", True),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_an_honest_browser_does_not_say_logs_nobody_in(
    browser: Browser, key: Authenticator, floor: Floor, spoil: Spoilt
) -> None:
    spoil(key)
    assert refused(browser.log_in(key)) == "passkey-wrong"
    assert "openline_session" not in browser.cookies
    assert floor.log.facts[-1][0] == "console-refused"


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_an_honest_browser_does_not_say_registers_nothing(floor: Floor, browser: Browser, spoil: Spoilt) -> None:
    key = Authenticator(browser.origin)
    spoil(key)
    code = floor.invite()
    assert refused(browser.register(key, code)) == "passkey-wrong"
    assert floor.officers.passkeys() == []
    assert browser.register(Authenticator(browser.origin), code).status == 200, "the invitation is still good"


def test_another_key_s_signature_is_refused(browser: Browser, key: Authenticator) -> None:
    begun = options_of(browser.post("/passkeys/login/begin"))
    forged = key.sign(begun)
    other = Authenticator(browser.origin, seed=b"other", count=key.count)
    other.handle = key.handle
    cast("Json", forged["response"])["signature"] = cast("Json", other.sign(begun)["response"])["signature"]
    assert refused(browser.post("/passkeys/login/finish", {"credential": forged})) == "passkey-wrong"


def test_another_position_s_handle_is_refused(browser: Browser, key: Authenticator) -> None:
    key.handle = b"another position"
    assert refused(browser.log_in(key)) == "passkey-wrong"


def test_a_counter_that_goes_back_is_a_copy(browser: Browser, key: Authenticator) -> None:
    assert browser.log_in(key).status == 200
    key.count -= 1
    assert refused(browser.log_in(key)) == "passkey-copied"
    key.count = 0
    key.counts = False
    assert refused(browser.log_in(key)) == "passkey-copied"


def test_a_passkey_nobody_registered_is_unknown(browser: Browser, key: Authenticator) -> None:
    stranger = Authenticator(browser.origin, seed=b"stranger")
    stranger.handle = key.handle
    assert refused(browser.log_in(stranger)) == "passkey-unknown"


def test_a_withdrawn_passkey_opens_nothing(floor: Floor, browser: Browser, key: Authenticator) -> None:
    assert Browser(floor, floor.socket).post("/officers/S-1/withdraw", {"reason": "lost"}).status == 200
    assert refused(browser.log_in(key)) == "officer-withdrawn"


def test_a_passkey_works_under_its_own_name_only(floor: Floor, browser: Browser, key: Authenticator) -> None:
    elsewhere = Browser(floor, host="localhost:8000")
    key.origin = elsewhere.origin
    assert refused(elsewhere.log_in(key)) == "passkey-unknown"


def test_a_position_that_is_gone_lets_nobody_in(floor: Floor, browser: Browser, key: Authenticator) -> None:
    del floor.positions["watch"]
    floor.close()
    floor.open()
    assert refused(Browser(floor).log_in(key)) == "passkey-position-gone"


# Invitations


def test_an_invitation_is_used_once(floor: Floor, browser: Browser) -> None:
    code = floor.invite()
    assert browser.register(Authenticator(browser.origin), code).status == 200
    assert refused(browser.register(Authenticator(browser.origin, seed=b"second"), code)) == "invite-wrong"


def test_two_who_have_begun_with_one_invitation_are_one_in_the_end(floor: Floor) -> None:
    code, browsers = floor.invite(), (Browser(floor), Browser(floor))
    begun = [options_of(browser.post("/passkeys/register/begin", {"invite": code})) for browser in browsers]
    statuses = []
    for number, (browser, options) in enumerate(zip(browsers, begun, strict=True)):
        made = Authenticator(browser.origin, seed=b"%d" % number).make(options)
        statuses.append(browser.post("/passkeys/register/finish", {"credential": made}).status)
    assert statuses == [200, 403]
    assert len(floor.officers.passkeys()) == 1


def test_an_invitation_expires(floor: Floor, browser: Browser) -> None:
    code = floor.invite()
    floor.clock.pass_us(INVITE_WITHIN_US - 1)
    begun = options_of(browser.post("/passkeys/register/begin", {"invite": code}))
    floor.clock.pass_us(1)
    made = Authenticator(browser.origin).make(begun)
    assert refused(browser.post("/passkeys/register/finish", {"credential": made})) == "invite-wrong"
    assert refused(browser.post("/passkeys/register/begin", {"invite": code})) == "invite-wrong"


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC-DDDD", "ы", "A" * 1_000])
def test_a_code_nobody_was_given_is_refused(floor: Floor, browser: Browser, code: str) -> None:
    floor.invite()
    assert refused(browser.post("/passkeys/register/begin", {"invite": code})) == "invite-wrong"


def test_a_code_is_read_as_people_type_it() -> None:
    assert code_digest("OI2A-BCDE") == code_digest(" 0i2a bcde ") == code_digest("o12abcde")
    assert code_digest("OI2A-BCDE") != code_digest("OI2A-BCDF")


def test_a_known_credential_is_not_registered_again(floor: Floor, browser: Browser, key: Authenticator) -> None:
    assert refused(browser.register(key, floor.invite("senior watch")), 400) == "passkey-too-late"
    assert [row.position for row in floor.officers.passkeys()] == ["watch"]


# Challenges


def test_challenges_are_bounded_and_the_oldest_goes_first() -> None:
    challenges = Challenges(HandClock())
    cookies = [challenges.ask("login", HERE)[0] for _ in range(CHALLENGES_MAX + 1)]
    with pytest.raises(UsageError, match="passkey-too-late"):
        challenges.take("login", HERE, [cookies[0].encode()])
    assert challenges.take("login", HERE, [cookies[1].encode()]).purpose == "login"


def test_a_cookie_given_twice_is_refused() -> None:
    challenges = Challenges(HandClock())
    cookie, _ = challenges.ask("login", HERE)
    with pytest.raises(UsageError, match="passkey-too-late"):
        challenges.take("login", HERE, [cookie.encode(), cookie.encode()])


# Made-up bytes: a value or a refusal, nothing else


def _attested(change: Callable[[Json], None]) -> Json:
    made = Authenticator(HERE.origin).make(
        {"user": {"id": "AAAA"}, "rp": {"id": HERE.host}, "challenge": encoded(b"c" * 32)}
    )
    response = cast("Json", made["response"])
    attestation = cast("Json", cbor2.loads(decoded(response["attestationObject"])))
    change(attestation)
    response["attestationObject"] = encoded(cbor2.dumps(attestation))
    return made


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(fmt="tpm"),
        lambda one: one.update(fmt="android-safetynet"),
        lambda one: one.update(fmt=["none"]),
        lambda one: one.update(attStmt={"sig": b"x"}),
        lambda one: one.update(attStmt=None),
        lambda one: one.update(fmt="packed", attStmt={"alg": -7, "sig": b"x"}),
        lambda one: one.update(fmt="packed", attStmt={"alg": -7, "sig": b"x", "x5c": [b"x"]}),
        lambda one: one.update(authData=one["authData"][:-1]),
        lambda one: one.update(authData=one["authData"] + b"\x00"),
        lambda one: one.update(authData="text"),
        lambda one: one.pop("authData"),
        lambda one: one.update(authData=one["authData"][:37] + bytes(18) + cbor2.dumps({})),
        lambda one: one.update(authData=one["authData"][:37] + bytes(16) + b"\x00\x01a" + cbor2.dumps([1])),
        lambda one: one.update(authData=one["authData"][:37] + bytes(16) + b"\x00\x01a" + cbor2.dumps({1: 2, 3: -7})),
    ],
)
def test_an_attestation_that_is_no_honest_one_is_refused(change: Callable[[Json], None]) -> None:
    assert _judged(_attested(change)) == "passkey-wrong"
    assert _judged(_attested(lambda _: None)) == "registered"


@pytest.mark.parametrize("fmt", ["tpm", "android-key", "android-safetynet", "apple", "fido-u2f"])
def test_a_form_nobody_asked_for_is_not_even_read(monkeypatch: pytest.MonkeyPatch, fmt: str) -> None:
    monkeypatch.setattr("openline.console.passkeys.verify_registration_response", lambda **_: pytest.fail("it is read"))
    assert _judged(_attested(lambda one: one.update(fmt=fmt))) == "passkey-wrong"


def _judged(credential: Json) -> str:
    _, challenge = Challenges(HandClock()).ask("register", HERE)
    challenge = type(challenge)("register", b"c" * 32, HERE, challenge.expires)
    try:
        registered(msgspec.convert(credential, Made), challenge)
    except UsageError as why:
        return why.message_id
    return "registered"


cbors = st.recursive(
    st.none() | st.booleans() | st.integers(-300, 300) | st.binary(max_size=80) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(-4, 5) | st.text(max_size=4), inner),
    max_leaves=8,
)


@pytest.mark.fuzz
@given(st.dictionaries(st.sampled_from(["fmt", "attStmt", "authData"]), cbors) | cbors, cbors, st.binary(max_size=90))
def test_any_attestation_is_taken_or_refused(attestation: object, key: object, tail: bytes) -> None:
    told = {"id": "AA", "rawId": "AA", "type": "public-key"}
    client = cast("Json", _attested(lambda _: None)["response"])["clientDataJSON"]
    if isinstance(attestation, dict) and isinstance(key, dict):
        honest = decoded(cast("Json", _attested(lambda _: None)["response"])["attestationObject"])
        data = cast("bytes", cbor2.loads(honest)["authData"])[:87]
        attestation["authData"] = data + cbor2.dumps(key) + tail
        attestation.setdefault("fmt", "none")
    response = {"clientDataJSON": client, "attestationObject": encoded(cbor2.dumps(attestation))}
    assert _judged({**told, "response": response}) in ("passkey-wrong", "registered")


@pytest.mark.fuzz
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=120), st.binary(max_size=80), st.booleans())
def test_any_assertion_is_taken_or_refused(
    floor: Floor, client: bytes, data: bytes, signature: bytes, nested: bool
) -> None:
    browser, key = Browser(floor), Authenticator("http://alpha.localhost:8000")
    if not floor.officers.passkeys():
        assert browser.register(key, floor.invite()).status == 200
    _, challenge = Challenges(HandClock()).ask("login", HERE)
    response = {
        "clientDataJSON": encoded(b"[" * 9_000 if nested else client) or "A",
        "authenticatorData": encoded(data) or "A",
        "signature": encoded(signature) or "A",
    }
    told = {"id": "AA", "rawId": encoded(key.credential), "type": "public-key", "response": response}
    with pytest.raises(UsageError, match="passkey-wrong"):
        used(msgspec.convert(told, Signed), challenge, floor.officers)
