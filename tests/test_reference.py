"""The operator's references say what the code says: every key of the configuration, every fact, every figure.

That the pages are fresh is `tests/test_docs.py`'s business; here is what must be in them.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from openline.node.config import Config, parse_config
from scripts.config_reference import capabilities, keys, reference
from scripts.monitoring_reference import INDIRECT, MEANING, facts, found_facts, indirect, metrics

OPERATING = Path(__file__).resolve().parent.parent / "docs/operating"


def test_every_key_of_the_configuration_is_listed_with_its_default() -> None:
    rows = dict(re.findall(r"(?m)^\| `(\w+)` \| (.+) \|$", reference()))
    assert {key.partition(".")[2] for key in keys()} == rows.keys()
    assert rows["every_minutes"].endswith("| `60`")
    assert rows["sessions"].endswith("| `1`")
    assert rows["metered"].endswith("| `false`")
    assert rows["advertise"].endswith("| none")
    assert rows["id"].endswith("| must be given")


def test_every_table_of_the_configuration_has_a_heading() -> None:
    headings = re.findall(r"(?m)^## `\[+(\w+)\]+`", reference())
    assert headings == list(Config.__struct_fields__)


def test_the_example_of_the_page_is_a_configuration() -> None:
    page = (OPERATING / "config.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"(?ms)^```toml\n(.*?)^```$", page)
    config = parse_config(example, "the example")
    assert config.party.id == "north.example"
    assert len(config.path) == 2


def test_every_other_example_of_a_configuration_fits_into_one() -> None:
    for page in OPERATING.glob("*.md"):
        for example in re.findall(r"(?ms)^```toml\n(.*?)^```$", page.read_text(encoding="utf-8")):
            party = "" if "[party]" in example else '[party]\nid = "north.example"\n'
            parse_config(party + example, page.name)
            tomllib.loads(example)


def test_every_capability_names_its_verbs() -> None:
    rows = dict(re.findall(r"(?m)^\| `(\w+)` \| (.+) \|$", capabilities()))
    assert "`ack`" in rows["accept"]
    assert "`send`" in rows["send"]
    assert {"all", "operate", "interpret", "read"} <= rows.keys()


def test_every_fact_of_the_log_is_explained() -> None:
    missing = sorted(found_facts().keys() - MEANING.keys())
    assert not missing, f"say in scripts/monitoring_reference.py what these mean, then run `make docs`: {missing}"


def test_what_the_voice_process_notes_is_among_them() -> None:
    noted = {
        "phone-sound-unprotected": ["phone"],
        "recording-stopped": ["call", "cause", "detail"],
        "sdp-wrong": ["phone", "detail"],
        "sip-flood": ["address"],
        "voice-failed": ["where", "fault"],
        "voice-trouble": ["detail", "error"],
    }
    found = found_facts()
    assert {fact: found.get(fact) for fact in noted} == noted


def test_every_place_that_notes_an_error_by_its_id_is_known() -> None:
    assert indirect() == INDIRECT, "see RAISES and INDIRECT in scripts/monitoring_reference.py"


def test_no_fact_is_explained_that_nothing_writes() -> None:
    assert not (gone := sorted(MEANING.keys() - found_facts().keys())), (
        f"take off scripts/monitoring_reference.py: {gone}"
    )


@pytest.mark.parametrize(
    "table", [facts(), metrics(), reference(), capabilities()], ids=["facts", "metrics", "config", "roles"]
)
def test_every_row_is_filled(table: str) -> None:
    for row in re.findall(r"(?m)^\|.*\|$", table):
        assert all(cell.strip() for cell in row.strip("|").split(" | ")), row
