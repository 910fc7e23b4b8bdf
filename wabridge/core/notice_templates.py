"""Legal notices outside the customer service window: put into the approved template that the office has named for them.

The template must be one that asks what a notice asks: three quick replies with the very words of its buttons, in their
order, and no advertising. What is said goes into its places as it stands; what does not fit there is refused.
"""

from wabridge.core.office import Office
from wabridge.errors import NoNoticeTemplate
from wabridge.model import confirmation, filling
from wabridge.model.draft import Draft
from wabridge.model.notice import CHOICES, TITLES, Document, Notice
from wabridge.model.template import Template, Wording
from wabridge.storage import contacts, templates
from wabridge.storage.database import Transaction

_NAME, _SUBJECT, _TEXT = "nama", "perihal", "isi"
"""What the places of the template are called, of a named one; a positional one has them as 1, 2 and 3."""


def compose(
    tx: Transaction, office: Office, notice: Notice, nonce: str, *, said: str, document: Document | None
) -> Draft:
    """Return a template that says this, with the buttons of a notice; raises NoNoticeTemplate.

    document: stands above it, in the template that the office has for that.
    """
    template = _find(tx, office, notice, document)
    values = filling.clean(_values(tx, template.wording, notice, said))
    if document is not None:
        values["header"] = str(document.file_id)
    problems = filling.check(template.wording, values)
    if problems:
        told = ", ".join(f"{problem.key}: {problem.reason}" for problem in problems)
        raise NoNoticeTemplate(f"the notice does not fit the template: {told}")
    payloads = [confirmation.build_button(notice.id, nonce, choice) for choice in CHOICES]
    approved = templates.get_components(tx, template.version_id)
    body = filling.compose(template, values, approved=approved, payloads=payloads)
    return Draft(text=filling.render(template.wording, values).body, body=body)


def asks_the_same(wording: Wording, language: str) -> bool:
    """Say whether a template offers the three answers to a notice, in their order."""
    offered = [wording.buttons[index].text for index in filling.reply_buttons(wording)]
    return offered == [TITLES[language][choice] for choice in CHOICES]


def _find(tx: Transaction, office: Office, notice: Notice, document: Document | None) -> Template:
    language, settings = notice.version.language, office.settings.notices
    account_id = office.settings.whatsapp.business_account_id
    name = settings.template if document is None else settings.document_template
    found = templates.find(tx, account_id, name=name, language=language)
    if found is None or not found.can_be_sent or found.is_marketing or not asks_the_same(found.wording, language):
        raise NoNoticeTemplate("there is no approved template with the three answers to a notice")
    header = found.wording.header.kind if found.wording.header else None
    if (document is not None) != (header == "document"):
        raise NoNoticeTemplate("the template has no place for a document, or wants one")
    return found


def _values(tx: Transaction, wording: Wording, notice: Notice, said: str) -> dict[str, str]:
    contact = contacts.get(tx, notice.contact_id)
    told = {
        _NAME: contact.shown_name or (contact.phone or ""),
        _SUBJECT: f"{notice.version.title} ({notice.number})",
        _TEXT: said,
    }
    if wording.format == "named":
        return {f"body.{name}": value for name, value in told.items()}
    return {f"body.{number}": value for number, value in enumerate(told.values(), 1)}
