"""Every verb has somebody who may say it, and a role that is none is refused with those there are."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.node.roles import ROLES, check_role, role_or_watch, roles_of
from openline.node.wiring import registry

FIXED = {"interpret", "officers", "operate"}


def test_no_verb_is_left_without_a_role_and_no_role_has_a_word_that_means_nothing() -> None:
    held = {capability for capabilities in ROLES.values() for capability in capabilities}
    asked = {verb.capability for verb in registry().verbs}
    assert asked <= held
    assert held <= asked | FIXED


def test_each_role_can_look_and_an_auditor_can_do_nothing_else() -> None:
    assert all("read" in capabilities for capabilities in ROLES.values())
    assert ROLES["auditor"] == ("read",)


def test_who_supervises_can_do_what_the_watch_can_and_only_the_technician_runs_the_node() -> None:
    assert set(ROLES["watch"]) | {"charter", "officers", "release", "translate"} == set(ROLES["supervisor"])
    assert [role for role, words in ROLES.items() if "operate" in words] == ["technician"]
    assert [role for role, words in ROLES.items() if "officers" in words] == ["supervisor"]
    assert [role for role, words in ROLES.items() if "interpret" in words] == ["linguist"]


def test_the_configuration_changes_and_adds() -> None:
    roles = roles_of({"watch": ("read",), "clerk": ("read", "service")})
    assert (roles["watch"], roles["clerk"], roles["auditor"]) == (("read",), ("read", "service"), ("read",))


def test_an_unknown_role_is_refused_with_the_list() -> None:
    check_role("linguist", "booth", {})
    check_role("clerk", "hall", {"clerk": ()})
    with pytest.raises(UsageError) as caught:
        check_role("admiral", "bridge", {"clerk": ()})
    assert caught.value.message_id == "role-unknown"
    assert caught.value.facts["roles"] == "watch, supervisor, linguist, releaser, technician, auditor, clerk"


def test_a_desk_that_is_called_like_no_role_is_one_of_the_watch() -> None:
    assert [role_or_watch(name, {}) for name in ("night", "supervisor")] == ["watch", "supervisor"]
