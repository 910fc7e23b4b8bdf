"""Check a bundle from the command line: the last of the parts, which runs the others."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from wabridge.evidence.verify.arithmetic import fingerprint
from wabridge.evidence.verify.judgement import CHECKS, load
from wabridge.evidence.verify.places import Bundle
from wabridge.evidence.verify.words import Findings, Wrong


def main(arguments: list[str]) -> int:
    """Check the bundle that is named; returns 0 if all is as it was written, 1 if not, 2 if there is no bundle."""
    expected = arguments[arguments.index("--key") + 1 :][:1] if "--key" in arguments else []
    named = [each for each in arguments if not each.startswith("--") and each not in expected]
    findings = Findings(1 if "--en" in arguments else 0)
    if len(named) != 1 or ("--key" in arguments and not expected):
        print("python3 -I verify.py [--en] [--key FINGERPRINT] BUNDLE")
        return 2
    try:
        bundle = Bundle(Path(named[0]))
    except (Wrong, OSError, ValueError) as fault:
        findings.bad(named[0], fault.key if isinstance(fault, Wrong) else "broken")
        return 2
    try:
        return judge(bundle, findings, "".join(expected))
    finally:
        bundle.close()


def judge(bundle: Bundle, findings: Findings, expected: str) -> int:
    """Run every check, whatever the others found."""
    guarded("evidence.json", findings, partial(load, bundle))
    for name, check in CHECKS:
        guarded(name, findings, partial(check, bundle, findings))
    fingerprints = [fingerprint(key) for _, key in bundle.keys or [bundle.key]]
    if expected and expected.replace(" ", "").lower() not in [each.replace(" ", "") for each in fingerprints]:
        findings.bad("certs/ledger.pub", "fingerprint", fingerprints[0])
    print(f"\n{findings.word('bad' if findings.failed else 'ok')}")
    print(f"{findings.word('compare')}\n  {fingerprints[0]}")
    if fingerprints[1:]:
        print(f"{findings.word('earlier')}\n  " + "\n  ".join(fingerprints[1:]))
    print(findings.word("limits"))
    return 1 if findings.failed else 0


def guarded(name: str, findings: Findings, check: Callable[[], None]) -> None:
    """Run a check; whatever a damaged bundle does to it is a finding, never the end."""
    try:
        check()
    except Wrong as wrong:
        findings.bad(name, wrong.key, wrong.about)
    except Exception as fault:  # noqa: BLE001  # a stranger's bundle may hold anything
        findings.bad(name, "broken", type(fault).__name__)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that lacks a letter
    sys.exit(main(sys.argv[1:]))
