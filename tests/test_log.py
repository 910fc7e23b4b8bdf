"""Logs: one line an event, nothing private."""

import logging
import sys

from wabridge import log


def _record(name: str, message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    record = logging.LogRecord(name, logging.INFO, __file__, 1, message, arguments, None)
    record.__dict__.update(extra)
    return record


def test_our_lines_carry_their_ids() -> None:
    """A line is the constant message and the ids beside it."""
    line = log.LineFormatter().format(_record("wabridge.gateway.door", "stored", webhook=12))
    assert line.endswith("info wabridge.gateway.door: stored webhook=12")


def test_a_library_cannot_print_what_it_handles() -> None:
    """The words and arguments of other people's log records are dropped."""
    line = log.LineFormatter().format(_record("aiosqlite", "executing %s with %s", "INSERT", "Halo Ibu Siti"))
    assert "Siti" not in line
    assert "INSERT" not in line


def test_an_exception_is_shown_by_class_and_place_only() -> None:
    """A traceback helps whoever mends it and repeats nobody's message."""
    try:
        raise ValueError("Halo Ibu Siti")
    except ValueError:
        record = logging.LogRecord("wabridge.core", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    line = log.LineFormatter().format(record)
    assert "error=ValueError at test_log.py:" in line
    assert "Siti" not in line


def test_libraries_stay_quiet_at_debug() -> None:
    """At any level of ours the libraries are held at WARNING."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    ours = logging.getLogger("wabridge").level
    try:
        log.configure(logging.DEBUG)
        assert not logging.getLogger("aiosqlite").isEnabledFor(logging.INFO)
        assert not logging.getLogger("aiohttp.access").isEnabledFor(logging.INFO)
        assert logging.getLogger("wabridge.core").isEnabledFor(logging.DEBUG)
    finally:
        root.handlers[:], root.level = handlers, level
        logging.getLogger("wabridge").setLevel(ours)
        logging.captureWarnings(capture=False)
