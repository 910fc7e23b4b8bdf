"""Tells keys that were surely never put aside from those that perhaps were, without looking at the disk.

A Bloom filter over keys that are random bytes already. It grows with nothing: after a million keys three in a thousand
strangers pass it, and cost a look.
"""

_BITS = 1 << 25
_MASK = _BITS - 1


class Sieve:
    """Four megabytes that remember every key a little."""

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def add(self, name: bytes) -> None:
        """Remember a key; it has 16 random bytes or more."""
        number = int.from_bytes(name[:8], "big")
        one, other = number & _MASK, (number >> 32) & _MASK
        self._bits[one >> 3] |= 1 << (one & 7)
        self._bits[other >> 3] |= 1 << (other & 7)

    def may_hold(self, name: bytes) -> bool:
        """Say False only if the key was never added."""
        number = int.from_bytes(name[:8], "big")
        one, other = number & _MASK, (number >> 32) & _MASK
        return bool(self._bits[one >> 3] >> (one & 7) & self._bits[other >> 3] >> (other & 7) & 1)
