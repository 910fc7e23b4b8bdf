"""The messages of an invented dossier, each with the bytes that Meta and the office would have exchanged."""

import hashlib
import json
from datetime import datetime

import msgspec

from bench.dossiers.books import BOOT, Books
from wabridge.evidence.exhibits import Actor, Attachment, Clock, Event, EventWord, Message, Submission, Template
from wabridge.model.delivery import AttemptFacts, StatusFact, assess

LAWYER = Actor(
    kind="staff", name="Dewi Wiratama, S.H., M.H.", role="lawyer", authentication="password and one-time code"
)
ASSISTANT = Actor(kind="staff", name="Bagus Prakoso", role="assistant", authentication="password")
_ETSI = {"sent": "RelayToNonERDS", "delivered": "ContentConsignment", "read": "ContentAccessTracking"}
_URL = "https://graph.example.invalid/v25.0/106540352242922/messages"


class Talk:
    """One conversation, written forth message by message."""

    def __init__(self, books: Books, *, person: str, phone: str, prefix: str) -> None:
        self._books = books
        self._person, self._phone, self._prefix = person, phone, prefix
        self.conversation = books.random.randbytes(16).hex()
        self.messages: list[Message] = []

    def receive(
        self, text: str, *, attachment: Attachment | None = None, context: str = "", shared: bool = False
    ) -> Message:
        """Let the other side write; shared: in one webhook with somebody else's message."""
        books, ref, wamid = self._books, self._ref(), self._wamid()
        arrived = books.pass_time(240)
        said = {"from": self._phone, "id": wamid, "timestamp": str(int(arrived.timestamp()) - 2), "type": "text"}
        content = {**said, "text": {"body": text}} | ({"context": {"id": context}} if context else {})
        item = json.dumps(content, ensure_ascii=False).encode()
        event, leaf = self._webhook(
            ref, "received", item, kind="wa.inbound", arrived=arrived, shared=shared, media=attachment
        )
        message = Message(
            ref=ref,
            person=self._person,
            direction="inbound",
            kind="document" if attachment else "text",
            t_written=datetime.fromtimestamp(int(arrived.timestamp()) - 2, arrived.tzinfo),
            t_recorded=arrived,
            text=text,
            wamid=wamid,
            quotes=next((m.ref for m in self.messages if context and m.wamid == context), ""),
            context_id=context,
            attachments=(attachment,) if attachment else (),
            events=(event,),
            content_sha256=hashlib.sha256(item).hexdigest(),
            raw_path=event.raw_path,
            conversation=self.conversation,
            conversation_seqs=(books.last_seq(self.conversation),),
            leaves=(leaf,),
        )
        self.messages.append(message)
        return message

    def send(
        self,
        text: str,
        *,
        author: Actor = LAWYER,
        approver: Actor | None = None,
        reported: tuple[EventWord, ...] = ("sent", "delivered", "read"),
        attachment: Attachment | None = None,
        template: Template | None = None,
        is_main: bool = False,
    ) -> Message:
        """Let the office write; reported: the statuses that Meta sends, in the order they arrive."""
        books, ref, wamid = self._books, self._ref(), self._wamid()
        written = books.pass_time(300)
        token = "a:" + books.random.randbytes(16).hex()
        body = {"to": self._phone, "type": "text", "text": {"body": text}, "callback": token}
        request = json.dumps(body, ensure_ascii=False).encode()
        before = books.last_seq(self.conversation)
        submission, events = self._hand_over(ref, request, wamid, token)
        for word in reported:
            events.append(self._status(ref, word, wamid, seq=len(events) + 1))
        leaves = tuple(sorted({*submission.leaves, *(e.leaf for e in events if e.leaf is not None)}))
        message = Message(
            ref=ref,
            person=self._person,
            direction="outbound",
            kind="template" if template else "text",
            t_written=written,
            t_recorded=written,
            text=text,
            wamid=wamid,
            author=author,
            approver=approver,
            template=template,
            attachments=(attachment,) if attachment else (),
            submissions=(submission,),
            events=tuple(events),
            delivery=assess([_facts(submission, events)]),
            content_sha256=hashlib.sha256(request).hexdigest(),
            conversation=self.conversation,
            conversation_seqs=tuple(range(before + 1, books.last_seq(self.conversation) + 1)),
            leaves=leaves,
            is_main=is_main,
        )
        self.messages.append(message)
        return message

    def _hand_over(self, ref: str, request: bytes, wamid: str, token: str) -> tuple[Submission, list[Event]]:
        books = self._books
        request_path = books.file(f"raw/{ref}.request", request, "the exact request", ref)
        first = books.leaf("wa.send", self.conversation, ref, {"raw": request_path})
        opened, answered = books.now, books.pass_time(0.4)
        answer = json.dumps({"contacts": [{"input": self._phone}], "messages": [{"id": wamid}]}).encode()
        headers = json.dumps([["Content-Type", "application/json"], ["x-trace", "AbC" + token[-6:]]]).encode()
        answer_path = books.file(f"raw/{ref}.response", answer, "the exact answer", ref)
        headers_path = books.file(f"raw/{ref}.response-headers.json", headers, "the answer's headers", ref)
        second = books.leaf("wa.answer", self.conversation, ref, {"raw": answer_path, "meta": headers_path})
        submission = Submission(
            seq=1,
            t_opened=opened,
            url=_URL,
            recipient=self._phone,
            callback_data=token,
            outcome="accepted",
            request_path=request_path,
            request_sha256=hashlib.sha256(request).hexdigest(),
            t_settled=answered,
            settled_by="answer",
            http_status=200,
            response_path=answer_path,
            response_headers_path=headers_path,
            wamid=wamid,
            trace_id="AbC" + token[-6:],
            leaves=(first, second),
        )
        recorded = Event(seq=1, event="recorded", source="office", t_received=opened, leaf=first, actor=LAWYER)
        accepted = Event(
            seq=2,
            event="accepted",
            source="meta_answer",
            t_received=answered,
            event_etsi="SubmissionAcceptance",
            raw_path=answer_path,
            wamid=wamid,
            submission=1,
            leaf=second,
        )
        return submission, [recorded, accepted]

    def _status(self, ref: str, word: EventWord, wamid: str, *, seq: int) -> Event:
        arrived = self._books.pass_time({"sent": 1, "delivered": 3, "read": 600}.get(word, 5))
        said = {
            "id": wamid,
            "status": word,
            "timestamp": str(int(arrived.timestamp()) - 1),
            "recipient_id": self._phone,
        }
        failed = word == "failed"
        said |= {"errors": [{"code": 131026, "title": "Message undeliverable"}]} if failed else {}  # type: ignore[dict-item]
        event, _ = self._webhook(
            ref, word, json.dumps(said).encode(), kind="wa.status", arrived=arrived, shared=seq % 4 == 0
        )
        more = {"code": 131026, "title": "Message undeliverable"} if failed else {}
        return msgspec.structs.replace(event, seq=seq, wamid=wamid, submission=1, **more)

    def _webhook(
        self,
        ref: str,
        word: EventWord,
        item: bytes,
        *,
        kind: str,
        arrived: datetime,
        shared: bool,
        media: Attachment | None = None,
    ) -> tuple[Event, int]:
        books, number = self._books, len(self._books.lines)
        item_path = books.file(f"raw/{ref}.{word}.{number}.item", item, "the item of a webhook", ref)
        others = b',{"from":"6281999","text":"somebody else"}' if shared else b""
        body = b'{"object":"account","entry":[{"changes":[' + item + others + b"]}]}"
        body_path = "" if shared else books.file(f"raw/{ref}.{word}.{number}.body", body, "a whole webhook", ref)
        headers = json.dumps([["Content-Type", "application/json"], ["Signature", "sha256=" + "0" * 64]]).encode()
        headers_path = books.file(f"raw/{ref}.{word}.{number}.headers.json", headers, "a webhook's headers", ref)
        shown: dict[str, str | bytes] = {"raw": body_path or body, "payload": item_path, "meta": headers_path}
        leaf = books.leaf(kind, self.conversation, ref, shown | ({"media/0": media.path} if media else {}))
        event = Event(
            seq=1,
            event=word,
            source="meta_webhook",
            t_received=arrived,
            t_meta=int(arrived.timestamp()) - (2 if word == "received" else 1),
            event_etsi=_ETSI.get(word, ""),
            monotonic_ns=81_000_000_000_000 + number,
            boot_id=BOOT,
            clock=Clock(
                measured_at=arrived.replace(minute=0), is_synchronised=True, offset_ms=0.8, source="chrony, 4 sources"
            ),
            raw_path=item_path,
            headers_path=headers_path,
            body_path=body_path,
            body_sha256=hashlib.sha256(body).hexdigest(),
            signature="secret 3f9a",
            leaf=leaf,
        )
        return event, leaf

    def _ref(self) -> str:
        return f"{self._prefix}-{len(self.messages) + 1:04}"

    def _wamid(self) -> str:
        return "wamid.HBgN" + self._books.random.randbytes(24).hex().upper()


def _facts(submission: Submission, events: list[Event]) -> AttemptFacts:
    def at(event: Event) -> datetime | None:
        return None if event.t_meta is None else datetime.fromtimestamp(event.t_meta, event.t_received.tzinfo)

    statuses = tuple(
        StatusFact(status=e.event, at=at(e), arrived_at=e.t_received, code=e.code, details=e.title)
        for e in events
        if e.source == "meta_webhook"
    )
    return AttemptFacts(outcome="accepted", accepted_at=submission.t_settled, statuses=statuses)
