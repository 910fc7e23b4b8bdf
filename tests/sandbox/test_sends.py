from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.conftest import PHONE
from tests.sandbox.office import Office, text_body
from wabridge.sandbox import answers
from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.meta import PretendMeta

NOON = datetime(2026, 10, 1, 5, 0, tzinfo=UTC)


async def test_a_text_is_taken_and_answered_as_meta_does(meta: PretendMeta, office: Office) -> None:
    """A well-formed text is answered 200 with input, wa_id and a wamid, and Meta's headers."""
    async with office.post(text_body(biz_opaque_callback_data="a:1")) as response:
        said = await response.json()
        assert response.headers["Content-Type"] == "application/json; charset=UTF-8"
        assert response.headers["facebook-api-version"] == "v25.0"
        assert response.headers["x-fb-trace-id"]
    assert said == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": PHONE, "wa_id": PHONE[1:]}],
        "messages": [{"id": meta.accepted[0].wamid}],
    }
    assert (meta.accepted[0].to, meta.accepted[0].text) == (PHONE, "Selamat pagi")
    assert meta.accepted[0].callback_data == "a:1"
    assert meta.violations == []


async def test_requests_are_written_down_without_the_token(meta: PretendMeta, office: Office) -> None:
    """Each request is kept with its exact bytes and its headers but Authorization."""
    await office.send(text_body())
    recorded = meta.requests[0]
    assert recorded.body == text_body()
    assert recorded.path == f"/v25.0/{meta.account.phone_number_id}/messages"
    assert recorded.headers["Content-Type"] == "application/json"
    assert meta.account.access_token not in repr(recorded)


WRONG: list[tuple[str, dict[str, Any], int]] = [
    ("no product", {"messaging_product": None}, 100),
    ("unknown key", {"colour": "red"}, 100),
    ("no recipient", {"to": ...}, 131008),
    ("recipient without plus", {"to": "6281200001234"}, 131009),
    ("recipient with spaces", {"to": "+62 812 0000 1234"}, 131009),
    ("recipient is a number", {"to": 6281200001234}, 131009),
    ("recipient id without its country", {"to": ..., "recipient": "12345"}, 131009),
    ("group", {"recipient_type": "group"}, 131009),
    ("type the sandbox does not play", {"type": "order"}, 131051),
    ("no text", {"text": ...}, 131008),
    ("text is a string", {"text": "Halo"}, 131009),
    ("text without body", {"text": {}}, 131008),
    ("unknown key in text", {"text": {"body": "Halo", "bold": True}}, 100),
    ("empty body", {"text": {"body": " "}}, 131009),
    ("body of 4097 characters", {"text": {"body": "x" * 4097}}, 100),
    ("preview that is no boolean", {"text": {"body": "Halo", "preview_url": "no"}}, 131009),
    ("callback data of 513 characters", {"biz_opaque_callback_data": "x" * 513}, 100),
    ("callback data that is null", {"biz_opaque_callback_data": None}, 131009),
    ("context without a message", {"context": {}}, 131008),
    ("context that quotes no wamid", {"context": {"message_id": "17"}}, 131009),
    ("unknown key in context", {"context": {"message_id": "wamid.X", "from": "1"}}, 100),
]


