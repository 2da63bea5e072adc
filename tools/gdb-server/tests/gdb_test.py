#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Drives gdb-multiarch against caliptra-emu: gdb_test.py PROGRAM SELFCHECK_ELF SELFCHECK_BIN.

The official ROM is taken from CALIPTRA_IMAGES. The exit status is 77 where there is no gdb-multiarch.
"""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

IMAGES = Path(os.environ.get("CALIPTRA_IMAGES", Path(__file__).resolve().parents[3].parent / "shared/images"))
PROGRAM = ELF = BIN = ""
TIMEOUT = 120


def official_rom():
    found = sorted(IMAGES.glob("rom/*1.2.0*"))
    found = [path for path in found if path.suffix == ".bin" and "log" not in path.name] or found
    return str(found[0]) if found else None


class Emulator:
    """A caliptra-emu that waits for a debugger."""

    def __init__(self, *arguments, address="0", subcommand=("run",), flag="--gdb"):
        self.process = subprocess.Popen([PROGRAM, *subcommand, *arguments, flag, address], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.line = self.process.stderr.readline().decode()
        match = re.match(r"caliptra-emu: gdb server listens on (?:tcp:(127\.0\.0\.1:\d+)|unix:(.*))\n", self.line)
        if not match:
            raise AssertionError(self.line)
        self.target = match[1] or match[2]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def end(self):
        """Exit status, standard output and the rest of standard error."""
        out, err = self.process.communicate(timeout=TIMEOUT)
        return self.process.returncode, out.decode(errors="replace"), err.decode()


def gdb(target, *commands, elf=None):
    arguments = ["gdb-multiarch", "--nx", "--quiet", "--batch", "-ex", "set confirm off", "-ex", "set pagination off",
                 "-ex", "set remotetimeout 30"]
    if not elf:
        arguments += ["-ex", "set architecture riscv:rv32"]
    for command in (f"target remote {target}", *commands):
        arguments += ["-ex", command]
    if elf:
        arguments.append(elf)
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=TIMEOUT, check=False)
    return done.stdout.decode(errors="replace")


class OurFirmware(unittest.TestCase):
    """Our self-checking image, with DWARF."""

    def test_source_level(self):
        with Emulator("--rom", BIN) as emulator:
            text = gdb(emulator.target, "p/x $pc", "break main", "continue", "backtrace", "next", "info registers mstatus mrac",
                       "p/x $mstatus", "set $mscratch = 0x1234", "p/x $mscratch", "p/x $mhartid", "x/2i $pc",
                       "print $x2 == $sp", "kill", elf=ELF)
            status, out, err = emulator.end()
        self.assertIn("$1 = 0x0\n", text)
        self.assertRegex(text, r"Breakpoint 1, (0x[0-9a-f]+ in )?main \(\)")
        self.assertRegex(text, r"#0 .*main \(\) at .*main\.c:\d+")
        self.assertIn("0x1800", text)
        self.assertIn("= 0x1234\n", text)
        self.assertIn("$5 = 1\n", text)
        self.assertEqual((status, err), (0, ""), text)

    def test_step_finish_watch(self):
        with Emulator("--rom", BIN) as emulator:
            text = gdb(emulator.target, "break check", "continue", "backtrace", "p good", "finish", "stepi", "delete",
                       "watch passed", "rwatch passed", "continue", "continue", "break report.c:15", "continue",
                       "p passed >= 2", "delete", "detach", elf=ELF)
            status, out, _ = emulator.end()
        self.assertRegex(text, r"#1 .* in .* at .*check_cpu\.c:\d+")
        self.assertRegex(text, r"#\d .* in main \(\)")
        self.assertRegex(text, r"\$1 = true\n.*at .*check_cpu\.c:\d+\n")  # finish
        self.assertIn("Hardware watchpoint 2: passed", text)
        self.assertIn("Hardware read watchpoint 3: passed", text)
        self.assertRegex(text, r"Old value = 1\nNew value = 2")
        self.assertRegex(text, r"Breakpoint 4(\.1)?, check \(.* at .*report\.c:\d+")
        # After the detach the image runs to its end.
        self.assertEqual(status, 0, out + text)

    def test_refused_addresses_and_side_effects(self):
        with Emulator("--rom", BIN) as emulator:
            text = gdb(emulator.target, "x/wx 0x80000000", "set mem inaccessible-by-default off", "x/wx 0x80000000",
                       "x/wx 0x30020000", "x/wx 0x30020000", "monitor regs mailbox", "set var *(int *)0 = 1",
                       "monitor reset warm", "monitor nonsense", "kill", elf=ELF)
        self.assertEqual(text.count("Cannot access memory at address 0x80000000"), 2, text)
        self.assertEqual(len(re.findall(r"0x30020000:\s+0x00000000", text)), 2, text)
        self.assertIn("MBOX_STATUS", text.upper())
        self.assertIn("Cannot access memory at address 0x0", text)
        self.assertIn("warm reset; pc 0x00000000", text)
        self.assertIn("there is no command 'nonsense'", text)

    def test_runs_to_its_end_under_the_debugger(self):
        with Emulator("--rom", BIN) as emulator:
            text = gdb(emulator.target, "continue", elf=ELF)
            status, out, err = emulator.end()
        self.assertIn("exited normally", text)
        self.assertEqual((status, err), (0, ""))
        self.assertIn("\n", out)

    def test_several_connections(self):
        with Emulator("--rom", BIN) as emulator:
            first = gdb(emulator.target, "break main", "continue", "disconnect", elf=ELF)
            second = gdb(emulator.target, "p $pc == &main", "info breakpoints", "stepi", "detach", elf=ELF)
            status, _, _ = emulator.end()
        self.assertIn("Breakpoint 1", first)
        self.assertIn("No breakpoints or watchpoints", second)
        self.assertEqual(status, 0, second)

    def test_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = folder + "/gdb"
            with Emulator("--rom", BIN, address="unix:" + path) as emulator:
                self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
                text = gdb(path, "stepi", "p/x $pc != 0", "kill", elf=ELF)
                status, _, _ = emulator.end()
            self.assertIn("= 0x1", text)
            self.assertEqual(status, 0)
            self.assertFalse(os.path.exists(path))

    def test_reference_command_line(self):
        with Emulator("--rom", BIN, subcommand=(), flag="--gdb-port") as emulator:
            text = gdb(emulator.target, "stepi", "p/x $pc != 0", "kill", elf=ELF)
            self.assertEqual(emulator.end()[0], 0)
        self.assertIn("= 0x1", text)


class Robustness(unittest.TestCase):
    def test_waiting_can_be_ended(self):
        with Emulator("--rom", BIN) as emulator:
            emulator.process.send_signal(signal.SIGINT)
            status, _, err = emulator.end()
        self.assertEqual((status, err), (128 + signal.SIGINT, "caliptra-emu: interrupted\n"))

    def test_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            done = subprocess.run([PROGRAM, "run", "--rom", BIN, "--gdb", str(taken.getsockname()[1])],
                                  stderr=subprocess.PIPE, timeout=TIMEOUT, check=False)
        self.assertEqual(done.returncode, 7)
        self.assertRegex(done.stderr.decode(), r"\Acaliptra-emu: cannot listen on [^\n]+\n\Z")

    def test_peers_that_vanish(self):
        with Emulator("--rom", BIN) as emulator:
            host, port = emulator.target.split(":")
            for data in (b"", b"$", b"$m0,4#", b"rubbish" * 1000, b"$qXfer:features:read:target.xml:0,3ff0#00" * 50,
                         b"$" + b"x" * 100_000, b"\x03" * 1000):
                with socket.create_connection((host, int(port))) as peer:
                    peer.sendall(data)
            text = gdb(emulator.target, "p/x $pc", "kill", elf=ELF)
            self.assertEqual(emulator.end()[0], 0)
        self.assertIn("$1 = ", text)


@unittest.skipUnless(official_rom(), "there is no ROM 1.2.0")
class OfficialRom(unittest.TestCase):
    """A raw binary, without symbols."""

    def test_breakpoints_and_steps(self):
        with Emulator("--rom", official_rom()) as emulator:
            text = gdb(emulator.target, "x/3i 0", "stepi", "stepi", "p/x $pc", "info registers pc sp mtvec",
                       "tbreak *$pc", "set $a = $pc", "stepi", "stepi", "break *$pc", "monitor reset cold",
                       "maintenance flush register-cache", "p/x $pc", "continue", "continue", "monitor cycles", "kill")
            self.assertEqual(emulator.end()[0], 0)
        self.assertIn("=> 0x0:", text)
        self.assertRegex(text, r"Temporary breakpoint 1 at 0x")
        self.assertIn("cold reset; pc 0x00000000", text)
        self.assertIn("$2 = 0x0\n", text)
        self.assertRegex(text, r"Temporary breakpoint 1, 0x00000008 in")
        self.assertRegex(text, r"Breakpoint 2, 0x00000010 in")
        self.assertRegex(text, r"instructions \d+")

    def test_interrupt(self):
        with Emulator("--rom", official_rom(), "--max-cycles", "1000000000000") as emulator:
            process = subprocess.Popen(
                ["gdb-multiarch", "--nx", "--quiet", "-ex", "set architecture riscv:rv32", "-ex", "set confirm off",
                 "-ex", f"target remote {emulator.target}", "-ex", "continue",
                 "-ex", "monitor cycles", "-ex", "detach", "-ex", "quit"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
            time.sleep(3)
            process.send_signal(signal.SIGINT)
            text = process.communicate(timeout=TIMEOUT)[0].decode()
        self.assertIn("SIGINT", text)
        self.assertGreater(int(re.search(r"instructions (\d+)", text)[1]), 1000)

    def test_fatal_error_stops_in_the_debugger(self):
        with Emulator("--rom", official_rom(), "--firmware", BIN) as emulator:
            text = gdb(emulator.target, "continue", "monitor regs soc_ifc", "continue")
            status, _, err = emulator.end()
        self.assertIn("SIGABRT", text)
        self.assertRegex(text, r"CPTRA_FW_ERROR_FATAL +000b")
        self.assertIn("exited with code 04", text)
        self.assertEqual(status, 4)
        self.assertEqual(err.count("fatal error"), 1)


if __name__ == "__main__":
    PROGRAM, ELF, BIN = sys.argv[1:4]
    if shutil.which("gdb-multiarch") is None:
        print("[skipped] gdb: there is no gdb-multiarch")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
