"""`python3 -m bench NAME [--small]`: run one measurement, or all of them in their small size."""

import argparse
import asyncio
import sys

from bench import ack, backlog, export, fuzz, handout, hops, kill, ledger, pace, storm, tamper, upload

_MEASUREMENTS = {
    "ack": ack,
    "backlog": backlog,
    "export": export,
    "fuzz": fuzz,
    "handout": handout,
    "hops": hops,
    "kill": kill,
    "ledger": ledger,
    "pace": pace,
    "storm": storm,
    "tamper": tamper,
    "upload": upload,
}


def main() -> int:
    """Run what was asked for; returns 1 if a measurement found something wrong."""
    parser = argparse.ArgumentParser(prog="python3 -m bench", description=__doc__)
    names = parser.add_subparsers(metavar="NAME")
    for name, module in _MEASUREMENTS.items():
        summary = (module.__doc__ or "").splitlines()[0]
        one = names.add_parser(name, help=summary, description=module.__doc__)
        one.add_argument("--small", action="store_true", help="the size the tests run")
        module.arguments(one)
        one.set_defaults(measure=module.measure)
    options = parser.parse_args()
    if hasattr(options, "measure"):
        return int(asyncio.run(options.measure(options)))
    results: list[int] = []
    for name, module in _MEASUREMENTS.items():
        print(f"== {name}", flush=True)
        one = argparse.ArgumentParser()
        module.arguments(one)
        options = one.parse_args([])
        options.small = True
        results.append(asyncio.run(module.measure(options)))
    return max(results)


if __name__ == "__main__":
    sys.exit(main())
