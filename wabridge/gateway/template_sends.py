"""Templates on their way out: looked at again at the last moment, and what Meta's errors say about the template.

Rule: what was filled in belongs to one wording. If Meta has approved another one meanwhile, the person would read
something that nobody here has seen, so the message is given up instead.
"""

from datetime import datetime

from wabridge.model import outcome
from wabridge.model.ids import AttemptId
from wabridge.model.template import VersionId
from wabridge.model.template_message import TemplateMessage
from wabridge.storage import attempts, marketing, messages, template_syncs, templates
from wabridge.storage.database import Transaction
from wabridge.storage.outbox import Ready

_STATUSES = {132015: "paused", 132016: "disabled"}
"""What a code says of the template. Source: Meta, "error codes"."""

_OUTDATED = frozenset({132000, 132001, 132005, 132012, 132015, 132016, 132018})
"""Codes after which the list is fetched anew: what is known here is not what Meta has."""


def object_to(tx: Transaction, ready: Ready) -> int | None:
    """Return why a template may not be handed over now, as a code; None if it may, or if it is no template of ours."""
    body = ready.content.body if ready.content else None
    if not isinstance(body, TemplateMessage) or body.version_id is None:
        return None
    template = templates.find_of_version(tx, VersionId(body.version_id))
    if template is None or not template.is_approved:
        return outcome.TEMPLATE_NOT_APPROVED
    if template.version_id != body.version_id:
        return outcome.TEMPLATE_CHANGED
    is_unwelcome = template.is_marketing and marketing.is_refused(tx, ready.contact_id)
    return outcome.OPTED_OUT if is_unwelcome else None


def note(tx: Transaction, attempt_id: AttemptId, code: int, *, now: datetime) -> None:
    """Let an error that Meta reports of an attempt take effect on its template, and have the list fetched."""
    if code not in _OUTDATED:
        return
    message = messages.get(tx, attempts.get(tx, attempt_id).message_id)
    body = message.content.body if message.content else None
    if not isinstance(body, TemplateMessage) or body.version_id is None:
        return
    template = templates.find_of_version(tx, VersionId(body.version_id))
    if template is not None and code in _STATUSES:
        templates.set_status(tx, template.id, _STATUSES[code], reason=str(code), at=now)
    if template is not None:
        template_syncs.ask(tx, templates.get_account(tx, template.id), now=now)
