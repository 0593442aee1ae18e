"""What the link and the book know of each peer, put together for classifying its silence: neither knows the other."""

from __future__ import annotations

from collections.abc import Callable

from openline.base.time import Instant
from openline.line.silence import Facts
from openline.line.status import declared
from openline.line.watch import ringing
from openline.link.events import PathHealth
from openline.link.frames import Presence
from openline.node.lines import LineState


def facts_of(state: LineState, started: Instant, now: Instant, reached: Callable[[str], bool]) -> list[Facts]:
    """What the link and the book know of each peer, for classifying its silence.

    `reached` says of a party whether dialling it gets to its machine, if only to be turned away there.
    """
    keeper = state.keeper
    paths: dict[int, list[PathHealth]] = {}
    for path in keeper.engine.paths():
        paths.setdefault(path.peer, []).append(path)
    members, origins = keeper.setup.members, keeper.setup.origins
    held = {origin: keeper.receipted.get(party, 0) for party, origin in zip(members, origins, strict=True)}
    result: list[Facts] = []
    for peer in keeper.engine.health():
        origin = keeper.setup.origins[peer.peer]
        said = declared(keeper.book, origin)
        since = state.presence_since(peer.peer, peer.presence, peer.heard)
        ways = paths.get(peer.peer, [])
        result.append(
            Facts(
                peer=origin,
                watched_since=started,
                paths=tuple(path.path for path in ways),
                paths_up=sum(path.sessions > 0 for path in ways),
                heard=peer.heard,
                reached=now if reached(keeper.setup.members[peer.peer]) else None,
                console=bool(peer.presence & Presence.CONSOLE),
                officer=bool(peer.presence & Presence.OFFICER),
                linguist=bool(peer.presence & Presence.LINGUIST),
                presence_since=since,
                rang_since=ringing(keeper.book, held, origin),
                state=said.state,
                state_since=said.since,
            )
        )
    return result
