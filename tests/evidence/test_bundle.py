"""A bundle, from the dossier to the last byte, and what a stranger finds in it."""

import asyncio
import base64
import io
import json
import random
import subprocess
import sys
import zipfile
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization

from bench import tamper
from bench.dossiers import tampering
from bench.dossiers.invented import LEDGER_SEED, Invented, invent
from tests.authority import Authority, answer, found
from wabridge import errors
from wabridge.evidence import authority, bundle, checkpoint, commitment, verifier, workshop
from wabridge.evidence.dossier import EarlierKey

NOW = datetime.now(UTC)  # certificates are checked by the machine's clock


@pytest.fixture(scope="module")
def keys() -> bundle.Keys:
    root = authority.found_root("Kantor", b"-", now=NOW)
    return bundle.Keys(LEDGER_SEED, authority.issue_seal(root, b"-", "Kantor", now=NOW))


@pytest.fixture(scope="module")
def invented() -> Invented:
    return invent(12)


def handed_over(invented: Invented) -> Iterator[tuple[str, list[bytes]]]:
    for file in invented.dossier.files:
        content = invented.files[file.path]
        yield file.path, [content[n : n + 100] for n in range(0, len(content), 100)]


@pytest.fixture(scope="module")
def made(invented: Invented, keys: bundle.Keys) -> bytes:
    out = io.BytesIO()
    bundle.produce(invented.dossier, handed_over(invented), keys, out, lambda done, steps: None)
    return out.getvalue()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / "verify.py").write_bytes(verifier.program())
    return tmp_path / "verify.py"


def test_a_bundle_holds_all_that_its_certificate_rests_on(made: bytes, invented: Invented) -> None:
    """Certificate, data, raw bytes, proofs, certificates, manifest, program and instructions are in it."""
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        names = set(opened.namelist())
        text = opened.read("VERIFIKASI.txt").decode()
    assert names >= {file.path for file in invented.dossier.files}
    assert names >= {f"proofs/{leaf.index}.tlog-proof" for leaf in invented.dossier.leaves}
    assert names >= {"laporan.pdf", "evidence.json", "MANIFEST.sha256.sig", "verify.py", "certs/office-root.pem"}
    assert text.index("CARA MEMERIKSA") < text.index("HOW TO CHECK")
    assert invented.dossier.ledger.key_fingerprint in text


def test_an_untouched_bundle_is_found_whole(made: bytes, invented: Invented, program: Path, tmp_path: Path) -> None:
    """verify.py, in Python's isolated mode, finds each item as it was written, in the archive and in its folder."""
    (tmp_path / "b.zip").write_bytes(made)
    zipfile.ZipFile(io.BytesIO(made)).extractall(tmp_path / "folder")
    for place in (tmp_path / "b.zip", tmp_path / "folder"):
        code, said = tampering.judge(place, program)
        assert code == 0, said
        assert all(f"OK     {message.ref}" in said for message in invented.dossier.messages)
        assert "TIDAK ditunjukkan" in said


