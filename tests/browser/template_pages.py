"""The pages of templates in every state, drawn from the pretend office's list."""

import json
from datetime import timedelta
from typing import Any

import msgspec

from tests.web.messages import NOW, inbound, line, view
from tests.web.messages import person as contact
from wabridge.core.templates import TemplatesView
from wabridge.model import filling
from wabridge.model.contact import MarketingChoice
from wabridge.model.content import Field
from wabridge.model.enclosure import Addressee, Enclosure
from wabridge.model.identity import Alert
from wabridge.model.ids import ContactId, EnclosureId
from wabridge.model.media import Kept
from wabridge.model.template import STATUSES, Template, TemplateId, Version, VersionId
from wabridge.model.template_sync import SyncState
from wabridge.sandbox import catalogue
from wabridge.web import header_files
from wabridge.web.recipients import Recipient
from wabridge.whatsapp import templates as template_api

Case = tuple[str, dict[str, Any]]

LONG = "pemberitahuan_dengan_nama_yang_panjang_sekali_" * 4
GOOD = SyncState(begun_at=NOW, good_at=NOW, next_at=NOW + timedelta(days=1))
BAD = SyncState(
    begun_at=NOW,
    good_at=NOW - timedelta(days=3),
    failed_at=NOW,
    failures=2,
    reason="token",
    code=190,
    said="Error validating access token: " + "x" * 200,
    unreadable=2,
    next_at=NOW,
)


def cases() -> dict[str, Case]:
    """Return each state with its page and what it is drawn from."""
    known = _known()
    payment = next(each for each in known if each.name == "pengingat_pembayaran")
    letter = next(each for each in known if each.name == "pemberitahuan_hukum_berkas")
    greeting = next(each for each in known if each.name == "ucapan_hari_raya")
    paused = msgspec.structs.replace(
        payment,
        name=LONG,
        status="paused",
        paused_until=NOW + timedelta(hours=3),
        reason="NONE",
        said="Paused for 3 hours. " * 9,
        wording=msgspec.structs.replace(payment.wording, unknown=(Field(("cards", "1"), "x" * 300),)),
    )
    person = Recipient.of_conversation(view(inbound(), line=line(contact())))
    doubtful = Recipient(contact_id=ContactId(1), contact=contact(), alerts=(_alert(),))
    unwilling = Recipient(
        contact_id=ContactId(1), contact=contact(), marketing=MarketingChoice("stop", NOW - timedelta(days=1))
    )
    return {
        "templates": _listing("templates.html", known),
        "templates-empty": _listing("templates.html", ()),
        "templates-failing": _listing("templates.html", (), sync=BAD, total=15),
        "template": _one(payment),
        "template-paused": _one(paused),
        "template-choice": _listing("choose_template.html", known, recipient=person),
        "template-no-choice": _listing("choose_template.html", (), recipient=person),
        "template-form": _form(payment, person),
        "template-form-refused": _form(
            payment,
            doubtful,
            values={"body.1": "x     y", "body.2": "sangatpanjang" * 30},
            problems={"body.1": "spaces", "body.3": "missing", "button.0": "not_in_address"},
            refusal="Not sent: something does not fit yet. It stands beside the slot.",
            newer=(inbound(7, text="Saya sudah kirim"),),
        ),
        "template-form-unwelcome": _form(greeting, unwilling, may_send=False),
        "template-form-new": _form(payment, Recipient()),
        "template-form-file": _form(letter, Recipient()),
        "template-form-file-kept": _form(
            letter, person, values={"header": "7"}, file=kept_letter(), problems={"header": "wrong_kind"}
        ),
    }


def _known() -> tuple[Template, ...]:
    """Return the pretend office's templates, and one for each status there is."""
    listed = template_api.parse(json.dumps({"data": catalogue.invent()}).encode()).templates
    listed += tuple(
        msgspec.structs.replace(listed[0], name=f"contoh_{n}", status=status)
        for n, status in enumerate((*STATUSES, "WORD_OF_TOMORROW"))
    )
    return tuple(
        Template(
            id=TemplateId(number),
            meta_id=each.meta_id,
            name=each.name,
            language=each.language,
            category=each.category,
            status=each.status,
            status_at=NOW,
            version_id=VersionId(number),
            version=1,
            wording=each.wording,
            confirmed_at=NOW,
            examples=each.examples,
            quality=each.quality,
            missing_since=NOW if number == 20 else None,
        )
        for number, each in enumerate(listed, 1)
    )


def _listing(page: str, items: tuple[Template, ...], *, sync: SyncState = GOOD, total: int = 0, **more: Any) -> Case:
    shown = TemplatesView(
        items=items,
        total=total or len(items),
        sendable=sum(each.can_be_sent for each in items),
        languages={"id": 12, "en_US": 3, "xx": 1},
        categories={"utility": 12, "marketing": 2, "WORD_OF_TOMORROW": 1},
        sync=sync,
        can_sync=True,
    )
    wanted = {"words_wanted": "", "language": "id", "category": "", "only_sendable": False, "may_refresh": True}
    return page, {"view": shown, **wanted, "here": "/templates", **more}


def _one(template: Template) -> Case:
    versions = tuple(
        Version(id=VersionId(n), number=n, wording=template.wording, components=b"[]", seen_at=NOW) for n in (2, 1)
    )
    shown = filling.render(template.wording, template.examples)
    return "template.html", {"template": template, "versions": versions, "shown": shown, "may_send": True}


def _form(template: Template, recipient: Recipient, *, values: dict[str, str] | None = None, **more: Any) -> Case:
    given = {
        "recipient": recipient,
        "template": template,
        "slots": filling.slots(template.wording, template.examples),
        "values": values or {},
        "shown": filling.render(template.wording, values or {}),
        "problems": {},
        "refusal": None,
        "newer": (),
        "seen": 1,
        "to": "",
        "typed": {},
        "form_token": "t",
        "note_limit": 500,
        "may_send": True,
        "file": None,
        "accepts": header_files.ACCEPT,
        "unfit": None,
    }
    return "fill_template.html", {**given, **more}


def kept_letter() -> Enclosure:
    """Return a file that waits to go above a text."""
    return Enclosure(
        id=EnclosureId(7),
        addressee=Addressee(contact_id=ContactId(1)),
        actor_kind="staff",
        actor_id=1,
        handed_in_at=NOW,
        kind="image",
        mime_type="image/jpeg",
        name="Surat somasi kedua kepada PT Sumber Makmur Sejahtera Abadi tentang wanprestasi, lampiran 1 sampai 7.jpg",
        is_voice=False,
        is_animated=False,
        kept=Kept("0" * 32, "contact/1", 1_234_567),
        sha256="0" * 64,
    )


def _alert() -> Alert:
    return Alert(
        id=1,
        contact_id=ContactId(1),
        kind="number_changed",
        happened_at=NOW,
        raised_at=NOW,
        old_value="6281234567890",
        new_value="6281299990000",
    )
