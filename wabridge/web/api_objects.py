"""What the API says about a contact and a message. Programs rely on these names: add, never rename."""

from typing import Any

from wabridge.model import content, filling, ladder, media
from wabridge.model.contact import Contact, Identity
from wabridge.model.decision import Decision
from wabridge.model.delivery import Delivery
from wabridge.model.enclosure import LIFETIME, Enclosure
from wabridge.model.identity import Alert
from wabridge.model.ladder import Ladder
from wabridge.model.media import MediaFile
from wabridge.model.message import Effect, Message
from wabridge.model.profile import Profile
from wabridge.model.template import Template
from wabridge.model.worklist import Task, Worklist


def build_contact(contact: Contact) -> dict[str, Any]:
    """Return a contact as the API shows it."""
    return {
        "id": contact.id,
        "name": contact.shown_name,
        "given_name": contact.given_name,
        "own_name": contact.own_name,
        "profile_name": contact.name,
        "standing": contact.standing,
        "created_at": contact.created_at,
        "identities": [_build_identity(identity) for identity in contact.identities],
    }


def build_profile(profile: Profile) -> dict[str, Any]:
    """Return a contact with all that makes or made it doubtful who it is."""
    return {
        **build_contact(profile.contact),
        "conversation_ids": profile.conversation_ids,
        "joined_ids": [part.id for part in profile.joined],
        "alerts": [_build_alert(alert) for alert in profile.alerts],
    }


def _build_identity(identity: Identity) -> dict[str, Any]:
    return {
        "kind": identity.kind,
        "value": identity.value,
        "first_seen_at": identity.first_seen_at,
        "last_seen_at": identity.last_seen_at,
        "learned": identity.learned,
        "is_confirmed": identity.confirmed_at is not None,
        "replaced_at": identity.replaced_at if identity.is_replaced else None,
        "moved_at": identity.moved_at,
    }


def _build_alert(alert: Alert) -> dict[str, Any]:
    resolution = {"at": alert.resolved_at, "how": alert.resolution, "note": alert.note, "by": alert.actor_name}
    return {
        "id": alert.id,
        "kind": alert.kind,
        "happened_at": alert.happened_at,
        "raised_at": alert.raised_at,
        "old_value": alert.old_value,
        "new_value": alert.new_value,
        "other_contact_id": alert.other_contact_id,
        "resolution": resolution if alert.resolved_at else None,
    }


def build_message(message: Message) -> dict[str, Any]:
    """Return a message as the API shows it. status: of outbound messages, as far as anything is known; else null."""
    said = message.content or content.NOTHING
    author = {"kind": message.author_kind, "name": message.author_name} if message.author_kind else None
    return {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "contact_id": message.contact_id,
        "direction": message.direction,
        "kind": message.kind,
        "text": message.text,
        "content": said.body,
        "media": _build_shown(message.files, message.content),
        "forwarded": said.forwarded,
        "referral": said.referral,
        "more": said.more,
        "errors": said.errors,
        "reactions": [_build_effect(effect) for effect in message.reactions],
        "edits": [_build_effect(effect) for effect in message.edits],
        "revoked_at": message.revoked_at,
        "written_at": message.written_at,
        "is_doubtful": message.is_doubtful,
        "created_at": message.created_at,
        "quoted_id": message.quoted_id,
        "quotes_unknown": message.quotes_unknown,
        "part_of": message.part_of,
        "queued_with": message.queued_with,
        "author": author,
        "source": message.source,
        "phone_status": message.phone_status,
        "status": message.delivery.status if message.delivery else None,
        "delivery": _build_delivery(message.delivery, details=message.failure_details) if message.delivery else None,
        "ladder": _build_ladder(ladder.climb(message)),
        "hold": message.hold,
        "undo_until": message.undo_until,
        "attempts": len(message.handovers),
        "resends": message.resends,
        "is_closed": message.is_closed,
        "decisions": [_build_decision(each) for each in message.decisions],
        "tries": message.tries,
        "events": message.events,
        "versions": message.versions,
    }


def build_template(template: Template) -> dict[str, Any]:
    """Return a template as the API shows it. slots: what a message with it has to fill in, by key."""
    wording = template.wording
    return {
        "id": template.id,
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "status": template.status,
        "status_at": template.status_at,
        "reason": template.reason,
        "paused_until": template.paused_until,
        "quality": template.quality,
        "can_be_sent": template.can_be_sent,
        "listed": template.missing_since is None,
        "version": template.version,
        "header": wording.header,
        "body": wording.body,
        "footer": wording.footer,
        "buttons": wording.buttons,
        "slots": [
            {"key": slot.key, "kind": slot.kind, "name": slot.name, "example": slot.example, "limit": slot.limit}
            for slot in filling.slots(wording, template.examples)
        ],
    }


