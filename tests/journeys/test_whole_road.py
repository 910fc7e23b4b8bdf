"""A client writes, a lawyer answers, the status comes back."""

from pathlib import Path

from tests.journeys.site import SITI, Site, make_settings, open_site
from wabridge.sandbox import answers
from wabridge.sandbox.meta import PretendMeta


async def test_a_message_becomes_a_lead_and_an_answer_comes_back_with_its_status(site: Site) -> None:
    """The whole road: webhook, lead, page, form, Cloud API, delivered, read."""
    await site.write("Halo, saya ditipu pengembang")
    inbox = await site.show("/inbox")
    assert (inbox.texts("span", "name"), inbox.texts("span", "badge")) == (["Siti Rahayu"], ["Calon klien"])
    conversation = await site.conversation()
    assert "Halo, saya ditipu pengembang" in (await site.show(conversation)).texts("div", "text")
    assert await site.submit(conversation, f"{conversation}/reply", text="Selamat siang, Bu Siti.") == 303
    sent = (await site.messages())[-1]
    await site.until_status(sent["id"], "delivered")
    site.meta.emit_status(site.meta.accepted[0].wamid, "read")
    await site.until_status(sent["id"], "read")
    await site.until_reports(sent["id"], "sent", "delivered", "read")
    assert [m.text for m in site.meta.accepted] == ["Selamat siang, Bu Siti."]
    assert site.meta.violations == []


async def test_pressing_send_twice_sends_once(site: Site) -> None:
    """The same form submitted again gives the same answer and no second message."""
    await site.write("Halo")
    conversation = await site.conversation()
    form = {**await site.form(conversation, f"{conversation}/reply"), "text": "Baik."}
    assert await site.press(f"{conversation}/reply", form) == 303
    assert await site.press(f"{conversation}/reply", form) == 303
    await site.until_status((await site.messages())[-1]["id"], "delivered")
    assert len(site.meta.accepted) == 1


async def test_a_timeout_after_meta_took_it_is_settled_by_its_status(tmp_path: Path, meta: PretendMeta) -> None:
    """A send without an answer is unknown, is settled by the status with our token, and is never sent twice."""
    async with open_site(make_settings(tmp_path, meta), meta) as site:
        await site.write("Halo")
        meta.behaviour.report_sent = meta.behaviour.deliver = False
        meta.answers.append(answers.reset_after_accepting())
        message = await site.reply("Satu kali saja")
        await site.until_status(message, "unknown")
        taken = meta.accepted[0]
        meta.emit_status(taken.wamid, "delivered", to=SITI, callback_data=taken.callback_data)
        await site.until_status(message, "delivered")
        assert len(meta.accepted) == 1


async def test_what_waits_survives_a_restart(tmp_path: Path, meta: PretendMeta) -> None:
    """A reply that could not go out yet goes out after a restart."""
    settings = make_settings(tmp_path, meta)
    async with open_site(settings, meta) as site:
        await site.write("Halo")
        meta.answers.append(answers.graph_error(503, 2))
        message = await site.reply("Setelah dihidupkan lagi")
        await site.until_tried(message)
    async with open_site(settings, meta) as site:
        await site.until_status(message, "delivered")
        assert len(meta.accepted) == 1
