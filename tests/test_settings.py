"""Settings: one declaration, clear sentences for whoever edits config.toml."""

import tomllib
from pathlib import Path

import pytest

from wabridge import settings
from wabridge.errors import SettingsError

_PROJECT = Path(__file__).resolve().parents[1]


def _parse(text: str, folder: Path = Path()) -> settings.Settings:
    return settings.parse(tomllib.loads(text), folder=folder)


def test_the_shipped_configuration_is_the_generated_one() -> None:
    """config.toml names every key with its default and its meaning."""
    assert (_PROJECT / "config.toml").read_text(encoding="utf-8") == settings.example()


def test_the_example_means_the_defaults() -> None:
    """An untouched configuration changes nothing."""
    assert _parse(settings.example()) == settings.Settings(folder=Path())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[sever]\nport = 1", "[sever] is not a section"),
        ("server = 1", "write [server]"),
        ("[server]\nprot = 1", "[server] has no key prot"),
        ('[server]\nport = "8080"', "[server] port must be a whole number"),
        ("[server]\nport = true", "[server] port must be a whole number"),
        ("[server]\nport = 70000", "between 0 and 65535"),
        ('[server]\nhost = "0.0.0.0"', "must be a loopback address"),
        ('[server]\npublic_url = "wa.example.id"', "public_url must be empty or like"),
        ("[office]\nname = 1", "[office] name must be a text"),
        ('[office]\nlanguage = "nl"', 'language must be "id" or "en"'),
        ('[office]\ntimezone = "Jakarta"', "not a time zone"),
        ('[office]\nregion = "Indonesia"', "two capital letters"),
        ('[whatsapp]\napi_url = "http://graph.example"', "api_url must begin with https://"),
        ('[whatsapp]\napi_version = "25"', "api_version must be like"),
        ('[whatsapp]\nphone_number_id = "+62"', "row of digits"),
        ('[whatsapp]\naccess_token = "EAAG123"', "never the secret itself"),
        ("[whatsapp]\napp_secret = 3", "a text or a list of texts"),
        ('[whatsapp]\nphone_number_id = "1"\napp_secret = []', "signatures are always checked"),
        ("[whatsapp]\nsettling_seconds = 0", "more than 0"),
        ("[notices]\napproval_by_another = 1", "must be true or false"),
        ('[notices]\nreminders_after_hours = ["24"]', "a whole number or a list of them"),
        ("[notices]\nreminders_after_hours = [24, 12]", "each larger than the one before"),
        ("[notices]\nreminders_after_hours = [0]", "whole numbers over 0"),
        ("[notices]\nwarn_before_hours = -1", "not be less than 0"),
        ('[anchors]\ntimestamp_urls = ["ftp://tsa.example"]', "must begin with http"),
        ('[anchors]\nmail_to = ["arsip"]', "is no mail address"),
        ('[anchors]\nmail_to = ["arsip@example.net"]', "needs smtp_server and mail_from"),
        ('[anchors]\nsmtp_server = "smtp.example.id"', "smtp_server must be like"),
        ('[anchors]\nsmtp_security = "none"', 'must be "tls" or "starttls"'),
        ('[anchors]\nsmtp_password = "hunter2"', "never the secret itself"),
    ],
)
def test_each_mistake_is_one_clear_sentence(text: str, says: str) -> None:
    """A wrong configuration stops the start and says which key and why."""
    with pytest.raises(SettingsError) as caught:
        _parse(text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_app_secret_may_be_a_list() -> None:
    """While the app secret is being changed the old and the new one are both named."""
    read = _parse('[whatsapp]\napp_secret = ["env:NEW", "env:OLD"]')
    assert read.whatsapp.app_secret == ("env:NEW", "env:OLD")


def test_reminders_may_be_one_many_or_none() -> None:
    """The schedule is a list of hours; a single one may stand alone, an empty list means never."""
    for said, meant in (("[24, 72]", (24, 72)), ("36", (36,)), ("[]", ())):
        assert _parse(f"[notices]\nreminders_after_hours = {said}").notices.reminders_after_hours == meant
    assert _parse("[notices]\napproval_by_another = true").notices.approval_by_another is True


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing configuration file is an error, never an empty configuration."""
    with pytest.raises(SettingsError, match=r"missing\.toml cannot be read"):
        settings.load(tmp_path / "missing.toml")


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    """A typing mistake is reported with its place."""
    (tmp_path / "config.toml").write_text("[server\n")
    with pytest.raises(SettingsError, match="not valid TOML"):
        settings.load(tmp_path / "config.toml")


def test_secrets_come_from_private_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret is read from where its reference points, and a file that others can read is refused."""
    read = settings.Settings(folder=tmp_path)
    secret = tmp_path / "word"
    secret.touch(mode=0o600)
    secret.write_text("rahasia\n")
    monkeypatch.setenv("WABRIDGE_WORD", "from the environment")
    assert read.secret("file:word") == "rahasia"
    assert read.secret("env:WABRIDGE_WORD") == "from the environment"
    secret.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        read.secret("file:word")


def test_systemd_credentials_are_read_from_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential reference needs systemd, and says so without it."""
    read = settings.Settings(folder=tmp_path)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(SettingsError, match="systemd"):
        read.secret("credential:word")
    (tmp_path / "word").write_text("rahasia")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert read.secret("credential:word") == "rahasia"


@pytest.mark.parametrize("reference", ["file:none", "env:WABRIDGE_NONE"])
def test_an_unreadable_secret_is_one_sentence(tmp_path: Path, reference: str) -> None:
    """What is missing is named, never guessed."""
    with pytest.raises(SettingsError):
        settings.Settings(folder=tmp_path).secret(reference)


def test_an_empty_secret_is_no_secret(tmp_path: Path) -> None:
    """An empty file would verify everything with a guessable key."""
    path = tmp_path / "word"
    path.touch(mode=0o600)
    with pytest.raises(SettingsError, match="is empty"):
        settings.Settings(folder=tmp_path).secret("file:word")


@pytest.mark.parametrize(
    ("host", "expected"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("x", False)]
)
def test_loopback_is_recognised(host: str, expected: bool) -> None:  # a table of answers
    """Only addresses of this machine count as loopback."""
    assert settings.is_loopback(host) is expected
