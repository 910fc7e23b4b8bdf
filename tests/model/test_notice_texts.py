"""What the program itself writes to a person about a legal notice."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from wabridge.model.notice_texts import moment

AT = datetime(2026, 12, 7, 2, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "to_seconds", "said"),
    [
        ("id", False, "7 Desember 2026 pukul 09.05 WIB"),
        ("id", True, "7 Desember 2026 pukul 09.05.09 WIB"),
        ("en", False, "7 December 2026 at 09:05 WIB"),
        ("en", True, "7 December 2026 at 09:05:09 WIB"),
    ],
)
def test_times_are_written_as_the_language_writes_them(language: str, to_seconds: bool, said: str) -> None:
    """Indonesian writes a dot between hours and minutes, English a colon, as the pages do."""
    assert moment(AT.astimezone(ZoneInfo("Asia/Jakarta")), language, to_seconds=to_seconds) == said
