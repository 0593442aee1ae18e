"""The rules of a watch are put together in one place, from the configuration."""

from __future__ import annotations

import pytest

from openline.base.time import HOUR_US, MINUTE_US
from openline.line.check import Form
from openline.line.deadlines import STANDARD as DEADLINES
from openline.line.schedule import STANDARD as SCHEDULE
from openline.node.config import parse_config
from openline.node.procedure import procedure_of, standard_procedure
from openline.node.roles import ROLES

TEXT = """
[party]
id = "alpha.example"
[due]
flash = 5
[checks]
times = ["0930Z"]
forms = ["voice"]
[tests]
every_minutes = 0
[desk]
roles = { watch = ["read", "accept"], auditor = ["read"] }
[[position]]
name = "W-1"
role = "watch"
[[position]]
name = "auditor"
"""


def test_a_node_as_it_comes_goes_by_the_standards_of_the_tables() -> None:
    procedure = standard_procedure()
    assert (procedure.deadlines, procedure.schedule) == (DEADLINES, SCHEDULE)
    assert (procedure.test_every_us, procedure.roles, procedure.positions) == (HOUR_US, ROLES, {})


def test_what_is_configured_is_what_the_watch_goes_by() -> None:
    procedure = procedure_of(parse_config(TEXT, "file"))
    assert procedure.deadlines.flash_us == 5 * MINUTE_US
    assert (procedure.schedule.times_us, procedure.schedule.forms) == ((9 * HOUR_US + 30 * MINUTE_US,), (Form.VOICE,))
    assert procedure.test_every_us == 0
    assert procedure.roles == {**ROLES, "watch": ("read", "accept"), "auditor": ("read",)}
    assert procedure.positions == {"W-1": "watch", "auditor": "auditor"}


@pytest.mark.parametrize("minutes", [1, 600])
def test_each_precedence_has_its_own_window(minutes: int) -> None:
    text = f'[party]\nid = "alpha.example"\n[due]\nroutine = {minutes}\n'
    assert procedure_of(parse_config(text, "file")).deadlines.routine_us == minutes * MINUTE_US
