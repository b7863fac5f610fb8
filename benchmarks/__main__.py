"""``make bench``: every figure beside its bound. ``--only`` picks modules, ``--json`` is JSON."""

import argparse
import importlib
import json
import os
import sys

from benchmarks.figure import Figure

# In the order in which a reader wants them; each module has figures().
MODULES = (
    *("size", "preview", "commands", "delivery", "preflight", "emulator", "doctor", "objects"),
    *("airflow", "versions"),
)


def main() -> int:
    """Measures and prints; the exit code is 1 when a figure is over its bound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=MODULES, default=MODULES, metavar="MODULE")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    chosen = parser.parse_args()
    measured: list[Figure] = []
    for name in chosen.only:
        if not chosen.json:
            print(f"measuring {name} ...", file=sys.stderr, flush=True)
        for figure in importlib.import_module(f"benchmarks.{name}").figures():
            measured.append(figure)
            if not chosen.json:
                print(_line(figure), flush=True)
    if chosen.json:
        print(json.dumps([figure.document() for figure in measured], indent=2))
    else:
        print(f"on {os.cpu_count()} processors, Python {sys.version.split()[0]}")
    return 0 if all(figure.kept for figure in measured) else 1


def _line(figure: Figure) -> str:
    bound = "" if figure.bound is None else f"  (at most {figure.bound:g})"
    over = "" if figure.kept else "  OVER ITS BOUND"
    note = f"\n    {figure.note}" if figure.note else ""
    return f"{figure.name}: {_number(figure.value)} {figure.unit}{bound}{over}{note}"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.2f}"


if __name__ == "__main__":
    sys.exit(main())
