"""One log of a pack: older checkpoints and seals against the newest, and which of two tellings was signed."""

from __future__ import annotations

import msgspec

from openline.record import packparts
from openline.record.packparts import ProvenCheckpoint, ProvenSeal
from openline.record.verdict import Severity, State
from tests.record.lines import ALPHA_LOG, files_of, packed, talk
from tests.record.packs import judge, pack_of, said

FOLDER = "logs/alpha.example/"


def files() -> dict[str, bytes]:
    line = talk((3, 4))
    line.seal(0, 500)
    line.say(0, 900, "after the seal")
    return files_of(pack_of(line.alpha, about=((ALPHA_LOG, 1), (ALPHA_LOG, 7))))


def test_an_older_checkpoint_without_its_proof_counts_for_nothing() -> None:
    name = FOLDER + "checkpoints/000"
    rows = packparts.read_table(ProvenCheckpoint, files()[name])
    assert [row.size for row in rows] == [3, 8]
    broken = packparts.write_table([msgspec.structs.replace(rows[0], proof=(bytes(32),)), rows[1]])
    verdict = judge(packed({**files(), name: broken}))
    assert said(verdict) == ["alpha audit-pack-proof-wrong"]
    assert verdict.entries[0].times.not_after != judge(packed(files())).entries[0].times.not_after


def test_a_seal_that_is_older_than_an_entry_says_how_far_it_goes() -> None:
    assert judge(packed(files())).logs[0].sealed == 7
    name = FOLDER + "seals/000"
    rows = packparts.read_table(ProvenSeal, files()[name])
    broken = [msgspec.structs.replace(rows[0], time_s=rows[0].time_s + 1), *rows[1:]]
    verdict = judge(packed({**files(), name: packparts.write_table(broken)}))
    assert said(verdict, Severity.FALSE) == ["alpha audit-seal-wrong"]


def test_hashes_beside_that_are_not_the_entries_are_false_and_the_entries_hold() -> None:
    name = FOLDER + "hashes/000"
    verdict = judge(packed({**files(), name: bytes(64)}))
    assert (verdict.state, said(verdict)) == (State.FALSE, ["audit-file-wrong"])
    assert [entry.text for entry in verdict.entries] == ["alpha.example says 0.1", "after the seal"]


def test_an_entry_that_is_not_here_is_missing() -> None:
    name = FOLDER + "entries/000"
    verdict = judge(packed({key: data for key, data in files().items() if key != name}))
    assert verdict.state is State.INCOMPLETE
    assert "alpha:1 audit-entries-missing" in said(verdict)


def test_what_the_other_side_has_not_receipted_is_told() -> None:
    line = talk((2,))
    line.say(0, 900, "not receipted yet", receipted=False)
    verdict = judge(pack_of(line.alpha))
    assert (verdict.state, said(verdict, Severity.MISSING)) == (State.INCOMPLETE, ["alpha:2 audit-receipt-missing"])
