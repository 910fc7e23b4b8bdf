"""Where rules meet: unknown sends to somebody doubtful, in joined conversations, beside the phone app."""

from datetime import UTC, datetime
from typing import Any

from tests.clocks import FakeClock
from tests.journeys.site import SITI, Site, eventually
from tests.web.parsed import text_of
from wabridge.core import identities, staff
from wabridge.model.ids import ContactId
from wabridge.model.staff import Actor
from wabridge.sandbox import answers, payloads, scenes
from wabridge.sandbox.scenes import Scene

BUDI = "6281377778888"


async def _lose(site: Site, text: str = "Satu kali saja", *, phone: str = SITI) -> int:
    """Let a reply time out after Meta took it, of which Meta reports nothing by itself."""
    site.meta.behaviour.report_sent = site.meta.behaviour.deliver = False
    await site.write("Halo", phone=phone)
    site.meta.answers.append(answers.html(502, accepted=True))
    message = await site.reply(text, phone=phone)
    await site.until_status(message, "unknown")
    return message


async def _doubt(site: Site) -> int:
    """Let it become doubtful who Siti is, and return the alert's id."""
    site.meta.news.tell("identity_changed", site.meta.handset(SITI))
    found: list[int] = []

    async def is_told() -> bool:
        for known in await site.contacts():
            _, contact = await site.call("GET", f"/contacts/{known['id']}")
            found.extend(alert["id"] for alert in contact["alerts"] if alert["resolution"] is None)
        return found != []

    await eventually(is_told)
    return max(found)


async def _resend(site: Site, message: int, **more: int) -> tuple[int, Any]:
    return await site.call("POST", f"/messages/{message}/resend", json={"attempts": 1, **more})


async def _worklist(site: Site) -> list[tuple[str, int | None, int | None]]:
    status, found = await site.call("GET", "/worklist")
    assert status == 200, found
    return [(each["kind"], each["conversation_id"], each["message_id"]) for each in found["items"]]


async def _owner(site: Site) -> Actor:
    return (await staff.ensure_owner(site.office)).actor


async def _type_on_the_phone(site: Site) -> str:
    """Let somebody of the office write to Siti in its phone app; returns the wamid."""
    field, value = scenes.echo(Scene(site.meta.account, site.meta.handset(SITI).person, datetime.now(UTC)))
    await site.meta.courier.post(payloads.encode(payloads.batch(site.meta.account, value, field=field)))

    async def is_filed() -> bool:
        return any((m["author"] or {}).get("kind") == "app" for m in await site.messages())

    await eventually(is_filed)
    return str(value["message_echoes"][0]["id"])


async def test_nothing_goes_again_to_somebody_doubtful_unasked(timed: Site, time: FakeClock) -> None:
    """While an alert is open, sending again asks like a new message; a program may say that it is not confidential."""
    message = await _lose(timed)
    time.advance(61)
    alert = await _doubt(timed)
    status, problem = await _resend(timed, message)
    assert (status, problem["reason"], problem["alert_id"]) == (409, "identity_unverified", alert)
    assert (await timed.message(message))["decisions"] == []
    status, said = await _resend(timed, message, acknowledged_alert=alert)
    assert (status, said["hold"]) == (202, None)
    await timed.until_status(message, "sent")
    assert len(timed.meta.requests) == 2


async def test_the_page_asks_before_it_sends_again(timed: Site, time: FakeClock) -> None:
    """The button stands beside the question; whoever has made sure closes the alert and sends with one press."""
    message = await _lose(timed)
    time.advance(61)
    await _doubt(timed)
    page, path = await timed.conversation(), f"/messages/{message}/resend"
    assert "Sudahkah Anda memastikan identitas orang ini?" in text_of(await timed.bubble(message))
    form = await timed.form(page, path)
    assert await timed.press(path, form) == 409
    assert await timed.press(path, {**form, "clearance": "call", "note": "suaranya dikenal"}) == 303
    await timed.until_status(message, "sent")
    assert await _worklist(timed) == []


