"""A conversation with every kind of message in it, for the gallery."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from tests.web.messages import NOW, inbound, outbound
from tests.whatsapp import samples
from wabridge.model.content import Content, Edit, Field, Handover, Media, Placeholder, Reaction
from wabridge.model.delivery import Delivery
from wabridge.model.ids import MessageId
from wabridge.model.message import Effect, Message

NAMES = [
    "image",
    "video",
    "voice_note",
    "audio_file",
    "document",
    "sticker",
    "image_that_could_not_be_fetched",
    "location",
    "location_of_the_moment",
    "contact_card_in_full",
    "contact_card_that_was_asked_for",
    "interactive_button_reply",
    "interactive_list_reply",
    "interactive_flow_reply",
    "interactive_call_allowed",
    "interactive_without_content",
    "button",
    "reaction",
    "reaction_removed",
    "order",
    "system_number_changed",
    "system_user_id_changed",
    "system_security_code_changed",
    "edit_of_text",
    "edit_of_image",
    "revoke",
    "text_forwarded",
    "text_forwarded_many_times",
    "text_from_an_advertisement",
    "text_about_a_product",
    "unsupported_poll",
    "unavailable",
    "unknown_in_the_old_form",
    "message_of_unknown_type",
]
LONG = "sangatpanjang" * 20


def messages() -> tuple[Message, ...]:
    """Return one message of each kind, what was done to some, and what nobody would believe."""
    read = [samples.first_message(name) for name in NAMES]
    plain = [
        inbound(100 + n, kind=message.type, text=message.text, content=message.content)
        for n, message in enumerate(read)
    ]
    return (*plain, *_changed(), *_unbelievable())


def _changed() -> tuple[Message, ...]:
    thumb = _effect(1, "reaction", content=Content(body=Reaction(emoji="👍")))
    heart = _effect(2, "reaction", content=Content(body=Reaction(emoji="❤️")))
    gone = _effect(3, "reaction", content=Content(body=Reaction()))
    edit = _effect(4, "edit", text="Sidang hari Selasa pukul 10.", content=Content(body=Edit(kind="text")))
    again = _effect(5, "edit", text="Sidang hari Rabu pukul 10.", content=Content(body=Edit(kind="text")))
    revoked = _effect(6, "revoke")
    known = Delivery(status="delivered", delivered_at=NOW)
    return (
        outbound(200, text="Baik, Bu.", effects=(thumb, heart), delivery=known),
        inbound(201, text="Terima kasih", effects=(thumb, gone)),
        inbound(202, text="Sidang hari Senin pukul 10.", effects=(edit, again, thumb)),
        inbound(203, text="Saya tidak jadi datang.", effects=(edit, revoked)),
        inbound(204, quotes_unknown=True, text="Yang ini?"),
        inbound(205, quoted_id=MessageId(104), text="Berkas ini, ya."),
        inbound(206, author_name="Budi Contoh", text="Dari grup"),
    )


def elsewhere() -> tuple[Message, ...]:
    """Return what was written in the phone app and by another party, now and in the past."""
    thumb = _effect(7, "reaction", content=Content(body=Reaction(emoji="👍")))
    heart = _effect(8, "reaction", content=Content(body=Reaction(emoji="❤️")), direction="outbound")
    handover = Content(body=Handover(previous="PREVIOUS", new="NEW", note="needs human"))
    typed: dict[str, Any] = {"author_kind": "app", "author_name": None}
    said = (
        outbound(500, text="Saya balas dari ponsel kantor.", **typed),
        outbound(501, text="Sudah sampai?", **typed | {"delivery": Delivery(status="delivered", delivered_at=NOW)}),
        inbound(502, text="Apakah kantor buka besok?", source="history", phone_status="read"),
        outbound(503, text="Buka, jam sembilan.", source="history", phone_status="read", **typed),
        inbound(504, kind="media_placeholder", text=None, source="history"),
        inbound(505, kind="handover", text=None, content=handover, source="standby"),
        inbound(506, text="Ada orang di sana?", source="standby"),
        outbound(507, text="Saya asisten.", source="standby", **typed | {"author_kind": "partner"}),
        inbound(508, text="Terima kasih banyak", effects=(thumb, heart)),
    )
    # But for one, WhatsApp has reported nothing of them.
    return tuple(message if message.id == 501 else replace(message, delivery=None) for message in said)


def _unbelievable() -> tuple[Message, ...]:
    fields = tuple(Field((f"{LONG} {n}", "dalam"), LONG) for n in range(3))
    media = Media(kind="document", file_name=LONG + ".pdf", mime_type=LONG, caption=LONG, file_id="1")
    return (
        inbound(300, kind="hologram", text=None, content=Content(body=Placeholder(fields=fields, note=LONG))),
        inbound(301, kind="document", text=None, content=Content(body=media, more=fields)),
    )


def _effect(minutes: int, kind: str, **said: Any) -> Effect:
    return Effect(id=MessageId(400 + minutes), kind=kind, at=NOW + timedelta(minutes=minutes), **said)
