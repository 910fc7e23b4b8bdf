"""Request bodies for POST /messages. Source: Meta, "send messages"."""

import msgspec


def build_text(
    *,
    text: str,
    token: str,
    phone: str | None = None,
    user_id: str | None = None,
    quoted_wamid: str | None = None,
) -> bytes:
    """Return the exact bytes that hand over a text.

    phone: digits without plus, preferred over user_id because it keeps phone numbers in the webhooks that follow.
    token: comes back in every status. Raises ValueError when there is no recipient or the text is not Unicode.
    """
    body: dict[str, object] = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    if phone:
        # Without plus Meta may put the country code of the business number before it.
        body["to"] = "+" + phone
    elif user_id:
        body["recipient"] = user_id
    else:
        raise ValueError("a message needs a recipient")
    body["type"] = "text"
    body["text"] = {"preview_url": False, "body": text}
    if quoted_wamid:
        body["context"] = {"message_id": quoted_wamid}
    body["biz_opaque_callback_data"] = token
    return msgspec.json.encode(body)
