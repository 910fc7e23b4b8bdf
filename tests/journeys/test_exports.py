"""Evidence is handed out: asked for with a reason, made beside the daily work, and true without this program."""

import asyncio
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from tests.arrivals import column
from tests.journeys.site import BUDI, SITI, Site, eventually
from wabridge.sandbox import payloads

SECRET = "Nomor perkara Budi adalah rahasia 7731"


async def export(site: Site, scope: str, row: str, reason: str = "Lampiran gugatan", **more: str) -> str:
    """Ask for a bundle on its page and return where it stands once it is over."""
    page = f"/exports/new?scope={scope}&id={row}"
    assert await site.submit(page, "/exports", reason=reason, language="id", **more) == 303
    newest = (await site.show("/exports")).all("li", "task")[0].find("a")
    assert newest is not None
    where = str(newest.get("href"))

    async def is_over() -> bool:
        said = await site.get(where)
        return "Siap" in said or "Tidak dibuat" in said or "Dibatalkan" in said

    await eventually(is_over, seconds=60)
    return where


async def fetch(site: Site, where: str) -> bytes:
    """Take a bundle as a browser saves it."""
    async with site.page.get(f"{site.url}{where}/bundle") as response:
        assert response.status == 200, response.status
        assert response.headers["Content-Type"] == "application/zip"
        return await response.read()


def verify(bundle: bytes, folder: Path) -> subprocess.CompletedProcess[str]:
    """Check a bundle with the program inside it, and with nothing else."""
    path = folder / "bundle.zip"
    path.write_bytes(bundle)
    program = folder / "verify.py"
    program.write_bytes(zipfile.ZipFile(io.BytesIO(bundle)).read("verify.py"))
    return subprocess.run(
        [sys.executable, "-I", str(program), str(path)], capture_output=True, text=True, check=False, timeout=60
    )


async def test_a_conversation_is_handed_out_and_checks_anywhere(site: Site, tmp_path: Path) -> None:
    """The bundle of a conversation holds its messages with their bytes and proofs, and verify.py says OK."""
    await site.write("Halo, saya ditipu pengembang")
    answer = await site.reply("Selamat siang, Bu Siti.")
    await site.until_reports(answer, "sent", "delivered")
    conversation = (await site.messages())[0]["conversation_id"]
    bundle = await fetch(site, await export(site, "conversation", str(conversation)))
    judged = await asyncio.to_thread(verify, bundle, tmp_path)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    said = json.loads(zipfile.ZipFile(io.BytesIO(bundle)).read("evidence.json"))
    assert [message["text"] for message in said["messages"]] == [
        "Halo, saya ditipu pengembang",
        "Selamat siang, Bu Siti.",
    ]
    assert said["report"]["purpose"] == "Lampiran gugatan"
    assert said["sender"]["display_number"] == f"+{site.meta.account.display_phone_number}"
    assert [event["event"] for event in said["messages"][1]["events"]][-1] == "delivered"
    assert said["messages"][1]["delivery"]["status"] == "delivered"
    assert zipfile.ZipFile(io.BytesIO(bundle)).read("laporan.pdf").startswith(b"%PDF-1.7")


async def test_one_webhook_with_two_people_discloses_nothing_of_the_other(site: Site, tmp_path: Path) -> None:
    """The bundle of one holds no byte of the other who shared a webhook, and still checks."""
    await site.write("Halo")
    await site.write("Halo juga", phone=BUDI, name="Budi Hartono")
    values = [
        payloads.value(
            site.meta.account,
            contacts=[payloads.contact(person)],
            messages=[payloads.text(person, text, at=datetime.now(UTC))],
        )
        for person, text in (
            (site.meta.handset(SITI).person, "Ini pesan saya"),
            (site.meta.handset(BUDI).person, SECRET),
        )
    ]
    assert await site.meta.courier.post(payloads.encode(payloads.batch(site.meta.account, *values))) == 200
    await site.until_filed("Ini pesan saya")
    await site.until_filed(SECRET, BUDI)
    row = next(message for message in await site.messages() if message["text"] == "Ini pesan saya")
    bundle = await fetch(site, await export(site, "message", str(row["id"])))
    held = zipfile.ZipFile(io.BytesIO(bundle))
    everything = b"".join(held.read(name) for name in held.namelist())
    assert b"Ini pesan saya" in everything
    for private in (SECRET, BUDI, "Budi Hartono"):
        assert private.encode() not in everything
    judged = await asyncio.to_thread(verify, bundle, tmp_path)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert not [name for name in held.namelist() if name.endswith(".body")]


