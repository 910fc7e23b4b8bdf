"""`run.py backup FILE` and `run.py restore FILE`: database, keyring and files, encrypted; never the master key."""

import argparse
from pathlib import Path

from wabridge.cli import commands
from wabridge.errors import StartError
from wabridge.settings import Settings
from wabridge.storage import backup as backups
from wabridge.storage import master_key
from wabridge.storage.replacement import KEYRING, VAULT

_REMINDER = "It opens only with the master key ({key}), which is not in it: keep a copy of that key somewhere else."


def register(parsers: commands.Commands) -> None:
    """Add the commands."""
    commands.add(
        parsers, "backup", backup, says="copy database, keyring and files into one encrypted file; the server may run"
    ).add_argument("file", type=Path, metavar="FILE")
    commands.add(
        parsers, "restore", restore, says="put a backup in place of the data folder; the server must be stopped"
    ).add_argument("file", type=Path, metavar="FILE")


def backup(settings: Settings, options: argparse.Namespace) -> int:
    """Write a backup; returns 1 if a file that is there could not be read, so that a nightly run is noticed."""
    settings = commands.data_settings(settings)
    if not (settings.data_folder / KEYRING).exists():
        raise StartError(f"there is nothing in {settings.data_folder} yet to back up")
    lacking = backups.write_backup(settings.data_folder, options.file, master_key.read(settings))
    print(f"{options.file} is written. " + _REMINDER.format(key=settings.storage.key))
    for file in lacking:
        print(f"Not in the backup: file {file.name} of {file.owner}: {file.why or 'it is not there'}.")
    if lacking:
        print(
            f"Files missing in {settings.data_folder / VAULT}, and so in the backup: {len(lacking)}. All else is in it."
        )
    return 1 if any(file.why for file in lacking) else 0


def restore(settings: Settings, options: argparse.Namespace) -> int:
    """Put a backup in place."""
    settings = commands.data_settings(settings)
    restored = backups.restore_backup(options.file, settings.data_folder, master_key.read(settings))
    print(f"{settings.data_folder} now holds what {options.file.name} held; what was there is kept beside it.")
    if restored.lost_files:
        print(
            f"Files of messages that the backup lacks or holds damaged: {restored.lost_files}. They are marked as lost."
        )
    return 0
