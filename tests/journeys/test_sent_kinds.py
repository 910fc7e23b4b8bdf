"""Every kind that can be sent, from the API to the client's phone and back again."""

from typing import Any

import aiohttp
import pytest

from tests.documents import VOICE
from tests.journeys.site import SITI, Site, eventually

KINDS: dict[str, dict[str, Any]] = {
    "location": {"content": {"type": "location", "latitude": -6.2, "longitude": 106.8, "name": "Kantor"}},
    "contacts": {"content": {"type": "cards", "cards": [{"name": "Dewi Lestari", "phones": [{"number": "0811-1"}]}]}},
    "buttons": {
        "text": "Jadi?",
        "content": {"type": "buttons", "buttons": [{"title": "Ya", "button_id": "y"}], "footer": "Kantor"},
    },
    "menu": {
        "text": "Kapan?",
        "content": {"type": "menu", "label": "Pilih", "sections": [{"rows": [{"title": "Pagi"}, {"title": "Sore"}]}]},
    },
    "link": {"text": "Lihat", "content": {"type": "link_button", "label": "Buka", "url": "https://kantor.example/7"}},
    "number": {"text": "Nomor?", "content": {"type": "number_request"}},
    "where": {"text": "Di mana?", "content": {"type": "location_request"}},
}


DOCUMENTS = {
    "template": {
        "name": "permintaan_dokumen",
        "language": "id",
        "values": {"body.1": "Ibu Siti", "body.2": "KTP", "body.3": "Jumat"},
    }
}


async def queue(site: Site, wanted: dict[str, Any]) -> int:
    """Send something to Siti and return its id once it is on her phone."""
    status, message = await site.call("POST", "/messages", json={"to": "+" + SITI, **wanted})
    assert status == 202, message
    await site.until_status(message["id"], "delivered")
    return int(message["id"])


async def test_every_kind_reaches_the_phone(site: Site) -> None:
    """Each kind is taken by Meta without a violation, in the order in which it was queued."""
    await site.write("Halo")
    for wanted in KINDS.values():
        await queue(site, wanted)
    assert [message.bubble.kind for message in site.meta.accepted] == [
        "location",
        "contacts",
        *["interactive"] * 5,
    ]
    assert site.meta.violations == []


@pytest.mark.parametrize(
    ("kind", "chosen"),
    [
        ("buttons", {"choice_id": "y", "title": "Ya"}),
        ("menu", {"choice_id": "Pagi", "title": "Pagi"}),
        ("template", {"title": "Akan saya kirim"}),
    ],
)
async def test_an_answer_by_button_says_which_and_of_which_message(
    site: Site, kind: str, chosen: dict[str, str]
) -> None:
    """What the client taps comes back with id and title, and names our message: buttons, a list's row, a template's."""
    await site.write("Halo")
    asked = await queue(site, KINDS.get(kind, DOCUMENTS))
    bubble = site.meta.accepted[0].bubble
    site.meta.talk.choose(site.meta.handset(SITI), bubble, bubble.choices[0])
    await site.meta.drain()

    async def has_answered() -> bool:
        return len(await site.messages()) == 3

    await eventually(has_answered)
    answer = (await site.messages())[-1]
    assert answer["content"]["type"] == "choice"
    assert {name: answer["content"][name] for name in chosen} == chosen
    assert answer["quoted_id"] == asked


async def test_reactions_and_answers_go_to_the_message_they_mean(site: Site) -> None:
    """An emoji stands under the client's message on the phone, changes and goes; an answer quotes it there."""
    await site.write("Halo")
    (first,) = await site.messages()
    bubble = site.meta.handset(SITI).bubbles[0]
    for emoji in ("👍", "🙏", None):
        reaction = {"type": "reaction", "message_id": first["id"], "emoji": emoji}
        status, queued = await site.call("POST", "/messages", json={"to": "+" + SITI, "content": reaction})
        assert status == 202
        await site.until_status(queued["id"], "sent")
        assert bubble.office_reaction == (emoji or "")
    await queue(site, {"text": "Baik.", "quoted_id": first["id"]})
    assert site.meta.accepted[-1].bubble.quoted_text == "Halo"
    assert site.meta.violations == []


async def test_a_reaction_to_a_deleted_message_fails_and_says_why(site: Site) -> None:
    """The emoji does not stand under the message, the failure is told, and its sentence is about reactions."""
    await site.write("Halo")
    (first,) = await site.messages()
    site.meta.handset(SITI).bubbles.clear()
    reaction = {"type": "reaction", "message_id": first["id"], "emoji": "👍"}
    status, queued = await site.call("POST", "/messages", json={"to": "+" + SITI, "content": reaction})
    assert status == 202
    await site.until_status(queued["id"], "failed")
    assert (await site.message(first["id"]))["reactions"] == []
    (failure,) = (await site.show(await site.conversation())).texts("div", "failure")
    assert failure.startswith("WhatsApp tidak memasang reaksi pada pesan itu")
    assert "Tulislah jawaban" in " ".join((await site.show("/worklist")).texts("li"))
    assert site.meta.violations == []


async def test_a_recording_is_a_voice_message_or_an_audio_file(site: Site) -> None:
    """The same recording goes as the one with `voice`, and as the other without a word about it."""
    await site.write("Halo")
    for is_voice in (True, False):
        form = aiohttp.FormData(default_to_multipart=True, quote_fields=False)
        form.add_field("to", "+" + SITI)
        form.add_field("file", VOICE, filename="catatan.ogg")
        status, file = await site.call("POST", "/files", data=form)
        assert status == 201
        await queue(site, {"file_id": file["id"], "is_voice": is_voice})
    assert [request.body["audio"].get("voice") for request in site.meta.requests] == [True, None]
    assert {upload.mime_type for upload in site.meta.uploads} == {"audio/ogg; codecs=opus"}
    assert site.meta.violations == []


async def test_a_long_text_arrives_in_order(site: Site) -> None:
    """The parts of a long text are messages of their own and reach the phone one behind the other."""
    await site.write("Halo")
    text = "\n\n".join(f"Pasal {number}. " + "isi " * 900 for number in range(1, 4))
    asked = {"to": "+" + SITI, "text": text, "in_parts": True}
    status, first = await site.call("POST", "/messages", json=asked)
    assert status == 202
    for message_id in (first["id"], *first["further_ids"]):
        await site.until_status(message_id, "delivered")
    arrived = [message.text for message in site.meta.accepted]
    assert len(arrived) == 3
    assert [part.split(".")[0] for part in arrived] == ["Pasal 1", "Pasal 2", "Pasal 3"]
