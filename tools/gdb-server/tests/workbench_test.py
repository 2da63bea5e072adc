#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Drives gdb-multiarch forwards and backwards: workbench_test.py PROGRAM DEMONSTRATION_FOLDER.

The official ROM is taken from CALIPTRA_IMAGES. The exit status is 77 where there is no gdb-multiarch.
"""

import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import gdb_test
from gdb_test import Emulator, gdb, official_rom

FOLDER = Path()


def demonstration(*arguments):
    return Emulator("--rom", str(FOLDER / "rom.bin"), "--firmware", str(FOLDER / "bundle.bin"), *arguments)


def elf(stage):
    return str(FOLDER / (stage + ".elf"))


def session(target, commands):
    """What a user sees who types the commands, prompts included."""
    arguments = []
    for command in commands:
        arguments += [f"echo (gdb) {command}\\n", command]
    text = gdb(target, *arguments)
    return [line.rstrip() for line in text[text.index("(gdb) "):].splitlines()]


class Demonstration(unittest.TestCase):
    """The demonstration firmware, with DWARF."""

    def test_source_level(self):
        with demonstration() as emulator:
            text = gdb(emulator.target, "break main", "continue", "list", "next", "step", "backtrace", "break self_test_run",
                       "continue", "finish",
                       "info registers mstatus mtvec mrac", "kill", elf=elf("rom"))
            self.assertEqual(emulator.end()[0], 0, text)
        self.assertRegex(text, r"Breakpoint 1, (0x[0-9a-f]+ in )?main \(\) at .*/rom/main\.c:\d+")
        self.assertRegex(text, r"#\d .*main \(\) at .*/rom/main\.c:\d+")
        self.assertRegex(text, r"Breakpoint 2, (0x[0-9a-f]+ in )?self_test_run")
        self.assertRegex(text, r"Value returned is \$1 = 0\n")
        self.assertRegex(text, r"mrac +0x[0-9a-f]+")

    def test_through_all_stages_and_back_to_reset(self):
        with demonstration("--until", "exit", "--max-cycles", "100000000", "--symbols", elf("rom"), "--symbols",
                           elf("runtime")) as emulator:
            text = gdb(emulator.target, f"add-symbol-file {elf('runtime')}", "break *$pc", "break main", "continue",
                       "monitor backtrace", "monitor cycles", "delete", "reverse-continue", "p/x $pc",
                       "monitor cycles", "tbreak main", "continue", "reverse-stepi", "stepi", "p $pc == &main",
                       "kill", elf=elf("rom"))
            self.assertEqual(emulator.end()[0], 0, text)
        self.assertIn("No more reverse-execution history", text)
        cycles = [int(each) for each in re.findall(r"^cycles (\d+)", text, re.MULTILINE)]
        self.assertGreater(cycles[0], cycles[1], text)
        self.assertIn("$1 = 0x0\n", text)
        self.assertRegex(text, r"#0 +0x[0-9a-f]+ .*main")

    def test_reverse_to_breakpoints_and_watchpoints(self):
        with Emulator("--rom", gdb_test.BIN) as emulator:
            text = gdb(emulator.target, "break check_cpu", "continue", "set $here = $pc", "set $count = $minstret",
                       "reverse-stepi", "reverse-stepi", "stepi", "stepi", "p $pc == $here",
                       "p $minstret == $count", "watch passed", "continue", "continue", "p passed",
                       "reverse-continue", "p passed", "reverse-continue", "p passed", "reverse-continue",
                       "p $pc == $here", "delete", "reverse-finish", "reverse-step", "reverse-next", "detach",
                       elf=gdb_test.ELF)
            status, out, _ = emulator.end()
        values = re.findall(r"^\$\d+ = (\S+)", text, re.MULTILINE)
        self.assertEqual(values, ["1", "1", "2", "1", "0", "1"], text)
        self.assertEqual(text.count("Hardware watchpoint 2: passed"), 5, text)
        # What was printed once is not printed again, and the end is the same.
        self.assertEqual(status, 0, out + text)
        self.assertEqual(len(re.findall("arithmetic of RV32I", out)), 1, out)

    def test_where_watchpoints_stop(self):
        """Behind the access, and backwards at it: the next instruction calls another function."""
        with Emulator("--rom", gdb_test.BIN) as emulator:
            text = gdb(emulator.target, "break check", "continue", "delete", "watch passed", "continue", "p passed",
                       "x/i $pc", "info symbol $pc", "set $behind = $pc", "reverse-continue", "p passed", "x/i $pc",
                       "stepi", "p $pc == $behind", "delete", "rwatch passed", "continue", "x/2i $pc - 2", "info symbol $pc",
                       "kill", elf=gdb_test.ELF)
            self.assertEqual(emulator.end()[0], 0, text)
        self.assertEqual(re.findall(r"^\$\d+ = (\S+)", text, re.MULTILINE), ["1", "0", "1"], text)
        self.assertRegex(text, r"=> 0x[0-9a-f]+ <check\+\d+>:\tjal\t.*print>\n")
        self.assertRegex(text, r"=> 0x[0-9a-f]+ <check\+\d+>:\tsw\t")
        self.assertRegex(text, r"0x[0-9a-f]+ <check\+\d+>:\tlw\t[^\n]*\n=> ")
        self.assertEqual(len(re.findall(r"^check \+ \d+ in section", text, re.MULTILINE)), 2, text)

    def test_monitor(self):
        with tempfile.TemporaryDirectory() as folder, demonstration() as emulator:
            trace = folder + "/trace"
            text = gdb(emulator.target, "break main", "continue", "monitor help", "monitor regs", "monitor regs soc_ifc",
                       "monitor fuses", "monitor keys", "monitor pcrs", "monitor mailbox", "monitor interrupts",
                       "monitor cycles", "monitor timing", "monitor snapshot save here", f"monitor trace on {trace}",
                       "stepi 10", "monitor trace off", "monitor snapshot restore here",
                       "maintenance flush register-cache", "p $pc == &main",
                       "monitor inject ecc_correctable address=0x50000000", "monitor inject clear",
                       "monitor reset warm", "monitor reset cold", "kill", elf=elf("rom"))
            self.assertEqual(emulator.end()[0], 0, text)
            self.assertEqual(len(Path(trace).read_text(encoding="ascii").splitlines()), 10)
        for expected in ("snapshot save|restore NAME", "trace on FILE|off", "inject KIND", "CPTRA_BOOT_STATUS",
                         "fuse_uds_seed", "dest_valid", "slot lock value", "MBOX_LOCK", "mstatus.mie", "instructions",
                         "reference\n", "saved 'here'", "the trace is written", "restored 'here'", "$1 = 1\n",
                         "injected ecc_correctable", "no fault lasts", "warm reset; pc 0x00000000",
                         "cold reset; pc 0x00000000"):
            self.assertIn(expected.upper(), text.upper())


@unittest.skipUnless(official_rom(), "there is no ROM 1.2.0")
class OfficialRom(unittest.TestCase):
    """A raw binary, without symbols."""

    def test_reverse(self):
        with Emulator("--rom", official_rom(), "--until", "ready-for-fw") as emulator:
            text = gdb(emulator.target, "stepi 100", "p/x $pc", "reverse-stepi 50", "stepi 50", "p/x $pc",
                       "break *0x10", "reverse-continue", "p/x $pc", "stepi", "stepi 1000", "reverse-continue",
                       "p/x $pc", "delete", "continue")
            status, _, err = emulator.end()
        values = re.findall(r"^\$\d+ = (\S+)", text, re.MULTILINE)
        self.assertEqual(values[0], values[1], text)
        self.assertEqual(values[2:], ["0x10", "0x10"], text)
        self.assertEqual((status, err), (0, ""), text)

    def test_the_session_that_the_documentation_shows(self):
        page = (Path(__file__).resolve().parents[3] / "docs/debugging.md").read_text(encoding="utf-8")
        block = re.search(r"<!-- a session, checked by workbench_test.py -->\n\n((?:    .*\n|\n)+)", page)[1]
        shown = [line[4:].rstrip() for line in block.rstrip().splitlines()]
        commands = [line.removeprefix("(gdb) ") for line in shown if line.startswith("(gdb) ")]
        self.assertGreater(len(commands), 10)
        with Emulator("--rom", official_rom()) as emulator:
            self.assertEqual(session(emulator.target, commands), shown)

    def test_self_tests_step_by_step(self):
        """Over the ROM's known-answer tests: thousands of steps, and back."""
        with Emulator("--rom", official_rom(), "--max-cycles", "1000000000") as emulator:
            text = gdb(emulator.target, "stepi 20000", "set $there = $pc", "set $count = $minstret", "stepi 500",
                       "reverse-stepi 500", "p $pc == $there", "p $minstret == $count", "monitor cycles", "kill")
            self.assertEqual(emulator.end()[0], 0)
        self.assertEqual(re.findall(r"^\$\d+ = (\S+)", text, re.MULTILINE), ["1", "1"], text)


if __name__ == "__main__":
    gdb_test.PROGRAM, folder_name, gdb_test.ELF, gdb_test.BIN = sys.argv[1:5]
    FOLDER = Path(folder_name)
    if shutil.which("gdb-multiarch") is None:
        print("[skipped] gdb forwards and backwards: there is no gdb-multiarch")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1] + sys.argv[5:])
