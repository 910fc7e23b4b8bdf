"""The pages of exports and of the ledger, in their states."""

from datetime import timedelta
from typing import Any

import msgspec

from tests.web.messages import NOW
from wabridge.core.ledger_health import Former, Gap, Interruption, Jump, LedgerHealth, Verified
from wabridge.errors import TooMuchToExport
from wabridge.evidence.checkpoint import PublicKey
from wabridge.model.export import REASON_CHARACTERS, Export, Extent, Scope, State
from wabridge.model.ids import ConversationId, ExportId, MessageId
from wabridge.model.media import Kept
from wabridge.model.page import Page
from wabridge.storage.checkpoints import Head, SigningKey
from wabridge.web import exports, remarks

_LONG = "lampiran_gugatan_yang_sangat_panjang_tanpa_spasi_" * 5
_REASON = "Lampiran bukti pada gugatan perdata nomor 118/Pdt.G/2026/PN Jkt.Sel, atas permintaan majelis hakim"
_MATTER = "118/Pdt.G/2026/PN Jkt.Sel, Hadiningrat melawan PT Sumber Makmur Sejahtera Abadi"


_OF_A_MATTER = {"scope": Scope(kind="matter", matter=_MATTER, from_at=NOW)}


def cases() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return each state of the pages."""
    shown = {"states": exports.STATES, "tones": exports.TONES, "scopes": exports.SCOPE_NAMES}
    listed = {**shown, "matters": [_MATTER, "27/PHI/2026"]}
    one = {**shown, "failures": exports.FAILURES, "seal_times": exports.SEAL_TIMES, "may_remove": True}
    every = tuple(_export(n, state) for n, state in enumerate(exports.STATES, 1))
    return {
        "exports": ("exports.html", {**listed, "page": Page(every, "3")}),
        "exports-empty": ("exports.html", {**listed, "page": Page(()), "matters": []}),
        **{f"export-{each.state}": ("export.html", {**one, "export": each}) for each in every},
        "export-removed": ("export.html", {**one, "export": _removed(every[list(exports.STATES).index("done")])}),
        "export-new-matter": ("export_new.html", {**shown, **_asked(), **_OF_A_MATTER}),
        "export-new": ("export_new.html", {**shown, **_asked()}),
        "export-new-refused": (
            "export_new.html",
            {**shown, **_asked(messages=7000), "refusal": remarks.REFUSALS[TooMuchToExport]},
        ),
        "export-new-nothing": ("export_new.html", {**shown, **_asked(messages=0)}),
        "ledger": ("ledger.html", {"view": _ledger()}),
        "ledger-new": ("ledger.html", {"view": _new_ledger()}),
    }


def _export(number: int, state: State) -> Export:
    is_done = state == "done"
    return Export(
        id=ExportId(number),
        number=f"EX-2026-{number:06}",
        scope=Scope(kind="matter", matter=_MATTER, from_at=NOW - timedelta(days=90), until_at=NOW),
        language="id",
        reason=_LONG if state == "cancelled" else _REASON,
        handed_to="Panitera Pengadilan Negeri Jakarta Selatan",
        actor_name="Sari Lestari, S.H., M.H.",
        requested_at=NOW - timedelta(days=number - 1),
        state=state,
        percent=40 if state == "running" else 0,
        failure="storage" if state == "failed" else None,
        messages=1204 if is_done else None,
        kept=Kept("x", "k", 18_400_000) if is_done else None,
        sha256="ab" * 32 if is_done else "",
        seal_time="missing" if is_done else None,
    )


def _removed(export: Export) -> Export:
    return msgspec.structs.replace(export, kept=None, removed_at=NOW, removed_by="Sari Lestari, S.H., M.H.")


def _asked(messages: int = 1204) -> dict[str, Any]:
    extent = Extent(
        messages=messages, inbound=messages // 2, outbound=messages - messages // 2, files=31, files_missing=2,
        shared=3, before=1, after=1080, beside=240, unsent=1, outside=2,
    )  # fmt: skip
    return {
        "scope": Scope(kind="conversation", conversation_id=ConversationId(1), message_id=MessageId(1)),
        "number": None,
        "extent": extent,
        "refusal": None,
        "fields": {"reason": _REASON},
        "first": "2026-08-01",
        "last": "2026-11-23",
        "most": REASON_CHARACTERS,
    }


def _ledger() -> LedgerHealth:
    note = "wabridge/0011223344556677\n109482\n" + "A" * 44 + "\n\n— wabridge/0011223344556677 " + "B" * 92 + "\n"
    key = SigningKey(PublicKey("wabridge/0011223344556677", bytes(range(32))), 0, NOW - timedelta(days=400), None)
    return LedgerHealth(
        size=109_500,
        head=Head(1, 109_482, bytes(32), NOW - timedelta(minutes=2), note),
        key=key,
        former=(
            Former(key.public.fingerprint, NOW - timedelta(days=300), NOW - timedelta(days=3), handed_over=True),
            Former(key.public.fingerprint, NOW - timedelta(days=700), NOW - timedelta(days=300), handed_over=False),
        ),
        pulse=NOW - timedelta(minutes=20),
        ntp="no",
        gaps=(Gap(NOW - timedelta(days=2), timedelta(hours=30)), Gap(NOW - timedelta(days=9), timedelta(minutes=12))),
        jumps=(Jump(NOW, timedelta(seconds=-1800)), Jump(NOW, timedelta(seconds=2))),
        interruptions=(Interruption(NOW - timedelta(days=1), 109_900, 108_000),),
        backfilled=1200,
        to_backfill=45_000,
        verified=Verified(NOW - timedelta(days=3), is_good=False, size=108_000),
    )


def _new_ledger() -> LedgerHealth:
    return LedgerHealth(
        size=1, head=None, key=None, former=(), pulse=None, ntp="unknown", gaps=(), jumps=(), interruptions=(),
        backfilled=0, to_backfill=0, verified=None,
    )  # fmt: skip
