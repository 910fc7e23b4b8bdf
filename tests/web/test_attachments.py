"""What a conversation says of the files in it."""

import pytest

from tests.web.attached import message, missing, stored
from tests.web.parsed import Tree, text_of
from tests.web.test_rendering import conversation
from wabridge.model.content import Media
from wabridge.model.media import REASONS, MediaFile
from wabridge.web import attachments


def drawn(body: Media, file: MediaFile | None, spoken: str = "id") -> tuple[Tree, str]:
    """Draw a conversation with one file; return the page and what stands where the file stands."""
    tree = conversation(message(7, body, file), spoken=spoken)
    return tree, text_of(tree.one("div", "attachment"))


def test_a_picture_stands_small_with_a_link_to_the_whole() -> None:
    """Its place is reserved, its description is the caption, and it can be saved."""
    tree, said = drawn(*stored("image", "image/jpeg", small=(480, 300), caption='KTP <b> "saya"'))
    shown = tree.one("img")
    assert (shown.get("src"), shown.get("width"), shown.get("height")) == ("/media/7/thumbnail", "480", "300")
    assert shown.get("alt") == 'Gambar: KTP <b> "saya"'
    assert [link.get("href") for link in tree.one("div", "attachment").iter("a")] == ["/media/7", "/media/7?save"]
    assert said == "Gambar 304 kB Simpan: Gambar"
    assert tree.texts("div", "text") == ['KTP <b> "saya"']


@pytest.mark.parametrize(
    ("kind", "mime_type", "tag"), [("audio", "audio/ogg", "audio"), ("video", "video/mp4", "video")]
)
def test_sound_and_film_have_a_player(kind: str, mime_type: str, tag: str) -> None:
    """The browser's own player, which loads no more than it must."""
    tree, _ = drawn(*stored(kind, mime_type))
    player = tree.one(tag)
    assert (player.get("src"), player.get("preload"), "controls" in player.attrib) == ("/media/7", "metadata", True)


@pytest.mark.parametrize(
    ("mime_type", "name", "said"),
    [
        ("application/pdf", "Akta.pdf", "PDF Akta.pdf Dokumen PDF · 304 kB"),
        ("application/octet-stream", "Gugatan.docx", "DOCX Gugatan.docx Dokumen teks · 304 kB"),
        ("audio/amr", "suara.amr", "AMR suara.amr Berkas audio · 304 kB"),
        ("image/png", "peta.png", "PNG peta.png Gambar · 304 kB"),
    ],
)
def test_other_files_stand_as_a_line(mime_type: str, name: str, said: str) -> None:
    """Documents, what browsers do not play, and pictures that could not be made small: name, sort, size."""
    tree, shown = drawn(*stored("document", mime_type, file_name=name))
    assert shown == said
    assert tree.all("img") == tree.all("audio") == []


def test_a_file_nobody_has_looked_at_can_only_be_saved() -> None:
    """In the moment before its bytes are known nothing of it is shown."""
    tree, _ = drawn(*stored("image", None))
    (link,) = tree.one("div", "attachment").iter("a")
    assert link.get("href") == "/media/7?save"


@pytest.mark.parametrize(
    ("body_and_file", "warning"),
    [
        (stored("image", "image/png", is_as_claimed=False), "bukan berkas yang diumumkan"),
        (stored("document", "application/octet-stream", file_name="undangan.pdf.apk"), "Ini program"),
        (stored("document", "application/octet-stream", file_name="foto.jpg"), "tidak sesuai dengan namanya"),
        (stored("document", "image/png", file_name="akta.pdf"), "tidak sesuai dengan namanya"),
    ],
)
def test_what_is_odd_is_said(body_and_file: tuple[Media, MediaFile], warning: str) -> None:
    """Another checksum, a program, a content that is not what the name says: in words, beside the file."""
    tree, _ = drawn(*body_and_file)
    assert [said for said in tree.texts("p", "trouble") if warning in said]


@pytest.mark.parametrize("name", ["a.pdf", "a.PDF", "rekaman.ogg", "surat.docx", None, "tanpa akhiran"])
def test_what_is_in_order_is_not_called_odd(name: str | None) -> None:
    """A name that fits, or promises nothing, is left alone."""
    mime_type = "audio/ogg" if name and name.endswith("ogg") else "application/pdf"
    tree, _ = drawn(*stored("document", mime_type, file_name=name))
    assert tree.texts("p", "trouble") == []


def test_a_file_on_its_way_says_so() -> None:
    """No button is offered while nothing has gone wrong."""
    tree, said = drawn(*missing("image", state="waiting"))
    assert said == "JPG Gambar image/jpeg · Sedang diunduh…"
    assert tree.all("form", action="/media/7/retry") == []


@pytest.mark.parametrize("spoken", ["id", "en"])
@pytest.mark.parametrize("reason", REASONS)
def test_every_failure_has_words(spoken: str, reason: str) -> None:
    """Whatever went wrong stands there in a sentence, waiting or given up, in both languages."""
    for state in ("waiting", "failed"):
        tree, _ = drawn(*missing("image", state=state, reason=reason), spoken)
        (said,) = tree.texts("p", "trouble")
        assert said.endswith(".")
        assert len(said) > 20


@pytest.mark.parametrize("reason", REASONS)
def test_another_try_is_offered_where_it_may_help(reason: str) -> None:
    """The button is a form of ours; a file that is too large will not shrink."""
    tree, _ = drawn(*missing("image", state="failed", reason=reason))
    forms = tree.all("form", action="/media/7/retry", method="post")
    assert bool(forms) is (reason != "too_large")
    assert all(next(iter(form.iter("input"))).get("name") == "csrf" for form in forms)


@pytest.mark.parametrize(
    ("size_bytes", "spoken", "said"),
    [
        (0, "id", "0 B"),
        (999, "id", "999 B"),
        (1500, "id", "1,5 kB"),
        (1500, "en", "1.5 kB"),
        (104_857_600, "id", "105 MB"),
    ],
)
def test_sizes_are_written_as_people_do(size_bytes: int, spoken: str, said: str) -> None:
    """In steps of a thousand, with the language's comma."""
    assert attachments.size(spoken, size_bytes) == said


def test_a_message_of_before_says_that_its_file_is_not_here() -> None:
    """A file that nobody asks for any more, or that never came, is not passed over."""
    assert "belum diunduh" in drawn(Media(kind="image", file_id="1"), None)[1]
    assert "Tidak ada berkas" in drawn(Media(kind="image"), None)[1]


def test_a_name_without_end_does_not_push_the_conversation_away() -> None:
    """Four thousand characters are shown by their beginning and their end, where the suffix is."""
    _, said = drawn(*stored("document", "application/pdf", file_name="a" * 4000 + ".pdf"))
    assert len(said) < 400
    assert "…" in said
    assert "aaa.pdf" in said
    assert attachments.called("Surat Kuasa.pdf") == "Surat Kuasa.pdf"
