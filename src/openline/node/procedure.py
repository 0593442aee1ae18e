"""What the watch of a node goes by, as one value: deadlines, schedule, tests, and who may do what.

`procedure_of` is the one place where it is put together, so that what two parties agree on for a line (a charter) can
take the place of what one of them has configured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openline.base.time import MINUTE_US
from openline.line.deadlines import Deadlines
from openline.line.schedule import Schedule
from openline.node.config import Config, Due, Party
from openline.node.status import deadlines
from openline.node.watching import schedule_of


@dataclass(frozen=True, slots=True)
class Procedure:
    """The rules of one line at one node. Times are microseconds; `test_every_us` 0: the node proves nothing by itself.

    `roles` say what each may do; where there are none, everybody may do everything. `positions` have a role each.
    """

    deadlines: Deadlines
    schedule: Schedule
    test_every_us: int
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    positions: Mapping[str, str] = field(default_factory=dict)


def procedure_of(config: Config) -> Procedure:
    """The procedure of a node's configuration. Raises UsageError when a time of it cannot be read."""
    due = config.due
    return Procedure(
        deadlines(due.flash, due.immediate, due.priority, due.routine),
        schedule_of(config.checks),
        config.tests.every_minutes * MINUTE_US,
        dict(config.desk.roles),
        {position.name: position.role or position.name for position in config.position},
    )


def standard_procedure() -> Procedure:
    """The procedure of a node that is configured as it comes."""
    return procedure_of(Config(party=Party(id="alpha.example"), due=Due()))
