#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Drives the built caliptra-emu: cli_test.py PROGRAM [--images].

With --images the official ROMs and bundles of CALIPTRA_IMAGES are run; the exit status is 77 where they are absent.
"""

import json
import lzma
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import tiny_rom  # noqa: E402
from tiny_rom import Rom  # noqa: E402

IMAGES = Path(os.environ.get("CALIPTRA_IMAGES", Path(__file__).resolve().parents[2].parent / "shared/images"))
PROGRAM = ""

STATS_KEYS = ["stop_reason", "cycles", "instructions", "host_seconds", "mips", "boot_status", "flow_status",
              "fw_error_fatal", "fw_error_non_fatal", "hw_error_fatal", "timing", "milestones", "phases"]


class Case(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)
        self.addCleanup(self._folder.cleanup)

    def file(self, name, contents):
        path = self.folder / name
        if isinstance(contents, Rom):
            contents = contents.bytes()
        path.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
        return str(path)

    def emu(self, *arguments, status=0, error=None, timeout=60, stdout=subprocess.PIPE):
        """Runs the program, and checks its status and that standard error is one line that holds `error`."""
        done = subprocess.run([PROGRAM, *map(str, arguments)], stdout=stdout, stderr=subprocess.PIPE, timeout=timeout,
                              check=False)
        message = done.stderr.decode()
        self.assertEqual(done.returncode, status, f"{arguments}: {message}")
        if error is not None:
            self.assertIn(error, message)
            self.assertRegex(message, r"\Acaliptra-emu: [^\n]+\n\Z")
        elif status == 0:
            self.assertEqual(message, "")
        return done.stdout.decode(errors="replace") if done.stdout is not None else ""

    def run_rom(self, rom, *arguments, **keywords):
        return self.emu("run", "--rom", self.file("rom.bin", rom), *arguments, **keywords)

    def stats_of(self, rom, *arguments, **keywords):
        path = self.folder / "stats.json"
        self.run_rom(rom, "--stats", path, *arguments, **keywords)
        return json.loads(path.read_text())


class Usage(Case):
    def test_help_and_version(self):
        for arguments in (["--help"], ["run", "--help"]):
            text = self.emu(*arguments)
            for option in ("--rom", "--firmware", "--until", "--mailbox", "--ueid", "Exit status"):
                self.assertIn(option, text)
        text = self.emu("--version")
        self.assertRegex(text, r"\Acaliptra-emu \d+\.\d+")
        for generation in ("1.0", "1.1", "1.2"):
            self.assertIn(generation, text)

    def test_wrong_command_lines(self):
        rom = self.file("rom.bin", Rom().exit(tiny_rom.PASSED))
        for arguments, error in (
                ([], "no ROM"),
                (["run"], "no ROM"),
                (["run", "--rom"], "--rom"),
                (["run", "--rom", rom, "--bogus"], "--bogus"),
                (["run", "--rom", rom, "extra"], "extra"),
                (["crawl", "--rom", rom], "crawl"),
                (["run", "--rom", rom, "--hw", "3.0"], "--hw"),
                (["run", "--rom", rom, "--until", "midnight"], "midnight"),
                (["run", "--rom", rom, "--until", "boot-status=x"], "boot-status"),
                (["run", "--rom", rom, "--seed", "4294967296"], "--seed"),
                (["run", "--rom", rom, "--max-cycles", "-3"], "--max-cycles"),
                (["run", "--rom", rom, "--max-instructions", "1e6"], "--max-instructions"),
                (["run", "--rom", rom, "--trng", "maybe"], "--trng"),
                (["run", "--rom", rom, "--timing", "quick"], "--timing"),
                (["run", "--rom", rom, "--device-lifecycle", "old"], "--device-lifecycle"),
                (["run", "--rom", rom, "--mailbox", "NO_SUCH"], "NO_SUCH"),
                (["run", "--rom", rom, "--fuse", "fuse_nothing=1"], "fuse_nothing"),
                (["run", "--rom", rom, "--fuse", "fuse_uds_seed=12"], "96 hexadecimal digits"),
                (["run", "--rom", rom, "--fuse", "fuse_uds_seed=" + 96 * "x"], "hexadecimal digits"),
                (["run", "--rom", rom, "--fuse", "fuse_lms_revocation=0x100000000"], "fuse_lms_revocation"),
                (["run", "--rom", rom, "--fuse", "fuse_life_cycle=4"], "fuse_life_cycle"),
                (["--rom", rom, "--gdb-port", "everywhere"], "takes a port"),
                (["--rom", rom, "--mfg-pk-hash", "abc"], "--mfg-pk-hash"),
                (["--rom", rom, "--ueid", "-1"], "--ueid"),
                (["--rom", rom, "--idevid-key-id-algo", "md5"], "--idevid-key-id-algo"),
                (["--rom", rom, "run", "--rom", rom], "behind the subcommand")):
            with self.subTest(arguments=arguments):
                self.emu(*arguments, status=2, error=error)


class InputFiles(Case):
    def test_rom(self):
        for path, error in ((self.folder / "none", "No such file"), (self.folder, "is a directory"),
                            (self.file("empty", b""), "is empty"), ("/dev/zero", "too many"),
                            (self.file("large", bytes(48 * 1024 + 1)), "has 49153 bytes"),
                            (self.file("giant", bytes(1 << 24)), "at most 49152")):
            with self.subTest(path=path):
                self.emu("run", "--rom", path, status=3, error=error)
                self.emu("--rom", path, status=3, error=error)

    def test_other_files(self):
        rom = self.file("rom.bin", Rom().exit(tiny_rom.PASSED))
        missing, empty = self.folder / "none", self.file("empty", b"")
        for option in ("--firmware", "--update-firmware"):
            for path in (missing, self.folder, empty, "/dev/zero"):
                with self.subTest(option=option, path=path):
                    self.emu("run", "--rom", rom, option, path, status=3, error="irmware")
        self.emu("run", "--rom", rom, "--config", missing, status=3, error="configuration file")
        self.emu("run", "--rom", rom, "--config", self.folder, status=3, error="is a directory")
        self.emu("run", "--rom", rom, "--mailbox", f"FW_INFO:{missing}", status=3, error="No such file")
        self.emu("run", "--rom", rom, "--mailbox", f"FW_INFO:{self.file('large', bytes(1 << 18))}", status=3,
                 error="FW_INFO")

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_unreadable(self):
        path = self.file("rom.bin", Rom().exit(tiny_rom.PASSED))
        os.chmod(path, 0)
        self.emu("run", "--rom", path, status=3, error="Permission denied")


class ConfigurationFile(Case):
    def test_wrong_files_name_the_line(self):
        rom = self.file("rom.bin", Rom().exit(tiny_rom.PASSED))
        for text, line, error in (
                ("[fuses]\nfuse_nothing = 1\n", 2, "fuse_nothing"),
                ("[fuses]\n\nfuse_uds_seed = \"00\"\n", 3, "96 hexadecimal digits"),
                ("[fuses]\nfuse_runtime_svn = [1]\n", 2, "4 words"),
                ("[security]\ndevice_lifecycle = 3\n", 2, "text"),
                ("[security]\n\n\ndebug_locked = \"yes\"\n", 4, "true or false"),
                ("[trng]\nseed = -1\n", 2, "trng.seed"),
                ("[soc]\nuser = 99999999999\n", 2, "soc.user"),
                ("[wrong]\n", 1, "unknown key wrong"),
                ("# fine\n[core]\nspeed = 1\n", 3, "unknown key core.speed"),
                ("this is no TOML", 1, ""),
                ("[core\n", 1, ""),
                (b"[core]\ntiming = \"\xff\"\n", 2, ""),
                (b"\x00\x01\x02", 1, ""),
                (bytes(range(128, 256)), 1, "")):
            with self.subTest(text=text):
                path = self.file("c.toml", text)
                self.emu("run", "--rom", rom, "--config", path, status=2, error=f": {path}:{line}: ")
                self.emu("run", "--rom", rom, "--config", path, status=2, error=error)

    def test_a_file_is_enough(self):
        self.file("rom.bin", Rom().exit(tiny_rom.PASSED))
        path = self.file("c.toml", "[core]\ntiming = \"rtl\"\n[images]\nrom = \"rom.bin\"\n")
        stats = json.loads(self.emu("run", "--config", path, "--stats", "-"))
        self.assertEqual(stats["timing"], "rtl")

    def test_breakpoint_strap_holds_the_core(self):
        path = self.file("c.toml", "[straps]\nboot_fsm_breakpoint = true\n")
        self.run_rom(Rom().exit(tiny_rom.PASSED), "--config", path, status=6, error="breakpoint")


class ExitStatus(Case):
    def test_the_firmware_ends(self):
        for extra in ([], ["--until", "exit"], ["--until", "rt-ready"]):
            self.assertEqual(self.run_rom(Rom().print("hi\n").exit(tiny_rom.PASSED), *extra), "hi\n")
            self.run_rom(Rom().exit(tiny_rom.FAILED), *extra, status=255, error="failed")

    def test_events(self):
        rom = (Rom().store(tiny_rom.BOOT_STATUS, 0x42).print("first line\nsecond ").print("line\nthird\n")
               .store(tiny_rom.FLOW_STATUS, tiny_rom.READY_FOR_FW).store(tiny_rom.BOOT_STATUS, tiny_rom.RT_READY)
               .store(tiny_rom.FW_ERROR_FATAL, 0x000B0003).forever())
        self.assertEqual(self.run_rom(rom, "--until", "boot-status=0x42"), "")
        self.assertEqual(self.run_rom(rom, "--until", "boot-status=66"), "")
        self.assertEqual(self.run_rom(rom, "--until", "output=cond li"), "first line\nsecond line\n")
        self.assertEqual(self.run_rom(rom, "--until", "ready-for-fw"), "first line\nsecond line\nthird\n")
        self.run_rom(rom, "--firmware", self.file("fw", b"x"), "--until", "rt-ready")
        done = subprocess.run([PROGRAM, "run", "--rom", self.file("rom.bin", rom), "--firmware", self.file("fw", b"x"),
                               "--until", "fatal"], capture_output=True, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"0x000b0003", done.stderr)

    def test_fatal_errors_have_names(self):
        self.run_rom(Rom().store(tiny_rom.FW_ERROR_FATAL, 0x000B0003).forever(), status=4,
                     error="CPTRA_FW_ERROR_FATAL 0x000b0003 IMAGE_VERIFIER_ERR_VENDOR_PUB_KEY_DIGEST_INVALID")
        self.run_rom(Rom().store(tiny_rom.FW_ERROR_FATAL, 0x7FFFFFFF).forever(), status=4, error="not documented")

    def test_limits(self):
        stats = self.stats_of(Rom().forever(), "--max-cycles", 10_000, status=5, error="10000 cycles")
        self.assertEqual((stats["stop_reason"], stats["cycles"]), ("max-cycles", 10_000))
        stats = self.stats_of(Rom().forever(), "--max-instructions", 1234, status=5, error="1234 instructions")
        self.assertEqual((stats["stop_reason"], stats["instructions"]), ("max-instructions", 1234))
        self.run_rom(Rom().forever(), "--max-cycles", 0, status=5, error="0 cycles")
        self.run_rom(Rom().forever(), "--max-cycles", 5000, "--until", "rt-ready", status=5, error="rt-ready")
        # Longer than one slice of the run, and at its exact cycle.
        stats = self.stats_of(Rom().forever(), "--max-cycles", 9_000_001, status=5)
        self.assertEqual(stats["cycles"], 9_000_001)

    def test_no_progress(self):
        self.run_rom(Rom().halt(), status=6, error="no progress")
        self.run_rom(Rom().halt(), "--until", "exit", "--max-cycles", 1 << 60, status=6, error="no progress")

    def test_missing_firmware_is_said(self):
        rom = Rom().store(tiny_rom.FLOW_STATUS, tiny_rom.READY_FOR_FW).forever()
        for extra, stop_reason in ([], "no-firmware"), (["--max-cycles", "50000"], "max-cycles"):
            path = self.folder / "stats.json"
            done = subprocess.run([PROGRAM, "run", "--rom", self.file("rom.bin", rom), "--stats", path, *extra],
                                  capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertIn("none was given (--firmware)", done.stderr)
            self.assertEqual(json.loads(path.read_text())["stop_reason"], stop_reason)

    def test_host_failures(self):
        rom = Rom().print("some text\n").exit(tiny_rom.PASSED)
        self.run_rom(rom, "--trace", "/dev/full", status=7, error="No space left")
        self.run_rom(rom, "--stats", "/dev/full", status=7, error="No space left")
        self.run_rom(rom, "--trace", self.folder / "no/such/folder", status=7, error="cannot open")
        self.run_rom(rom, "--stats", self.folder, status=7, error="cannot open")
        with open("/dev/full", "wb") as full:
            self.run_rom(rom, status=7, error="console", stdout=full)
            self.emu("--help", status=7, error="output", stdout=full)
        reader, writer = os.pipe()
        os.close(reader)
        endless = Rom().label("again").print("endless\n").jump("again")
        self.run_rom(endless, status=7, error="Broken pipe", stdout=writer)
        os.close(writer)
        # A long run ends soon after the disk is full.
        self.run_rom(Rom().forever(), "--trace", "/dev/full", status=7, error="trace")

    def test_a_signal_ends_the_run_in_good_order(self):
        path = self.folder / "stats.json"
        rom = self.file("rom.bin", Rom().print("started\nand ").forever())
        with subprocess.Popen([PROGRAM, "run", "--rom", rom, "--stats", path], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as emulator:
            self.assertEqual(emulator.stdout.readline(), b"started\n")
            self.assertEqual(emulator.stdout.read(4), b"and ")
            emulator.send_signal(signal.SIGINT)
            _, error = emulator.communicate(timeout=30)
        self.assertEqual(emulator.returncode, 128 + signal.SIGINT)
        self.assertEqual(error, b"caliptra-emu: interrupted\n")
        self.assertEqual(json.loads(path.read_text())["stop_reason"], "interrupted")


class Statistics(Case):
    def test_schema(self):
        rom = (Rom().store(tiny_rom.BOOT_STATUS, 1).store(tiny_rom.BOOT_STATUS, 1)
               .store(tiny_rom.FLOW_STATUS, tiny_rom.READY_FOR_FW | 5).store(tiny_rom.FW_ERROR_NON_FATAL, 0x1234)
               .store(tiny_rom.BOOT_STATUS, tiny_rom.RT_READY).exit(tiny_rom.PASSED))
        stats = self.stats_of(rom, "--firmware", self.file("fw", b"x"))
        self.assertEqual(list(stats), STATS_KEYS)
        for key in STATS_KEYS:
            expected = {"stop_reason": str, "timing": str, "milestones": list, "phases": list, "host_seconds": float,
                        "mips": float}
            self.assertIsInstance(stats[key], expected.get(key, int), key)
        self.assertEqual(stats["stop_reason"], "exit")
        self.assertEqual(stats["boot_status"], tiny_rom.RT_READY)
        self.assertEqual(stats["flow_status"] & 0x10FFFFFF, tiny_rom.READY_FOR_FW | 5)
        self.assertEqual(stats["fw_error_non_fatal"], 0x1234)
        self.assertEqual((stats["fw_error_fatal"], stats["hw_error_fatal"]), (0, 0))
        events = [each["event"] for each in stats["milestones"]]
        self.assertEqual(events, ["boot-status=0x1", "boot-status=0x1", "ready-for-fw",
                                  "boot-status=0x600", "rt-ready"])
        for each in stats["milestones"]:
            self.assertEqual(list(each), ["event", "cycle", "instructions"])
        cycles = [each["cycle"] for each in stats["milestones"]]
        self.assertEqual(cycles, sorted(cycles))
        self.assertLess(cycles[-1], stats["cycles"])

    def test_standard_output_comes_after_the_console(self):
        text = self.run_rom(Rom().print("line\n").exit(tiny_rom.PASSED), "--stats", "-")
        self.assertTrue(text.startswith("line\n{"))
        self.assertEqual(list(json.loads(text[5:])), STATS_KEYS)

    def test_same_run_same_numbers(self):
        runs = [self.stats_of(Rom().print("x\n").exit(tiny_rom.PASSED)) for _ in range(2)]
        for each in runs:
            del each["host_seconds"], each["mips"]
        self.assertEqual(*runs)


class Trace(Case):
    def test_format(self):
        rom = Rom().addi(tiny_rom.T0, 0, 5).compressed_nops().exit(tiny_rom.PASSED)
        path = self.folder / "trace"
        self.run_rom(rom, "--trace", path)
        lines = path.read_text().splitlines()
        self.assertEqual(lines[:3], ["0x00000000 0x00500293", "0x00000004 0x0001", "0x00000006 0x0001"])
        for line in lines:
            self.assertRegex(line, r"\A0x[0-9a-f]{8} 0x([0-9a-f]{8}|[0-9a-f]{4})\Z")

    def test_one_line_per_instruction(self):
        path = self.folder / "trace"
        stats = self.stats_of(Rom().forever(), "--trace", path, "--max-instructions", 300_000, status=5)
        self.assertEqual(len(path.read_text().splitlines()), 300_000)
        self.assertEqual(stats["instructions"], 300_000)


class Mailbox(Case):
    ROM = Rom().store(tiny_rom.BOOT_STATUS, tiny_rom.RT_READY).serve_mailbox()

    def test_commands_in_turn(self):
        payload = self.file("payload", b"\x01\x02\x03\x04\x05")
        text = self.run_rom(self.ROM, "--mailbox", "FW_INFO", "--mailbox", f"0x12345678:{payload}",
                            "--mailbox", "0xbad", "--mailbox", f"firmware_load:{payload}")
        self.assertEqual(text, """\
