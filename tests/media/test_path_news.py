"""What the node is told of paths: changes that matter, at most once a second each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openline.base.time import SECOND_US
from openline.media.path_news import PathNews
from openline.media.wire_carriage import Carriage, PathSound
from openline.media.words import PathIs

FACT = PathSound("hotline bravo", "fibre", Carriage.UDP, 0, 20_000, 5, None, 3, "")
SAID = PathIs("hotline", "bravo", "fibre", "udp", 20_000, 5, -1, "")


def looked(news: PathNews, fact: PathSound, now: int) -> list[PathIs]:
    return list(news.look([fact], now))


def test_a_path_is_told_of_once_and_then_when_it_changes() -> None:
    news = PathNews()
    assert looked(news, FACT, 0) == [SAID]
    assert looked(news, FACT, 5 * SECOND_US) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"carriage": Carriage.BOTH}, True),
        ({"trouble": "no such device"}, True),
        ({"loss_out": 14}, False),
        ({"loss_out": 15}, True),
        ({"loss_in": 0}, True),
        ({"loss_out": None}, True),
        ({"round_trip_us": 24_000}, False),
        ({"round_trip_us": 24_001}, True),
        ({"round_trip_us": 15_999}, True),
        ({"round_trip_us": None}, True),
        ({"session": 4, "since": 9}, False),
    ],
)
def test_only_what_matters_is_a_change(change: dict[str, object], told: bool) -> None:
    news = PathNews()
    looked(news, FACT, 0)
    assert bool(looked(news, replace(FACT, **change), SECOND_US)) is told  # type: ignore[arg-type] # fields by name


def test_a_change_within_a_second_waits_for_its_end() -> None:
    news = PathNews()
    looked(news, FACT, 0)
    dead = replace(FACT, carriage=Carriage.DEAD)
    assert looked(news, dead, SECOND_US - 1) == []
    assert [word.carriage for word in looked(news, dead, SECOND_US)] == ["dead"]
    other = replace(FACT, path="radio")
    assert looked(news, other, SECOND_US), "each path for itself"
