"""Templates on their way to a pretend Meta that checks every parameter against what it approved."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.arrivals import column
from tests.clocks import NOON
from tests.gateway.dispatch import Sending, eventually
from tests.outbound import LAWYER, get, has_status, hear_from, staff_up
from tests.templates import ACCOUNT, HEARING, PAYMENT, PLACE, stock, values_for, with_account
from wabridge.core import template_messages
from wabridge.core.office import Office
from wabridge.core.template_messages import Order, Recipient
from wabridge.model import filling
from wabridge.model.delivery import Delivery
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.template import Template, TemplateId, VersionId, Wording
from wabridge.sandbox import answers
from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.changes import Changes
from wabridge.sandbox.courier import Courier
from wabridge.sandbox.filled import parse
from wabridge.sandbox.graph import GraphError
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.payloads import Json
from wabridge.sandbox.templates import Templates
from wabridge.storage import marketing, template_syncs, templates
from wabridge.storage.database import Transaction
from wabridge.whatsapp import template_messages as builder
from wabridge.whatsapp import templates as template_api

HEARING_VALUES = {
    "body.nama": "Ada",
    "body.nomor_perkara": "12/Pdt.G/2026",
    "body.tanggal": "Senin",
    "body.waktu": "09.00",
    "body.tempat": "PN Jakarta Selatan",
}
DOCUMENTS = {"body.1": "Ada", "body.2": "KTP", "body.3": "Jumat"}


@pytest.fixture
async def busy_office(office: Office) -> Office:
    """An office with people and a business account."""
    await staff_up(office)
    return with_account(office)


class Post(NamedTuple):
    """An office, its way out, and somebody who has not written for two days."""

    office: Office
    sending: Sending
    ids: dict[str, TemplateId]
    silent: ConversationId

    async def queue(self, name: str, values: dict[str, str]) -> MessageId:
        """Queue an Indonesian template."""
        order, recipient = Order(values, name=name, language="id"), Recipient(conversation_id=self.silent)
        return (await template_messages.queue(self.office, LAWYER, order, recipient)).message_id

    async def delivery_of(self, message_id: MessageId, status: str) -> Delivery:
        """Let the sender work until a message has this status; returns what is known of it."""
        async with self.sending() as run:
            run.ring()
            await eventually(lambda: has_status(self.office, message_id, status))
        delivery = (await get(self.office, message_id)).delivery
        assert delivery is not None
        return delivery

    async def change(self, work: Callable[[Transaction], object]) -> None:
        """Change something on the disk."""
        await self.office.database.write(work)


@pytest.fixture
async def post(busy_office: Office, sending: Sending) -> Post:
    """An office with the pretend office's templates, as listed a moment ago."""
    ids = await stock(busy_office)
    silent = await hear_from(busy_office, at=busy_office.clock.now() - timedelta(days=2))
    return Post(busy_office, sending, ids, silent)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ada_kabar", {}),
        ("pengingat_sidang", HEARING_VALUES),
        ("permintaan_dokumen", DOCUMENTS),
        ("pemberitahuan_hukum", {"body.nama": "Ada", "body.perihal": "jadwal", "body.isi": "Ditunda."}),
        (
            "pengingat_pembayaran",
            {"body.1": "Ada", "body.2": "INV-1", "body.3": "Rp1", "body.4": "Senin", "button.0": "INV-1"},
        ),
        (
            "undangan_pertemuan",
            {
                "header.latitude": "-6,2",
                "header.longitude": "106.8",
                "header.name": "Kantor",
                "header.address": "Jalan Satu",
                "body.nama": "Ada",
                "body.tanggal": "Rabu",
                "body.waktu": "14.00",
            },
        ),
        ("ucapan_hari_raya", {"body.1": "Ada", "button.0": "KODE1"}),
    ],
)
async def test_every_sort_of_template_reaches_the_person_as_it_was_shown(
    post: Post,
    meta: PretendMeta,
    name: str,
    values: dict[str, str],
) -> None:
    """What the pretend Meta makes of it is what the page showed; it finds nothing wrong with any parameter."""
    message_id = await post.queue(name, values)
    await post.delivery_of(message_id, "sent")
    assert meta.violations == []
    text = (await get(post.office, message_id)).text
    assert text is not None
    assert text in meta.accepted[0].text


WORDS = st.text(alphabet="abc {}*_1.,'é\U0001f600", min_size=1, max_size=30).filter(lambda said: bool(said.strip()))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.sampled_from([HEARING, PAYMENT, PLACE]), st.lists(WORDS, min_size=6, max_size=6))
def test_what_is_rendered_is_what_meta_makes_of_what_is_built(wording: Wording, said: list[str]) -> None:
    """For any values that fit, the page's rendering and Meta's, from the built request, are the same words."""
    values = values_for(wording)
    texts = [slot.key for slot in filling.slots(wording) if slot.kind == "text"]
    values |= dict(zip(texts, said, strict=False))
    values = filling.clean(values)
    if filling.check(wording, values):
        return
    template = Template(
        id=TemplateId(1),
        meta_id="1",
        name="contoh",
        language="id",
        category="utility",
        status="approved",
        status_at=NOON,
        version_id=VersionId(1),
        version=1,
        wording=wording,
        confirmed_at=NOON,
    )
    payloads = [f"q:{index}" for index in filling.reply_buttons(wording)]
    part = builder.build(filling.compose(template, values, approved=b"[]", payloads=payloads), media_id="5")
    seen = parse(part, _listing(wording))
    shown = filling.render(wording, values)
    place = ", ".join(shown.header.place) if shown.header else ""
    parts = (place or (shown.header.text if shown.header else ""), shown.body, shown.footer)
    assert seen.text == "\n\n".join(each for each in parts if each)
    assert [payload for _, payload in seen.replies] == payloads
    assert [target for _, target in seen.links] == [b.target for b in shown.buttons if b.kind != "quick_reply"]


