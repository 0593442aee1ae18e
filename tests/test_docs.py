"""The documents are tested: links resolve, commands exist, generated parts are fresh, spec ends in vectors.

A command in a fenced `console` block is parsed by openline's own command line, so a document cannot show an
option that is not there. Nothing is run here: the commands of the tables in both README run in the scenario.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from enum import Enum
from importlib import import_module
from itertools import groupby
from pathlib import Path

import click
import pytest

from openline.cli.scenario_answers import ANSWERS
from scripts.docs import main as check_docs
from scripts.docs import renewed, stale_pages
from scripts.screenshots import BYTES_MAX as PICTURE_BYTES_MAX
from scripts.screenshots import FOLDER as PICTURES_FOLDER
from scripts.screenshots import PICTURES
from tests.story.seeds import check_quotation

ROOT = Path(__file__).resolve().parent.parent
COMMAND_LINE = ROOT / "src/openline/cli/main.py"

PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "changes/*.md", "requirements/*.md", "tests/**/*.md")
    for path in ROOT.glob(pattern)
)
SPEC_PAGES = [page for page in PAGES if page.parent == ROOT / "docs/spec" and page.name != "README.md"]

_FENCE = re.compile(r"(?ms)^ *(?P<fence>```+|~~~+)(?P<language>\w*)[^\n]*\n(?P<body>.*?)^ *(?P=fence) *$")


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


# Links


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_relative_link_resolves(page: Path) -> None:
    broken = [link for link in _links(page) if not _resolves(page, link)]
    assert not broken, f"{_name(page)} links to what does not exist: {broken}"


def _links(page: Path) -> Iterator[str]:
    prose = re.sub(r"`[^`\n]*`", "", _prose(page))
    targets = re.findall(r"\]\(([^()\s]+(?:\([^()\s]*\))?)(?:\s+\"[^\"]*\")?\)", prose)
    targets += re.findall(r"(?m)^\[[^\]]+\]:\s+(\S+)", prose)
    yield from (target for target in targets if not re.match(r"[a-z][a-z0-9+.-]*:", target))


def _resolves(page: Path, link: str) -> bool:
    place, _, heading = link.partition("#")
    target = page.parent / place if place else page
    if not target.exists():
        return False
    return not heading or target.suffix != ".md" or heading in _anchors(target)


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"(?m)^#{1,6}\s+(.+?)\s*#*$", _prose(page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# Commands


def test_every_command_shown_exists() -> None:
    shown = [(page, words) for page in PAGES for words in _openline_commands(page)]
    if not COMMAND_LINE.exists():
        pytest.skip("there is no command line yet")
    wrong = [
        f"{_name(page)} shows `openline {shlex.join(words)}`: {problem}"
        for page, words in shown
        if (problem := _problem(_command_line(), words))
    ]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("words", [["nonsense"], ["--nonsense"], ["status", "--nonsense"]])
def test_a_command_that_does_not_exist_is_noticed(words: list[str]) -> None:
    if not COMMAND_LINE.exists():
        pytest.skip("there is no command line yet")
    assert _problem(_command_line(), words)


def _command_line() -> click.Group:
    module = import_module("openline.cli.main")
    groups = [value for value in vars(module).values() if isinstance(value, click.Group)]
    named = [group for group in groups if group.name in {"openline", "main", "cli"}]
    assert len(named) == 1, "openline.cli.main must hold one click group that is the command line"
    return named[0]


def _problem(command: click.Command, words: list[str]) -> str:
    """What the command line has against these words; empty when they can be typed."""
    context = click.Context(command, info_name=command.name)
    try:
        values, rest, _ = command.make_parser(context).parse_args(list(words))
        _check_values(command, context, values)
    except click.UsageError as error:
        return error.format_message()
    if not isinstance(command, click.Group):
        return f"what is {shlex.join(rest)}?" if rest else ""
    if not rest:
        return ""
    inner = command.get_command(context, rest[0])
    return _problem(inner, rest[1:]) if inner else f"there is no command {rest[0]}"


def _check_values(command: click.Command, context: click.Context, values: Mapping[str, object]) -> None:
    """Raises UsageError for a choice that is none and, unless help is asked for, an argument left out."""
    for parameter in command.get_params(context):
        value = values.get(parameter.name or "")
        if isinstance(value, str) and isinstance(parameter.type, click.Choice):
            parameter.type.convert(value, parameter, context)
        given = isinstance(value, str | tuple) and value != ()
        if isinstance(parameter, click.Argument) and parameter.required and not given and "help" not in values:
            raise click.MissingParameter(ctx=context, param=parameter)


def _openline_commands(page: Path) -> Iterator[list[str]]:
    """The words after `openline`, for every command in the console blocks of a page."""
    return (words[1:] for words in _console_commands(page) if Path(words[0]).name == "openline")


def _console_commands(page: Path) -> Iterator[list[str]]:
    for block in _FENCE.finditer(page.read_text(encoding="utf-8")):
        if block["language"] == "console":
            typed = re.findall(r"(?m)^[$#] ((?:.*\\\n)*.*)$", block["body"])
            for line in typed:
                yield from _simple_commands(line.replace("\\\n", " "))


def _simple_commands(line: str) -> Iterator[list[str]]:
    """The commands a shell would start for this line, without redirections, variables and sudo."""
    tokens = shlex.shlex(re.sub(r"\s\d?[<>]+&?\s*\S+", "", line), posix=True, punctuation_chars=True)
    tokens.whitespace_split = True
    for is_separator, words in groupby(tokens, key=lambda token: not token.strip("();<>|&")):
        command = [] if is_separator else _without_prefix(list(words))
        if command:
            yield command


def _without_prefix(words: list[str]) -> list[str]:
    while words and (words[0] in {"sudo", "time", "exec", "env", "$"} or re.match(r"\w+=", words[0])):
        words = words[3:] if words[:2] == ["sudo", "-u"] else words[1:]
    return words


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        ("openline status --watch", [["openline", "status", "--watch"]]),
        ("cd openline && make demo", [["cd", "openline"], ["make", "demo"]]),
        (
            "OPENLINE_DIR=a sudo -u openline openline status 2>/dev/null | head",
            [["openline", "status"], ["head"]],
        ),
        ('id=$(openline send oslo "it\'s") # a note', [["openline", "send", "oslo", "it's"]]),
    ],
)
def test_a_console_line_is_read_as_a_shell_would(line: str, commands: list[list[str]]) -> None:
    assert list(_simple_commands(line)) == commands


def test_every_make_target_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)^([a-z][a-z-]*):", makefile))
    named = {(_name(page), target) for page in PAGES for target in _make_targets(page)}
    assert not (wrong := sorted(pair for pair in named if pair[1] not in targets)), wrong


def _make_targets(page: Path) -> Iterator[str]:
    yield from re.findall(r"`make ([a-z][a-z-]*)", _prose(page))
    for command in _console_commands(page):
        if command[0] == "make":
            yield from (word for word in command[1:] if re.fullmatch(r"[a-z][a-z-]*", word))


# What the press told: every command of these tables is run by tests/story/test_scenario.py


TABLES = {name: ROOT / name for name in ("README.md", "README.fr.md")}


def _told(page: Path) -> list[tuple[str, str, list[str]]]:
    """The rows of the table: what the press told, the command, and what it prints."""
    rows = re.findall(r"(?m)^\| ([^|\n]+) \| [^|\n]+ \| `(openline [^`]+)`\s*:((?: ?`[^`]+`)+) \|$", _prose(page))
    return [(press, command, re.findall(r"`([^`]+)`", texts)) for press, command, texts in rows]


@pytest.mark.parametrize("page", TABLES.values(), ids=_name)
def test_every_command_of_the_table_prints_in_the_scenario_what_the_table_says(page: Path) -> None:
    rows = _told(page)
    assert len(rows) == len(re.findall(r"(?m)^\|.*`openline ", _prose(page))) > 10, "a row is not of the form"
    for _, command, texts in rows:
        assert set(texts) <= set(ANSWERS[command]), command


def test_both_languages_show_the_same_commands_and_no_answer_is_left_out() -> None:
    english, french = (_told(page) for page in TABLES.values())
    plain = [command.removesuffix(" --lang fr") for _, command, _ in french]
    assert [command for _, command, _ in english] == plain
    assert {command for _, command, _ in (*english, *french)} == set(ANSWERS)


def _quotations() -> list[tuple[str, str]]:
    """Each quotation of a README with the source that follows it, where one part is left out in two parts."""
    pattern = r"«\s([^»]+)\s»(?:(?:\s«[^»]+»)*\s\((S\d ¶\d+)\))"
    found = []
    for page in TABLES.values():
        head = re.sub(r"\n> ", " ", _prose(page))
        for words, source in re.findall(pattern, re.sub(r"`[^`\n]*`", "", head)):
            found += [(part, source) for part in words.split(" […] ")]
    return found


@pytest.mark.parametrize(("words", "source"), _quotations())
def test_every_quotation_of_the_press_stands_in_its_paragraph(words: str, source: str) -> None:
    check_quotation(words, source)


@pytest.mark.parametrize("page", TABLES.values(), ids=_name)
def test_the_readme_opens_with_a_quotation(page: Path) -> None:
    assert re.match(r"# openline\n\n> «.+?» \(S\d ¶\d+\)", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize(("name", "language"), [("a-duty-officers-day", "en"), ("a-duty-officers-day.fr", "fr")])
def test_what_is_pressed_in_a_duty_officers_day_is_a_label_of_the_console(name: str, language: str) -> None:
    page = (ROOT / f"docs/using/{name}.md").read_text(encoding="utf-8")
    catalogue = (ROOT / f"src/openline/base/locale/{language}/console.ftl").read_text(encoding="utf-8")
    labels = set(re.findall(r"(?m)^label-[\w-]+ = (.+?)(?:\s*: .*)?$", catalogue))
    pressed = set(re.findall(r"\*\*([^*]+)\*\*", page))
    assert len(pressed) > 5
    assert not pressed - labels


def test_a_duty_officers_day_has_the_same_commands_in_both_languages() -> None:
    days = [ROOT / f"docs/using/{name}.md" for name in ("a-duty-officers-day", "a-duty-officers-day.fr")]
    english, french = ([words[:2] for words in _openline_commands(day)] for day in days)
    assert english == french


# The specification and the generated parts


@pytest.mark.parametrize("page", SPEC_PAGES, ids=_name)
def test_every_spec_page_ends_in_its_vectors(page: Path) -> None:
    headings = re.split(r"(?m)^## +(.+)$", _prose(page))
    assert headings[-2:-1] == ["Vectors"], f"{_name(page)} must end in a section `## Vectors`"
    assert _vectors(headings[-1]), f"{_name(page)} must name at least one file of tests/vectors in its last section"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_vector_named_exists(page: Path) -> None:
    missing = [name for name in _vectors(page.read_text(encoding="utf-8")) if not (ROOT / name).is_file()]
    assert not missing, f"{_name(page)} names vectors that do not exist: {missing}"


def _vectors(text: str) -> list[str]:
    return re.findall(r"tests/vectors/[\w./-]+\.\w+", text)


def test_generated_parts_are_fresh() -> None:
    stale = [_name(page) for page in stale_pages()]
    assert not stale, f"{stale} show what the code no longer says: run `make docs`"


class _Lamp(Enum):
    OFF = 0
    ON = 1


LAMP = {(_Lamp.OFF, _Lamp.ON): _Lamp.ON}


def lamp() -> str:
    return "A lamp."


def test_a_generated_part_says_what_its_source_says() -> None:
    drawn = renewed(f"<!-- drawn from {__name__}:LAMP starting at OFF -->\nold\n<!-- end -->\nkept")
    assert "OFF --> ON: ON" in drawn
    assert "old" not in drawn
    assert drawn.endswith("<!-- end -->\nkept")
    assert renewed(drawn) == drawn
    written = f"<!-- written by {__name__}:lamp -->\nA lamp.\n<!-- end -->"
    assert renewed(written.replace("A lamp.", "old")) == written


def test_an_operating_procedure_that_is_not_what_the_tables_say_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_docs(["--check"]) == 0
    monkeypatch.setattr("openline.node.sop.HANDOVER_ITEMS_MAX", 7)
    stale = {_name(page) for page in stale_pages()}
    assert stale == {"docs/using/sop.md", "docs/using/sop.fr.md"}
    assert check_docs(["--check"]) == 1


# Pictures


def test_every_picture_is_taken_by_the_command_and_shown() -> None:
    taken = {f"{name}.png" for name in PICTURES}
    kept = {file.name for file in PICTURES_FOLDER.iterdir()}
    assert kept == taken, "run `make screenshots`"
    shown = {Path(link).name for page in PAGES for link in _links(page) if "pictures/" in link}
    assert shown == taken, "every picture is shown somewhere, and every one that is shown is taken"


def test_pictures_are_small() -> None:
    large = {file.name: size for file in PICTURES_FOLDER.iterdir() if (size := file.stat().st_size) > PICTURE_BYTES_MAX}
    assert not large, "run `make screenshots`, which makes them small"


# News


def test_every_news_fragment_has_a_known_kind() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    kinds = {kind["directory"] for kind in project["tool"]["towncrier"]["type"]}
    for fragment in (ROOT / "changes").glob("*.md"):
        kind = fragment.stem.partition(".")[2].partition(".")[0]
        assert kind in kinds, f"{_name(fragment)} must be called <issue>.<kind>.md, with a kind of {sorted(kinds)}"
        assert fragment.read_text(encoding="utf-8").strip(), f"{_name(fragment)} is empty: say what is new"


def test_there_is_news() -> None:
    released = "\n## " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert released or list((ROOT / "changes").glob("*.md")), "say in changes/ what is new: see CONTRIBUTING.md"
