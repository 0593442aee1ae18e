"""Who may do what, written from the code: docs/operating/officers.md."""

from __future__ import annotations

from openline.node.roles import ROLES
from openline.node.wiring import registry

_MORE = {
    "interpret": "an interpreter's seat",
    "officers": "invite and withdraw officers",
    "operate": "run the node: pair, back up",
    "read": "see everything",
}


def roles() -> str:
    """Each standard role with its capabilities and the verbs they allow."""
    verbs: dict[str, list[str]] = {name: [what] for name, what in _MORE.items()}
    for verb in registry().verbs:
        verbs.setdefault(verb.capability, []).append(f"`{verb.name}`")
    head = ["capability", *ROLES, "what it allows"]
    rows = [
        [f"`{word}`", *("yes" if word in held else "" for held in ROLES.values()), ", ".join(verbs[word])]
        for word in sorted(verbs)
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])
