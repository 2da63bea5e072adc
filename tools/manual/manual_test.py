#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Tests what a user meets around caliptra-emu's runs: manual_test.py PROGRAM MANUAL_PAGE BASH_COMPLETION ZSH_COMPLETION."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = MANUAL = BASH = ZSH = ""
SUBCOMMANDS = ("run", "serve", "report")


def call(*arguments):
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120,
                          check=False, encoding="utf-8")
    return done.returncode, done.stdout, done.stderr


def options_of(subcommand):
    """Those that the program really has: each is asked for, and not unknown."""
    names = set(re.findall(r"(?:^  |,)(--[a-z0-9-]+)", call(PROGRAM, subcommand, "--help")[1], re.MULTILINE))
    for name in names - {"--help"}:
        assert "not expected" not in call(PROGRAM, subcommand, name)[2], name
    return names


class Texts(unittest.TestCase):
    def test_every_option_is_in_all_of_them(self):
        texts = {name: Path(name).read_text(encoding="utf-8") for name in (MANUAL, BASH, ZSH)}
        for subcommand in SUBCOMMANDS:
            options = options_of(subcommand)
            self.assertIn("--help", options)
            self.assertGreater(len(options), 10)
            for option in options:
                self.assertIn("\\fB" + option.replace("-", "\\-") + "\\fR", texts[MANUAL])
                self.assertRegex(texts[BASH], rf"[ \"|]{re.escape(option)}[ \"|)]|{re.escape(option)}\"")
                self.assertIn(option + "[", texts[ZSH])

    @unittest.skipUnless(shutil.which("mandoc"), "there is no mandoc")
    def test_manual_page(self):
        status, out, _ = call("mandoc", "-Tlint", "-Werror", MANUAL)
        self.assertEqual((status, out), (0, ""))
        page = re.sub(".\b", "", call("mandoc", "-Tutf8", MANUAL)[1])
        for text in ("NAME", "SYNOPSIS", "RUN", "SERVE", "EXAMPLES", "--save-snapshot FILE", "Exit status: 0"):
            self.assertIn(text, page)

    @unittest.skipUnless(shutil.which("bash"), "there is no bash")
    def test_bash(self):
        def complete(*words):
            quoted = " ".join(f"'{word}'" for word in words)
            script = (f"source '{BASH}'; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; compopt() {{ :; }}; "
                      '_caliptra_emu; printf "%s\\n" "${COMPREPLY[@]}"')
            status, out, err = call("bash", "--norc", "-c", script)
            self.assertEqual((status, err), (0, ""))
            return out.split()

        self.assertEqual(call("bash", "-n", BASH), (0, "", ""))
        self.assertTrue(set(SUBCOMMANDS) <= set(complete("caliptra-emu", "")))
        self.assertEqual(set(complete("caliptra-emu", "run", "--")), options_of("run"))
        self.assertEqual(set(complete("caliptra-emu", "serve", "--")), options_of("serve"))
        self.assertEqual(complete("caliptra-emu", "run", "--timing", ""), ["reference", "rtl"])
        self.assertEqual(complete("caliptra-emu", "run", "--until", "r"), ["ready-for-fw", "rt-ready"])
        self.assertEqual(complete("caliptra-emu", "run", "--rom", MANUAL[:-1]), [MANUAL])
        self.assertEqual(complete("caliptra-emu", "run", "--seed", ""), [])

    @unittest.skipUnless(shutil.which("zsh"), "there is no zsh")
    def test_zsh(self):
        self.assertEqual(call("zsh", "-f", "-n", ZSH), (0, "", ""))

    def test_help_is_grouped(self):
        text = call(PROGRAM, "run", "--help")[1]
        for group in ("Images:", "Hardware:", "Run:", "Snapshots:", "Output:"):
            self.assertIn("\n" + group + "\n", text)

    def test_version(self):
        status, out, _ = call(PROGRAM, "--version")
        self.assertEqual(status, 0)
        self.assertRegex(out, r"\Acaliptra-emu \d+\.\d+\.\d+\nhardware generations: 1\.0 \(RTL 1\.0\), 1\.1 and 1\.2 \(RTL 1\.1\)\n\Z")


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.rom = self.folder + "/loop.bin"
        # x1 counts for ever: addi x1, x1, 1; j -4
        Path(self.rom).write_bytes(bytes.fromhex("93801000" "6ff0dfff"))


