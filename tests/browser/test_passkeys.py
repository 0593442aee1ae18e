"""An officer registers a passkey with an invitation and signs in with it. The authenticator is Chromium's virtual."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desks import Floor, Window, start_node


def authenticator(window: Window) -> None:
    """Chromium's virtual authenticator, which verifies its user."""
    session = window.page.context.new_cdp_session(window.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_an_officer_registers_a_passkey_leaves_and_signs_in_with_it(floor: Floor) -> None:
    alpha = floor.stage.alpha
    invited = alpha.node.post("/invites", {"position": "W-2", "holder": "an officer"})
    window = floor.window(alpha)
    authenticator(window)
    window.page.goto(f"{alpha.console}#register={invited['code']}")
    expect(window.page.get_by_role("textbox")).to_have_value(str(invited["code"]))
    assert "#" not in window.page.url, "the invitation stays in the address"
    window.page.get_by_role("button", name="Make the passkey").click()
    window.live()
    expect(window.page.locator("header").first).to_contain_text("W-2")
    window.page.get_by_role("button", name="Sign out").click()
    window.page.get_by_role("button", name="Sign in with your passkey").click()
    window.live()
    floor.clean()
    alpha.kill()
    expect(window.state).to_have_text("NO DATA")
    start_node(alpha)
    window.live()
    window.clean(requests_failed=True)


def test_an_invitation_that_is_wrong_is_refused_in_words(floor: Floor) -> None:
    window = floor.window(floor.stage.alpha)
    authenticator(window)
    window.page.goto(f"{floor.stage.alpha.console}#register=nonsense")
    window.page.get_by_role("button", name="Make the passkey").click()
    expect(window.page.get_by_role("alert")).to_contain_text(". ")
    assert not window.wrong
