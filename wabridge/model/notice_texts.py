"""What the program itself writes to a person about a legal notice: the reminder and the receipt, in their language.

Rule: nothing here says that somebody knows or agrees; a receipt says what was pressed, when, and what it was about.
"""

from datetime import datetime
from typing import NamedTuple

from wabridge.model.notice import Notice, short_hash

_MONTHS = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


class _Texts(NamedTuple):
    """The sentences of one language. moment: date and time; clock: its hours and minutes, without and with seconds."""

    reminder: str
    until: str
    receipt: str
    moment: str
    clock: tuple[str, str]


_TEXTS = {
    "id": _Texts(
        reminder="Pengingat: kami belum menerima jawaban atas notis {number} ({title}), yang kami kirim pada {sent}."
        " Setelah membacanya, mohon tekan salah satu tombol di bawah ini.",
        until="Batas waktu: {deadline}.",
        receipt="Tanda terima\n\nAnda menekan tombol “{pressed}” untuk notis {number} pada {at}.\n\n"
        "Sidik isi (SHA-256): {content}\n{document}Nomor resi: {receipt}\n\n"
        "Pesan otomatis dari sistem kantor. Simpan pesan ini.",
        moment="{day} {month} {year} pukul {time} {zone}",
        clock=("%H.%M", "%H.%M.%S"),
    ),
    "en": _Texts(
        reminder="Reminder: we have no answer yet to notice {number} ({title}), which we sent on {sent}."
        " When you have read it, please press one of the buttons below.",
        until="Deadline: {deadline}.",
        receipt="Receipt\n\nYou pressed “{pressed}” for notice {number} on {at}.\n\n"
        "Fingerprint of the content (SHA-256): {content}\n{document}Receipt number: {receipt}\n\n"
        "An automatic message of the office's system. Please keep it.",
        moment="{day} {month} {year} at {time} {zone}",
        clock=("%H:%M", "%H:%M:%S"),
    ),
}
_DOCUMENT = {"id": "Sidik dokumen (SHA-256): {hash}\n", "en": "Fingerprint of the document (SHA-256): {hash}\n"}


def reminder(notice: Notice, *, sent_at: datetime, deadline: datetime | None) -> str:
    """Return the text of a reminder. Times: on the office's clock."""
    version = notice.version
    texts = _TEXTS[version.language]
    said = texts.reminder.format(number=notice.number, title=version.title, sent=moment(sent_at, version.language))
    if deadline is None:
        return said
    return f"{said}\n\n{texts.until.format(deadline=moment(deadline, version.language))}"


def receipt(notice: Notice, *, pressed: str, at: datetime, head: str) -> str:
    """Return the text of a receipt. at: on the office's clock, to the second; head: where the ledger stands."""
    version = notice.version
    document = ""
    if version.document is not None:
        document = _DOCUMENT[version.language].format(hash=short_hash(version.document.sha256))
    return _TEXTS[version.language].receipt.format(
        pressed=pressed,
        number=notice.number,
        at=moment(at, version.language, to_seconds=True),
        content=short_hash(version.sha256),
        document=document,
        receipt=head,
    )


def moment(at: datetime, language: str, *, to_seconds: bool = False) -> str:
    """Return date and time as one writes them in a letter, with the name of the time zone."""
    texts = _TEXTS[language]
    said = texts.moment.format(
        day=at.day,
        month=_MONTHS[language][at.month - 1],
        year=at.year,
        time=at.strftime(texts.clock[to_seconds]),
        zone=at.tzname() or "",
    )
    return said.strip()
