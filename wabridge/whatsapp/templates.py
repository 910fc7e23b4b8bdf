"""The list of templates, page by page.

Rule 1: pages are asked for by their cursor; an address that Meta's answer names is never followed. Rule 2: one entry
that cannot be read costs no other: it is counted. Rule 3: everything that goes wrong is a NotListed with one word.

Source: Meta, "template management", GET /{business account}/message_templates.
"""

import logging
from typing import Any, NamedTuple
from urllib.parse import quote

import aiohttp
import msgspec

from wabridge.errors import NotListed
from wabridge.model.template import Listed, fold_language
from wabridge.whatsapp import components, decoding, reading
from wabridge.whatsapp.cloud_api import USER_AGENT, is_usable
from wabridge.whatsapp.people import Json

log = logging.getLogger(__name__)

PAGE_ENTRIES = 100
MOST_PAGES = 100
ANSWER_BYTES = 8 * 1024 * 1024

_FIELDS = "id,name,language,status,category,parameter_format,components"
_MORE_FIELDS = f"{_FIELDS},rejected_reason,quality_score"
"""The last two are not on Meta's page of this list: where they are refused, the list is asked for without them."""

_TOKEN_CODES = frozenset({0, 3, 10, 104, 190, *range(200, 300)})
_THROTTLE_CODES = frozenset({4, 17, 613, 80007, 80008, 130429})
_FIELD_REFUSED = 100
_UNKNOWN_NODE = (100, 33)
_CURSOR_EXPIRED = 131059


class Page(NamedTuple):
    """A page of the list. unreadable: entries that are no templates; after: the next page's cursor, None at the end."""

    templates: tuple[Listed, ...]
    unreadable: int
    after: str | None


def open_session(*, total_seconds: float = 60, connect_seconds: float = 10) -> aiohttp.ClientSession:
    """Return a session that is fit for lists; close it in the end. Its connections carry no message."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=total_seconds, connect=connect_seconds),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Accept": "application/json", "User-Agent": USER_AGENT},
        trust_env=False,
    )


class TemplateApi:
    """Meta's list of templates. session: from open_session."""

    def __init__(self, session: aiohttp.ClientSession, *, api_url: str, api_version: str) -> None:
        self._session = session
        self._root = f"{api_url.rstrip('/')}/{api_version.strip('/')}"

    async def list(self, account_id: str, *, access_token: str) -> tuple[tuple[Listed, ...], int]:
        """Return every template of a business account, and how many entries were unreadable; raises NotListed."""
        if not is_usable(access_token):
            raise NotListed("token")
        try:
            return await self._list(account_id, access_token, _MORE_FIELDS)
        except NotListed as trouble:
            if trouble.code != _FIELD_REFUSED or trouble.reason == "account":
                raise
            return await self._list(account_id, access_token, _FIELDS)

    async def _list(self, account_id: str, access_token: str, fields: str) -> tuple[tuple[Listed, ...], int]:
        found: list[Listed] = []
        unreadable, after, seen = 0, "", set[str]()
        for _ in range(MOST_PAGES):
            page = parse(await self._get(account_id, access_token, fields, after))
            found += page.templates
            unreadable += page.unreadable
            if page.after is None:
                return tuple(found), unreadable
            if page.after in seen:
                raise NotListed("endless")
            seen.add(page.after)
            after = page.after
        raise NotListed("endless")

    async def _get(self, account_id: str, access_token: str, fields: str, after: str) -> bytes:
        params = {"fields": fields, "limit": str(PAGE_ENTRIES)} | ({"after": after} if after else {})
        try:
            async with self._session.get(
                f"{self._root}/{quote(account_id, safe='')}/message_templates",
                params=params,
                headers={"Authorization": f"Bearer {access_token}"},
                allow_redirects=False,
            ) as response:
                body = await _read(response)
                if response.status != 200:
                    raise _refusal(response.status, body)
                return body
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError) as trouble:
            raise NotListed("unreachable") from trouble
        except (aiohttp.ClientError, OSError, TimeoutError) as trouble:
            raise NotListed("unreachable") from trouble


def parse(body: bytes) -> Page:
    """Read one page of the list; raises NotListed if it is none."""
    said = _json(body)
    entries = said.get("data")
    if not isinstance(entries, list):
        raise NotListed("not_a_list")
    found = [template for template in map(_template, entries) if template is not None]
    paging = reading.mapping(said.get("paging"))
    after = reading.text(reading.mapping(paging.get("cursors")).get("after")) if paging.get("next") else None
    return Page(tuple(found), len(entries) - len(found), after)


def _template(entry: Any) -> Listed | None:
    said = reading.mapping(entry)
    name, language = reading.text(said.get("name")), reading.text(said.get("language"))
    if name is None or language is None:
        return None
    parts = said.get("components")
    wording = components.read(parts, parameter_format=reading.text(said.get("parameter_format")) or "")
    reason = reading.text(said.get("rejected_reason")) or ""
    return Listed(
        meta_id=reading.ident(said.get("id")) or f"{name} {fold_language(language)}",
        name=name,
        language=language,
        category=(reading.text(said.get("category")) or "").lower(),
        status=(reading.text(said.get("status")) or "").lower(),
        wording=wording,
        components=msgspec.json.encode(parts, order="sorted"),
        examples=components.read_examples(parts, wording),
        quality=(reading.text(reading.mapping(said.get("quality_score")).get("score")) or "").lower(),
        reason="" if reason == "NONE" else reason,
    )


def _refusal(status: int, body: bytes) -> NotListed:
    try:
        error = reading.mapping(_json(body).get("error"))
    except NotListed:
        error = {}
    code, subcode = reading.code(error.get("code")), reading.code(error.get("error_subcode"))
    said = (reading.text(error.get("error_user_msg")) or reading.text(error.get("message")) or "")[:300]
    return NotListed(_reason(status, code, subcode), code=code, said=said)


def _reason(status: int, code: int | None, subcode: int | None) -> str:
    if (code, subcode) == _UNKNOWN_NODE or code == 803:
        return "account"
    if code in _TOKEN_CODES or (code is None and status in (401, 403)):
        return "token"
    if code in _THROTTLE_CODES or status == 429:
        return "throttled"
    if code == _CURSOR_EXPIRED:
        return "interrupted"
    return "server" if code is None or status >= 500 else "refused"


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    while len(body) <= ANSWER_BYTES and (piece := await response.content.read(64 * 1024)):
        body += piece
    if len(body) > ANSWER_BYTES:
        response.close()
        raise NotListed("not_a_list")
    return bytes(body)


def _json(body: bytes) -> Json:
    try:
        decoded = decoding.decode(body)
    except decoding.NotJson as trouble:
        raise NotListed("not_a_list") from trouble
    return reading.mapping(decoded.value if decoded.is_sound else decoding.mend(decoded.value))
