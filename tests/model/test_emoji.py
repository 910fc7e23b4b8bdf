"""What counts as one emoji."""

import pytest

from wabridge.model import emoji


@pytest.mark.parametrize(
    "sign", ["👍", "👍🏽", "❤️", "❤", "🇮🇩", "👩‍⚖️", "👨‍👩‍👧‍👦", "1️⃣", "#⃣", "‼️", "🫨", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "⚖️", "✅", "🙏"]
)
def test_one_emoji_is_one(sign: str) -> None:
    """Plain signs, skins, flags, families, keycaps and signs younger than this Python are each one."""
    assert emoji.is_one(sign)


@pytest.mark.parametrize(
    "text", ["", "a", "ok", "👍👍", "👍 ", "1", "🇮", "🇮🇩🇮🇩", "👍\u200d", "\u200d", "\ufe0f", "+1", "🏽", "é", "👍" * 40]
)
def test_what_is_no_single_emoji_is_none(text: str) -> None:
    """Letters, digits, several emoji and pieces of one are none."""
    assert not emoji.is_one(text)
