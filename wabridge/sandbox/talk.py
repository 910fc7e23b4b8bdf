"""What people do on their phones, and how Meta tells the office: as messages of every type (cloud-api 2).

The faults that are switched on befall them on the way. The window counts from Meta's time of each message.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from wabridge.sandbox import kinds, payloads, spoiling, wamids
from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.changes import Changes
from wabridge.sandbox.courier import Courier
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.files import Files
from wabridge.sandbox.handset import Bubble, Handset, Progress
from wabridge.sandbox.interactive import Choice
from wabridge.sandbox.payloads import Json, Person

OLD = timedelta(days=6, hours=20)
"""So old is a message whose webhook was repeated for almost as long as Meta tries."""


class Talk:
    """The people's side of all conversations."""

    def __init__(
        self,
        account: Account,
        behaviour: Behaviour,
        changes: Changes,
        courier: Courier,
        files: Files,
        now: Callable[[], datetime],
    ) -> None:
        self._account = account
        self._behaviour = behaviour
        self._changes = changes
        self._courier = courier
        self._files = files
        self._now = now

    def write(self, handset: Handset, words: str, *, quoted_wamid: str | None = None) -> Bubble:
        """Send a text."""
        return self.send(handset, kinds.text(words), words, kind="text", quoted_wamid=quoted_wamid)

    def send_kind(self, handset: Handset, kind: str) -> Bubble:
        """Send the example of a kind; raises LookupError for one that is not there."""
        if kind in kinds.KINDS:
            said = kinds.KINDS[kind]
            quoted_wamid = self._last_of_office(handset) if said.answers_office else None
            return self.send(handset, said.parts, said.text, kind=kind, quoted_wamid=quoted_wamid)
        parts = self._files.invent(kind)
        return self.send(handset, parts, _file_words(parts), kind=kind)

    def send_file(self, handset: Handset, content: bytes, mime_type: str, *, name: str, caption: str = "") -> Bubble:
        """Send a file of the person's own."""
        kind = kind_of(mime_type)
        said: Json = {"caption": caption} if caption and kind in ("image", "video", "document") else {}
        if kind == "document":
            said["filename"] = name
        parts = self._files.parts(kind, self._files.keep(content, mime_type), said)
        return self.send(handset, parts, _file_words(parts), kind=kind)

    def choose(self, handset: Handset, bubble: Bubble, choice: Choice) -> Bubble:
        """Press a button or a row of a message of the office."""
        return self.send(handset, choice.parts(), choice.title, kind=choice.kind, quoted_wamid=bubble.wamid)

    def send(self, handset: Handset, parts: Json, words: str, *, kind: str, quoted_wamid: str | None = None) -> Bubble:
        """Send a message of any type; words: what the phone shows of it."""
        quoted = handset.find(quoted_wamid)
        message = self._message(handset, parts, quoted_wamid=quoted_wamid)
        bubble = Bubble(
            wamid=message["id"],
            text=words,
            kind=kind,
            at=self._now(),
            is_from_office=False,
            progress=Progress.SENT,
            was_displayed=True,
            quoted_text=quoted.text if quoted else None,
            parts=parts,
        )
        handset.bubbles.append(bubble)

        def note_arrival() -> None:
            bubble.progress = max(bubble.progress, Progress.DELIVERED)

        self._post(handset, message, note_arrival)
        return bubble

    def react(self, handset: Handset, bubble: Bubble, emoji: str) -> str:
        """Put an emoji on a message, or take it back with an empty one; returns the wamid."""
        bubble.reaction = emoji
        reaction = {"message_id": bubble.wamid}
        if emoji or Fault.EMPTY_EMOJI in self._behaviour.faults:
            reaction["emoji"] = emoji
        return self._act(handset, {"type": "reaction", "reaction": reaction})

    def edit(self, handset: Handset, bubble: Bubble, words: str) -> str:
        """Change the words of a message, as a phone app's number is told; returns the wamid."""
        bubble.text, bubble.is_edited = words, True
        bubble.parts = _edited(bubble.parts, words)
        parts = bubble.parts | {"context": {"id": "M0"}}
        edit = {"original_message_id": bubble.wamid, "message": parts}
        return self._act(handset, {"type": "edit", "edit": edit})

    def revoke(self, handset: Handset, bubble: Bubble) -> str:
        """Delete a message for everyone, as a phone app's number is told; returns the wamid."""
        bubble.text, bubble.is_revoked = "", True
        return self._act(handset, {"type": "revoke", "revoke": {"original_message_id": bubble.wamid}})

    def _act(self, handset: Handset, parts: Json) -> str:
        message = self._message(handset, parts)
        self._post(handset, message, None)
        wamid: str = message["id"]
        return wamid

    def _message(self, handset: Handset, parts: Json, *, quoted_wamid: str | None = None) -> Json:
        at = self._now() - (OLD if Fault.OLD_TIMES in self._behaviour.faults else timedelta(0))
        handset.note_inbound(at)
        quotes = None
        if quoted_wamid:
            quoted = handset.find(quoted_wamid)
            is_own = quoted is not None and not quoted.is_from_office
            author = handset.person.phone if is_own else self._account.display_phone_number
            quotes = {"from": author, "id": quoted_wamid}
        message = payloads.message(self._described(handset.person), parts, at=at, quotes=quotes)
        return spoiling.spoil(message, self._behaviour.faults)

    def _post(self, handset: Handset, message: Json, on_arrival: Callable[[], None] | None) -> None:
        faults, person = self._behaviour.faults, self._described(handset.person)
        webhook = spoiling.envelope(self._account, person, message, faults)
        if Fault.PLACEHOLDER_FIRST in faults:
            first = spoiling.envelope(self._account, person, spoiling.placeholder(message), set())
            self._courier.enqueue(first, lambda: self._follow(webhook, on_arrival))
        else:
            self._courier.enqueue(webhook, on_arrival)
        self._changes.announce()

    def _follow(self, webhook: Json, on_arrival: Callable[[], None] | None) -> None:
        self._courier.enqueue(webhook, on_arrival)

    def _described(self, person: Person) -> Person:
        """Return the person as Meta shows them: a hidden phone goes with a username (3.2)."""
        if Fault.HIDDEN_PHONE not in self._behaviour.faults:
            return person
        return replace(person, hides_phone=True, username=person.username or f"@pengguna.{person.phone[-4:]}")

    def _last_of_office(self, handset: Handset) -> str:
        wamid = next((each.wamid for each in reversed(handset.bubbles) if each.is_from_office), None)
        return wamid or wamids.outbound(handset.person.phone)


def kind_of(mime_type: str) -> str:
    """Return as what a file of this type is sent."""
    bare = mime_type.partition(";")[0].strip().lower()
    if bare in ("image/jpeg", "image/png"):
        return "image"
    if bare in ("video/mp4", "video/3gpp"):
        return "video"
    return "audio" if bare.startswith("audio/") else "document"


def _file_words(parts: Json) -> str:
    element = parts[parts["type"]]
    words: str = element.get("caption") or element.get("filename") or element["mime_type"]
    return words


def _edited(parts: Json, words: str) -> Json:
    """Return the parts with other words: a caption if there is a file, else a text."""
    element = parts.get(parts["type"])
    if isinstance(element, dict) and "mime_type" in element:
        return parts | {parts["type"]: element | {"caption": words}}
    return kinds.text(words)
