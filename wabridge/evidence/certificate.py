"""What the certificate prints: the dossier as a tree of finished texts, which the page templates only lay out.

No template decides anything, so whatever a page says can be read and tested here.
"""

from typing import Any

from wabridge.evidence import levels
from wabridge.evidence.account import conversation
from wabridge.evidence.dossier import Dossier, Sender
from wabridge.evidence.notices import carrier, notices
from wabridge.evidence.setting import people, system
from wabridge.evidence.timeline import name_of, named, timeline
from wabridge.evidence.words import Words
from wabridge.model.export import SealTime

_SHOWN_ON_COVER = 3


def build(dossier: Dossier, *, evidence_sha256: str, office_root: str, seal_time: SealTime = "unset") -> dict[str, Any]:
    """Return everything that is printed. office_root: the fingerprint of the office's root certificate, "" if none."""
    report = dossier.report
    words = Words(report.language, zone=report.zone, utc_offset_minutes=report.utc_offset_minutes)
    hashes = _hashes(dossier, words, evidence_sha256=evidence_sha256, office_root=office_root)
    return {
        "words": {name: words.get(name) for name in ("cover", "parts", "labels", "limits", "custody")},
        "language": report.language,
        "report_id": report.report_id,
        "classification": report.classification,
        "footer": f"{report.report_id}  ·  {dossier.ledger.size}:{dossier.ledger.root[:12]}",
        "cover": {
            "what": words.say("cover.what"),
            "ids": _ids(dossier, words),
            "results": _results(dossier, words),
            "limits": words.say_all("cover.limits_short"),
            "hashes": hashes,
            "anchored": f"{_anchored(dossier, words)} {words.plain(f'seal_time.{seal_time}')}",
        },
        "left_out": [[each.what, each.why, str(each.count or "–")] for each in dossier.left_out],
        "no_left_out": words.plain("text.no_left_out"),
        "timeline": timeline(dossier, words),
        "notices": notices(dossier, words),
        "people": people(dossier, words),
        "conversation": conversation(dossier, words),
        "system": system(dossier, words),
        "limits": {"points": words.say_all("limits.points"), "compare": words.say("text.compare")},
        "guide": {
            **words.get("guide"),
            "steps": _steps(dossier, words),
            "hashes": [*hashes[-2:], *_earlier(dossier, words)],
        },
        "statement": _statement(dossier, words, hashes),
        "custody": [words.time(dossier.custody.t_exported), dossier.custody.exported_by.name, dossier.custody.medium],
    }


def _ids(dossier: Dossier, words: Words) -> list[list[str]]:
    report, sender = dossier.report, dossier.sender
    period = "" if report.t_from is None else f"{words.time(report.t_from)} – {words.time(report.t_until)}"
    build = ", ".join(filter(None, (report.commit[:12], f"lock {report.lock_sha256[:12]}")))
    said = (
        ("report_id", report.report_id),
        ("supersedes", report.supersedes),
        ("created", f"{words.time(report.t_created)} ({words.utc(report.t_created)})"),
        ("created_by", name_of(report.created_by, words)),
        ("approved_by", name_of(report.approved_by, words) if report.approved_by else ""),
        ("requested_by", named(report.requested_by, words)),
        ("purpose", report.purpose),
        ("handed_to", report.handed_to),
        ("matter", report.matter),
        ("scope", words.word("scope", report.scope)),
        ("period", period),
        ("office", ", ".join(filter(None, (sender.office, sender.address)))),
        ("advocate", " · ".join(part for part in (sender.advocate, sender.advocate_number) if part)),
        ("number", " · ".join((sender.display_number or words.plain("labels.not_told"), _verified(sender, words)))),
        (
            "phone_number_id",
            " · ".join((sender.phone_number_id, *([f"WABA {sender.waba_id}"] if sender.waba_id else ()))),
        ),
        ("software", f"{report.software} {report.version} ({build})"),
    )
    return [[words.plain(f"labels.{key}"), value] for key, value in said if value]


def _verified(sender: Sender, words: Words) -> str:
    said = f"“{sender.verified_name}”" if sender.verified_name else words.plain("labels.not_told")
    return f"{words.plain('labels.verified_name')}: {said}"


