"""Every signature over a log: what does not hold is false, what is not there is missing, two histories are a fork."""

from __future__ import annotations

import msgspec
import pytest

from openline.identity.keys import KIND_ED25519, VerifierKey
from openline.record import parts
from openline.record.checkpoint import Checkpoint, log_line, read_checkpoint, write_checkpoint
from openline.record.note import NoteSignature, format_note
from openline.record.tree import leaf_hash, root_of
from openline.record.verdict import Severity, State
from tests.record.lines import ALPHA_LOG, BRAVO_LOG, MEMBERS, bundle_of, files_of, judge, packed, said, talk
from tests.record.samples import flips
from tests.record.tampering import NODES, Files, folder, leaves_of, note, row, with_log

ALPHA, BRAVO = folder(0), folder(1)
NOTE, KEPT, POLICY = ALPHA + "checkpoint", ALPHA + "checkpoints/000", ALPHA + "policy"
SEALS = ALPHA + "seals/000"


@pytest.fixture(scope="module")
def files() -> Files:
    line = talk((1, 2, 1))
    line.seal(0, 600)
    return files_of(bundle_of(line.alpha))


def kept(files: Files) -> list[parts.KeptCheckpoint]:
    return parts.read_checkpoints(files[KEPT])


def told(files: Files) -> list[str]:
    return said(judge(packed(files)))


def with_rows(files: Files, rows: list[parts.KeptCheckpoint]) -> Files:
    return {**files, KEPT: parts.write_rows(rows)}


def at_size(files: Files, size: int) -> Checkpoint:
    """Alpha's checkpoint at a size, as the tree bears it out."""
    return Checkpoint(ALPHA_LOG, size, root_of([leaf_hash(leaf) for leaf in leaves_of(files, 0)[:size]]))


def test_everything_holds(files: Files) -> None:
    verdict = judge(packed(files))
    assert (verdict.state, verdict.findings) == (State.VERIFIED, ())
    (alpha, bravo) = verdict.logs
    assert (alpha.receipted, alpha.checkpoints, alpha.receipts) == ({"bravo.example": 4}, 3, 3)
    assert (alpha.seals, alpha.sealed, bravo.seals) == (2, 4, 0)


# The newest checkpoint


def test_a_checkpoint_its_log_has_not_signed_is_false(files: Files) -> None:
    checkpoint, opened = read_checkpoint(files[NOTE])
    without = write_checkpoint(checkpoint, opened.signatures[1:])
    assert "alpha audit-checkpoint-wrong" in told({**files, NOTE: without})


def test_the_checkpoint_of_another_log_or_size_is_false(files: Files) -> None:
    older = note(at_size(files, 3), 0)
    for wrong in (files[BRAVO + "checkpoint"], older):
        assert "alpha audit-checkpoint-wrong" in told({**files, NOTE: wrong})


def test_a_checkpoint_that_is_no_note_is_false(files: Files) -> None:
    for wrong in (b"", b"\n\n", b"\xff" * 100, format_note("one line\n", read_checkpoint(files[NOTE])[1].signatures)):
        assert "alpha audit-checkpoint-wrong" in told({**files, NOTE: wrong})


def test_a_false_signature_under_the_checkpoint_is_false_whoever_made_it(files: Files) -> None:
    checkpoint, opened = read_checkpoint(files[NOTE])
    for place in range(4):
        lines = list(opened.signatures)
        one = lines[place]
        lines[place] = NoteSignature(one.name, one.key_id, one.signature[:-1] + bytes((one.signature[-1] ^ 1,)))
        assert "alpha audit-checkpoint-wrong" in told({**files, NOTE: write_checkpoint(checkpoint, lines)})


