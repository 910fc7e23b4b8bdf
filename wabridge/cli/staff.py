"""`run.py staff add|list|disable|reset`: who may sign in."""

import argparse

from wabridge.cli import commands
from wabridge.cli.commands import OPERATOR
from wabridge.core import staff
from wabridge.core.office import Office
from wabridge.model.staff import StaffMember
from wabridge.settings import Settings

_ROLES = ("owner", "lawyer", "assistant")


def register(parsers: commands.Commands) -> None:
    """Add the commands."""
    group = parsers.add_parser("staff", help="who may sign in", description="Who may sign in.")
    verbs = group.add_subparsers(required=True, metavar="VERB")
    new = commands.add(verbs, "add", add, says="add a staff member and print a one-time sign-in link")
    new.add_argument("login", help="what they type to sign in, for example siti")
    new.add_argument("--name", help="their name as pages show it (default: the login)")
    new.add_argument("--role", choices=_ROLES, default="lawyer")
    commands.add(verbs, "list", list_, says="list staff members")
    for verb, act, says in (
        ("disable", disable, "end someone's access and their sessions"),
        ("reset", reset, "forget someone's password and print a one-time sign-in link"),
    ):
        commands.add(verbs, verb, act, says=says).add_argument("login")


def add(settings: Settings, options: argparse.Namespace) -> int:
    """Add a staff member."""

    async def work(office: Office) -> str:
        member = await staff.add(
            office, OPERATOR, login=options.login, name=options.name or options.login, role=options.role
        )
        return await staff.make_signin_link(office, OPERATOR, member.id)

    _print_link(settings, commands.with_office(settings, work))
    return 0


def list_(settings: Settings, options: argparse.Namespace) -> int:
    """Print the staff members, one a line."""
    del options

    async def work(office: Office) -> list[StaffMember]:
        return list(await staff.list(office, OPERATOR))

    for member in commands.with_office(settings, work):
        state = "disabled" if member.disabled_at else "active" if member.has_password else "has not set a password"
        print(f"{member.login}\t{member.name}\t{member.role}\t{state}")
    return 0


def disable(settings: Settings, options: argparse.Namespace) -> int:
    """End someone's access."""

    async def work(office: Office) -> None:
        await staff.disable(office, OPERATOR, (await staff.get_by_login(office, options.login)).id)

    commands.with_office(settings, work)
    print(f"{options.login} can no longer sign in; open sessions have ended")
    return 0


def reset(settings: Settings, options: argparse.Namespace) -> int:
    """Forget a password."""

    async def work(office: Office) -> str:
        return await staff.reset(office, OPERATOR, (await staff.get_by_login(office, options.login)).id)

    _print_link(settings, commands.with_office(settings, work))
    return 0


def _print_link(settings: Settings, secret: str) -> None:
    address = commands.find_address(settings)
    if address is not None:
        print(f"Sign in once, within 15 minutes, with this link:\n{address}/signin/{secret}")
        return
    print(
        "The address is not known: with port = 0 it is another one at each start. Start wabridge, put the address that"
        f" it prints (http://...:PORT) before this, and sign in once, within 15 minutes:\n/signin/{secret}"
    )
