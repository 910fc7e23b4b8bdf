"""Each thing that is checked in a bundle: files, manifest, checkpoint, leaves, commitments, threads, facts, anchors."""

import email
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from wabridge.evidence.verify.arithmetic import (
    checkpoint_of,
    fingerprint,
    is_continued,
    is_signed,
    key_id,
    leads_to,
    note_lines,
    unbase64,
    verifier_key,
)
from wabridge.evidence.verify.containers import files_in_pdf, stamped_at
from wabridge.evidence.verify.places import MOST, Bundle
from wabridge.evidence.verify.words import Findings, Wrong

MANIFEST, SIGNATURE = "MANIFEST.sha256", "MANIFEST.sha256.sig"
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")


def parsed(text: str) -> Any:
    """Return what JSON says, if no key comes twice in it."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in found}) != len(found):
            raise Wrong("form")
        return dict(found)

    try:
        return json.loads(text, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        raise Wrong("form") from None


def lines_of(bundle: Bundle, name: str) -> list[str]:
    """Return the lines of a text file that ends with a newline."""
    text = bundle.text(name)
    if text and not text.endswith("\n"):
        raise Wrong("form", name)
    return text.split("\n")[:-1]


def load(bundle: Bundle) -> None:
    """Read what everything else is held against: evidence.json, and the key that it names."""
    said = parsed(bundle.text("evidence.json"))
    if not isinstance(said, dict) or said.get("format") != "wabridge-evidence/1":
        raise Wrong("form", "evidence.json")
    bundle.evidence = said
    for file in said["files"]:
        bundle.items[file["path"]] = file.get("item") or file["path"]
    for item in (*said["notices"], *said["messages"]):
        ref = item.get("ref") or item["notice_id"]
        bundle.refs.add(ref)
        bundle.items.update((leaf, ref) for leaf in item.get("leaves", []))
    if lines_of(bundle, "certs/ledger.pub") != [said["ledger"]["public_key"]]:
        raise Wrong("key", "certs/ledger.pub")
    follower = said["ledger"]["public_key"]
    bundle.key = verifier_key(follower)
    bundle.keys = [bundle.key]
    earlier_keys = said["ledger"].get("earlier_keys", [])
    for earlier in reversed(earlier_keys):
        key = verifier_key(earlier["public_key"])
        handed_over = f"wabridge ledger key\n{follower}\n".encode()
        if key[0] != bundle.key[0] or not is_signed(key[1], unbase64(earlier["signature"]), handed_over):
            raise Wrong("handover", key[0])
        bundle.keys.append(key)
        follower = earlier["public_key"]
    printed = [said["ledger"]["key_fingerprint"], *(each["fingerprint"] for each in reversed(earlier_keys))]
    for text, (_, known) in zip(printed, bundle.keys, strict=True):
        if text != fingerprint(known):
            raise Wrong("key", text)


def check_files(bundle: Bundle, findings: Findings) -> None:
    """Every file is the one that the manifest names, and there is no other."""
    listed: dict[str, str] = {}
    for line in lines_of(bundle, MANIFEST):
        digest, gap, name = line.partition("  ")
        if not gap or not re.fullmatch("[0-9a-f]{64}", digest) or not NAME.fullmatch(name) or name in listed:
            raise Wrong("manifest", line)
        listed[name] = digest
    if list(listed) != sorted(listed):
        raise Wrong("manifest", "A-Z")
    for name, trouble in bundle.trouble:
        findings.bad(bundle.item(name), trouble, name)
    for name in sorted(set(bundle.places) - set(listed) - {MANIFEST, SIGNATURE}):
        findings.bad(bundle.item(name), "extra", name)
    for name, digest in listed.items():
        if name not in bundle.places:
            findings.bad(bundle.item(name), "missing", name)
            continue
        hashed = hashlib.sha256()
        for piece in bundle.pieces(name):
            hashed.update(piece)
        bundle.digests[name] = hashed.digest()
        if hashed.hexdigest() != digest:
            findings.bad(bundle.item(name), "changed", name)
    findings.good(MANIFEST, f"{len(listed)}")


def check_manifest(bundle: Bundle, findings: Findings) -> None:
    """The manifest is signed by the ledger's key for this report."""
    name, key = bundle.key
    lines = note_lines(bundle.read(SIGNATURE), (f"{name}/manifest", key))
    report = bundle.evidence["report"]["report_id"]
    if lines != [f"{name}/manifest", report, hashlib.sha256(bundle.read(MANIFEST)).hexdigest()]:
        raise Wrong("signature", MANIFEST)
    findings.good(SIGNATURE)


def check_checkpoint(bundle: Bundle, findings: Findings) -> None:
    """The checkpoint is signed, and is the one that the report prints."""
    ledger = bundle.evidence["ledger"]
    bundle.note = bundle.read("checkpoint.note")
    size, root = checkpoint_of(bundle.note, bundle.key)
    if (size, root) != (ledger["size"], unbase64(ledger["root"])):
        raise Wrong("fact", "checkpoint.note")
    findings.good("checkpoint.note", f"{size}")


