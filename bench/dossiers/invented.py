"""A whole invented dossier: a somasi with its confirmation, in the middle of conversations of any length."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from bench.dossiers import texts
from bench.dossiers.books import START, Books, Bound
from bench.dossiers.talk import ASSISTANT, LAWYER, Talk
from wabridge.evidence import checkpoint, commitment
from wabridge.evidence import dossier as d
from wabridge.evidence.exhibits import Attachment, Button, Confirmation, Message, Notice, Template

OFFICE = "Kantor Hukum Wiratama & Rekan"
ORIGIN = "kantor.example.id/wa-evidence"
LEDGER_SEED = hashlib.sha256(b"an invented ledger").digest()


class Invented(msgspec.Struct, frozen=True):
    """A dossier with the bytes of the files that it names."""

    dossier: d.Dossier
    files: dict[str, bytes]


def invent(
    count: int = 24, *, language: d.Language = "id", seed: int = 1, stamp: Callable[[bytes], bytes] | None = None
) -> Invented:
    """Return a dossier with `count` messages or a few more, the same for the same arguments.

    stamp: gives a time-stamp authority's answer about a note; without, only a mail anchors the ledger.
    """
    books = Books(seed, stamp)
    first = Talk(books, person="A", phone="628121110001", prefix="P")
    notice = _open(first, books)
    others = [Talk(books, person="B", phone="628121110002", prefix="Q")] if count > 8 else []
    while sum(len(talk.messages) for talk in (first, *others)) < count:
        _chat(books.random.choice([first, *others]), books)
    messages = sorted((m for talk in (first, *others) for m in talk.messages), key=lambda m: (m.t_recorded, m.ref))
    return Invented(_dossier(books, notice, messages, [first, *others], language), books.files)


def _open(talk: Talk, books: Books) -> Notice:
    """Play a legal notice from its approval to the button."""
    talk.receive(texts.IN[2])
    document = _attachment(books, "Somasi I - Suryo Hadikusumo.pdf", b"%PDF-1.7\n" + books.random.randbytes(4000))
    template = Template(
        name="notis_hukum_v2", language="id", text="{{1}}", version="1187432", category="UTILITY", t_approved=START
    )
    carrier = talk.send(texts.NOTICE, approver=ASSISTANT, attachment=document, template=template, is_main=True)
    answer = talk.receive("Sudah saya baca", context=carrier.wamid)
    talk.receive(texts.IN[0], context=carrier.wamid)
    confirmation = Confirmation(
        seq=1,
        response="confirmed",
        channel="button",
        t_received=answer.t_recorded,
        t_meta=answer.events[0].t_meta,
        counts=True,
        button_id="n:NH-2026-0042:4f1c:yes",
        button_title="Sudah saya baca",
        context_id=carrier.wamid,
        wamid=answer.wamid,
        document_sha256=document.sha256,
        raw_path=answer.raw_path,
        leaf=answer.leaves[0],
        decides=True,
    )
    return Notice(
        notice_id="NH-2026-0042",
        title="Somasi I: sewa ruko Agustus sampai Oktober 2026",
        person="A",
        text=texts.NOTICE,
        document=document,
        content_sha256=hashlib.sha256(texts.NOTICE.encode()).hexdigest(),
        author=LAWYER,
        approver=ASSISTANT,
        t_approved=carrier.t_written - timedelta(minutes=4),
        wanted_level="confirmed",
        t_deadline=carrier.t_written + timedelta(days=3),
        outcome="confirmed",
        t_outcome=answer.t_recorded,
        buttons=(
            Button(id="n:NH-2026-0042:4f1c:yes", title="Sudah saya baca", meaning="confirmed"),
            Button(id="n:NH-2026-0042:4f1c:ask", title="Ada pertanyaan", meaning="question"),
            Button(id="n:NH-2026-0042:4f1c:who", title="Bukan saya", meaning="not_me"),
        ),
        messages=(carrier.ref,),
        confirmations=(confirmation,),
        receipt_number="41 9f2ac01b77de",
        leaves=carrier.leaves,
    )


def _attachment(books: Books, name: str, content: bytes) -> Attachment:
    digest = hashlib.sha256(content).hexdigest()
    path = books.file(f"media/{digest}.pdf", content, "a file of a message")
    return Attachment(
        file_name=name,
        mime_type="application/pdf",
        size_bytes=len(content),
        sha256=digest,
        path=path,
        media_id=str(books.random.randrange(10**15)),
        stated_sha256=digest,
        is_as_stated=True,
    )


def _chat(talk: Talk, books: Books) -> None:
    dice = books.random.random()
    if dice < 0.5:
        attachment = _attachment(books, "kuitansi.pdf", books.random.randbytes(900)) if dice < 0.02 else None
        talk.receive(books.random.choice(texts.IN), shared=dice < 0.2, attachment=attachment)
        return
    reported = {0: ("read",), 1: ("sent",), 2: ("sent", "delivered"), 3: ("failed",), 4: ("delivered", "failed")}
    few = reported.get(int(dice * 1000) % 12, ("sent", "delivered", "read"))
    talk.send(books.random.choice(texts.OUT), author=books.random.choice([LAWYER, ASSISTANT]), reported=few)  # type: ignore[arg-type]


def _dossier(
    books: Books, notice: Notice, messages: list[Message], talks: list[Talk], language: d.Language
) -> d.Dossier:
    books.leaf("export", "", "", {"meta": b"the request for this export"})
    bound = books.bind(ORIGIN, LEDGER_SEED, anchored_size=len(books.lines) // 2 + 1)
    ledger = _ledger(bound, books, talks)
    created = books.pass_time(3600)
    return d.Dossier(
        format=d.FORMAT,
        report=_report(created, language),
        sender=d.Sender(
            office=OFFICE,
            address="Jl. Kaliurang Km 5,2 No. 18, Sleman, D.I. Yogyakarta",
            waba_id="102290129340398",
            phone_number_id="106540352242922",
            display_number="+62 811-2345-678",
            verified_name="Kantor Hukum Wiratama",
            advocate=LAWYER.name,
            advocate_number="16.01234",
        ),
        persons=_persons(books, talks),
        notices=(notice,),
        messages=tuple(messages),
        system=_system(books),
        ledger=ledger,
        left_out=(
            d.LeftOut(
                what="Pesan orang lain dalam webhook yang sama", why="menyangkut orang lain (UU 18/2003 Pasal 19)"
            ),
            d.LeftOut(what="Catatan dalam kantor", why="tidak pernah dikirim", count=3),
        ),
        custody=d.Custody(t_exported=created, exported_by=LAWYER, medium="", handed_to=""),
        files=tuple(books.entries),
        checkpoint=bound.note,
        openings=tuple(books.openings),
        leaves=bound.leaves,
        consistency=(d.Consistency(old_size=bound.old.size, new_size=bound.new.size, path=bound.path),),
    )


def _report(created: datetime, language: d.Language) -> d.Report:
    return d.Report(
        report_id="EV-2026-000123",
        t_created=created,
        created_by=LAWYER,
        approved_by=LAWYER,
        purpose="Lampiran gugatan wanprestasi di Pengadilan Negeri Sleman",
        requested_by=LAWYER.name,
        scope="matter",
        language=language,
        zone="WIB",
        utc_offset_minutes=420,
        classification="RAHASIA – HUBUNGAN ADVOKAT–KLIEN",
        software="wabridge",
        version="0.1.0",
        commit="9d1f0c7b52a44a0a1c8e7b60f34f5c2d7a9e0b13",
        lock_sha256=hashlib.sha256(b"lock").hexdigest(),
        matter="2026/PDT/017 PT Mekar Lestari Abadi",
        t_from=START,
        t_until=created,
    )


def _persons(books: Books, talks: list[Talk]) -> tuple[d.Person, ...]:
    changed = d.IdentityChange(
        kind="security_code",
        t_received=START + timedelta(hours=30),
        before="f0a1c2d3",
        after="77aa01bc",
        verified_by=LAWYER,
        t_verified=START + timedelta(hours=31),
        how="Panggilan telepon ke nomor yang tercantum dalam perjanjian",
    )
    binding = d.Binding(
        how="KTP dan surat perjanjian, di kantor", by=ASSISTANT.name, t_bound=START, identity_key_hash="f0a1c2d3"
    )
    return tuple(
        d.Person(
            ref=ref,
            name=name,
            standing="other" if ref == "A" else "client",
            phone=f"+62 812-111-000{number}",
            whatsapp_id=f"62812111000{number}",
            user_id=f"ID.{books.random.randrange(10**14)}",
            identity_key_hash="77aa01bc",
            bindings=(binding,) if ref == "A" else (),
            identity_changes=(changed,) if ref == "A" else (),
        )
        for number, (ref, name, _) in enumerate(zip("AB", texts.PEOPLE, talks, strict=False), start=1)
    )


def _system(books: Books) -> d.System:
    hours = max(1, int((books.now - START).total_seconds() // 3600))
    return d.System(
        description="wabridge menerima, menyimpan dan mengirim pesan kantor lewat WhatsApp Business Platform (Meta).",
        host="Server virtual, Debian 12, 2 inti, zona waktu UTC",
        place="Jakarta",
        operator=OFFICE,
        database="SQLite, dienkripsi seluruhnya (SQLCipher, AES-256)",
        webhook_check="HMAC-SHA-256 atas isi mentah dengan App Secret; yang tidak cocok ditolak dan tidak disimpan",
        clock_source="chrony dengan 4 sumber, selisih dicatat tiap jam",
        graph_version="v25.0",
        hours_in_period=hours,
        heartbeats=max(0, hours - 1),
        access=(
            d.Access(name=LAWYER.name, role="owner", t_from=START),
            d.Access(name=ASSISTANT.name, role="assistant", t_from=START),
        ),
        happenings=(
            d.Happening(
                kind="gap",
                t_from=START + timedelta(hours=9),
                t_until=START + timedelta(hours=10),
                details="Pemadaman listrik",
            ),
            d.Happening(
                kind="key_change", t_from=START + timedelta(hours=20), details="Kunci induk diganti", actor=LAWYER
            ),
        ),
    )


def _ledger(bound: Bound, books: Books, talks: list[Talk]) -> d.Ledger:
    key = checkpoint.public_key(ORIGIN, LEDGER_SEED)
    threads = tuple(
        d.Thread(conversation=t.conversation, person=p, first=1, last=books.last_seq(t.conversation), is_whole=True)
        for p, t in zip("AB", talks, strict=False)
    )
    mail = d.Anchor(
        kind="email",
        by="arsip@contoh.example",
        size=bound.old.size,
        root=commitment.encode(bound.old.root),
        t_anchored=START + timedelta(hours=1),
        checkpoint_path=books.file("anchors/1.note", bound.old_note.encode(), "an anchored checkpoint"),
    )
    return d.Ledger(
        origin=ORIGIN,
        size=bound.new.size,
        root=commitment.encode(bound.new.root),
        public_key=key.text,
        key_fingerprint=key.fingerprint,
        anchors=(mail, *_tokens(mail, bound, books)),
        threads=threads,
        not_anchored_since=bound.old.size,
    )


def _tokens(mail: d.Anchor, bound: Bound, books: Books) -> list[d.Anchor]:
    if books.stamp is None:
        return []
    token = books.file("anchors/1.tsr", books.stamp(bound.old_note.encode()), "an authority's answer")
    return [msgspec.structs.replace(mail, kind="rfc3161", by="Otoritas Waktu Contoh", token_path=token)]
