"""The default operating procedure, for docs/using/sop.md and sop.fr.md: made of the tables the watch is kept by."""

from __future__ import annotations

from openline.node.procedure import standard_procedure
from openline.node.sop import sop
from openline.node.soppage import page
from openline.node.wiring import registry


def english() -> str:
    """The procedure of a node that is configured as it comes."""
    return page(sop(standard_procedure(), registry(), "en"))


def french() -> str:
    """The same in French."""
    return page(sop(standard_procedure(), registry(), "fr"))
