"""Officers who never stop: each says one thing after the other over the node's socket, until it is acknowledged.

A call that breaks off may have been done, so it is made again with the same idempotency key, and its text carries
the same tag: what stands in the record twice, or not at all, shows.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from openline.base.errors import PathError
from openline.cli.client import JsonObject, Node, Place
from openline.cli.exits import Refusal
from openline.cli.stage import Party
from tests.process.houses import LINE
from tests.process.ledger import Told

PRECEDENCES = ("routine",) * 5 + ("priority",) * 2 + ("immediate",) * 2 + ("flash",)
WAITS = ("recorded", "recorded", "received")
ACK_IN = 0.15
PAUSE_S = 0.002
RETRY_S = 0.005

Life = Callable[[str], int]
"""How often the node of this party was started."""


@dataclass(slots=True)
class Load:
    """Everything said so far, by everyone. `told` grows only; `trouble` are answers nobody foresaw."""

    life: Life
    told: list[Told] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    to_accept: dict[str, deque[str]] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    officers: list[Officer] = field(default_factory=list)

    def begin(self, parties: Sequence[Party], each: int, seed: str) -> None:
        """Put `each` officers at every party's desk."""
        self.stop.clear()
        names = [party.name for party in parties]
        self.to_accept = {name: deque() for name in names}
        self.officers = [
            Officer(self, party, next(name for name in names if name != party.name), f"{seed}-{number}")
            for party in parties
            for number in range(each)
        ]
        for officer in self.officers:
            officer.start()

    def finish(self) -> None:
        """Let everyone finish what is in hand, and nothing more. Returns at once."""
        self.stop.set()

    @property
    def at_rest(self) -> bool:
        """Whether everyone has finished."""
        return not any(officer.is_alive() for officer in self.officers)


class Officer(threading.Thread):
    """One officer at one desk."""

    def __init__(self, load: Load, party: Party, peer: str, seed: str) -> None:
        super().__init__(name=f"{party.name}-{seed}", daemon=True)
        self._load = load
        self._name = party.name
        self._peer = peer
        self._seed = seed
        self._chance = random.Random(f"{party.name}-{seed}")
        self._node = Node(Place(party.folder / "api.sock", desk="watch", language="en"))
        self._said = 0

    def run(self) -> None:
        """Say one thing after the other."""
        while not self._load.stop.is_set():
            self._say()
            time.sleep(self._chance.random() * PAUSE_S)
        self._node.close()

    def _say(self) -> None:
        self._said += 1
        one = Told(self._name, f"<{self._name}#{self._seed}-{self._said}>", time.monotonic())
        wait = self._chance.choice(WAITS)
        path, body = self._chosen(one.tag)
        self._load.told.append(one)
        while one.told is None and not self._try(one, path, body, wait):
            self._node.close()
            time.sleep(RETRY_S)
        if one.told is not None:
            self._look(one)

    def _chosen(self, tag: str) -> tuple[str, JsonObject]:
        precedence = self._chance.choice(PRECEDENCES)
        waiting = self._load.to_accept[self._name]
        if waiting and self._chance.random() < ACK_IN:
            try:
                return f"/entries/{waiting.popleft()}/ack", {"note": tag}
            except IndexError:
                pass
        text = f"{tag} " + "The bridge at Kilometre 7 is open to white vehicles only. " * self._chance.randint(1, 3)
        return "/messages", {"text": text, "precedence": precedence}

    def _try(self, one: Told, path: str, body: JsonObject, wait: str) -> bool:
        """Ask once; whether an answer has come that ends it."""
        one.tries += 1
        life, peer_life = self._load.life(self._name), self._load.life(self._peer)
        query: dict[str, str | int] = {"line": LINE, "wait": wait, "timeout": 20}
        try:
            said = self._node.post(path, body, query, {"Idempotency-Key": one.tag.strip("<>")})
        except PathError:
            return False
        except Refusal as why:
            self._load.trouble.append(f"{one.tag}: {why.status} {why.message_id} {why.text}")
            return True
        one.answers.append(tuple(cast("list[str]", said["ids"])))
        one.life = life if self._load.life(self._name) == life else None
        if wait == "received" and said["reached"]:
            one.received = True
            one.peer_life = peer_life if self._load.life(self._peer) == peer_life else None
            if path == "/messages":
                self._load.to_accept[self._peer].extend(one.answers[-1])
        one.told = time.monotonic()
        return True

    def _look(self, one: Told) -> None:
        """Keep the leaf hash that stands there right after the acknowledgement."""
        for index in one.places:
            try:
                query: dict[str, int] = {"start": index, "count": 1}
                view = self._node.get(f"/record/{LINE}/log/{self._name}.example", query)
            except PathError:
                self._node.close()
                return
            rows = cast("list[JsonObject]", view["leaves"])
            one.seen[index] = bytes.fromhex(str(rows[0]["leaf_hash"])) if rows else b"nothing stands there"
