"""What people do to a bundle: somebody without keys, who can repair hashes and checksums, and a log's own owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from openline.identity.keys import KIND_COSIGNATURE, KIND_ED25519, VerifierKey
from openline.identity.names import mirror_name
from openline.record import parts
from openline.record.checkpoint import Checkpoint, cosign, log_line, read_checkpoint, stamped_line, write_checkpoint
from openline.record.tiles import bundle_path, write_bundles, write_tiles
from openline.record.tree import leaf_hash, root_of
from tests.identity.parties import ALPHA_NODE, BRAVO_NODE
from tests.record.lines import MEMBERS, ORIGINS, START

NODES = (ALPHA_NODE, BRAVO_NODE)
RECEIPTED_S = START.seconds + 1_000

Files = dict[str, bytes]


def folder(who: int) -> str:
    """Where the log of a party stands."""
    return parts.log_folder(MEMBERS[who])


def leaves_of(files: Mapping[str, bytes], who: int) -> list[bytes]:
    """The leaves of a party's log."""
    leaves: list[bytes] = []
    for n, width in parts.packs(read_checkpoint(files[folder(who) + "checkpoint"])[0].size):
        leaves += parts.read_leaves(files[folder(who) + bundle_path(n, width)], width)[0]
    return leaves


def with_about(files: Mapping[str, bytes], **changes: object) -> Files:
    """The bundle with another table of contents."""
    about = msgspec.structs.replace(parts.read_about(files[parts.ABOUT]), **changes)
    return {**files, parts.ABOUT: parts.write_about(about)}


def with_leaves(files: Mapping[str, bytes], who: int, leaves: Sequence[bytes], tiles: bool = True) -> Files:
    """The bundle with other entries in a log; without `tiles` the tree stays as it was. Nothing is signed."""
    base = folder(who)
    drop = (base + "tile/entries/", base + "tile/") if tiles else (base + "tile/entries/",)
    kept = {name: data for name, data in files.items() if not name.startswith(drop[-1])}
    fresh = [*write_bundles(leaves), *(write_tiles([leaf_hash(leaf) for leaf in leaves]) if tiles else ())]
    return {**kept, **{base + name: data for name, data in fresh}}


def with_log(
    files: Mapping[str, bytes], who: int, leaves: Sequence[bytes], bodies: Sequence[bytes] | None = None
) -> Files:
    """The bundle with a log that its owner wrote anew and signed, and that the other party receipted.

    Without `bodies` they are withheld.
    """
    base, origin = folder(who), ORIGINS[who]
    checkpoint = Checkpoint(origin, len(leaves), root_of([leaf_hash(leaf) for leaf in leaves]))
    about = parts.read_about(files[parts.ABOUT])
    sizes = tuple(len(leaves) if place == who else size for place, size in enumerate(about.sizes))
    changed = with_about(with_leaves(files, who, leaves), sizes=sizes)
    withheld = [(b"", None)] * len(leaves)
    packed = [(item[:16], item[16:]) for item in bodies] if bodies is not None else withheld
    for name in [
        name for name in changed if name.startswith((base + "bodies/", base + "checkpoints/", base + "seals/"))
    ]:
        del changed[name]
    for n, some in enumerate(parts.packed(packed)):
        changed[parts.numbered(base + "bodies/", n)] = parts.write_bodies(some)
    return {**changed, base + "checkpoint": note(checkpoint, who), base + "checkpoints/000": rows(checkpoint, who)}


def note(checkpoint: Checkpoint, who: int, receipted: bool = True) -> bytes:
    """A checkpoint signed by a party and receipted by the other."""
    log_key = VerifierKey(checkpoint.origin, KIND_ED25519, NODES[who].log.public)
    lines = [log_line(log_key, NODES[who].log.sign(checkpoint.body()))]
    if receipted:
        keeper = NODES[1 - who].receipt
        key = VerifierKey(mirror_name(ORIGINS[1 - who]), KIND_COSIGNATURE, keeper.public)
        lines.append(stamped_line(key, RECEIPTED_S, cosign(checkpoint, keeper, RECEIPTED_S)))
    return write_checkpoint(checkpoint, lines)


def row(checkpoint: Checkpoint, who: int, time_s: int | None = RECEIPTED_S) -> parts.KeptCheckpoint:
    """The same as a kept checkpoint; without a time it has no receipt."""
    receipts: tuple[parts.KeptReceipt, ...] = ()
    if time_s is not None:
        signature = cosign(checkpoint, NODES[1 - who].receipt, time_s)
        receipts = (parts.KeptReceipt(1 - who, time_s, signature),)
    own = NODES[who].log.sign(checkpoint.body())
    return parts.KeptCheckpoint(checkpoint.size, checkpoint.root, own, receipts)


def rows(checkpoint: Checkpoint, who: int) -> bytes:
    """A file of one kept checkpoint."""
    return parts.write_rows([row(checkpoint, who)])
