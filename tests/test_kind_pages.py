"""Every kind has its page, its vectors, its row and the capability of each verb; the page tells what a reader needs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from openline.line.kinds import Kind
from openline.node.wiring import registry
from scripts.docs import ROOT, drawings
from scripts.kind_reference import common_faults, faults_of
from tests.test_machines import TABLES

KINDS = sorted(registry().kinds, key=lambda kind: kind.number)
FOLDER, VECTORS = ROOT / "docs/spec/kinds", ROOT / "tests/vectors/kinds"
ROW = re.compile(r"(?m)^\| (\d+) \| \[([\w-]+)\]\(kinds/([\w-]+)\.md\) \| \S.* \|$")


def _name(kind: object) -> str:
    return kind.name if isinstance(kind, Kind) else str(kind)


def _page(kind: Kind) -> str:
    return (FOLDER / f"{kind.name}.md").read_text(encoding="utf-8")


def _section(page: str, title: str) -> str:
    return page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


each_kind = pytest.mark.parametrize("kind", KINDS, ids=_name)


def test_there_are_pages_vectors_and_rows_of_kinds_and_of_nothing_else() -> None:
    names = [kind.name for kind in KINDS]
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(names)
    assert sorted(path.stem for path in VECTORS.iterdir()) == sorted(names)
    rows = ROW.findall((ROOT / "docs/spec/README.md").read_text(encoding="utf-8"))
    assert rows == [(str(kind.number), kind.name, kind.name) for kind in KINDS], "a row each, in the order of numbers"


@each_kind
def test_the_vectors_of_a_kind_are_of_its_number_and_named_on_its_page(kind: Kind) -> None:
    vectors = json.loads((VECTORS / f"{kind.name}.json").read_text(encoding="utf-8"))
    assert (vectors["kind"], vectors["name"]) == (kind.number, kind.name)
    assert vectors["vectors"]
    assert vectors["refused"]
    page = _page(kind)
    assert page.startswith(f"# Kind {kind.number}: {kind.name}\n")
    assert f"tests/vectors/kinds/{kind.name}.json" in page.rpartition("\n## ")[2]
    assert page.rpartition("\n## ")[2].startswith("Vectors\n")


@each_kind
def test_a_page_has_each_field_of_the_body_at_its_key(kind: Kind) -> None:
    rows = re.findall(r"(?m)^\| (\d+) \| `(\w+)` \| (\S.*?) \|", _page(kind))
    fields = list(enumerate(kind.body.__struct_fields__))
    assert [(int(key), name) for key, name, _ in rows[: len(fields)]] == fields


@each_kind
def test_a_page_tells_rules_in_words(kind: Kind) -> None:
    prose = re.sub(r"(?ms)<!-- (?:written|drawn) .*?<!-- end -->|^\|.*?$|^#.*?$", "", _page(kind))
    assert len(prose.split()) > 20, "say what it means, who may say it when, and what it does not mean"


@each_kind
def test_the_states_of_a_kind_are_drawn_on_its_page_or_on_that_of_its_family(kind: Kind) -> None:
    module = kind.body.__module__
    family = {one.name for one in KINDS if one.body.__module__ == module}
    drawn = {drawing.place for drawing in drawings() if drawing.page.parent == FOLDER and drawing.page.stem in family}
    assert {place for place in TABLES if place.startswith(f"{module}:")} <= drawn


@each_kind
def test_a_page_has_the_verbs_with_what_they_need_and_the_faults(kind: Kind) -> None:
    page = _page(kind)
    assert f"<!-- written by scripts.kind_reference:about of {kind.name} -->" in page
    told = _section(page, "Verbs and faults")
    for verb in kind.verbs:
        assert f"| `{verb.name}` | `{verb.capability}` |" in told
    for fault in faults_of(kind):
        assert f"| `{fault}` |" in told
    assert "?" not in told, "a fact has no word of its own: add it to scripts/kind_reference.py"
    reference = (ROOT / "docs/operating/config.md").read_text(encoding="utf-8")
    for verb in kind.verbs:
        assert re.search(rf"(?m)^\| `{verb.capability}` \| .*`{verb.name}`", reference), "run `make docs`"


def test_every_fault_of_the_source_stands_on_a_page() -> None:
    told = common_faults() + "".join(_section(_page(kind), "Verbs and faults") for kind in KINDS)
    rooms = [ROOT / "src/openline/line", ROOT / "src/openline/voice"]
    source = "".join(file.read_text(encoding="utf-8") for room in rooms for file in sorted(Path(room).glob("*.py")))
    lost = {fault for fault in re.findall(r'"(fault-[\w-]+)"', source) if f"`{fault}`" not in told}
    assert not lost, f"no page tells of {lost}"