def test_a_signature_of_nobody_we_know_is_told_and_changes_nothing(files: Files) -> None:
    checkpoint, opened = read_checkpoint(files[NOTE])
    stranger = VerifierKey("stranger.example", KIND_ED25519, NODES[1].tls.public)
    more = (*opened.signatures, log_line(stranger, NODES[1].tls.sign(checkpoint.body())))
    verdict = judge(packed({**files, NOTE: write_checkpoint(checkpoint, more)}))
    assert verdict.state is State.VERIFIED
    assert said(verdict) == ["alpha audit-signature-unknown"]


def test_without_the_checkpoint_the_record_is_incomplete(files: Files) -> None:
    verdict = judge(packed({name: data for name, data in files.items() if name != NOTE}))
    assert verdict.state is not State.VERIFIED
    assert any(finding.facts.get("name") == NOTE for finding in verdict.of(Severity.MISSING))


def test_another_policy_is_false(files: Files) -> None:
    loose = files[POLICY].replace(b"quorum receipts", b"quorum none")
    assert told({**files, POLICY: loose}) == ["alpha audit-policy-differs"]


# Older checkpoints and receipts


def test_a_flipped_byte_in_the_kept_checkpoints_is_noticed(files: Files) -> None:
    for place, data in flips(files[KEPT], 3):
        assert judge(packed({**files, KEPT: data})).state is State.FALSE, f"byte {place}"


def test_a_checkpoint_with_a_false_signature_or_receipt_is_false(files: Files) -> None:
    first, *rest = kept(files)
    unsigned = msgspec.structs.replace(first, signature=bytes(64))
    assert told(with_rows(files, [unsigned, *rest])) == ["alpha audit-signature-wrong"]
    (receipt,) = first.receipts
    for change in ({"signature": bytes(64)}, {"time_s": 1}, {"member": 0}, {"member": 7}):
        wrong = msgspec.structs.replace(first, receipts=(msgspec.structs.replace(receipt, **change),))
        assert told(with_rows(files, [wrong, *rest])) == ["alpha audit-receipt-wrong"]


def test_a_log_that_signed_two_histories_is_forked(files: Files) -> None:
    other = Checkpoint(ALPHA_LOG, 3, root_of([leaf_hash(b"another"), leaf_hash(b"history"), leaf_hash(b"altogether")]))
    rows = [one if one.size != 3 else row(other, 0) for one in kept(files)]
    verdict = judge(packed(with_rows(files, rows)))
    assert said(verdict) == ["alpha audit-log-forked"]
    assert verdict.logs[0].receipts == 2


def test_a_log_its_owner_wrote_anew_contradicts_what_the_other_party_saw(files: Files) -> None:
    leaves = leaves_of(files, 0)
    forged = with_log(files, 0, [leaves[0], leaves[2], leaves[1], leaves[3]])
    verdict = judge(packed(forged))
    assert verdict.state is State.FALSE
    assert "bravo:1 audit-seen-differs" in said(verdict)


def test_entries_nobody_receipted_are_named(files: Files) -> None:
    *rest, last = kept(files)
    unreceipted = {
        **with_rows(files, [*rest, msgspec.structs.replace(last, receipts=())]),
        NOTE: note(at_size(files, 4), 0, receipted=False),
    }
    verdict = judge(packed(unreceipted))
    assert verdict.state is State.INCOMPLETE
    (finding,) = verdict.findings
    assert (finding.message_id, finding.index, finding.last) == ("audit-receipt-missing", 3, 3)
    assert finding.facts["party"] == "bravo.example"


def test_a_live_record_whose_last_message_is_under_way_is_incomplete() -> None:
    line = talk()
    line.say(0, 900, "one", "two", receipted=False)
    verdict = judge(packed(files_of(bundle_of(line.alpha))))
    assert verdict.state is State.INCOMPLETE
    (finding,) = verdict.findings
    assert (finding.index, finding.last, finding.message_id) == (4, 5, "audit-receipt-missing")


