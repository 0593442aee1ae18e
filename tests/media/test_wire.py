"""Sound between two nodes on real sockets: every path, every harm a network can do, and the way around UDP."""

from __future__ import annotations

import asyncio
import random
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from openline.base.limits import WIRE_DATAGRAM_BYTES_MAX, WIRE_PAYLOAD_BYTES_MAX
from openline.base.time import SECOND_US
from openline.media.wire_carriage import Carriage, Unsent
from openline.media.wire_seal import Kind, Refusal, read_label
from openline.media.wire_session import Handed
from openline.media.wire_socket import place_of
from openline.media.wire_words import Port, Sound, decode_word
from tests.media.wire_ends import CALM, QUICK, V4, V6, Pair, Relay, Run, both_loops, numbered, on_uvloop, pair, until

UDP, BOTH, STREAM = Carriage.UDP, Carriage.BOTH, Carriage.STREAM


def is_sound(data: bytes) -> bool:
    label = read_label(data)
    return not isinstance(label, Refusal) and label.kind is Kind.SOUND


def send_raw(data: bytes, host: str, port: int) -> None:
    family, place = place_of(host, port)
    with socket.socket(family, socket.SOCK_DGRAM) as own:
        own.sendto(data, place)


def into(kept: list[bytes]) -> Callable[[bytes, bool], list[bytes]]:
    """A harm that keeps the sound for bravo instead of passing it on."""

    def keep(data: bytes, inward: bool) -> list[bytes]:
        if not (inward and is_sound(data)):
            return [data]
        kept.append(data)
        return []

    return keep


async def seen(both: Pair, relay: Relay) -> list[bytes]:
    """What alpha puts on the wire for bravo: ten datagrams of sound, taken down on their way."""
    taken: list[bytes] = []

    def take_down(data: bytes, inward: bool) -> list[bytes]:
        if inward and is_sound(data):
            taken.append(data)
        return [data]

    relay.harm = take_down
    for payload in numbered(10):
        both.alpha.wire.send("bravo", payload)
    await until(lambda: len(both.bravo.heard()) == 10)
    relay.harm = lambda data, _inward: [data]
    return taken


# Both ways


@both_loops
@pytest.mark.parametrize("host", [V4, V6])
def test_sound_goes_both_ways_unheld(run: Run, host: str) -> None:
    async def story() -> None:
        with pair(("fibre", host)) as both:
            both.join("fibre")
            await both.carried("fibre")
            for payload in numbered(200):
                both.alpha.wire.send("bravo", payload)
                both.bravo.wire.send("alpha", payload[::-1])
            await until(lambda: len(both.bravo.heard()) == len(both.alpha.heard()) == 200)
            assert both.bravo.heard(over_stream=False) == numbered(200)
            assert both.alpha.heard(over_stream=False) == [payload[::-1] for payload in numbered(200)]
            numbers = [one.sequence for one in both.bravo.arrivals]
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "signs of life fill the gaps"
            assert not both.alpha.wire.refused
            assert not both.bravo.wire.refused or set(both.bravo.wire.refused) == {("fibre", Refusal.UNKNOWN)}

    run(story())


@both_loops
def test_one_of_two_paths_killed_mid_stream_loses_nothing(run: Run) -> None:
    async def story() -> None:
        with pair(("fibre", V4), ("radio", V6)) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            both.join("radio")
            await both.carried("fibre")
            await both.carried("radio")
            for number, payload in enumerate(numbered(300)):
                if number == 100:
                    relay.harm = lambda _data, _inward: []
                    both.alpha.streaming = both.bravo.streaming = False
                both.alpha.wire.send("bravo", payload)
                both.bravo.wire.send("alpha", payload)
                if number % 10 == 0:
                    await asyncio.sleep(0.005)
            await until(lambda: both.bravo.heard("radio") == both.alpha.heard("radio") == numbered(300))
            for house in (both.bravo, both.alpha):
                assert 0 < len(house.heard("fibre")) <= 100, "the other path was alive, and is dead"

    run(story())


def test_sound_is_for_one_peer_alone() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            both.join("fibre")
            await both.carried("fibre")
            both.alpha.wire.send("charlie", b"not for bravo")
            both.alpha.wire.send("bravo", b"for bravo")
            await until(lambda: both.bravo.heard() == [b"for bravo"])

    on_uvloop(story())


