"""Who a person is, from Meta's webhook to the lawyer's page: each change before, after and without Meta's own word."""

import pytest

from tests.journeys.site import SITI, Site, eventually
from tests.web.parsed import text_of
from wabridge.sandbox.faults import Fault


async def _heard(site: Site, contacts: int, alerts: int) -> list[dict[str, object]]:
    """Return the contacts once there are so many, with so many alerts together."""
    found: list[dict[str, object]] = []

    async def is_so() -> bool:
        found[:] = [(await site.call("GET", f"/contacts/{c['id']}"))[1] for c in await site.contacts()]
        return (len(found), sum(len(c["alerts"]) for c in found)) == (contacts, alerts)  # type: ignore[arg-type, misc]  # a list

    await eventually(is_so)
    return found


@pytest.mark.parametrize("occurrence", ["number_changed", "number_changed_late"])
async def test_a_new_number_leads_to_the_same_conversation(site: Site, occurrence: str) -> None:
    """Told first or told afterwards: one contact, one thread, both numbers kept, and the answer goes to the new one."""
    await site.write("Halo")
    conversation = await site.conversation()
    siti = site.meta.handset(SITI)
    site.meta.news.tell(occurrence, siti)
    if occurrence == "number_changed":
        site.meta.talk.write(siti, "Ini nomor baru saya.")
    (contact,) = await _heard(site, contacts=1, alerts=1)
    await site.until_filed("Ini nomor baru saya.", siti.person.phone)
    assert contact["alerts"][0]["kind"] == "number_changed"  # type: ignore[index]  # a list
    page = await site.show(conversation)
    assert {"Halo", "Ini nomor baru saya."} <= set(page.texts("div", "text"))
    assert len((await site.show("/inbox")).all("li", "line")) == 1
    form = {**await site.form(conversation, f"{conversation}/reply"), "text": "Kami pastikan dulu."}
    assert await site.press(f"{conversation}/reply", form) == 409
    assert await site.press(f"{conversation}/reply", {**form, "clearance": "call", "note": ""}) == 303

    async def is_accepted() -> bool:
        return [m.to for m in site.meta.accepted] == ["+" + siti.person.phone]

    await eventually(is_accepted)
    assert await site.banners() == []


async def test_a_new_number_nobody_told_of_is_another_person(site: Site) -> None:
    """Without Meta's word nothing links the two: a new lead, and no alert that would be a guess."""
    await site.write("Halo")
    site.meta.news.tell("number_changed_unsaid", site.meta.handset(SITI))
    await _heard(site, contacts=2, alerts=0)


async def test_a_changed_security_code_asks_for_a_decision(site: Site) -> None:
    """A program is refused with a reason and the alert's id, and may say that its message is not confidential."""
    await site.write("Halo")
    site.meta.news.tell("identity_changed", site.meta.handset(SITI))
    (contact,) = await _heard(site, contacts=1, alerts=1)
    alert = contact["alerts"][0]["id"]  # type: ignore[index]  # a list
    asked = {"to": "+" + SITI, "text": "Jadwal"}
    status, problem = await site.call("POST", "/messages", json=asked)
    assert (status, problem["reason"], problem["alert_id"]) == (409, "identity_unverified", alert)
    status, sent = await site.call("POST", "/messages", json={**asked, "acknowledged_alert": alert})
    assert (status, sent["hold"]) == (202, None)
    await site.until_status(sent["id"], "delivered")
    assert len(await site.banners()) == 1


async def test_somebody_without_a_number_is_read_and_answered(site: Site) -> None:
    """A message without a phone number is a conversation like any other, under a name, and is answered by account."""
    site.meta.behaviour.faults.add(Fault.HIDDEN_PHONE)
    siti = site.meta.handset(SITI, "Siti Rahayu")
    site.meta.talk.write(siti, "Tanpa nomor")
    await site.until_filed("Tanpa nomor", siti.person.user_id)
    conversation = await site.conversation(siti.person.user_id)
    for path in ("/inbox", conversation):
        said = text_of((await site.show(path)).one("main", id="main"))
        assert "nomor tidak ditampilkan WhatsApp" in said
        assert siti.person.user_id not in said
    assert await site.submit(conversation, f"{conversation}/reply", text="Baik, Bu.") == 303

    async def is_accepted() -> bool:
        return [m.to for m in site.meta.accepted] == [siti.person.user_id]

    await eventually(is_accepted)
    site.meta.behaviour.faults.discard(Fault.HIDDEN_PHONE)
    await site.write("Kini dengan nomor")
    assert len(await site.contacts()) == 1


@pytest.mark.parametrize("occurrence", ["user_id_changed", "user_id_updated"])
async def test_a_new_user_id_is_known_once_however_often_it_is_told(site: Site, occurrence: str) -> None:
    """By the system message, by the field of its own, or both: one contact, one thread, one alert, the old id kept."""
    await site.write("Halo")
    siti = site.meta.handset(SITI)
    before = siti.person.user_id
    site.meta.news.tell(occurrence, siti)
    await site.write("Masih saya")
    (contact,) = await _heard(site, contacts=1, alerts=1)
    ids = {i["value"]: i["replaced_at"] is None for i in contact["identities"]}  # type: ignore[attr-defined]  # a list
    assert (ids[before], ids[siti.person.user_id]) == (False, True)
    news = [message["kind"] for message in await site.messages() if message["kind"] == "system"]
    assert len(news) == (1 if occurrence == "user_id_changed" else 2)
    assert len((await site.show("/inbox")).all("li", "line")) == 1
