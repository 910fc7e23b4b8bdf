"""Every setting, declared once: name, default, meaning. `config.toml` and its comments are generated from here.

A secret is never written into the configuration, only a reference to it: `file:PATH` (relative to the configuration
file), `env:NAME`, or `credential:NAME` (systemd). Unknown keys, wrong types and unreadable secrets stop the start
with one sentence each.
"""

import ipaddress
import os
import re
import stat
import tomllib
import zoneinfo
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wabridge.errors import SettingsError

LANGUAGES = ("id", "en")


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Where wabridge listens."""

    host: str = _setting("127.0.0.1", "Loopback only: put a web server with TLS (Caddy, nginx) in front for the world.")
    port: int = _setting(8080, "The port of inbox, API and webhook. 0 takes a free one.")
    public_url: str = _setting(
        "", 'The address people and Meta use, for example "https://wa.example.id". Empty: this machine only.'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeSettings:
    """The law office."""

    name: str = _setting("Kantor Hukum", "The name shown on every page.")
    language: str = _setting("id", 'The language before anyone has signed in: "id" or "en".')
    timezone: str = _setting(
        "Asia/Jakarta", "The time zone of every time shown: Asia/Jakarta, Asia/Makassar, Asia/Jayapura, ..."
    )
    region: str = _setting("ID", "The country of phone numbers typed without a country code, two letters.")
    late_after_minutes: int = _setting(
        30, "A reply that waits longer than this is overdue: staff are told, and it is not sent without a decision."
    )
    address: str = _setting("", "The office's address, as reports of evidence name it.")
    advocate: str = _setting("", "The advocate who answers for reports of evidence, with titles.")
    advocate_number: str = _setting("", "The advocate's registration number (PERADI or another organisation).")
    undo_seconds: int = _setting(
        10, "How long a reply written on a page waits before it leaves, so that it can be taken back. 0: not at all."
    )
    read_receipts: bool = _setting(
        default=True, meaning="Show clients blue ticks once somebody of the office has opened the conversation."
    )
    typing_indicator: bool = _setting(
        default=True,
        meaning="Show clients that an answer is being written. WhatsApp gives them the blue ticks with it.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsAppSettings:
    """The office's number at Meta. Without phone_number_id the sandbox is started."""

    phone_number_id: str = _setting("", "The id of the number at Meta (not the number itself). Empty: the sandbox.")
    business_account_id: str = _setting("", "The id of the WhatsApp Business Account.")
    api_url: str = _setting("https://graph.facebook.com", "The Cloud API's address.")
    api_version: str = _setting("v25.0", "The Graph API version every call names.")
    access_token: str = _setting(
        "file:secrets/access_token", "The system user's token. May be replaced while wabridge runs."
    )
    app_secret: tuple[str, ...] = _setting(
        ("file:secrets/app_secret",),
        "Verifies webhooks. A list while it is being changed: the new one and the old one.",
    )
    verify_token: str = _setting("file:secrets/verify_token", "The word Meta repeats when the webhook is set up.")
    settling_seconds: int = _setting(
        120,
        "How long a send without a trustworthy answer keeps later messages to the same person waiting.",
    )
    asking_seconds: int = _setting(
        60, "How long Meta has to report on such a send by itself before a person is asked what to do."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """Legal notices: who approves, and how they are followed up."""

    approval_by_another: bool = _setting(
        default=False, meaning="Whether a legal notice must be approved by somebody else than its author."
    )
    reminders_after_hours: tuple[int, ...] = _setting(
        (24, 48),
        "When the client is reminded of a notice that is not confirmed, in hours after it was sent. []: never.",
    )
    warn_before_hours: int = _setting(
        24, "So many hours before the deadline people are told that a notice is not confirmed. 0: not before it."
    )
    tell: tuple[str, ...] = _setting(
        (), "The logins of those who are told of overdue and disputed notices. []: the author and the approver."
    )
    template: str = _setting(
        "pemberitahuan_hukum", "The approved template that carries a notice once the 24 hours are over."
    )
    document_template: str = _setting(
        "pemberitahuan_hukum_berkas", "The same for a notice with a document: it has a document above its text."
    )
    check_identity: bool = _setting(
        default=False,
        meaning="Pin each notice to the recipient's keys; needs the identity check to be switched on at Meta.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageSettings:
    """The disk."""

    directory: str = _setting("data", "The data folder, relative to this file.")
    key: str = _setting(
        "file:secrets/master.key", "The master key, 64 hex digits. Made at the first start. Keep a copy elsewhere!"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorSettings:
    """Where checkpoints of the ledger are deposited outside this house. Only a digest or the checkpoint leaves."""

    timestamp_urls: tuple[str, ...] = _setting(
        (),
        "Timestamp authorities (RFC 3161): a list of addresses, best two of different owners.",
    )
    timestamp_roots: tuple[str, ...] = _setting(
        (),
        "Files (PEM) with the roots that their certificates must lead to. Empty: this machine's roots.",
    )
    mail_to: tuple[str, ...] = _setting(
        (), "Mailboxes outside, best two at different providers: each gets every checkpoint that is anchored."
    )
    mail_from: str = _setting("", "The sender of these mails.")
    smtp_server: str = _setting("", 'Where they are handed in, for example "smtp.example.id:465".')
    smtp_security: str = _setting(
        "tls", '"tls" from the first byte (port 465), or "starttls" (port 587). Never without.'
    )
    smtp_user: str = _setting("", "The name to sign in with; empty if the server asks for none.")
    smtp_password: str = _setting("file:secrets/smtp_password", "Its password. Read only if there is a name.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything config.toml says. folder: where relative paths begin."""

    server: ServerSettings = ServerSettings()
    office: OfficeSettings = OfficeSettings()
    whatsapp: WhatsAppSettings = WhatsAppSettings()
    notices: NoticeSettings = NoticeSettings()
    storage: StorageSettings = StorageSettings()
    anchors: AnchorSettings = AnchorSettings()
    folder: Path = Path()

    @property
    def data_folder(self) -> Path:
        """The folder of database, keyring and cache."""
        return self.folder / self.storage.directory

    def secret(self, reference: str) -> str:
        """Return what a secret's reference points to; raises SettingsError."""
        scheme, _, name = reference.partition(":")
        if scheme == "file":
            return _read_secret_file(self.folder / name)
        if scheme == "env":
            return _present(os.environ.get(name, ""), f"the environment variable {name}")
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if not folder:
            raise SettingsError(f"the credential {name} can only be read when systemd starts wabridge")
        return _present(_read_text(Path(folder) / name), f"the credential {name}")

    def secret_path(self, reference: str) -> Path | None:
        """Return the file of a `file:` reference, None for the others."""
        scheme, _, name = reference.partition(":")
        return self.folder / name if scheme == "file" else None


def load(path: Path) -> Settings:
    """Read a configuration file; raises SettingsError with one sentence for the operator."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    return parse(table, folder=path.absolute().parent)


def parse(table: dict[str, Any], *, folder: Path) -> Settings:
    """Return the settings of a parsed configuration; raises SettingsError."""
    sections: dict[str, Any] = {}
    known = {f.name: f.type for f in fields(Settings) if f.name != "folder"}
    for name, values in table.items():
        if name not in known:
            raise SettingsError(f"[{name}] is not a section wabridge knows; it knows {', '.join(known)}")
        if not isinstance(values, dict):
            raise SettingsError(f"{name} must be a section: write [{name}]")
        sections[name] = _section(name, known[name], values)
    settings = Settings(**sections, folder=folder)
    _check(settings)
    return settings


def example() -> str:
    """Return config.toml with every key, its default and its meaning."""
    lines = ["# wabridge's configuration. Every key is here with its default; made from wabridge/settings.py.", ""]
    for section in fields(Settings):
        if section.name == "folder":
            continue
        lines.append(f"[{section.name}]")
        for key in fields(section.type):  # type: ignore[arg-type]  # the section's type is always one of our dataclasses
            lines += [f"# {key.metadata['meaning']}", f"{key.name} = {_toml(key.default)}"]
        lines.append("")
    return "\n".join(lines)


def _section(section: str, kind: Any, values: dict[str, Any]) -> Any:
    declared = {f.name: f.default for f in fields(kind)}
    read: dict[str, Any] = {}
    for key, value in values.items():
        if key not in declared:
            raise SettingsError(f"[{section}] has no key {key}; it has {', '.join(declared)}")
        read[key] = _typed(f"[{section}] {key}", declared[key], value)
    return kind(**read)


def _typed(where: str, default: Any, value: Any) -> Any:
    if isinstance(default, tuple):
        kind = type(default[0]) if default else str
        values = value if isinstance(value, list) else [value]
        if not all(type(each) is kind for each in values):
            raise SettingsError(f"{where} must be {_ONE_OR_MANY[kind]}")
        return tuple(values)
    if type(value) is not type(default):
        raise SettingsError(f"{where} must be {_ONE[type(default)]}")
    return value


_ONE: dict[type, str] = {int: "a whole number", str: "a text in quotes", bool: "true or false"}
_ONE_OR_MANY: dict[type, str] = {int: "a whole number or a list of them", str: "a text or a list of texts"}


def _check(settings: Settings) -> None:
    server, office, whatsapp = settings.server, settings.office, settings.whatsapp
    references = {
        "[whatsapp] access_token": (whatsapp.access_token,),
        "[whatsapp] app_secret": whatsapp.app_secret,
        "[whatsapp] verify_token": (whatsapp.verify_token,),
        "[storage] key": (settings.storage.key,),
        "[anchors] smtp_password": (settings.anchors.smtp_password,),
    }
    for where, named in references.items():
        for reference in named:
            _require(
                re.fullmatch(r"(file|env|credential):.+", reference) is not None,
                f"{where} must be a reference: file:PATH, env:NAME or credential:NAME, never the secret itself",
            )
    _require(
        is_loopback(server.host), "[server] host must be a loopback address; let a web server with TLS face the world"
    )
    _require(0 <= server.port <= 65535, "[server] port must be between 0 and 65535")
    _require(_is_public_url(server.public_url), '[server] public_url must be empty or like "https://wa.example.id"')
    _require(office.language in LANGUAGES, '[office] language must be "id" or "en"')
    _require(_is_timezone(office.timezone), f"[office] timezone {office.timezone!r} is not a time zone of this machine")
    _require(
        re.fullmatch(r"[A-Z]{2}", office.region) is not None, '[office] region must be two capital letters, like "ID"'
    )
    _require(office.late_after_minutes > 0, "[office] late_after_minutes must be more than 0")
    _require(0 <= office.undo_seconds <= 300, "[office] undo_seconds must be between 0 and 300")
    _require(
        all(hours > 0 for hours in settings.notices.reminders_after_hours)
        and sorted(set(settings.notices.reminders_after_hours)) == list(settings.notices.reminders_after_hours),
        "[notices] reminders_after_hours must be whole numbers over 0, each larger than the one before",
    )
    _require(settings.notices.warn_before_hours >= 0, "[notices] warn_before_hours must not be less than 0")
    _require(whatsapp.asking_seconds > 0, "[whatsapp] asking_seconds must be more than 0")
    _require(whatsapp.settling_seconds > 0, "[whatsapp] settling_seconds must be more than 0")
    _require(
        re.fullmatch(r"v\d+\.\d+", whatsapp.api_version) is not None, '[whatsapp] api_version must be like "v25.0"'
    )
    _require(
        _is_api_url(whatsapp.api_url), "[whatsapp] api_url must begin with https:// (http:// only on this machine)"
    )
    _require(
        re.fullmatch(r"\d*", whatsapp.phone_number_id) is not None, "[whatsapp] phone_number_id is a row of digits"
    )
    _require(
        bool(whatsapp.app_secret) or not whatsapp.phone_number_id,
        "[whatsapp] app_secret is missing: signatures are always checked",
    )
    _check_anchors(settings.anchors)


def _check_anchors(anchors: AnchorSettings) -> None:
    for url in anchors.timestamp_urls:
        parts = urlsplit(url)
        _require(
            parts.scheme in {"http", "https"} and bool(parts.hostname),
            f"[anchors] timestamp_urls: {url!r} must begin with http:// or https://",
        )
    for mailbox in (*anchors.mail_to, *([anchors.mail_from] if anchors.mail_from else [])):
        _require(
            re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", mailbox) is not None,
            f"[anchors] {mailbox!r} is no mail address",
        )
    _require(anchors.smtp_security in {"tls", "starttls"}, '[anchors] smtp_security must be "tls" or "starttls"')
    _require(
        not anchors.smtp_server or re.fullmatch(r"[A-Za-z0-9.-]+:\d{1,5}", anchors.smtp_server) is not None,
        '[anchors] smtp_server must be like "smtp.example.id:465"',
    )
    _require(
        not anchors.mail_to or bool(anchors.smtp_server and anchors.mail_from),
        "[anchors] mail_to needs smtp_server and mail_from as well",
    )


def is_loopback(host: str) -> bool:
    """Say whether a host name or address is this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_public_url(url: str) -> bool:
    parts = urlsplit(url)
    return not url or (
        parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.path in {"", "/"} and not parts.query
    )


def _is_api_url(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


def _is_timezone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return False
    return True


def _require(true: bool, sentence: str) -> None:  # noqa: FBT001  # an assertion with a sentence reads best this way
    if not true:
        raise SettingsError(sentence)


def _read_secret_file(path: Path) -> str:
    text, mode = _read(path)
    secret = _present(text, str(path))
    if stat.S_IMODE(mode) & 0o077:
        raise SettingsError(f"{path} can be read by others on this machine; run: chmod 600 {path}")
    return secret


def _read_text(path: Path) -> str:
    return _read(path)[0]


def _read(path: Path) -> tuple[str, int]:
    """Return a file's text and mode, of one and the same file: it may be replaced at any moment."""
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(), os.fstat(file.fileno()).st_mode
    except FileNotFoundError as error:
        raise SettingsError(f"the secret {path} does not exist") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the secret {path} cannot be read") from error


def _present(text: str, where: str) -> str:
    if not text.strip():
        raise SettingsError(f"{where} is empty")
    return text.strip()


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        return _toml(value[0]) if len(value) == 1 else "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f'"{value}"'
