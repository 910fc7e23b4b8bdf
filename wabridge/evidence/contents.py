"""What a message says beside its text, in words: what was shown, offered and pressed, sent along and reported.

The names by which machines know buttons, rows and files stand in evidence.json and are not read here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from wabridge.evidence.exhibits import Message
from wabridge.evidence.words import Words
from wabridge.model import content as c
from wabridge.model import prompts as p
from wabridge.model.template_message import TemplateButton, TemplateMessage

_LEADS = ("url", "phone_number", "copy_code")
"""Template buttons whose value is what the client sees or gets."""
_SEP = "  ·  "


class Reading(NamedTuple):
    """A message that is being read. by_wamid: every message of the report, for what it presses or changes."""

    message: Message
    by_wamid: Mapping[str, Message]
    words: Words

    def say(self, key: str, **values: object) -> str:
        """Return a text about contents, filled in."""
        return self.words.plain(f"content.{key}", **values)


def lines(message: Message, by_wamid: Mapping[str, Message], words: Words) -> list[str]:
    """Return what a message says beside its text, line by line."""
    said = message.content
    if said is None:
        return []
    reading = Reading(message, by_wamid, words)
    return [line for part in _parts(said, reading) for line in part.splitlines() if line.strip()]


def _parts(said: c.Content, r: Reading) -> Iterator[str]:
    if said.forwarded:
        yield r.say(f"forwarded_{said.forwarded}")
    if said.body is not None:
        yield from _body(said.body, r)
    if said.referral:
        yield r.say("referral")
        yield from _fields(said.referral, r)
    yield from _fields(said.more, r)
    for error in said.errors:
        told = " ".join(filter(None, (str(error.code or ""), error.title, error.details)))
        yield r.say("error", said=told)


def _body(body: c.Body, r: Reading) -> Iterator[str]:
    """Yield a body in words."""
    match body:
        case c.Edit():
            yield r.say("edited", what=_target(body.target_wamid, r))
            if body.body is not None:
                yield from _body(body.body, r)
        case c.Revocation():
            yield r.say("revoked", what=_target(body.target_wamid, r))
        case c.Reaction():
            key = "reacted" if body.emoji else "unreacted"
            yield r.say(key, emoji=body.emoji or "", what=_target(body.target_wamid, r))
        case p.Buttons() | p.Menu() | p.LinkButton() | TemplateMessage():
            yield from _offer(body, r)
        case p.NumberRequest() | p.LocationRequest():
            yield r.say(c.type_of(body))
        case c.Media() | c.Location() | c.Cards() | c.Choice():
            yield from _given(body, r)
        case c.CallPermission() | c.System() | c.Call() | c.Preference() | c.GroupChange() | c.Handover():
            yield from _news(body, r)
        case c.Placeholder():
            yield from _placeholder(body, r)


def _offer(body: p.Buttons | p.Menu | p.LinkButton | TemplateMessage, r: Reading) -> Iterator[str]:
    """Yield what the client saw around the words, and could tap."""
    if body.header is not None:
        yield from _header(body.header, r)
    if body.footer:
        yield r.say("footer", text=body.footer)
    match body:
        case p.Buttons():
            yield r.say("buttons", buttons=" · ".join(r.say("quoted", text=each.title) for each in body.buttons))
        case p.LinkButton():
            yield r.say("link_button", label=body.label, url=body.url)
        case p.Menu():
            yield r.say("menu", label=body.label)
            for section in body.sections:
                rows = " · ".join(_row(row, r) for row in section.rows)
                yield r.say("section", title=section.title, rows=rows) if section.title else r.say("rows", rows=rows)
        case TemplateMessage():
            if body.buttons:
                yield r.say("buttons", buttons=" · ".join(_template_button(each, r) for each in body.buttons))
            yield r.say("template", name=body.name, language=body.language)


def _header(header: p.Header, r: Reading) -> Iterator[str]:
    if header.kind == "text":
        yield r.say("header", text=header.text or "")
    elif header.place is not None:
        place = header.place
        yield _place(place.name, place.address, place.latitude, place.longitude, r)
    else:
        yield r.say(header.kind, name=header.file_name or r.say("nameless"))


def _row(row: p.Row, r: Reading) -> str:
    return r.say("quoted", text=row.title) + (f" ({row.description})" if row.description else "")


def _template_button(button: TemplateButton, r: Reading) -> str:
    is_shown = button.value and button.kind in _LEADS
    return r.say("quoted", text=button.text) + (f" ({button.value})" if is_shown else "")


def _given(body: c.Media | c.Location | c.Cards | c.Choice, r: Reading) -> Iterator[str]:
    """Yield what somebody sent or chose."""
    match body:
        case c.Media():
            kind = "voice" if body.is_voice else body.kind
            name = body.file_name or r.say("nameless")
            yield r.say(kind, name=name) if kind in r.words.get("content") else f"{kind}: {name}"
            if body.caption and body.caption != r.message.text:
                yield r.say("caption", text=body.caption)
        case c.Location():
            yield _place(body.name, body.address, body.latitude, body.longitude, r)
            if body.link:
                yield r.say("link", url=body.link)
        case c.Cards():
            yield from (_card(each, r) for each in body.cards)
        case c.Choice():
            title = body.title or r.say("untitled")
            yield r.say(_how_chosen(body, r), title=title, description=body.description or "")


def _how_chosen(choice: c.Choice, r: Reading) -> str:
    """Return whether a button was pressed or a row of a list was chosen: only the row has a description."""
    asked = r.by_wamid.get(r.message.context_id)
    offer = asked.content.body if asked is not None and asked.content is not None else None
    if choice.description:
        return "chosen_described"
    return "chosen" if isinstance(offer, p.Menu) else "pressed"


def _place(name: str | None, address: str | None, latitude: float | None, longitude: float | None, r: Reading) -> str:
    where = None
    if latitude is not None and longitude is not None:
        where = r.say("degrees", latitude=latitude, longitude=longitude)
    return r.say("location", where=_SEP.join(filter(None, (name, address, where))) or r.say("nameless"))


def _card(card: c.Card, r: Reading) -> str:
    phones = ", ".join(
        (each.number or each.whatsapp or "") + (f" ({each.label})" if each.label else "") for each in card.phones
    )
    said = (
        ("organisation", card.organisation),
        ("phone", phones),
        ("email", ", ".join(card.emails)),
        ("address", ", ".join(card.addresses)),
        ("link", ", ".join(card.links)),
        ("birthday", card.birthday),
    )
    parts = [f"{r.words.word('field', name)}: {value}" for name, value in said if value]
    key = "card_asked_for" if card.was_asked_for else "card"
    return _SEP.join((r.say(key, name=card.name or r.say("nameless")), *parts))


def _news(
    body: c.CallPermission | c.System | c.Call | c.Preference | c.GroupChange | c.Handover, r: Reading
) -> Iterator[str]:
    """Yield what WhatsApp reports, or was answered to it."""
    match body:
        case c.CallPermission():
            key = {True: "calls_allowed", False: "calls_not_allowed", None: "calls_unclear"}[body.is_given]
            until = r.say("calls_until", time=r.words.time(body.expires_at)) if body.expires_at else ""
            yield " ".join(filter(None, (r.say(key, answer=body.answer or ""), until)))
        case c.System():
            yield r.say(f"news_{body.news}")
            if body.old_identities or body.new_identities:
                yield f"{', '.join(body.old_identities) or '–'} → {', '.join(body.new_identities) or '–'}"
            yield from _unless_text(body.said, r)
        case c.Call():
            yield from _call(body, r)
        case c.Preference():
            yield r.words.word("preference", body.word)
            yield from filter(None, (body.about,))
            yield from _unless_text(body.said, r)
        case c.GroupChange():
            yield r.words.word("group_change", body.word or "other")
            if body.subject:
                yield r.say("group_name", name=body.subject)
            yield from _fields(body.fields, r)
        case c.Handover():
            yield r.say("handover", previous=body.previous or "–", new=body.new or "–")
            yield from _unless_text(body.note, r)
            yield from _fields(body.fields, r)


def _call(call: c.Call, r: Reading) -> Iterator[str]:
    direction = r.say(f"call_{call.direction or 'other'}")
    outcome = r.words.word("call_outcome", call.outcome) if call.outcome else call.word or ""
    lasted = "" if call.duration_seconds is None else r.say("call_lasted", seconds=call.duration_seconds)
    began = r.say("call_began", time=r.words.time(call.started_at)) if call.started_at else ""
    ended = r.say("call_ended", time=r.words.time(call.ended_at)) if call.ended_at else ""
    yield ", ".join(filter(None, (direction, outcome, began, ended, lasted)))


def _placeholder(body: c.Placeholder, r: Reading) -> Iterator[str]:
    if body.what:
        yield r.say("not_passed_on", what=r.words.word("not_passed_on", body.what))
    elif not body.fields:
        yield r.say("unknown_kind", kind=r.message.kind)
    yield from _unless_text(body.note, r)
    yield from _fields(body.fields, r)


def _unless_text(said: str | None, r: Reading) -> Iterator[str]:
    if said and said != r.message.text:
        yield said


def _fields(fields: Iterable[c.Field], r: Reading) -> Iterator[str]:
    for field in fields:
        yield f"{' '.join(r.words.word('field', part) for part in field.name)}: {field.value}"


def _target(wamid: str | None, r: Reading) -> str:
    """Return which message is meant, by its place in the report where it has one."""
    there = r.by_wamid.get(wamid or "")
    return r.say("message", ref=there.ref) if there is not None else r.say("some_message")
