"""How much an address may say: a burst, then a steady little, one line in the log, and an end to what is remembered."""

from __future__ import annotations

import pytest

from openline.media.sip_gate import Knock, SipGate

YES, FIRST, MORE = Knock.ADMITTED, Knock.REFUSED, Knock.IGNORED


def test_a_burst_is_admitted_and_a_flood_is_told_of_once() -> None:
    gate = SipGate(4, 100)
    assert [gate.knock("a", 0.0) for _ in range(7)] == [YES] * 4 + [FIRST, MORE, MORE]
    assert gate.knock("b", 0.0) is YES


def test_a_flood_that_goes_on_is_told_of_once_however_long_it_is() -> None:
    gate = SipGate(4, 100)
    answers = [gate.knock("a", n * 0.001) for n in range(60_000)]
    assert answers.count(FIRST) == 1
    assert answers.count(YES) == 4
    assert gate.knock("a", 60.1) is MORE
    assert gate.knock("a", 60.5) is YES


def test_a_steady_little_is_always_admitted() -> None:
    gate = SipGate(4, 100)
    assert all(gate.knock("a", n * 0.1) is YES for n in range(1_000))


def test_asking_counts_nothing() -> None:
    gate = SipGate(1, 1_000)
    assert not any(gate.empty("a", 0.0) for _ in range(9))
    gate.knock("a", 0.0)
    assert gate.empty("a", 0.0)
    assert not gate.empty("a", 1.0)


def test_the_longest_unseen_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.media.sip_gate.SIP_ADDRESSES_MAX", 3)
    gate = SipGate(1, 1_000)
    for name in "abcd":
        gate.knock(name, 0.0)
    assert len(gate._buckets) == 3
    assert gate.knock("a", 0.0) is YES
    assert gate.knock("d", 0.0) is FIRST