FW_INFO: complete, 8 bytes (MBOX_STATUS 0x1 DATA_READY)
  4f464e4904000000
0x12345678: complete, 8 bytes (MBOX_STATUS 0x1 DATA_READY)
  7856341209000000
0x00000bad: failed, CPTRA_FW_ERROR_NON_FATAL 0x000e0002 RUNTIME_UNIMPLEMENTED_COMMAND (MBOX_STATUS 0x3 CMD_FAILURE)
FIRMWARE_LOAD: complete, 8 bytes (MBOX_STATUS 0x1 DATA_READY)
  444c574605000000
""")

    def test_limits_hold_during_a_command(self):
        for limit in ("--max-cycles", "--max-instructions"):
            text = self.run_rom(self.ROM, "--mailbox", "0xdead", limit, 200_000, status=5, error="mailbox command")
            self.assertEqual(text, "0x0000dead: no answer\n")

    def test_never_ready(self):
        self.run_rom(Rom().forever(), "--mailbox", "FW_INFO", "--max-cycles", 100_000, status=5, error="runtime")
        self.run_rom(Rom().halt(), "--mailbox", "FW_INFO", status=6, error="no progress")
        self.run_rom(Rom().store(tiny_rom.FW_ERROR_FATAL, 1).forever(), "--mailbox", "FW_INFO", status=4, error="fatal")

    def test_user_that_may_not(self):
        config = self.file("c.toml", "[soc]\nuser = 5\ndefault_mailbox_user = 0xffffffff\n")
        text = self.run_rom(self.ROM, "--config", config, "--mailbox", "FW_INFO", status=2, error="0x00000005")
        self.assertEqual(text, "FW_INFO: refused by the bus\n")

    def test_user_that_may(self):
        config = self.file("c.toml", "[soc]\nuser = 6\ndefault_mailbox_user = 9\nmailbox_users = [7, 6]\n")
        self.assertIn("complete, 8 bytes", self.run_rom(self.ROM, "--config", config, "--mailbox", "FW_INFO"))

    def test_event_after_the_commands(self):
        text = self.run_rom(self.ROM, "--mailbox", "FW_INFO", "--until", "rt-ready")
        self.assertIn("complete", text)
        self.run_rom(self.ROM, "--mailbox", "FW_INFO", "--until", "exit", "--max-cycles", 300_000, status=5,
                     error="exit came")


class ReferenceCommandLine(Case):
    def test_exit_protocol_and_trace(self):
        rom = self.file("rom.bin", Rom().print("text\n").exit(tiny_rom.PASSED))
        self.assertEqual(self.emu("--rom", rom, "--trace-instr", "--log-dir", self.folder), "text\n")
        lines = (self.folder / "caliptra_instr_trace.txt").read_text().splitlines()
        self.assertTrue(lines[0].startswith("0x00000000 0x"))
        self.emu("--rom", rom, "-t", "--log-dir", self.folder)
        self.emu("--rom", self.file("rom.bin", Rom().exit(tiny_rom.FAILED)), status=255, error="failed")

    def test_every_flag(self):
        rom = self.file("rom.bin", Rom().exit(tiny_rom.PASSED))
        firmware = self.file("fw.bin", b"firmware")
        self.emu("--rom", rom, "--firmware", firmware, "--update-firmware", firmware, "--ueid", 1 << 100,
                 "--idevid-key-id-algo", "fuse", "--req-idevid-csr", "--req-ldevid-cert", "--log-dir", self.folder,
                 "--mfg-pk-hash", 96 * "1", "--owner-pk-hash", 96 * "2", "--device-lifecycle", "production",
                 "--wdt-timeout", 1 << 40)

    def read_soc_ifc(self, offset, count):
        """A ROM that prints registers of soc_ifc as hexadecimal nibbles from 'a' on, which no exit code is among."""
        rom = Rom().registers_have_side_effects().li(tiny_rom.A0, tiny_rom.SOC_IFC + offset)
        for i in range(count):
            rom.lw(tiny_rom.T2, tiny_rom.A0, 4 * i).li(tiny_rom.T0, tiny_rom.GENERIC_OUTPUT_WIRES)
            for shift in range(28, -1, -4):
                rom.srli(tiny_rom.T1, tiny_rom.T2, shift).andi(tiny_rom.T1, tiny_rom.T1, 15)
                rom.addi(tiny_rom.T1, tiny_rom.T1, ord("a")).sw(tiny_rom.T1, tiny_rom.T0)
        return self.file("registers.bin", rom.exit(tiny_rom.PASSED))

    def registers(self, offset, count, *arguments):
        text = self.emu("--rom", self.read_soc_ifc(offset, count), *arguments)
        nibbles = [ord(each) - ord("a") for each in text]
        words = [nibbles[at:at + 8] for at in range(0, len(nibbles), 8)]
        return [sum(nibble << 4 * (7 - at) for at, nibble in enumerate(word)) for word in words]

    PK_HASH, OWNER_HASH, CERT_ATTR = 0x250, 0x284, 0x2CC
    WDT_CFG, MANUF_SERVICE, SECURITY_STATE = 0x110, 0xBC, 0x44

    def test_fuses_and_registers(self):
        digits = "".join(f"{each:02x}" for each in range(48))
        expected = [int(digits[at:at + 8], 16) for at in range(0, 96, 8)]
        self.assertEqual(self.registers(self.PK_HASH, 12, "--mfg-pk-hash", digits), expected)
        self.assertEqual(self.registers(self.OWNER_HASH, 12, "--owner-pk-hash", digits), expected)
        attributes = self.registers(self.CERT_ATTR, 11)
        self.assertEqual(attributes, [0, 0, 0, 0, 0, 0, 1] + 4 * [0xFFFFFFFF])
        attributes = self.registers(self.CERT_ATTR, 11, "--ueid", 0x000102030405060708090A0B0C0D0E0F,
                                    "--idevid-key-id-algo", "sha384")
        self.assertEqual(attributes, [2, 0, 0, 0, 0, 0, 1, 0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203])
        self.assertEqual(self.registers(self.WDT_CFG, 2, "--wdt-timeout", 0x123456789), [0x23456789, 1])
        self.assertEqual(self.registers(self.WDT_CFG, 2), [20_000_000, 0])
        self.assertEqual(self.registers(self.MANUF_SERVICE, 1, "--req-idevid-csr"), [1])
        self.assertEqual(self.registers(self.MANUF_SERVICE, 1, "--req-idevid-csr", "--req-ldevid-cert"), [3])
        for name, value in (("unprovisioned", 0), ("Manufacturing", 1), ("PRODUCTION", 3)):
            self.assertEqual(self.registers(self.SECURITY_STATE, 1, "--device-lifecycle", name)[0] & 3, value)


class OfficialImages(Case):
    PK_HASH = "428d18b0b49192c0163b4e0b2e231d20eef3ae37f8046c09a31911e3f6875a9a287342c58c7f8d68b69fafe1dd27b2dc"
    OWNER_HASH = "7c6d2e51463b1da3aac7082ec17bca667ee7f40448901ad47880a7c175dec3d2eb2d1ef775cdb6aeaaeaf9d9548b01e5"
    ROM = IMAGES / "rom/caliptra-rom-with-log-1.2.0-3b50c6a.bin"
    FIRMWARE = IMAGES / "bundle/ast2700-fw-1.2-20251023.bin"
    OTHER_FIRMWARE = IMAGES / "bundle/ast2700-fw-1.2-20251017.bin"

    def test_every_rom_gets_ready_for_firmware(self):
        for name in ("1.0.3-e8e23d9", "1.1.1-d6713db", "1.2.0-3b50c6a"):
            for log in ("", "with-log-"):
                rom = IMAGES / f"rom/caliptra-rom-{log}{name}.bin"
                with self.subTest(rom=rom.name):
                    text = self.emu("run", "--rom", rom, "--hw", name[:3], "--until", "ready-for-fw")
                    self.assertEqual("Running Caliptra ROM" in text, bool(log))

    def test_roms_of_later_generations_are_refused(self):
        self.emu("run", "--rom", IMAGES / "rom/caliptra-rom-2.0.2-473ae25.bin", status=3, error="at most 49152")

    def test_runtime_answers(self):
        stats = self.folder / "stats.json"
        text = self.emu("run", "--rom", self.ROM, "--firmware", self.FIRMWARE, "--until", "rt-ready", "--stats", stats,
                        "--mailbox", "FW_INFO", "--mailbox", "FIPS_VERSION", "--mailbox", "0x12345678")
        self.assertIn("\nFW_INFO: complete, ", text)
        self.assertIn("\nFIPS_VERSION: complete, ", text)
        self.assertIn("\n0x12345678: failed, CPTRA_FW_ERROR_NON_FATAL 0x000e0002 RUNTIME_UNIMPLEMENTED_COMMAND", text)
        events = [each["event"] for each in json.loads(stats.read_text())["milestones"]]
        self.assertLess(events.index("ready-for-fw"), events.index("rt-ready"))

    def test_production_with_fuses_from_a_file(self):
        config = self.file("c.toml", f"""