async def test_a_doubt_that_comes_after_the_decision_holds_it(timed: Site, time: FakeClock) -> None:
    """A repetition that still waits when the alert comes is held, is on the worklist, and goes when released."""
    message = await _lose(timed)
    time.advance(61)
    assert await timed.submit("/worklist", "/sending/stop", reason="Tunggu dulu") == 303
    assert (await _resend(timed, message))[0] == 202
    alert = await _doubt(timed)
    assert await timed.submit("/worklist", "/sending/resume") == 303
    known = await timed.message(message)
    assert (known["status"], known["resends"], known["hold"]) == ("unknown", True, "identity")
    conversation = known["conversation_id"]
    assert await _worklist(timed) == [("held", conversation, message), ("identity_changed", None, None)]
    assert (await timed.show("/worklist")).one("li", id="t-identity_changed-1").find("a").get("href") == (  # type: ignore[union-attr]  # the link is there
        "/contacts/1#identity"
    )
    assert len(timed.meta.requests) == 1
    status, problem = await timed.call("POST", f"/messages/{message}/release")
    assert (status, problem["reason"], problem["alert_id"]) == (409, "identity_unverified", alert)
    path = f"/messages/{message}/release"
    assert (await timed.call("POST", path, json={"acknowledged_alert": alert}))[0] == 200
    await timed.until_status(message, "sent")
    assert len(timed.meta.requests) == 2


async def test_a_joined_conversation_is_one_on_the_worklist(timed: Site, time: FakeClock) -> None:
    """What is unknown in a part leads to the whole conversation, under its contact, and can be decided there."""
    await timed.write("Saya Siti")
    message = await _lose(timed, phone=BUDI)
    assert await identities.join(timed.office, await _owner(timed), ContactId(2), into=ContactId(1)) == 1
    time.advance(61)
    whole = await timed.conversation()
    assert await _worklist(timed) == [("unknown", 1, message)]
    (_, found) = await timed.call("GET", "/worklist")
    assert found["items"][0]["contact_id"] == 1
    link = (await timed.show("/worklist")).one("li", "task").find("a")
    assert link is not None
    assert link.get("href") == f"{whole}?through={message}#m{message}"
    form = await timed.form(whole, f"/messages/{message}/resend")
    assert await timed.press(f"/messages/{message}/resend", form) == 303
    await timed.until_status(message, "sent")
    assert await _worklist(timed) == []


async def test_a_refused_answer_from_a_page_before_the_joining_keeps_its_text(timed: Site) -> None:
    """The part's form is still open in a tab: what the person wrote in the whole is newer, and the text stays."""
    await timed.write("Saya Budi", phone=BUDI)
    await timed.write("Saya Siti")
    part = await timed.conversation()
    form = await timed.form(part, f"{part}/reply")
    await timed.write("Lebih baru", phone=BUDI)
    await identities.join(timed.office, await _owner(timed), ContactId(2), into=ContactId(1))
    answer = {**form, "text": "Baik, Bu."}
    async with timed.page.post(timed.url + f"{part}/reply", data=answer, headers={"Origin": timed.url}) as response:
        page = await response.text()
    assert response.status == 409
    assert "Baik, Bu." in page
    assert "Lebih baru" in page


async def test_what_the_office_types_on_its_phone_is_nothing_newer(timed: Site) -> None:
    """An echo after the reply form was drawn is no word of the person's: the answer goes."""
    await timed.write("Kapan sidang saya?")
    page = await timed.conversation()
    form = await timed.form(page, f"{page}/reply")
    await _type_on_the_phone(timed)
    assert await timed.press(f"{page}/reply", {**form, "text": "Kamis pukul 10."}) == 303


async def test_what_was_written_elsewhere_is_nobodys_task(timed: Site, time: FakeClock) -> None:
    """A failure of an echo is told, and neither the worklist nor its bubble asks for a decision about it."""
    await timed.write("Halo")
    wamid = await _type_on_the_phone(timed)
    (echo,) = [m for m in await timed.messages() if m["direction"] == "outbound"]
    timed.meta.emit_status(wamid, "failed", to=SITI)
    await timed.until_status(echo["id"], "failed")
    time.advance(2 * 24 * 3600)
    assert await _worklist(timed) == []
    assert [form.get("action") for form in (await timed.bubble(echo["id"])).iter("form")] == []
    status, problem = await _resend(timed, echo["id"])
    assert (status, problem["reason"]) == (409, "already_answered")
