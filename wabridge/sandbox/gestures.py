"""What whoever plays a client can do on the phone page beside writing: other kinds, files, bubbles, faults, news."""

from collections.abc import Callable

from aiohttp import web

from wabridge.sandbox import forms
from wabridge.sandbox.faults import GROUPS, Fault
from wabridge.sandbox.files import LARGEST_BYTES, SAMPLES
from wabridge.sandbox.handset import Bubble, Handset
from wabridge.sandbox.kinds import KINDS
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.news import OCCURRENCES

EMOJIS = ("👍", "❤️", "🙏", "😂", "😮")
LONGEST_CAPTION = 1024
LONGEST_TEXT = 4096
MENU = (*SAMPLES, *KINDS)
"""The kinds the menu offers, in its order."""
PLACE = r"/phones/{place:[1-9]\d{0,5}}"


class Gestures:
    """The handlers of the folded menus. find: returns the phone a request is about."""

    def __init__(self, meta: PretendMeta, find: Callable[[web.Request], Handset]) -> None:
        self._meta = meta
        self._find = find

    def routes(self) -> list[web.RouteDef]:
        """Return where the forms lead."""
        return [
            web.post(PLACE + "/kinds", self._send_kind),
            web.post(PLACE + "/files", self._send_file),
            web.post(PLACE + r"/bubbles/{key:[0-9a-f]{12}}", self._touch),
            web.post(PLACE + "/faults", self._switch),
            web.post(PLACE + "/news", self._tell),
        ]

    async def _send_kind(self, request: web.Request) -> web.Response:
        handset, kind = self._find(request), (await forms.fields(request)).get("kind", "")
        if kind not in MENU:
            raise web.HTTPBadRequest
        if handset.is_on:
            self._meta.talk.send_kind(handset, kind)
        raise forms.see(request)

    async def _send_file(self, request: web.Request) -> web.Response:
        handset = self._find(request)
        found = await forms.upload(request, most_bytes=LARGEST_BYTES)
        if found is None or not found.content or len(found.caption) > LONGEST_CAPTION:
            raise forms.see(request, query="problem=file_wrong", part="kinds")
        if handset.is_on:
            name, mime_type = found.name, found.mime_type
            self._meta.talk.send_file(handset, found.content, mime_type, name=name, caption=found.caption)
        raise forms.see(request)

    async def _touch(self, request: web.Request) -> web.Response:
        handset, form = self._find(request), await forms.fields(request)
        bubble = handset.find_key(request.match_info["key"])
        if bubble is None:
            raise web.HTTPNotFound
        if handset.is_on and not bubble.is_revoked:
            self._act(handset, bubble, form)
        raise forms.see(request)

    def _act(self, handset: Handset, bubble: Bubble, form: dict[str, str]) -> None:
        talk = self._meta.talk
        words = form.get("words", "").strip()
        if form.get("emoji") in EMOJIS:
            talk.react(handset, bubble, form["emoji"])
        elif "unreact" in form and bubble.reaction:
            talk.react(handset, bubble, "")
        elif "choice" in form:
            for choice in bubble.choices:
                if choice.id == form["choice"]:
                    talk.choose(handset, bubble, choice)
        elif bubble.is_from_office:
            return
        elif "revoke" in form:
            talk.revoke(handset, bubble)
        elif 0 < len(words) <= LONGEST_TEXT and words != bubble.text:
            talk.edit(handset, bubble, words)

    async def _switch(self, request: web.Request) -> web.Response:
        self._find(request)
        form = await forms.fields(request)
        if "none" in form:
            self._meta.faults.clear()
        touched = ""
        for group, members in GROUPS.items():
            for fault in members:
                if fault.value in form:
                    _set(self._meta.faults, fault, form[fault.value])
                    touched = f"-{group}"
        self._meta.changes.announce()
        raise forms.see(request, query=f"open=faults{touched}", part=f"faults{touched}")

    async def _tell(self, request: web.Request) -> web.Response:
        handset, occurrence = self._find(request), (await forms.fields(request)).get("occurrence", "")
        if occurrence not in OCCURRENCES:
            raise web.HTTPBadRequest
        self._meta.news.tell(occurrence, handset)
        raise forms.see(request, query="open=news", part="news")


def _set(faults: set[Fault], fault: Fault, state: str) -> None:
    if state == "1":
        faults.add(fault)
    else:
        faults.discard(fault)
