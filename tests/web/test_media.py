"""Files of messages over HTTP: who gets them, which part, and in what armour."""

import hashlib
from urllib.parse import unquote

import aiohttp
import pytest

from tests.pictures import picture
from tests.stored import damage, send_file, store
from tests.web.served import OPERATOR, Served
from wabridge.core import staff, tokens
from wabridge.core.appearances import Appearances
from wabridge.web import keys

SOUND = b"OggS" + bytes(24) + b"OpusHead" + bytes(range(256)) * 2000
"""Half a megabyte: more than the vault reads at a time."""
FILM = b"\0\0\0\x1cftypisom" + bytes(32 * 1024 * 1024)
"""More than the buffers on its way hold."""


async def _look(served: Served) -> None:
    while await Appearances(served.office).look():
        pass


async def test_a_picture_is_shown_in_armour(served: Served) -> None:
    """A picture is shown under the type of its bytes; guessing, scripts, other sites and leftovers are ruled out."""
    held = picture("PNG")
    file = await store(served.office, held, mime_type="image/jpeg")
    await served.sign_in()
    answer = await served.get(f"/media/{file.id}")
    assert (answer.status, answer.body) == (200, held)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("inline; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["ETag"] == f'"{hashlib.sha256(held).hexdigest()}"'
    assert answer.headers["Content-Length"] == str(len(held))


@pytest.mark.parametrize(
    "held",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b'<?xml version="1.0"?><x/>',
        b"MZ\x90\0",
        b"plain words",
        b"",
    ],
)
async def test_whatever_is_not_in_the_table_is_saved(served: Served, held: bytes) -> None:
    """Markup, programs and unknown files are bytes to be saved, whatever their sender calls them."""
    file = await store(served.office, held, mime_type="image/svg+xml", file_name="foto.jpg")
    await served.sign_in()
    answer = await served.get(f"/media/{file.id}")
    assert (answer.status, answer.body) == (200, held)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename=\"foto.jpg\"; filename*=UTF-8''foto.jpg"


async def test_a_pdf_is_saved_under_its_name(served: Served) -> None:
    """A document keeps its name, in a form that no header and no system misreads."""
    file = await store(served.office, b"%PDF-1.4", "document", file_name='../Akta "Jual"\r\nBeli é\u202e.pdf')
    await served.sign_in()
    answer = await served.get(f"/media/{file.id}")
    said = answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert said.startswith('attachment; filename="_Akta _Jual_ Beli _.pdf"; ')
    assert unquote(said.partition("''")[2]) == "_Akta _Jual_ Beli é.pdf"


async def test_a_file_without_a_name_gets_one(served: Served) -> None:
    """A voice message is saved under its kind, its number and the suffix of its bytes, if asked to save it."""
    file = await store(served.office, SOUND, "audio")
    await served.sign_in()
    answer = await served.get(f"/media/{file.id}?save")
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="audio-{file.id}.ogg"')


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [("bytes=0-", 0, len(SOUND)), ("bytes=70000-200000", 70000, 200001), ("bytes=-5", -5, None)],
)
async def test_players_get_the_part_they_ask_for(served: Served, wanted: str, start: int, stop: int | None) -> None:
    """A range is answered with 206 and exactly these bytes."""
    file = await store(served.office, SOUND, "audio")
    await served.sign_in()
    answer = await served.get(f"/media/{file.id}", Range=wanted)
    assert (answer.status, answer.body) == (206, SOUND[start:stop])
    begun = start if start >= 0 else len(SOUND) + start
    assert answer.headers["Content-Range"] == f"bytes {begun}-{begun + len(answer.body) - 1}/{len(SOUND)}"
    assert answer.headers["Accept-Ranges"] == "bytes"


async def test_a_part_beyond_the_end_is_refused(served: Served) -> None:
    """416 tells the size."""
    file = await store(served.office, SOUND, "audio")
    await served.sign_in()
    answer = await served.get(f"/media/{file.id}", Range=f"bytes={len(SOUND)}-")
    assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{len(SOUND)}")


