"""Every dependency has its line in docs/adr: what it is for, and what we would do without it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/adr/0016-dependencies.md"


def _asked_for() -> dict[str, str]:
    """Every requirement we wrote ourselves, with the file it stands in."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = dict.fromkeys(project["project"]["dependencies"], "pyproject.toml")
    for extra, needs in project["project"].get("optional-dependencies", {}).items():
        asked.update(dict.fromkeys(needs, f"pyproject.toml [{extra}]"))
    for file in sorted((ROOT / "requirements").glob("*.in")):
        lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
        asked.update({line: file.name for line in lines if line and not line.startswith("-")})
    return {canonicalize_name(Requirement(need).name): file for need, file in asked.items()}


def _rows() -> dict[str, tuple[str, str]]:
    """The table rows of the page: what each package is for, and what we would do without it."""
    cells = re.findall(r"(?m)^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"))
    rows = [row for row in cells if row[0] != "package" and not row[0].startswith("---")]
    assert len({row[0] for row in rows}) == len(rows), "a package stands twice"
    return {canonicalize_name(package): (use, instead) for package, use, instead in rows}


def test_every_dependency_says_what_we_would_do_without_it() -> None:
    missing = [f"{name} ({file})" for name, file in sorted(_asked_for().items()) if name not in _rows()]
    assert not missing, f"{PAGE.name} has no row for {missing}: say what it is for and what we would do without it"


def test_no_row_outlives_its_dependency() -> None:
    gone = sorted(_rows().keys() - _asked_for().keys())
    assert not gone, f"{PAGE.name} tells of {gone}, which nothing asks for any more: take the rows off"


@pytest.mark.parametrize("name", sorted(_rows()))
def test_every_row_is_filled(name: str) -> None:
    use, instead = _rows()[name]
    assert use.strip()
    assert instead.strip()


def test_every_decision_is_listed_and_has_its_four_parts() -> None:
    folder = ROOT / "docs/adr"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = sorted(folder.glob("[0-9]*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    for page in pages:
        headings = re.findall(r"(?m)^## (.+)$", page.read_text(encoding="utf-8"))
        assert headings == ["Context", "Decision", "What it costs", "Without it"], page.name
        title = page.read_text(encoding="utf-8").splitlines()[0].removeprefix(f"# {page.name[:4]} ")
        assert f"| [{page.name[:4]}]({page.name}) | {title} |" in index, f"README.md of docs/adr must list: {title}"
