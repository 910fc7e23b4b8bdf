"""Wordings that tests of templates share, and values that fit them."""

import json
from dataclasses import replace

from wabridge.core.office import Office
from wabridge.model import filling
from wabridge.model.template import Button, Header, Template, TemplateId, Wording
from wabridge.model.template_sync import DAILY
from wabridge.sandbox import catalogue
from wabridge.storage import template_syncs, templates
from wabridge.storage.database import Transaction
from wabridge.whatsapp import templates as template_api

ACCOUNT = "102290129340398"

HEARING = Wording(
    format="named",
    header=Header("text", "Perkara {{nomor}}"),
    body="Yth. {{nama}}, sidang pada *{{tanggal}}* di PN Jakarta Selatan.",
    footer="Kantor Hukum",
    buttons=(Button(kind="quick_reply", text="Saya hadir"), Button(kind="quick_reply", text="Ada pertanyaan")),
)
PAYMENT = Wording(
    header=Header("document"),
    body="Yth. {{1}}, tagihan {{2}} jatuh tempo.",
    buttons=(
        Button(kind="url", text="Lihat", target="https://kantor.example/{{1}}"),
        Button(kind="phone_number", text="Telepon", target="+622150005000"),
        Button(kind="copy_code"),
    ),
)
PLACE = Wording(header=Header("location"), body="Kita bertemu di sini pada {{1}} ya.")

_FITTING = {"file": "7", "latitude": "-6.2", "longitude": "106.8", "suffix": "INV-1", "code": "KODE1"}


def values_for(wording: Wording) -> dict[str, str]:
    """Return something that fits for every place."""
    return {slot.key: _FITTING.get(slot.kind, f"isi {slot.name}") for slot in filling.slots(wording)}


def with_account(office: Office) -> Office:
    """Return the office with a business account set up."""
    whatsapp = replace(office.settings.whatsapp, business_account_id=ACCOUNT)
    return replace(office, settings=replace(office.settings, whatsapp=whatsapp))


async def stock(office: Office) -> dict[str, TemplateId]:
    """Let Meta have listed the pretend office's templates just now; returns their ids by "name language"."""
    now = office.clock.now()
    listed = template_api.parse(json.dumps({"data": catalogue.invent()}).encode()).templates

    def work(tx: Transaction) -> list[Template]:
        for each in listed:
            templates.put(tx, ACCOUNT, each, at=now)
        template_syncs.set_good(tx, ACCOUNT, begun_at=now, unreadable=0, next_at=now + DAILY)
        return templates.list_all(tx, ACCOUNT)

    return {f"{each.name} {each.language}": each.id for each in await office.database.write(work)}
