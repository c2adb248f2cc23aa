"""``python -m tests.golden write [name…]``: read the selections again and keep their masters."""

from __future__ import annotations

import argparse
import logging
import time

from tests.golden.selections import MASTERS, SELECTIONS, read


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.golden")
    parser.add_argument("action", choices=["write", "list"])
    parser.add_argument("names", nargs="*", help="only the masters whose name holds one of these")
    asked = parser.parse_args()
    logging.disable(logging.WARNING)  # Streamlit's, about pages run without a server
    chosen = [g for g in SELECTIONS if not asked.names or any(n in g.name for n in asked.names)]
    for golden in chosen:
        if asked.action == "list":
            print(f"{golden.name:<36} {golden.asked.splitlines()[0]}")
            continue
        began, text, path = time.process_time(), read(golden), MASTERS / f"{golden.name}.txt"
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        MASTERS.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        told = "same" if text == before else "CHANGED" if before else "new"
        print(f"{golden.name:<36} {told:<8} {time.process_time() - began:5.1f} s", flush=True)
    if not asked.names and asked.action == "write":
        for path in MASTERS.glob("*.txt"):
            if path.stem not in {g.name for g in SELECTIONS}:
                path.unlink()


if __name__ == "__main__":
    main()
