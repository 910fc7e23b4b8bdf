import asyncio
import hashlib
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import MASTER_KEY
from tests.storage.disks import full_disk, holds
from wabridge.errors import FileDamaged, StorageUnavailable
from wabridge.model.media import Kept
from wabridge.storage.keyring import Keyring
from wabridge.storage.vault import CHUNK_BYTES, Vault, bytes_on_disk

OWNER = "contact/17"
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 4 * CHUNK_BYTES, 9 * CHUNK_BYTES + 5]


def sample(size: int) -> bytes:
    """Return bytes in which every chunk is another."""
    return hashlib.shake_128(b"sample").digest(size)


async def keep(vault: Vault, content: bytes, *, owner: str = OWNER, piece_bytes: int = 50_000) -> Kept:
    """Put a file into the vault, as it comes from a network."""
    async with vault.write(owner) as writer:
        for at in range(0, len(content), piece_bytes):
            await writer.write(content[at : at + piece_bytes])
        return await writer.finish()


async def look(vault: Vault, kept: Kept, start: int = 0, stop: int | None = None) -> bytes:
    """Return a part of a file."""
    return b"".join([piece async for piece in vault.read(kept, start, stop)])


@pytest.mark.parametrize("size", SIZES)
async def test_what_goes_in_comes_out(vault: Vault, data_folder: Path, size: int) -> None:
    """A file of any length comes back byte for byte, and is as long on the disk as is expected of it."""
    content = sample(size)
    kept = await keep(vault, content)
    assert kept.size == size
    assert await look(vault, kept) == content
    assert (data_folder / "vault" / kept.name).stat().st_size == bytes_on_disk(size)


@pytest.mark.parametrize("size", SIZES)
async def test_the_digest_is_known_before_the_end(vault: Vault, size: int) -> None:
    """What was written can be compared with what was announced while it can still be thrown away."""
    async with vault.write(OWNER) as writer:
        await writer.write(sample(size))
        before = writer.sha256
        await writer.finish()
        assert before == writer.sha256 == hashlib.sha256(sample(size)).hexdigest()


@pytest.mark.parametrize(
    ("start", "stop"),
    [(0, 1), (CHUNK_BYTES - 1, CHUNK_BYTES + 1), (CHUNK_BYTES, 2 * CHUNK_BYTES), (5, 5), (7, None), (10**6, None)],
)
async def test_a_part_is_read_alone(vault: Vault, start: int, stop: int | None) -> None:
    """Any stretch of a file can be had; beyond its end there is nothing."""
    content = sample(SIZES[-1])
    kept = await keep(vault, content)
    assert await look(vault, kept, start, stop) == content[start:stop]


async def test_only_the_chunks_that_are_asked_for_are_opened(vault: Vault, data_folder: Path) -> None:
    """A damaged chunk spoils what lies in it and nothing before it."""
    content = sample(SIZES[-1])
    kept = await keep(vault, content)
    path = data_folder / "vault" / kept.name
    sealed = bytearray(path.read_bytes())
    sealed[-3] ^= 1
    path.write_bytes(sealed)
    assert await look(vault, kept, 0, 9 * CHUNK_BYTES) == content[: 9 * CHUNK_BYTES]
    with pytest.raises(FileDamaged):
        await look(vault, kept, 9 * CHUNK_BYTES)


def _changed(sealed: bytes) -> bytes:
    return sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:]


def _cut(sealed: bytes) -> bytes:
    return sealed[: -(CHUNK_BYTES + 16)]


def _lengthened(sealed: bytes) -> bytes:
    return sealed + b"\0"


def _reordered(sealed: bytes) -> bytes:
    one, two = 8, 8 + CHUNK_BYTES + 16
    three = two + CHUNK_BYTES + 16
    return sealed[:one] + sealed[two:three] + sealed[one:two] + sealed[three:]


def _another_format(sealed: bytes) -> bytes:
    return b"wavault2" + sealed[8:]


