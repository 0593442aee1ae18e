"""Passkeys: how an officer registers one at a desk with an invitation, and logs in with it (WebAuthn Level 2).

Always: the authenticator has verified its user (PIN, finger), the key is discoverable, the relying party is the
console's own host name. A challenge is asked for once, answered once, within five minutes, by the browser that
asked: a cookie binds it. What kind of authenticator it is, is not asked.

Invitations are made by whoever operates the node. The code has 80 random bits and stands in the file as a digest.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Literal, TypeVar

import msgspec
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import options_to_json_dict, parse_attestation_object, parse_client_data_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from openline.base.errors import UsageError
from openline.base.limits import (
    CHALLENGE_WITHIN_US,
    CHALLENGES_MAX,
    INVITE_WITHIN_US,
    PASSKEY_FIELD_LENGTH_MAX,
    ROLE_BYTES_MAX,
)
from openline.base.time import SECOND_US, Instant
from openline.console.doors import Place
from openline.console.roster import InviteRow, PasskeyRow, Roster
from openline.console.sessions import TOKEN_BYTES, Clock
from openline.node.views import Terms

CHALLENGE_COOKIE = b"openline_challenge"
CODE_BYTES = 10
HANDLE_BYTES = 32
PRODUCT = "openline"

SALT_BYTES = 16

ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
"""Keys that every reader of the record can check (docs/spec/kinds/officer.md)."""

T = TypeVar("T")
Purpose = Literal["register", "login"]
Options = dict[str, object]
Field = Annotated[str, msgspec.Meta(min_length=1, max_length=PASSKEY_FIELD_LENGTH_MAX)]

# Authenticators that are not asked who made them say so, or sign with the key itself; no others are read.
_FORMATS = (AttestationFormat.NONE, AttestationFormat.PACKED)

# The library is meant to raise its own errors alone. Made-up bytes get these out of it as well.
_BROKEN = (WebAuthnException, ArithmeticError, LookupError, RecursionError, TypeError, ValueError)


class AttestedView(msgspec.Struct, frozen=True, rename="camel"):
    """What an authenticator says of a key it has made."""

    client_data: Field = msgspec.field(name="clientDataJSON")
    attestation_object: Field


class RegisteredKey(msgspec.Struct, frozen=True, rename="camel"):
    """`PublicKeyCredential.toJSON()` of `navigator.credentials.create`; bytes are base64url."""

    id: Field
    raw_id: Field
    response: AttestedView
    type: Literal["public-key"]


class AssertedView(msgspec.Struct, frozen=True, rename="camel"):
    """What an authenticator says with a key it has."""

    client_data: Field = msgspec.field(name="clientDataJSON")
    authenticator_data: Field
    signature: Field
    user_handle: Field | None = None


class UsedKey(msgspec.Struct, frozen=True, rename="camel"):
    """`PublicKeyCredential.toJSON()` of `navigator.credentials.get`; bytes are base64url."""

    id: Field
    raw_id: Field
    response: AssertedView
    type: Literal["public-key"]


@dataclass(frozen=True, slots=True)
class Challenge:
    """What an authenticator has been asked to sign. `invite` is the digest of the code it was asked with."""

    purpose: Purpose
    data: bytes
    place: Place
    expires: Instant
    invite: bytes = b""


class Challenges:
    """Challenges that were not answered yet, by the cookie of the browser that asked. Mutable, bounded."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[bytes, Challenge] = {}

    def ask(self, purpose: Purpose, place: Place, invite: bytes = b"") -> tuple[str, Challenge]:
        """A new challenge, and the cookie that binds it."""
        now = self._clock.now()
        while self._waiting and (len(self._waiting) >= CHALLENGES_MAX or self._oldest().expires <= now):
            del self._waiting[next(iter(self._waiting))]
        cookie = self._clock.entropy(TOKEN_BYTES).hex()
        challenge = Challenge(purpose, self._clock.entropy(TOKEN_BYTES), place, now.plus(CHALLENGE_WITHIN_US), invite)
        self._waiting[sha256(cookie.encode()).digest()] = challenge
        return cookie, challenge

    def take(self, purpose: Purpose, place: Place, given: list[bytes]) -> Challenge:
        """The challenge of this browser, which is used up now. Raises UsageError `passkey-too-late`."""
        challenge = self._waiting.pop(sha256(given[0]).digest(), None) if len(given) == 1 else None
        asked = challenge is not None and (challenge.purpose, challenge.place) == (purpose, place)
        if challenge is None or not asked or challenge.expires <= self._clock.now():
            raise UsageError("passkey-too-late")
        return challenge

    def _oldest(self) -> Challenge:
        return next(iter(self._waiting.values()))


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom an invitation is for: the position, the name of the holder, and on which terms."""

    position: str
    holder: str
    terms: Terms


def invite(
    roster: Roster, clock: Clock, invited: Invited, positions: Mapping[str, str], within_us: int = INVITE_WITHIN_US
) -> tuple[str, Instant]:
    """Make an invitation: its code, and until when it is good.

    Raises UsageError `position-unknown` or `holder-too-long`, and StoreError.
    """
    position, holder = invited.position, invited.holder
    if position not in positions:
        raise UsageError("position-unknown", position=position, positions=", ".join(positions))
    if len(holder.encode()) > ROLE_BYTES_MAX:
        raise UsageError("holder-too-long", limit=ROLE_BYTES_MAX)
    now, code = clock.now(), b32encode(clock.entropy(CODE_BYTES)).decode()
    expires = now.plus(within_us)
    roster.add_invite(
        digest=code_digest(code),
        position=position,
        handle=clock.entropy(HANDLE_BYTES),
        holder=holder,
        now=now,
        expires=expires,
        terms=invited.terms,
    )
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4)), expires


def code_digest(code: str) -> bytes:
    """By what a code is known, however it was typed: case, spaces and hyphens do not count, 0 is O and 1 is I."""
    typed = "".join(code.upper().replace("0", "O").replace("1", "I").replace("-", " ").split())
    return sha256(typed.encode()).digest()


def open_invite(roster: Roster, digest: bytes, positions: Mapping[str, str], now: Instant) -> InviteRow:
    """An invitation that may be used now. Raises UsageError `invite-wrong`, which does not say why."""
    found = roster.invite(digest)
    if found is None or found.used is not None or found.expires <= now or found.position not in positions:
        raise UsageError("invite-wrong")
    return found


def creation(challenge: Challenge, found: InviteRow, party: str, known: list[bytes]) -> Options:
    """`PublicKeyCredentialCreationOptionsJSON`: what the browser asks the authenticator to make."""
    options = generate_registration_options(
        rp_id=challenge.place.host,
        rp_name=f"{PRODUCT} {party}",
        user_id=found.handle,
        user_name=found.position,
        user_display_name=f"{found.position} ({party})",
        challenge=challenge.data,
        timeout=CHALLENGE_WITHIN_US // (SECOND_US // 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        supported_pub_key_algs=ALGORITHMS,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=credential) for credential in known],
    )
    return options_to_json_dict(options)


def request(host: str, challenge: bytes, credentials: Sequence[bytes] = ()) -> Options:
    """`PublicKeyCredentialRequestOptionsJSON`: what the browser asks the authenticator to sign, with which keys."""
    options = generate_authentication_options(
        rp_id=host,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=credential) for credential in credentials],
        timeout=CHALLENGE_WITHIN_US // (SECOND_US // 1000),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def registered(key: RegisteredKey, challenge: Challenge) -> VerifiedRegistration:
    """A key that was made for this challenge. Raises UsageError `passkey-wrong`."""

    def verify() -> VerifiedRegistration:
        client_data = _client_data(key.response.client_data)
        attestation = base64url_to_bytes(key.response.attestation_object)
        if parse_attestation_object(attestation).fmt not in _FORMATS:
            raise ValueError("another form of attestation than was asked for")
        return verify_registration_response(
            credential=RegistrationCredential(
                id=key.id,
                raw_id=base64url_to_bytes(key.raw_id),
                response=AuthenticatorAttestationResponse(client_data, attestation),
            ),
            expected_challenge=challenge.data,
            expected_rp_id=challenge.place.host,
            expected_origin=challenge.place.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )

    return _held(verify)


def used(key: UsedKey, challenge: Challenge, roster: Roster) -> tuple[PasskeyRow, int]:
    """The passkey that has answered this challenge, and its counter now.

    Raises UsageError: `passkey-unknown` when it is not registered, `officer-withdrawn` when it was revoked,
    `passkey-copied` when its counter has not grown, `passkey-wrong` otherwise.
    """
    credential = _held(lambda: base64url_to_bytes(key.raw_id))
    known = roster.passkey(credential)
    if known is None or known.host != challenge.place.host:
        raise UsageError("passkey-unknown")
    if known.revoked is not None:
        raise UsageError("officer-withdrawn")

    def verify() -> VerifiedAuthentication:
        response = key.response
        if response.user_handle is not None and base64url_to_bytes(response.user_handle) != known.handle:
            raise ValueError("the key of another position")
        return verify_authentication_response(
            credential=AuthenticationCredential(
                id=key.id,
                raw_id=credential,
                response=AuthenticatorAssertionResponse(
                    client_data_json=_client_data(response.client_data),
                    authenticator_data=base64url_to_bytes(response.authenticator_data),
                    signature=base64url_to_bytes(response.signature),
                ),
            ),
            expected_challenge=challenge.data,
            expected_rp_id=challenge.place.host,
            expected_origin=challenge.place.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )

    count = _held(verify).new_sign_count
    if (count or known.sign_count) and count <= known.sign_count:
        raise UsageError("passkey-copied", number=known.number)
    return known, count


def _client_data(text: str) -> bytes:
    """What the browser has told the authenticator. Raises ValueError when our page was inside a foreign one."""
    data = base64url_to_bytes(text)
    if parse_client_data_json(data).cross_origin:
        raise ValueError("inside a foreign page")
    return data


def _held(verify: Callable[[], T]) -> T:
    try:
        return verify()
    except _BROKEN as why:
        raise UsageError("passkey-wrong") from why
