"""Plays the published chronology of 2022 through the verbs of the line, into the books of both lines of one side."""

from __future__ import annotations

from openline.base.time import HOUR_US, MINUTE_US
from openline.cli.scenario_2022 import LINES, STEPS, Step, resolved
from openline.line.book import Book
from openline.line.precise import day_of
from openline.record.entry import Mark
from tests.line.world import World


class Chronology:
    """Both lines at the end, `ids` the entry of each step by its key, and the steps with their entries in order."""

    def __init__(self, mark: Mark = Mark.OPERATION) -> None:
        self.worlds = {line: World(2, names=members, line=line) for line, members in LINES.items()}
        self.ids: dict[str, str] = {}
        self.entered: list[tuple[Step, str]] = []
        for step in STEPS:
            self._play(step, mark)

    @property
    def books(self) -> list[Book]:
        """The books of the side that has both lines."""
        return [world.books["us"] for world in self.worlds.values()]

    def _play(self, step: Step, mark: Mark) -> None:
        world = self.worlds[step.line]
        noon = day_of(step.day)[0].plus(12 * HOUR_US)
        begun = bool(self.entered) and self.entered[-1][0].day == step.day
        moment = max(world.now.plus(MINUTE_US), noon) if begun else noon
        for each in self.worlds.values():
            each.now = moment
        (entry,) = world.say(step.who, step.verb, **resolved(step.arguments, self.ids), mark=mark)
        label = world.id(entry)
        self.entered.append((step, label))
        if step.key:
            self.ids[step.key] = label
