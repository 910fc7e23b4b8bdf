"""Names of files, as strangers write them and as they may be saved.

A name is shown as it came (hidden characters made visible); it is saved under a name that no system misreads: no
folder, no device, nothing hidden, the last suffix where everybody sees it.
"""

import re
import unicodedata

_LONGEST_BYTES = 180
"""Most systems take 255 bytes; a browser may add a number to it."""
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,10})\s*$")

_FORBIDDEN = re.compile(r'[<>:"/\\|?*%]')
"""What Windows refuses, what divides folders, and what some browsers decode."""
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode's categories of characters that nobody sees or that reorder others."""

_PROGRAMS = """
ade adp apk app appx bat cmd com cpl dmg elf exe hta htm html iso jar js jse lnk mht msc msi msp pif ps1 reg scr sh
shtml svg url vb vbe vbs vhd wsf wsh xapk xhtml
"""
"""Suffixes of what a computer or a phone runs, pages with scripts among them."""


def safe(name: str | None, *, otherwise: str) -> str:
    """Return the name under which a file may be saved anywhere; otherwise: if nothing of it is left."""
    seen = "".join(" " if ch.isspace() else ch for ch in name or "" if ch.isspace() or not _is_hidden(ch))
    plain = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", " ".join(seen.split())))
    plain = plain.strip(" .")
    if not plain.strip("_ ."):
        return otherwise
    return _shortened(f"_{plain}" if _DEVICE.match(plain) else plain)


def ascii_only(name: str) -> str:
    """Return the name in plain ASCII, for programs that know no better."""
    return "".join(ch if " " <= ch <= "~" and ch not in '"\\%' else "_" for ch in name)


def is_program(name: str | None) -> bool:
    """Say whether a computer or a phone would run a file of this name rather than show it."""
    return suffix(safe(name, otherwise="")) in _PROGRAMS.split()


def suffix(name: str | None) -> str:
    """Return what a computer goes by, without its dot and in small letters; "" if there is none."""
    found = _SUFFIX.search(name or "")
    return found[1].lower() if found else ""


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN


def _shortened(name: str) -> str:
    """Take from the middle: the last suffix says what a computer will do with the file."""
    found = _SUFFIX.search(name)
    stem, end = (name[: found.start()], found[0]) if found else (name, "")
    room = _LONGEST_BYTES - len(end)
    if len(stem.encode()) <= room:
        return name
    return stem.encode()[: room - 3].decode("utf-8", "ignore").rstrip(" .") + "…" + end
