"""What a timestamp token proves, and what it does not."""

from datetime import timedelta

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests import authority
from tests.clocks import NOON
from wabridge.errors import NotAnchored
from wabridge.evidence import timestamp

NOTE = "kantor.example/ledger\n12\nAAAA\n\n— kantor.example/ledger c2lnbmF0dXJl\n".encode()
GOOD = authority.found(NOON)
OTHER = authority.found(NOON, name="Other Time")


def why(answer: bytes, *, note: bytes = NOTE, nonce: int | None = None, is_strict: bool = True) -> str:
    """Return why an answer proves nothing."""
    with pytest.raises(NotAnchored) as refused:
        timestamp.check(answer, note, roots=[GOOD.root], nonce=nonce, is_strict=is_strict)
    return refused.value.reason


def test_a_good_token_says_when_and_who() -> None:
    """Time and name are the authority's own; the certificate leads to the root that was chosen."""
    question = timestamp.ask(NOTE)
    answer = authority.answer(GOOD, question.request, now=NOON)
    token = timestamp.check(answer, NOTE, roots=[GOOD.root], nonce=question.nonce)
    assert token == (NOON, "Pretend Time", True)
    assert {*timestamp.read_roots(timestamp.chain(answer))} == {GOOD.certificate, GOOD.root}


def test_two_questions_are_never_alike() -> None:
    """Each request has a nonce of its own, so that no old answer fits."""
    assert timestamp.ask(NOTE).nonce != timestamp.ask(NOTE).nonce


def test_a_token_of_something_else_proves_nothing() -> None:
    """Another imprint, another nonce, or one byte more in the checkpoint, and the token is refused."""
    question = timestamp.ask(NOTE)
    wrong = authority.answer(GOOD, question.request, now=NOON, imprint=bytes(32))
    assert why(wrong) == "wrong_imprint"
    good = authority.answer(GOOD, question.request, now=NOON)
    assert why(good, note=NOTE + b"\n") == "wrong_imprint"
    assert why(good, nonce=question.nonce + 1) == "wrong_nonce"
    replayed = authority.answer(GOOD, question.request, now=NOON, nonce=5)
    assert why(replayed, nonce=question.nonce) == "wrong_nonce"


def test_a_token_that_was_tampered_with_is_refused() -> None:
    """A signature that is not good is refused, whoever is trusted."""
    answer = authority.answer(GOOD, timestamp.ask(NOTE).request, now=NOON, spoil_signature=True)
    assert why(answer) == "bad_signature"
    assert why(answer, is_strict=False) == "bad_signature"


def test_any_changed_byte_of_a_token_is_noticed() -> None:
    """No single changed byte leaves a token that proves another time; most are refused outright."""
    answer = authority.answer(GOOD, timestamp.ask(NOTE).request, now=NOON)
    for place in range(0, len(answer), 7):
        changed = bytearray(answer)
        changed[place] ^= 1
        try:
            token = timestamp.check(bytes(changed), NOTE, roots=[GOOD.root])
        except NotAnchored:
            continue
        assert (token.at, token.authority) == (NOON, "Pretend Time"), place


def test_certificates_count_at_the_time_that_the_token_states() -> None:
    """A certificate that had expired when it signed is refused; one that expires later stays good."""
    brief = authority.found(NOON, days=2)
    request = timestamp.ask(NOTE).request
    token = timestamp.check(authority.answer(brief, request, now=NOON), NOTE, roots=[brief.root])
    assert token.is_trusted
    late = authority.answer(brief, request, now=NOON + timedelta(days=3))
    with pytest.raises(NotAnchored, match="expired"):
        timestamp.check(late, NOTE, roots=[brief.root])


def test_a_certificate_for_something_else_signs_no_time() -> None:
    """A certificate that is not made for timestamping is refused, even below the right root."""
    server = authority.found(NOON, purpose=ExtendedKeyUsageOID.SERVER_AUTH)
    answer = authority.answer(server, timestamp.ask(NOTE).request, now=NOON)
    with pytest.raises(NotAnchored):
        timestamp.check(answer, NOTE, roots=[server.root])


def test_a_stranger_is_not_trusted_and_it_is_said() -> None:
    """A token below another root is refused where roots were chosen, and marked where none was."""
    answer = authority.answer(OTHER, timestamp.ask(NOTE).request, now=NOON)
    assert why(answer) == "untrusted"
    token = timestamp.check(answer, NOTE, roots=[GOOD.root], is_strict=False)
    assert (token.authority, token.is_trusted) == ("Other Time", False)


def test_a_certificate_that_nobody_can_read_is_no_token() -> None:
    """Whatever a stranger's certificate does to its reader, it is called no token and nothing else happens."""
    answer = authority.answer(GOOD, timestamp.ask(NOTE).request, now=NOON)
    version = bytes.fromhex("a003020102")
    assert answer.count(version) == len((GOOD.certificate, GOOD.root))
    assert why(answer.replace(version, bytes.fromhex("a003020151"))) == "not_a_token"


@pytest.mark.parametrize("junk", [b"", b"<html>", b"\x30", b"\x30\x03\x30\x01\x00", bytes(500)])
def test_junk_is_no_token(junk: bytes) -> None:
    """Whatever is no answer of RFC 3161 is called that."""
    assert why(junk) == "not_a_token"


def test_a_refusal_is_told_from_junk() -> None:
    """An authority that says no is recorded as saying no."""
    assert why(authority.refuse()) == "refused"


def test_a_token_cut_short_is_none() -> None:
    """A token that ends early, or goes on, is none."""
    answer = authority.answer(GOOD, timestamp.ask(NOTE).request, now=NOON)
    assert why(answer[:-1]) == "not_a_token"
    assert why(answer + b"\0") == "not_a_token"
