"""Every leg is a Leg: what the voice process may ask of one, it may ask of all."""

from __future__ import annotations

import inspect

import pytest

from openline.media.browser import BrowserLeg
from openline.media.phone_leg import PhoneLeg
from openline.media.ports import Leg


def same_shape(browser: BrowserLeg, phone: PhoneLeg) -> list[Leg]:
    """For the type checker: both are taken where a Leg is wanted."""
    return [browser, phone]


@pytest.mark.parametrize("kind", [BrowserLeg, PhoneLeg])
def test_a_leg_offers_what_every_leg_offers(kind: type) -> None:
    assert isinstance(inspect.getattr_static(kind, "number"), property)
    for name in ("play", "close"):
        wanted = inspect.signature(getattr(Leg, name)).parameters
        assert list(inspect.signature(getattr(kind, name)).parameters) == list(wanted)
