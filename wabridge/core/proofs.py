"""The ledger's side of a bundle: which leaves it holds, how they lead to the signed head, what lies outside."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from cryptography import x509

from wabridge.core.exhibits import Plan
from wabridge.core.papers import Papers, Shown
from wabridge.core.scopes import Contents
from wabridge.evidence import checkpoint, commitment, timestamp, tree
from wabridge.evidence.checkpoint import PublicKey
from wabridge.evidence.dossier import Anchor, Consistency, EarlierKey, Leaf, Ledger, Thread
from wabridge.model.ids import ConversationId
from wabridge.storage import anchors, checkpoints, exhibits, trees
from wabridge.storage.anchors import Kept
from wabridge.storage.checkpoints import Head, SigningKey
from wabridge.storage.database import Transaction

OUTSIDE = "outside_scope"


def read_runs(tx: Transaction, papers: Papers, contents: Contents, plan: Plan, *, size: int) -> tuple[Thread, ...]:
    """Put every leaf between the first and the last shown one of each conversation into the bundle."""
    threads: list[Thread] = []
    for conversation_id in contents.runs:
        own = sorted(
            leaf.number
            for leaf in papers.leaves.values()
            if leaf.conversation_id == conversation_id and leaf.number is not None
        )
        if not own:
            continue
        last = exhibits.find_last_number(tx, conversation_id, size=size)
        for leaf in exhibits.list_run(tx, conversation_id, first=own[0], last=own[-1], size=size):
            if leaf.position not in papers.leaves:
                papers.prove(leaf, {part: Shown(withheld=OUTSIDE) for part in leaf.commitments})
        threads.append(
            Thread(
                conversation=exhibits.find_thread(tx, conversation_id) or "",
                person=_person(tx, conversation_id, plan),
                first=own[0],
                last=own[-1],
                is_whole=own[0] == 1 and own[-1] == last,
            )
        )
    return tuple(threads)


class Outside(NamedTuple):
    """What lies outside. anchors: with their files in the bundle; since: from this leaf on nothing does."""

    anchors: tuple[Anchor, ...]
    since: int


def read_anchors(tx: Transaction, papers: Papers, head: Head, roots: Sequence[x509.Certificate]) -> Outside:
    """Put into the bundle what lies outside: at each place the first anchor over all of it, else the newest one.

    What was signed by a key that did not hand over to the one that signs now cannot be checked, and is left out.
    roots: what authorities' certificates lead to, for those whose own root did not come with their answer.
    """
    last, keys = max(papers.leaves, default=0), [each.public for each in _keys(tx, head)]
    kept_so = [*anchors.list_kept_newest(tx), *anchors.list_covering(tx, last)]
    found = {kept.anchor.place: kept for kept in kept_so if _is_signed(kept.note.decode(), keys)}
    shown = tuple(_anchor(papers, kept, number, roots) for number, kept in enumerate(found.values(), 1))
    return Outside(shown, max((each.size for each in shown), default=0))


def _anchor(papers: Papers, kept: Kept, number: int, roots: Sequence[x509.Certificate]) -> Anchor:
    """Return an anchor as the bundle tells it, with the certificates that `openssl ts -verify` asks for."""
    point, place, name = checkpoint.parse(kept.note.decode()), kept.anchor.place, f"anchors/{number}"
    is_token = place.kind == "timestamp"
    note = papers.add(f"{name}.note", kept.note, "anchored_checkpoint")
    token = papers.add(f"{name}.tsr", kept.answer, "time_stamp") if is_token else ""
    query = papers.add(f"{name}.tsq", kept.request, "time_stamp_query") if is_token else ""
    certificates = timestamp.chain(kept.answer, roots) if is_token else b""
    chain = papers.add(f"{name}-chain.pem", certificates, "time_stamp_chain") if is_token else ""
    mail = "" if is_token else papers.add(f"{name}.eml", kept.request, "anchored_mail")
    made_at = kept.anchor.made_at
    assert made_at is not None, "what is kept was made"
    return Anchor(
        kind="rfc3161" if is_token else "email",
        by=kept.anchor.authority or place.address,
        size=kept.size,
        root=commitment.encode(point.root),
        t_anchored=kept.anchor.stated_at or made_at,
        checkpoint_path=note,
        token_path=token,
        query_path=query,
        chain_path=chain,
        mail_path=mail,
    )


def build_ledger(tx: Transaction, head: Head, threads: Iterable[Thread], outside: Outside) -> Ledger:
    """Return the state of the ledger that the proofs lead to."""
    key = checkpoints.signer(tx, head)
    return Ledger(
        origin=key.name,
        size=head.size,
        root=commitment.encode(head.root),
        public_key=key.text,
        key_fingerprint=key.fingerprint,
        earlier_keys=tuple(_earlier(old, new) for old, new in pairwise(_keys(tx, head))),
        anchors=outside.anchors,
        threads=tuple(threads),
        not_anchored_since=outside.since if outside.since < head.size else None,
    )


def prove_leaves(tx: Transaction, papers: Papers, *, size: int) -> tuple[Leaf, ...]:
    """Return the leaves of the bundle by index, each with its way to the root."""
    subtrees = trees.remembered(tx)
    return tuple(
        Leaf(index=position, line=leaf.text, path=tuple(tree.prove_inclusion(position, size, subtrees)))
        for position, leaf in sorted(papers.leaves.items())
    )


def prove_anchors(tx: Transaction, outside: Outside, head: Head) -> tuple[Consistency, ...]:
    """Return how the anchored states and this one lead to each other; an anchor may be made while this is gathered."""
    subtrees = trees.remembered(tx)
    pairs = {(min(each.size, head.size), max(each.size, head.size)) for each in outside.anchors}
    return tuple(
        Consistency(old_size=old, new_size=new, path=tuple(tree.prove_consistency(old, new, subtrees)))
        for old, new in sorted(pairs)
        if 0 < old < new
    )


def _keys(tx: Transaction, head: Head) -> list[SigningKey]:
    """Return the keys that handed over to each other, up to the one that signed a checkpoint."""
    keys, newest = checkpoints.list_keys(tx), checkpoints.signer(tx, head)
    keys = keys[: 1 + next(number for number, each in enumerate(keys) if each.public == newest)]
    first = max((n for n, pair in enumerate(pairwise(keys), 1) if not checkpoints.is_handed_over(*pair)), default=0)
    return keys[first:]


def _is_signed(note: str, keys: Iterable[PublicKey]) -> bool:
    return any(checkpoint.is_signed_by(note, key) for key in keys)


def _earlier(old: SigningKey, new: SigningKey) -> EarlierKey:
    assert new.signature is not None, "the old key handed over"
    return EarlierKey(
        public_key=old.public.text,
        fingerprint=old.public.fingerprint,
        until=new.since,
        signature=commitment.encode(new.signature),
    )


def _person(tx: Transaction, conversation_id: ConversationId, plan: Plan) -> str:
    found = exhibits.find_contact(tx, conversation_id)
    return plan.persons.get(found or 0, "")
