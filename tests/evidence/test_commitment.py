import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wabridge.evidence import commitment
from wabridge.evidence.commitment import Leaf, Place

LEAF = Leaf(
    position=7,
    at="2026-03-02T05:00:00.000001Z",
    boot_id="boot",
    monotonic_ns=9,
    kind="wa.inbound",
    commitments={"row": bytes(32), "body": bytes(range(32))},
    place=Place("5f", 3, bytes(32)),
)


def test_a_leaf_is_one_line_in_a_fixed_order() -> None:
    """The bytes of a leaf are those that docs/ledger.md describes."""
    assert commitment.build(LEAF) == (
        b'{"v":1,"i":7,"t":"2026-03-02T05:00:00.000001Z","boot":"boot","mono":9,"type":"wa.inbound",'
        b'"conv":"5f","cseq":3,"cprev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",'
        b'"d":{"row":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",'
        b'"body":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}}'
    )


def test_a_leaf_without_a_conversation_has_no_place() -> None:
    """What belongs to nobody's conversation carries no counter; a note and a mark come last."""
    leaf = LEAF._replace(place=None, note={"ntp": "unknown", "refused": 0}, is_backfilled=True, commitments={})
    said = json.loads(commitment.build(leaf))
    assert [*said] == ["v", "i", "t", "boot", "mono", "type", "d", "note", "backfilled"]
    assert commitment.parse(commitment.build(leaf)) == leaf


def test_a_leaf_is_read_as_it_was_written() -> None:
    """Parsing gives back what was built, the first leaf of a conversation as well."""
    first = LEAF._replace(place=Place("5f", 1, None))
    assert [commitment.parse(commitment.build(leaf)) for leaf in (LEAF, first)] == [LEAF, first]


@pytest.mark.parametrize("leaf", [b"", b"{}", b"[]", b'{"v":2}', commitment.build(LEAF).replace(b'"d"', b'"e"')])
def test_what_is_no_leaf_is_refused(leaf: bytes) -> None:
    """Other JSON and other versions are no leaf."""
    with pytest.raises(ValueError, match=r"\w"):
        commitment.parse(leaf)


@given(st.binary(), st.binary(), st.binary(min_size=32, max_size=32))
def test_a_commitment_holds_for_its_bytes_alone(part: bytes, other: bytes, secret: bytes) -> None:
    """Other bytes, another part or another secret give another commitment."""
    salt = commitment.salt(secret, "row")
    made = commitment.commit(salt, commitment.digest(part))
    assert made == commitment.commit(salt, commitment.digest(part))
    assert (made == commitment.commit(salt, commitment.digest(other))) == (part == other)
    assert made != commitment.commit(commitment.salt(secret, "body"), commitment.digest(part))
    assert made != commitment.commit(commitment.salt(bytes(31) + b"x", "row"), commitment.digest(part)) or (
        secret == bytes(31) + b"x"
    )


_VALUES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(codec="utf-8"))


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), _VALUES))
def test_a_line_is_what_pythons_own_json_writes(said: dict[str, object]) -> None:
    """Whatever a row holds, its line has the bytes that a stranger with nothing but Python gets."""
    plain = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    assert commitment.line(said) == plain.encode("utf-8")
