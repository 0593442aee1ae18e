"""What the record of the scenario must answer: commands that exist, with something to look for in each."""

from __future__ import annotations

import shlex

from openline.cli.scenario_2022 import LINES
from openline.cli.scenario_answers import ANSWERS, HEADQUARTERS


def test_every_command_is_one_of_openline_and_something_is_expected_of_it() -> None:
    for command, texts in ANSWERS.items():
        assert shlex.split(command)[0] == "openline"
        assert texts
        assert all(text == " ".join(text.split()) for text in texts), "fields are parted by one space"


def test_every_member_of_a_line_has_a_headquarters_named_in_both_languages() -> None:
    assert set(HEADQUARTERS) == {name for members in LINES.values() for name in members}
    assert all(set(names) == {"en", "fr"} for names in HEADQUARTERS.values())
