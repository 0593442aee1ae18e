"""Making a party and pairing it with others: what happens before, and beside, a running node."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec

from openline.base.errors import UsageError
from openline.base.time import Instant
from openline.identity.card import Card, pack_card
from openline.identity.keys import NodeSecrets, RootSecrets, lock_root, tls_pin
from openline.identity.names import is_line, is_party, line_name, line_origin
from openline.identity.trust import Accepted, Trust
from openline.link.frames import PROTOCOL, PROTOCOL_MIN
from openline.node.clock import Clock, SystemClock
from openline.node.config import PathConfig, parse_config, split_address
from openline.node.folder import Folder, write_secret
from openline.node.views import InvitationView
from openline.record.introduction import Invitation, make_invitation, open_invitation
from openline.record.ports import Introduction, LineOpened, OpenLog, RecordStore, Write
from openline.store.blobs import Blobs, SqliteChunks
from openline.store.sqlite import SqliteStore

OURSELVES = "ourselves"
RENEWED = "renewed by its own root"
"""Who confirmed an introduction when no person did: we made it, or a party's own root renewed its card."""


class FoundedView(msgspec.Struct, frozen=True):
    """A party that was made: what to read aloud, and where its files are."""

    party: str
    fingerprint: str
    folder: str
    root_key: str
    card: str


class PairedView(msgspec.Struct, frozen=True):
    """A line that was opened by pairing."""

    line: str
    party: str
    members: tuple[str, ...]


def create_party(
    folder: Path,
    party: str,
    names: Mapping[str, str],
    paths: Sequence[PathConfig],
    phrase: str,
    clock: Clock | None = None,
) -> FoundedView:
    """Make a party in `folder`: keys, configuration, identity log and card.

    The root is locked by `phrase` and should leave the machine. Raises UsageError when the folder holds a party
    or the id is not a name, StoreError when it cannot be written.
    """
    clock, place = clock or SystemClock(), Folder(folder)
    if place.config.exists() or place.node_keys.exists():
        raise UsageError("party-exists", folder=str(folder))
    if not is_party(party):
        raise UsageError("party-name-wrong", party=party)
    text = _config_text(party, names, paths)
    parse_config(text, str(place.config))
    root = RootSecrets.from_seed(clock.entropy(32))
    secrets = NodeSecrets.from_seeds(*(clock.entropy(32) for _ in range(5)))
    card = _card(party, names, paths, root, secrets, clock.now())
    proof = make_invitation([card], root, clock.now().seconds)
    write_secret(place.root_key, lock_root(root, phrase))
    write_secret(place.node_keys, secrets.pack())
    write_secret(place.token, clock.entropy(32).hex().encode())
    write_secret(place.config, text.encode())
    Blobs(SqliteChunks(place.blobs, create=True)).close()
    with closing(SqliteStore(place.record, create=True)) as store:
        store.claim()
        store.commit([Introduction(party, proof, OURSELVES, clock.now())])
    return FoundedView(party, card.fingerprint(), str(folder), str(place.root_key), str(place.record))


def own_card(folder: Path) -> bytes:
    """Our invitation file. Raises UsageError when there is no party in `folder`."""
    place = Folder(folder)
    place.secrets()
    with closing(SqliteStore(place.record)) as store:
        return newest_card(store).proof


class Introductions(Protocol):
    """Where introductions are read."""

    def introductions(self) -> list[Introduction]:
        """Every accepted invitation, oldest first."""
        ...


def newest_card(store: Introductions) -> Introduction:
    """Our own newest introduction. Raises UsageError when the store has none."""
    own = [one for one in store.introductions() if one.confirmed_by == OURSELVES]
    if not own:
        raise UsageError("no-party-here", folder="")
    return own[-1]


def load_trust(store: RecordStore) -> Trust:
    """Everybody the store says we have accepted, ourselves included."""
    trust = Trust()
    for one in store.introductions():
        invitation = open_invitation(one.proof)
        if one.confirmed_by == RENEWED:
            trust.renew(invitation.card)
        else:
            _accept(trust, invitation, invitation.fingerprint, one.time, one.confirmed_by)
    return trust


def read_invitation(data: bytes, store: RecordStore) -> InvitationView:
    """What an invitation says, with the digits each side reads aloud. Raises PeerError when it is not one."""
    invitation = open_invitation(data)
    own = open_invitation(newest_card(store).proof).card
    card = invitation.card
    if card.party == own.party:
        raise UsageError("pair-with-self", party=own.party)
    return InvitationView(
        card.party,
        dict(card.names),
        invitation.fingerprint,
        own.fingerprint(),
        line_name((own.party, card.party)),
        tuple(f"{path}={host}:{port}" for path, host, port, _ in card.endpoints),
        load_trust(store).card(card.party) is not None,
    )


