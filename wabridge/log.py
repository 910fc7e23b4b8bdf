"""How wabridge logs: one line an event, ids beside it, nothing private in it.

Rule 1: a log message is a constant; what varies goes into `extra`, and only ids, counts, class names and durations go
there. Rule 2: libraries print what they handle (aiosqlite its statements with their parameters, aiohttp its URLs), so
everyone else's loggers are pinned to WARNING at any level, and a warning of theirs is printed without its arguments.
"""

import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

_OURS = "wabridge"
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


def configure(level: int = logging.INFO) -> None:
    """Send wabridge's log lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(level)
    logging.captureWarnings(capture=True)
    for name in (
        "aiosqlite",
        "asyncio",
        "aiohttp",
        "aiohttp.access",
        "aiohttp.client",
        "aiohttp.server",
        "diskcache",
        "py.warnings",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)


class LineFormatter(logging.Formatter):
    """time level logger: message key=value ...; exceptions by class and place, without their words."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; foreign records lose their arguments."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        is_ours = record.name == _OURS or record.name.startswith(_OURS + ".")
        message = record.getMessage() if is_ours else "a library reports a problem"
        extras = [f"{key}={value}" for key, value in record.__dict__.items() if key not in _STANDARD] if is_ours else []
        if record.exc_info and record.exc_info[0]:
            extras.append(places(record.exc_info[0], record.exc_info[2]))
        return " ".join([at, record.levelname.lower(), f"{record.name}:", message, *extras])


def places(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return an exception as its class and code places: its words may hold somebody's message."""
    frames = traceback.extract_tb(trace)
    return f"error={kind.__name__} at " + " < ".join(
        f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno} {f.name}" for f in reversed(frames)
    )
