"""What the watch of a node goes by, as one value: deadlines, schedule, tests, and who may do what.

`procedure_of` is the one place where it is put together; what the parties of a line have agreed on in a charter takes
the place of what one of them has configured (`chartered`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from openline.base.time import MINUTE_US, Instant
from openline.line.book import Book
from openline.line.deadlines import Deadlines, deadlines_at
from openline.line.schedule import Schedule, schedule_at
from openline.node.config import Config, Due, Party
from openline.node.roles import roles_of
from openline.node.status import deadlines
from openline.node.watching import schedule_of
from openline.record.entry import Mark


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
        dict(roles_of(config.desk.roles)),
        {position.name: position.role or position.name for position in config.position},
    )


def chartered(procedure: Procedure, book: Book, now: Instant, mark: Mark = Mark.OPERATION) -> Procedure:
    """The procedure of a line: that of the node, with the deadlines and checks of the charter in force, if any."""
    return replace(
        procedure,
        deadlines=deadlines_at(book, now, mark, procedure.deadlines),
        schedule=schedule_at(book, now, mark, procedure.schedule),
    )


def standard_procedure() -> Procedure:
    """The procedure of a node that is configured as it comes."""
    return procedure_of(Config(party=Party(id="alpha.example"), due=Due()))