def test_who_sends_learns_the_numbers_and_the_peer_counts_the_same() -> None:
    async def story() -> None:
        with pair(("fibre", V4), ("radio", V6)) as both:
            relay = both.relay("radio")
            relay.harm = lambda _data, _inward: []
            both.join("fibre")
            both.join("radio")
            await both.carried("fibre")
            left = both.alpha.wire.send("bravo", b"sound")
            assert [path for path, _ in left] == ["fibre"], "the stream needs no number of a datagram"
            alone = both.alpha.wire.send("bravo", b"one path", only=["fibre"])
            await until(lambda: len(both.bravo.heard()) == 3)
            came = [(one.path, one.sequence) for one in both.bravo.arrivals if one.payload and not one.over_stream]
            assert came == left + alone
            assert both.bravo.heard("radio") == [b"sound"]

    on_uvloop(story())


def test_udp_and_stream_of_a_path_are_numbered_as_one() -> None:
    async def story() -> None:
        with pair(("fibre", V4), pace=QUICK) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            await both.carried("fibre")
            relay.harm = lambda _data, _inward: []
            await both.carried("fibre", Carriage.STREAM)
            for payload in numbered(3):
                both.alpha.wire.send("bravo", payload)
            relay.harm = lambda data, _inward: [data]
            await both.carried("fibre")
            for payload in numbered(3):
                both.alpha.wire.send("bravo", payload)
            await until(lambda: len(both.bravo.heard(over_stream=False)) == 3)
            numbers = [one.sequence for one in both.bravo.arrivals]
            assert len(set(numbers)) == len(numbers)
            streamed = [one.sequence for one in both.bravo.arrivals if one.over_stream]
            later = [one.sequence for one in both.bravo.arrivals if one.payload and not one.over_stream]
            assert streamed[:3] == sorted(streamed[:3])
            assert max(streamed[:3]) < min(later)

    on_uvloop(story())


def test_of_several_sessions_the_newest_that_answers_carries() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            first = both.join("fibre")
            await both.carried("fibre")
            second = both.join("fibre")
            await until(lambda: both.alpha.fact("fibre").session == both.bravo.fact("fibre").session == second)
            both.alpha.wire.send("bravo", b"new")
            await until(lambda: both.bravo.heard() == [b"new"])
            for house in (both.alpha, both.bravo):
                house.wire.ended(second, at_once=True)
            await until(lambda: both.alpha.fact("fibre").session == both.bravo.fact("fibre").session == first)
            await both.carried("fibre")
            both.alpha.wire.send("bravo", b"old")
            await until(lambda: b"old" in both.bravo.heard())

    on_uvloop(story())


# What a network does


def test_reordered_datagrams_are_taken_and_duplicates_are_not() -> None:
    async def story() -> None:
        held: list[bytes] = []

        def shuffled_twice(data: bytes, inward: bool) -> list[bytes]:
            if not (inward and is_sound(data)):
                return [data]
            held.append(data)
            if len(held) < 100:
                return []
            out = held + held
            random.Random(7).shuffle(out)
            return out

        with pair(("fibre", V4)) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            await both.carried("fibre")
            relay.harm = shuffled_twice
            for payload in numbered(100):
                both.alpha.wire.send("bravo", payload)
            await until(lambda: both.bravo.wire.refused["fibre", Refusal.REPLAYED] == 100)
            assert sorted(both.bravo.heard(over_stream=False)) == numbered(100)

    on_uvloop(story())


def test_a_replay_is_refused_and_not_answered() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            await both.carried("fibre")
            for data in (taken := await seen(both, relay)):
                send_raw(data, V4, both.ports["fibre"])
            await until(lambda: both.bravo.wire.refused["fibre", Refusal.REPLAYED] == len(taken))
            assert both.bravo.heard() == numbered(10)

    on_uvloop(story())


