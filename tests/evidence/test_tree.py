import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wabridge.evidence import tree

# The example of the reference implementation (certificate-transparency, merkle_tree_test): eight leaves, their roots.
LEAVES = [bytes.fromhex(leaf) for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")] + [
    bytes.fromhex("606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [tree.hash_leaf(leaf) for leaf in LEAVES]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference(size: int) -> None:
    """The root over the first leaves of the known example is the known one."""
    assert tree.root(size, tree.in_memory(HASHES)).hex() == ROOTS[size - 1]


def test_the_root_over_nothing_is_the_hash_of_nothing() -> None:
    """An empty tree has a root as well (RFC 6962, 2.1)."""
    assert tree.root(0, tree.in_memory([])) == hashlib.sha256(b"").digest()


def test_a_proof_of_inclusion_is_that_of_the_reference() -> None:
    """The way of the first of eight leaves is the known one."""
    proof = tree.prove_inclusion(0, 8, tree.in_memory(HASHES))
    assert [step.hex() for step in proof] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_a_proof_of_consistency_is_that_of_the_reference() -> None:
    """What leads from six leaves to eight is the known list."""
    proof = tree.prove_consistency(6, 8, tree.in_memory(HASHES))
    assert [step.hex() for step in proof] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.integers(1, 300), st.data())
def test_every_leaf_is_provable_and_no_other(size: int, data: st.DataObject) -> None:
    """A proof leads to the root for its own leaf, place and size, and for nothing else."""
    hashes = [tree.hash_leaf(str(n).encode()) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    subtrees = tree.in_memory(hashes)
    proof, root = tree.prove_inclusion(index, size, subtrees), tree.root(size, subtrees)
    assert tree.is_included(hashes[index], index=index, size=size, proof=proof, root=root)
    other = tree.hash_leaf(b"other")
    assert not tree.is_included(other, index=index, size=size, proof=proof, root=root)
    assert not tree.is_included(hashes[index], index=index, size=size, proof=[*proof, other], root=root)
    if proof:
        changed = [*proof]
        step = data.draw(st.integers(0, len(proof) - 1))
        changed[step] = other
        assert not tree.is_included(hashes[index], index=index, size=size, proof=changed, root=root)
        assert not tree.is_included(hashes[index], index=index, size=size, proof=proof[:-1], root=root)
    if size > 1:
        elsewhere = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
        assert not tree.is_included(hashes[index], index=elsewhere, size=size, proof=proof, root=root)


@given(st.integers(0, 300), st.integers(0, 300), st.data())
def test_a_tree_is_provably_the_beginning_of_a_later_one(one: int, two: int, data: st.DataObject) -> None:
    """A proof of consistency holds between the two trees, and for no other earlier one."""
    old, new = min(one, two), max(one, two)
    hashes = [tree.hash_leaf(str(n).encode()) for n in range(new)]
    subtrees = tree.in_memory(hashes)
    proof = tree.prove_consistency(old, new, subtrees)
    old_root, new_root = tree.root(old, subtrees), tree.root(new, subtrees)
    assert tree.is_consistent(old, new, proof=proof, old_root=old_root, new_root=new_root)
    if old:
        forged = [*hashes]
        forged[data.draw(st.integers(0, old - 1))] = tree.hash_leaf(b"forged")
        forged_root = tree.root(old, tree.in_memory(forged))
        assert not tree.is_consistent(old, new, proof=proof, old_root=forged_root, new_root=new_root)


def test_no_proof_is_made_of_what_is_not_there() -> None:
    """A leaf behind the end and a later tree that is smaller are refused."""
    with pytest.raises(ValueError, match="not in the tree"):
        tree.prove_inclusion(8, 8, tree.in_memory(HASHES))
    with pytest.raises(ValueError, match="smaller"):
        tree.prove_consistency(8, 7, tree.in_memory(HASHES))
    assert not tree.is_included(HASHES[0], index=8, size=8, proof=[], root=bytes(32))
    assert not tree.is_consistent(3, 8, proof=[], old_root=bytes(32), new_root=bytes(32))


@given(st.integers(0, 300))
def test_a_tree_that_grows_leaf_by_leaf_has_the_same_roots(size: int) -> None:
    """Keeping only the roots of complete parts loses nothing."""
    frontier, hashes = tree.Frontier(), [tree.hash_leaf(str(n).encode()) for n in range(size)]
    for hashed in hashes:
        frontier.add(hashed)
    assert (frontier.size, frontier.root) == (size, tree.root(size, tree.in_memory(hashes)))
