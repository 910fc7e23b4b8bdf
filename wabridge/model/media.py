"""The file of a message: what is claimed of it, how far its fetching has come, and what of it is kept here.

A message may have several files over time: a changed message is a message of its own, and another content that comes
under the same id keeps the files that came before. Each has a row of its own, known by (message, WhatsApp's id of the
file); the one that is shown is the one the message's content names, the others belong to its versions.
"""

from datetime import datetime, timedelta
from typing import Literal, get_args

import msgspec

from wabridge.model import filetypes
from wabridge.model.content import Content, Edit, Media
from wabridge.model.filetypes import FileType
from wabridge.model.ids import ConversationId, MediaId, MessageId

State = Literal["waiting", "stored", "failed"]
"""waiting: not here yet, and fetched until it is; stored: here, whole; failed: given up, until a person asks again."""

Reason = Literal[
    "gone",
    "unreachable",
    "cut_off",
    "server",
    "throttled",
    "token",
    "elsewhere",
    "too_large",
    "changed",
    "lost",
    "fault",
]
"""Why it is not here. gone: WhatsApp does not give it out, or not any more. unreachable: no connection. cut_off: the
connection broke on the way. server: WhatsApp's own disturbance. throttled: asked too often. token: WhatsApp refuses our
access token. elsewhere: the way leads to a host that is not WhatsApp's. too_large: beyond LARGEST_BYTES. changed: what
comes is not what was announced. lost: it was kept here, and is damaged or missing now. fault: this program could
not handle it; another version may."""

REASONS: tuple[Reason, ...] = get_args(Reason)

LIFETIME = timedelta(days=7)
"""So long WhatsApp gives out a file that somebody sent (Meta, "media", as of June 2026)."""

ALERT_BEFORE = timedelta(days=1)
"""So long before that end a person is told of a file that is not here yet."""

LARGEST_BYTES = 101 * 1024 * 1024
"""Meta passes on files of up to 100 MB; a little more, because nobody says which megabytes it means."""

PAUSES_SECONDS = (30, 120, 600, 1800, 3600, 7200, 14400, 21600)
"""Before the second try, the third, ...; the last one again and again."""
LONGEST_PAUSE = timedelta(seconds=PAUSES_SECONDS[-1] * 1.25)

LAST_TRIES = 3
LAST_PAUSE = timedelta(hours=1)
"""After the end so many tries are made, so far apart, before a file is given up: clocks jump, and networks fail."""

_LAST_CHANCE = timedelta(minutes=10)


class Kept(msgspec.Struct, frozen=True):
    """A file in the vault. name: random; key: the keyring's key that opens it; size: of the file itself, in bytes."""

    name: str
    key: str
    size: int


class Thumbnail(msgspec.Struct, frozen=True):
    """A small picture of a picture, as WebP."""

    kept: Kept
    width: int
    height: int


class Appearance(msgspec.Struct, frozen=True):
    """What a stored file is, seen by its bytes.

    mime_type: one of `filetypes`; thumbnail: of what could be decoded; slow_tries: how often that took too long.
    """

    mime_type: str
    thumbnail: Thumbnail | None = None
    slow_tries: int = 0

    @property
    def type(self) -> FileType:
        """What the file is."""
        return filetypes.find(self.mime_type)


class MediaFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of one message.

    kind: image, video, audio, document, sticker. file_id: WhatsApp's, None if it named none. mime_type, file_name,
    claimed_sha256: as the sender or WhatsApp claims, not to be believed. reason: why it is not here (yet). wanted_at:
    when it was first asked for; expires_at: when WhatsApp forgets it.
    sha256: hexadecimal, of what came. kept, stored_at: once it is stored. is_as_claimed: whether that is what WhatsApp
    announced, None where it announced nothing; False is kept all the same, and has to be said. appearance: once the
    stored file was looked at, a moment later. is_ours: somebody in the office handed it in; it was never fetched.
    """

    id: MediaId
    message_id: MessageId
    conversation_id: ConversationId
    kind: str
    file_id: str | None
    mime_type: str | None = None
    file_name: str | None = None
    claimed_sha256: str | None = None
    state: State
    reason: Reason | None = None
    tries: int = 0
    wanted_at: datetime
    expires_at: datetime
    next_try_at: datetime
    kept: Kept | None = None
    stored_at: datetime | None = None
    sha256: str | None = None
    is_as_claimed: bool | None = None
    appearance: Appearance | None = None
    is_ours: bool = False

    @property
    def size(self) -> int | None:
        """How many bytes are kept here."""
        return self.kept.size if self.kept else None


def file_of(content: Content | None) -> Media | None:
    """Return the file a message's content names, if there is anything to fetch it by but a passing address."""
    body = None if content is None else content.body
    if isinstance(body, Edit):
        body = body.body
    return body if isinstance(body, Media) else None


def shown(files: tuple[MediaFile, ...], content: Content | None) -> MediaFile | None:
    """Return which of a message's files its content means."""
    named = file_of(content)
    if named is None:  # one that stands above the words of what the office sent
        return next((file for file in files if file.is_ours), None)
    return next((file for file in files if file.file_id == named.file_id), None)


def expires_at(*, written_at: datetime, now: datetime) -> datetime:
    """Return when WhatsApp forgets a file.

    It counts from the message's own time, unless that is no time of the last days: then it came out of a history, and
    its files came with it.
    """
    return (written_at if now - LIFETIME < written_at <= now else now) + LIFETIME


def next_try(file: MediaFile, last_tries: int, *, now: datetime, jitter: float) -> datetime | None:
    """Return when to try again after a try in vain, None if it was the last. jitter: 0.0 to 1.0, adds up to a quarter.

    last_tries: how many of its tries before this one were made after the end.
    """
    pause = PAUSES_SECONDS[min(file.tries, len(PAUSES_SECONDS) - 1)]
    at = now + timedelta(seconds=pause * (1 + jitter / 4))
    if now >= file.expires_at:
        return max(at, now + LAST_PAUSE) if last_tries + 1 < LAST_TRIES else None
    for moment in (file.expires_at - ALERT_BEFORE, file.expires_at - _LAST_CHANCE):
        if now < moment < at:
            at = moment
    return at


def state_after_loss(file: MediaFile, *, now: datetime) -> State:
    """Return what becomes of a file that was kept here and is damaged or gone: fetched again while that is possible."""
    return "waiting" if file.file_id is not None and now < file.expires_at else "failed"
