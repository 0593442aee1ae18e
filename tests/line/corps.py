"""Officers of the tests: entered on a line, and signing what is said there."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from openline.base.schema import pack
from openline.identity.assertion import Assertion, entry_challenge, name_digest
from openline.line.officer import KEYED, OFFICER, OfficerBody, OfficerStep
from openline.line.signature import SIGNATURE, SignatureBody
from openline.record.entry import Draft, Entry, Mark
from tests.identity.passkey import HOST, Passkey
from tests.line.world import World

SALT = b"salt of 16 bytes"
NAME = "A. Berg"
SUPERVISOR = Passkey(b"supervisor")


def body_of(step: OfficerStep, pseudonym: str = "S-1", key: Passkey = SUPERVISOR) -> OfficerBody:
    """A step as an honest node writes it."""
    if step in KEYED:
        return OfficerBody(
            step=step,
            pseudonym=pseudonym,
            roles=("supervisor",),
            credential=key.credential,
            public_key=key.cose,
            host=HOST,
            name_digest=name_digest(SALT, NAME),
            reason="" if step is OfficerStep.ENROL else "the key was lost",
            witness_role="technician" if step is OfficerStep.RECOVER else None,
            witness="T-1" if step is OfficerStep.RECOVER else "",
        )
    if step is OfficerStep.OPEN_NAME:
        return OfficerBody(step=step, pseudonym=pseudonym, name=NAME, salt=SALT)
    if step is OfficerStep.APPOINT:
        return OfficerBody(step=step, pseudonym=pseudonym, roles=("linguist",))
    return OfficerBody(step=step, pseudonym=pseudonym, by="S-9", reason="the key was lost")


def enter(world: World, body: OfficerBody, who: str = "alpha", mark: Mark = Mark.OPERATION) -> Entry:
    """Put a step on the record."""
    return world.put(who, [Draft(OFFICER, pack(body), "watch", mark=mark)])[0]


def enrol(world: World, pseudonym: str = "S-1", key: Passkey = SUPERVISOR, mark: Mark = Mark.OPERATION) -> Entry:
    """Enter an officer of alpha."""
    return enter(world, body_of(OfficerStep.ENROL, pseudonym, key), mark=mark)


def assertion(entry: Entry, key: Passkey = SUPERVISOR) -> Assertion:
    """What the passkey answers for an entry."""
    return key.sign(entry_challenge(entry.origin, entry.index, entry.leaf_hash))


def arguments(entry: Entry, label: str, key: Passkey = SUPERVISOR) -> dict[str, object]:
    """The same as the verb `sign` takes it."""
    made = assertion(entry, key)
    return {
        "entry": label,
        "credential": text(key.credential),
        "authenticator_data": text(made.authenticator_data),
        "client_data": text(made.client_data),
        "signature": text(made.signature),
    }


def sign(world: World, label: str, key: Passkey = SUPERVISOR, who: str = "alpha") -> list[Entry]:
    """Sign an entry by the verb."""
    return world.say(who, "sign", **arguments(world.entry(label), label, key))


def signature(target: Entry, made: Assertion, key: Passkey = SUPERVISOR, mark: Mark = Mark.OPERATION) -> Draft:
    """A signature as somebody puts it past the verb."""
    body = SignatureBody(
        credential=key.credential,
        authenticator_data=made.authenticator_data,
        client_data=made.client_data,
        signature=made.signature,
    )
    return Draft(SIGNATURE, pack(body), "watch", (target.ref,), mark=mark)


def text(data: bytes) -> str:
    """Bytes as base64url."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()
