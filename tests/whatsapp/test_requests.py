"""The exact bytes that hand a text over."""

import pytest

from wabridge.whatsapp import requests

TOKEN = "a:0123456789abcdef0123456789abcdef"


def test_a_text_to_a_phone() -> None:
    """A text goes to plus and digits, without a preview of links, with our token."""
    assert requests.build_text(phone="6281234567890", text="Selamat pagi", token=TOKEN) == (
        b'{"messaging_product":"whatsapp","recipient_type":"individual","to":"+6281234567890","type":"text",'
        b'"text":{"preview_url":false,"body":"Selamat pagi"},"biz_opaque_callback_data":"' + TOKEN.encode() + b'"}'
    )


def test_a_text_to_a_user_id_that_quotes() -> None:
    """Without a phone the user id is the recipient and `to` is absent; a quoted message is named."""
    built = requests.build_text(user_id="ID.2000", text="Ya", token=TOKEN, quoted_wamid="wamid.T1")
    assert built == (
        b'{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"ID.2000","type":"text",'
        b'"text":{"preview_url":false,"body":"Ya"},"context":{"message_id":"wamid.T1"},'
        b'"biz_opaque_callback_data":"' + TOKEN.encode() + b'"}'
    )


def test_the_phone_is_preferred() -> None:
    """When both are known the message goes to the phone, and to it alone."""
    built = requests.build_text(phone="62812", user_id="ID.2000", text="Ya", token=TOKEN)
    assert b'"to":"+62812"' in built
    assert b'recipient"' not in built


def test_texts_keep_every_character() -> None:
    """Quotes, line breaks and emoji reach Meta as they were written."""
    built = requests.build_text(phone="62812", text='"Baik"\n🙏\\', token=TOKEN)
    assert '"body":"\\"Baik\\"\\n🙏\\\\"'.encode() in built


def test_a_message_needs_a_recipient() -> None:
    """Without phone and user id nothing is built."""
    with pytest.raises(ValueError, match="recipient"):
        requests.build_text(phone=None, user_id="", text="Ya", token=TOKEN)


def test_a_text_that_is_no_unicode_is_not_built() -> None:
    """Half a surrogate pair cannot be sent and is said to be wrong before anything leaves."""
    with pytest.raises(ValueError, match="surrogates"):
        requests.build_text(phone="62812", text="\ud83d", token=TOKEN)
