"""``make bench ARGS=NAME``: one benchmark, one JSON object a line on
standard output, words on standard error.

Nothing is asserted: a missed target is a line with ``"holds": false``, to be read with the load
beside it.
"""

import argparse
import importlib
import json
import sys

from bench.measuring import Report, machine

#: Name → module with ``run(report, options)``.
BENCHES = {
    "basics": "bench.basics",
    "conformity": "bench.conformity",
    "duplicates": "bench.duplicates",
    "lists": "bench.lists",
    "neighbours": "bench.neighbours",
    "seals": "bench.seals",
    "suite": "bench.suite",
    "upkeep": "bench.upkeep",
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("name", choices=sorted(BENCHES))
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of the generated table")
    parser.add_argument(
        "--resources", type=int, default=10_000, help="entries of the generated catalogue"
    )
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds of each case")
    parser.add_argument("--only", default="", help="only the cases whose name contains this")
    chosen = parser.parse_args(arguments)
    print(json.dumps({"bench": chosen.name, "machine": machine()}), flush=True)
    report = Report(chosen.name)
    importlib.import_module(BENCHES[chosen.name]).run(report, chosen)
    missed = [line["case"] for line in report.lines if line["holds"] is False]
    print(
        f"{len(report.lines)} lines, targets missed: {', '.join(missed) or 'none'}", file=sys.stderr
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
