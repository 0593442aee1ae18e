"""Counters and gauges: text that Prometheus reads, with every name explained once and no digit lost."""

from __future__ import annotations

import re

from openline.node.metrics import _quote, render
from openline.node.status import STATES
from tests.node.houses import ALPHA, BRAVO, LINE, MemoryNode, both, origin, played, settled, turned_away, until
from tests.node.voices import floors, known, up

SAMPLE = re.compile(
    r"(?P<name>[a-z_:][a-z0-9_:]*)(?:\{(?P<labels>[^{}]*)\})? (?P<value>-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)\Z"
)
LABEL = re.compile(r'([a-z_][a-z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|\Z)')

REFUSED = "openline_calls_refused_total"

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parsed(text: str) -> Samples:
    """The samples, when the text is as the format wants it (exposition format 0.0.4)."""
    assert text.endswith("\n")
    samples: Samples = {}
    explained: dict[str, list[str]] = {}
    last = ""
    for line in text.splitlines():
        if line.startswith("# "):
            kind, name, rest = line[2:].split(" ", 2)
            assert rest
            explained.setdefault(name, []).append(kind)
            last = name
            continue
        match = SAMPLE.match(line)
        assert match, line
        assert match["name"] == last, "the samples of one name stand together, under its explanation"
        labels = LABEL.findall(match["labels"] or "")
        assert LABEL.sub("", match["labels"] or "") == ""
        place = (match["name"], frozenset((name, value) for name, value in labels))
        assert place not in samples, "no sample stands twice"
        samples[place] = float(match["value"])
    assert all(kinds == ["HELP", "TYPE"] for kinds in explained.values())
    return samples


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


async def talked(count: int = 3) -> MemoryNode:
    alpha, bravo = await both()
    for _ in range(count):
        await alpha.say()
    await settled(alpha, bravo)
    await alpha.say(verb="service")
    await settled(alpha, bravo)
    return alpha


def test_it_parses_and_every_line_has_one_state() -> None:
    async def story() -> str:
        return render(await talked())

    samples = parsed(played(story()))
    states = {word: value(samples, "openline_line_state", line=LINE, state=word) for word in STATES}
    assert [word for word, one in states.items() if one] == ["ONE_PATH_LEFT"]
    assert value(samples, "openline_log_entries", line=LINE, log=origin(ALPHA)) == 4
    assert value(samples, "openline_log_receipted", line=LINE, party=BRAVO) == 4
    assert value(samples, "openline_open_items", line=LINE) == 3
    assert value(samples, "openline_path_sessions", line=LINE, party=BRAVO, path="fibre") == 1
    assert value(samples, "openline_path_sessions", line=LINE, party=BRAVO, path="radio") == 0
    assert value(samples, "openline_faulty_frames_total") == 0


def test_large_numbers_keep_every_digit() -> None:
    async def story() -> tuple[str, int]:
        node = await talked()
        node.faulty = 123_456_789
        node.keeper.receipted[BRAVO] = 1_234_567
        return render(node), node.started.seconds

    text, begun = played(story())
    samples = parsed(text)
    assert value(samples, "openline_start_time_seconds") == begun
    assert value(samples, "openline_faulty_frames_total") == 123_456_789
    assert value(samples, "openline_log_receipted", line=LINE, party=BRAVO) == 1_234_567


def test_times_keep_every_microsecond() -> None:
    async def story() -> str:
        node = await talked()
        for session in node.keeper.engine._tables.sessions.values():
            session.meter.round_trip = 123_456_789
        node.keeper.engine._tables.peers[1].life.clock_offset_us = -12
        return render(node)

    text = played(story())
    assert re.search(r"^openline_path_round_trip_seconds\{.*\} 123\.456789$", text, re.MULTILINE)
    assert re.search(r"^openline_peer_clock_offset_seconds\{.*\} -1\.2e-05$", text, re.MULTILINE)
    parsed(text)


def test_calls_that_were_refused_are_counted_by_path_and_reason() -> None:
    async def story() -> str:
        node = await talked()
        turned_away(node, "fibre", "path-key-unknown", "path-not-tls", "path-key-unknown")
        turned_away(node, "radio", "path-key-unknown")
        node.paths.listeners[0]._refused["path-too-many-calls"] = 123_456_789
        return render(node)

    samples = parsed(played(story()))
    counted = {tuple(sorted(dict(labels).values())): n for (name, labels), n in samples.items() if name == REFUSED}
    assert counted == {
        ("fibre", "path-key-unknown"): 2,
        ("fibre", "path-not-tls"): 1,
        ("fibre", "path-too-many-calls"): 123_456_789,
        ("path-key-unknown", "radio"): 1,
    }


def test_what_was_not_measured_is_left_out() -> None:
    async def story() -> str:
        alpha = await talked()
        return render(alpha)

    samples = parsed(played(story()))
    measured = {dict(labels)["path"] for name, labels in samples if name == "openline_path_round_trip_seconds"}
    assert "radio" not in measured


def test_sound_has_its_figures() -> None:
    async def story() -> str:
        node = await talked()
        node.voice.restarts, node.voice.dropped, node.voice.phones = 2, 7, ("night",)
        node.voice.unread, node.voice.refused["forged"] = 3, 11
        node.voice.lags["voice"].us = 70_250
        return render(node)

    samples = parsed(played(story()))
    assert value(samples, "openline_voice_running") == 0
    assert value(samples, "openline_voice_restarts_total") == 2
    assert value(samples, "openline_voice_dropped_total", cause="crowded") == 7
    assert value(samples, "openline_voice_dropped_total", cause="unread") == 3
    assert value(samples, "openline_voice_refused_total", cause="forged") == 11
    assert value(samples, "openline_voice_phones") == 1
    assert value(samples, "openline_voice_sessions") == 0
    assert value(samples, "openline_voice_lag_seconds", process="voice") == 0.07025
    assert value(samples, "openline_voice_lag_seconds", process="node") == 0


def test_labels_are_quoted() -> None:
    for text in ("plain", 'with "quotes"', "back\\slash", "two\nlines", 'all "of\\it\n'):
        assert LABEL.fullmatch(f'label="{_quote(text)}"'), text


def test_counters_are_named_as_totals() -> None:
    async def story() -> str:
        return render(await talked())

    kinds = dict(line.split()[2:] for line in played(story()).splitlines() if line.startswith("# TYPE"))
    assert {name for name, kind in kinds.items() if kind == "counter"} == {
        name for name in kinds if name.endswith("_total")
    }


def test_telephone_calls_and_legs_are_counted() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        assert value(parsed(render(alpha.node)), "openline_telephone_rung_total", line=LINE) == 0
        call = await up(alpha, bravo)
        await alpha.node.desk.offer_leg(alpha.officer("ops", "connecting"), "v=0")
        samples = parsed(render(alpha.node))
        assert value(samples, "openline_telephone_calls", line=LINE, state="up") == 1
        assert value(samples, "openline_telephone_calls", line=LINE, state="ringing-in") == 0
        assert value(samples, "openline_legs", kind="browser") == 1
        assert value(samples, "openline_legs", kind="phone") == 0
        await alpha.step(call, "left")
        await until(lambda: bravo.open == [])
        missed = await bravo.ring()
        await known(missed, alpha)
        await bravo.step(missed, "left")
        samples = parsed(render(bravo.node))
        assert value(samples, "openline_telephone_calls", line=LINE, state="up") == 0
        assert value(samples, "openline_telephone_rung_total", line=LINE) == 2
        assert value(samples, "openline_telephone_unanswered_total", line=LINE) == 1

    played(story())
