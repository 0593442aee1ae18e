"""The search index: newest first, gone from the file when removed, and renewed when it is spoiled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.base.errors import StoreError
from openline.base.time import DAY_US
from openline.store import search
from openline.store.search import Filed, SearchIndex, Wanted, expression

DAY_MS = DAY_US // 1000
MADE_BY = "1/test"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "search.db"


@pytest.fixture
def index(path: Path) -> Iterator[SearchIndex]:
    opened = SearchIndex(path, MADE_BY)
    yield opened
    opened.close()


def filed(seq: int, *tokens: str, marks: tuple[str, ...] = (), time_ms: int = 0) -> Filed:
    return Filed(seq, time_ms, marks, frozenset(tokens))


def fill(index: SearchIndex, *rows: Filed) -> None:
    index.add(rows, rows[-1].seq, rows[-1].seq.to_bytes(32, "big"))


def asked(*words: str, **more: object) -> Wanted:
    return Wanted(tuple(((word,),) for word in words), **more)  # type: ignore[arg-type] # by name


def test_entries_are_found_newest_first_page_by_page(index: SearchIndex) -> None:
    fill(index, *(filed(seq, "fconvoy", f"f{seq}") for seq in range(1, 8)))
    assert index.find(asked("fconvoy"), 3) == [7, 6, 5]
    assert index.find(asked("fconvoy", before=5), 3) == [4, 3, 2]
    assert index.find(asked("fconvoy", before=2), 3) == [1]
    assert index.find(asked("fother"), 3) == []


def test_all_words_must_stand_and_one_of_each_choice(index: SearchIndex) -> None:
    fill(index, filed(1, "fa", "fb"), filed(2, "fa"), filed(3, "fa", "fc", "fd"))
    assert index.find(asked("fa", "fb"), 9) == [1]
    assert index.find(Wanted(((("fa",),), (("fb",), ("fc", "fd"), ("fc", "fx")))), 9) == [3, 1]


def test_marks_are_filters(index: SearchIndex) -> None:
    fill(index, filed(1, "fa", marks=("zk1", "zm0")), filed(2, "fa", marks=("zk1", "zm1")))
    assert index.find(asked("fa", marks=("zk1",)), 9) == [2, 1]
    assert index.find(asked("fa", marks=("zk1", "zm0")), 9) == [1]


def test_a_period_is_by_author_time_whatever_the_order_of_arrival(index: SearchIndex) -> None:
    times = (5 * DAY_MS, 2 * DAY_MS + 7, 2 * DAY_MS + 6, 9 * DAY_MS)
    fill(index, *(filed(seq, "fa", time_ms=time) for seq, time in enumerate(times, 1)))
    assert index.find(asked("fa", since_ms=2 * DAY_MS + 7, until_ms=5 * DAY_MS), 9) == [2]
    assert index.find(asked("fa", since_ms=2 * DAY_MS + 7), 9) == [4, 2, 1]
    assert index.find(asked("fa", until_ms=5 * DAY_MS + 1), 9) == [3, 2, 1]
    assert index.find(asked("fa", since_ms=3 * DAY_MS, until_ms=4 * DAY_MS), 9) == []
    assert index.find(asked("fa", since_ms=2 * DAY_MS, before=3), 1) == [2]


def test_it_goes_on_from_the_last_entry_it_holds(path: Path, index: SearchIndex) -> None:
    assert index.held() == (0, b"")
    fill(index, filed(1, "fa"), filed(2, "fa"))
    index.add([], 5, b"h" * 32)
    index.close()
    again = SearchIndex(path, MADE_BY)
    assert again.held() == (5, b"h" * 32)
    assert again.find(asked("fa"), 9) == [2, 1]
    again.close()


def test_a_batch_that_fails_leaves_nothing(index: SearchIndex) -> None:
    fill(index, filed(1, "fa"))
    with pytest.raises(StoreError):
        fill(index, filed(2, "fb"), filed(1, "fb"))
    assert index.held()[0] == 1
    assert index.find(asked("fb"), 9) == []


def _bytes(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


@pytest.mark.parametrize("others", [0, 1, 300])
def test_what_is_removed_is_gone_from_the_file(path: Path, index: SearchIndex, others: int) -> None:
    fill(index, filed(1, "fsecretword", "fcommon"))
    for seq in range(2, 2 + others):
        fill(index, filed(seq, f"fother{seq}", "fcommon"))
    assert b"secretword" in _bytes(path)
    index.remove([1])
    assert index.find(asked("fsecretword"), 9) == []
    assert len(index.find(asked("fcommon"), 500)) == others
    assert b"secretword" not in _bytes(path)
    assert index.held()[0] == others + 1, "what is removed is not looked at again"


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"SQLite format 3\x00" + bytes(4_080)])
def test_what_is_no_index_is_replaced_by_an_empty_one(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.with_name("search.db-wal").write_bytes(b"old")
    index = SearchIndex(path, MADE_BY)
    assert index.held() == (0, b"")
    index.close()


def test_an_index_that_another_program_made_is_replaced(path: Path, index: SearchIndex) -> None:
    fill(index, filed(1, "fa"))
    index.close()
    again = SearchIndex(path, "2/test")
    assert again.held() == (0, b"")
    assert again.find(asked("fa"), 9) == []
    again.close()


def test_whatever_page_is_spoiled_it_is_a_store_error_or_noticed_at_once_and_can_be_renewed(
    path: Path, index: SearchIndex
) -> None:
    fill(index, *(filed(seq, "fa", f"f{seq}") for seq in range(1, 500)))
    index.close()
    whole = path.read_bytes()
    noticed = 0
    for page in range(0, len(whole), 4_096):
        path.write_bytes(whole[:page] + b"\xff" * 64 + whole[page + 64 :])
        spoiled = SearchIndex(path, MADE_BY)
        try:
            spoiled.find(asked("fa"), 9)
            fill(spoiled, filed(501, "fa"))
        except StoreError:
            noticed += 1
            spoiled.renew()
            fill(spoiled, filed(501, "fa"))
        assert 501 in spoiled.find(asked("fa"), 9)
        spoiled.close()
    assert noticed


def test_the_search_leaves_the_disk_to_the_record(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SEARCH_FREE_BYTES_MIN", 2**62)
    with pytest.raises(StoreError) as caught:
        fill(index, filed(1, "fa"))
    assert caught.value.message_id == "store-disk-full"


def test_no_token_can_be_a_word_of_the_index_s_language() -> None:
    assert expression([[["fa", "fb"], ["fc"]], [["zk1"]]]) == '(("fa" AND "fb") OR ("fc")) AND (("zk1"))'
    with pytest.raises(AssertionError):
        expression([[['fa" OR "fb']]])