async def test_a_part_of_another_file_is_never_sent(served: Served) -> None:
    """Whoever continues a download of what was here before gets the whole file."""
    file = await store(served.office, SOUND, "audio")
    await served.sign_in()
    answer = await served.get(f"/media/{file.id}", **{"Range": "bytes=9-", "If-Range": '"earlier"'})
    assert (answer.status, len(answer.body)) == (200, len(SOUND))


async def test_head_tells_everything_but_the_bytes(served: Served) -> None:
    """HEAD has the same headers and no body, for the whole and for a part."""
    file = await store(served.office, SOUND, "audio")
    await served.sign_in()
    whole = await served.call("HEAD", f"/media/{file.id}")
    part = await served.call("HEAD", f"/media/{file.id}", headers={"Range": "bytes=0-9"})
    assert (whole.status, whole.headers["Content-Length"], whole.body) == (200, str(len(SOUND)), b"")
    assert (part.status, part.headers["Content-Length"], part.body) == (206, "10", b"")


async def test_strangers_get_nothing(served: Served) -> None:
    """Without a session there is a way to sign in, without a token 401; what does not exist is 404."""
    file = await store(served.office, picture())
    await _look(served)
    for path in (f"/media/{file.id}", f"/media/{file.id}/thumbnail"):
        assert (await served.get(path)).status == 303
    assert (await served.get(f"/api/v1/media/{file.id}/content")).status == 401
    await served.sign_in()
    assert (await served.get("/media/99")).status == 404
    assert (await served.get("/media/99/thumbnail")).status == 404


async def test_a_file_that_is_not_here_is_no_file(served: Served) -> None:
    """Before it is fetched there is nothing to give out, and the answer says so."""
    file = await send_file(served.office)
    await served.sign_in()
    assert (await served.get(f"/media/{file.id}")).status == 409
    assert (await served.get(f"/media/{file.id}/thumbnail")).status == 404


async def test_the_small_picture_is_shown(served: Served) -> None:
    """A thumbnail is WebP of ours, in the same armour as the picture."""
    file = await store(served.office, picture())
    await _look(served)
    await served.sign_in()
    answer = await served.get(f"/media/{file.id}/thumbnail")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.body[8:12] == b"WEBP"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


async def test_a_file_damaged_at_its_beginning_is_refused(served: Served) -> None:
    """What is not as it was written is not given out, and the message says that it was lost."""
    file = await store(served.office, SOUND, "audio")
    assert file.kept is not None
    damage(served.office, file.kept, at=30)
    await served.sign_in()
    assert (await served.get(f"/media/{file.id}")).status == 409
    _, known = await _ask(served, file.id)
    assert (known["state"], known["reason"], known["url"]) == ("waiting", "lost", None)


async def test_a_file_damaged_half_way_breaks_the_connection(served: Served) -> None:
    """A half is never taken for the whole: the connection ends with an error, and nothing follows the good part."""
    file = await store(served.office, SOUND, "audio")
    assert file.kept is not None
    damage(served.office, file.kept, at=len(SOUND) - 100)
    await served.sign_in()
    received = bytearray()
    async with served.http.get(f"{served.url}/media/{file.id}") as response:
        with pytest.raises(aiohttp.ClientPayloadError):
            await _read(response, received)
    assert 0 < len(received) < len(SOUND)
    assert SOUND.startswith(received)


async def _read(response: aiohttp.ClientResponse, received: bytearray) -> None:
    async for piece in response.content.iter_any():
        received += piece


