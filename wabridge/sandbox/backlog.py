"""What was written before the office joined, as the phone app hands it over in chunks (cloud-api 10.2)."""

import hashlib
from datetime import datetime, timedelta
from itertools import count

from wabridge.sandbox import kinds, payloads
from wabridge.sandbox.account import Account
from wabridge.sandbox.payloads import Json, Person, seconds

LARGEST_BYTES = 3 * 1000 * 1000


def chunk(account: Account, person: Person, at: datetime) -> Json:
    """Return a small chunk: a question, its answer and a picture that follows later."""
    picture = {"type": "media_placeholder", "history_context": {"status": "READ"}}
    messages = [
        _message(account, person, at - timedelta(days=3), 1, kinds.text("Apakah kantor buka besok?")),
        _message(account, person, at - timedelta(days=3), 2, kinds.text("Buka, jam sembilan."), is_from_office=True),
        _message(account, person, at - timedelta(days=2), 3, picture) | {"id": _media_wamid(person)},
    ]
    return _value(account, person, messages, progress=100)


def media(account: Account, person: Person, at: datetime) -> Json:
    """Return the content of the picture in the small chunk; its hash is in hex."""
    picture = {
        "type": "image",
        "image": {
            "mime_type": "image/jpeg",
            "sha256": hashlib.sha256(b"a picture of the past").hexdigest(),
            "id": "1003383421387256",
            "caption": "Foto lama",
        },
    }
    message = payloads.message(person, picture, at=at - timedelta(days=2), wamid=_media_wamid(person))
    return payloads.value(account, contacts=[payloads.contact(person)], messages=[message])


def large_chunk(account: Account, person: Person, at: datetime, *, size_bytes: int = LARGEST_BYTES) -> Json:
    """Return a chunk almost as large as a webhook may be: some 9,000 messages."""
    messages: list[Json] = []
    size = len(
        payloads.encode(payloads.batch(account, _value(account, person, messages, progress=55), field="history"))
    )
    for number in count(1):
        minutes = timedelta(days=80) - timedelta(minutes=number)
        words = kinds.text(f"Pesan lama nomor {number}")
        message = _message(account, person, at - minutes, number, words, is_from_office=number % 2 == 0)
        size += len(payloads.encode(message)) + 1
        if size > size_bytes:
            break
        messages.append(message)
    return _value(account, person, messages, progress=55)


def declined(account: Account) -> Json:
    """Return what comes when the office does not share its past."""
    error = {"code": 2593109, "title": "History sync is turned off by the business from the WhatsApp Business App"}
    return payloads.value(account) | {"history": [{"errors": [error]}]}


def _value(account: Account, person: Person, messages: list[Json], *, progress: int) -> Json:
    whom = {"wa_id": person.phone, "user_id": person.user_id}
    history = {
        "metadata": {"phase": 1, "chunk_order": 1, "progress": progress},
        "threads": [{"id": person.phone, "context": whom, "messages": messages}],
    }
    return payloads.value(account) | {"history": [history]}


def _message(
    account: Account, person: Person, at: datetime, number: int, parts: Json, *, is_from_office: bool = False
) -> Json:
    own = account.display_phone_number
    whom: Json = {"from": own, "to": person.phone} if is_from_office else {"from": person.phone}
    # The same at each telling, as in a phone's own database.
    digest = hashlib.sha256(f"{person.user_id} {number}".encode()).hexdigest()[:20].upper()
    known = {"id": f"wamid.HIST{person.phone}{digest}", "timestamp": seconds(at), "history_context": {"status": "READ"}}
    return whom | known | parts


def _media_wamid(person: Person) -> str:
    return f"wamid.HIST{person.phone}MEDIA"
