"""The twenty questions as an officer asks them: by the command line, over HTTP, in both languages, of the real desk.

The desk remembers the chronology; each command must print the one sentence of tests/story/test_13_may.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import cast

import pytest
from click.testing import CliRunner

from openline.base.time import DAY_US, Instant
from openline.cli.main import openline
from openline.line.historyview import NamePage, OverviewView
from openline.node.remembering import Remembering
from openline.node.views import ContactPage, ContactsAsked, ContactView, Officer
from openline.record.ports import Arrived
from tests.cli.conftest import FakeNode
from tests.console.desk import FakeDesk
from tests.story.chronology import Chronology
from tests.story.test_13_may import QUESTIONS

Ask = Callable[..., str]


class StoryDesk(FakeDesk):
    """A desk whose memory is the chronology."""

    def __init__(self, story: Chronology) -> None:
        super().__init__()
        self._memory = Remembering.__new__(Remembering)
        logs = {origin: log for world in story.worlds.values() for origin, log in world.logs.items()}
        now = Instant(max(world.now for world in story.worlds.values()) + DAY_US)
        keepers = {line: SimpleNamespace(book=world.books["us"]) for line, world in story.worlds.items()}
        self._memory._shown = SimpleNamespace(  # type: ignore[assignment]  # as much of a node as the memory looks at
            lines={line: SimpleNamespace(keeper=keeper) for line, keeper in keepers.items()},
            clock=SimpleNamespace(now=lambda: now, exercise=False),
            store=SimpleNamespace(arrival=lambda origin, index: Arrived(1, logs[origin][index])),
        )

    def contacts(self, who: Officer, asked: ContactsAsked) -> Sequence[ContactView]:
        return self._memory.contacts(who, asked)

    def overview(self, who: Officer, asked: ContactsAsked) -> OverviewView:
        return self._memory.overview(who, asked)

    def contact(self, who: Officer, line: str | None, text: str) -> ContactPage:
        return self._memory.contact(who, line, text)

    def name(self, who: Officer, text: str, mark: str | None) -> NamePage:
        return self._memory.name(who, text, mark)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    node = FakeNode(tmp_path_factory.mktemp("story"))
    node.desk = StoryDesk(Chronology())
    node.open()

    def asked(command: str, *options: str) -> str:
        words = [*command.split()[1:], *options]
        result = CliRunner(env={"OPENLINE_DIR": str(node.folder), "LC_ALL": "C.UTF-8"}).invoke(openline, words)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    yield asked
    node.end()


@pytest.mark.parametrize("number", range(len(QUESTIONS)), ids=[row[0] for row in QUESTIONS])
def test_the_command_prints_the_answer_in_both_languages(ask: Ask, number: int) -> None:
    _, command, _, english, french = QUESTIONS[number]
    for language, sentence in (("en", english), ("fr", french)):
        said = [line.partition("\t")[2] for line in ask(command, "--lang", language).splitlines()]
        assert sentence in said, (command, language)


def test_the_api_gives_the_same_answers(ask: Ask) -> None:
    for _, command, _, english, _ in QUESTIONS:
        assert json.dumps(english, ensure_ascii=False)[1:-1] in json.dumps(
            json.loads(ask(command, "--json")), ensure_ascii=False
        )


@pytest.mark.parametrize("name", ["Choïgou", "Shoigu", "Шойгу", "M. Shoigu", "person:shoigu"])
def test_each_spelling_and_the_id_find_the_same_contacts_and_say_by_which_name(ask: Ask, name: str) -> None:
    words = ["contacts", "--person", name]
    found = json.loads(ask("openline", *words, "--json"))
    assert [row["began"]["text"] for row in found["contacts"]] == ["2022-10-21", "2022-05-13", "2022-02-18"]
    assert [row["found_by"][0] for row in found["contacts"]] == [
        {"stated": "Sergueï Choïgou", "ids": ["person:shoigu"]},
        {"stated": "Sergueï Choïgou", "ids": ["person:shoigu"]},
        {"stated": "Sergei K. Shoigu", "ids": ["person:shoigu"]},
    ]
    page = json.loads(ask("openline", "names", "show", name, "--json"))
    assert {row["text"] for row in cast("list[dict[str, str]]", page["names"][0]["spellings"])} >= {"Choïgou", "Шойгу"}
    assert len(page["contacts"]) == 3


def test_the_call_to_kyiv_of_that_day_stands_beside_the_one_to_moscow(ask: Ask) -> None:
    found = ask("openline contacts --since 2022-10-21")
    assert "Lloyd Austin took part in both, as stated." in found
    channels = [line.partition("\t")[2] for line in found.splitlines() if line.startswith("channel")]
    assert [channel.partition(":")[0] for channel in channels] == [
        "us-ru, minister, ru.example, us.example",
        "us-ua, minister, ua.example, us.example",
    ]
