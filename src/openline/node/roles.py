"""The standard roles of a watch floor and what each may do (R82). A configuration may change or add to them.

A capability is a word that verbs and routes ask for; docs/operating/config.md says what each allows. Three things
anyone on watch may do whatever the role: take a FLASH, call STOP and answer one (`line.taking`).
"""

from __future__ import annotations

from collections.abc import Mapping

from openline.base.errors import UsageError

Roles = Mapping[str, tuple[str, ...]]

WATCH = "watch"
_WATCH = ("accept", "call", "declare", "read", "request", "send", "service", "state", "test")

ROLES: Roles = {
    WATCH: _WATCH,
    "supervisor": (*_WATCH, "charter", "officers", "release", "translate"),
    "linguist": ("accept", "call", "interpret", "read", "service", "translate"),
    "releaser": ("read", "release"),
    "technician": ("declare", "operate", "read", "service", "test"),
    "auditor": ("read",),
}
"""Each role with its capabilities. `watch` is the watch officer."""


def roles_of(configured: Roles) -> Roles:
    """The standard roles, with what the configuration says otherwise."""
    return {**ROLES, **configured}


def check_role(role: str, whose: str, configured: Roles) -> None:
    """Raises UsageError `role-unknown`, with every role there is, when `role` is none. `whose` says who has it."""
    roles = roles_of(configured)
    if role not in roles:
        raise UsageError("role-unknown", role=role, whose=whose, roles=", ".join(roles))


def role_or_watch(name: str, configured: Roles) -> str:
    """The role of this name, where there is one, else that of the watch officer."""
    return name if name in roles_of(configured) else WATCH