def test_receipts_whose_times_run_backwards_are_told(files: Files) -> None:
    rows = [row(at_size(files, size), 0, time_s) for size, time_s in ((1, 1_790_090_000), (3, 1_790_089_999))]
    verdict = judge(packed(with_rows(files, [*rows, kept(files)[-1]])))
    assert "alpha audit-receipt-backwards" in said(verdict, Severity.NOTE)


def test_kept_checkpoints_out_of_order_are_refused(files: Files) -> None:
    for rows in (kept(files)[::-1], [kept(files)[0], *kept(files)]):
        assert "audit-file-wrong" in told(with_rows(files, rows))


def test_lost_checkpoints_are_missing(files: Files) -> None:
    assert told(with_rows(files, kept(files)[:-1])) == ["alpha audit-checkpoints-missing"]
    without = {name: data for name, data in files.items() if name != KEPT}
    assert told(without) == ["alpha audit-checkpoints-missing"]


def test_a_log_without_any_signature_is_incomplete_and_not_false(files: Files) -> None:
    without = {name: data for name, data in files.items() if name not in (NOTE, KEPT, SEALS)}
    verdict = judge(packed(without))
    assert verdict.state is State.INCOMPLETE
    assert said(verdict) == ["audit-file-missing", "alpha audit-checkpoints-missing", "alpha:0 audit-receipt-missing"]


def test_a_file_of_checkpoints_that_is_not_full_must_be_the_last(files: Files) -> None:
    first, *rest = kept(files)
    split = {**files, KEPT: parts.write_rows([first]), ALPHA + "checkpoints/001": parts.write_rows(rest)}
    assert told(split) == ["audit-file-wrong"]
    assert "audit-file-wrong" in told({**files, KEPT: parts.write_rows(kept(files)[:0])})


def test_many_checkpoints_are_packed_and_all_checked() -> None:
    line = talk((1,))
    for number in range(300):
        line.say(0, 100 + number, f"{number}")
    files = files_of(bundle_of(line.alpha))
    assert [len(parts.read_checkpoints(files[f"{ALPHA}checkpoints/00{n}"])) for n in (0, 1)] == [256, 45]
    assert judge(packed(files)).logs[0].checkpoints == 301


# Seals


def test_a_flipped_byte_in_a_seal_is_noticed(files: Files) -> None:
    for place, data in flips(files[SEALS], 61):
        assert judge(packed({**files, SEALS: data})).state is State.FALSE, f"byte {place}"


def test_a_seal_under_a_name_that_has_no_key_is_false(files: Files) -> None:
    seals = parts.read_seals(files[SEALS])
    renamed = [msgspec.structs.replace(seals[0], cosigner=MEMBERS[0])]
    assert "alpha audit-seal-wrong" in told({**files, SEALS: parts.write_rows(renamed)})


def test_seals_out_of_order_are_refused(files: Files) -> None:
    seals = parts.read_seals(files[SEALS])
    assert "audit-file-wrong" in told({**files, SEALS: parts.write_rows(seals[::-1])})


def test_a_seal_that_stands_under_the_checkpoint_and_not_among_the_seals_is_missing(files: Files) -> None:
    seals = parts.read_seals(files[SEALS])
    assert told({**files, SEALS: parts.write_rows(seals[:1])}) == ["alpha audit-seals-missing"]


def test_the_seal_of_another_history_is_a_fork(files: Files) -> None:
    leaves = leaves_of(files, 0)
    forged = with_log(files, 0, leaves)
    assert judge(packed({**forged, SEALS: files[SEALS]})).state is State.VERIFIED
    other = with_log(files, 0, [leaves[0], leaves[2], leaves[1], leaves[3]])
    assert "alpha audit-log-forked" in told({**other, SEALS: files[SEALS]})


def test_only_the_owners_and_the_keepers_names_are_known(files: Files) -> None:
    assert {one.cosigner for one in parts.read_seals(files[SEALS])} == {ALPHA_LOG, BRAVO_LOG + "/mirror"}