async def test_a_reader_that_leaves_is_no_fault(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    """A page that is left while a film loads leaves no error in the log."""
    file = await store(served.office, b"\0\0\0\x1cftypisom" + bytes(8 * 1024 * 1024), "video")
    await served.sign_in()
    async with served.http.get(f"{served.url}/media/{file.id}") as response:
        await response.content.read(1000)
        response.close()
    assert (await served.get(f"/media/{file.id}", Range="bytes=0-9")).status == 206
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


async def test_a_file_on_its_way_ends_with_the_session(served: Served) -> None:
    """Whoever is signed out elsewhere while a file loads does not get the rest of it."""
    file = await store(served.office, FILM, "video")
    served.app[keys.STREAMS].look_seconds = 0
    await served.sign_in()
    async with served.http.get(f"{served.url}/media/{file.id}") as response:
        owner = await staff.ensure_owner(served.office)
        await staff.reset(served.office, OPERATOR, owner.id)
        await _read_part(response)
    assert (await served.get(f"/media/{file.id}")).status == 303


async def test_a_file_on_its_way_ends_with_the_token(served: Served) -> None:
    """A program whose token is revoked while a file loads does not get the rest of it."""
    file = await store(served.office, FILM, "video")
    served.app[keys.STREAMS].look_seconds = 0
    bearer = await served.bearer("player")
    async with served.http.get(f"{served.url}/api/v1/media/{file.id}/content", headers=bearer) as response:
        await tokens.revoke(served.office, OPERATOR, "player")
        await _read_part(response)


async def test_looking_after_the_session_costs_no_file(served: Served) -> None:
    """While the session lasts every byte arrives, however often it is looked at."""
    file = await store(served.office, SOUND, "audio")
    served.app[keys.STREAMS].look_seconds = 0
    await served.sign_in()
    assert (await served.get(f"/media/{file.id}")).body == SOUND


async def _read_part(response: aiohttp.ClientResponse) -> None:
    received = bytearray()
    with pytest.raises(aiohttp.ClientPayloadError):
        await _read(response, received)
    assert len(received) < len(FILM)


async def test_retrying_asks_again(served: Served) -> None:
    """The button has the file fetched at once and leads back to its message; only a form of ours can press it."""
    file = await send_file(served.office)
    await served.sign_in()
    answer = await served.submit(f"/media/{file.id}/retry", form="/account")
    assert (answer.status, answer.location) == (303, f"/conversations/{file.conversation_id}#m{file.message_id}")
    assert (await served.get(f"/media/{file.id}/retry")).location == answer.location
    forged = await served.call("POST", f"/media/{file.id}/retry", data={}, headers={"Origin": served.url})
    assert forged.status == 403


async def _ask(served: Served, media_id: int) -> tuple[int, dict[str, object]]:
    async with served.http.get(
        f"{served.url}/api/v1/media/{media_id}", headers=await served.bearer("reader")
    ) as response:
        return response.status, await response.json()


async def test_programs_get_files_too(served: Served) -> None:
    """A message tells its file; the file's address gives the bytes, whole and in part, to whoever has a token."""
    held = picture("JPEG")
    file = await store(served.office, held, file_name="KTP.jpg", mime_type="image/jpeg")
    await _look(served)
    bearer = await served.bearer()
    async with served.http.get(f"{served.url}/api/v1/messages/{file.message_id}", headers=bearer) as response:
        told = (await response.json())["media"]
    assert told == {
        "id": file.id,
        "message_id": file.message_id,
        "kind": "image",
        "state": "stored",
        "reason": None,
        "file_name": "KTP.jpg",
        "claimed_mime_type": "image/jpeg",
        "mime_type": "image/jpeg",
        "size": len(held),
        "sha256": hashlib.sha256(held).hexdigest(),
        "is_as_claimed": True,
        "stored_at": told["stored_at"],
        "expires_at": told["expires_at"],
        "url": f"/api/v1/media/{file.id}/content",
    }
    assert (await served.get(told["url"], **bearer)).body == held
    assert (await served.get(told["url"], **bearer, Range="bytes=0-3")).body == held[:4]
    assert (await served.call("HEAD", told["url"], headers=bearer)).headers["Content-Length"] == str(len(held))


async def test_programs_ask_again(served: Served) -> None:
    """A program that may write may have a file fetched again; it is told how the file stands."""
    file = await send_file(served.office)
    async with served.http.post(
        f"{served.url}/api/v1/media/{file.id}/retry", headers=await served.bearer()
    ) as response:
        assert response.status == 202
        assert (await response.json())["state"] == "waiting"
