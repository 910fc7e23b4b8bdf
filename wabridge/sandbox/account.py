"""The business account the pretend Meta plays: one number, its ids and its three secrets."""

import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What Meta and the office both know about one WhatsApp number."""

    phone_number_id: str
    business_account_id: str
    display_phone_number: str
    access_token: str
    app_secret: str
    verify_token: str

    @classmethod
    def invented(cls) -> "Account":
        """Invent a plausible account with fresh random secrets."""
        return cls(
            phone_number_id="106540352242922",
            business_account_id="102290129340398",
            display_phone_number="622150005000",
            access_token="EAAG" + secrets.token_hex(32),
            app_secret=secrets.token_hex(16),
            verify_token=secrets.token_urlsafe(16),
        )
