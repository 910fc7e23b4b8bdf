"""Nothing that people read claims more than was reported, wherever it stands."""

from pathlib import Path

import pytest

from tests.house import wording


def test_no_text_claims_more_than_was_reported() -> None:
    """No catalogue, page, certificate text or document for the office says what may not be said."""
    assert not [(where, found) for where, said in wording.texts() for found in wording.claims(said)]


def test_an_arrival_is_never_told_without_saying_that_it_is_no_reading() -> None:
    """Wherever an arrival on a device is told, the same sentence or paragraph says that it need not have been read."""
    assert not [where for where, said in wording.texts() if wording.takes_arrival_for_reading(said)]


@pytest.mark.parametrize(
    "said",
    [
        "Pesan ini terbukti dibaca.",
        "Pesan terbukti telah dibaca pada pukul 10.02",
        "Dengan demikian klien pasti mengetahui isinya.",
        "Dokumen ini sah di pengadilan.",
        "Catatan ini tidak dapat\n  disangkal.",
        "Ini bukti sempurna.",
        "Segel **anti-pemalsuan**",
        "Keutuhannya dijamin.",
        "Klien dianggap setuju.",
        "This message is proven read.",
        "It was proven to have been read.",
        "The client certainly knows.",
        "A certificate that is valid in court",
        "an undeniable record",
        "tamper-proof and guaranteed",
        "This is proof that it was read",
    ],
)
def test_a_claim_is_found(said: str) -> None:
    """Each kind of claim is found, in both languages, also over a line's end and in bold."""
    assert wording.claims(said)


@pytest.mark.parametrize(
    "said",
    [
        "Ketiadaan sinyal bukan bukti bahwa pesan tidak dibaca, dan bukan bukti bahwa pesan dibaca.",
        "The absence of this signal is no proof that the message was not read, and no proof that it was read.",
        "Pasal 6: dapat diakses, ditampilkan, dijamin keutuhannya, dan dapat dipertanggungjawabkan.",
        "Dilaporkan, tercatat, dapat diperiksa.",
    ],
)
def test_what_denies_a_claim_is_none(said: str) -> None:
    """A sentence that says what is not proven, and the law's own words, may stand."""
    assert not wording.claims(said)


@pytest.mark.parametrize(
    ("said", "is_bad"),
    [
        ("Meta melaporkan pesan sampai pada perangkat akun penerima.", True),
        ("Sampai di perangkat (belum tentu dibaca)", False),
        ("Lebih dari sehari belum sampai di perangkat", False),
        ("It arrived on a device of the account.", True),
        ("It arrived on a device. This does not show that it was read.", False),
    ],
)
def test_an_arrival_alone_is_found(said: str, is_bad: bool) -> None:
    """An arrival that is told without its limit is found, and one that is denied or limited is not."""
    assert wording.takes_arrival_for_reading(said) is is_bad


def test_certificates_and_documents_are_searched(tmp_path: Path) -> None:
    """A claim in a module of the evidence room, in a file beside it or in a document for the office is found."""
    for name, text in {
        "wabridge/evidence/words.py": '"""dijamin"""\nSAID = "bukti " "sempurna"  # dijamin\n',
        "wabridge/evidence/report/cover.typ": "= Sampul\n\nsah di pengadilan\n",
        "docs/office/levels.md": "# Tingkat\n\nKlien pasti membaca.\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = [claim for _, said in wording.texts(tmp_path) for claim in wording.claims(said)]
    assert sorted(found) == ["bukti sempurna", "pasti membaca", "sah di pengadilan"]
