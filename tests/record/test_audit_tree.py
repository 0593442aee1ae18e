"""A log computed again: whatever was done to entries or tiles, the entry is named, and nobody else is blamed."""

from __future__ import annotations

import pytest

from openline.record.tiles import write_bundles
from openline.record.verdict import Severity, State
from tests.record.lines import bundle_of, files_of, judge, packed, said, talk
from tests.record.samples import flips
from tests.record.tampering import Files, folder, leaves_of, with_about, with_leaves

ALPHA, BRAVO = folder(0), folder(1)
ENTRIES, TILE = "tile/entries/000.p/4", "tile/0/000.p/4"


@pytest.fixture(scope="module")
def small() -> Files:
    return files_of(bundle_of(talk((1, 2, 1)).alpha))


@pytest.fixture(scope="module")
def large() -> Files:
    return files_of(bundle_of(talk((1, 200, 150, 200)).alpha))


def changed(data: bytes, place: int) -> bytes:
    return data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]


def test_every_flipped_byte_of_the_entries_names_the_entry_it_belongs_to(small: Files) -> None:
    sizes = [2 + len(leaf) for leaf in leaves_of(small, 1)]
    for place, data in flips(small[BRAVO + ENTRIES]):
        index = next(index for index in range(4) if place < sum(sizes[: index + 1]))
        verdict = judge(packed({**small, BRAVO + ENTRIES: data}))
        assert said(verdict) == [f"bravo:{index} audit-entry-changed"], f"byte {place}"


def test_every_flipped_byte_of_a_tile_blames_the_tile(small: Files) -> None:
    for place, data in flips(small[ALPHA + TILE]):
        verdict = judge(packed({**small, ALPHA + TILE: data}))
        assert [(finding.message_id, finding.facts["name"]) for finding in verdict.findings] == [
            ("audit-file-wrong", ALPHA + TILE)
        ], f"byte {place}"


def test_one_byte_of_a_long_log_names_one_entry(large: Files) -> None:
    name = ALPHA + "tile/entries/001"
    verdict = judge(packed({**large, name: changed(large[name], 5000)}))
    (finding,) = verdict.findings
    assert (finding.message_id, finding.index) == ("audit-entry-changed", finding.last)
    assert 256 <= (finding.index or 0) < 512


def test_a_changed_upper_tile_is_noticed(large: Files) -> None:
    name = BRAVO + "tile/1/000.p/2"
    verdict = judge(packed({**large, name: changed(large[name], 40)}))
    assert [finding.facts["name"] for finding in verdict.findings] == [name]
    assert verdict.state is State.FALSE


def test_who_repairs_the_tiles_is_caught_by_the_checkpoint_that_covers_the_entry(small: Files) -> None:
    leaves = leaves_of(small, 0)
    leaves[2] = changed(leaves[2], 20)
    verdict = judge(packed(with_leaves(small, 0, leaves)))
    # Entries 1 and 2 were signed together: more nobody can say.
    (finding,) = [one for one in verdict.findings if one.message_id == "audit-entries-changed"]
    assert (finding.facts["entry"], finding.facts["last"]) == ("alpha:1", "alpha:2")


@pytest.mark.parametrize("tiles", [True, False])
def test_dropped_inserted_and_reordered_entries_are_found(small: Files, tiles: bool) -> None:
    leaves = leaves_of(small, 0)
    for wrong in (leaves[:1] + leaves[2:], [*leaves[:1], leaves[3], *leaves[1:]], [*leaves[:2], leaves[3], leaves[2]]):
        verdict = judge(packed(with_leaves(small, 0, wrong, tiles)))
        assert verdict.state is not State.VERIFIED
        blamed = [finding.index for finding in verdict.of(Severity.FALSE) if finding.index is not None]
        assert blamed == [] or min(blamed) <= 2


def test_an_entry_dropped_from_the_end_is_missing(small: Files) -> None:
    cut = with_about(with_leaves(small, 1, leaves_of(small, 1)[:3]), sizes=(4, 3))
    assert judge(packed(cut)).state is State.FALSE  # The newest checkpoint speaks of four.


def test_what_is_missing_is_not_called_false(small: Files) -> None:
    for gone in (ALPHA + ENTRIES, ALPHA + TILE):
        verdict = judge(packed({name: data for name, data in small.items() if name != gone}))
        assert verdict.state is State.INCOMPLETE
        assert gone in {finding.facts.get("name") for finding in verdict.findings}
        assert verdict.logs[0].entries == 4


def test_entries_that_stand_nowhere_are_missing_and_the_rest_is_still_read(large: Files) -> None:
    gone = (ALPHA + "tile/entries/001", ALPHA + "tile/0/001")
    verdict = judge(packed({name: data for name, data in large.items() if name not in gone}))
    assert verdict.state is State.INCOMPLETE
    assert "alpha:256 audit-entries-missing" in said(verdict)
    assert [log.entries for log in verdict.logs] == [256, 551]


def test_entries_without_tiles_of_the_same_pack_are_taken_together(large: Files) -> None:
    gone = (ALPHA + "tile/entries/001", ALPHA + "tile/0/000")
    verdict = judge(packed({name: data for name, data in large.items() if name not in gone}))
    assert verdict.state is State.INCOMPLETE
    assert "alpha:256 audit-entries-missing" in said(verdict)
    assert verdict.logs[0].entries == 551


def test_more_than_the_entries_is_found(small: Files) -> None:
    for more in (b"\0", b"\0\0", b"\0\1x"):
        verdict = judge(packed({**small, ALPHA + ENTRIES: small[ALPHA + ENTRIES] + more}))
        assert [(finding.message_id, finding.facts["name"]) for finding in verdict.findings] == [
            ("audit-file-wrong", ALPHA + ENTRIES)
        ]


def test_a_cut_file_names_the_first_entry_it_lacks(small: Files) -> None:
    leaves = leaves_of(small, 0)
    data = b"".join(data for _, data in write_bundles(leaves[:2])) + b"\0"
    assert said(judge(packed({**small, ALPHA + ENTRIES: data}))) == ["alpha:2 audit-entry-changed"]


def test_a_size_nobody_can_have_is_not_believed(small: Files) -> None:
    verdict = judge(packed(with_about(small, sizes=(2**62, 4))))
    assert verdict.state is State.FALSE
    assert verdict.logs[0].entries == 0


def test_tiles_of_another_length_are_wrong(small: Files) -> None:
    for data in (b"", small[ALPHA + TILE][:-1], small[ALPHA + TILE] + bytes(32)):
        verdict = judge(packed({**small, ALPHA + TILE: data}))
        assert [finding.facts.get("name") for finding in verdict.of(Severity.FALSE)] == [ALPHA + TILE]