@pytest.mark.parametrize(("changes", "code"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
async def test_a_wrong_body_is_refused_and_noted(
    meta: PretendMeta, office: Office, changes: dict[str, Any], code: int
) -> None:
    """A body that Meta would refuse gets Meta's code and is noted as a violation."""
    body = {key: value for key, value in {**text_body(), **changes}.items() if value is not ...}
    status, said = await office.send(body)
    assert (status, said["error"]["code"]) == (400, code)
    assert said["error"]["fbtrace_id"]
    assert len(meta.violations) == 1
    assert meta.accepted == []


async def test_the_longest_text_and_callback_data_are_taken(meta: PretendMeta, office: Office) -> None:
    """4096 characters of text and 512 of callback data are still within the limits."""
    status, _ = await office.send(text_body(text="é" * 4096, biz_opaque_callback_data="x" * 512))
    assert status == 200
    assert meta.violations == []


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff{}", b"[" * 100_000])
async def test_what_is_no_json_object_is_refused(meta: PretendMeta, office: Office, raw: bytes) -> None:
    """Bytes that are no JSON object are refused with code 100, not with a crash."""
    url = f"{meta.base_url}/v25.0/{meta.account.phone_number_id}/messages"
    headers = {"Authorization": f"Bearer {meta.account.access_token}", "Content-Type": "application/json"}
    async with office.session.post(url, data=raw, headers=headers) as response:
        assert (await response.json())["error"]["code"] == 100
    assert len(meta.violations) == 1


async def test_lenient_mode_refuses_without_noting(meta: PretendMeta, office: Office) -> None:
    """With `strict` off a wrong body is refused and nothing is noted."""
    meta.behaviour.strict = False
    status, _ = await office.send(text_body(colour="red"))
    assert status == 400
    assert meta.violations == []


async def test_a_wrong_token_is_401_with_code_190(meta: PretendMeta, office: Office) -> None:
    """Whoever does not know the access token is turned away, which is no violation."""
    status, said = await office.send(text_body(), token="stolen")
    assert (status, said["error"]["code"], said["error"]["type"]) == (401, 190, "OAuthException")
    assert meta.violations == []


async def test_an_unknown_number_is_code_100_subcode_33(office: Office) -> None:
    """A phone_number_id Meta does not know is answered with its GraphMethodException."""
    status, said = await office.send(text_body(), node="1")
    error = said["error"]
    assert (status, error["code"], error["error_subcode"], error["type"]) == (400, 100, 33, "GraphMethodException")
    assert "error_data" not in error


async def test_sending_to_oneself_is_refused(meta: PretendMeta, office: Office) -> None:
    """The business number is no recipient."""
    _, said = await office.send(text_body(to=f"+{meta.account.display_phone_number}"))
    assert said["error"]["code"] == 131021


async def test_a_send_to_a_user_id_is_answered_with_the_user_id(meta: PretendMeta, office: Office) -> None:
    """A business-scoped user id in `recipient` reaches its client and is named in the answer."""
    user_id = meta.handset(PHONE).person.user_id
    body = text_body(recipient=user_id)
    del body["to"]
    status, said = await office.send(body)
    assert status == 200
    assert said["contacts"] == [{"input": user_id, "user_id": user_id}]


async def test_an_unknown_user_id_is_undeliverable(office: Office) -> None:
    """A user id no client has is refused with 131026."""
    body = text_body(recipient="ID.999")
    del body["to"]
    _, said = await office.send(body)
    assert said["error"]["code"] == 131026


async def test_marking_as_read_gives_blue_ticks(meta: PretendMeta, office: Office) -> None:
    """Mark-as-read is answered with success and shows on the client's message and all before it."""
    meta.client_writes(PHONE, "Sri", "Halo")
    wamid = meta.client_writes(PHONE, "Sri", "Ada orang?")
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    assert await office.send({**body, "typing_indicator": {"type": "text"}}) == (200, {"success": True})
    assert [bubble.progress.name for bubble in meta.handset(PHONE).bubbles] == ["READ", "READ"]
    status, said = await office.send({**body, "message_id": "wamid.none"})
    assert (status, said["error"]["code"]) == (400, 131009)


async def test_the_number_describes_itself(meta: PretendMeta, office: Office) -> None:
    """GET on the number gives the default fields or those asked for, and refuses unknown ones."""
    url = f"{meta.base_url}/v24.0/{meta.account.phone_number_id}"
    headers = {"Authorization": f"Bearer {meta.account.access_token}"}
    async with office.session.get(url, headers=headers) as response:
        assert set(await response.json()) == {"id", "display_phone_number", "verified_name", "quality_rating"}
        assert response.headers["facebook-api-version"] == "v24.0"
    async with office.session.get(url, headers=headers, params={"fields": "status,throughput"}) as response:
        assert (await response.json())["status"] == "CONNECTED"
    async with office.session.get(url, headers=headers, params={"fields": "mood"}) as response:
        assert (await response.json())["error"]["code"] == 100
    async with office.session.get(url) as response:
        assert response.status == 401


async def test_an_unknown_path_is_noted(meta: PretendMeta, office: Office) -> None:
    """A call to an address the Cloud API does not have is refused and noted."""
    async with office.session.post(f"{meta.base_url}/messages") as response:
        assert response.status == 400
    assert len(meta.violations) == 1


@pytest.mark.parametrize(
    ("mode", "status", "words"), [("refuse", 400, []), ("async_fail", 200, ["failed"]), ("ignore", 200, ["sent"])]
)
async def test_outside_the_window(meta: PretendMeta, office: Office, mode: Any, status: int, words: list[str]) -> None:
    """To a client who has not written, 131047 comes at once, as a status, or not at all."""
    meta.behaviour.window_mode = mode
    meta.behaviour.deliver = False
    answered, said = await office.send(text_body(to="+6281200009999"))
    await meta.drain()
    assert answered == status
    assert [each["status"] for each in office.values("statuses")] == words
    if mode == "refuse":
        assert said["error"]["code"] == 131047
    if mode == "async_fail":
        failed = office.values("statuses")[0]
        assert failed["errors"][0]["code"] == 131047
        assert failed["id"] == said["messages"][0]["id"]
        assert "recipient_user_id" not in failed
        assert office.values("contacts") == []


async def test_the_window_closes_after_24_hours_and_opens_when_the_client_writes() -> None:
    """The window is counted from the client's last message by the given clock."""
    times = [NOON]
    meta = PretendMeta(Account.invented(), behaviour=Behaviour.instant(), now=lambda: times[0])
    meta.client_writes(PHONE, "Sri", "Halo")
    times[0] = NOON + timedelta(hours=23, minutes=59)
    assert meta.handset(PHONE).has_open_window(times[0])
    times[0] = NOON + timedelta(hours=24)
    assert not meta.handset(PHONE).has_open_window(times[0])
    meta.client_writes(PHONE, "Sri", "Halo lagi")
    assert meta.handset(PHONE).has_open_window(times[0])


async def test_speed_limits_hold_when_switched_on(meta: PretendMeta, office: Office) -> None:
    """Throughput and pair rate are off at first; switched on they refuse with their codes."""
    meta.behaviour.pair_rate = True
    codes = []
    for _ in range(46):
        _, said = await office.send(text_body())
        codes.append(said.get("error", {}).get("code"))
    assert codes == [None] * 45 + [131056]
    meta.behaviour.throughput_per_second = 1
    codes = [(await office.send(text_body(to="+6281200009999")))[1]["error"]["code"] for _ in range(2)]
    assert codes == [131047, 130429]


async def test_what_is_too_fast_is_counted_by_its_code(meta: PretendMeta, office: Office) -> None:
    """With Meta's own limits on, each refusal for speed is counted, and no other one."""
    meta.behaviour.limit_speed()
    for _ in range(48):
        await office.send(text_body())
    meta.answers.append(answers.graph_error(400, 131056))
    await office.send(text_body())
    assert meta.throttled == {131056: 3}


async def test_a_script_may_be_for_one_person_and_leave_the_rules_to_others(meta: PretendMeta, office: Office) -> None:
    """What is scripted for a person is not used up by others; a usual answer keeps window and limits in force."""
    meta.answers_to(PHONE).append(answers.graph_error(400, 131026))
    meta.answers.append(answers.usual())
    _, other = await office.send(text_body(to="+6281200009999"))
    assert other["error"]["code"] == 131047
    _, said = await office.send(text_body())
    assert said["error"]["code"] == 131026


async def test_any_code_may_come_by_webhook(meta: PretendMeta, office: Office) -> None:
    """The send is answered 200, and the code follows in a failed status."""
    meta.answers.append(answers.fail_later(131049))
    status, said = await office.send(text_body())
    assert status == 200
    await meta.drain()
    reports = [report for report in office.values("statuses") if report["id"] == said["messages"][0]["id"]]
    assert [(each["status"], each["errors"][0]["code"]) for each in reports] == [("failed", 131049)]
