"""A session as a carrier of sound: what it counts, and when it can carry."""

from __future__ import annotations

from openline.media.wire_keys import SECRET_BYTES
from openline.media.wire_seal import Kind, Label, Refusal, read_label
from openline.media.wire_session import Handed, WireSession
from openline.media.wire_socket import Place

PLACE = ("192.0.2.1", 7_000)


class Taken:
    """A socket that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, Place]] = []

    def send(self, data: bytes, place: Place) -> bool:
        self.sent.append((data, place))
        return True


def session(dialled: bool, life: int = 0) -> tuple[WireSession, Taken]:
    handed = Handed(1, "bravo", "fibre", dialled, bytes(range(SECRET_BYTES)), ("192.0.2.2", 1), PLACE, life)
    socket = Taken()
    return WireSession(handed, PLACE if dialled else None, socket), socket  # type: ignore[arg-type]  # sends as one


def take(receiver: WireSession, data: bytes) -> bytes | Refusal:
    label = read_label(data)
    assert isinstance(label, Label)
    return receiver.take(label, data)


def test_one_end_sends_and_the_other_takes_and_both_count() -> None:
    (alpha, out), (bravo, _) = session(dialled=True), session(dialled=False)
    for number in range(5):
        assert alpha.send(Kind.SOUND, number, bytes([number]), PLACE)
    assert [take(bravo, data) for data, _ in out.sent] == [bytes([number]) for number in range(5)]
    assert take(bravo, out.sent[0][0]) is Refusal.REPLAYED
    assert (alpha.sent, bravo.taken) == (5, 5)
    assert {place for _, place in out.sent} == {PLACE}


def test_the_ssrc_it_is_found_by_is_the_one_the_other_end_writes() -> None:
    (alpha, out), (bravo, _) = session(dialled=True), session(dialled=False)
    alpha.send(Kind.SOUND, 0, b"", PLACE)
    label = read_label(out.sent[0][0])
    assert isinstance(label, Label)
    assert label.ssrc == bravo.ssrc != alpha.ssrc


def test_a_new_sender_of_the_same_session_is_counted_anew() -> None:
    (old, first), (new, second), (bravo, _) = session(True), session(True, life=1), session(False)
    for number in range(3):
        old.send(Kind.SOUND, number, b"old", PLACE)
    new.send(Kind.SOUND, 0, b"new", PLACE)
    for data, _ in first.sent + second.sent:
        assert isinstance(take(bravo, data), bytes)
    assert (bravo.taken, bravo.life) == (1, 1)


def test_without_a_socket_nothing_can_leave() -> None:
    handed = Handed(1, "bravo", "fibre", True, bytes(SECRET_BYTES), ("192.0.2.2", 1), PLACE)
    assert not WireSession(handed, None, None).usable
    assert not WireSession(handed, None, None).send(Kind.SOUND, 0, b"", PLACE)
    assert session(dialled=True)[0].usable
