"""Within a call: what a phone may ask, what is told it, and that its own address is where everything goes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

from openline.media.sip_dialog import ALLOWED
from tests.media.phone_by_hand import HandPhone, Told, phones

Run = Callable[[Coroutine[object, None, None]], None]


async def up() -> tuple[Told, Callable[[], Coroutine[object, None, None]], HandPhone]:
    """A call that is up, and how to end everything."""
    told = Told()
    node = await phones(told)
    phone = HandPhone("desk", node.ports[0])
    assert (await phone.call(phone.sdp())).status == 200
    await told.until(lambda: told.up)

    async def end() -> None:
        await node.stop()
        phone.close()

    return told, end, phone


def test_a_phone_may_ask_what_holds_and_is_not_put_on_hold(run: Run) -> None:
    async def story() -> None:
        told, end, phone = await up()
        answer = await phone.asked("INVITE")
        assert answer.status == 200
        assert "a=sendrecv" in answer.body
        assert not told.up[0].held
        await end()

    run(story())


def test_the_same_offer_again_has_the_same_answer(run: Run) -> None:
    async def story() -> None:
        told, end, phone = await up()
        first, second = await phone.asked("INVITE", phone.sdp()), await phone.asked("INVITE", phone.sdp())
        assert first.body == second.body
        assert len(told.up) == 1
        await end()

    run(story())


def test_what_is_not_allowed_within_a_call_is_said_and_ends_nothing(run: Run) -> None:
    async def story() -> None:
        told, end, phone = await up()
        for method, status in (("REFER", 405), ("UPDATE", 405), ("REGISTER", 403), ("OPTIONS", 200), ("INFO", 200)):
            if method != "REGISTER":
                phone.send(phone.request(method, "", "Refer-To: <sip:x@203.0.113.9>"))
                assert (await phone.next(status, 405)).status == status
        assert not told.over
        assert "REFER" not in ALLOWED
        await end()

    run(story())


def test_a_request_of_a_stranger_does_not_belong_to_the_call(run: Run) -> None:
    async def story() -> None:
        told, end, phone = await up()
        stranger = HandPhone("desk", phone.port)
        stranger.call_id, stranger.to_tag = phone.call_id, "guess"
        stranger.send(stranger.request("BYE"))
        assert (await stranger.next(481, 200)).status == 481
        assert not told.over
        stranger.close()
        await end()

    run(story())


def test_what_we_say_goes_where_the_phone_speaks_from_and_not_where_it_points(run: Run) -> None:
    async def story() -> None:
        told = Told()
        node = await phones(told)
        phone = HandPhone("desk", node.ports[0])
        contact = f"Contact: <sip:desk@127.0.0.1:{phone.own_port};line=x7>"
        elsewhere = "Contact: <sip:desk@203.0.113.9:9;line=x7>"
        written = phone.request

        def pointing(method: str, body: str = "", *more: str, **others: object) -> bytes:
            return written(method, body, *more, **others).replace(contact.encode(), elsewhere.encode())  # type: ignore[arg-type] # as given

        phone.request = pointing  # type: ignore[method-assign] # a phone that lies
        assert (await phone.call(phone.sdp())).status == 200
        await told.until(lambda: told.up)
        told.up[0].close("leg-closed")
        bye = await phone.next("BYE")
        assert bye.start == "BYE sip:desk@203.0.113.9:9;line=x7 SIP/2.0"
        await node.stop()
        phone.close()

    run(story())
