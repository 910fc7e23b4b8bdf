"""Whether a webhook comes from Meta."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wabridge.whatsapp import signature

SECRET = "test_app_secret"
BODY = b'{"object":"whatsapp_business_account","entry":[]}'
DIGEST = "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"


@pytest.mark.parametrize(
    ("body", "digest"),
    [
        (BODY, DIGEST),
        (
            b'{"object": "whatsapp_business_account", "entry": []}',
            "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
        ),
    ],
)
def test_known_signatures_hold(body: bytes, digest: str) -> None:
    """The signatures of the reference are accepted over the raw bytes, spaces included."""
    assert signature.verify(body, f"sha256={digest}", [SECRET]) is not None


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        DIGEST,
        f"sha256={DIGEST.upper()}",
        f"SHA256={DIGEST}",
        f"sha256={DIGEST[:-1]}",
        f"sha256={DIGEST}0",
        f"sha256={DIGEST}\n",
        f" sha256={DIGEST}",
        f"sha256= {DIGEST}",
        f"sha256={DIGEST[:-1]}é",
        f"sha256={'0' * 64}",
        "sha1=fc5983fdf1a4e15c8949b8af05322fede4063d27",
    ],
)
def test_any_other_header_is_refused(header: str | None) -> None:
    """A missing, older, short, long, upper-case or wrong signature proves nothing."""
    assert signature.verify(BODY, header, [SECRET]) is None


def test_one_changed_byte_is_noticed() -> None:
    """A body that was changed on its way is refused."""
    assert signature.verify(BODY + b" ", f"sha256={DIGEST}", [SECRET]) is None


def test_all_secrets_are_tried() -> None:
    """While the secret is being changed, both the old and the new one are good, and the name says which it was."""
    header = f"sha256={DIGEST}"
    assert signature.verify(BODY, header, ["new", SECRET]) == signature.verify(BODY, header, [SECRET, "new"])
    assert signature.verify(BODY, header, ["new", "newer"]) is None
    assert signature.verify(BODY, header, []) is None


def test_an_empty_secret_signs_nothing() -> None:
    """A secret that was left empty lets nobody in."""
    digest = hmac.digest(b"", BODY, hashlib.sha256).hex()
    assert signature.verify(BODY, f"sha256={digest}", [""]) is None


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"), min_size=1))
def test_names_tell_secrets_apart_and_give_none_away(one: str, other: str) -> None:
    """A secret's name is eight hex digits, the same for the same secret and another for another."""
    name = signature.name_secret(one)
    assert len(name) == 8
    assert int(name, 16) >= 0
    assert (name == signature.name_secret(other)) == (one == other)


@given(st.binary(), st.text(st.characters(codec="utf-8"), min_size=1))
def test_what_meta_signs_is_accepted(body: bytes, secret: str) -> None:
    """Any body that is signed with the secret is accepted, whatever its bytes are."""
    header = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    assert signature.verify(body, header, ["another", secret]) == secret
