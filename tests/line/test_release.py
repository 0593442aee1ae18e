"""What is not for everybody stays out of an export that is made for others, with all that is made of it."""

from __future__ import annotations

from openline.base.time import HOUR_US
from openline.line.release import not_for_release
from tests.line.test_contact import enter
from tests.line.world import World


def kept(world: World, after_us: int = 0) -> set[str]:
    found = not_for_release(world.bravo, lambda origin, index: world.logs[origin][index], world.now.plus(after_us))
    return {world.bravo.label(origin, index) for origin, index in found}


def test_statements_for_members_or_for_one_s_own_side_stay_out_with_their_translations() -> None:
    world = World()
    enter(world)
    for releasable in ("all", "members", "own"):
        world.say("alpha", "state", entry="alpha:0", fact="tone", words="Sharp.", releasable=releasable)
    world.say("bravo", "translate", entry="alpha:3", text="Vif.", language="fr")
    world.say("bravo", "translate", entry="alpha:1", text="Vif.", language="fr")
    assert kept(world) == {"alpha:2", "alpha:3", "bravo:0"}


def test_a_readout_stays_out_until_its_embargo_is_over_with_what_is_stated_and_made_of_it() -> None:
    world = World()
    enter(world)
    world.say("alpha", "publish", entry="alpha:0", text="We spoke.", embargo=world.now.plus(HOUR_US).rfc3339())
    world.say("alpha", "correct", entry="alpha:1", text="We spoke twice.", change="twice")
    world.say("bravo", "translate", entry="alpha:2", text="Deux fois.", language="fr")
    world.say("alpha", "state", entry="alpha:1", fact="subject", value="lines")
    world.say("bravo", "publish", entry="alpha:0", text="They called.")
    assert kept(world) == {"alpha:1", "alpha:2", "bravo:0", "alpha:3"}
    assert kept(world, HOUR_US - 1000) != set() == kept(world, HOUR_US)