def test_what_was_changed_on_its_way_is_refused_by_cause() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            await both.carried("fibre")
            refused = both.bravo.wire.refused
            before = Counter(refused)
            relay.harm = lambda data, inward: [data] if not is_sound(data) else harmed(data)
            for payload in numbered(20):
                both.alpha.wire.send("bravo", payload)
            await until(lambda: refused["fibre", Refusal.FORGED] - before["fibre", Refusal.FORGED] == 40)
            relay.harm = lambda data, _inward: [data]
            assert refused["fibre", Refusal.MALFORMED] == 20
            assert refused["fibre", Refusal.UNKNOWN] - before["fibre", Refusal.UNKNOWN] == 20
            assert refused["fibre", Refusal.LARGE] == 20
            assert both.bravo.heard(over_stream=False) == []

    def harmed(data: bytes) -> list[bytes]:
        flipped = bytearray(data)
        flipped[20] ^= 1
        foreign = data[:8] + bytes(4) + data[12:]
        return [bytes(flipped), data[:-1], data[:20], foreign, data + bytes(WIRE_DATAGRAM_BYTES_MAX)]

    on_uvloop(story())


def test_no_bit_of_a_datagram_can_be_flipped() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            await both.carried("fibre")
            sound: list[bytes] = []
            relay.harm = into(sound)
            both.alpha.wire.send("bravo", b"clear")
            await until(lambda: len(sound) == 1)
            flipped = sum(both.bravo.wire.refused.values())
            for bit in range(8 * len(sound[0])):
                wrong = bytearray(sound[0])
                wrong[bit // 8] ^= 1 << bit % 8
                send_raw(bytes(wrong), V4, both.ports["fibre"])
                if bit % 50 == 0:
                    await asyncio.sleep(0)
            await until(lambda: sum(both.bravo.wire.refused.values()) - flipped >= 8 * len(sound[0]))
            assert both.bravo.heard() == []
            send_raw(sound[0], V4, both.ports["fibre"])
            await until(lambda: both.bravo.heard() == [b"clear"])

    on_uvloop(story())


def test_strangers_are_never_answered_and_leave_only_a_count() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            both.join("fibre")
            await both.carried("fibre")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                stranger.setblocking(False)
                noise = random.Random(5)
                for size in range(0, 1_300, 13):
                    stranger.sendto(noise.randbytes(size), (V4, both.ports["fibre"]))
                    stranger.sendto(b"\x80\x61" + noise.randbytes(size), (V4, both.ports["fibre"]))
                await until(lambda: sum(both.bravo.wire.refused.values()) >= 200)
                with pytest.raises(BlockingIOError):
                    stranger.recv(2_000)
            assert len(both.bravo.wire.refused) <= len(Refusal)

    on_uvloop(story())


def test_a_datagram_on_another_path_than_its_session_is_refused() -> None:
    async def story() -> None:
        with pair(("fibre", V4), ("radio", V4)) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            both.join("radio")
            await both.carried("fibre")
            await both.carried("radio")
            taken: list[bytes] = []
            relay.harm = into(taken)
            both.alpha.wire.send("bravo", b"sound")
            await until(lambda: len(taken) == 1)
            send_raw(taken[0], V4, both.ports["radio"])
            await until(lambda: both.bravo.wire.refused["radio", Refusal.MISPLACED] == 1)

    on_uvloop(story())


def test_the_listener_follows_a_changed_address() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            await both.carried("fibre")
            relay.rebind()
            both.alpha.wire.send("bravo", b"from elsewhere")
            await until(lambda: both.bravo.heard() == [b"from elsewhere"])
            both.bravo.wire.send("alpha", b"found you")
            await until(lambda: both.alpha.heard(over_stream=False) == [b"found you"])

    on_uvloop(story())


def test_a_datagram_that_comes_late_from_elsewhere_is_taken_and_moves_nobody() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            await both.carried("fibre")
            kept: list[bytes] = []
            relay.harm = into(kept)
            both.alpha.wire.send("bravo", b"late")
            await until(lambda: len(kept) == 1)
            relay.harm = lambda data, _inward: [data]
            both.alpha.wire.send("bravo", b"later")
            await until(lambda: both.bravo.heard() == [b"later"])
            send_raw(kept[0], V4, both.ports["fibre"])
            await until(lambda: both.bravo.heard() == [b"later", b"late"])
            both.bravo.wire.send("alpha", b"still there")
            await until(lambda: both.alpha.heard() == [b"still there"])

    on_uvloop(story())


def test_a_replay_from_elsewhere_moves_nobody() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            await both.carried("fibre")
            taken = await seen(both, relay)
            for data in taken:
                send_raw(data, V4, both.ports["fibre"])
            await until(lambda: both.bravo.wire.refused["fibre", Refusal.REPLAYED] == len(taken))
            both.bravo.wire.send("alpha", b"still here")
            await until(lambda: both.alpha.heard(over_stream=False) == [b"still here"])

    on_uvloop(story())


# Around UDP


@both_loops
def test_blocked_udp_goes_over_the_stream_and_comes_back(run: Run) -> None:
    async def story() -> None:
        with pair(("fibre", V4), pace=QUICK) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            await both.carried("fibre")
            relay.harm = lambda _data, _inward: []
            await both.carried("fibre", Carriage.STREAM)
            for payload in numbered(20):
                both.alpha.wire.send("bravo", payload)
                both.bravo.wire.send("alpha", payload)
            await until(lambda: len(both.bravo.heard()) == len(both.alpha.heard()) == 20)
            assert both.bravo.heard(over_stream=True) == both.alpha.heard(over_stream=True) == numbered(20)
            relay.harm = lambda data, _inward: [data]
            await both.carried("fibre")
            both.alpha.wire.send("bravo", b"back")
            await until(lambda: both.bravo.heard(over_stream=False) == [b"back"])
            order = [fact.carriage for fact in both.alpha.changes]
            steps = list(pairwise(order))
            assert {(UDP, BOTH), (BOTH, STREAM), (STREAM, UDP)} <= set(steps)
            assert all(old is not new for old, new in steps), "each change is told once"

    run(story())


def test_udp_that_never_worked_is_the_stream_from_the_first_word() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            relay = both.relay("fibre")
            relay.harm = lambda _data, _inward: []
            both.join("fibre")
            both.alpha.wire.send("bravo", b"hello")
            both.bravo.wire.send("alpha", b"hello yourself")
            await until(lambda: both.bravo.heard() == [b"hello"] and both.alpha.heard() == [b"hello yourself"])

    on_uvloop(story())


def test_a_stream_that_stands_still_drops_sound_instead_of_queueing_it() -> None:
    async def story() -> None:
        with pair(("fibre", V4), pace=QUICK) as both:
            relay = both.relay("fibre")
            relay.harm = lambda _data, _inward: []
            both.join("fibre")
            both.alpha.streaming = False
            await until(lambda: both.alpha.carries("fibre", Carriage.DEAD))
            both.alpha.streamed.clear()
            for payload in numbered(50):
                both.alpha.wire.send("bravo", payload)
            assert not [data for data in both.alpha.streamed if isinstance(decode_word(data), Sound)]
            both.alpha.streaming = True
            await until(lambda: both.alpha.carries("fibre", Carriage.STREAM))
            both.alpha.wire.send("bravo", b"again")
            await until(lambda: both.bravo.heard() == [b"again"])

    on_uvloop(story())


def test_all_paths_cut_and_back_carry_again_by_themselves() -> None:
    async def story() -> None:
        with pair(("fibre", V4), pace=QUICK) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            await both.carried("fibre")
            relay.harm = lambda _data, _inward: []
            both.alpha.streaming = both.bravo.streaming = False
            await both.carried("fibre", Carriage.DEAD)
            relay.harm = lambda data, _inward: [data]
            await both.carried("fibre")
            both.alpha.wire.send("bravo", b"same call")
            await until(lambda: both.bravo.heard() == [b"same call"])

    on_uvloop(story())


def test_a_listener_at_another_port_says_so() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind((V4, both.ports["fibre"]))
            both.join("fibre")
            assert isinstance(decode_word(both.bravo.streamed[0]), Port)
            await both.carried("fibre")
            both.alpha.wire.send("bravo", b"found")
            await until(lambda: both.bravo.heard(over_stream=False) == [b"found"])

    on_uvloop(story())


def test_an_address_that_is_not_ours_leaves_the_stream_and_says_why() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            number = both.join("fibre")
            both.alpha.wire.ended(number, at_once=True)
            secret = both.secrets[number][1]
            both.alpha.wire.opened(
                Handed(number, "bravo", "fibre", True, secret, ("203.0.113.9", 1), (V4, both.ports["fibre"]))
            )
            assert both.alpha.fact("fibre").trouble
            both.alpha.wire.send("bravo", b"by stream")
            await until(lambda: both.bravo.heard(over_stream=True) == [b"by stream"])
            both.join("fibre")
            assert both.alpha.fact("fibre").trouble == ""

    on_uvloop(story())


def test_garbage_on_the_stream_is_counted_and_nothing_else() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            number = both.join("fibre")
            await both.carried("fibre")
            noise = random.Random(3)
            for size in range(200):
                both.bravo.wire.stream_arrived(number, b"\x09" + noise.randbytes(size))
            both.bravo.wire.stream_arrived(999_999, b"\x00")
            assert both.bravo.wire.refused["fibre", Refusal.MALFORMED] == 200

    on_uvloop(story())


def test_what_is_too_large_for_a_datagram_is_not_sent_at_all() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            both.join("fibre")
            await both.carried("fibre")
            largest = bytes([1]) * WIRE_PAYLOAD_BYTES_MAX
            both.alpha.wire.send("bravo", largest + b"\x01")
            both.alpha.wire.send("bravo", largest)
            await until(lambda: both.bravo.heard() == [largest])
            path = both.alpha.wire._paths["bravo", "fibre"]
            assert path.unsent == {Unsent.LARGE: 1}

    on_uvloop(story())


# Ends and new beginnings


def test_keys_of_an_ended_session_serve_for_a_while_and_are_forgotten() -> None:
    async def story() -> None:
        with pair(("fibre", V4), pace=replace(CALM, grace_us=3 * SECOND_US)) as both:
            number = both.join("fibre")
            await both.carried("fibre")
            for house in (both.alpha, both.bravo):
                house.wire.ended(number)
            both.alpha.wire.send("bravo", b"last words")
            await until(lambda: both.bravo.heard(over_stream=False) == [b"last words"])
            await both.carried("fibre", Carriage.DEAD)
            for house in (both.alpha, both.bravo):
                assert not house.wire._sessions
                assert not house.wire._by_ssrc
                assert not house.wire._sockets

    on_uvloop(story())


def test_a_session_that_must_end_at_once_does() -> None:
    async def story() -> None:
        with pair(("fibre", V4)) as both:
            number = both.join("fibre")
            await both.carried("fibre")
            both.bravo.wire.ended(number, at_once=True)
            assert not both.bravo.wire._by_ssrc
            both.alpha.wire.send("bravo", b"too late")
            await until(lambda: both.alpha.carries("fibre", Carriage.DEAD) or not both.bravo.wire._sockets)
            assert both.bravo.heard() == []

    on_uvloop(story())


@pytest.mark.parametrize("dies", ["alpha", "bravo"])
def test_a_new_voice_process_goes_on_with_the_same_sessions(dies: str) -> None:
    """No key sees an index twice, and what its predecessor took cannot be played to it again."""

    async def story() -> None:
        with pair(("fibre", V4)) as both:
            relay = both.relay("fibre")
            both.join("fibre")
            await both.carried("fibre")
            old = await seen(both, relay)
            wire: set[tuple[int, int]] = set()
            twice: list[int] = []

            def watch(data: bytes, inward: bool) -> list[bytes]:
                label = read_label(data)
                assert not isinstance(label, Refusal)
                if (label.ssrc, label.index) in wire:
                    twice.append(label.index)
                wire.add((label.ssrc, label.index))
                return [data]

            for data in old:
                watch(data, True)
            relay.harm = watch
            both.restart(both.alpha if dies == "alpha" else both.bravo, life=1)
            for data in old:
                send_raw(data, V4, both.ports["fibre"])
            await both.carried("fibre")
            for data in old:
                send_raw(data, V4, both.ports["fibre"])
            already = len(both.bravo.heard())
            both.alpha.wire.send("bravo", b"goes on")
            both.bravo.wire.send("alpha", b"goes on")
            await until(lambda: b"goes on" in both.alpha.heard() and b"goes on" in both.bravo.heard())
            assert len(both.bravo.heard()) == already + 1
            assert both.bravo.wire.refused["fibre", Refusal.REPLAYED] >= len(old)
            assert not twice

    on_uvloop(story())