def _results(dossier: Dossier, words: Words) -> list[dict[str, Any]]:
    """Return what the cover says was reached: each notice, else each main message, else numbers."""
    names = {person.ref: person.name for person in dossier.persons}
    found: list[dict[str, Any]] = []
    for notice in dossier.notices:
        head = {
            "number": notice.notice_id,
            "title": notice.title or words.plain("none"),
            "person": names.get(notice.person, notice.person),
        }
        message = carrier(notice, dossier)
        said = [] if message is None else [levels.of_message(message, words)[0]]
        title = words.plain("cover.result_notice", **head)
        found.append({"title": title, "said": [levels.of_notice(notice, words), *said]})
    if not found:
        for message in (each for each in dossier.messages if each.is_main):
            head = {"ref": message.ref, "person": names.get(message.person, message.person)}
            title = words.plain("cover.result_message", time=words.time(message.t_written), **head)
            found.append({"title": title, "said": levels.of_message(message, words)})
    rest = len(found) - _SHOWN_ON_COVER
    more = [{"title": words.plain("cover.more", count=rest), "said": []}] if rest > 0 else []
    return [*found[:_SHOWN_ON_COVER], *more, _numbers(dossier, words)]


def _numbers(dossier: Dossier, words: Words) -> dict[str, Any]:
    outbound = sum(message.direction == "outbound" for message in dossier.messages)
    whole = words.say(
        "cover.result_count",
        messages=len(dossier.messages),
        persons=", ".join(person.name for person in dossier.persons) or "–",
        outbound=outbound,
        inbound=len(dossier.messages) - outbound,
    )
    return {"title": "", "said": [[*whole, " ", *words.say("cover.result_levels", **levels.counts(dossier.messages))]]}


def _hashes(dossier: Dossier, words: Words, *, evidence_sha256: str, office_root: str) -> list[list[str]]:
    ledger = dossier.ledger
    newest = max(ledger.anchors, key=lambda anchor: anchor.size, default=None)
    anchor = words.plain("labels.no_anchors")
    if newest is not None:
        kind = words.word("anchor", newest.kind)
        anchor = f"{kind}, {newest.by}, {words.time(newest.t_anchored)} ({newest.size})"
    said = (
        ("evidence_sha256", evidence_sha256),
        ("checkpoint", f"{ledger.origin} · {ledger.size}"),
        ("root", ledger.root),
        ("newest_anchor", anchor),
        ("ledger_key", ledger.key_fingerprint),
        ("office_root", office_root or words.plain("none")),
    )
    return [[words.plain(f"labels.{key}"), value] for key, value in said]


def _earlier(dossier: Dossier, words: Words) -> list[list[str]]:
    """Return the keys that signed the ledger before, newest first; the cover has no room for them."""
    label = words.plain("labels.earlier_key")
    return [[label, f"{key.fingerprint} · {words.time(key.until)}"] for key in reversed(dossier.ledger.earlier_keys)]


def _anchored(dossier: Dossier, words: Words) -> str:
    since = dossier.ledger.not_anchored_since if dossier.ledger.anchors else 0
    return words.plain("cover.anchored") if since is None else words.plain("cover.not_anchored", since=since)


def _guide(dossier: Dossier, words: Words, hashes: list[list[str]]) -> dict[str, Any]:
    fingerprints = [*hashes[-2:], *_earlier(dossier, words)]
    return {**words.get("guide"), "steps": _steps(dossier, words), "hashes": fingerprints}


def _steps(dossier: Dossier, words: Words) -> list[list[str]]:
    """Return the steps of the guide; the last, about tokens, only if there are any."""
    steps: list[list[str]] = words.get("guide.steps")
    return steps if any(anchor.token_path for anchor in dossier.ledger.anchors) else steps[:-1]


def _statement(dossier: Dossier, words: Words, hashes: list[list[str]]) -> dict[str, Any]:
    said = {"report_id": dossier.report.report_id, "office": dossier.sender.office}
    table = dict(words.get("statement"))
    table["a"] = words.say_all("statement.a", **said)
    table["b"] = words.say_all("statement.b", **said)
    return {**table, "hashes": [hashes[0], hashes[2]], "system": f"{dossier.system.host} · {dossier.system.place}"}