class Heartbeat(Folder):
    def test_shown_on_a_terminal(self):
        ours, theirs = pty.openpty()
        with subprocess.Popen([PROGRAM, "run", "--rom", self.rom], stdout=subprocess.DEVNULL, stderr=theirs) as process:
            os.close(theirs)
            text = ""
            end = time.monotonic() + 60
            while text.count("MIPS") < 2 and time.monotonic() < end:
                if select.select([ours], [], [], 1)[0]:
                    text += os.read(ours, 4096).decode()
            process.send_signal(signal.SIGINT)
            while True:
                try:
                    more = os.read(ours, 4096).decode()
                except OSError:
                    break
                if not more:
                    break
                text += more
        os.close(ours)
        self.assertRegex(text, r"\r\x1b\[Kcycle [\d,]+  \d+ MIPS  reset")
        cycles = [int(each.replace(",", "")) for each in re.findall(r"cycle ([\d,]+)", text)]
        self.assertEqual(cycles, sorted(cycles))
        # It is taken away before the program says what it has to say.
        self.assertRegex(text, r"\r\x1b\[Kcaliptra-emu: interrupted\r?\n\Z")

    def test_absent_elsewhere(self):
        with subprocess.Popen([PROGRAM, "run", "--rom", self.rom], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            time.sleep(2.5)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.communicate(timeout=60)[1], b"caliptra-emu: interrupted\n")


class Snapshots(Folder):
    def run_it(self, *arguments):
        status, _, err = call(PROGRAM, "run", "--rom", self.rom, *arguments)
        return status, err

    def test_saved_and_loaded(self):
        first, whole, rest = (f"{self.folder}/{name}" for name in ("first", "whole", "rest"))
        status, err = self.run_it("--save-snapshot", first, "--at", "cycle=12345", "--until", "cycle=20000")
        if "built without zstd" in err:
            self.skipTest("the program was built without zstd")
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(Path(first).stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.run_it("--until", "cycle=20000", "--save-snapshot", whole), (0, ""))
        self.assertEqual(self.run_it("--load-snapshot", first, "--until", "cycle=20000", "--save-snapshot", rest), (0, ""))
        self.assertEqual(Path(whole).read_bytes(), Path(rest).read_bytes())

        def refused(path, *arguments):
            status, err = self.run_it("--load-snapshot", path, *arguments)
            self.assertEqual(status, 3, err)
            self.assertEqual(err.count("\n"), 1)
            return err.removeprefix(f"caliptra-emu: snapshot '{path}' cannot be loaded: ").strip()

        self.assertEqual(refused(first, "--timing", "rtl"), "its timing is reference, here it is rtl")
        self.assertEqual(refused(self.rom), "it is no snapshot")
        data = Path(first).read_bytes()
        other = self.folder + "/other"
        Path(other).write_bytes(data[:-1])
        self.assertRegex(refused(other), r"it is cut short: \d+ of \d+ bytes")
        Path(other).write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
        self.assertEqual(refused(other), "it is damaged: its checksum is wrong")
        Path(other).write_bytes(data[:16] + b"\x07" + data[17:])
        self.assertEqual(refused(other), "its format is 7, and only 1 is known")
        self.assertIn("No such file", self.run_it("--load-snapshot", self.folder + "/none")[1])

        status, err = self.run_it("--save-snapshot", other, "--at", "rt-ready", "--until", "cycle=1000")
        self.assertEqual((status, err), (5, "caliptra-emu: no snapshot was saved: rt-ready never came\n"))
        self.assertEqual(self.run_it("--at", "exit")[0], 2)
        self.assertEqual(self.run_it("--until", "cycle=9", "--save-snapshot", self.folder + "/no/file")[0], 7)


if __name__ == "__main__":
    PROGRAM, MANUAL, BASH, ZSH = sys.argv[1:5]
    unittest.main(argv=sys.argv[:1] + sys.argv[5:])
