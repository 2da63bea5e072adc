#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Lets caliptra-fuzz find the bugs of broken_commands.c: broken_test.py ROM BUNDLE FUZZ EMU.

It begins with one command that does nothing. Each kind of finding has to be found by what the guest's jumps tell, shortened,
found again in the shortened input, and seen to happen in caliptra-emu.
"""

import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROM = BUNDLE = FUZZ = EMU = ""

# One command that does nothing: given by its number, with eight bytes
SEED = bytes([0x1F]) + b"LACK" + (8).to_bytes(2, "little") + bytes(8)
STACK = "0x5000f800"  # ends there: runtime.ld
# What is found, what the fuzzer says of it, and how its replay in the emulator ends: with which status, saying what
FINDINGS = {
    "trap-00000002": ("trap: mcause 0x00000002", 4, "0x000e000b"),
    "stack-overflow": ("stack overflow: x2 0x5000f", 4, "0x000e000b"),
    "undocumented-fatal-12345678": ("CPTRA_FW_ERROR_FATAL 0x12345678 not documented", 4, "0x12345678"),
    "no-answer": ("no answer within 1000000 cycles", 5, "before the last mailbox command was answered"),
}


class BrokenTest(unittest.TestCase):
    def run_program(self, *arguments, status, timeout=200):
        done = subprocess.run([str(each) for each in arguments], capture_output=True, timeout=timeout, check=False)
        text = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
        self.assertEqual(done.returncode, status, text[-3000:])
        return text

    def test_each_kind_of_finding_is_found_shortened_and_replayed(self):
        images = ["mailbox", "--rom", ROM, "--firmware", BUNDLE, "--stack", STACK, "--input-cycles", "1000000"]
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            corpus, found, again = folder / "corpus", folder / "found", folder / "again"
            corpus.mkdir()
            (corpus / "seed").write_bytes(SEED)
            self.assertIn(" 0 findings", self.run_program(FUZZ, "replay", *images, corpus, status=0))
            self.run_program(FUZZ, "run", *images, "--findings", found, "--", "-runs=40000", "-seed=3", "-max_len=32",
                             corpus, status=0)
            names = sorted(path.name for path in found.iterdir())
            self.assertEqual(len(names), len(FINDINGS), names)
            for kind, (said, status, seen) in FINDINGS.items():
                with self.subTest(kind):
                    path = found / next((name for name in names if name.startswith(f"finding-{kind}")), kind)
                    self.assertTrue(path.exists(), names)
                    self.assertLess(path.stat().st_size, len(SEED))
                    self.assertIn(f"FINDING: {said}", self.run_program(FUZZ, "replay", *images, path, status=1))
                    output = self.run_program(FUZZ, "minimize", *images, path, "-o", again, status=0)
                    self.assertRegex(output, r"\n(\d+) bytes instead of \1: ")
                    command = shlex.split(output.splitlines()[-1])
                    self.assertIn(seen, self.run_program(EMU, *command[1:], status=status))


if __name__ == "__main__":
    ROM, BUNDLE, FUZZ, EMU = sys.argv[1:5]
    said = subprocess.run([FUZZ, "run", "mailbox", "--rom", ROM, "--firmware", BUNDLE, "--", "-runs=0"],
                          capture_output=True, check=False).stderr
    if b"built without libFuzzer" in said:
        print("[skipped] the bugs of a runtime: caliptra-fuzz was built without libFuzzer")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