def build_worklist(found: Worklist) -> dict[str, Any]:
    """Return what waits for a person as the API shows it. next: null, the list grows shorter as it is worked off."""
    return {
        "items": [_build_task(task) for task in found.tasks],
        "next": None,
        "counts": found.counts,
        "stops": found.stops,
        "waiting": found.waiting,
        "notices": [
            {
                "notice_id": task.notice_id,
                "number": task.number,
                "contact_id": task.contact.id,
                "level": task.level,
                "since": task.since,
            }
            for task in found.notices
        ],
    }


def _build_task(task: Task) -> dict[str, Any]:
    return {
        "kind": task.kind,
        "since": task.since,
        "conversation_id": task.conversation_id,
        "contact_id": task.contact.id if task.contact else None,
        "message_id": task.message_id,
        "text": task.text,
        "failure_code": task.failure_code,
    }


def _build_decision(decision: Decision) -> dict[str, Any]:
    """Return what somebody decided. after_attempts: how many attempts there were; status: what was known then."""
    return {
        "kind": decision.kind,
        "at": decision.at,
        "author": {"kind": decision.actor_kind, "name": decision.actor_name},
        "after_attempts": decision.after_attempts,
        "status": decision.status,
        "note": decision.note,
    }


def build_enclosure(file: Enclosure) -> dict[str, Any]:
    """Return a file that waits for a message as the API shows it."""
    return {
        "id": file.id,
        "kind": file.kind,
        "mime_type": file.mime_type,
        "file_name": file.name,
        "is_voice": file.is_voice,
        "is_animated": file.is_animated,
        "size": file.kept.size,
        "sha256": file.sha256,
        "expires_at": file.handed_in_at + LIFETIME,
    }


def build_media(file: MediaFile) -> dict[str, Any]:
    """Return a file of a message as the API shows it.

    mime_type: by the bytes; claimed_mime_type and file_name: as the sender says, not to be believed.
    """
    stored = file.state == "stored"
    return {
        "id": file.id,
        "message_id": file.message_id,
        "kind": file.kind,
        "state": file.state,
        "reason": file.reason,
        "file_name": file.file_name,
        "claimed_mime_type": file.mime_type,
        "mime_type": file.appearance.mime_type if file.appearance else None,
        "size": file.size,
        "sha256": file.sha256,
        "is_as_claimed": file.is_as_claimed,
        "stored_at": file.stored_at,
        "expires_at": file.expires_at,
        "url": f"/api/v1/media/{file.id}/content" if stored else None,
    }


def _build_shown(files: tuple[MediaFile, ...], said: content.Content | None) -> dict[str, Any] | None:
    file = media.shown(files, said)
    return None if file is None else build_media(file)


def _build_effect(effect: Effect) -> dict[str, Any]:
    """Return what a later message did to this one. message_id: that later message."""
    said = effect.content or content.NOTHING
    return {
        "message_id": effect.id,
        "at": effect.at,
        "direction": effect.direction,
        "author_name": effect.author_name,
        "text": effect.text,
        "content": said.body,
        "media": _build_shown(effect.files, effect.content),
    }


def _build_delivery(known: Delivery, *, details: str) -> dict[str, Any]:
    failure = None if known.failure_code is None else {"code": known.failure_code, "details": details}
    return {
        "accepted_at": known.accepted_at,
        "held_by_meta": known.held,
        "sent_at": known.sent_at,
        "delivered_at": known.delivered_at,
        "delivered_is_implied": known.delivered_is_implied,
        "read_at": known.read_at,
        "failed_at": known.failed_at,
        "failure": failure,
        "conflict": known.conflict,
        "twice": known.twice,
    }


def _build_ladder(known: Ladder | None) -> dict[str, Any] | None:
    """Return how far a message came, rung by rung. at: by Meta's clock; arrived_at: by ours."""
    if known is None:
        return None
    steps = [
        {
            "level": step.level.code,
            "name": step.level.name,
            "event": step.level.event or None,
            "at": step.at,
            "arrived_at": step.arrived_at,
            "witness": step.witness,
            "is_implied": step.witness == "implied",
            "repeats": step.repeats,
        }
        for step in known.steps
    ]
    return {"level": known.top.level.code, "name": known.top.level.name, "steps": steps, "remarks": known.remarks}
