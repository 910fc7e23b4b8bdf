"""`run.py token add|list|revoke`: which programs may use the API."""

import argparse

from wabridge.cli import commands
from wabridge.cli.commands import OPERATOR
from wabridge.core import tokens
from wabridge.core.office import Office
from wabridge.settings import Settings


def register(parsers: commands.Commands) -> None:
    """Add the commands."""
    group = parsers.add_parser(
        "token", help="which programs may use the API", description="Which programs may use the API."
    )
    verbs = group.add_subparsers(required=True, metavar="VERB")
    commands.add(verbs, "add", add, says="make an API token and print it once").add_argument("name")
    commands.add(verbs, "list", list_, says="list API tokens, never their secrets")
    commands.add(verbs, "revoke", revoke, says="end an API token at once").add_argument("name")


def add(settings: Settings, options: argparse.Namespace) -> int:
    """Make a token."""

    async def work(office: Office) -> str:
        return await tokens.add(office, OPERATOR, options.name)

    secret = commands.with_office(settings, work)
    print(f"The token of {options.name}, shown only now:\n{secret}")
    return 0


def list_(settings: Settings, options: argparse.Namespace) -> int:
    """Print the tokens, one a line."""
    del options

    async def work(office: Office) -> list[tokens.ApiToken]:
        return list(await tokens.list(office, OPERATOR))

    for token in commands.with_office(settings, work):
        used = f"last used {token.used_at:%Y-%m-%d %H:%M} UTC" if token.used_at else "never used"
        print(f"{token.name}\t{'revoked' if token.revoked_at else 'valid'}\t{used}")
    return 0


def revoke(settings: Settings, options: argparse.Namespace) -> int:
    """End a token."""

    async def work(office: Office) -> None:
        await tokens.revoke(office, OPERATOR, options.name)

    commands.with_office(settings, work)
    print(f"{options.name} is revoked")
    return 0
