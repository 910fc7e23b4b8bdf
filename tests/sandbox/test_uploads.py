"""What the office uploads to the pretend Meta."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from wabridge.sandbox import files, uploads
from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.meta import PretendMeta

PDF = (Path(files.__file__).parent / "static" / "letter.pdf").read_bytes()


class Desk:
    """A pretend Meta whose clock is set by hand, and a way to upload to it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.now = datetime(2026, 10, 1, 5, 0, tzinfo=UTC)
        self.meta = PretendMeta(Account.invented(), behaviour=Behaviour.instant(), now=lambda: self.now)
        self.session = session

    @property
    def bearer(self) -> dict[str, str]:
        """The right token."""
        return {"Authorization": f"Bearer {self.meta.account.access_token}"}

    async def upload(
        self,
        content: bytes | None = PDF,
        kind: str = "application/pdf",
        *,
        said: str | None = None,
        product: str | None = "whatsapp",
        node: str | None = None,
        token: str | None = None,
    ) -> tuple[int, Any]:
        """Post a form as Meta's page describes it; None leaves a part out."""
        form = aiohttp.FormData(default_to_multipart=True)
        if product is not None:
            form.add_field("messaging_product", product)
        form.add_field("type", said or kind)
        if content is not None:
            form.add_field("file", content, filename="surat.pdf", content_type=kind)
        url = f"{self.meta.base_url}/v25.0/{node or self.meta.account.phone_number_id}/media"
        headers = {"Authorization": f"Bearer {token}"} if token else self.bearer
        async with self.session.post(url, data=form, headers=headers) as response:
            return response.status, await response.json()

    async def get(self, url: str) -> tuple[int, bytes]:
        """Fetch something with the token."""
        async with self.session.get(url, headers=self.bearer) as response:
            return response.status, await response.read()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A running pretend Meta."""
    async with aiohttp.ClientSession() as session:
        desk = Desk(session)
        await desk.meta.start()
        yield desk
        await desk.meta.stop()


async def test_what_was_uploaded_can_be_had_by_its_id_for_thirty_days(desk: Desk) -> None:
    """The answer is an id; looked up it leads to the very bytes, until thirty days are over."""
    status, said = await desk.upload()
    assert (status, list(said)) == (200, ["id"])
    node = f"{desk.meta.base_url}/v25.0/{said['id']}"
    desk.now += timedelta(days=30, seconds=-1)
    async with desk.session.get(node, headers=desk.bearer) as response:
        known = await response.json()
    assert (known["mime_type"], known["file_size"]) == ("application/pdf", len(PDF))
    assert await desk.get(known["url"]) == (200, PDF)
    desk.now += timedelta(seconds=1)
    assert (await desk.get(node))[0] == 400
    assert desk.meta.violations == []


@pytest.mark.parametrize("kind", uploads.TYPES)
async def test_each_type_that_may_be_sent_is_taken(desk: Desk, kind: str) -> None:
    """A file that begins as its type demands gets an id."""
    _, place, marks = uploads.TYPES[kind]
    content = bytes(place) + (marks[0] if marks else b"Halo") + bytes(8)
    assert (await desk.upload(content, kind))[0] == 200


@pytest.mark.parametrize(("kind", "marks", "status"), [("audio/ogg", b"OggS", 200), ("audio/mpeg", b"ID3", 400)])
async def test_a_voice_message_is_ogg(desk: Desk, kind: str, marks: bytes, status: int) -> None:
    """Another sound that is called a voice message is a violation."""
    desk.meta.open_window("+6281200001234")
    _, said = await desk.upload(marks + bytes(8), kind)
    body = {
        "messaging_product": "whatsapp",
        "to": "+6281200001234",
        "type": "audio",
        "audio": {"id": said["id"], "voice": True},
    }
    url = f"{desk.meta.base_url}/v25.0/{desk.meta.account.phone_number_id}/messages"
    async with desk.session.post(url, json=body, headers=desk.bearer) as response:
        assert response.status == status
    assert len(desk.meta.violations) == (status == 400)


async def test_a_type_may_carry_parameters(desk: Desk) -> None:
    """`codecs=opus` behind a type changes nothing."""
    assert (await desk.upload(b"OggS....", "audio/ogg; codecs=opus"))[0] == 200


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"product": None}, 100),
        ({"product": "telegram"}, 100),
        ({"content": None}, 100),
        ({"kind": "application/zip"}, 100),
        ({"kind": "image/jpeg"}, 131053),
        ({"said": "image/png"}, 100),
        ({"content": b""}, 131053),
        ({"said": "x" * 2000}, 131053),
        ({"content": b"RIFF....WEBP" + bytes(500 * 1024), "kind": "image/webp"}, 131053),
    ],
    ids=["no product", "other product", "no file", "type", "belied", "two types", "empty", "long word", "500 KB"],
)
async def test_a_form_that_meta_would_refuse_is_refused(desk: Desk, form: dict[str, Any], code: int) -> None:
    """Missing parts, types that may not be sent or are not true, and files over the limit: 400 with Meta's code."""
    status, said = await desk.upload(**form)
    assert (status, said["error"]["code"]) == (400, code)
    assert len(desk.meta.violations) == 1


async def test_only_the_office_uploads_to_its_own_number(desk: Desk) -> None:
    """Another token and another number are refused, and that is nobody's fault of form."""
    assert (await desk.upload(token="stolen"))[0] == 401
    assert (await desk.upload(node="1"))[0] == 400
    assert desk.meta.violations == []


async def test_a_body_that_is_no_form_is_refused(desk: Desk) -> None:
    """JSON, and a form without its boundary, are 400 and no crash."""
    url = f"{desk.meta.base_url}/v25.0/{desk.meta.account.phone_number_id}/media"
    for content_type in ("application/json", "multipart/form-data", "multipart/form-data; boundary=x"):
        headers = desk.bearer | {"Content-Type": content_type}
        async with desk.session.post(url, data=b"{}", headers=headers) as response:
            assert response.status == 400
