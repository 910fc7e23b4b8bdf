"""`run.py` without a command: serve, with the sandbox around it when no number is configured."""

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from wabridge import app, log
from wabridge.cli import trial
from wabridge.clock import system_clock
from wabridge.core import staff
from wabridge.errors import StartError, StorageUnavailable, WabridgeError
from wabridge.settings import Settings

_log = logging.getLogger(__name__)

_SENTENCES = (StartError, StorageUnavailable)
"""What ends a start with one sentence. Once it serves, storage that fails ends nothing."""

_CRASH_SECONDS = 4.0
"""How long a crashed process may take to close its files before it ends anyway."""


def serve(settings: Settings, options: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code."""
    del options
    try:
        asyncio.run(_serve(settings))
    except _SENTENCES:
        raise
    except BaseExceptionGroup as group:
        with_sentence = group.subgroup(_SENTENCES)
        if with_sentence is not None:
            raise _first(with_sentence) from group
        return _crashed(group)
    except Exception as error:  # noqa: BLE001  # the last place: say what happened and end with another code than 0
        return _crashed(error)
    return 0


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: None)
    clock = system_clock()
    if settings.whatsapp.phone_number_id:
        await app.run(settings, clock=clock, stop=stop, ready=_greeting(_no_sandbox))
        return
    trial.refuse_beside_real_data(settings)
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(trial.open_sandbox(settings))
        await app.run(
            sandbox.settings, clock=clock, stop=stop, ready=_greeting(sandbox.connect), phone_url=sandbox.phone.url
        )


def _greeting(connect: Callable[[app.Running], Awaitable[str]]) -> Callable[[app.Running], Awaitable[None]]:
    """Print where to go.

    A sign-in link is printed only while nobody could sign in otherwise: terminals are remembered by logs.
    """

    async def greet(running: app.Running) -> None:
        lines = ["", f"wabridge is running.   Inbox: {running.url}/inbox"]
        phone = await connect(running)
        if phone:
            lines.append(f"  Sandbox: nothing leaves this machine.   Pretend phone: {phone}")
        owner = await staff.ensure_owner(running.office)
        if running.office.is_sandbox or not owner.has_password:
            secret = await staff.make_signin_link(running.office, owner.actor, owner.id)
            lines += ["  Sign in once, within 15 minutes, with this link:", f"  {running.url}/signin/{secret}"]
        print("\n".join([*lines, "  Stop with Ctrl-C.", ""]), file=sys.stderr, flush=True)
        # What is loaded now stays to the end. Looking through it for garbage again and again would keep every request
        # waiting for 60 ms each time.
        gc.collect()
        gc.freeze()

    return greet


async def _no_sandbox(running: app.Running) -> str:
    del running
    return ""


def _first(group: BaseExceptionGroup[WabridgeError]) -> WabridgeError:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


def _crashed(error: BaseException) -> int:
    """Say where it broke, without the exception's words: they may hold somebody's message."""
    for leaf in _leaves(error):
        _log.error("a part of the program failed", extra={"failure": log.places(type(leaf), leaf.__traceback__)})
    last_resort = threading.Timer(_CRASH_SECONDS, os._exit, args=(1,))
    last_resort.daemon = True  # fires only if something keeps the interpreter from ending
    last_resort.start()
    return 1


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]