def check_leaves(bundle: Bundle, findings: Findings) -> None:
    """Each leaf lies under the checkpoint's root."""
    ledger = bundle.evidence["ledger"]
    root, before = unbase64(ledger["root"]), -1
    for line in lines_of(bundle, "ledger/leaves.ndjson"):
        leaf = parsed(line)
        index = leaf.get("i") if isinstance(leaf, dict) else None
        if not isinstance(index, int) or index <= before:
            raise Wrong("order", f"ledger/leaves.ndjson {index}")
        before = index
        bundle.leaves[index] = leaf
        bundle.hashes[index] = hashlib.sha256(b"\0" + line.encode()).digest()
    for index, hashed in bundle.hashes.items():
        item, name = bundle.item(index), f"proofs/{index}.tlog-proof"
        try:
            path = proof_path(bundle.read(name), index, bundle.note)
            if not leads_to(root, index=index, size=ledger["size"], leaf=hashed, path=path):
                raise Wrong("proof", name)
        except Wrong as wrong:
            findings.bad(item, wrong.key, wrong.about or name)
    findings.good("ledger/leaves.ndjson", f"{len(bundle.leaves)}")


def proof_path(proof: bytes, index: int, note: bytes) -> list[bytes]:
    """Return the hashes of a tlog-proof for a leaf, up to the bundle's own checkpoint."""
    head, gap, rest = proof.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    if lines[:2] != ["c2sp.org/tlog-proof@v1", f"index {index}"] or not gap or rest != note:
        raise Wrong("proof")
    return [unbase64(line) for line in lines[2:]]


def check_commitments(bundle: Bundle, findings: Findings) -> None:
    """Each commitment of a leaf is opened by its bytes and salt, or said to be withheld."""
    opened: set[tuple[int, str]] = set()
    withheld = 0
    for line in lines_of(bundle, "ledger/openings.ndjson"):
        said = parsed(line)
        where = (said["leaf"], said["part"])
        committed = bundle.leaves.get(where[0], {}).get("d", {}).get(where[1])
        item = said.get("item") or f"leaf {where[0]}"
        if committed is None or where in opened:
            findings.bad(item, "unknown", where)
        elif "path" not in said:
            withheld += 1
            if not said.get("withheld"):
                findings.bad(item, "unopened", where)
        elif said["path"] not in bundle.digests:
            findings.bad(item, "missing", said["path"])
        elif hashlib.sha256(unbase64(said["salt"]) + bundle.digests[said["path"]]).digest() != unbase64(committed):
            findings.bad(item, "commitment", said["path"])
        opened.add(where)
        if said.get("item") and said["item"] not in bundle.refs:
            findings.bad(item, "unclaimed", where)
    for index, leaf in bundle.leaves.items():
        for part in leaf["d"]:
            if (index, part) not in opened:
                findings.bad(bundle.item(index), "unopened", (index, part))
    findings.good("ledger/openings.ndjson", f"{len(opened)}, {findings.word('withheld')}: {withheld}")


def check_threads(bundle: Bundle, findings: Findings) -> None:
    """A conversation's leaves follow each other without a hole, each linked to the one before."""
    for thread in bundle.evidence["ledger"].get("threads", []):
        mine = {
            leaf["cseq"]: index for index, leaf in bundle.leaves.items() if leaf.get("conv") == thread["conversation"]
        }
        title = f"{thread['person']}: {thread['first']}-{thread['last']}"
        before = None
        for number in range(thread["first"], thread["last"] + 1):
            index = mine.pop(number, None)
            if index is None:
                findings.bad(title, "hole", number)
                before = None
                continue
            link = unbase64(bundle.leaves[index]["cprev"]) if bundle.leaves[index]["cprev"] else b""
            if (before is not None and link != bundle.hashes[before]) or (number == 1 and link):
                findings.bad(bundle.item(index), "link", index)
            before = index
        if title not in findings.failed:
            findings.good(title)


def check_items(bundle: Bundle, findings: Findings) -> None:
    """Each message says what its raw bytes say, and everything that it points to is there."""
    for item in (*bundle.evidence["messages"], *bundle.evidence["notices"]):
        ref = item.get("ref") or item["notice_id"]
        for key, value in leaves_and_paths(item):
            if key.endswith("path") and value not in bundle.digests:
                findings.bad(ref, "missing", value)
            if key in ("leaf", "leaves") and value not in bundle.leaves:
                findings.bad(ref, "unknown", f"leaf {value}")
        for event in item.get("events", []):
            for fault in contradictions(bundle, event):
                findings.bad(ref, "fact", fault)
        for key, path in (("sha256", "path"), ("request_sha256", "request_path"), ("content_sha256", "raw_path")):
            for part in (item, *item.get("attachments", []), *item.get("submissions", [])):
                digest = bundle.digests.get(part.get(path, ""))
                if digest is not None and key in part and part[key] != digest.hex():
                    findings.bad(ref, "fact", part[path])
        if ref not in findings.failed:
            findings.good(ref)


