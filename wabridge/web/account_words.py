"""The words for what Meta says about the account, as tables: each kind of news with what to do, limits, restrictions.

Rule: Meta's own words always stand beside ours; a word that no table knows is shown as it came.
"""

from typing import NamedTuple

from wabridge.model.account import KINDS, NewsKind, NewsLine, Section
from wabridge.model.banner import Severity
from wabridge.web.language import Msgid


class NewsWords(NamedTuple):
    """A piece of news in a sentence, and the next step if there is one."""

    sentence: Msgid
    advice: Msgid | None = None


SECTIONS: dict[Section, Msgid] = {
    "account": Msgid("Account at WhatsApp"),
    "number": Msgid("Number and name"),
    "templates": Msgid("Templates"),
    "alerts": Msgid("Alerts"),
    "security": Msgid("Security"),
    "errors": Msgid("Errors reported"),
    "other": Msgid("Other news"),
}

_MANAGER = Msgid("The operator should open the account in Meta's Business Manager and follow what it asks for.")
_APPEAL = Msgid("The operator should look at the reason in Meta's Business Manager and ask for a review there.")
_NOTHING = Msgid("Nothing needs to be done.")
_TEMPLATE = Msgid(
    "Messages with this template are not sent. Use another one, or have it corrected in WhatsApp Manager."
)
_PAY = Msgid("The operator must check the payment method in Meta's Business Manager.")
_SECURITY = Msgid(
    "Ask the operator whether this was the office. If nobody knows of it, secure the account at Meta at once."
)
_OPERATOR = Msgid("Tell the operator; the code helps them.")

NEWS: dict[NewsKind, NewsWords] = {
    "restricted": NewsWords(Msgid("Meta has restricted the account."), _APPEAL),
    "violation": NewsWords(Msgid("Meta reports that the account broke one of its rules."), _APPEAL),
    "disable_planned": NewsWords(Msgid("Meta announces that it will switch the account off."), _APPEAL),
    "disabled": NewsWords(Msgid("Meta has switched the account off."), _APPEAL),
    "reinstated": NewsWords(Msgid("Meta has switched the account on again."), _NOTHING),
    "ban_changed": NewsWords(Msgid("Meta has changed whether the account may be used."), _MANAGER),
    "deleted": NewsWords(Msgid("The account was deleted at Meta."), _MANAGER),
    "disconnected": NewsWords(Msgid("The number or the account was disconnected from this program."), _MANAGER),
    "connected": NewsWords(Msgid("The number or the account was connected."), _NOTHING),
    "account_changed": NewsWords(Msgid("Meta reports a change of the account."), _MANAGER),
    "review_passed": NewsWords(Msgid("Meta has approved the account."), _NOTHING),
    "review_failed": NewsWords(Msgid("Meta has not approved the account."), _APPEAL),
    "review_changed": NewsWords(Msgid("Meta is reviewing the account.")),
    "capability": NewsWords(Msgid("Meta reports how much the account may do.")),
    "settings_changed": NewsWords(Msgid("Settings of the account were changed."), _SECURITY),
    "partner": NewsWords(Msgid("Meta reports something about a partner's solution.")),
    "quality_low": NewsWords(
        Msgid("Meta rates the quality of this number as low."),
        Msgid("Send only what people expect, and nothing that looks like advertising; otherwise Meta restricts it."),
    ),
    "quality_good": NewsWords(Msgid("Meta no longer rates the quality of this number as low."), _NOTHING),
    "limit_raised": NewsWords(Msgid("The office may begin conversations with more people than before."), _NOTHING),
    "limit_lowered": NewsWords(
        Msgid("The office may begin conversations with fewer people than before."),
        Msgid("Answers within 24 hours are not concerned. Begin only conversations that matter."),
    ),
    "throughput_raised": NewsWords(Msgid("The number may send faster than before."), _NOTHING),
    "number_joined": NewsWords(Msgid("A number was added to the account.")),
    "number_changed": NewsWords(Msgid("Meta reports a change of the number."), _MANAGER),
    "name_approved": NewsWords(Msgid("Meta has approved the name that people see."), _NOTHING),
    "name_rejected": NewsWords(
        Msgid("Meta has rejected the name that people see."),
        Msgid("The operator should ask for another name in WhatsApp Manager, one that fits the office's name."),
    ),
    "name_changed": NewsWords(Msgid("Meta reports on the name that people see.")),
    "username": NewsWords(Msgid("Meta reports on the office's user name.")),
    "template_approved": NewsWords(Msgid("A template can be used."), _NOTHING),
    "template_rejected": NewsWords(Msgid("Meta has rejected a template."), _TEMPLATE),
    "template_paused": NewsWords(
        Msgid("Meta has paused a template."),
        Msgid("People found it unpleasant. It comes back by itself after some hours; use another one meanwhile."),
    ),
    "template_disabled": NewsWords(Msgid("Meta has switched a template off for good."), _TEMPLATE),
    "template_flagged": NewsWords(
        Msgid("Meta has marked a template: people found it unpleasant."),
        Msgid("Use it sparingly or reword it, before Meta pauses it."),
    ),
    "template_locked": NewsWords(Msgid("Meta has locked a template."), _TEMPLATE),
    "template_over_limit": NewsWords(
        Msgid("The account has as many templates as it may have."),
        Msgid("Delete templates nobody needs in WhatsApp Manager."),
    ),
    "template_leaving": NewsWords(Msgid("A template is deleted or put away.")),
    "template_changed": NewsWords(Msgid("The state of a template has changed.")),
    "template_quality_low": NewsWords(
        Msgid("Meta rates the quality of a template as low."),
        Msgid("Use it sparingly or reword it, before Meta pauses it."),
    ),
    "template_quality": NewsWords(Msgid("Meta rates the quality of a template.")),
    "template_category_planned": NewsWords(
        Msgid("Meta will move a template to another category."),
        Msgid(
            "Another category may have another price. Whoever disagrees has about a day to object in WhatsApp Manager."
        ),
    ),
    "template_category": NewsWords(Msgid("Meta has moved a template to another category.")),
    "template_wording": NewsWords(Msgid("The wording of a template was changed.")),
    "payment_problem": NewsWords(Msgid("Meta reports a payment problem."), _PAY),
    "payment_settled": NewsWords(Msgid("Meta reports that a payment problem is settled."), _NOTHING),
    "alert_grave": NewsWords(Msgid("Meta warns the office."), _MANAGER),
    "alert": NewsWords(Msgid("Meta tells the office something."), _MANAGER),
    "alert_over": NewsWords(Msgid("An alert of Meta's is over."), _NOTHING),
    "pin_changed": NewsWords(Msgid("The PIN of the number was changed."), _SECURITY),
    "pin_reset_requested": NewsWords(Msgid("Somebody asked to reset the PIN of the number."), _SECURITY),
    "pin_reset": NewsWords(Msgid("The PIN of the number was reset."), _SECURITY),
    "security_changed": NewsWords(Msgid("Meta reports something about the security of the number."), _SECURITY),
    "delivery_lost": NewsWords(
        Msgid("Meta has dropped something that was meant for the office."),
        Msgid("A message may be missing here. Ask the people you expect to hear from."),
    ),
    "error_grave": NewsWords(Msgid("Meta reports a trouble of the whole account."), _OPERATOR),
    "error": NewsWords(Msgid("Meta reports an error that belongs to no single message."), _OPERATOR),
    "flow": NewsWords(Msgid("Meta reports something about a form.")),
    "payment_settings": NewsWords(Msgid("Settings for payments by WhatsApp were changed.")),
    "group": NewsWords(Msgid("Something happened in a group that has no conversation here.")),
    "unasked": NewsWords(Msgid("Meta reports something that asks nothing of anybody here."), _NOTHING),
    "other": NewsWords(
        Msgid("Meta reports something this program has no words for. It is kept as it came."),
        Msgid("Tell the operator: a newer version may understand it. A message may be part of it."),
    ),
}