@pytest.mark.parametrize("spoil", [_changed, _cut, _lengthened, _reordered, _another_format])
async def test_a_changed_file_does_not_open(vault: Vault, data_folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    """A flipped bit, a missing or additional end, chunks in another order: each is noticed."""
    kept = await keep(vault, sample(3 * CHUNK_BYTES))
    path = data_folder / "vault" / kept.name
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(FileDamaged):
        await look(vault, kept)


async def test_a_file_cut_at_a_chunk_is_not_passed_off_as_a_shorter_one(vault: Vault, data_folder: Path) -> None:
    """Whoever cuts the file and the size in its row still lacks a last chunk."""
    kept = await keep(vault, sample(3 * CHUNK_BYTES))
    path = data_folder / "vault" / kept.name
    path.write_bytes(_cut(path.read_bytes()))
    with pytest.raises(FileDamaged):
        await look(vault, Kept(kept.name, kept.key, 2 * CHUNK_BYTES))


async def test_files_are_not_swapped(vault: Vault, data_folder: Path) -> None:
    """One file under another's name does not open, not even of the same owner and size."""
    one, two = await keep(vault, sample(500)), await keep(vault, sample(500))
    (data_folder / "vault" / two.name).rename(data_folder / "vault" / one.name)
    with pytest.raises(FileDamaged):
        await look(vault, one)
    with pytest.raises(FileDamaged):
        await look(vault, two)


async def test_each_owner_has_a_key_of_their_own(vault: Vault) -> None:
    """A file does not open with another contact's key, nor once its key is gone."""
    kept = await keep(vault, sample(500))
    await keep(vault, b"x", owner="contact/18")
    for key in ("contact/18", "contact/19"):
        with pytest.raises(FileDamaged):
            await look(vault, Kept(kept.name, key, kept.size))


async def test_keys_are_on_the_disk_before_what_they_open(vault: Vault, data_folder: Path) -> None:
    """After a restart the keyring opens every file."""
    kept = await keep(vault, b"Perjanjian rahasia")
    again = Vault(data_folder / "vault", Keyring.open(data_folder / "files" / "keyring", MASTER_KEY))
    assert await look(again, kept) == b"Perjanjian rahasia"


async def test_the_disk_holds_nothing_readable(vault: Vault, data_folder: Path) -> None:
    """Neither content nor length of a name is on the disk, and nobody else may read the file."""
    content = b"Perjanjian rahasia Pak Budi" * 10_000
    async with vault.write(OWNER) as writer:
        await writer.write(content)
        assert holds(data_folder, b"Perjanjian rahasia") == []
        kept = await writer.finish()
    assert holds(data_folder, b"Perjanjian rahasia") == []
    path = data_folder / "vault" / kept.name
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_what_is_not_finished_leaves_nothing(vault: Vault, data_folder: Path) -> None:
    """A file that is given up, or cancelled on the way, is removed."""
    async with vault.write(OWNER) as writer:
        await writer.write(sample(10**6))
    async with asyncio.TaskGroup() as tasks:
        writing = tasks.create_task(keep(vault, sample(10**6)))
        await asyncio.sleep(0)
        writing.cancel()
    assert list((data_folder / "vault").iterdir()) == []


async def test_a_full_disk_takes_no_half_file(vault: Vault, data_folder: Path) -> None:
    """Nothing is left of a file that does not fit, and the next one that fits is taken."""
    await keep(vault, b"the key is made")
    with full_disk(100_000), pytest.raises(StorageUnavailable):
        await keep(vault, sample(10**6))
    assert len(list((data_folder / "vault").iterdir())) == 1
    assert await look(vault, await keep(vault, sample(10**6))) == sample(10**6)


async def test_some_of_the_disk_is_left_to_the_database(data_folder: Path) -> None:
    """A file that would take the reserve is not begun."""
    keyring = Keyring.open_or_create(data_folder / "keyring", MASTER_KEY)
    greedy = Vault(data_folder / "vault", keyring, reserve_bytes=2**62)
    with pytest.raises(StorageUnavailable, match="too full"):
        await keep(greedy, b"x")


async def test_memory_does_not_grow_with_the_file(vault: Vault) -> None:
    """Forty megabytes go in and out through a few hundred kilobytes."""
    piece = sample(100_000)
    tracemalloc.start()
    async with vault.write(OWNER) as writer:
        for _ in range(400):
            await writer.write(piece)
        kept = await writer.finish()
    total = 0
    async for part in vault.read(kept):
        total += len(part)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total == 400 * len(piece)
    assert peak < 4_000_000
