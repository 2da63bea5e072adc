#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Drives caliptra-fuzz: test_caliptra_fuzz.py FUZZ EMU [AFL]; 77 without the official images of CALIPTRA_IMAGES.

test_caliptra_fuzz.py --demonstration ROM BUNDLE FUZZ EMU [AFL] does the same with the demonstration firmware.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

IMAGES = Path(os.environ.get("CALIPTRA_IMAGES", Path(__file__).resolve().parents[2].parent / "shared/images"))
ROM = IMAGES / "rom/caliptra-rom-1.2.0-3b50c6a.bin"
FIRMWARE = IMAGES / "bundle/ast2700-fw-1.2-20251023.bin"
BASE = ["--rom", str(ROM), "--firmware", str(FIRMWARE)]
DEMONSTRATION = False
FUZZ = EMU = AFL = ""
LIBFUZZER = False
SILENT_TRNG = "ROM_CFI_PANIC_TRNG_FAILURE"


class FuzzTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_program(self, *arguments, status=0, program=None, timeout=300):
        done = subprocess.run([program or FUZZ, *map(str, arguments)], capture_output=True, timeout=timeout, check=False)
        text = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
        self.assertEqual(done.returncode, status, text[-3000:])
        return text

    def seeds(self, target):
        folder = self.folder / f"seeds-{target}"
        self.run_program("seeds", target, folder)
        return folder

    def test_every_target_runs_its_seeds(self):
        expected = {
            "mailbox": ("FW_INFO-0: 0x494e464f data", 0),
            "rom-mailbox": ("FW_PROC_MAILBOX_INVALID_COMMAND", 0),
            "firmware": ("marker: CPTRA_FW_ERROR_FATAL 0x000b0001 IMAGE_VERIFIER_ERR_MANIFEST_MARKER_MISMATCH", 0),
            "measurements": ("FW_PROC_MAILBOX_STASH_MEASUREMENT_MAX_LIMIT", 0),
        }
        signed = ("signed-again: accepted after", "signed-load-address: CPTRA_FW_ERROR_FATAL 0x000b0021")
        for target, (text, status) in expected.items():
            with self.subTest(target):
                output = self.run_program("replay", target, *BASE, self.seeds(target), status=status)
                self.assertIn(text, output)
                self.assertIn(" 0 findings", output)
                for line in signed if target == "firmware" else ():
                    self.assertIn(line, output)

    def test_a_broken_noise_source(self):
        seeds = self.seeds("trng")
        output = self.run_program("replay", "trng", *BASE, "--input-cycles", 30000000, seeds / "good", seeds / "silent")
        self.assertIn("good: ready_for_fw", output)
        self.assertIn(SILENT_TRNG, output)

    def test_a_finding_is_shortened_and_replays_in_the_emulator(self):
        if DEMONSTRATION:
            self.skipTest("the demonstration ROM sees that entropy is all zeros")
        # A ROM that gets only zeros for entropy never comes to an end of its own.
        finding = self.folder / "zeros"
        finding.write_bytes(bytes([0, 0, 0, 0, 0, 0, 3, 0, 0, 1]))
        limit = ["--input-cycles", "5000000"]
        output = self.run_program("replay", "trng", *BASE, *limit, finding, status=1)
        self.assertIn("FINDING: no answer within 5000000 cycles", output)
        shorter = self.folder / "a shorter one"
        output = self.run_program("minimize", "trng", *BASE, *limit, finding, "-o", shorter)
        self.assertLess(shorter.stat().st_size, finding.stat().st_size)
        command = shlex.split(output.strip().splitlines()[-1])
        self.assertEqual(command[0], "caliptra-emu")
        self.run_program(*command[1:], program=EMU, status=5)
        self.run_program("minimize", "mailbox", *BASE, self.seeds("mailbox") / "FW_INFO-0", "-o", shorter, status=2)

    def test_the_emulator_does_what_the_fuzzer_does(self):
        for target, seed, text, status in [
                ("mailbox", "FW_INFO-0", "FW_INFO: complete, 264 bytes", 0),
                ("rom-mailbox", "FW_INFO-0", "FW_PROC_MAILBOX_INVALID_COMMAND", 4),
                ("firmware", "marker", "IMAGE_VERIFIER_ERR_MANIFEST_MARKER_MISMATCH", 4),
                ("measurements", "too-many", "FW_PROC_MAILBOX_STASH_MEASUREMENT_MAX_LIMIT", 4),
                ("trng", "silent", SILENT_TRNG, 4)]:
            with self.subTest(target):
                output = self.run_program("run", *BASE, "--fuzz-input", f"{target}:{self.seeds(target) / seed}",
                                          program=EMU, status=status)
                self.assertIn(text, output)

    def test_libfuzzer(self):
        if not LIBFUZZER:
            self.skipTest("built without libFuzzer")
        findings = self.folder / "findings"
        output = self.run_program("run", "mailbox", *BASE, "--findings", findings, "--", "-runs=400", "-seed=1",
                                  self.seeds("mailbox"))
        self.assertTrue(re.search(r"Done [4-9]\d\d runs", output), output[-300:])
        self.assertNotIn("FINDING", output)
        self.assertEqual(list(findings.iterdir()), [])

    def test_rate(self):
        output = self.run_program("rate", "mailbox", *BASE, "--seconds", 0, self.seeds("mailbox"))
        self.assertRegex(output, r"mailbox: [1-9]\d* inputs a second of one core, [1-9]\d* instructions each")

    def test_afl(self):
        if not AFL:
            self.skipTest("AFL++ is not installed")
        seeds = self.folder / "seeds"
        seeds.mkdir()
        # What either runtime answers, so that there is something to get further from.
        for name in "FW_INFO-0", "GET_IDEV_INFO-0", "GET_LDEV_CERT-0", "CAPABILITIES-0", "CAPABILITIES-4":
            shutil.copy(self.seeds("mailbox") / name, seeds)
        environment = dict(os.environ, AFL_SKIP_CPUFREQ="1", AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1", AFL_NO_UI="1",
                           AFL_NO_AFFINITY="1")
        done = subprocess.run(
            ["afl-fuzz", "-E", "200", "-s", "1", "-t", "20000", "-i", seeds, "-o", self.folder / "out", "--", AFL, "mailbox", *BASE],
            capture_output=True, env=environment, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode()[-2000:])
        stats = dict(line.replace(" ", "").split(":", 1)
                     for line in (self.folder / "out/default/fuzzer_stats").read_text().splitlines())
        self.assertGreaterEqual(int(stats["execs_done"]), 200)
        self.assertGreater(int(stats["edges_found"]), 100)
        self.assertEqual(int(stats["saved_crashes"]), 0)
        self.run_program("mailbox", *BASE, program=AFL, status=2)

    def test_bad_input(self):
        seed = self.folder / "seed"
        seed.write_bytes(b"")
        for arguments, status, text in [
                (["replay", "nothing", *BASE, seed], 2, "nothing"),
                (["replay", "mailbox", seed], 2, "no ROM"),
                (["replay", "mailbox", "--rom", self.folder / "absent", seed], 3, "absent"),
                (["replay", "mailbox", *BASE, self.folder / "absent"], 3, "absent"),
                (["replay", "mailbox", "--rom", str(ROM), seed], 2, "the boot ended"),
                (["rate", "mailbox", *BASE, "--fuse", "nonsense", seed], 2, "NAME=VALUE"),
                (["minimize", "mailbox", *BASE, seed], 2, "--output"),
                (["replay", "mailbox", *BASE, "--input-cycles", "-1", seed], 2, "takes a number of 64 bits, not '-1'"),
                (["seeds", "mailbox", seed], 7, "seed"),
                ([], 2, "subcommand")]:
            with self.subTest(arguments):
                self.assertIn(text, self.run_program(*arguments, status=status))
        for value in ["mailbox", "nothing:x", ":", ""]:
            with self.subTest(value):
                self.run_program("run", *BASE, "--fuzz-input", value, program=EMU, status=2)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[0] == "--demonstration":
        DEMONSTRATION = True
        ROM, FIRMWARE = map(Path, arguments[1:3])
        BASE = ["--rom", str(ROM), "--firmware", str(FIRMWARE)]
        SILENT_TRNG = "DRIVER_TRNG_EXT_TIMEOUT"
        del arguments[:3]
    elif not ROM.exists() or not FIRMWARE.exists():
        print(f"[skipped] caliptra-fuzz: there is no {IMAGES} (CALIPTRA_IMAGES)")
        sys.exit(77)
    FUZZ, EMU = arguments[:2]
    AFL = arguments[2] if len(arguments) > 2 else ""
    said = subprocess.run([FUZZ, "run", "mailbox", *BASE, "--", "-runs=0"], capture_output=True, check=False).stderr
    LIBFUZZER = b"built without libFuzzer" not in said
    for engine, there in (("AFL++", AFL), ("libFuzzer", LIBFUZZER)):
        if not there:
            print(f"[skipped] {engine}: not installed when this was built")
    unittest.main(argv=sys.argv[:1])
