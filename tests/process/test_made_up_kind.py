"""A kind that no release has is added to a copy of the program: one source file, one vector, its sentences; no more.

Two nodes of that copy then speak it over every door there is, while a node without it keeps it, receipts it and skips
it, and an auditor without it finds the record whole.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

import openline as package
from openline.cli.client import JsonObject
from openline.cli.stage import Party, Stage
from tests.process.houses import (
    LINE,
    PATIENCE_S,
    ask,
    leaves,
    open_both,
    openline,
    sentence,
    settled,
    until,
    verifies,
)

pytestmark = pytest.mark.process

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(package.__file__).parent
MADE_UP = Path(__file__).parent / "made_up"
ADDED = {"line/weather.py", "base/locale/en/line.ftl", "base/locale/fr/line.ftl"}
STORM = {"place": "the pass", "report": "breaks", "text": "Thunder over the pass.", "language": "en"}


@dataclass(frozen=True, slots=True)
class Copy:
    """The program with the kind in it. `path` goes before every other place that modules are looked for in."""

    root: Path

    @property
    def path(self) -> str:
        """What PYTHONPATH must be."""
        return os.pathsep.join([str(self.root / "src"), str(self.root)])

    def run(self, *words: str) -> str:
        """Run Python of this copy in its own root; what it printed."""
        ran = subprocess.run(
            [sys.executable, *words],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": self.path},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S * 3,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout[-3_000:] + ran.stderr[-3_000:]
        return ran.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the repository to which somebody has added the kind."""
    root = tmp_path_factory.mktemp("copy") / "openline"
    for folder in ("src", "tests", "docs", "scripts", "web/src"):
        ignore = shutil.ignore_patterns("__pycache__", "pictures")
        shutil.copytree(ROOT / folder, root / folder, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", root)
    shutil.copy(MADE_UP / "weather.py", root / "src/openline/line/weather.py")
    shutil.copy(MADE_UP / "weather.json", root / "tests/vectors/kinds/weather.json")
    shutil.copy(MADE_UP / "weather.page", root / "docs/spec/kinds/weather.md")
    table = root / "docs/spec/README.md"
    text = table.read_text(encoding="utf-8")
    last = re.findall(r"(?m)^\| \d+ \| \[.*\n", text)[-1]
    row = "| 900 | [weather](kinds/weather.md) | what the sky does at a place |\n"
    table.write_text(text.replace(last, last + row), encoding="utf-8")
    for language in ("en", "fr"):
        catalogue = root / f"src/openline/base/locale/{language}/line.ftl"
        with catalogue.open("a", encoding="utf-8") as file:
            file.write((MADE_UP / f"weather.{language}.ftl").read_text(encoding="utf-8"))
    return Copy(root)


def test_one_source_file_and_its_sentences_are_all_that_is_touched(copy: Copy) -> None:
    changed = set()
    for file in (copy.root / "src/openline").rglob("*"):
        name = str(file.relative_to(copy.root / "src/openline"))
        if file.is_file() and file.suffix != ".pyc":
            ours = SOURCE / name
            if not ours.exists() or ours.read_bytes() != file.read_bytes():
                changed.add(name)
    assert changed == ADDED


def test_what_is_asked_of_every_kind_is_met_by_its_vector_its_page_and_its_sentences(copy: Copy) -> None:
    """The tests of all kinds find it by themselves: nobody has told them of it."""
    assert "renewed docs/spec/kinds/weather.md" in copy.run("-m", "scripts.docs")
    drawn = (copy.root / "docs/spec/kinds/weather.md").read_text(encoding="utf-8")
    assert "    STORM --> CLEAR: CLEARS\n" in drawn
    tests = ["tests/line/test_bodies.py", "tests/test_machines.py", "tests/test_kind_pages.py"]
    tests.append("tests/base/test_catalogue.py")
    told = copy.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not fuzz", "-rA", *tests)
    for wanted in ("weather-a storm", "weather-a report that is none", "openline.line.weather:SKIES", "weather"):
        assert f"[{wanted}]" in told, wanted


@pytest.fixture
def weathered(houses: Stage, copy: Copy, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Both nodes, and the command line, are of the copy."""
    monkeypatch.setenv("PYTHONPATH", copy.path)
    return open_both(houses)


def test_two_nodes_speak_it_by_every_door(weathered: Stage, copy: Copy, tmp_path: Path) -> None:
    alpha, bravo = weathered.parties
    spoken = openline(alpha.folder, "say", LINE, "weather", *_values(STORM), "--wait", "received", "--json")
    entry = _id(spoken.json())
    by_api = ask(alpha, "POST", f"/api/v1/lines/{LINE}/say?wait=received", _say(place="the bridge", report="clears"))
    assert by_api.status == 200, by_api
    _is_refused_twice(alpha)
    _is_shown(bravo, entry)
    _is_found(bravo, entry)
    _is_followed(bravo, entry)
    assert openline(bravo.folder, "ack", entry, "--wait", "received", "--json").code == 0
    stages = cast("list[JsonObject]", alpha.entry(entry)["stages"])
    assert {row["stage"] for row in stages} >= {"RECEIVED", "ACCEPTED"}
    assert openline(alpha.folder, "withdraw", entry, "--yes", "--reason", "it was a drill", "--json").code == 0
    until(lambda: bravo.entry(entry)["standing"] == "cancelled", PATIENCE_S, "the cancellation is there")
    _is_documented(alpha)
    _is_exported(weathered, tmp_path)
    for party in weathered.parties:
        party.stop()
        party.start()
    assert bravo.entry(entry)["standing"] == "cancelled", "after a restart the book is what it was"
    told = copy.run("-c", "from openline.node.wiring import registry; print(registry().by_name('weather').number)")
    assert told == "900\n"


def test_a_node_without_it_keeps_it_receipts_it_and_skips_it(
    houses: Stage, copy: Copy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    alpha, bravo = houses.parties
    monkeypatch.setenv("PYTHONPATH", copy.path)
    alpha.start()
    _without(monkeypatch)
    bravo.start()
    until(lambda: settled(houses), PATIENCE_S, "the line is proven")
    entry = alpha.say(LINE, "weather", STORM)
    shown = bravo.entry(entry)
    assert (shown["kind"], shown["body"], shown["faults"]) == ("kind-900", {}, [])
    assert bravo.line()["open_items"] == 0
    refused = ask(bravo, "POST", f"/api/v1/lines/{LINE}/say", _say(place="the pass", report="breaks"))
    assert (refused.status, refused.json()["error"]) == (404, "verb-unknown")
    sentence(openline(bravo.folder, "say", LINE, "weather", *_values(STORM), "--json"), "verb-unknown", 2)
    after = bravo.send("What do you see?")
    assert alpha.entry(after)["text"] == "What do you see?", "the line goes on"
    for author in (alpha.id, bravo.id):
        assert leaves(alpha.node, author) == leaves(bravo.node, author)
    verifies(bravo.folder)
    _is_exported(houses, tmp_path)
    monkeypatch.setenv("PYTHONPATH", copy.path)
    bravo.stop()
    bravo.start()
    until(lambda: bravo.entry(entry)["kind"] == "weather", PATIENCE_S, "the node that has learnt it reads it")
    assert bravo.entry(entry)["text"] == STORM["text"], "nothing of it was lost"


def _is_refused_twice(alpha: Party) -> None:
    before = len(leaves(alpha.node, alpha.id))
    told = sentence(openline(alpha.folder, "say", LINE, "weather", *_values(STORM), "--json"), "weather-unchanged", 2)
    assert told.startswith("You have said this of the pass already.")
    french = openline(alpha.folder, "--lang", "fr", "say", LINE, "weather", *_values(STORM), "--json")
    assert str(french.error()["text"]).startswith("Vous avez déjà dit cela de the pass.")
    wrong = openline(alpha.folder, "say", LINE, "weather", "place=here", "report=hails", "--json")
    assert "hails" in sentence(wrong, "arguments-wrong", 2)
    assert len(leaves(alpha.node, alpha.id)) == before


def _is_shown(bravo: Party, entry: str) -> None:
    shown = bravo.entry(entry)
    assert (shown["kind"], shown["text"], shown["faults"]) == ("weather", STORM["text"], [])
    assert cast("JsonObject", shown["body"])["report"] == "BREAKS"
    for words in (("record", "show", LINE), ("read", entry, "--no-receipt")):
        assert STORM["text"] in openline(bravo.folder, *words).out, words


def _is_found(bravo: Party, entry: str) -> None:
    def found() -> list[str]:
        hits = openline(bravo.folder, "search", "thunder", "--kind", "weather", "--json").json()["hits"]
        return [str(hit["id"]) for hit in cast("list[JsonObject]", hits)]

    until(lambda: found() == [entry], PATIENCE_S, "the index has it")


def _is_followed(bravo: Party, entry: str) -> None:
    out = openline(bravo.folder, "record", "follow", "--once", "--after", "0", "--json").out
    events = [cast("JsonObject", json.loads(line)) for line in out.splitlines()]
    data = [cast("JsonObject", event["data"]) for event in events]
    assert any(row.get("id") == entry and row.get("kind") == "weather" for row in data), out


def _is_documented(alpha: Party) -> None:
    document = ask(alpha, "GET", "/api/v1/openapi.json").json()
    schemas = cast("dict[str, JsonObject]", cast("JsonObject", document["components"])["schemas"])
    said = cast("list[JsonObject]", schemas["SayRequest"]["oneOf"])
    verbs = [cast("JsonObject", cast("JsonObject", row["properties"])["verb"])["const"] for row in said]
    assert "weather" in verbs
    assert set(cast("JsonObject", schemas["Observe"]["properties"])) == set(STORM)


def _is_exported(stage: Stage, folder: Path) -> None:
    """Both sides' exports are whole, for an auditor of this program, which does not know the kind."""
    roots = [word for party in stage.parties for word in ("--root", f"{party.id}={party.founded.fingerprint}")]
    for party in stage.parties:
        verifies(party.folder)
        out = folder / f"{party.name}.olx"
        assert openline(party.folder, "record", "export", LINE, "-o", str(out)).code == 0
        with pytest.MonkeyPatch.context() as patch:
            _without(patch)
            assert openline(folder, "audit", "verify", str(out), *roots, "--json").json()["verdict"] == "VERIFIED"


def _without(patch: pytest.MonkeyPatch) -> None:
    """From here on this program itself is run, without the kind."""
    patch.setenv("PYTHONPATH", str(SOURCE.parent))


def _values(arguments: dict[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in arguments.items()]


def _say(**arguments: str) -> bytes:
    return json.dumps({"verb": "weather", "arguments": arguments}).encode()


def _id(said: JsonObject) -> str:
    return cast("list[str]", said["ids"])[0]
