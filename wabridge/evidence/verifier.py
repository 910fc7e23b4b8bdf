"""The program `verify.py` that lies in each bundle: the parts in `verify/`, joined into one file that stands alone."""

import re
from importlib import resources

_PARTS = ("words", "archive", "places", "arithmetic", "containers", "judgement", "__main__")
"""In the order in which they import each other."""

_OURS = re.compile(r"^from wabridge\.\S+ import (\([^)]*\)|.*)\n", re.MULTILINE)

_INTRODUCTION = '''\
#!/usr/bin/env python3
"""Check a bundle of evidence anywhere, with nothing but Python:   python3 -I verify.py BUNDLE.zip   (or its folder)

Periksa berkas bukti di mana saja, hanya dengan Python. Each item is OK or GAGAL (failed), with what is wrong; at the
end stands what this check does NOT show. Exit code: 0 all is as it was written, 1 something is not, 2 no bundle.

  --key FINGERPRINT   of the ledger's key, as the engagement letter prints it
  --en                say it in English

This file stands alone on purpose: it shares no line with the program that wrote the bundle.
"""
'''


def program() -> bytes:
    """Return verify.py."""
    folder = resources.files("wabridge.evidence") / "verify"
    parts = (_OURS.sub("", folder.joinpath(f"{name}.py").read_text("utf-8")) for name in _PARTS)
    return "\n\n".join([_INTRODUCTION, *parts]).encode()
