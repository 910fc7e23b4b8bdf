"""Who acts: staff members, API tokens, rules of the program itself."""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from wabridge.model.ids import StaffId

ActorKind = Literal["staff", "token", "rule", "operator"]
"""rule: the program itself; operator: somebody at the command line."""

OPERATOR_NAME = "command line"
"""What acts and leaves call the operator, who has no row; pages say it in words of their own."""

Role = Literal["owner", "lawyer", "assistant"]
Right = Literal[
    "read",
    "reply",
    "resume_sending",
    "review_quarantine",
    "manage_staff",
    "draft_notice",
    "approve_notice",
    "record_confirmation",
    "review_ledger",
    "export",
    "remove_export",
]
"""draft_notice: write a legal notice, and change or withdraw it before it is sent. approve_notice: let it go as it is.
record_confirmation: say what came by another way, correct a record, close a notice. review_ledger: see how the ledger
stands. export: hand evidence out. remove_export: keep a bundle that was made no longer."""

RIGHTS: dict[str, frozenset[Right]] = {
    "owner": frozenset(get_args(Right)),
    "lawyer": frozenset(get_args(Right)) - {"manage_staff", "remove_export"},
    "assistant": frozenset({"read", "reply", "draft_notice", "record_confirmation"}),
    "token": frozenset({"read", "reply", "draft_notice"}),
    "rule": frozenset({"read", "reply"}),
}
"""Approving stays with lawyers; programs draft and nothing more. rule: the program itself, as the office has set it."""


class Actor(msgspec.Struct, frozen=True):
    """Who does something. role: a key of RIGHTS; name: as the trace and the page show it."""

    kind: ActorKind
    id: int
    name: str
    role: str

    def may(self, right: Right) -> bool:
        """Say whether this actor has the right."""
        return right in RIGHTS.get(self.role, frozenset())


class StaffMember(msgspec.Struct, frozen=True):
    """A person of the office who signs in. login: what they type; language: 'id' or 'en'."""

    id: StaffId
    login: str
    name: str
    role: Role
    language: str
    has_password: bool
    disabled_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """The same person, as the one who acts."""
        return Actor(kind="staff", id=self.id, name=self.name, role=self.role)
