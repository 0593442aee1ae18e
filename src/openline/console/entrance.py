"""Routes by which an officer comes in and goes: seats, sessions, and the two ceremonies of a passkey.

What is durable is written in a thread, one write after the other; what is open stands in memory. A passkey that is
revoked ends its sessions before the answer to the operator leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec

from openline.base.errors import OpenlineError, UsageError
from openline.base.limits import CHALLENGE_WITHIN_US, SESSION_LIFE_US
from openline.console import passkeys
from openline.console.answers import Answer, json_answer
from openline.console.auth import Head, read_language
from openline.console.calls import Call
from openline.console.invitations import invitation_routes
from openline.console.office import Bound, Entrance, Office, OptionsView, bind
from openline.console.officers import officer_routes
from openline.console.passkeys import CHALLENGE_COOKIE, SALT_BYTES, Challenge, Purpose, RegisteredKey, UsedKey
from openline.console.ports import Desk
from openline.console.roster import PasskeyRow
from openline.console.sessions import SESSION_COOKIE, Session, cookies, digest_of, set_cookie
from openline.console.signing import signing_routes
from openline.console.table import Body, Handler, Route

CHALLENGE_PATH = "/api/v1/passkeys"
DETAIL_LENGTH_MAX = 200


class SeatView(msgspec.Struct, frozen=True):
    """A position that may be taken without a passkey, in a demonstration."""

    id: str
    name: str
    role: str


class SeatsView(msgspec.Struct, frozen=True):
    """How one may come in here. `passkeys` is false where no passkey works: at an address instead of a name."""

    seats: tuple[SeatView, ...]
    passkeys: bool


class SeatRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The seat to take."""

    seat: str


class SessionView(msgspec.Struct, frozen=True):
    """Who sits here: the desk's name as the record will have it, its role and what that may do.

    `officer` is the pseudonym of who logged in with a passkey.
    """

    desk: str
    role: str
    capabilities: tuple[str, ...]
    language: str
    officer: str = ""


class EndedView(msgspec.Struct, frozen=True):
    """Whether there was a session to end."""

    ended: bool


class CodeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code of an invitation, as it was typed."""

    invite: str


class RegistrationRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The credential that was made."""

    credential: RegisteredKey


class LoginRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The credential that was used."""

    credential: UsedKey


async def _seats(entrance: Entrance, _desk: Desk, call: Call) -> Answer:
    positions = entrance.office.sessions.positions if entrance.seats else {}
    try:
        entrance.place(call)
        works = True
    except UsageError:
        works = False
    return json_answer(SeatsView(tuple(SeatView(name, name, role) for name, role in positions.items()), works))


async def _session(_entrance: Entrance, _desk: Desk, call: Call) -> Answer:
    who = call.who
    return json_answer(SessionView(who.desk, who.role, tuple(sorted(who.capabilities)), who.language, who.officer))


async def _take_seat(entrance: Entrance, _desk: Desk, call: Call) -> Answer:
    office = entrance.office
    asked = await call.json(SeatRequest)
    if not entrance.seats:
        raise UsageError("seats-closed")
    if asked.seat not in office.sessions.positions:
        raise UsageError("position-unknown", position=asked.seat, positions=", ".join(office.sessions.positions))
    token = office.sessions.token()
    _leave_behind(office, call)
    session = office.sessions.begin(token, asked.seat, None)
    await office.settle()
    office.journal.say("console-opened", position=asked.seat, session=session.id[:16], passkey=None)
    return _opened(entrance, call, token, session)


async def _leave(entrance: Entrance, _desk: Desk, call: Call) -> Answer:
    if call.who.session:
        entrance.office.sessions.end(call.who.session)
        await entrance.office.settle()
        entrance.office.journal.say("console-closed", position=call.who.desk, session=call.who.session[:16])
    gone = set_cookie(SESSION_COOKIE, "", 0, "/", call.scope["scheme"] == "https")
    return _with(json_answer(EndedView(bool(call.who.session))), gone)


async def _login_begin(entrance: Entrance, _desk: Desk, call: Call) -> Answer:
    cookie, challenge = entrance.office.challenges.ask("login", entrance.place(call))
    return _asked(call, cookie, passkeys.request(challenge.place.host, challenge.data))


async def _login_finish(entrance: Entrance, _desk: Desk, call: Call) -> Answer:
    office, key = entrance.office, (await call.json(LoginRequest)).credential
    office.attempts.check(_address(call))
    challenge = _taken(entrance, call, "login")
    try:
        known, count = await office.read(partial(passkeys.used, key, challenge, office.roster))
        if known.position not in office.sessions.positions:
            raise UsageError("passkey-position-gone", position=known.position)
    except UsageError as why:
        _refused(office, call, why)
        raise
    token, now = office.sessions.token(), office.clock.now()
    signed_in = partial(office.roster.sign_in, known.credential, count, digest_of(token), now)
    return await _come_in(entrance, call, token, known.credential, signed_in)


async def _register_begin(entrance: Entrance, _desk: Desk, call: Call) -> Answer:
    office, asked = entrance.office, await call.json(CodeRequest)
    office.attempts.check(_address(call))
    place, digest = entrance.place(call), passkeys.code_digest(asked.invite)
    now = office.clock.now()
    try:
        found = await office.read(partial(passkeys.open_invite, office.roster, digest, office.sessions.positions, now))
    except UsageError as why:
        _refused(office, call, why)
        raise
    known = await office.read(office.roster.passkeys)
    same = [one.credential for one in known if one.position == found.position and one.revoked is None]
    cookie, challenge = office.challenges.ask("register", place, digest)
    return _asked(call, cookie, passkeys.creation(challenge, found, office.party, same))


async def _register_finish(entrance: Entrance, desk: Desk, call: Call) -> Answer:
    office, key = entrance.office, (await call.json(RegistrationRequest)).credential
    office.attempts.check(_address(call))
    challenge = _taken(entrance, call, "register")
    now = office.clock.now()
    try:
        passkeys.open_invite(office.roster, challenge.invite, office.sessions.positions, now)
        made = passkeys.registered(key, challenge)
    except UsageError as why:
        _refused(office, call, why)
        raise
    token = office.sessions.token()
    registered = partial(
        office.roster.register,
        invite=challenge.invite,
        credential=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        host=challenge.place.host,
        session=digest_of(token),
        now=now,
        salt=office.clock.entropy(SALT_BYTES),
    )
    answer = await _come_in(entrance, call, token, made.credential_id, registered)
    await office.tell(desk)
    return answer


async def _come_in(
    entrance: Entrance, call: Call, token: str, credential: bytes, written: Callable[[], bool]
) -> Answer:
    """Write that a passkey was used or made, and open its session. Raises UsageError when it came too late."""
    office, opened = entrance.office, list[Session]()

    def write() -> PasskeyRow | None:
        return office.roster.passkey(credential) if written() else None

    def begin(row: PasskeyRow | None) -> None:
        if row is not None:
            _leave_behind(office, call)
            opened.append(office.sessions.begin(token, row.position, row.number, row.terms.pseudonym))

    row = await office.write(write, begin)
    if row is None:
        raise UsageError("passkey-too-late")
    await office.settle()
    session = opened[0]
    office.journal.say("console-opened", position=row.position, session=session.id[:16], passkey=row.number)
    return _opened(entrance, call, token, session)


def _leave_behind(office: Office, call: Call) -> None:
    """Who comes in anew leaves the session this browser had."""
    before = office.sessions.find(_cookie(call))
    if before is not None:
        office.sessions.end(before.id)


def _taken(entrance: Entrance, call: Call, purpose: Purpose) -> Challenge:
    given = cookies(_cookie(call), CHALLENGE_COOKIE)
    return entrance.office.challenges.take(purpose, entrance.place(call), given)


def _cookie(call: Call) -> Head:
    return {b"cookie": (call.header(b"cookie") or "").encode("latin-1")}


def _refused(office: Office, call: Call, why: OpenlineError) -> None:
    office.attempts.refused(_address(call))
    detail = None if why.__cause__ is None else str(why.__cause__)[:DETAIL_LENGTH_MAX]
    office.journal.say("console-refused", fault=why.message_id, detail=detail)


def _address(call: Call) -> str:
    """From where a request comes; the same for all at the Unix socket."""
    client = call.scope.get("client")
    return "" if client is None else str(client[0])


def _asked(call: Call, cookie: str, options: passkeys.Options) -> Answer:
    secure = call.scope["scheme"] == "https"
    bound = set_cookie(CHALLENGE_COOKIE, cookie, CHALLENGE_WITHIN_US, CHALLENGE_PATH, secure)
    return _with(json_answer(OptionsView(options)), bound)


def _opened(entrance: Entrance, call: Call, token: str, session: Session) -> Answer:
    language = read_language((call.header(b"accept-language") or "en").encode("latin-1"))
    who = entrance.office.sessions.officer_of(session, language)
    view = SessionView(who.desk, who.role, tuple(sorted(who.capabilities)), who.language, who.officer)
    secure = call.scope["scheme"] == "https"
    return _with(json_answer(view), set_cookie(SESSION_COOKIE, token, SESSION_LIFE_US, "/", secure))


def _with(answer: Answer, cookie: tuple[bytes, bytes]) -> Answer:
    return Answer(answer.body, answer.media, answer.status, (cookie, (b"cache-control", b"no-store")))


def entrance_routes(entrance: Entrance | None) -> list[Route]:
    """The routes, at one door. Without an entrance they are only described."""

    bound = partial(bind, entrance)
    return [
        Route("GET", "/api/v1/seats", "How one may come in here", bound(_seats), Body(SeatsView), open_to_all=True),
        Route("GET", "/api/v1/session", "Who sits here", bound(_session), Body(SessionView)),
        Route(
            "POST",
            "/api/v1/session",
            "Take a seat without a passkey, in a demonstration",
            bound(_take_seat),
            Body(SessionView),
            takes=Body(SeatRequest),
            open_to_all=True,
        ),
        Route("DELETE", "/api/v1/session", "Leave the console", bound(_leave), Body(EndedView)),
        *_ceremonies(bound),
        *invitation_routes(bound),
        *officer_routes(bound),
        *signing_routes(bound),
    ]


def _ceremonies(bound: Callable[[Bound], Handler]) -> list[Route]:
    return [
        Route(
            "POST",
            "/api/v1/passkeys/login/begin",
            "Begin to log in: what to ask the authenticator",
            bound(_login_begin),
            Body(OptionsView),
            open_to_all=True,
        ),
        Route(
            "POST",
            "/api/v1/passkeys/login/finish",
            "Log in with what the authenticator has signed",
            bound(_login_finish),
            Body(SessionView),
            takes=Body(LoginRequest),
            open_to_all=True,
        ),
        Route(
            "POST",
            "/api/v1/passkeys/register/begin",
            "Begin to register a passkey: what to ask the authenticator",
            bound(_register_begin),
            Body(OptionsView),
            takes=Body(CodeRequest),
            open_to_all=True,
        ),
        Route(
            "POST",
            "/api/v1/passkeys/register/finish",
            "Register the passkey that was made, and log in with it",
            bound(_register_finish),
            Body(SessionView),
            takes=Body(RegistrationRequest),
            open_to_all=True,
        ),
    ]
