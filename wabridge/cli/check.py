"""`run.py check`: say whether wabridge could start, and what is in the way."""

import argparse

from wabridge.cli import commands, trial
from wabridge.errors import StartError, StorageUnavailable
from wabridge.evidence import timestamp
from wabridge.settings import Settings
from wabridge.storage import master_key
from wabridge.storage.keyring import Keyring
from wabridge.storage.replacement import KEYRING


def register(parsers: commands.Commands) -> None:
    """Add the command."""
    commands.add(parsers, "check", check, says="check configuration, secrets and keys, and change nothing")


def check(settings: Settings, options: argparse.Namespace) -> int:
    """Print one line a check; returns 1 if something is wrong."""
    del options
    whatsapp = settings.whatsapp
    print(f"configuration: good, from {settings.folder}")
    if not whatsapp.phone_number_id:
        return _report_sandbox(settings)
    references = {"access token": whatsapp.access_token, "verify token": whatsapp.verify_token}
    references |= {f"app secret {n}": reference for n, reference in enumerate(whatsapp.app_secret, start=1)}
    wrong = sum([_report(name, settings, reference) for name, reference in references.items()])
    wrong += _report_key(settings)
    wrong += _report_anchors(settings)
    print(f"server: {'running' if commands.is_served(settings) else 'not running'}")
    return 1 if wrong else 0


def _report_sandbox(settings: Settings) -> int:
    try:
        trial.refuse_beside_real_data(settings)
    except StartError as error:
        print(f"number: {error}")
        return 1
    print("number: none configured, so the sandbox would start")
    return 0


def _report(name: str, settings: Settings, reference: str) -> bool:
    try:
        settings.secret(reference)
    except StartError as error:
        print(f"{name}: {error}")
        return True
    print(f"{name}: readable")
    return False


def _report_anchors(settings: Settings) -> int:
    """Say where checkpoints are to be anchored, and what is in the way; return how much is."""
    anchors = settings.anchors
    if not anchors.timestamp_urls and not anchors.mail_to:
        print("anchors: none configured, so the ledger is anchored nowhere outside ([anchors] in the configuration)")
        return 0
    print(f"anchors: {len(anchors.timestamp_urls)} timestamp authorities, {len(anchors.mail_to)} mailboxes")
    wrong = 0
    for name in anchors.timestamp_roots:
        try:
            timestamp.read_roots((settings.folder / name).read_bytes())
        except (OSError, ValueError):
            print(f"timestamp root {name}: is not a readable PEM file with a certificate")
            wrong += 1
    if anchors.mail_to and anchors.smtp_user:
        wrong += _report("mail password", settings, anchors.smtp_password)
    return wrong


def _report_key(settings: Settings) -> bool:
    path = settings.secret_path(settings.storage.key)
    if path is not None and not path.exists() and not (settings.data_folder / KEYRING).exists():
        print("master key: will be made at the first start")
        return False
    keyring = settings.data_folder / KEYRING
    try:
        key = master_key.read(settings)
        if keyring.exists():
            Keyring.open(keyring, key)
    except (StartError, StorageUnavailable) as error:
        print(f"master key: {error}")
        return True
    print("master key: opens the keyring" if keyring.exists() else "master key: readable")
    return False