[security]
device_lifecycle = "production"
debug_locked = true
[straps]
internal_trng = true
[images]
rom = "{self.ROM}"
firmware = "{self.FIRMWARE}"
[fuses]
fuse_key_manifest_pk_hash = "{self.PK_HASH}"
fuse_owner_pk_hash = "{self.OWNER_HASH}"
""")
        self.emu("run", "--config", config, "--until", "rt-ready")

    def test_production_without_fuses_is_refused(self):
        done = subprocess.run([PROGRAM, "--rom", self.ROM, "--firmware", self.FIRMWARE, "--device-lifecycle",
                               "production"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("0x000b0003 IMAGE_VERIFIER_ERR_VENDOR_PUB_KEY_DIGEST_INVALID", done.stderr)
        self.assertIn("ROM Fatal Error: 0x000B0003", done.stdout)

    def update(self, firmware, *arguments):
        path = self.folder / "stats.json"
        done = subprocess.run([PROGRAM, "run", "--rom", self.ROM, "--firmware", self.FIRMWARE, "--update-firmware",
                               firmware, "--until", "rt-ready", "--stats", path, *arguments], capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        events = [each["event"] for each in json.loads(path.read_text())["milestones"]]
        self.assertEqual([each for each in events if not each.startswith("boot")],
                         ["ready-for-fw", "rt-ready", "update-reset", "rt-ready"])
        return done

    def test_update(self):
        done = self.update(self.FIRMWARE, "--mailbox", "FW_INFO")
        self.assertEqual(done.stderr, "")
        self.assertIn("\nFIRMWARE_LOAD: complete", done.stdout)
        self.assertIn("\nFW_INFO: complete", done.stdout)

    def test_update_of_another_owner_is_refused(self):
        done = self.update(self.OTHER_FIRMWARE)
        self.assertIn("\nFIRMWARE_LOAD: failed", done.stdout)
        self.assertEqual(done.stderr, "caliptra-emu: the core refuses the update: "
                         "0x000b001d IMAGE_VERIFIER_ERR_UPDATE_RESET_OWNER_DIGEST_FAILURE\n")

    def test_trace_of_the_reference(self):
        expected = IMAGES.parent / "traces/rom-1.2.0-log__ast2700-fw-1.2-20251023.trace.xz"
        if not expected.exists():
            self.skipTest(f"{expected} is not there")
        path = self.folder / "trace"
        self.emu("run", "--rom", self.ROM, "--firmware", self.FIRMWARE, "--until", "output=RT listening", "--trace",
                 path)
        with lzma.open(expected, "rb") as oracle, path.open("rb") as trace:
            for number, (want, got) in enumerate(zip(oracle, trace), 1):
                if want != got:
                    self.fail(f"line {number}: {got!r}, not {want!r}")
            self.assertEqual(oracle.read(), b"")

    def test_no_firmware(self):
        done = subprocess.run([PROGRAM, "run", "--rom", self.ROM, "--max-cycles", "5000000"], capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("none was given (--firmware)", done.stderr)

    def test_idevid_csr(self):
        for flags in (["--req-idevid-csr"], ["--req-idevid-csr", "--req-ldevid-cert"]):
            rom = IMAGES / "rom/caliptra-rom-with-log-1.2.0-3b50c6a.bin"
            self.emu("--rom", rom, "--firmware", self.FIRMWARE, "--device-lifecycle", "manufacturing", *flags,
                     "--log-dir", self.folder, "--until", "ready-for-fw")
            certificate = (self.folder / "caliptra_ldevid_cert.der").read_bytes()
            self.assertEqual(certificate[:2], b"\x30\x82")
            self.assertEqual(len(certificate), 4 + int.from_bytes(certificate[2:4], "big"))


def main():
    global PROGRAM
    PROGRAM = str(Path(sys.argv[1]).resolve())
    with_images = "--images" in sys.argv[2:]
    names = [each for each in sys.argv[2:] if each != "--images"]
    if with_images and not (IMAGES / "rom").is_dir():
        print(f"[skipped] caliptra-emu with official images: {IMAGES} is not there")
        return 77
    loader = unittest.TestLoader()
    if names:
        suite = loader.loadTestsFromNames(names, sys.modules[__name__])
    else:
        classes = [OfficialImages] if with_images else [
            Usage, InputFiles, ConfigurationFile, ExitStatus, Statistics, Trace, Mailbox, ReferenceCommandLine]
        suite = unittest.TestSuite(loader.loadTestsFromTestCase(each) for each in classes)
    begin = time.monotonic()
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(suite)
    print(f"{result.testsRun} cases in {time.monotonic() - begin:.1f} s")
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
