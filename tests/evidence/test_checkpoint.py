import pytest
from hypothesis import given
from hypothesis import strategies as st

from wabridge.evidence import checkpoint
from wabridge.evidence.checkpoint import Checkpoint

SEED = bytes(range(32))
HEAD = Checkpoint("wabridge/0011223344556677", 109482, bytes(range(32, 64)))
KEY = checkpoint.public_key(HEAD.origin, SEED)
NOTE = checkpoint.sign(HEAD, SEED)


def test_a_verifier_key_is_read_as_the_standard_writes_it() -> None:
    """The example key of the reference implementation (golang.org/x/mod/sumdb/note) is understood, id included."""
    key = checkpoint.parse_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert checkpoint.is_signed_by(note, key)
    assert not checkpoint.is_signed_by(note.replace("think", "thank"), key)


def test_a_checkpoint_says_what_was_signed() -> None:
    """Origin, size and root come back; the signature is good for its key alone."""
    assert checkpoint.parse(NOTE) == HEAD
    assert checkpoint.is_signed_by(NOTE, KEY)
    assert not checkpoint.is_signed_by(NOTE, checkpoint.public_key(HEAD.origin, bytes(32)))
    assert checkpoint.parse_key(KEY.text) == KEY


@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_a_changed_note_is_not_signed(place: int, letter: str) -> None:
    """One other character anywhere, and the signature is not good or the note says the same."""
    changed = NOTE[:place] + letter + NOTE[place + 1 :]
    assert changed == NOTE or not checkpoint.is_signed_by(changed, KEY)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "a\n1\n",
        NOTE.replace("\n109482\n", "\n0109482\n"),
        NOTE.replace("\n109482\n", "\n-1\n"),
        NOTE.replace("\n109482\n", "\n\n"),
        NOTE.removesuffix("\n"),
        NOTE.replace("— ", "- "),
        "wabridge/x\n1\nAAAA\n\n— wabridge/x AAAAAAAA\n",
        "wabridge/x\n1\n?\n\n— wabridge/x AAAAAAAA\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    """Leading zeros, other dashes, short roots and missing ends are no checkpoint."""
    with pytest.raises(ValueError, match="not"):
        checkpoint.parse(note)


@pytest.mark.parametrize("text", ["", "a+b", "a+00000000+AAAA", KEY.text.replace("+", "-", 1), f"x{KEY.text}"])
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    """A key whose id is not its own is no key."""
    with pytest.raises(ValueError, match="not"):
        checkpoint.parse_key(text)


def test_a_proof_comes_back_as_it_was_written() -> None:
    """Index, hashes and note survive; a line of extra is passed over."""
    hashes = (bytes(32), bytes(range(32)))
    text = checkpoint.build_proof(7, hashes, NOTE)
    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 7\n")
    assert checkpoint.parse_proof(text) == (7, hashes, NOTE)
    assert checkpoint.parse_proof(text.replace("\nindex", "\nextra AA==\nindex")) == (7, hashes, NOTE)
    assert checkpoint.parse_proof(checkpoint.build_proof(0, (), NOTE)) == (0, (), NOTE)


@pytest.mark.parametrize("text", ["", "c2sp.org/tlog-proof@v2\nindex 1\n\n", "c2sp.org/tlog-proof@v1\nindex x\n\n"])
def test_what_is_no_proof_is_refused(text: str) -> None:
    """Another version and an index that is no number are refused, and so is a hash that is too short."""
    with pytest.raises(ValueError, match="not a proof"):
        checkpoint.parse_proof(text)
    with pytest.raises(ValueError, match="not a proof"):
        checkpoint.parse_proof(f"c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\n{NOTE}")


def test_a_fingerprint_is_read_aloud_in_groups() -> None:
    """Sixteen groups of four digits: what an engagement letter prints."""
    assert [len(group) for group in KEY.fingerprint.split()] == [4] * 16