def leaves_and_paths(item: Any) -> Iterator[tuple[str, Any]]:
    """Yield each leaf and each path that an item points to."""
    if isinstance(item, dict):
        for key, value in item.items():
            if isinstance(value, str | int) and value != "":
                yield key, value
            elif key == "leaves":
                yield from ((key, each) for each in value)
            else:
                yield from leaves_and_paths(value)
    elif isinstance(item, list):
        for each in item:
            yield from leaves_and_paths(each)


def contradictions(bundle: Bundle, event: dict[str, Any]) -> Iterator[str]:
    """Yield what an event says otherwise than the item of the webhook that it came by."""
    name = event.get("raw_path", "")
    if event.get("source") != "meta_webhook" or name not in bundle.places or bundle.places[name][1] > MOST:
        return
    try:
        said = parsed(bundle.text(name))
    except Wrong:
        return  # what came need not be JSON; it is shown as it came
    if not isinstance(said, dict):
        return
    stated = said.get("timestamp")
    if isinstance(stated, str) and stated.isdigit() and "t_meta" in event and int(stated) != event["t_meta"]:
        yield f"{name}: {stated}"
    if isinstance(said.get("status"), str):
        if event["event"] not in ("other", said["status"]):
            yield f"{name}: {said['status']}"
        if isinstance(said.get("id"), str) and event.get("wamid") not in (None, said["id"]):
            yield f"{name}: {said['id']}"


def check_anchors(bundle: Bundle, findings: Findings) -> None:
    """Each anchored state is the beginning of this ledger, and its token or mail is about it."""
    ledger = bundle.evidence["ledger"]
    ways = dict(consistency(lines_of(bundle, "ledger/consistency.txt")))
    for number, anchor in enumerate(ledger.get("anchors", []), start=1):
        item, notes = f"anchor {number} {anchor['by']}", []
        try:
            size, root = anchor["size"], unbase64(anchor["root"])
            if "checkpoint_path" in anchor:
                note = bundle.read(anchor["checkpoint_path"])
                if checkpoint_of(note, signer(note, bundle.keys)) != (size, root):
                    raise Wrong("anchor", anchor["checkpoint_path"])
                if "token_path" in anchor:
                    notes += [stamped_at(bundle.read(anchor["token_path"]), note), findings.word("chain")]
                if "mail_path" in anchor and anchor["root"] not in mail_text(bundle.read(anchor["mail_path"])):
                    raise Wrong("anchor", anchor["mail_path"])
            older, newer = sorted([(size, root), (ledger["size"], unbase64(ledger["root"]))])
            path = ways.get((older[0], newer[0]), [])
            if not is_continued(older[0], newer[0], old_root=older[1], new_root=newer[1], path=path):
                raise Wrong("anchor", size)
            findings.good(item, ", ".join(notes))
        except Wrong as wrong:
            findings.bad(item, wrong.key, wrong.about)


def signer(note: bytes, keys: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Return that of the ledger's keys which a note names, the present one if it names none of them."""
    raw = unbase64(note.decode("utf-8", "replace").rpartition(" ")[2].strip())
    return next((key for key in keys if key_id(*key) == raw[:4]), keys[0])


def consistency(lines: Iterable[str]) -> Iterator[tuple[tuple[int, int], list[bytes]]]:
    """Yield the ways from one state of the ledger to a later one: sizes, then hashes, on a line each."""
    for line in lines:
        old, new, *hashes = line.split(" ")
        if not (old.isdigit() and new.isdigit()):
            raise Wrong("form", "ledger/consistency.txt")
        yield (int(old), int(new)), [unbase64(each) for each in hashes]


def mail_text(raw: bytes) -> str:
    """Return all text of a mail, decoded."""
    parts = [part.get_payload(decode=True) for part in email.message_from_bytes(raw).walk() if not part.is_multipart()]
    return "\n".join(part.decode("utf-8", "replace") for part in parts if isinstance(part, bytes))


def check_pdf(bundle: Bundle, findings: Findings) -> None:
    """The certificate carries evidence.json, byte for byte."""
    if list(files_in_pdf(bundle.read("laporan.pdf"))) != [bundle.read("evidence.json")]:
        raise Wrong("pdf", "laporan.pdf")
    findings.good("laporan.pdf = evidence.json")


CHECKS: tuple[tuple[str, Callable[[Bundle, Findings], None]], ...] = (
    ("MANIFEST.sha256", check_files),
    ("MANIFEST.sha256.sig", check_manifest),
    ("checkpoint.note", check_checkpoint),
    ("ledger/leaves.ndjson", check_leaves),
    ("ledger/openings.ndjson", check_commitments),
    ("ledger", check_threads),
    ("evidence.json", check_items),
    ("anchors", check_anchors),
    ("laporan.pdf", check_pdf),
)
"""In the order in which they build on each other."""
