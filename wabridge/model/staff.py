"""Who acts: staff members, API tokens, rules of the program itself."""

from datetime import datetime
from typing import Literal

import msgspec

from wabridge.model.ids import StaffId

ActorKind = Literal["staff", "token", "rule", "operator"]
"""rule: the program itself; operator: somebody at the command line."""

Role = Literal["owner", "lawyer", "assistant"]
Right = Literal["read", "reply", "resume_sending", "review_quarantine", "manage_staff"]

RIGHTS: dict[str, frozenset[Right]] = {
    "owner": frozenset({"read", "reply", "resume_sending", "review_quarantine", "manage_staff"}),
    "lawyer": frozenset({"read", "reply", "resume_sending", "review_quarantine"}),
    "assistant": frozenset({"read", "reply"}),
    "token": frozenset({"read", "reply"}),
}


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
