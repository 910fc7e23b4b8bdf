"""Legal notices as programs see them."""

from typing import Any

import aiohttp
import pytest

from tests.noticing import TEXT, hear, pressed, sent
from tests.outbound import hear_from
from tests.web.served import OPERATOR, serve
from wabridge.core import tokens
from wabridge.core.office import Office

DRAFT = {"conversation_id": 1, "title": "Jadwal sidang", "text": TEXT}


async def ask(office: Office, method: str, path: str, **body: Any) -> tuple[int, Any]:
    """Call the API with a token of its own."""
    secret = await tokens.add(office, OPERATOR, f"program {path} {method}")
    async with (
        serve(office) as served,
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {secret}"}) as http,
        http.request(method, f"{served.url}/api/v1{path}", json=body or None) as response,
    ):
        return response.status, await response.json(content_type=None)


async def test_a_program_drafts_and_nothing_more(office: Office) -> None:
    """A draft gets its number; there is no way to approve or send it."""
    await hear_from(office)
    status, made = await ask(office, "POST", "/notices", **DRAFT, deadline_at="2026-03-05T10:00:00+07:00")
    assert status == 201
    assert (made["number"], made["level"], made["next_step"]) == ("NH-2026-000001", "draft", "approve")
    assert made["version"]["deadline_at"] == "2026-03-05T03:00:00Z"
    assert made["author"]["kind"] == "token"
    for path in ("/notices/1/approve", "/notices/1/send"):
        assert (await ask(office, "POST", path))[0] == 404


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"language": "nl"}, {"wanted": "perhaps"}, {"deadline_at": "2026-03-05T10:00:00"}]
)
async def test_a_draft_that_makes_no_sense_is_refused(office: Office, wrong: dict[str, str]) -> None:
    """Missing words, unknown fields and unknown levels are 422."""
    await hear_from(office)
    assert (await ask(office, "POST", "/notices", **{**DRAFT, **wrong}))[0] in (400, 422)


async def test_everything_that_happened_can_be_read(office: Office) -> None:
    """Level, approval, messages and events stand in the answer, alone and in the list."""
    found = await sent(office)
    await hear(office, pressed(found))
    status, said = await ask(office, "GET", f"/notices/{found.id}")
    assert status == 200
    assert (said["level"], said["reach"], said["place"]) == ("confirmed", "sent", "done")
    assert said["approval"]["recipient"]["name"] == "Ada Example"
    assert [message["purpose"] for message in said["messages"]] == ["notice"]
    answer = said["events"][-1]
    assert (answer["kind"], answer["word"], answer["objection"]) == ("answered", "confirmed", None)
    _, page = await ask(office, "GET", "/notices")
    assert [each["id"] for each in page["items"]] == [found.id]
    assert (await ask(office, "GET", "/notices/99"))[0] == 404
