"""A program of its own that sets one certificate: texts in by standard input, the PDF out by standard output.

Started by `printer` with `python3 -I`: no environment, no file but the page templates and the fonts, limited memory and
time. Nothing that it is given is written to the disk. It imports nothing of ours.

Input: a line of JSON that says how, with the number of bytes of each of two parts; then the parts. Output: the PDF;
with exit code 3, one line of JSON on standard error that names the text which no font could show.
"""

import json
import re
import resource
import sys
from typing import Any

import typst

UNPRINTABLE = 3
_TEXT = re.compile(r"the text `(\".*\")` could not be displayed", re.DOTALL)


def main() -> int:
    """Set what standard input asks for; returns the exit code."""
    order = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_AS, (order["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    compiler = _compiler(order, [sys.stdin.buffer.read(size).decode() for size in order["parts"]])
    try:
        made = compiler.compile(pdf_standards=["a-3b"], timestamp=order["created"], pdf_tags=order["is_tagged"])
    except typst.TypstError as error:
        found = _TEXT.search(error.message)
        sys.stderr.write(json.dumps({"unprintable": found[1] if found else "", "message": error.message}))
        return UNPRINTABLE if found else 1
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(made)
    return 0


def _compiler(order: dict[str, Any], parts: list[str]) -> typst.Compiler:
    """Return a compiler that holds the parts; nobody else does, once this has returned."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=order["fonts"])
    inputs = dict(zip(("view", "evidence"), parts, strict=True))
    return typst.Compiler(order["main"], root=order["root"], font_paths=fonts, sys_inputs=inputs)


if __name__ == "__main__":
    sys.exit(main())