def introduce(
    data: bytes, store: RecordStore, clock: Clock, confirmed: tuple[str, str]
) -> tuple[InvitationView, Accepted, Introduction]:
    """What accepting an invitation would write, without any line. `confirmed` as for `pairing`.

    Raises UsageError `trust-digits-differ` when the digits heard are not the card's.
    """
    view, invitation = read_invitation(data, store), open_invitation(data)
    by, digits = confirmed
    if not by.strip() or by in (OURSELVES, RENEWED):
        raise UsageError("pair-name-wrong", name=by)
    now = clock.now()
    accepted = _accept(load_trust(store), invitation, digits, now, by)
    return view, accepted, Introduction(view.party, data, by, now)


def pairing(
    data: bytes, store: RecordStore, clock: Clock, confirmed: tuple[str, str], line: str | None
) -> tuple[PairedView, Accepted, list[Write]]:
    """What accepting an invitation would write. `confirmed` is who compared the digits, and the digits heard.

    Raises UsageError `trust-digits-differ` when they are not the card's, and when the line cannot be.
    """
    view, accepted, introduction = introduce(data, store, clock, confirmed)
    now = introduction.time
    own = open_invitation(newest_card(store).proof).card.party
    members = tuple(sorted((own, view.party)))
    name = line or view.line
    if not is_line(name):
        raise UsageError("line-name-wrong", line=name)
    if any(one.line == name for one in store.lines()):
        raise UsageError("line-exists", line=name)
    writes: list[Write] = [introduction, LineOpened(name, members, now)]
    writes += open_logs(name, members, own, clock.entropy)
    return PairedView(name, view.party, members), accepted, writes


def introduce_offline(folder: Path, data: bytes, by: str, digits: str, clock: Clock | None = None) -> InvitationView:
    """Accept an invitation and open no line, while no node runs. Raises as `pair_offline`."""
    with closing(SqliteStore(Folder(folder).record)) as store:
        view, _, write = introduce(data, store, clock or SystemClock(), (by, digits))
        store.claim()
        store.commit([write])
        return view


def open_logs(line: str, members: Sequence[str], own: str, entropy: Callable[[int], bytes]) -> list[Write]:
    """The logs of a line, empty; a peer's salt key comes with its HELLO."""
    return [
        OpenLog(line_origin(party, line), line, party == own, entropy(32) if party == own else bytes(32))
        for party in members
    ]


def pair_offline(
    folder: Path, data: bytes, line: str | None, by: str, digits: str, clock: Clock | None = None
) -> PairedView:
    """Accept an invitation while no node runs. Raises UsageError, PeerError, StoreError (`store-in-use`)."""
    with closing(SqliteStore(Folder(folder).record)) as store:
        view, _, writes = pairing(data, store, clock or SystemClock(), (by, digits), line)
        store.claim()
        store.commit(writes)
        return view


def _accept(trust: Trust, invitation: Invitation, digits: str, now: Instant, by: str) -> Accepted:
    if trust.card(invitation.card.party) is None:
        return trust.accept_first(invitation.card, digits, now, by)
    return trust.accept_anew(invitation.card, digits, now, by)


def _card(
    party: str,
    names: Mapping[str, str],
    paths: Sequence[PathConfig],
    root: RootSecrets,
    secrets: NodeSecrets,
    now: Instant,
) -> Card:
    keys = root.keys(party)
    card = Card(
        party=party,
        names=tuple(names.items()) or (("en", party),),
        root_ed25519=keys[0].public,
        root_mldsa44=keys[1].public,
        next_root=root.next_root(party),
        valid_from_ms=now.ms,
        log_keys=((secrets.log.public, 0, ""),),
        receipt_keys=((secrets.receipt.public, 0, ""),),
        seal_keys=((secrets.seal.public, 0, ""),),
        tls_pins=(tls_pin(secrets.tls.public),),
        age_recipient=secrets.age.recipient,
        endpoints=tuple((path.name, *split_address(path.advertise), path.metered) for path in paths if path.advertise),
        protocols=(PROTOCOL_MIN, PROTOCOL),
    )
    pack_card(card)
    return card


def _config_text(party: str, names: Mapping[str, str], paths: Sequence[PathConfig]) -> str:
    """A TOML file (JSON strings are TOML strings, as long as no character is written as two escapes)."""
    quote = partial(json.dumps, ensure_ascii=False)
    rows = ["[party]", f"id = {quote(party)}"]
    rows += ["", "[party.names]", *(f"{tag} = {quote(name)}" for tag, name in names.items())] if names else []
    for path in paths:
        rows += ["", "[[path]]", f"name = {quote(path.name)}"]
        rows += [f"listen = {quote(path.listen)}"] if path.listen else []
        rows += [f"advertise = {quote(path.advertise)}"] if path.advertise else []
        rows += [f"{flag} = true" for flag in ("metered", "low_rate") if getattr(path, flag)]
        rows += [f"sessions = {path.sessions}"] if path.sessions > 1 else []
    return "\n".join([*rows, ""])
