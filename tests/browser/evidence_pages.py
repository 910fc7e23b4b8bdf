"""The page of the clause and the anchors, in its states."""

from datetime import timedelta
from typing import Any

import msgspec

from tests.web.messages import NOW
from wabridge.core.clause import Fingerprints
from wabridge.model.anchor import Anchor, Place, Standing
from wabridge.web import clause

_TSA = Place("timestamp", "https://penanda-waktu-yang-panjang-sekali.penyelenggara-sertifikasi.example/layanan/tsr")
_BOX = Place("mail", "arsip.advokat.kedua@penyedia-surel.example")


def cases() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return each state of the page."""
    known = Fingerprints(
        ledger_name="wabridge/0011223344556677",
        ledger_key=" ".join(["0a1b"] * 16),
        ledger_since=NOW,
        newest="wabridge/0011223344556677\n109482\n" + "A" * 44 + "\n\n— wabridge/0011223344556677 " + "B" * 92 + "\n",
        newest_at=NOW,
    )
    made = Anchor(
        id=1,
        checkpoint_id=1,
        place=_TSA,
        state="made",
        wanted_at=NOW - timedelta(days=5),
        made_at=NOW - timedelta(days=5),
        stated_at=NOW - timedelta(days=5),
        authority="Contoh Penanda Waktu Elektronik Indonesia",
        is_trusted=False,
    )
    late = Anchor(
        id=2,
        checkpoint_id=2,
        place=_BOX,
        state="wanted",
        wanted_at=NOW - timedelta(days=3),
        tries=9,
        next_try_at=NOW,
        reason="login",
    )
    stuck = msgspec.structs.replace(late, id=3, place=_TSA, reason="untrusted")
    waiting = Standing(
        places=(_TSA, _BOX), newest=(made,), waiting=(late, stuck), waiting_since=NOW - timedelta(days=3)
    )
    return {
        "clause": _case(known, waiting),
        "clause-empty": _case(Fingerprints(), Standing()),
    }


def _case(known: Fingerprints, anchored: Standing) -> tuple[str, dict[str, Any]]:
    return "clause.html", {
        "known": known,
        "anchored": anchored,
        "paragraphs": clause.PARAGRAPHS,
        "kinds_of_anchor": clause.KINDS,
        "reasons_of_anchor": clause.REASONS,
    }
