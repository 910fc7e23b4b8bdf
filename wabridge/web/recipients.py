"""Whom a template is for: a conversation, a contact, or somebody who is named in the form."""

from dataclasses import dataclass

from wabridge.model.contact import Contact, MarketingChoice
from wabridge.model.conversation import ConversationView
from wabridge.model.identity import Alert
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.model.profile import Profile
from wabridge.model.template import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom it goes to, and what the page has to say about them. Without anything: a number that is still to be typed.

    newest: the newest message of theirs that the page's reader may know of.
    """

    conversation_id: ConversationId | None = None
    contact_id: ContactId | None = None
    contact: Contact | None = None
    view: ConversationView | None = None
    alerts: tuple[Alert, ...] = ()
    marketing: MarketingChoice | None = None
    newest: MessageId | None = None

    @classmethod
    def of_conversation(cls, view: ConversationView) -> "Recipient":
        """Return the person of a conversation."""
        theirs = [message.id for message in view.messages if message.direction == "inbound"]
        return cls(
            conversation_id=view.line.id,
            contact=view.line.contact,
            view=view,
            alerts=view.alerts,
            marketing=view.marketing,
            newest=max(theirs or [message.id for message in view.messages], default=MessageId(0)),
        )

    @classmethod
    def of_contact(cls, profile: Profile) -> "Recipient":
        """Return a contact, with whom nothing may have been exchanged yet."""
        return cls(contact_id=profile.contact.id, contact=profile.contact, alerts=profile.open_alerts)

    @property
    def is_new(self) -> bool:
        """Whether somebody is still to be named."""
        return self.conversation_id is None and self.contact_id is None

    @property
    def path(self) -> str:
        """Where templates for this person are chosen."""
        if self.conversation_id is not None:
            return f"/conversations/{self.conversation_id}/templates"
        return "/templates" if self.contact_id is None else f"/contacts/{self.contact_id}/templates"

    @property
    def back(self) -> str:
        """Where whoever changes their mind comes from."""
        if self.conversation_id is not None:
            return f"/conversations/{self.conversation_id}#latest"
        return "/templates" if self.contact_id is None else f"/contacts/{self.contact_id}"

    def address(self, template: Template) -> str:
        """Return where a template is filled in for this person."""
        return f"/templates/{template.id}/send" if self.is_new else f"{self.path}/{template.id}"

    def refuses(self, template: Template) -> bool:
        """Say whether this person wants no such message, by their own word or by Meta's."""
        if not template.is_marketing:
            return False
        if self.marketing is not None and self.marketing.is_refusal:
            return True
        marks = self.view.marks if self.view is not None else ()
        told = (mark for mark in marks if mark.kind == "opted_out")
        return any(self.marketing is None or mark.last_at > self.marketing.said_at for mark in told)
