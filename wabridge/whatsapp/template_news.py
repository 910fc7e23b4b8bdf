"""What a webhook says about one template: status, category, quality, wording.

The same webhook is news of the account as well (`whatsapp/account_news`); here it is read for what it changes.
Source: Meta, "message_template_status_update" and its sisters.
"""

from typing import Any

from wabridge.model.template import TemplateChange, fold_language
from wabridge.whatsapp import reading
from wabridge.whatsapp.people import Json

FIELDS = frozenset(
    {
        "message_template_components_update",
        "message_template_quality_update",
        "message_template_status_update",
        "template_category_update",
    }
)

_STATUSES = {"REINSTATED": "approved", "UNARCHIVED": "approved", "UNPAUSED": "approved"}
_NO_STATUS = frozenset({"FLAGGED"})
"""A warning: the template can still be sent."""
_NOTHING_SAID = frozenset({"", "NONE"})


def read(field: str, value: Any) -> TemplateChange | None:
    """Return what a webhook changes; None if it is about no template."""
    if field not in FIELDS:
        return None
    said = reading.mapping(value)
    return TemplateChange(
        meta_id=reading.ident(said.get("message_template_id")) or "",
        name=reading.text(said.get("message_template_name")) or "",
        language=fold_language(reading.text(said.get("message_template_language")) or ""),
        status=_status(said) if field == "message_template_status_update" else "",
        reason=_told(said.get("reason")),
        said=_sentence(said),
        title=_told(reading.mapping(said.get("other_info")).get("title")),
        category=_category(said),
        quality=_told(said.get("new_quality_score")).lower(),
    )


def _status(said: Json) -> str:
    word = _told(said.get("event"))
    return "" if word in _NO_STATUS else _STATUSES.get(word, word.lower())


def _category(said: Json) -> str:
    """Return the category that holds; one that is only announced is not yet one."""
    is_announced = bool(_told(said.get("correct_category")))
    return "" if is_announced else _told(said.get("new_category")).lower()


def _sentence(said: Json) -> str:
    refusal, other = reading.mapping(said.get("rejection_info")), reading.mapping(said.get("other_info"))
    parts = [_told(refusal.get("reason")), _told(refusal.get("recommendation")), _told(other.get("description"))]
    return ". ".join(part.rstrip(".") for part in parts if part)


def _told(value: Any) -> str:
    said = reading.text(value) or ""
    return "" if said in _NOTHING_SAID else said
