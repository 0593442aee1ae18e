"""The verdict on a dispute pack: what holds is proven, and whatever is done to it is found and named."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.base.time import Instant
from openline.record import packparts, parts
from openline.record.entry import Draft
from openline.record.packaudit import audit_pack, is_pack
from openline.record.packparts import Role, Stretch
from openline.record.verdict import Severity, State
from tests.record.lines import ALPHA_LOG, BRAVO_LOG, LINE, ROOTS, Line, after, bundle_of, draft, files_of, packed, talk
from tests.record.packs import judge, pack_of, said

FOLDER = "logs/alpha.example/"


@cache
def line() -> Line:
    """Both sides speak in turns; alpha's log is sealed."""
    found = talk((3, 4, 5))
    found.seal(0, 2_000)
    return found


@cache
def period() -> dict[str, bytes]:
    """The files of a pack of the second turn."""
    return files_of(pack_of(line().alpha, since=after(100), until=after(200)))


def contents() -> packparts.Contents:
    return packparts.read_contents(period()[packparts.CONTENTS])


def with_contents(files: dict[str, bytes], **changes: object) -> dict[str, bytes]:
    told = packparts.read_contents(files[packparts.CONTENTS])
    return {**files, packparts.CONTENTS: packparts.write_contents(msgspec.structs.replace(told, **changes))}


def test_a_period_of_both_logs_is_proven_without_a_gap() -> None:
    verdict = judge(packed(period()))
    assert (verdict.state, said(verdict)) == (State.VERIFIED, [])
    assert [(log.entries, log.size, log.complete, log.receipted) for log in verdict.logs] == [
        (6, 12, True, {"bravo.example": 12}),
        (6, 12, True, {"alpha.example": 12}),
    ]
    assert [log.sealed for log in verdict.logs] == [12, 0]
    texts = [entry.text for entry in verdict.entries if entry.member == 0]
    assert texts == [None, *(f"alpha.example says 1.{n}" for n in range(4)), None]


def test_each_entry_has_the_times_that_receipts_prove() -> None:
    verdict = judge(packed(period()))
    own = [entry for entry in verdict.entries if entry.member == 0 and entry.role is Role.SUBJECT]
    assert {entry.times.claimed for entry in own} == {after(120)}
    assert all(entry.times.not_after is not None and entry.times.not_after < after(122) for entry in own)
    assert all(entry.times.not_before is not None and entry.times.not_before <= after(120) for entry in own)


def test_both_sides_packs_hold() -> None:
    for side in line().sides:
        assert judge(pack_of(side, since=after(100), until=after(200))).state is State.VERIFIED


def test_without_roots_it_is_incomplete_and_with_a_false_one_false() -> None:
    assert judge(packed(period()), None).state is State.INCOMPLETE
    wrong = {**ROOTS, "alpha.example": ROOTS["bravo.example"]}
    assert judge(packed(period()), wrong).state is State.FALSE


def test_a_pack_is_told_from_a_bundle() -> None:
    assert is_pack(io.BytesIO(packed(period())))
    assert not is_pack(io.BytesIO(bundle_of(line().alpha)))
    assert not is_pack(io.BytesIO(b"nothing of the kind"))


# One byte


