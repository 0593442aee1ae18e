"""What is live of a call: a position speaks while any leg of it has its gate open; sound is lost until known."""

from __future__ import annotations

from openline.node.live import Key, Live, PeerSound


def test_a_position_speaks_while_any_of_its_gates_is_open() -> None:
    live = Live(1, 0.0, 0.0, gates={1: "watch", 2: "watch", 3: "ops"})
    assert live.open_at == {"watch", "ops"}
    del live.gates[1]
    assert live.open_at == {"watch", "ops"}
    del live.gates[2]
    assert live.open_at == {"ops"}


def test_a_call_is_named_by_line_member_and_index() -> None:
    assert Key("alpha-bravo", 1, 14).place == (1, 14)
    assert Key("alpha-bravo", 1, 14) == Key("alpha-bravo", 1, 14)


def test_no_sound_passes_until_somebody_says_so() -> None:
    assert PeerSound().lost
