"""The page of the report: every figure on it, and nothing that a strict policy would stop."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from openline.base.catalogue import sentence
from openline.line.report import LineReport, Speed, line_report, report_digest
from openline.line.reportpage import COLUMNS, PARTS, PLOTS, TITLES, page, seconds
from tests.line.test_report import busy, folded, told
from tests.line.world import World


def shown(report: LineReport, language: str = "en") -> str:
    return page(report, lambda name, facts: sentence(name, facts, language), language)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_word_of_the_page_has_a_sentence(language: str) -> None:
    text = shown(told(busy(5)), language)
    assert "label-report" not in text
    names = [*(f"section-{name}" for name in TITLES), *PARTS, *(f"plot-{name}" for name in PLOTS)]
    names += [f"column-{name}" for name in COLUMNS]
    for name in (*names, "digest", "nothing"):
        assert sentence(f"label-report-{name}", {}, language) != f"label-report-{name}"


def test_a_strict_policy_stops_nothing_on_it() -> None:
    text = shown(told(busy(6)))
    assert "default-src 'none'" in text
    assert not re.search(r"<script|<style|style=|<link|<img|<iframe|\bon[a-z]+=|javascript:|@import|url\(", text)
    assert set(re.findall(r'(?:href|src)="([^"]*)"', text)) == set()


def test_its_plots_are_well_formed_and_have_a_bar_for_each_day() -> None:
    plots = re.findall(r"<svg.*?</svg>", shown(told(busy(7))))
    assert plots
    for plot in plots:
        tree = ElementTree.fromstring(plot)
        bars = [one for one in tree if one.tag.endswith("rect")]
        assert len(bars) == 30
        assert max(int(bar.attrib["height"]) for bar in bars) == 60
        assert all(0 <= int(bar.attrib["height"]) <= 60 for bar in bars)


def test_the_figures_are_those_of_the_report() -> None:
    report = told(busy(8))
    text = shown(report)
    assert report_digest(report) in text
    assert all(f"{party}:{size}" in text for party, size in report.at.items())
    row = report.sections[0].messages[0]
    displayed = row.stages["DISPLAYED"]
    assert f"<td>{displayed.count}</td><td>{seconds(displayed.median_ms)}</td>" in text


def test_what_comes_from_outside_is_escaped() -> None:
    from random import Random

    from openline.base.schema import pack
    from openline.line.silence import SILENCE, Cause, Silence
    from openline.record.entry import Draft

    world = World()
    body = Silence(cause=Cause.DECLINED, since_ms=world.now.ms, peer='<script>"&', until_ms=world.now.ms)
    world.put("alpha", [Draft(SILENCE, pack(body), "node")])
    text = shown(line_report(*folded(world, "alpha", Random(0))))
    assert "<script" not in text
    assert "&lt;script&gt;&quot;&amp;" in text


def test_a_month_of_nothing_says_so() -> None:
    assert shown(told(World())).count(sentence("label-report-nothing", {}, "en")) == 3


def test_seconds() -> None:
    assert [seconds(time) for time in (None, 0, 999, 61_050)] == ["-", "0.0 s", "0.9 s", "61.0 s"]
    assert Speed(0).median_ms is None
