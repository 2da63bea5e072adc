#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Does what the README says under "Firmware of your own", in a copy: readme_test.py EMU IMAGE."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DEMONSTRATION = Path(__file__).resolve().parents[1]


def commands():
    text = (DEMONSTRATION / "README.md").read_text(encoding="utf-8").split("## Firmware of your own")[1]
    steps = text.split("3. **A command of your own**")[0].splitlines()
    return "set -e\n" + "\n".join(line for line in steps if line.startswith(7 * " "))


def main():
    if shutil.which("bash") is None:
        print("[skipped] demonstration copied: there is no bash")
        return 77
    programs = os.pathsep.join(str(Path(each).resolve().parent) for each in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as scratch:
        for folder in DEMONSTRATION, DEMONSTRATION.parent / "runtime":
            shutil.copytree(folder, Path(scratch) / folder.name)
        done = subprocess.run(["bash", "-c", commands()], cwd=scratch, capture_output=True, text=True, check=False,
                              env=dict(os.environ, PATH=programs + os.pathsep + os.environ["PATH"]))
    print(done.stdout + done.stderr)
    seen = all(text in done.stdout for text in ("[rom] bundle verified", "[runtime] ready", "FW_INFO: complete"))
    return 0 if done.returncode == 0 and seen else 1


if __name__ == "__main__":
    sys.exit(main())
