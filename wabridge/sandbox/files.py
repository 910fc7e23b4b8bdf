"""The files people send to the office: bytes in memory, with ids and addresses that expire (cloud-api 2.3, 8)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.graph import GraphError, Refusal, unknown_node
from wabridge.sandbox.payloads import Json, seconds

URL_LIFETIME = timedelta(minutes=5)
ID_LIFETIME = timedelta(days=7)
LARGEST_BYTES = 5 * 1024 * 1024
MOST_FILES = 40
"""So many are remembered; the oldest goes first."""
PATH = "/whatsapp_business/attachments/"

# Each kind of the menu: the file beside this module, its type and what else the webhook says of it.
SAMPLES: dict[str, tuple[str, str, Json]] = {
    "image": ("photo.jpg", "image/jpeg", {"caption": "Foto kuitansi"}),
    "video": ("video.mp4", "video/mp4", {"caption": "Keadaan rumah"}),
    "voice": ("voice.ogg", "audio/ogg; codecs=opus", {"voice": True}),
    "audio": ("voice.ogg", "audio/ogg; codecs=opus", {"voice": False}),
    "document": ("letter.pdf", "application/pdf", {"filename": "surat.pdf", "caption": "Surat somasi"}),
    "sticker": ("sticker.webp", "image/webp", {"animated": False}),
}
TYPES = {"voice": "audio"}
"""Kinds that Meta calls otherwise."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody came to an address of ours. has_token: and brought an access token along."""

    host: str
    path: str
    has_token: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file that Meta holds for the office."""

    media_id: str
    content: bytes
    mime_type: str
    received_at: datetime
    lifetime: timedelta = ID_LIFETIME


class Files:
    """What people have sent; `base_url` is where it is fetched."""

    def __init__(self, account: Account, behaviour: Behaviour, now: Callable[[], datetime]) -> None:
        self.base_url = ""
        self.visits: list[Visit] = []
        self._account = account
        self._behaviour = behaviour
        self._now = now
        self._key = secrets.token_bytes(16)
        self._kept: dict[str, File] = {}
        self._folder = Path(__file__).parent / "static"

    def keep(self, content: bytes, mime_type: str, *, lifetime: timedelta = ID_LIFETIME) -> File:
        """Hold a file under a fresh id, for so long."""
        media_id = str(10**15 + secrets.randbelow(9 * 10**15))
        file = File(media_id=media_id, content=content, mime_type=mime_type, received_at=self._now(), lifetime=lifetime)
        self._kept[media_id] = file
        while len(self._kept) > MOST_FILES:
            del self._kept[next(iter(self._kept))]
        return file

    def invent(self, kind: str) -> Json:
        """Return the type and object of a message with a file of ours; kind: a key of SAMPLES."""
        name, mime_type, said = SAMPLES[kind]
        return self.parts(TYPES.get(kind, kind), self.keep((self._folder / name).read_bytes(), mime_type), said)

    def parts(self, kind: str, file: File, said: Json) -> Json:
        """Return the type and object of a message with this file; said: its caption, name and the like."""
        digest = hashlib.sha256(self._announced(file))
        is_hex = Fault.HEX_HASH in self._behaviour.faults
        element: Json = {
            **said,
            "mime_type": file.mime_type,
            "sha256": digest.hexdigest() if is_hex else base64.b64encode(digest.digest()).decode(),
            "id": file.media_id,
        }
        if Fault.NO_MEDIA_URL not in self._behaviour.faults:
            element["url"] = self.address(file, is_old=Fault.MEDIA_URL_OLD in self._behaviour.faults)
        return {"type": kind, kind: element}

    def address(self, file: File, *, is_old: bool = False) -> str:
        """Return where the file can be had for the next five minutes; an old one is past them."""
        ends = seconds(self._now() + (-URL_LIFETIME if is_old else URL_LIFETIME))
        return f"{self.base_url}{PATH}?mid={file.media_id}&ext={ends}&hash={self._sign(file.media_id, ends)}"

    def describe(self, media_id: str, query: Mapping[str, str]) -> Json:
        """Return what Meta says about a file; raises Refusal for one it does not know."""
        file = self._find(media_id)
        if "phone_number_id" in query:  # chatwoot 13319: for what people sent it is an error
            title = "Tried accessing a file with another phone number"
            raise Refusal(GraphError(http=400, code=100, subcode=33, title=title), is_violation=True)
        if file is None:
            raise Refusal(unknown_node(media_id), is_violation=False)
        size: Any = len(file.content)
        return {
            "messaging_product": "whatsapp",
            "url": self.address(file),
            "mime_type": file.mime_type,
            "sha256": hashlib.sha256(self._announced(file)).hexdigest(),
            "file_size": str(size) if Fault.SIZE_AS_TEXT in self._behaviour.faults else size,
            "id": file.media_id,
        }

    def open(self, query: Mapping[str, str]) -> File | None:
        """Return the file behind an address, None if the address is wrong or too old."""
        media_id, ends = query.get("mid", ""), query.get("ext", "")
        is_ours = hmac.compare_digest(query.get("hash", "").encode(), self._sign(media_id, ends).encode())
        if not is_ours or int(ends) < int(seconds(self._now())):
            return None
        return self._find(media_id)

    def find_uploaded(self, media_id: str, kind: str) -> File:
        """Return a file that the office names in a message of this kind; raises Refusal as Meta would refuse it."""
        file = None if Fault.UPLOAD_FORGOTTEN in self._behaviour.faults else self._find(media_id)
        if file is None:
            error = GraphError(
                http=400, code=131009, title="Parameter value is not valid", details=f"Media ID {media_id} is unknown"
            )
            raise Refusal(error, is_violation=False)
        family, _, _ = file.mime_type.partition("/")
        if family != {"document": "application", "sticker": "image"}.get(kind, kind) and family != "text":
            error = GraphError(
                http=400, code=131053, title="Media upload error", details=f"a file of this type is no {kind}"
            )
            raise Refusal(error, is_violation=True)
        return file

    def delete(self, media_id: str) -> None:
        """Forget a file; raises Refusal for one that is not there."""
        if self._find(media_id) is None:
            raise Refusal(unknown_node(media_id), is_violation=False)
        del self._kept[media_id]

    def _announced(self, file: File) -> bytes:
        return b"other bytes" if Fault.WRONG_HASH in self._behaviour.faults else file.content

    def _find(self, media_id: str) -> File | None:
        file = self._kept.get(media_id)
        if file is None or Fault.MEDIA_GONE in self._behaviour.faults:
            return None
        return file if self._now() < file.received_at + file.lifetime else None

    def _sign(self, media_id: str, ends: str) -> str:
        return hmac.new(self._key, f"{media_id} {ends}".encode(), hashlib.sha256).hexdigest()[:32]
