"""Programs that send templates."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from tests.arrivals import column
from tests.templates import stock, with_account
from tests.web.desk import OPERATOR, Desk, open_desk
from wabridge.core import tokens
from wabridge.core.office import Office

DOCUMENTS = {"body.1": "Ibu Ada", "body.2": "KTP", "body.3": "Jumat"}


class Program:
    """A program with a token."""

    def __init__(self, desk: Desk, secret: str) -> None:
        self._desk = desk
        self._headers = {"Authorization": f"Bearer {secret}"}

    async def send(self, key: str | None = None, **body: Any) -> tuple[int, Any]:
        """Ask for a message; returns status and answer."""
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        url = f"{self._desk.url}/api/v1/messages"
        async with self._desk.http.post(url, json={"to": "0812-9999-0000", **body}, headers=headers) as response:
            return response.status, msgspec.json.decode(await response.read())


@pytest.fixture
async def office_with_templates(office: Office) -> Office:
    """An office with a business account and the pretend office's templates."""
    stocked = with_account(office)
    await stock(stocked)
    return stocked


@pytest.fixture
async def program(office_with_templates: Office) -> AsyncIterator[Program]:
    """A program of that office."""
    async with open_desk(office_with_templates) as desk:
        yield Program(desk, await tokens.add(desk.office, OPERATOR, "calendar"))


def template(name: str = "permintaan_dokumen", **values: str) -> dict[str, Any]:
    """Return what a program writes about a template."""
    return {"name": name, "language": "id", "values": {key.replace("__", "."): said for key, said in values.items()}}


async def test_a_program_sends_a_template_to_a_number(program: Program) -> None:
    """202 with the message as it is kept: its words, what was filled in, and what was approved."""
    status, message = await program.send(template=template() | {"values": DOCUMENTS})
    assert status == 202
    assert (message["kind"], message["status"]) == ("template", "pending")
    assert message["text"].startswith("Yth. Ibu Ada,")
    assert message["content"]["approved"].startswith("[{")
    assert message["delivery"]["held_by_meta"] is False


async def test_the_same_key_makes_one_message(program: Program, office_with_templates: Office) -> None:
    """A repeated call gives the first message; another body under the key is refused."""
    wanted = template() | {"values": DOCUMENTS}
    first, again = [(await program.send("k", template=wanted))[1] for _ in range(2)]
    assert first["id"] == again["id"]
    assert (await program.send("k", template=template("ada_kabar")))[1]["reason"] == "key_reused"
    assert await column(office_with_templates.database, "SELECT count(*) FROM message") == [1]


@pytest.mark.parametrize(
    ("wanted", "status", "reason"),
    [
        (template("survei_kepuasan", body__1="x"), 409, "template_withdrawn"),
        (template("tidak_ada"), 404, None),
        (template(body__1="x"), 422, "template_unfit"),
        (template() | {"unknown": 1}, 422, None),
        (template() | {"values": {"body.1": 7}}, 422, None),
    ],
)
async def test_what_cannot_be_sent_says_why(
    program: Program, wanted: dict[str, Any], status: int, reason: str | None
) -> None:
    """Each refusal has a status and, where a program can do something about it, a reason."""
    answer = await program.send(template=wanted)
    assert (answer[0], answer[1].get("reason")) == (status, reason)


async def test_every_slot_that_does_not_fit_is_named(program: Program) -> None:
    """A program learns which keys to mend."""
    _, problem = await program.send(template=template(body__1="a\nb", header="x"))
    assert problem["slots"] == {
        "body.1": "line_break",
        "body.2": "missing",
        "body.3": "missing",
        "header": "not_there",
    }


@pytest.mark.parametrize("beside", [{"text": "Halo"}, {"quoted_id": 1}, {"content": {"type": "number_request"}}])
async def test_a_template_stands_alone(program: Program, beside: dict[str, Any]) -> None:
    """Words, content or a quoted message beside it make no sense."""
    assert (await program.send(template=template() | {"values": DOCUMENTS}, **beside))[0] == 422
