"""Everything that a bundle says, before it is written: the dossier.

`encode` turns it into `evidence.json`, always into the same bytes. Whoever gathers a dossier fills these structs and
hands over the exact bytes that `files` names beside it. A field that has no answer stays empty; nothing is guessed.

The structs here and in `exhibits` hold no circles, so the garbage collector need not look at them: a hundred thousand
of them would keep everything else in the process waiting.
"""

from datetime import datetime
from typing import Literal

import msgspec

from wabridge.evidence.exhibits import Actor, Message, Notice

FORMAT = "wabridge-evidence/1"

Language = Literal["id", "en"]


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What this report is. utc_offset_minutes and zone: in which local times are printed ("WIB", 420).

    scope: notice, message, matter or conversation, and t_from to t_until. supersedes: an earlier report's id.
    """

    report_id: str
    t_created: datetime
    created_by: Actor
    purpose: str
    requested_by: str
    scope: Literal["notice", "message", "matter", "conversation"]
    language: Language
    zone: str
    utc_offset_minutes: int
    classification: str
    software: str
    version: str
    commit: str
    lock_sha256: str
    approved_by: Actor | None = None
    matter: str = ""
    t_from: datetime | None = None
    t_until: datetime | None = None
    supersedes: str = ""
    handed_to: str = ""


class Sender(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The office, as WhatsApp knows it and as a court does."""

    office: str
    address: str
    waba_id: str
    phone_number_id: str
    display_number: str
    verified_name: str
    advocate: str = ""
    advocate_number: str = ""


class IdentityChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Something about who a person is on WhatsApp changed. kind: number, account, security_code, username."""

    kind: str
    t_received: datetime
    before: str = ""
    after: str = ""
    verified_by: Actor | None = None
    t_verified: datetime | None = None
    how: str = ""
    leaf: int | None = None


class Binding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """How a number was tied to a person: identity card seen, engagement letter, one-time code, call."""

    how: str
    by: str
    t_bound: datetime | None
    identity_key_hash: str = ""
    document: str = ""


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The other side of a conversation. represents: whom they stand for, and by what authority.

    standing: "" for somebody who only answered what was meant for another; of them no more is told than the account.
    """

    ref: str
    name: str
    standing: str
    phone: str
    whatsapp_id: str = ""
    user_id: str = ""
    username: str = ""
    identity_key_hash: str = ""
    bindings: tuple[Binding, ...] = ()
    identity_changes: tuple[IdentityChange, ...] = ()
    represents: str = ""


class Happening(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Something that happened to the system in the report's period.

    kind: gap, start, stop, clock, backup, restore, key_change, secret_change, staff_change, export, erasure, other.
    """

    kind: str
    t_from: datetime
    t_until: datetime | None = None
    details: str = ""
    actor: Actor | None = None
    leaf: int | None = None


class Access(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Who could use the system in the period, and from when to when."""

    name: str
    role: str
    t_from: datetime
    t_until: datetime | None = None


class System(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What produced the record, in sentences a custodian can sign: FRE 902(13), UU ITE articles 5(3), 6 and 7.

    webhook_check: how what comes from Meta is verified. heartbeats: hours in the period that the ledger covers, of
    hours_in_period. happenings: outages, restores, key changes, acts of administrators, oldest first.
    """

    description: str
    host: str
    place: str
    operator: str
    database: str
    webhook_check: str
    clock_source: str
    graph_version: str
    hours_in_period: int
    heartbeats: int
    access: tuple[Access, ...] = ()
    happenings: tuple[Happening, ...] = ()


class Opening(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Which bytes a commitment of a leaf is for. part: its name in the leaf's `d`.

    path: the file that opens it with salt (base64), or "" and withheld says why it stays closed. item: the ref of the
    message or notice it speaks of.
    """

    leaf: int
    part: str
    path: str = ""
    salt: str = ""
    withheld: str = ""
    item: str = ""


class Anchor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A checkpoint that lies outside. kind: rfc3161, email, receipt, print. by: the authority or address.

    checkpoint_path: the anchored note. token_path: the answer of a time-stamp authority (DER); query_path, chain_path:
    its request and certificates. mail_path: the message as it was kept. stated_time: the authority's, for print.
    """

    kind: Literal["rfc3161", "email", "receipt", "print"]
    by: str
    size: int
    root: str
    t_anchored: datetime
    checkpoint_path: str = ""
    token_path: str = ""
    query_path: str = ""
    chain_path: str = ""
    mail_path: str = ""
    stated_time: str = ""


class Thread(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A run of a conversation's numbers that the bundle holds without a hole. is_whole: from 1 to the newest."""

    conversation: str
    person: str
    first: int
    last: int
    is_whole: bool


class EarlierKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A key that signed the ledger before. signature: base64, its own over the key that followed (docs/ledger.md)."""

    public_key: str
    fingerprint: str
    until: datetime
    signature: str


class Ledger(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The state of the ledger that the proofs lead to. root: base64; public_key: as a C2SP verifier key.

    earlier_keys: each signed for the one after it, the last one for public_key.
    not_anchored_since: leaves from this index on are in no anchor yet.
    """

    origin: str
    size: int
    root: str
    public_key: str
    key_fingerprint: str
    earlier_keys: tuple[EarlierKey, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    threads: tuple[Thread, ...] = ()
    not_anchored_since: int | None = None


class LeftOut(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is not in this report, and why. count: how many, None if that is unknown or says too much."""

    what: str
    why: str
    count: int | None = None


class Custody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The chain of custody so far; later hands are filled in on paper."""

    t_exported: datetime
    exported_by: Actor
    medium: str = ""
    handed_to: str = ""
    seal_number: str = ""


class File(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A file of the bundle that is handed over as it is: raw bytes, media, anchors. sha256: hexadecimal."""

    path: str
    sha256: str
    size_bytes: int
    what: str
    item: str = ""


class Leaf(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A leaf as stored, without its newline, and the hashes that lead from it to the checkpoint's root."""

    index: int
    line: bytes
    path: tuple[bytes, ...]


class Consistency(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The hashes that show one state of the ledger to be the beginning of a later one."""

    old_size: int
    new_size: int
    path: tuple[bytes, ...]


class Dossier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The whole. The four fields that follow `files` become files of their own, and are no part of evidence.json.

    checkpoint: the signed note. leaves: by index. files: in the order in which their bytes will be handed over.
    """

    format: str
    report: Report
    sender: Sender
    persons: tuple[Person, ...]
    notices: tuple[Notice, ...]
    messages: tuple[Message, ...]
    system: System
    ledger: Ledger
    left_out: tuple[LeftOut, ...]
    custody: Custody
    files: tuple[File, ...]
    checkpoint: str = ""
    openings: tuple[Opening, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    consistency: tuple[Consistency, ...] = ()


def encode(dossier: Dossier) -> bytes:
    """Return evidence.json: UTF-8, one space of indentation, the same bytes for the same dossier."""
    said = msgspec.structs.replace(dossier, checkpoint="", openings=(), leaves=(), consistency=())
    return msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n"


def decode(said: bytes) -> Dossier:
    """Return the dossier that evidence.json holds. Raises msgspec.ValidationError if it is none."""
    return msgspec.json.decode(said, type=Dossier)