def _listing(wording: Wording) -> Templates:
    """Return a pretend Meta's list with one template of this wording."""
    components: list[Json] = [{"type": "BODY", "text": wording.body}]
    if wording.header:
        header = {"type": "HEADER", "format": wording.header.kind.upper(), "text": wording.header.text}
        components.insert(0, header)
    if wording.footer:
        components.append({"type": "FOOTER", "text": wording.footer})
    buttons = [
        {"type": button.kind.upper(), "text": button.text, "url": button.target, "phone_number": button.target}
        for button in wording.buttons
    ]
    components += [{"type": "BUTTONS", "buttons": buttons}] if buttons else []
    account, behaviour = Account.invented(), Behaviour()
    listing = Templates(account, behaviour, Courier(account, behaviour, Changes()), lambda: NOON)
    format_ = wording.format.upper()
    listing.add(
        {
            "name": "contoh",
            "language": "id",
            "status": "APPROVED",
            "category": "UTILITY",
            "parameter_format": format_,
            "components": components,
        }
    )
    return listing


async def test_a_template_paused_before_it_leaves_is_not_sent(post: Post, meta: PretendMeta) -> None:
    """Between queueing and sending Meta withdrew it: the message fails with a sentence, and nothing goes out."""
    message_id = await post.queue("pengingat_sidang", HEARING_VALUES)
    now = post.office.clock.now()
    await post.change(lambda tx: templates.set_status(tx, post.ids["pengingat_sidang id"], "paused", at=now))
    assert (await post.delivery_of(message_id, "failed")).failure_code == -3
    assert meta.requests == []


async def test_a_template_reworded_before_it_leaves_is_not_sent(post: Post, meta: PretendMeta) -> None:
    """Nobody gets a wording that its sender has not seen."""
    message_id = await post.queue("pengingat_sidang", HEARING_VALUES)
    meta.templates.reword("pengingat_sidang", "id", "Lain {{nama}} sekali.", is_told=False)
    await stock_from(post, meta)
    assert (await post.delivery_of(message_id, "failed")).failure_code == -4
    assert meta.requests == []


async def stock_from(post: Post, meta: PretendMeta) -> None:
    """Let the office know the templates as the pretend Meta has them now."""
    listed = template_api.parse(json.dumps({"data": meta.templates.entries}).encode()).templates
    at = post.office.clock.now() + timedelta(seconds=1)

    await post.change(lambda tx: [templates.put(tx, ACCOUNT, each, at=at) for each in listed])


async def test_who_stops_advertising_before_it_leaves_gets_none(post: Post, meta: PretendMeta) -> None:
    """The person's wish counts at the moment of sending."""
    message_id = await post.queue("ucapan_hari_raya", {"body.1": "Ada", "button.0": "KODE1"})
    (contact_id,) = await column(post.office.database, "SELECT contact_id FROM conversation")
    now = post.office.clock.now()
    await post.change(
        lambda tx: marketing.set_choice(tx, contact_id, "stop", said_at=now, event_id=1)  # type: ignore[arg-type]
    )
    assert (await post.delivery_of(message_id, "failed")).failure_code == 131050
    assert meta.requests == []


@pytest.mark.parametrize(
    ("code", "status", "is_wanted"),
    [(132015, "paused", True), (132016, "disabled", True), (132001, "approved", True), (132007, "approved", False)],
)
async def test_what_meta_says_of_a_template_is_noted_with_it(
    post: Post,
    meta: PretendMeta,
    code: int,
    status: str,
    is_wanted: bool,
) -> None:
    """A refusal that is about the template stops it for everybody at once, and has the list fetched."""
    meta.answers.append(answers.refuse(GraphError(http=400, code=code, title="Template trouble")))
    message_id = await post.queue("pengingat_sidang", HEARING_VALUES)
    await post.delivery_of(message_id, "failed")
    template = await post.office.database.read(lambda tx: templates.get(tx, post.ids["pengingat_sidang id"]))
    state = await post.office.database.read(lambda tx: template_syncs.get(tx, ACCOUNT))
    assert template is not None
    assert (template.status, state.is_wanted) == (status, is_wanted)


async def test_a_template_that_meta_holds_is_said_to_be_held(post: Post, meta: PretendMeta) -> None:
    """An answer that Meta checks the template first is neither sent nor failed: held, with its time."""
    meta.answers.append(answers.hold())
    message_id = await post.queue("permintaan_dokumen", DOCUMENTS)
    delivery = await post.delivery_of(message_id, "sent")
    assert delivery.held
    assert delivery.accepted_at is not None
