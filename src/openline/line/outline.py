"""What the fold still needs of a body whose words are erased: the same body with its words blanked.

A kind says in its traits which fields are words and what stands in their place (`Traits.erases`). The book keeps no
texts, so folding the outline gives the same book as folding the body: two nodes of which one has erased go on to
compute the same reports. A kind that says nothing is never erased: the fold needs its words, as for a STOP or a
statement. Nor is a body erased that the book found wrong: what is wrong with it may lie in the words.
"""

from __future__ import annotations

import msgspec

from openline.base.errors import PeerError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import pack, unpack
from openline.line.kinds import Registry
from openline.record.entry import Entry


def outline_of(registry: Registry, entry: Entry) -> bytes | None:
    """The outline of an entry that may be erased; None when it may not, or there is nothing to erase."""
    kind = registry.by_number(entry.leaf.kind)
    if kind is None or not kind.erases or entry.body is None:
        return None
    try:
        body = unpack(kind.body, entry.body, BODY_BYTES_MAX)
    except PeerError:
        return None
    blanks = {name: blank for name, blank in kind.erases.items() if getattr(body, name)}
    return pack(msgspec.structs.replace(body, **blanks))
