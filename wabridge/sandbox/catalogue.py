"""The templates of the pretend office, as Meta lists them (cloud-api 9.1), in Indonesian and English."""

from typing import Any

from wabridge.sandbox.payloads import Json

HEARING_ID = "1689556908129835"
"""The template that the switches pause and reject."""


def _body(text: str, **examples: str) -> Json:
    named = [{"param_name": name, "example": example} for name, example in examples.items()]
    return {"type": "BODY", "text": text, **({"example": {"body_text_named_params": named}} if named else {})}


def _numbered(text: str, *examples: str) -> Json:
    return {"type": "BODY", "text": text, "example": {"body_text": [list(examples)]}}


def _replies(*titles: str) -> Json:
    return {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": title} for title in titles]}


def _entry(name: str, language: str, *components: Json, category: str = "UTILITY", **more: Any) -> Json:
    status = {"status": "APPROVED", "rejected_reason": "NONE", "quality_score": {"score": "GREEN"}}
    is_named = any("body_text_named_params" in part.get("example", {}) for part in components)
    format_ = "NAMED" if is_named else "POSITIONAL"
    entry = {"name": name, "language": language, "category": category, "parameter_format": format_}
    return {**status, **entry, "components": list(components), **more}


_FOOTER = {"type": "FOOTER", "text": "Kantor Hukum Contoh"}
_DOCUMENT = {
    "type": "HEADER",
    "format": "DOCUMENT",
    "example": {"header_handle": ["https://scontent.whatsapp.net/v/t61/contoh.pdf?ccb=1"]},
}
_HEARING = {
    "nama": "Siti Rahayu",
    "nomor_perkara": "123/Pdt.G/2026/PN Jkt.Sel",
    "tanggal": "Senin, 7 Desember 2026",
    "waktu": "09.00 WIB",
    "tempat": "Pengadilan Negeri Jakarta Selatan, ruang 3",
}


def invent() -> list[Json]:
    """Return the templates, each with an id of its own, fresh for every pretend Meta."""
    entries = [*_news_and_dates(), *_documents_and_notices(), *_money_and_greetings(), *_english(), *_in_trouble()]
    for number, entry in enumerate(entries):
        entry.setdefault("id", str(1387372356726600 + number))
    return entries


def _news_and_dates() -> list[Json]:
    return [
        _entry(
            "ada_kabar",
            "id",
            _body("Ada kabar mengenai urusan Anda di kantor kami. Balas pesan ini untuk menerimanya."),
        ),
        _entry(
            "pengingat_sidang",
            "id",
            {"type": "HEADER", "format": "TEXT", "text": "Pengingat sidang"},
            _body(
                "Yth. Bapak/Ibu {{nama}},\n\nKami mengingatkan bahwa sidang perkara nomor "
                "{{nomor_perkara}} dijadwalkan pada *{{tanggal}}* pukul *{{waktu}}* di "
                "{{tempat}}.\n\nMohon hadir 30 menit lebih awal dengan membawa identitas asli.",
                **_HEARING,
            ),
            _FOOTER,
            id=HEARING_ID,
        ),
    ]


def _documents_and_notices() -> list[Json]:
    return [
        _entry(
            "permintaan_dokumen",
            "id",
            _numbered(
                "Yth. {{1}}, untuk melanjutkan penanganan urusan Anda kami memerlukan dokumen "
                "berikut: {{2}}. Mohon dikirim paling lambat {{3}} dengan membalas pesan ini.",
                "Bapak Budi Santoso",
                "fotokopi sertifikat tanah dan KTP",
                "Jumat, 4 Desember 2026",
            ),
            _FOOTER,
            _replies("Akan saya kirim", "Ada pertanyaan"),
        ),
        _entry("pemberitahuan_hukum", "id", *_notice()),
        _entry("pemberitahuan_hukum_berkas", "id", _DOCUMENT, *_notice()),
    ]


def _money_and_greetings() -> list[Json]:
    return [
        _entry(
            "pengingat_pembayaran",
            "id",
            _numbered(
                "Yth. {{1}}, tagihan jasa hukum nomor {{2}} sebesar *{{3}}* jatuh tempo pada {{4}}. "
                "Abaikan pesan ini apabila pembayaran sudah dilakukan.",
                "Ibu Siti Rahayu",
                "INV-2026-118",
                "Rp4.500.000",
                "10 Desember 2026",
            ),
            _FOOTER,
            {
                "type": "BUTTONS",
                "buttons": [
                    {
                        "type": "URL",
                        "text": "Lihat tagihan",
                        "url": "https://kantor.example/tagihan/{{1}}",
                        "example": ["https://kantor.example/tagihan/INV-2026-118"],
                    },
                    {"type": "PHONE_NUMBER", "text": "Telepon kantor", "phone_number": "+622150005000"},
                ],
            },
        ),
        _entry(
            "undangan_pertemuan",
            "id",
            {"type": "HEADER", "format": "LOCATION"},
            _body(
                "Yth. {{nama}}, kami mengundang Anda ke pertemuan pada {{tanggal}} pukul {{waktu}} di tempat di atas.",
                nama="Bapak Budi Santoso",
                tanggal="Rabu, 9 Desember 2026",
                waktu="14.00 WIB",
            ),
            _replies("Saya hadir", "Minta waktu lain"),
        ),
        _entry(
            "ucapan_hari_raya",
            "id",
            _numbered("Selamat hari raya, {{1}}. Salam hangat dari seluruh tim kami.", "Ibu Siti"),
            {
                "type": "BUTTONS",
                "buttons": [{"type": "COPY_CODE", "example": ["KONSULTASI26"]}],
            },
            category="MARKETING",
        ),
    ]


def _notice() -> tuple[Json, ...]:
    return (
        _body(
            "Yth. {{nama}},\n\nBersama ini kami sampaikan pemberitahuan mengenai "
            "*{{perihal}}*:\n\n{{isi}}\n\nMohon tekan salah satu tombol di bawah ini.",
            nama="Ibu Siti Rahayu",
            perihal="perubahan jadwal sidang",
            isi="Sidang ditunda ke hari Senin, 14 Desember 2026 pukul 09.00 WIB.",
        ),
        _FOOTER,
        _replies("Sudah saya baca", "Ada pertanyaan", "Bukan saya"),
    )


def _english() -> list[Json]:
    return [
        _entry(
            "pengingat_sidang",
            "en",
            {"type": "HEADER", "format": "TEXT", "text": "Hearing reminder"},
            _body(
                "Dear {{nama}},\n\nThe hearing in case {{nomor_perkara}} takes place on "
                "*{{tanggal}}* at *{{waktu}}*, {{tempat}}.\n\nPlease be there 30 minutes early and "
                "bring your identity card.",
                nama="Ms Rahayu",
                nomor_perkara="123/Pdt.G/2026/PN Jkt.Sel",
                tanggal="Monday, 7 December 2026",
                waktu="9.00 a.m.",
                tempat="South Jakarta District Court, room 3",
            ),
            _FOOTER,
        ),
        _entry(
            "pemberitahuan_hukum",
            "en",
            _body(
                "Dear {{nama}},\n\nthis is to inform you about *{{perihal}}*:\n\n{{isi}}\n\nPlease "
                "press one of the buttons below.",
                nama="Ms Rahayu",
                perihal="a change of the hearing date",
                isi="The hearing was moved to Monday, 14 December 2026, 9.00 a.m.",
            ),
            _FOOTER,
            _replies("I have read it", "I have a question", "This is not me"),
        ),
        _entry(
            "permintaan_dokumen",
            "en_US",
            _numbered(
                "Dear {{1}}, to go on with your matter we need the following documents: {{2}}. "
                "Please send them by {{3}} as an answer to this message.",
                "Mr Santoso",
                "a copy of the land certificate",
                "Friday, 4 December 2026",
            ),
        ),
    ]


def _in_trouble() -> list[Json]:
    """Return templates that cannot be sent, and one that a gateway may not know how to send."""
    return [
        _entry(
            "promo_konsultasi",
            "id",
            _numbered("Konsultasi gratis bulan ini untuk {{1}}! Hubungi kami sekarang juga.", "Ibu Siti"),
            category="MARKETING",
            status="REJECTED",
            rejected_reason="TAG_CONTENT_MISMATCH",
        ),
        _entry(
            "survei_kepuasan",
            "id",
            _numbered("Yth. {{1}}, bagaimana pelayanan kami? Mohon luangkan satu menit.", "Bapak Budi"),
            _replies("Baik", "Kurang baik"),
            status="PAUSED",
            quality_score={"score": "RED"},
        ),
        _entry(
            "perubahan_jadwal",
            "id",
            _numbered(
                "Yth. {{1}}, jadwal pertemuan kita berubah menjadi {{2}} karena alasan mendesak.", "Ibu Siti", "Selasa"
            ),
            status="PENDING",
        ),
        _entry(
            "kode_masuk",
            "id",
            {"type": "BODY", "text": "*{{1}}* adalah kode verifikasi Anda.", "add_security_recommendation": True},
            {"type": "FOOTER", "code_expiration_minutes": 5},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Salin kode"}]},
            category="AUTHENTICATION",
        ),
    ]
