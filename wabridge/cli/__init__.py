"""The command line: `python3 run.py [--config FILE] [COMMAND]`. Without a command it serves.

Each module holds the commands of one noun and registers them in `register(commands)`. What is not built is not
listed. A command prints one sentence and ends with 0, or prints what is wrong and ends with 1; usage errors end with
2.
"""

import argparse
import logging
import sys
from pathlib import Path

from wabridge import __version__, log
from wabridge.cli import backup, check, export, key, replay, serve, staff, token, verify
from wabridge.errors import RequestError, StartError, StorageError
from wabridge.settings import Settings, load

_PROJECT = Path(__file__).resolve().parents[2]
_DEFAULT_CONFIG = _PROJECT / "config.toml"


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    log.configure(logging.DEBUG if options.debug else logging.INFO)
    try:
        return int(options.act(_settings(options.config), options))
    except (StartError, StorageError, RequestError) as error:
        print(f"wabridge: {error}", file=sys.stderr)
    except OSError as error:  # most often a command that is run by another user than the server
        print(f"wabridge: {error.filename or 'a file'} cannot be used: {error.strerror}", file=sys.stderr)
    return 1


def _settings(named: Path | None) -> Settings:
    if named is None and not _DEFAULT_CONFIG.exists():
        return Settings(folder=_PROJECT)
    return load(named or _DEFAULT_CONFIG)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="wabridge: a gateway and an inbox between a law office and WhatsApp. Without a command it serves.",
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="the configuration (default: config.toml beside run.py)"
    )
    parser.add_argument("--debug", action="store_true", help="log more; never anything private")
    parser.add_argument("--version", action="version", version=__version__)
    parser.set_defaults(act=serve.serve)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for module in (check, staff, token, backup, key, verify, replay, export):
        module.register(commands)
    return parser