RESTRICTIONS: dict[str, Msgid] = {
    "": Msgid("Meta does not say what is restricted."),
    "RESTRICTED_ADD_PHONE_NUMBER_ACTION": Msgid("No further numbers can be added."),
    "RESTRICTED_BIZ_INITIATED_MESSAGING": Msgid("The office cannot begin conversations; answers still work."),
    "RESTRICTED_CUSTOMER_INITIATED_MESSAGING": Msgid("The office cannot answer people who write to it."),
}

LIMITS: dict[str, Msgid] = {
    "TIER_50": Msgid("50 people a day"),
    "TIER_250": Msgid("250 people a day"),
    "TIER_1K": Msgid("1,000 people a day"),
    "TIER_2K": Msgid("2,000 people a day"),
    "TIER_10K": Msgid("10,000 people a day"),
    "TIER_100K": Msgid("100,000 people a day"),
    "TIER_UNLIMITED": Msgid("any number of people a day"),
}

PHASES: dict[int | None, Msgid] = {
    0: Msgid("So far those of the last day."),
    1: Msgid("So far those of the last 90 days."),
    2: Msgid("So far those of the last 180 days; WhatsApp hands over no older ones."),
}
"""How far back the phone app is with its history."""

STATES: dict[NewsKind, Msgid] = {
    "quality_low": Msgid("low"),
    "quality_good": Msgid("not low any more"),
    "name_approved": Msgid("approved"),
    "name_rejected": Msgid("rejected"),
    "name_changed": Msgid("under review"),
}

FIELDS: dict[str, Msgid] = {
    "added participants wa id": Msgid("Added"),
    "alert info alert severity": Msgid("How grave"),
    "alert info alert status": Msgid("State"),
    "ban info waba ban date": Msgid("Date"),
    "current limit": Msgid("Limit"),
    "description": Msgid("Description"),
    "disable info disable date": Msgid("Switched off on"),
    "disconnection info initiated by": Msgid("By whom"),
    "entity id": Msgid("Number at Meta"),
    "entity type": Msgid("About"),
    "group description": Msgid("Description"),
    "group subject text": Msgid("Group name"),
    "initiated by": Msgid("By whom"),
    "max phone numbers per business": Msgid("Numbers allowed"),
    "max phone numbers per waba": Msgid("Numbers allowed"),
    "message template category": Msgid("Category"),
    "message template id": Msgid("Number at Meta"),
    "old limit": Msgid("Limit before"),
    "previous category": Msgid("Category before"),
    "previous quality score": Msgid("Quality before"),
    "reason": Msgid("Reason"),
    "removed participants wa id": Msgid("Removed"),
    "requester": Msgid("Asked for by"),
    "subject": Msgid("Group name"),
}
"""Names of fields that are known, the whole way joined; others are shown as they came."""


def news(line: NewsLine) -> NewsWords:
    """Return the words for a piece of news."""
    return NEWS[line.news.kind]


def field_name(name: tuple[str, ...]) -> Msgid | None:
    """Return the words for a field's name, None if it is shown as it came."""
    return FIELDS.get(" ".join(name))


def severity(kind: NewsKind) -> Severity:
    """Return how grave a kind of news is."""
    return KINDS[kind].severity
