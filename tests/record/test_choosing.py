"""What goes into a pack: periods with their neighbours, threads of both logs, and what is refused."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.record import choosing
from openline.record.packparts import Edge, Role, Stretch, Why, Withheld
from tests.record.lines import ALPHA_LOG, BRAVO_LOG, after, talk
from tests.record.packs import chosen


def test_a_period_is_taken_by_the_authors_clocks_with_a_neighbour_on_each_side() -> None:
    contents = chosen(talk((1, 2, 1)).alpha, since=after(120), until=after(180)).contents
    assert contents.edges == (Edge(1, 3), Edge(1, 1))
    assert contents.stretches == (
        (Stretch(0, 1, Role.NEIGHBOUR), Stretch(1, 3, Role.SUBJECT), Stretch(3, 4, Role.NEIGHBOUR)),
        (Stretch(0, 2, Role.NEIGHBOUR),),
    )


def test_the_proofs_lead_to_a_checkpoint_that_the_other_side_has_receipted() -> None:
    line = talk((1, 2))
    line.say(0, 900, "not receipted yet", receipted=False)
    assert chosen(line.alpha, since=after(0), until=after(100)).contents.sizes == (3, 3)
    assert chosen(line.alpha, since=after(0), until=after(1_000)).contents.sizes == (4, 3)


def test_of_a_log_that_belongs_to_it_nowhere_nothing_is_taken() -> None:
    assert chosen(talk((1,)).alpha, about=((BRAVO_LOG, 0),)).contents.sizes == (0, 1)


def test_redaction_names_what_stays_out_or_what_is_shown() -> None:
    side = talk((3,)).alpha
    some = chosen(side, redact=frozenset({(ALPHA_LOG, 0), (ALPHA_LOG, 1)})).contents
    assert some.withheld == (Withheld(0, 0, 2, Why.REDACTED),)
    most = chosen(side, show=frozenset({(ALPHA_LOG, 1)})).contents
    assert most.withheld == (
        Withheld(0, 0, 1, Why.REDACTED),
        Withheld(0, 2, 3, Why.REDACTED),
        Withheld(1, 0, 3, Why.REDACTED),
    )


@pytest.mark.parametrize(
    ("scope", "fault"),
    [
        ({"line": "other"}, "line-unknown"),
        ({"about": ((ALPHA_LOG, 9),)}, "entry-unknown"),
        ({"redact": frozenset({("charlie.example/line/joint", 0)})}, "entry-unknown"),
        ({"since": after(5_000), "until": after(6_000)}, "pack-empty"),
    ],
)
def test_what_cannot_be_packed_is_refused(scope: dict[str, object], fault: str) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(talk((1,)).alpha, **scope)
    assert caught.value.message_id == fault


def test_a_pack_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "PACK_ENTRIES_MAX", 5)
    with pytest.raises(UsageError) as caught:
        chosen(talk((3,)).alpha)
    assert caught.value.message_id == "pack-too-large"
