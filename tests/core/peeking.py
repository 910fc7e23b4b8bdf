"""What code that took the decoder over would try first: to read the memory of whoever started it."""

import ctypes
import runpy
import sys


class _Piece(ctypes.Structure):
    _fields_ = (("address", ctypes.c_void_p), ("length", ctypes.c_size_t))


def peek(program: str, process: int, address: int) -> None:
    """Print how many bytes can be read before and after the doors are closed, and the kernel's version of Landlock."""
    module = runpy.run_path(program)
    libc = ctypes.CDLL(None)
    before = _read(libc, process, address)
    module["shut_in"]()
    after = _read(libc, process, address)
    version = libc.syscall(444, None, ctypes.c_size_t(0), 1)
    sys.stdout.write(f"{before} {after} {version}")


def _read(libc: ctypes.CDLL, process: int, address: int) -> int:
    """Read three bytes of another process (process_vm_readv(2))."""
    own = _Piece(ctypes.cast(ctypes.create_string_buffer(3), ctypes.c_void_p), 3)
    foreign = _Piece(address, 3)
    return int(
        libc.process_vm_readv(
            process, ctypes.byref(own), ctypes.c_ulong(1), ctypes.byref(foreign), ctypes.c_ulong(1), 0
        )
    )
