"""The auditor: sees every commit, every frame that leaves and every answer to an officer, and says what must not be.

Whatever is compared is keyed by (log, index, leaf hash), never by the index alone: an entry that was rewritten after
a crash has the right index and is still a loss. `ByIndexOnly` is the control that shows it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from openline.identity.names import mirror_name
from openline.line.book import Book
from openline.line.message import MESSAGE
from openline.record.audit import audit
from openline.record.bundle import Scope, write_bundle
from openline.record.checkpoint import Checkpoint, verify_cosignature
from openline.record.entry import Entry
from openline.record.ports import Append, Seal, Write
from openline.record.verdict import State
from openline.store.memory import MemoryDisk, MemoryStore
from tests.sim.disk import Disk, entries_in
from tests.sim.node import Headquarters
from tests.sim.parties import member
from tests.sim.world import World

Place = tuple[str, int]

RULES = {
    "no-broken-invariant": "no assertion of a node fails, and no error but the foreseen ones comes out of it",
    "one-history": "a place in a log has one leaf hash, on every disk and for ever",
    "recorded-stays": "what an officer was told is recorded stands in the log, once, unchanged, in its place",
    "key-counts-once": "an idempotency key has its effect once, and a refused command has none",
    "received-is-held": "what is shown as received has a true cosignature and stands on the peer's disk",
    "commit-before-signature": "no signature, size or promise leaves a node before the commit that makes it true",
    "equal-in-the-end": "after healing all records, receipts and books are equal",
    "book-is-the-fold": "the book of a running node is the fold of its record",
    "flash-not-blocked": "a FLASH is receipted in time while a way is open, and no flood goes before it",
    "fork-is-noticed": "two signed histories are kept as evidence, shown, and change nothing that was accepted",
    "record-verifies": "the record of every node passes an auditor's check",
    "quarantine-holds": "a restored log does not grow before it is whole again",
    "faults-fire": "every fault class takes effect in every run",
    "comes-to-rest": "a healed line carries heartbeats and nothing else",
}


@dataclass(slots=True)
class Command:
    """What an officer wants on the record. `recorded` is what he was told: index and leaf hash of each entry."""

    here: Headquarters
    verb: str
    key: str
    tag: str
    restores: int
    recorded: list[int] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    answered: bool = False
    refused: str = ""


class Auditor:
    """Watches all headquarters of one run. Mutable."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.houses: list[Headquarters] = []
        self.places: dict[Place, bytes] = {}
        self.forked: set[str] = set()
        self.commands: list[Command] = []
        self.on_receipt: Callable[[Headquarters, str, int], None] = lambda here, party, size: None
        self._shown: dict[tuple[str, str], int] = {}
        self._whole: dict[str, int] = {}
        self._held: dict[tuple[str, str], int] = {}
        self._blobs_lost: set[bytes] = set()

    # Officers

    def command(self, here: Headquarters, verb: str) -> Command:
        """A new command, with a key and a tag of its own."""
        number = len(self.commands)
        command = Command(here, verb, f"key-{number}", f"<{here.label}#{number}>", here.restores)
        self.commands.append(command)
        return command

    def recorded(self, here: Headquarters, command: Command, places: Sequence[Place]) -> None:
        """An officer was told that these entries are on the record: so they must be."""
        command.answered = True
        log = here.disk.content.logs[here.origin]
        for origin, index in places:
            durable = origin == here.origin and index < len(log.entries)
            self.world.check(durable, "recorded-stays", f"{here.label}:{index} was called recorded and is not durable")
            if durable:
                command.recorded.append(index)
                command.hashes.append(log.entries[index].leaf_hash)

    def refused(self, command: Command, why: str) -> None:
        """An officer was told that nothing was written."""
        command.refused = why

    @property
    def messages(self) -> int:
        """How many messages stand in their authors' logs."""
        logs = [here.disk.content.logs[here.origin] for here in self.houses]
        return sum(entry.leaf.kind == MESSAGE for log in logs for entry in log.entries)

    # Disks

    def committed(self, disk: Disk, writes: Sequence[Write]) -> None:
        """These writes are on the disk, whatever the node hears of it."""
        self.world.counts["commits"] += 1
        self.world.counts["entries"] += entries_in(writes)
        for write in writes:
            if not isinstance(write, Append):
                continue
            self.world.note("grew", disk.party, write.signed.origin, write.signed.size)
            holds = (disk.party, write.signed.origin)
            self._held[holds] = max(write.signed.size, self._held.get(holds, 0))
            self._own_growth(disk, write)
            if write.signed.origin not in self.forked:
                for entry in write.entries:
                    self._one_history(disk, entry)

    def _one_history(self, disk: Disk, entry: Entry) -> None:
        known = self.places.setdefault((entry.origin, entry.index), entry.leaf_hash)
        if known != entry.leaf_hash:
            self.world.violate(
                "one-history", f"{disk.party} holds another entry {entry.index} of {entry.origin} than was held before"
            )

    def _own_growth(self, disk: Disk, append: Append) -> None:
        origin, base = append.signed.origin, append.base
        whole = self._whole.get(origin)
        if whole is None or not origin.startswith(f"{disk.party}/"):
            return
        if append.signed.size >= whole:
            del self._whole[origin]
        known = [self.places.get((origin, entry.index)) for entry in append.entries if entry.index < whole]
        self.world.check(
            known == [entry.leaf_hash for entry in append.entries if entry.index < whole],
            "quarantine-holds",
            f"{disk.party} wrote anew at {base} what its peers hold already, after a restore",
        )

    def restored(self, here: Headquarters) -> None:
        """A backup was put back. What no peer holds is gone for good; everything else must come back."""
        kept = max(size_of(house.disk.content, here.origin) for house in self.houses)
        for house in self.houses:
            shown, holds = (here.party, house.party), (house.party, here.origin)
            self._shown[shown] = min(self._shown.get(shown, 0), kept)
            self._held[holds] = min(self._held.get(holds, 0), kept)
        lost = [place for place in self.places if place[0] == here.origin and place[1] >= kept]
        for place in lost:
            del self.places[place]
        self.world.counts["lost-with-the-machine"] += len(lost)
        for command in self.commands:
            if command.here is here and command.recorded and max(command.recorded) >= kept:
                command.recorded.clear()
                command.hashes.clear()
                command.answered = False
        self._whole[here.origin] = kept
        self._blobs_lost |= self._blobs_named() - {
            digest for house in self.houses for digest in house.disk.content.complete_blobs
        }
        self.world.note("restored", here.label, size_of(here.disk.content, here.origin), kept)

    def whole(self, here: Headquarters) -> bool:
        """Whether it holds everything that it ever held."""
        content = here.disk.content
        return all(size_of(content, log) >= size for (party, log), size in self._held.items() if party == here.party)

    # What a desk is told

    def shown(self, here: Headquarters, receipted: Mapping[str, int]) -> None:
        """How far each peer has receipted, as the desk shows it."""
        for party, size in receipted.items():
            before = self._shown.get((here.party, party), 0)
            if size <= before:
                continue
            self._shown[here.party, party] = size
            self.on_receipt(here, party, size)
            self._received(here, party, size)

    def _received(self, here: Headquarters, party: str, size: int) -> None:
        mirror = mirror_name(f"{party}/line/{here.line}")
        store = MemoryStore(here.disk.content)
        signed = store.checkpoint(here.origin, size)
        receipt = here.disk.content.logs[here.origin].receipts.get((size, mirror))
        what = f"{here.label} shows {party} as holding {size} entries"
        if signed is None or receipt is None:
            self.world.violate("received-is-held", f"{what} and has no receipt for it")
            return
        self.world.counts["receipts"] += 1
        body = Checkpoint(here.origin, size, signed.root)
        public = member(party).secrets.receipt.public
        true = verify_cosignature(body, public, receipt.time_s, receipt.signature)
        self.world.check(true, "received-is-held", f"{what} by a cosignature that is not true")
        held = self._held.get((party, here.origin), 0) >= size
        self.world.check(held or here.origin in self.forked, "received-is-held", f"{what}, which it never did")

    # The end

    def judge(self) -> None:
        """Everything is healed and at rest: all that must be equal now."""
        for here in self.houses:
            self._kept(here)
        self._keys()
        for here in self.houses[1:]:
            self._equal(self.houses[0], here)
        for here in self.houses:
            self._folded(here)
        self._verified(self.houses[self.world.seed % len(self.houses)])

    def unsettled(self) -> str:
        """What is not where it should be, for whoever has to find out why."""
        rows = []
        for here in self.houses:
            content = here.disk.content
            sizes = {author.label: size_of(content, author.origin) for author in self.houses}
            due = [author.label for author in self.houses if author is not here and not self._receipted(author, here)]
            quarantined = here.process is not None and here.process.keeper.own.quarantined
            rows.append(
                f"{here.label} up={here.up} quarantined={quarantined} holds={sizes} owes_receipts_to={due} "
                f"attachments_missing={self._attachments_missing(here)}"
            )
        return "; ".join(rows)

    def settled(self) -> bool:
        """Whether every record and every receipt is where it should be."""
        for here in self.houses:
            if here.process is None or here.process.keeper.own.quarantined:
                return False
            for author in self.houses:
                if size_of(here.disk.content, author.origin) != size_of(author.disk.content, author.origin):
                    return False
                if here is not author and not self._receipted(author, here):
                    return False
            if self._attachments_missing(here):
                return False
        return True

    def _attachments_missing(self, here: Headquarters) -> bool:
        return not self._blobs_named() - self._blobs_lost <= here.disk.content.complete_blobs.keys()

    def _blobs_named(self) -> set[bytes]:
        logs = (log for house in self.houses for log in house.disk.content.logs.values())
        return {one.digest for log in logs for entry in log.entries for one in entry.leaf.attachments}

    def _receipted(self, author: Headquarters, by: Headquarters) -> bool:
        size = size_of(author.disk.content, author.origin)
        mirror = mirror_name(by.origin)
        return size == 0 or (size, mirror) in author.disk.content.logs[author.origin].receipts

    def told(self, here: Headquarters) -> list[tuple[int, bytes]]:
        """What officers were told is on the record: index and leaf hash, in the order they were told."""
        return [
            (index, leaf_hash)
            for command in self.commands
            if command.here is here
            for index, leaf_hash in zip(command.recorded, command.hashes, strict=True)
        ]

    def _kept(self, here: Headquarters) -> None:
        entries, told = here.disk.content.logs[here.origin].entries, self.told(here)
        for lost in missing(told, entries):
            self.world.violate("recorded-stays", f"{here.label}:{lost[0]} was recorded and is not there unchanged")
        self.world.counts["recorded"] += len(told)

    def _keys(self) -> None:
        """Each tag stands in its author's log as often as the answer said."""
        bodies = {
            here.party: [entry.body or b"" for entry in here.disk.content.logs[here.origin].entries]
            for here in self.houses
        }
        for here in self.houses:
            found = _tags(bodies[here.party], here.label)
            for command in self.commands:
                if command.here is not here:
                    continue
                times = found.get(command.tag, 0)
                most = 0 if command.refused and not command.answered else 1
                least = 1 if command.recorded and command.verb in _TAGGED else 0
                self.world.check(
                    least <= times <= most,
                    "key-counts-once",
                    f"{command.verb} {command.tag} of {here.label} stands {times} times, answered "
                    f"{command.refused or command.recorded}",
                )

    def _equal(self, one: Headquarters, other: Headquarters) -> None:
        for author in self.houses:
            rows = [house.disk.content.logs[author.origin] for house in (one, other)]
            same = [entry.leaf_bytes for entry in rows[0].entries] == [entry.leaf_bytes for entry in rows[1].entries]
            same = same and [entry.body for entry in rows[0].entries] == [entry.body for entry in rows[1].entries]
            same = same and rows[0].head.signed == rows[1].head.signed
            self.world.check(same, "equal-in-the-end", f"{one.label} and {other.label} differ in {author.origin}")
        books = [house.process.keeper.book.snapshot() for house in (one, other) if house.process is not None]
        self.world.check(books[0] == books[1], "equal-in-the-end", f"the books of {one.label} and {other.label} differ")

    def _verified(self, here: Headquarters) -> None:
        """An outsider with the fingerprints finds nothing wrong. Seals are left out: here they are a stand-in."""
        file = io.BytesIO()
        scope = Scope(here.line, here.party, here.clock.now())
        write_bundle(file, _Unsealed(here.disk.content), None, scope, _nobody)
        file.seek(0)
        roots = {house.party: member(house.party).card.fingerprint() for house in self.houses}
        verdict = audit(file, roots, _nobody)
        # With three members nobody holds the receipts that the other two gave each other.
        good = verdict.state is State.VERIFIED or (len(self.houses) > 2 and verdict.state is State.INCOMPLETE)
        wrong = next((str(finding) for finding in verdict.findings), "")
        self.world.check(good, "record-verifies", f"the record of {here.label}: {verdict.state.value}; {wrong}")

    def _folded(self, here: Headquarters) -> None:
        """The book of the running node is what a restart would make of its record."""
        assert here.process is not None
        live = here.process.keeper.book
        fresh = Book(here.process.registry, here.line, here.process.keeper.setup.origins, here.origin)
        for arrived in here.disk.content.arrived:
            fresh.apply(arrived)
        same = fresh.snapshot() == live.snapshot()
        self.world.check(same, "book-is-the-fold", f"{here.label}'s book is not the fold of its record")