@pytest.mark.parametrize("name", sorted(period()))
def test_one_byte_of_any_file_is_found(name: str) -> None:
    for at in {0, len(period()[name]) // 2, len(period()[name]) - 1}:
        data = bytearray(period()[name])
        data[at] ^= 1
        try:
            verdict = judge(packed({**period(), name: bytes(data)}))
        except PeerError:
            continue
        if name not in (parts.README, packparts.CONTENTS):  # The page is compared by who can read bodies.
            assert verdict.state is not State.VERIFIED, (name, at)


@pytest.mark.parametrize("place", range(1, 5))
def test_a_changed_entry_is_named(place: int) -> None:
    name = FOLDER + "entries/000"
    leaves, _ = parts.read_leaves(period()[name], 6)
    leaves[place] = leaves[place].replace(b"watch", b"witch")
    verdict = judge(packed({**period(), name: parts.write_leaves(leaves)}))
    assert said(verdict, Severity.FALSE)[0] == f"alpha:{place + 2} audit-entry-changed"


@pytest.mark.parametrize("place", range(1, 5))
def test_a_swapped_body_is_named(place: int) -> None:
    name = FOLDER + "bodies/000"
    bodies, _ = parts.read_bodies(period()[name], 6)
    items = [(b"", None) if body is None else body for body in bodies]
    other = 1 if place == 4 else place + 1
    items[place], items[other] = items[other], items[place]
    verdict = judge(packed({**period(), name: parts.write_bodies(items)}))
    assert said(verdict) == [f"alpha:{one + 2} audit-body-changed" for one in sorted((place, other))]


# Dropped, inserted, reordered


def without(place: int, keep_stretch: bool) -> dict[str, bytes]:
    """An entry of alpha's is dropped; the table of contents is made to fit, or left."""
    files = dict(period())
    leaves, _ = parts.read_leaves(files[FOLDER + "entries/000"], 6)
    bodies, _ = parts.read_bodies(files[FOLDER + "bodies/000"], 6)
    hashes = files[FOLDER + "hashes/000"]
    files[FOLDER + "entries/000"] = parts.write_leaves(leaves[:place] + leaves[place + 1 :])
    files[FOLDER + "hashes/000"] = hashes[: 32 * place] + hashes[32 * (place + 1) :]
    kept = [(b"", None) if body is None else body for body in bodies[:place] + bodies[place + 1 :]]
    files[FOLDER + "bodies/000"] = parts.write_bodies(kept)
    if keep_stretch:
        return files
    rows = [
        Stretch(2, 3, Role.NEIGHBOUR),
        Stretch(3, 2 + place, Role.SUBJECT),
        Stretch(3 + place, 7, Role.SUBJECT),
        Stretch(7, 8, Role.NEIGHBOUR),
    ]
    told = packparts.read_contents(files[packparts.CONTENTS])
    return with_contents(files, stretches=(tuple(row for row in rows if row.start < row.stop), told.stretches[1]))


@pytest.mark.parametrize("place", range(1, 5))
def test_an_entry_dropped_from_a_period_is_found(place: int) -> None:
    assert judge(packed(without(place, keep_stretch=True))).state is State.FALSE
    hidden = judge(packed(without(place, keep_stretch=False)))
    assert hidden.state is State.FALSE
    assert "alpha audit-pack-unproven" in said(hidden)


def test_an_entry_dropped_with_a_right_proof_leaves_a_gap() -> None:
    """Whoever has the record can prove a choice with a hole in it; then the period is not complete."""
    files = files_of(pack_of(line().alpha, about=((ALPHA_LOG, 3), (ALPHA_LOG, 4), (ALPHA_LOG, 6), (BRAVO_LOG, 4))))
    edges = (packparts.Edge(3, 7), packparts.Edge(4, 5))
    scope = {"since_ms": after(100).ms, "until_ms": after(200).ms, "edges": edges, "about": ()}
    verdict = judge(packed(with_contents(files, **scope)))
    assert (verdict.state, verdict.logs[0].complete) == (State.INCOMPLETE, False)
    assert "alpha:2 audit-pack-gap" in said(verdict)


def test_an_inserted_or_reordered_entry_is_found() -> None:
    name = FOLDER + "entries/000"
    leaves, _ = parts.read_leaves(period()[name], 6)
    inserted = {**period(), name: parts.write_leaves([*leaves[:2], leaves[4], *leaves[2:]])}
    assert judge(packed(inserted)).state is State.FALSE
    swapped = [leaves[0], leaves[2], leaves[1], *leaves[3:]]
    verdict = judge(packed({**period(), name: parts.write_leaves(swapped)}))
    assert said(verdict, Severity.FALSE) == ["alpha:3 audit-entry-changed", "alpha:3 audit-body-changed"][:1]
    hashes = b"".join(period()[FOLDER + "hashes/000"][32 * n : 32 * n + 32] for n in (0, 2, 1, 3, 4, 5))
    both = {**period(), name: parts.write_leaves(swapped), FOLDER + "hashes/000": hashes}
    assert said(judge(packed(both)), Severity.FALSE) == ["alpha audit-pack-unproven"] + [
        f"alpha:{n} audit-body-changed" for n in (3, 4)
    ]


def test_a_period_that_is_stated_wider_than_it_is_is_incomplete() -> None:
    wider = with_contents(period(), since_ms=after(-1).ms, until_ms=after(1_000).ms)
    assert judge(packed(wider)).state is State.INCOMPLETE
    assert "alpha:2 audit-pack-neighbour-inside" in said(judge(packed(wider)))


def test_the_end_of_a_log_is_told_as_open_when_the_period_goes_on() -> None:
    verdict = judge(pack_of(line().alpha, since=after(100), until=after(100_000)))
    assert verdict.state is State.VERIFIED
    assert said(verdict) == ["alpha audit-pack-open-end", "bravo audit-pack-open-end"]


# Redaction, refs


def test_a_redacted_body_is_withheld_and_its_header_proven() -> None:
    redacted = frozenset({(ALPHA_LOG, 4)})
    pack = pack_of(line().alpha, since=after(100), until=after(200), redact=redacted, reason="a source")
    verdict = judge(pack)
    assert (verdict.state, said(verdict)) == (State.VERIFIED, ["alpha:4 audit-body-redacted"])
    assert b"alpha.example says 1.1" not in pack
    (entry,) = [entry for entry in verdict.entries if (entry.member, entry.index) == (0, 4)]
    assert (entry.text, entry.withheld, entry.leaf is not None) == (None, packparts.Why.REDACTED, True)


def test_a_body_that_is_gone_without_a_word_is_missing() -> None:
    name = FOLDER + "bodies/000"
    bodies, _ = parts.read_bodies(period()[name], 6)
    items = [(b"", None) if body is None or n == 2 else body for n, body in enumerate(bodies)]
    verdict = judge(packed({**period(), name: parts.write_bodies(items)}))
    assert (verdict.state, said(verdict)) == (State.INCOMPLETE, ["alpha:4 audit-body-missing"])


def test_a_body_that_is_called_withheld_and_is_here_is_told() -> None:
    told = (packparts.Withheld(0, 3, 4, packparts.Why.REDACTED),)
    verdict = judge(packed(with_contents(period(), withheld=told)))
    assert said(verdict) == ["alpha:3 audit-body-not-withheld", "alpha:3 audit-body-redacted"]


def thread() -> Line:
    """A message, an answer that names it, a receipt of the answer, and something else."""
    found = Line()
    first = found.say(0, 0, "asked").entries[0]
    found.say(1, 60, "something else")
    answer = found.say(1, 120, Draft(1, b"answered", "watch", (first.ref,))).entries[0]
    found.say(0, 180, Draft(5, b"receipt", "watch", (answer.ref,)))
    found.say(0, 240, "much later")
    return found


def test_what_belongs_to_an_entry_comes_with_it_from_both_logs() -> None:
    verdict = judge(pack_of(thread().alpha, about=((ALPHA_LOG, 0),)))
    assert (verdict.state, said(verdict)) == (State.VERIFIED, [])
    assert [(entry.member, entry.index) for entry in verdict.entries] == [(0, 0), (0, 1), (1, 1)]


def test_what_it_refers_to_comes_as_context() -> None:
    verdict = judge(pack_of(thread().alpha, about=((ALPHA_LOG, 1),)))
    assert [(entry.member, entry.index, entry.role) for entry in verdict.entries] == [
        (0, 0, Role.CONTEXT),
        (0, 1, Role.SUBJECT),
        (1, 1, Role.CONTEXT),
    ]


def test_a_ref_that_is_neither_here_nor_named_is_missing() -> None:
    files = files_of(pack_of(talk((1,)).alpha, about=((ALPHA_LOG, 0),)))
    assert said(judge(packed(with_contents(files, outside=(packparts.Named(1, 0),))))) == []
    wide = thread()
    many = [entry.ref for n in range(5) for entry in wide.say(1, 300 + n, f"open {n}").entries]
    wide.say(0, 400, Draft(38, b"list", "watch", tuple(many)))
    files = files_of(pack_of(wide.alpha, about=((ALPHA_LOG, 3),)))
    assert judge(packed(files)).contents.outside == tuple(packparts.Named(1, n) for n in range(2, 7))
    assert judge(packed(files)).state is State.VERIFIED
    assert said(judge(packed(with_contents(files, outside=()))))[0] == "alpha:3 audit-ref-missing"


# Random


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 3), min_size=1, max_size=5).filter(any), st.data())
def test_any_record_any_choice_any_redaction_holds(sizes: list[int], data: st.DataObject) -> None:
    found = Line()
    for turn, count in enumerate(sizes):
        for who in (0, 1):
            if count:
                found.say(who, 60 * (2 * turn + who), *(draft(f"{turn}.{n}") for n in range(count)))
    places = [(origin, n) for origin in (ALPHA_LOG, BRAVO_LOG) for n in range(sum(sizes))]
    redact = frozenset(data.draw(st.sets(st.sampled_from(places))))
    side = found.sides[data.draw(st.integers(0, 1))]
    if data.draw(st.booleans()):
        scope: dict[str, object] = {"about": tuple(data.draw(st.sets(st.sampled_from(places), min_size=1)))}
    else:
        scope = {"since": Instant(0), "until": after(10_000)}
    verdict = judge(pack_of(side, redact=redact, **scope))
    assert verdict.state is State.VERIFIED, said(verdict)
    for entry in verdict.entries:
        assert (entry.text is None) is ((verdict.contents.origins[entry.member], entry.index) in redact)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_changed_pack_verifies_as_the_same(data: st.DataObject) -> None:
    """Any byte of the whole archive: it does not verify, or it is another pack in its unsigned words alone."""
    whole = packed(period())
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    try:
        verdict = judge(bytes(changed))
    except PeerError:
        return
    assert verdict.state is not State.VERIFIED


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_repaired_pack_shows_other_entries(data: st.DataObject) -> None:
    """The same by somebody who repairs every checksum: what is then verified are the same entries and bodies."""
    name = data.draw(st.sampled_from(sorted(set(period()) - {parts.README})))
    body = bytearray(period()[name])
    body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        verdict = judge(packed({**period(), name: bytes(body)}))
    except PeerError:
        return
    right = {(entry.member, entry.index): entry for entry in judge(packed(period())).entries}
    for entry in verdict.entries if verdict.state is State.VERIFIED else ():
        known = right[entry.member, entry.index]
        assert (entry.leaf_hash, entry.text) == (known.leaf_hash, known.text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_a_hostile_table_of_contents_is_refused(data: bytes) -> None:
    with pytest.raises(PeerError, match="bundle-unreadable"):
        judge(packed({**period(), packparts.CONTENTS: data}))


def test_hostile_figures_cost_nothing() -> None:
    told = contents()
    far = 2**62
    for changes in (
        {"sizes": (far, far)},
        {"sizes": (far, far), "edges": (packparts.Edge(0, far), packparts.Edge(0, far))},
    ):
        assert judge(packed(with_contents(period(), **changes))).state is not State.VERIFIED
    for stretches in ((), ((Stretch(0, far, Role.SUBJECT),), ()), ((Stretch(4, 3, Role.SUBJECT),), told.stretches[1])):
        with pytest.raises(PeerError):
            judge(packed(with_contents(period(), stretches=stretches)))


def test_the_vector_is_what_its_page_of_the_specification_says() -> None:
    verdict = judge((Path(__file__).parent.parent / "vectors/pack.zip").read_bytes())
    assert (verdict.state, said(verdict)) == (State.VERIFIED, ["alpha:2 audit-body-redacted"])
    assert [(log.entries, log.size, log.complete) for log in verdict.logs] == [(5, 5, True), (5, 5, True)]


def test_a_truncated_file_is_no_pack() -> None:
    whole = packed(period())
    for size in (0, 10, len(whole) // 2, len(whole) - 1):
        with pytest.raises(PeerError):
            judge(whole[:size])


def test_progress_counts_every_entry() -> None:
    seen: list[tuple[int, int]] = []
    audit_pack(io.BytesIO(packed(period())), ROOTS, lambda leaf, body: "", lambda *row: seen.append(row))
    assert seen[-1] == (12, 12)
    assert contents().line == LINE
