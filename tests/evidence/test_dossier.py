"""What a bundle says, before it is written."""

import base64
import hashlib

from bench.dossiers import texts
from bench.dossiers.invented import invent
from wabridge.evidence import commitment, dossier, tree


def test_the_same_dossier_always_gives_the_same_bytes() -> None:
    """evidence.json is the same, byte for byte, whenever it is made from the same dossier."""
    first, second = invent(30), invent(30)
    assert dossier.encode(first.dossier) == dossier.encode(second.dossier)


def test_nothing_that_was_written_changes_on_its_way() -> None:
    """Every script, control character and override stands in evidence.json as it was written."""
    whole = invent(80).dossier
    again = dossier.decode(dossier.encode(whole))
    assert again.messages == whole.messages
    assert {m.text for m in again.messages} >= {texts.IN[4], texts.IN[5], texts.IN[6]}


def test_proofs_are_no_part_of_evidence_json() -> None:
    """Leaves, salts and proofs lie in files of their own, so that evidence.json can be given to others without them."""
    whole = invent(10).dossier
    again = dossier.decode(dossier.encode(whole))
    assert (again.checkpoint, again.openings, again.leaves, again.consistency) == ("", (), (), ())


def test_an_invented_dossier_is_a_true_one() -> None:
    """The invented dossier that others are tested with holds together: files, commitments and proofs."""
    invented = invent(30)
    whole = invented.dossier
    leaves = {leaf.index: commitment.parse(leaf.line) for leaf in whole.leaves}
    for file in whole.files:
        assert hashlib.sha256(invented.files[file.path]).hexdigest() == file.sha256
    for opening in whole.openings:
        if opening.path:
            digest = commitment.digest(invented.files[opening.path])
            committed = commitment.commit(base64.b64decode(opening.salt), digest)
            assert leaves[opening.leaf].commitments[opening.part] == committed
    root = base64.b64decode(whole.ledger.root)
    for leaf in whole.leaves:
        hashed = tree.hash_leaf(leaf.line)
        assert tree.is_included(hashed, index=leaf.index, size=whole.ledger.size, proof=leaf.path, root=root)
