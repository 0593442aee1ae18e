"""A search at the desk: names in every script, filters, pages, and a clear answer to what cannot be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from openline.base.errors import BusyError, OpenlineError, UsageError
from openline.base.time import DAY_US
from openline.node.searching import Searching
from openline.node.views import FoundView, Officer, Search
from tests.node.houses import OFFICER, MemoryNode, both, heard, played

Story = Callable[[MemoryNode, MemoryNode], Awaitable[None]]


def with_search(folder: Path, story: Story) -> None:
    """Play a story of two nodes, of which each has a search."""

    async def whole() -> None:
        houses = await both()
        for number, node in enumerate(houses):
            node.searching = Searching(folder / f"{number}.db", node.store, node.registry, node.journal)
        try:
            await story(*houses)
        finally:
            for node in houses:
                assert node.searching is not None
                node.searching.close()

    played(whole())


async def found(node: MemoryNode, text: str, **more: object) -> FoundView:
    assert node.searching is not None
    while node.searching.work():
        pass
    return await node.desk.search(OFFICER, Search(text=text, **more))  # type: ignore[arg-type] # by name


async def ids(node: MemoryNode, text: str, **more: object) -> list[str]:
    return [hit.id for hit in (await found(node, text, **more)).hits]


async def refusal(node: MemoryNode, text: str = "hello", **more: object) -> OpenlineError:
    with pytest.raises(OpenlineError) as caught:
        await found(node, text, **more)
    return caught.value


def test_three_spellings_of_a_name_find_one_another_on_both_sides(tmp_path: Path) -> None:
    async def story(alpha: MemoryNode, bravo: MemoryNode) -> None:
        await alpha.say("Shoigu did not answer", wait="received")
        await alpha.say("M. Choïgou n’a pas répondu", language="fr", wait="received")
        await bravo.say("Шойгу ответит завтра", language="ru", wait="received")
        for node in (alpha, bravo):
            for asked in ("Shoigu", "Choïgou", "Шойгу"):
                assert sorted(await ids(node, asked)) == ["alpha:0", "alpha:1", "bravo:0"], asked

    with_search(tmp_path, story)


def test_a_script_without_likeness_is_found_through_the_register(tmp_path: Path) -> None:
    async def story(alpha: MemoryNode, bravo: MemoryNode) -> None:
        await alpha.say("国防部长绍伊古发言", language="zh", wait="received")
        assert await ids(bravo, "Shoigu") == []
        shoigu = [{"text": text, "language": "en"} for text in ("Shoigu", "绍伊古")]
        await bravo.say(None, "name", id="person:shoigu", spellings=shoigu, wait="received")
        assert await ids(bravo, "Shoigu") == ["bravo:0", "alpha:0"]
        assert await ids(bravo, "Shoigu", similar=False, kind="message") == ["alpha:0"]
        (hit,) = (await found(alpha, "shoigu", kind="message")).hits
        assert (hit.excerpt, hit.similar) == ("国防部长绍伊古发言", False)

    with_search(tmp_path, story)


def test_every_filter_leaves_out_what_it_should(tmp_path: Path) -> None:
    async def story(alpha: MemoryNode, bravo: MemoryNode) -> None:
        await alpha.say("hello one", wait="received")
        await alpha.say("hello in exercise", mark="EXERCISE", wait="received")
        await bravo.say("hello from bravo", wait="received")
        await alpha.say("hello line", "service", wait="received")
        assert await ids(alpha, "hello") == ["alpha:2", "bravo:0", "alpha:1", "alpha:0"]
        assert await ids(alpha, "hello", kind="service") == ["alpha:2"]
        assert await ids(alpha, "hello", party="bravo") == ["bravo:0"]
        assert await ids(alpha, "hello", party="bravo.example", mark="EXERCISE") == []
        assert await ids(alpha, "hello", mark="EXERCISE") == ["alpha:1"]
        assert await ids(alpha, "hello", line=alpha.keeper.setup.line, mark="OPERATION", kind="message") == [
            "bravo:0",
            "alpha:0",
        ]

    with_search(tmp_path, story)


def test_a_period_is_a_moment_or_a_whole_day(tmp_path: Path) -> None:
    async def story(alpha: MemoryNode, _bravo: MemoryNode) -> None:
        await alpha.say("hello before", wait="recorded")
        first = alpha.clock.now()
        alpha.house.clock.jump(DAY_US)
        await alpha.say("hello after", wait="recorded")
        day, next_day = first.rfc3339()[:10], first.plus(DAY_US).rfc3339()[:10]
        assert await ids(alpha, "hello", since=day, until=day) == ["alpha:0"]
        assert await ids(alpha, "hello", since=next_day) == ["alpha:1"]
        assert await ids(alpha, "hello", until=first.plus(DAY_US // 2).rfc3339()) == ["alpha:0"]

    with_search(tmp_path, story)


def test_pages_hold_every_hit_once_and_at_most_fifty(tmp_path: Path) -> None:
    async def story(alpha: MemoryNode, _bravo: MemoryNode) -> None:
        await asyncio.gather(*(alpha.say(f"hello {number}", wait="recorded") for number in range(120)))
        seen: list[str] = []
        before: int | None = None
        sizes: list[int] = []
        while True:
            page = await found(alpha, "hello", before=before, count=1_000)
            sizes.append(len(page.hits))
            seen += [hit.id for hit in page.hits]
            before = page.next_before
            if before is None:
                break
        assert sizes == [50, 50, 20]
        assert seen == [f"alpha:{number}" for number in range(119, -1, -1)]

    with_search(tmp_path, story)


def test_who_searches_is_told_how_far_the_index_is_behind(tmp_path: Path) -> None:
    async def story(alpha: MemoryNode, _bravo: MemoryNode) -> None:
        await alpha.say("hello", wait="recorded")
        assert (await found(alpha, "hello")).behind == 0
        await alpha.say("hello", wait="recorded")
        view = await alpha.desk.search(OFFICER, Search(text="hello"))
        assert (len(view.hits), view.behind) == (1, 1)

    with_search(tmp_path, story)


def test_what_is_withdrawn_is_found_and_shown_as_withdrawn(tmp_path: Path) -> None:
    async def story(alpha: MemoryNode, _bravo: MemoryNode) -> None:
        await alpha.say("hello", wait="recorded")
        await alpha.say(None, "withdraw", entry="alpha:0", wait="recorded")
        (hit,) = (await found(alpha, "hello")).hits
        assert hit.standing == "cancelled"

    with_search(tmp_path, story)


def test_a_question_that_cannot_be_asked_has_a_sentence(tmp_path: Path) -> None:
    async def story(alpha: MemoryNode, _bravo: MemoryNode) -> None:
        for more, message_id in (
            ({"text": "***"}, "search-empty"),
            ({"text": "x" * 200_000}, "search-too-long"),
            ({"kind": "letter"}, "search-kind-unknown"),
            ({"party": "charlie"}, "search-party-unknown"),
            ({"line": "nowhere"}, "line-unknown"),
            ({"since": "yesterday"}, "search-time-wrong"),
            ({"until": "2022-13-45"}, "search-time-wrong"),
            ({"since": "2022-05-13T10:00:00"}, "search-time-wrong"),
        ):
            why = await refusal(alpha, **more)
            assert (type(why), why.message_id) == (UsageError, message_id)

    with_search(tmp_path, story)


@pytest.mark.parametrize("text", ['"', "hello AND", "hello*", "NEAR(hello", "hello -nothing", "tokens:hello", "'; --"])
def test_no_fault_of_the_index_s_language_ever_comes_out(tmp_path: Path, text: str) -> None:
    async def story(alpha: MemoryNode, _bravo: MemoryNode) -> None:
        await alpha.say("hello", wait="recorded")
        if text in ('"', "'; --"):
            assert (await refusal(alpha, text)).message_id == "search-empty"
        else:
            assert (await found(alpha, text)).hits == () or text == "hello*"

    with_search(tmp_path, story)


def test_a_role_that_may_not_read_may_not_search(tmp_path: Path) -> None:
    async def story(alpha: MemoryNode, _bravo: MemoryNode) -> None:
        with pytest.raises(UsageError) as caught:
            await alpha.desk.search(Officer("cleaner", frozenset({"service"})), Search(text="hello"))
        assert caught.value.message_id == "not-allowed"

    with_search(tmp_path, story)


def test_a_node_without_an_index_says_that_it_is_not_ready() -> None:
    async def story() -> None:
        alpha, _ = await both()
        await heard(alpha)
        with pytest.raises(BusyError):
            await alpha.desk.search(OFFICER, Search(text="hello"))

    played(story())


def test_a_hit_says_which_language_it_is_in_and_whose_words_are_the_authentic_ones(tmp_path: Path) -> None:
    async def story(alpha: MemoryNode, bravo: MemoryNode) -> None:
        del bravo
        said = await alpha.say("Шойгу ответит завтра", language="ru", wait="received")
        how = {"key": None, "mark": "OPERATION", "wait": "recorded"}
        values = {"entry": said.ids[0], "text": "Shoigu will answer tomorrow", "language": "en"}
        await alpha.desk.say(OFFICER, None, "translate", values, timeout_s=1.0, **how)  # type: ignore[arg-type] # by name
        translation, original = (await found(alpha, "Shoigu")).hits
        assert (translation.language, translation.translation_of, translation.authentic) == ("en", said.ids[0], "ru")
        assert (original.language, original.translation_of, original.authentic) == ("ru", None, "ru")

    with_search(tmp_path, story)
