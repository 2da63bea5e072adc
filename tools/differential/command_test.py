#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""The differential test's command line: a difference is found, shrunk, kept, and replays."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = sys.argv.pop(1)


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300, check=False)


class Command(unittest.TestCase):
    def test_difference(self):
        with tempfile.TemporaryDirectory() as folder:
            # One program after another until three have differed: the instruction is in nearly every one.
            result = run("--break", "sltu", "--instructions", 200_000, "--keep", folder)
            self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
            kept = sorted(Path(folder).iterdir())
            self.assertEqual(len(kept), 3, result.stdout)
            for file in kept:
                lines = [line for line in file.read_text().splitlines()[2:] if not line.startswith("#")]
                self.assertLessEqual(len(lines), 8, file.read_text())
                self.assertIn("sltu", file.read_text())
                self.assertIn(str(file), result.stdout)
                again = run("--break", "sltu", "--replay", file)
                self.assertEqual(again.returncode, 1, again.stdout)
                self.assertIn(", QEMU ", again.stdout)
                healthy = run("--replay", file)
                self.assertEqual(healthy.returncode, 0, healthy.stdout)
                self.assertIn("agree", healthy.stdout)

    def test_bad_input(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "program"
            self.assertEqual(run("--replay", file).returncode, 2)
            file.write_text("nothing\n")
            result = run("--replay", file)
            self.assertEqual(result.returncode, 2)
            self.assertIn("line 1: this is no random program", result.stderr)
        self.assertEqual(run("--break", "nothing").returncode, 2)

    def test_no_qemu(self):
        result = run("--qemu", "/nowhere/qemu")
        self.assertEqual(result.returncode, 77)
        self.assertIn("[skipped] differential: /nowhere/qemu is not installed", result.stdout)


if run("--instructions", 1).returncode == 77:
    print("[skipped] differential command line: qemu-system-riscv32 is not installed")
    sys.exit(77)
unittest.main()
