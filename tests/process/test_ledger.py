"""The control of `test_kill`: a ledger that let one loss, swap or double pass would make it worthless."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.process.ledger import Leaf, Told, judge

Held = dict[str, dict[str, list[Leaf]]]


def _leaf(index: int, tag: str) -> Leaf:
    return Leaf(index, f"leaf of {tag}".encode(), bytes(32), f"text {tag}".encode())


def _logs() -> dict[str, list[Leaf]]:
    return {name: [_leaf(n, f"<{name}#{n}>") for n in range(4)] for name in ("alpha", "bravo")}


def _held() -> Held:
    return {name: _logs() for name in ("alpha", "bravo")}


def _told(received: bool = True) -> list[Told]:
    rows = []
    for name, log in _logs().items():
        for n, leaf in enumerate(log):
            one = Told(name, f"<{name}#{n}>", begun=float(n), told=n + 0.5, received=received)
            one.answers.append((f"{name}:{n}",))
            one.seen[n] = leaf.leaf_hash
            rows.append(one)
    return rows


def test_what_was_kept_earns_no_word() -> None:
    assert judge(_told(), _held()) == []


def test_a_rewritten_entry_is_seen_though_its_place_and_its_text_are_there() -> None:
    held = _held()
    for logs in held.values():
        logs["alpha"][2] = replace(logs["alpha"][2], leaf=b"signed again")
    assert [fault for fault in judge(_told(), held) if "changed since" in fault]


def test_two_swapped_entries_are_seen() -> None:
    held = _held()
    for logs in held.values():
        one, other = logs["bravo"][1:3]
        logs["bravo"][1:3] = [replace(other, index=1), replace(one, index=2)]
    faults = judge(_told(), held)
    assert any("bravo:1 was recorded and another entry stands there" in fault for fault in faults), faults


def test_a_lost_entry_is_seen() -> None:
    held = _held()
    for logs in held.values():
        del logs["alpha"][3]
    faults = judge(_told(), held)
    assert any("alpha:3 was recorded and is lost" in fault for fault in faults), faults


def test_a_hole_is_seen() -> None:
    held = _held()
    for logs in held.values():
        del logs["alpha"][1]
    assert "alpha holds entry 2 of alpha behind 0" in judge(_told(), held)


def test_a_doubled_key_is_seen() -> None:
    held = _held()
    for logs in held.values():
        logs["bravo"].append(_leaf(4, "<bravo#1>"))
    assert judge(_told(), held) == ["<bravo#1>: one key has made 2 entries"]


def test_a_key_with_two_answers_is_seen() -> None:
    told = _told()
    told[0].answers.append(("alpha:3",))
    assert any("the same key was answered with" in fault for fault in judge(told, _held()))


def test_records_that_differ_are_seen_though_nothing_was_acknowledged() -> None:
    held = _held()
    held["bravo"]["alpha"][0] = replace(held["bravo"]["alpha"][0], salt=bytes([1]) * 32)
    assert judge([], held) == ["alpha and bravo differ in alpha:0"]


@pytest.mark.parametrize("received", [True, False])
def test_what_was_shown_as_received_must_be_in_the_other_record(received: bool) -> None:
    held = _held()
    del held["bravo"]["alpha"][3]
    faults = judge(_told(received), held)
    assert any(fault.startswith("at bravo:") for fault in faults) is received
    assert "alpha holds 4 entries of alpha, bravo holds 3" in faults


def test_reordered_entries_are_seen() -> None:
    told = _told()
    told[0].begun, told[0].told = 9.0, 9.5
    assert "<alpha#0> at 0 was begun after <alpha#3> at 3 was acknowledged" in judge(told, _held())