async def test_a_contact_of_somebody_else_keeps_the_webhook_out(site: Site, tmp_path: Path) -> None:
    """Where Meta names another person beside the only message, the item goes in and the webhook does not."""
    siti = site.meta.handset(SITI).person
    value = payloads.value(
        site.meta.account,
        contacts=[payloads.contact(siti), payloads.contact(site.meta.handset(BUDI).person)],
        messages=[payloads.text(siti, "Ini pesan saya", at=datetime.now(UTC))],
    )
    assert await site.meta.courier.post(payloads.encode(payloads.batch(site.meta.account, value))) == 200
    await site.until_filed("Ini pesan saya")
    row = (await site.messages())[0]["id"]
    bundle = await fetch(site, await export(site, "message", str(row)))
    held = zipfile.ZipFile(io.BytesIO(bundle))
    everything = b"".join(held.read(name) for name in held.namelist())
    assert b"Ini pesan saya" in everything
    assert BUDI.encode() not in everything
    assert json.loads(held.read("evidence.json"))["left_out"][0]["what"].startswith("Isi lain")
    judged = await asyncio.to_thread(verify, bundle, tmp_path)
    assert judged.returncode == 0, judged.stdout + judged.stderr


async def test_a_changed_bundle_is_told_from_a_true_one(site: Site, tmp_path: Path) -> None:
    """A single byte of a single message, and verify.py says which."""
    await site.write("Saya setuju membayar")
    row = (await site.messages())[0]
    bundle = await fetch(site, await export(site, "message", str(row["id"])))
    forged = bundle.replace(b"Saya setuju membayar", b"Saya setuju menbayar")
    assert forged != bundle
    judged = await asyncio.to_thread(verify, forged, tmp_path)
    assert judged.returncode == 1
    assert "GAGAL" in judged.stdout


async def test_a_bundle_that_was_removed_is_not_offered_any_more(site: Site) -> None:
    """The owner removes it on its page, which says so from then on, and its address answers 404."""
    await site.write("Halo")
    where = await export(site, "message", str((await site.messages())[0]["id"]))
    assert await site.submit(where, f"{where}/remove") == 303
    said = await site.get(where)
    assert "Sudah dihapus" in said
    assert f"{where}/bundle" not in said
    async with site.page.get(f"{site.url}{where}/bundle") as response:
        assert response.status == 404


async def test_no_export_without_a_reason(site: Site) -> None:
    """A form without a reason is refused, says why, and makes nothing."""
    await site.write("Halo")
    row = (await site.messages())[0]["id"]
    page = f"/exports/new?scope=message&id={row}"
    assert await site.submit(page, "/exports", reason="  ", language="id") == 422
    assert (await site.show("/exports")).all("li", "task") == []


async def test_a_day_beyond_the_calendar_is_no_period(site: Site) -> None:
    """The first and the last day that can be written are refused, not an error of the program's."""
    for period in ("from=0001-01-01", "until=9999-12-31"):
        async with site.page.get(f"{site.url}/exports/new?scope=conversation&id=1&{period}") as response:
            assert response.status == 400


async def test_what_is_called_off_leaves_nothing(site: Site) -> None:
    """A cancelled export ends as such, and no bundle of it is kept."""
    await site.write("Halo")
    row = (await site.messages())[0]["id"]
    page = f"/exports/new?scope=message&id={row}"
    assert await site.submit(page, "/exports", reason="Coba", language="en") == 303
    await site.submit("/exports/1", "/exports/1/cancel")

    async def is_over() -> bool:
        said = await site.get("/exports/1")
        return "Dibatalkan" in said or "Siap" in said

    await eventually(is_over, seconds=60)
    async with site.page.get(f"{site.url}/exports/1/bundle") as response:
        is_there = response.status == 200
    assert is_there == ("Siap" in await site.get("/exports/1"))


async def test_each_export_is_in_the_ledger(site: Site) -> None:
    """Who asked, that it was made with which checksum, and that it was taken: each has its leaf."""
    await site.write("Halo")
    row = (await site.messages())[0]["id"]
    bundle = await fetch(site, await export(site, "message", str(row)))
    found = await column(site.office.database, "SELECT verb FROM act WHERE subject_kind = 'export' ORDER BY id")
    assert found == ["asked_for_export", "exported", "fetched_export"]
    assert await column(site.office.database, "SELECT count(*) FROM leaf WHERE kind = 'export'") == [1]
    assert await column(site.office.database, "SELECT sha256 FROM export") == [hashlib.sha256(bundle).hexdigest()]
