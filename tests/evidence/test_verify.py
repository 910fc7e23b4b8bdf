"""The parts of verify.py, each against somebody else's doing of the same."""

import hashlib
import io
import json
import random
import subprocess
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import tamper
from bench.dossiers import tampering
from tests.authority import answer, found
from wabridge.evidence import checkpoint, tree
from wabridge.evidence.verify.__main__ import main
from wabridge.evidence.verify.arithmetic import checkpoint_of, is_continued, is_signed, leads_to, verifier_key
from wabridge.evidence.verify.containers import der_at, files_in_pdf, stamped_at
from wabridge.evidence.verify.words import WORDS, Wrong

NOW = datetime(2026, 11, 26, 12, 0, 3, tzinfo=UTC)
HASHES = [hashlib.sha256(bytes([n])).digest() for n in range(40)]


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511))
@settings(max_examples=25, deadline=None)
def test_signatures_are_judged_as_openssl_judges_them(seed: bytes, message: bytes, bit: int) -> None:
    """A good Ed25519 signature is found good, and with any bit changed it is not."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert is_signed(public, signature, message)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert not is_signed(public, bytes(changed), message)
    assert not is_signed(public, signature, message + b".")


def test_a_signature_is_good_in_one_form_only() -> None:
    """A signature with the group's order added to it, which some readers accept, is none (RFC 8032, 5.1.7)."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature = key.sign(b"x")
    more = int.from_bytes(signature[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    assert not is_signed(key.public_key().public_bytes_raw(), signature[:32] + more.to_bytes(32, "little"), b"x")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 31, 33, 40])
def test_every_leaf_leads_to_its_root_and_to_no_other(size: int) -> None:
    """Each proof of the ledger's tree is accepted for its own leaf, place and size, and for nothing else."""
    subtrees = tree.in_memory(HASHES[:size])
    root = tree.root(size, subtrees)
    for index in range(size):
        path = tree.prove_inclusion(index, size, subtrees)
        assert leads_to(root, index=index, size=size, leaf=HASHES[index], path=path)
        assert not leads_to(root, index=index, size=size, leaf=HASHES[index], path=[*path, HASHES[0]])
        assert not leads_to(root, index=index + 1, size=size, leaf=HASHES[index], path=path)
        assert not leads_to(root, index=index, size=size, leaf=hashlib.sha256(b"?").digest(), path=path)
        assert not path or not leads_to(root, index=index, size=size, leaf=HASHES[index], path=path[:-1])


def test_every_earlier_tree_is_the_beginning_of_a_later_one() -> None:
    """Consistency of all sizes is accepted, and with another root or another way it is not."""
    for new in range(1, 34):
        later = tree.in_memory(HASHES[:new])
        new_root = tree.root(new, later)
        for old in range(1, new + 1):
            old_root, path = tree.root(old, tree.in_memory(HASHES[:old])), tree.prove_consistency(old, new, later)
            assert is_continued(old, new, old_root=old_root, new_root=new_root, path=path)
            assert not is_continued(old, new, old_root=HASHES[39], new_root=new_root, path=path)
            assert not is_continued(old, new, old_root=old_root, new_root=HASHES[39], path=path)
            assert not is_continued(old, new, old_root=old_root, new_root=new_root, path=[*path, HASHES[0]])


def test_a_checkpoint_of_another_key_is_none() -> None:
    """A note is read only with its own key and name, and only as it was signed."""
    seed, other = bytes(32), bytes([1]) * 32
    note = checkpoint.sign(checkpoint.Checkpoint("kantor/x", 7, HASHES[0]), seed).encode()
    key = verifier_key(checkpoint.public_key("kantor/x", seed).text)
    assert checkpoint_of(note, key) == (7, HASHES[0])
    for wrong in (verifier_key(checkpoint.public_key("kantor/x", other).text), ("kantor/y", key[1])):
        with pytest.raises(Wrong):
            checkpoint_of(note, wrong)
    for spot in range(len(note)):
        with pytest.raises(Wrong):
            checkpoint_of(note[:spot] + bytes([note[spot] ^ 2]) + note[spot + 1 :], key)


def test_the_time_of_a_token_is_read_and_its_imprint_compared() -> None:
    """A token over a note gives its time; over another note it is refused."""
    request = subprocess.run(
        ["openssl", "ts", "-query", "-sha256", "-cert"], input=b"note", capture_output=True, check=True
    ).stdout
    token = answer(found(NOW), request, now=NOW)
    assert stamped_at(token, b"note") == "20261126120003Z"
    with pytest.raises(Wrong):
        stamped_at(token, b"another")


@given(st.binary(max_size=60), st.lists(st.integers(0, 3), max_size=4))
def test_odd_der_is_refused_and_never_breaks_the_reader(raw: bytes, path: list[int]) -> None:
    """Any bytes at all are either read or refused."""
    try:
        der_at(raw, *path)
        stamped_at(raw, b"")
    except Wrong:
        return


def test_a_file_in_a_pdf_is_unpacked_only_so_far() -> None:
    """Embedded files are found plain and deflated; what is damaged is found as something else."""
    packed = zlib.compress(b"{}")
    head = b"1 0 obj\n<</Type/EmbeddedFile/Length %d%s>>\nstream\n"
    plain, deflated = head % (2, b"") + b"{}", head % (len(packed), b"/Filter/FlateDecode") + packed
    assert list(files_in_pdf(plain + b"\nendstream " + deflated)) == [b"{}", b"{}"]
    assert list(files_in_pdf(deflated[:-8] + b"xxxxxxxx")) == [b""]
    with pytest.raises(Wrong):
        list(files_in_pdf(plain * 101))


def test_all_that_is_said_is_said_in_both_languages() -> None:
    """Each finding has its words in Indonesian and in English."""
    assert all(all(both) for both in WORDS.values())


def test_whatever_evidence_says_there_is_a_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With anything in the place of anything in evidence.json, signed anew, the check ends with a verdict."""
    dice = random.Random(7)
    folder = tmp_path / "folder"
    zipfile.ZipFile(io.BytesIO(tamper.make(4))).extractall(folder)
    whole = (folder / "evidence.json").read_bytes()
    for _ in range(60):
        said = json.loads(whole)
        _spoil(said, dice)
        (folder / "evidence.json").write_text(json.dumps(said))
        if isinstance(said.get("report"), dict) and "report_id" in said["report"]:
            tampering.sign_anew(folder)
        assert main([str(folder)]) == 1
        assert "GAGAL" in capsys.readouterr().out


def _spoil(said: Any, dice: random.Random) -> None:
    """Put something odd in the place of something."""
    place = said
    while True:
        key = dice.choice(list(place)) if isinstance(place, dict) else dice.randrange(len(place))
        inner = place[key]
        if isinstance(inner, dict | list) and inner and dice.random() < 0.85:
            place = inner
            continue
        place[key] = dice.choice([None, [], {}, -1, 2**70, "", "\ud800", [[]], {"path": 1}, True, 0.5])
        return
