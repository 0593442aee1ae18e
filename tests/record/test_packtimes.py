"""Times in a pack: never a bound that the whole record does not give, and a clock that is off is told."""

from __future__ import annotations

from openline.base.time import Instant
from openline.record.verdict import State
from tests.record.lines import Line, after, bundle_of, draft, talk
from tests.record.lines import judge as judge_bundle
from tests.record.packs import judge, pack_of, said


def test_a_pack_bounds_no_closer_than_the_record() -> None:
    line = talk((2, 3, 2))
    bundle = judge_bundle(bundle_of(line.alpha))
    for entry in judge(pack_of(line.alpha, since=after(100), until=after(10_000))).entries:
        whole = bundle.logs[entry.member].interval(entry.index)
        assert entry.times.claimed == whole.claimed
        assert entry.times.not_after == whole.not_after
        assert (entry.times.not_before or Instant(0)) <= (whole.not_before or Instant(0))


def test_a_clock_that_runs_backwards_or_ahead_is_told() -> None:
    line = Line()
    line.say(0, 100, "first")
    line.say(0, 50, "then, by a clock that was put back")
    ahead = line.alpha.say(after(900), draft("by a clock that runs ahead"))
    line.alpha.store.commit([line.bravo.hear(ahead, after(200))])
    verdict = judge(pack_of(line.alpha))
    assert verdict.state is State.VERIFIED
    assert {"alpha:1 audit-time-backwards", "alpha:2 audit-time-too-late"} <= set(said(verdict))