class _Unsealed(MemoryStore):
    """A store without its seals."""

    def seals(self, origin: str) -> list[Seal]:
        return []


_TAGGED = frozenset({"send", "reply", "correct", "withdraw", "translate"})


def missing(told: Iterable[tuple[int, bytes]], entries: Sequence[Entry]) -> list[tuple[int, bytes]]:
    """What was told to be recorded and does not stand there: keyed by place and hash."""
    return [(index, h) for index, h in told if index >= len(entries) or entries[index].leaf_hash != h]


def missing_by_index_only(told: Iterable[tuple[int, bytes]], entries: Sequence[Entry]) -> list[tuple[int, bytes]]:
    """The control: the same, keyed by the index alone. It sees no loss where an entry was rewritten."""
    return [(index, h) for index, h in told if index >= len(entries)]


def _nobody(done: int, total: int) -> None:
    """Nobody watches the progress."""


def size_of(content: MemoryDisk, origin: str) -> int:
    return len(content.logs[origin].entries)


def _tags(bodies: Iterable[bytes], label: str) -> Mapping[str, int]:
    start = f"<{label}#".encode()
    found: dict[str, int] = {}
    for body in bodies:
        at = body.find(start)
        while at >= 0:
            tag = body[at : body.index(b">", at) + 1].decode()
            found[tag] = found.get(tag, 0) + 1
            at = body.find(start, at + 1)
    return found
