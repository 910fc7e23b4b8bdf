"""Who may knock: only Meta, by the app's secret, with bodies of a size that Meta sends."""

import aiohttp
import pytest

from tests.journeys import webhooks
from tests.journeys.site import Site
from wabridge.model.limits import WEBHOOK_BYTES
from wabridge.sandbox.courier import signature
from wabridge.storage.journal import newest

_HEADER = "X-Hub-Signature-256"


@pytest.mark.parametrize("fault", ["missing", "empty", "short", "upper case", "sha1", "wrong", "another secret"])
async def test_without_the_right_signature_nothing_is_stored(site: Site, fault: str) -> None:
    """A missing, malformed or wrong signature is answered 401 in the same words, and nothing of the body is kept."""
    body = webhooks.body(site.meta, webhooks.message(site.meta, "Palsu"))
    right = signature(site.meta.account.app_secret, body)
    headers: dict[str, dict[str, str]] = {
        "missing": {},
        "empty": {_HEADER: ""},
        "short": {_HEADER: right[:-1]},
        "upper case": {_HEADER: "sha256=" + right.removeprefix("sha256=").upper()},
        "sha1": {"X-Hub-Signature": "sha1=" + "0" * 40},
        "wrong": {_HEADER: "sha256=" + "0" * 64},
        "another secret": {_HEADER: signature("another secret", body)},
    }
    assert await site.knock(body, headers[fault]) == (401, b"")
    assert await site.office.database.read(newest) == 0
    assert await site.knock(body, _signed(site, body)) == (200, b"")
    await site.until_filed("Palsu")


async def test_a_signature_of_other_bytes_is_refused(site: Site) -> None:
    """The signature is checked over the raw bytes: one more space, and it does not fit."""
    body = webhooks.body(site.meta, webhooks.message(site.meta, "Berubah"))
    right = signature(site.meta.account.app_secret, body)
    assert await site.knock(body + b" ", {_HEADER: right}) == (401, b"")


async def test_more_than_three_refusals_turn_the_banner_red(site: Site) -> None:
    """Three refused signatures are a passer-by; the fourth within ten minutes is said on top of the inbox."""
    for _ in range(3):
        await site.knock(b"{}", {_HEADER: "sha256=" + "0" * 64})
    await site.catch_up()  # its commit carries what was counted
    assert await site.banners() == []
    await site.knock(b"{}", {})
    await site.until_banner("Meta memakai app secret yang lain: 4 kiriman ditolak.")
    assert len((await site.show("/inbox")).all("div", "danger")) == 1


async def test_the_handshake_gives_the_challenge_back(site: Site) -> None:
    """Meta's handshake with our word is answered with the challenge."""
    assert await site.meta.handshake()


@pytest.mark.parametrize(
    "query",
    [
        {"hub.mode": "subscribe", "hub.verify_token": "another word", "hub.challenge": "1158201444"},
        {"hub.mode": "subscribe", "hub.challenge": "1158201444"},
        {"hub.mode": "unsubscribe", "hub.verify_token": "ours", "hub.challenge": "1158201444"},
        {"hub.mode": "subscribe", "hub.verify_token": "ours"},
        {},
    ],
)
async def test_another_handshake_is_refused(site: Site, query: dict[str, str]) -> None:
    """Another word, another mode or no challenge is answered 403, and the challenge is not repeated."""
    ours = {"hub.verify_token": site.meta.account.verify_token} if query.get("hub.verify_token") == "ours" else {}
    async with (
        aiohttp.ClientSession() as stranger,
        stranger.get(f"{site.url}/webhook", params={**query, **ours}) as answer,
    ):
        assert (answer.status, await answer.read()) == (403, b"")


async def test_four_mebibytes_are_taken_and_one_byte_more_is_not(site: Site) -> None:
    """The largest body is stored and its message filed; a larger one is answered 413 and not stored."""
    body = webhooks.body(site.meta, webhooks.message(site.meta, "Besar sekali"))
    largest = body + b" " * (WEBHOOK_BYTES - len(body))
    assert len(largest) == 4 * 1024 * 1024
    assert await site.knock(largest, _signed(site, largest)) == (200, b"")
    await site.until_filed("Besar sekali")
    stored = await site.office.database.read(newest)
    assert await site.knock(largest + b" ", _signed(site, largest + b" ")) == (413, b"")
    assert await site.office.database.read(newest) == stored


def _signed(site: Site, body: bytes) -> dict[str, str]:
    return {_HEADER: signature(site.meta.account.app_secret, body)}