def test_the_program_in_the_bundle_is_the_one_that_is_tested(made: bytes) -> None:
    """verify.py lies in the bundle as it is here, and imports nothing but the standard library."""
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        text = opened.read("verify.py").decode()
    assert text.encode() == verifier.program()
    imported = {
        line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names


def test_changes_of_a_bundle_are_noticed_and_named() -> None:
    """Bytes changed anywhere, each removal, swap, addition and forgery are noticed, and by name."""
    assert list(tamper.campaign(tamper.make(), 12, seed=random.randrange(10**6))) == []


def test_one_client_never_learns_of_another(made: bytes, invented: Invented) -> None:
    """Of a webhook with somebody else's message only the own item is there; the rest is said to be withheld."""
    assert any(opening.withheld for opening in invented.dossier.openings)
    assert b"somebody else" not in made


def test_the_office_may_give_the_fingerprint(made: bytes, program: Path, tmp_path: Path) -> None:
    """With the engagement letter's fingerprint verify.py compares it, and another one fails."""
    (tmp_path / "b.zip").write_bytes(made)
    given = bytes.fromhex("00" * 32).hex()
    right = "efa38af9ca74adfa649c7fcd4044a991f61858e2b483cf68f3f79d1c90a341d6"
    for fingerprint, code in ((right, 0), (given, 1)):
        command = [sys.executable, "-I", str(program), "--en", "--key", fingerprint, str(tmp_path / "b.zip")]
        assert subprocess.run(command, capture_output=True, check=False).returncode == code


def test_a_fingerprint_that_is_not_the_keys_is_noticed(invented: Invented, keys: bundle.Keys, tmp_path: Path) -> None:
    """A report cannot print the fingerprint of a known key, now or earlier, beside a key of somebody else's."""
    ledger = invented.dossier.ledger
    key = checkpoint.public_key(ledger.origin, LEDGER_SEED)
    theirs = bytes(range(32))
    earlier = EarlierKey(
        public_key=checkpoint.public_key(ledger.origin, theirs).text,
        fingerprint="abcd " * 15 + "abcd",
        until=NOW,
        signature=commitment.encode(checkpoint.sign_text(f"wabridge ledger key\n{key.text}\n", theirs)),
    )
    for forged in ({"key_fingerprint": "abcd " * 15 + "abcd"}, {"earlier_keys": (earlier,)}):
        dossier = msgspec.structs.replace(invented.dossier, ledger=msgspec.structs.replace(ledger, **forged))
        with (tmp_path / "b.zip").open("wb") as out:
            bundle.produce(dossier, handed_over(invented), keys, out, lambda done, steps: None)
        (tmp_path / "verify.py").write_bytes(verifier.program())
        code, said = tampering.judge(tmp_path / "b.zip", tmp_path / "verify.py")
        assert (code, "abcd" in said) == (1, True), said


@pytest.mark.parametrize("raw", [b"", b"PK\x05\x06" + b"\0" * 18, b"\xff" * 5000, b"{}"])
def test_what_is_no_bundle_is_told_in_a_sentence(raw: bytes, program: Path, tmp_path: Path) -> None:
    """Whatever is put before verify.py, there is a verdict and never a traceback."""
    (tmp_path / "b.zip").write_bytes(raw)
    code, said = tampering.judge(tmp_path / "b.zip", program)
    assert code in (1, 2)
    assert "GAGAL" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("said", ["[]", "{}", '{"format": "wabridge-evidence/1"}', "[" * 100_000, '{"a": 1, "a": 2}'])
def test_odd_evidence_is_told_in_a_sentence(said: str, made: bytes, program: Path, tmp_path: Path) -> None:
    """An evidence.json of any other form fails by name."""
    zipfile.ZipFile(io.BytesIO(made)).extractall(tmp_path / "folder")
    (tmp_path / "folder/evidence.json").write_text(said)
    code, words = tampering.judge(tmp_path / "folder", program)
    assert code == 1
    assert "GAGAL  evidence.json" in words
    assert "Traceback" not in words


def test_a_packed_archive_is_refused(made: bytes, program: Path, tmp_path: Path) -> None:
    """An archive that somebody wrote anew, compressed or not, is not unpacked on trust: its folder can be checked."""
    with (
        zipfile.ZipFile(io.BytesIO(made)) as before,
        zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as anew,
    ):
        for name in before.namelist():
            anew.writestr(name, before.read(name))
    code, said = tampering.judge(tmp_path / "b.zip", program)
    assert code == 2
    assert "buka dahulu" in said


def test_a_time_stamp_token_is_held_against_its_checkpoint(keys: bundle.Keys, program: Path, tmp_path: Path) -> None:
    """A token over the anchored checkpoint is found right, one over anything else wrong."""
    outside = found(NOW)

    def stamp(about: bytes) -> bytes:
        request = subprocess.run(
            ["openssl", "ts", "-query", "-sha256", "-cert"], input=about, capture_output=True, check=True
        ).stdout
        return answer(outside, request, now=NOW)

    for way, expected in ((stamp, 0), (lambda note: stamp(b"something else"), 1)):
        whole = invent(4, stamp=way)
        out = (tmp_path / "b.zip").open("wb")
        with out:
            bundle.produce(whole.dossier, handed_over(whole), keys, out, lambda done, steps: None)
        code, said = tampering.judge(tmp_path / "b.zip", program)
        assert code == expected, said
        assert ("token waktu bukan untuk" in said) is bool(expected)


def test_a_file_that_is_not_as_the_dossier_says_ends_the_making(invented: Invented, keys: bundle.Keys) -> None:
    """No bundle is finished with other bytes than the dossier names, nor with fewer or more files."""
    right = list(handed_over(invented))
    path = right[0][0]
    for files in ([(path, [b"other"]), *right[1:]], right[1:], right[:-1], [*right, ("raw/more", [b""])]):
        with pytest.raises(errors.CertificateNotMade):
            bundle.produce(invented.dossier, files, keys, io.BytesIO(), lambda done, steps: None)


def test_progress_can_end_the_making(invented: Invented, keys: bundle.Keys) -> None:
    """Whoever is told of the progress can cancel by raising."""

    def cancel(done: int, steps: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bundle.produce(invented.dossier, handed_over(invented), keys, io.BytesIO(), cancel)


def test_a_silent_authority_costs_only_the_seals_time(invented: Invented, keys: bundle.Keys) -> None:
    """When the authority can't be reached the bundle is made all the same, and that is told."""

    def silent(request: bytes) -> bytes:
        raise errors.NotAnchored("slow")

    files = handed_over(invented)
    made = bundle.produce(invented.dossier, files, keys, io.BytesIO(), lambda done, steps: None, stamp=silent)
    assert made.seal_time == "missing"


async def make_in_workshop(
    order: workshop.Order, invented: Invented, outside: Authority | None = None
) -> tuple[bytes, list[dict[str, Any]]]:
    maker = await asyncio.create_subprocess_exec(
        *workshop.COMMAND, stdin=PIPE, stdout=PIPE, stderr=PIPE, env={}, cwd=workshop.FOLDER
    )
    given, made, told = maker.stdin, maker.stdout, maker.stderr
    assert given is not None
    assert made is not None
    assert told is not None
    said: list[dict[str, Any]] = []

    async def feed() -> None:
        for piece in workshop.orders(order, handed_over(invented)):
            given.write(piece)
            await given.drain()

    async def listen() -> None:
        async for line in told:
            said.append(json.loads(line))
            if outside is not None and "question" in said[-1]:
                given.write(workshop.answer(answer(outside, base64.b64decode(said[-1]["question"]), now=NOW)))
        given.close()

    async with asyncio.timeout(60):
        _, raw, _ = await asyncio.gather(feed(), made.read(), listen())
        await maker.wait()
    return raw, said


async def test_a_process_of_its_own_makes_the_same_bundle(
    invented: Invented, keys: bundle.Keys, program: Path, tmp_path: Path
) -> None:
    """By pipe alone, without environment or arguments, a workshop makes a bundle that is found whole."""
    raw, told = await make_in_workshop(workshop.Order(dossier=invented.dossier, keys=keys), invented)
    (tmp_path / "b.zip").write_bytes(raw)
    assert tampering.judge(tmp_path / "b.zip", program)[0] == 0
    assert told[-1]["seal_time"] == "unset"
    assert told[-2] == {"done": told[-2]["steps"], "steps": told[-2]["steps"]}


async def test_a_workshop_asks_for_the_seals_time(invented: Invented, keys: bundle.Keys) -> None:
    """The workshop reaches no network: its questions to the authority go out by the pipe, and the answers come in."""
    outside = found(NOW)
    roots = (outside.root.public_bytes(serialization.Encoding.DER),)
    report = msgspec.structs.replace(invented.dossier.report, t_created=NOW)
    today = msgspec.structs.replace(invented.dossier, report=report)
    order = workshop.Order(dossier=today, keys=keys, asks_time=True, authority_roots=roots)
    _, told = await make_in_workshop(order, invented, outside)
    assert told[-1]["seal_time"] == "lasting"


async def test_an_order_that_breaks_off_makes_nothing(invented: Invented, keys: bundle.Keys) -> None:
    """When whoever ordered is gone, the workshop ends and says so."""
    order = workshop.Order(dossier=msgspec.structs.replace(invented.dossier), keys=keys)
    pieces = list(workshop.orders(order, handed_over(invented)))
    out, told = io.BytesIO(), io.StringIO()
    assert workshop.work(io.BytesIO(b"".join(pieces[: len(pieces) // 2])), out, told) == 1
    assert "broke off" in told.getvalue()
