"""What is said of a bundle, in Indonesian and in English, and the list of what was found."""


class Wrong(Exception):
    """Something in the bundle is not as it must be. key: of WORDS; about: of what this is said."""

    def __init__(self, key: str, about: object = "") -> None:
        super().__init__(key)
        self.key, self.about = key, about


WORDS = {
    "archive": (
        "arsip tidak ditulis oleh program ini atau diubah",
        "the archive was not written by this program, or was changed",
    ),
    "double": ("nama berkas muncul dua kali", "a file name comes twice"),
    "path": ("nama berkas tidak diperbolehkan", "a file name that is not allowed"),
    "missing": ("berkas hilang", "the file is missing"),
    "extra": ("berkas ditambahkan, tidak ada dalam MANIFEST", "the file was added, MANIFEST does not name it"),
    "changed": ("isi berkas berubah", "the file's content was changed"),
    "manifest": ("MANIFEST tidak berbentuk semestinya", "MANIFEST is not in its form"),
    "signature": ("tanda tangan tidak cocok", "the signature does not match"),
    "note": ("catatan bertanda tangan tidak berbentuk semestinya", "the signed note is not in its form"),
    "key": ("kunci bukan kunci yang disebut", "the key is not the one that is named"),
    "handover": (
        "kunci lama tidak menandatangani kunci sesudahnya",
        "the older key did not sign for the one after it",
    ),
    "earlier": ("sidik kunci yang lebih lama:", "fingerprints of earlier keys:"),
    "form": ("isi tidak berbentuk semestinya", "the content is not in its form"),
    "order": ("urutan daun tidak semestinya", "the leaves are not in their order"),
    "proof": ("bukti tidak mengantar daun ke titik periksa", "the proof does not lead from the leaf to the checkpoint"),
    "commitment": ("isi tidak cocok dengan komitmen dalam daun", "the content does not match the leaf's commitment"),
    "unopened": ("komitmen tidak dibuka dan tidak dijelaskan", "a commitment is neither opened nor explained"),
    "hole": ("nomor dalam percakapan berlubang", "the conversation's numbers have a hole"),
    "link": ("daun tidak tersambung ke daun sebelumnya", "the leaf is not linked to the one before"),
    "unclaimed": (
        "buku besar memuat butir yang tidak ada dalam laporan",
        "the ledger holds an item that the report lacks",
    ),
    "unknown": (
        "laporan menyebut daun atau berkas yang tidak ada",
        "the report names a leaf or file that is not there",
    ),
    "fact": ("laporan tidak sama dengan data mentah", "the report differs from the raw data"),
    "anchor": ("titik periksa tidak sejalan dengan jangkar", "the checkpoint contradicts the anchor"),
    "token": ("token waktu bukan untuk titik periksa ini", "the time-stamp token is not for this checkpoint"),
    "pdf": ("evidence.json di dalam PDF tidak sama", "evidence.json inside the PDF is not the same"),
    "large": ("berkas terlalu besar untuk diperiksa", "the file is too large to be checked"),
    "broken": ("tidak dapat dibaca", "cannot be read"),
    "withheld": ("tidak dimuat", "withheld"),
    "fingerprint": ("sidik kunci tidak sama dengan yang diberikan", "the key's fingerprint is not the one given"),
    "unpack": (
        "arsip ditulis ulang; buka dahulu lalu periksa foldernya",
        "rewritten archive; unpack it and check the folder",
    ),
    "chain": ("rantai sertifikatnya diperiksa dengan openssl", "its chain of certificates is for openssl"),
    "ok": ("SEMUA COCOK", "ALL MATCHES"),
    "bad": ("ADA YANG GAGAL", "SOMETHING FAILED"),
    "compare": (
        "Bandingkan dengan surat perjanjian jasa hukum, sidik kunci:",
        "Compare with the engagement letter, key:",
    ),
    "limits": (
        "TIDAK ditunjukkan oleh pemeriksaan ini: bahwa catatan benar ketika dibuat; siapa yang memegang telepon; bahwa "
        "pesan dibaca atau dipahami; bahwa tidak ada peristiwa yang tidak pernah dicatat. Segel PDF: pdfsig "
        "laporan.pdf. Rantai token waktu: openssl ts -verify. Yang belum berjangkar bergantung pada kejujuran "
        "pengelola server.",
        "NOT shown by this check: that a record was true when it was made; who held the telephone; that a message was "
        "read or understood; that no event went unrecorded. Seal of the PDF: pdfsig laporan.pdf. Chains of time-stamp "
        "tokens: openssl ts -verify. What is not yet anchored rests on the honesty of whoever operates the server.",
    ),
}


class Findings:
    """What was found, one line an item, said at once. language: 0 Indonesian, 1 English."""

    def __init__(self, language: int) -> None:
        self.language = language
        self.failed: set[str] = set()
        self._said: set[str] = set()

    def word(self, key: str) -> str:
        """Return a text in the chosen language."""
        return WORDS[key][self.language]

    def good(self, item: str, note: str = "") -> None:
        """Say that an item is as it was written."""
        print(f"OK     {shown(item)}" + (f"  ({shown(note)})" if note else ""))

    def bad(self, item: str, key: str, about: object = "") -> None:
        """Say that an item is not as it was written, and why; the same only once."""
        self.failed.add(item)
        line = shown(f"{item}: {self.word(key)}" + (f": {about}" if about != "" else ""))
        if line not in self._said:
            self._said.add(line)
            print(f"GAGAL  {line}")


def shown(text: str) -> str:
    """Return a text of which every character can be seen, at a length that can be read."""
    return "".join(c if c.isprintable() else "?" for c in text)[:400]
