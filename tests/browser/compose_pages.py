"""The small forms beside the reply box in every state, drawn from plain objects."""

from typing import Any

import msgspec

from tests.browser.template_pages import kept_letter
from tests.web.messages import inbound, line, person, view
from wabridge.errors import DraftUnfit, FileUnfit, Flaw
from wabridge.model.enclosure import Enclosure
from wabridge.model.ids import EnclosureId
from wabridge.web import compose_words, composing, header_files, remarks

NAMED = msgspec.structs.replace(person(), own_name="Pak Budi (perkara 12)")
LONG_WORD = "https://contoh.example/" + "sangatpanjang" * 20
_TYPED = {"text": LONG_WORD, "button1": "Ya, saya akan datang besok pagi", "header": "Janji"}
_FLAWS = (Flaw("button_title", "too_long", 1, 31, 20), Flaw("footer", "too_long", None, 75, 60))


def cases() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return each form, and what is refused, with a file that is kept and with one that is not taken."""
    unfit = FileUnfit("video_codec", name="Rekaman pertemuan dengan para pihak tentang wanprestasi.mp4")
    refusal = remarks.REFUSALS[DraftUnfit]
    one_heading = (Flaw("header_file", "one_heading"),)
    return {
        **{f"compose-{kind}": _compose(kind) for kind in compose_words.FORMS},
        "compose-brought-back": _compose("list", typed=_TYPED, brought_back="words, no file"),
        "compose-refused": _compose("buttons", typed=_TYPED, unfit=_FLAWS, refusal=refusal),
        "compose-file": _compose("link", typed=_TYPED, file=kept_letter(), unfit=one_heading, refusal=refusal),
        "compose-file-refused": _compose("buttons", typed=_TYPED, unfit_file=unfit, refusal=remarks.REFUSED),
    }


def attached() -> tuple[Enclosure, ...]:
    """Return what waits beside the reply box: a picture with a long name, and a recording."""
    recording = {"kind": "audio", "mime_type": "audio/ogg; codecs=opus", "is_voice": True, "name": "Catatan sidang.ogg"}
    return (kept_letter(), msgspec.structs.replace(kept_letter(), id=EnclosureId(8), **recording))


def _compose(kind: str, **more: Any) -> tuple[str, dict[str, Any]]:
    given: dict[str, Any] = {
        "view": view(inbound(), line=line(NAMED)),
        "kind": kind,
        "form": compose_words.FORMS[kind],
        "typed": {},
        "newer": (),
        "refusal": None,
        "unfit": (),
        "unfit_file": None,
        "takes_file": kind in composing.WITH_FILE,
        "file": None,
        "accept": header_files.ACCEPT_ANY,
        "seen": 1,
        "form_token": "t",
        "note_limit": 500,
    }
    return "compose.html", {**given, **more}
