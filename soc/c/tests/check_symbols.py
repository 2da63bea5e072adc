#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Compares what the shared library exports, and what the headers declare, with symbols.txt.

    check_symbols.py NM LIBRARY SYMBOLS HEADER...
"""

import re
import subprocess
import sys


def exported(nm, library):
    output = subprocess.run([nm, "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    symbols = (line.split()[2] for line in output.splitlines() if len(line.split()) == 3)
    plain = {symbol.split("@")[0] for symbol in symbols}
    return {symbol for symbol in plain if not symbol.startswith("CALIPTRA_EMU_")}  # the version itself


def declared(headers):
    functions = set()
    for header in headers:
        with open(header, encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
        functions |= set(re.findall(r"\b(caliptra_(?:bootmcu|emu|model)_\w+)\s*\(", text))
    return {function for function in functions if not function.endswith("_callback")}


def main():
    nm, library, listed_in, *headers = sys.argv[1:]
    with open(listed_in, encoding="utf-8") as file:
        listed = set(file.read().split())
    wrong = []
    for what, found in (("exported", exported(nm, library)), ("declared", declared(headers) | {"caliptra_model_init_default_2x"})):
        wrong += [f"{symbol} is {what}, but not in symbols.txt" for symbol in sorted(found - listed)]
        wrong += [f"{symbol} is in symbols.txt, but not {what}" for symbol in sorted(listed - found)]
    print("\n".join(wrong) or f"{len(listed)} symbols, as listed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
