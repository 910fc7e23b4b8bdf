import asyncio

import aiohttp
import pytest

from tests.sandbox.conftest import PHONE
from tests.sandbox.office import Office, text_body
from wabridge.sandbox import answers
from wabridge.sandbox.answers import Answer
from wabridge.sandbox.meta import PretendMeta

SHORT = aiohttp.ClientTimeout(total=0.3)


async def test_answers_are_used_up_in_order(meta: PretendMeta, office: Office) -> None:
    """Scripted answers go to the next sends in turn; then the usual answer returns."""
    meta.answers.extend([answers.graph_error(500, 131000), answers.token_invalid(), answers.accept()])
    outcomes = [await office.send(text_body()) for _ in range(4)]
    assert [status for status, _ in outcomes] == [500, 401, 200, 200]
    assert outcomes[0][1]["error"]["message"] == "(#131000) Something went wrong"
    assert (outcomes[1][1]["error"]["code"], outcomes[1][1]["error"]["error_subcode"]) == (190, 463)
    assert not meta.answers


async def test_a_wrong_request_uses_no_answer_up(meta: PretendMeta, office: Office) -> None:
    """Refusals and mark-as-read leave the script for the next well-formed send."""
    meta.answers.append(answers.empty())
    await office.send(text_body(), token="wrong")
    await office.send(text_body(colour="red"))
    wamid = meta.client_writes(PHONE, "Sri", "Halo")
    await office.send({"messaging_product": "whatsapp", "status": "read", "message_id": wamid})
    assert len(meta.answers) == 1


async def test_an_error_may_come_as_answer_and_as_status(meta: PretendMeta, office: Office) -> None:
    """With `also_status` the refused send is reported as failed too, with its callback data."""
    meta.answers.append(
        answers.graph_error(400, 131026, message="Message undeliverable", details="No.", subcode=7, also_status=True)
    )
    status, said = await office.send(text_body(biz_opaque_callback_data="a:7"))
    await meta.drain()
    assert status == 400
    assert said["error"]["error_data"] == {"messaging_product": "whatsapp", "details": "No."}
    assert said["error"]["error_subcode"] == 7
    failed = office.values("statuses")[0]
    assert (failed["status"], failed["biz_opaque_callback_data"]) == ("failed", "a:7")
    assert failed["errors"][0]["code"] == 131026
    assert meta.accepted == []


PAGES = [
    (answers.html(502), 502, "text/html", b"<!DOCTYPE html>"),
    (answers.html(200), 200, "text/html", b"<!DOCTYPE html>"),
    (answers.empty(200), 200, "text/plain", b""),
    (answers.empty(503), 503, "text/plain", b""),
    (answers.without_id(), 200, "application/json", b"{"),
    (answers.not_json(), 200, "application/json", b"OK"),
    (answers.huge(3_000_000), 200, "application/json", b" "),
]


@pytest.mark.parametrize(("answer", "status", "content_type", "beginning"), PAGES)
async def test_strange_answers_are_given_word_for_word(
    meta: PretendMeta, office: Office, answer: Answer, status: int, content_type: str, beginning: bytes
) -> None:
    """Pages, nothing, JSON without an id and huge bodies come as scripted, nothing accepted."""
    meta.answers.append(answer)
    async with office.post(text_body()) as response:
        body = await response.read()
        assert (response.status, response.content_type) == (status, content_type)
        assert body.startswith(beginning)
    assert meta.accepted == []


async def test_a_redirect_names_where(meta: PretendMeta, office: Office) -> None:
    """A 307 carries its Location."""
    meta.answers.append(answers.redirect(meta.base_url + "/elsewhere"))
    async with office.post(text_body()) as response:
        assert (response.status, response.headers["Location"]) == (307, meta.base_url + "/elsewhere")


async def test_a_strange_answer_may_hide_an_accepted_message(meta: PretendMeta, office: Office) -> None:
    """With `accepted` the message goes its way although the answer says nothing of use."""
    meta.answers.append(answers.html(502, accepted=True))
    async with office.post(text_body()) as response:
        assert response.status == 502
    await meta.drain()
    assert sorted(office.words(meta.accepted[0].wamid)) == ["delivered", "sent"]


@pytest.mark.parametrize(
    ("answer", "accepted"), [(answers.hang_before_accepting(), 0), (answers.hang_after_accepting(), 1)]
)
async def test_a_hanging_answer_never_comes(meta: PretendMeta, office: Office, answer: Answer, accepted: int) -> None:
    """A hanging send times out; whether the message was taken shows in its statuses alone."""
    meta.answers.append(answer)
    with pytest.raises(TimeoutError):
        await office.send(text_body(), timeout=SHORT)
    await meta.drain()
    assert len(meta.accepted) == accepted
    assert len(office.values("statuses")) == 2 * accepted


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [
        (answers.reset_before_accepting(), 0),
        (answers.reset_after_accepting(), 1),
        (answers.cut_after_accepting(), 1),
    ],
)
async def test_a_broken_connection_gives_no_answer(
    meta: PretendMeta, office: Office, answer: Answer, accepted: int
) -> None:
    """A reset or an answer cut in half is an error to the sender, taken or not."""
    meta.answers.append(answer)
    with pytest.raises(aiohttp.ClientError):
        await office.send(text_body())
    await meta.drain()
    assert len(meta.accepted) == accepted
    assert len(office.values("statuses")) == 2 * accepted


async def test_a_slow_answer_was_taken_before(meta: PretendMeta, office: Office) -> None:
    """The statuses of a slowly answered send are there before its answer."""
    meta.answers.append(answers.slow(60))
    sending = asyncio.ensure_future(office.send(text_body()))
    await meta.wait_until(lambda: len(meta.accepted) == 1)
    await meta.drain()
    assert sorted(office.words(meta.accepted[0].wamid)) == ["delivered", "sent"]
    assert not sending.done()
    await meta.stop()
    await asyncio.wait([sending])
    assert sending.exception() is None or isinstance(sending.exception(), aiohttp.ClientError)


async def test_a_status_may_overtake_the_answer(meta: PretendMeta, office: Office) -> None:
    """With `status_first` the `sent` webhook is acknowledged before the answer, and comes once."""
    meta.answers.append(answers.status_first())
    meta.behaviour.deliver = False
    sending = asyncio.ensure_future(office.send(text_body()))
    await meta.wait_until(lambda: meta.courier.acknowledged_count == 1)
    assert not sending.done()
    await sending
    await meta.drain()
    assert office.words(meta.accepted[0].wamid) == ["sent"]


async def test_stopping_ends_what_hangs(meta: PretendMeta, office: Office) -> None:
    """A hanging send never keeps the pretend Meta from stopping."""
    meta.answers.append(answers.hang_after_accepting())
    sending = asyncio.ensure_future(office.send(text_body()))
    await meta.wait_until(lambda: len(meta.accepted) == 1)
    async with asyncio.timeout(5):
        await meta.stop()
    with pytest.raises(aiohttp.ClientError):
        await sending


async def test_it_starts_again_on_the_same_port(meta: PretendMeta, office: Office) -> None:
    """After a stop connections are refused; after the next start on that port it goes on."""
    port = int(meta.base_url.rpartition(":")[2])
    await meta.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await office.send(text_body())
    await meta.start(port=port)
    assert (await office.send(text_body()))[0] == 200
