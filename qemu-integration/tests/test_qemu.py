#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Whole machines: the Cortex-A35s of an ast2700fc run when Caliptra says so, and not otherwise.

    test_qemu.py [unittest's arguments]

CALIPTRA_QEMU_BUILD names the build directory of a QEMU made by qemu-integration/build; CALIPTRA_IMAGES the official images.
ROUNDS (default 200) is how often the tests of resets go round.
"""

import collections
import hashlib
import importlib.util
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import machine
from machine import BOOTING, SLOW, Machine, production

ROUNDS = int(os.environ.get("ROUNDS", "200"))
PHASES = (*BOOTING, "released")


def idle_coprocessors():
    """Options that give both Cortex-M4s a program: a stack, an entry, and sleep. Without one QEMU ends."""
    vectors = bytes.fromhex("00100000 09000000 30bffde7")
    header = struct.pack("<16sHHIIIIIHHHHHH", b"\x7fELF\1\1\1", 2, 40, 1, 9, 52, 0, 0x5000000, 52, 32, 1, 0, 0, 0)
    header += struct.pack("<8I", 1, 84, 0, 0, len(vectors), len(vectors), 5, 4)
    path = pathlib.Path(FOLDER.name) / "m4.elf"
    path.write_bytes(header + vectors)
    return [word for cpu in (4, 5) for word in ("-device", f"loader,file={path},cpu-num={cpu}")]


def setUpModule():
    global FOLDER, PROGRAM
    FOLDER = tempfile.TemporaryDirectory(prefix="caliptra-qemu-")
    PROGRAM = machine.build_program(FOLDER.name)


def tearDownModule():
    FOLDER.cleanup()


def start_directly(program):
    """Options for a machine without Caliptra: the program, and every Cortex-A35 at its entry."""
    options = ["-device", f"loader,file={program},cpu-num=0"]
    return options + [word for cpu in (1, 2, 3) for word in ("-device", f"loader,addr=0x400000000,cpu-num={cpu}")]


class Boot(unittest.TestCase):
    def test_release_after_firmware_info(self):
        with Machine(config=production(), program=PROGRAM) as vm:
            def done():
                spoken = vm.serial
                phase = vm.get("phase")
                self.assertNotEqual(phase, "failed", vm.log)
                if spoken:
                    self.assertEqual(phase, "released", "the Cortex-A35s ran before their release")
                return "A35: done" in spoken

            vm.wait(done, "the end of the program", interval=0.002)
            print(vm.serial, file=sys.stderr)
            self.assertIn("RT listening for mailbox commands", vm.console)
            self.assertIn("A35: the nonce is in the quote", vm.serial)
            self.assertRegex(vm.serial, r"A35: FW_INFO: 0000[0-9a-f]{4} bytes")
            self.assertIn("A35: refused accesses 00000001", vm.serial)
            self.assertEqual(vm.get("boot-status"), 0x600)
            self.assertEqual(vm.get("fw-error-fatal"), 0)
            # RDY_FOR_RT, production and debug locked, PWRGOOD
            self.assertEqual(vm.word(machine.SCU1_CPTRA_CTRL), 1 << 18 | 7 << 8 | 1)
            self.assertEqual(vm.word(machine.SCU0_CA35_REL), 1)
            self.assertEqual(vm.log, "")
            self.assertEqual(vm.quit(), 0)

    def test_rtl_timing(self):
        with Machine(caliptra={"timing": "rtl", "clock-frequency": 400000000}, program=PROGRAM) as vm:
            vm.wait_serial("A35: done", timeout=300)

    def refused(self, expected_phase_text, code=None, **arguments):
        with Machine(program=PROGRAM, **arguments) as vm:
            vm.wait_phase("failed", "released")
            self.assertEqual(vm.get("phase"), "failed")
            time.sleep(0.2)
            self.assertEqual(vm.serial, "")
            self.assertEqual(vm.word(machine.SCU0_CA35_REL), 0)
            self.assertIn(expected_phase_text, vm.get("failure"))
            vm.wait(lambda: "stay held" in vm.log, "a warning")
            self.assertIn(vm.get("failure"), vm.log)
            if code is not None:
                self.assertEqual(vm.get("fw-error-fatal") or vm.get("fw-error-non-fatal"), code)
                self.assertIn(f"0x{code:08x}", vm.log)
            self.assertEqual(vm.qmp("query-status")["status"], "running")
            print(f"held: {vm.get('failure')}", file=sys.stderr)
            self.assertEqual(vm.quit(), 0)

    def test_wrong_owner_key(self):
        self.refused("gave up", 0x000B0005, config=production(vendor="1" + machine.VENDOR_PK_HASH[1:]))

    def test_production_without_key(self):
        self.refused("gave up", 0x000B0003, config='[security]\ndevice_lifecycle = "production"\ndebug_locked = true\n')

    def test_flipped_bit(self):
        bundle = bytearray(machine.FIRMWARE.read_bytes())
        bundle[-100] ^= 1
        flipped = pathlib.Path(FOLDER.name) / "flipped.bin"
        flipped.write_bytes(bundle)
        self.refused("gave up", config=production(), firmware=flipped)

    def test_no_firmware(self):
        self.refused("there is none", firmware=None)

    def test_rom_that_never_gets_ready(self):
        rom = pathlib.Path(FOLDER.name) / "loop.bin"
        rom.write_bytes(bytes.fromhex("6f000000"))
        self.refused("timeout in phase rom", rom=rom, caliptra={"boot-timeout": 3000000})

    def test_vbootrom(self):
        source = machine.SOURCE / "roms" / "vbootrom"
        if not source.is_dir():
            self.skipTest("no vbootrom source")
        # A cross compiler may come without a C library's headers, and its libfdt wants some.
        headers = subprocess.run([machine.CROSS + "gcc", "-E", "-x", "c", "-"], capture_output=True, text=True,
                                 input="#include <stdint.h>\n#include <stdlib.h>\n#include <string.h>\n")
        if headers.returncode != 0:
            self.skipTest(f"{machine.CROSS}gcc has no headers of a C library (libc6-dev-arm64-cross)")
        shutil.copytree(source, pathlib.Path(FOLDER.name) / "vbootrom")
        folder = pathlib.Path(FOLDER.name) / "vbootrom" / "ast27x0"
        built = subprocess.run(["make", "-C", folder, f"CROSS_COMPILE={machine.CROSS}"], capture_output=True, text=True)
        self.assertEqual(built.returncode, 0, built.stderr)
        with Machine(bios=folder / "ast27x0_bootrom.bin", config=production(), caliptra={"entry": 0}) as vm:
            self.assertEqual(vm.wait_phase("released", "failed"), "released")
            vm.wait(lambda: len(vm.serial) > 20, "a message of vbootrom")
            print("vbootrom: " + vm.serial.strip().splitlines()[0], file=sys.stderr)

    def test_coprocessors_follow(self):
        """SSP and TSP run after the release if they have a program, and stay off if not."""
        for arguments, running in ((idle_coprocessors(), True), ([], False)):
            with Machine(*arguments, program=PROGRAM) as vm:
                def asleep(cpu):
                    registers = vm.qmp("human-monitor-command", **{"command-line": "info registers", "cpu-index": cpu})
                    return "R15=0000000a" in registers

                vm.wait_serial("A35: done")
                for cpu in (4, 5):
                    if running:  # each on a thread of its own: the Cortex-A35s may be done before
                        vm.wait(lambda: asleep(cpu), f"CPU {cpu}")
                    else:
                        self.assertFalse(asleep(cpu))

    def test_bad_options(self):
        for options, message in (({"lifecycle": "newborn"}, "no life cycle 'newborn'"),
                                 ({"rom": "/nonexistent"}, "No such file"),
                                 ({"config": "/nonexistent"}, "No such file"),
                                 ({"clock-frequency": 5}, "less than 1 MHz"),
                                 ({"quantum": 1}, "quantum"),
                                 ({"entry": 8}, "multiple of 16")):
            with self.assertRaises(RuntimeError) as refusal:
                Machine(caliptra=options)
            self.assertIn(message, str(refusal.exception))
        with self.assertRaises(RuntimeError) as refusal:
            Machine(config="[fuses]\nfuse_of_nothing = 1\n")
        self.assertIn("line 2", str(refusal.exception))


class Registers(unittest.TestCase):
    """Without CPUs: accesses as qtest makes them."""

    def setUp(self):
        self.vm = Machine(qtest=True)
        self.addCleanup(self.vm.close)
        self.qtest = self.vm.connect("qtest").makefile("rw", encoding="utf-8")

    def command(self, line):
        self.qtest.write(line + "\n")
        self.qtest.flush()
        answer = self.qtest.readline().split()
        self.assertEqual(answer[0], "OK", answer)
        return int(answer[1], 0) if len(answer) > 1 else None

    def read(self, address, width="l"):
        return self.command(f"read{width} 0x{address:x}")

    def write(self, address, value):
        self.command(f"writel 0x{address:x} 0x{value:x}")

    def boot(self):
        for _ in range(20000):
            self.command("clock_step 1000000")
            if self.vm.get("phase") not in BOOTING:
                return
        self.fail("no end of the boot")

    def test_boot_and_commands(self):
        # The ROM is at work only as time passes.
        self.assertEqual(self.vm.get("phase"), "rom")
        self.assertEqual(self.vm.get("cycles"), 0)
        self.command("clock_step 1000000")
        self.assertEqual(self.vm.get("cycles"), 100000)
        self.assertEqual(self.read(machine.SCU1_CPTRA_CTRL), 1)
        self.boot()
        self.assertEqual(self.vm.get("phase"), "released")
        self.assertEqual(self.read(machine.SCU1_CPTRA_CTRL), 1 << 18 | 1)
        self.assertEqual(self.read(machine.SOC_IFC + 0x38), 0x600)
        self.assertEqual(self.read(machine.SCU0_CA35_REL), 1)
        # The key cannot be read back.
        for i in range(8):
            self.assertEqual(self.read(machine.SCU1_CPTRA_CTRL + 0x10 + 4 * i), 0)
        # FW_INFO by hand
        self.assertEqual(self.read(machine.MAILBOX), 0)
        self.assertEqual(self.read(machine.MAILBOX) & 1, 1)
        self.write(machine.MAILBOX + 0x08, 0x494E464F)
        self.write(machine.MAILBOX + 0x0C, 4)
        self.write(machine.MAILBOX + 0x10, (0 - sum(b"INFO")) & 0xFFFFFFFF)
        self.write(machine.MAILBOX + 0x18, 1)
        for _ in range(1000):
            self.command("clock_step 100000")
            status = self.read(machine.MAILBOX + 0x1C) & 15
            if status:
                break
        self.assertEqual(status, 1)
        self.assertGreater(self.read(machine.MAILBOX + 0x0C), 40)
        self.write(machine.MAILBOX + 0x18, 0)

    def test_narrow_and_unmapped(self):
        self.command("clock_step 1000000")
        for width in "bw":
            self.assertEqual(self.read(machine.SOC_IFC + 0x3C, width), 0)
        self.assertEqual(self.read(machine.SOC_IFC + 0xF000), 0)
        self.assertEqual(self.read(machine.MAILBOX + 0xF000), 0)
        # A double word is two words.
        self.assertEqual(self.read(machine.SOC_IFC + 0x38, "q"),
                         self.read(machine.SOC_IFC + 0x38) | self.read(machine.SOC_IFC + 0x3C) << 32)

    def test_reset_through_scu1(self):
        self.boot()
        cycles = self.vm.get("cycles")
        self.write(machine.SCU1_RESET_CONTROL, 1 << 9)
        self.assertEqual(self.vm.get("phase"), "reset")
        self.command("clock_step 100000000")
        self.assertLess(self.vm.get("cycles"), cycles + 1000)
        self.write(machine.SCU1_RESET_CLEAR, 1 << 9)
        self.assertEqual(self.vm.get("phase"), "rom")
        self.boot()
        self.assertEqual(self.vm.get("phase"), "released")
        # Power
        self.write(machine.SCU1_CPTRA_CTRL, 0)
        self.assertEqual(self.vm.get("phase"), "off")
        self.write(machine.SCU1_CPTRA_CTRL, 1)
        self.assertEqual(self.vm.get("phase"), "rom")
        self.boot()
        self.assertEqual(self.vm.get("phase"), "released")

    def test_user_that_is_not_valid(self):
        # Nobody programmed this user: the mailbox is not there for it, not even the lock.
        self.vm.close()
        self.vm = Machine(qtest=True, config="[soc]\nmailbox_users = [0x21212121]\n")
        self.addCleanup(self.vm.close)
        self.qtest = self.vm.connect("qtest").makefile("rw", encoding="utf-8")
        self.boot()
        self.assertEqual(self.vm.get("phase"), "released")
        for _ in range(3):
            self.assertEqual(self.read(machine.MAILBOX), 0)  # the first read of a lock that is free takes it
        self.write(machine.MAILBOX + 0x18, 1)
        self.assertEqual(self.read(machine.SOC_IFC + 0x38), 0x600)


class Worlds(unittest.TestCase):
    """The PAUSER of the two worlds of a Cortex-A35."""

    def spoken(self, **arguments):
        program = machine.build_program(FOLDER.name, "worlds", ["-DNONSECURE=1"])
        with Machine(program=program, **arguments) as vm:
            vm.wait_serial("A35: done")
            return [line for line in vm.serial.splitlines() if not line.startswith("A35: FW_INFO")]

    def test_users(self):
        self.assertEqual(self.spoken(), ["A35: secure is user 00000001", "A35: non-secure is user 00000002", "A35: done"])

    def test_chosen_users(self):
        self.assertEqual(self.spoken(caliptra={"secure-user": 7, "nonsecure-user": "0xabcd1234"}),
                         ["A35: secure is user 00000007", "A35: non-secure is user abcd1234", "A35: done"])

    def test_nonsecure_world_shut_out(self):
        self.assertEqual(self.spoken(config="[soc]\nmailbox_users = [0x21212121, 1]\n"),
                         ["A35: secure is user 00000001", "A35: non-secure refused", "A35: done"])

    def test_secure_world_shut_out(self):
        self.assertEqual(self.spoken(config="[soc]\nmailbox_users = [0x21212121, 2]\n"),
                         ["A35: secure refused", "A35: non-secure is user 00000002", "A35: done"])


class Debugger(unittest.TestCase):
    """gdb on Caliptra, and another one on QEMU's own server."""

    def setUp(self):
        if shutil.which("gdb-multiarch") is None:
            self.skipTest("no gdb-multiarch")

    def gdb(self, target, *commands):
        # gdb gives up after 2 seconds, which a busy host may need.
        settings = ("set pagination off", "set confirm off", "set remotetimeout 60")
        arguments = [word for each in (*settings, f"target remote {target}", *commands) for word in ("-ex", each)]
        result = subprocess.run(["gdb-multiarch", "-batch", "-nx", *arguments], capture_output=True, text=True,
                                stdin=subprocess.DEVNULL, timeout=120)
        return result.stdout + result.stderr

    def caliptra(self, vm, *commands):
        return self.gdb(vm.get("gdb-address").removeprefix("tcp:"), *commands)

    def test_two_debuggers(self):
        """Caliptra waits for its debugger; meanwhile the rest of the machine is debugged."""
        qemu = pathlib.Path(FOLDER.name) / "qemu.gdb"
        with Machine("-gdb", f"unix:{qemu},server=on,wait=off", caliptra={"gdb": 0, "gdb-wait": "on"},
                     config=production(), program=PROGRAM) as vm:
            time.sleep(0.3)
            self.assertEqual((vm.get("phase"), vm.get("cycles")), ("rom", 0))
            spoken = self.caliptra(vm, "stepi", "stepi", "info registers pc", "hbreak *0x40000130", "continue",
                                   "printf \"pc is %#x\\n\", $pc", "monitor cycles", "delete", "disconnect")
            self.assertIn("pc is 0x40000130", spoken)
            # One that is gone without a word leaves Caliptra where it is.
            cycles = vm.get("cycles")
            self.assertEqual(vm.get("phase"), "runtime", spoken)
            other = self.gdb(qemu, "info threads", "printf \"cpsr is %#x\\n\", $cpsr", "detach")
            self.assertIn("Thread 1.1", other)
            self.assertRegex(other, "powered off|CPU#0")
            self.assertEqual(vm.get("cycles"), cycles)
            self.assertEqual(vm.serial, "")
            self.assertIn("0x40000130", self.caliptra(vm, "info registers pc", "detach"))
            vm.wait_serial("A35: done")
            self.assertEqual(vm.log, "")

    def test_debugger_in_passing(self):
        """Into a boot that runs, and after it: look, and let go; machine stopped or not."""
        # A boot that takes 3 seconds: gdb needs a while to start.
        with Machine(caliptra={"gdb": 0, "clock-frequency": 1000000}, config=production(), program=PROGRAM) as vm:
            for _ in range(10):
                spoken = self.caliptra(vm, "info registers pc", "monitor cycles", "disconnect")
                phase = vm.get("phase")
                self.caliptra(vm, "detach")
                if phase in BOOTING:
                    break
                vm.reset()
            self.assertIn(phase, BOOTING)
            self.assertIn("instructions", spoken)
            vm.wait_phase("released")
            vm.wait(lambda: vm.serial.endswith("A35: done\n"), "the program's end")
            spoken = self.caliptra(vm, "x/1wx 0x30030038", "kill")
            self.assertIn("0x00000600", spoken)
            vm.qmp("stop")
            self.assertIn("0x00000600", self.caliptra(vm, "x/1wx 0x30030038", "detach"))
            vm.reset()
            spoken = len(vm.serial)
            vm.qmp("cont")
            vm.wait_serial("A35: done", after=spoken)
            self.assertEqual(vm.log, "")

    def test_quit_and_snapshot_while_stopped(self):
        with Machine(caliptra={"gdb": 0, "gdb-wait": "on"}, config=production(), program=PROGRAM, snapshots=True) as vm:
            self.caliptra(vm, "hbreak *0x40000130", "continue", "disconnect")
            self.assertEqual(vm.get("phase"), "runtime")
            cycles = vm.get("cycles")
            self.assertEqual(vm.monitor("savevm stopped"), "")
            time.sleep(0.2)
            self.assertEqual(vm.get("cycles"), cycles)
            # What was stopped when it was saved goes on where it is loaded.
            self.caliptra(vm, "detach")
            vm.wait_serial("A35: done\n")
            vm.qmp("stop")
            self.assertEqual(vm.monitor("loadvm stopped"), "")
            self.assertEqual(vm.get("cycles"), cycles)
            spoken = len(vm.serial)
            vm.qmp("cont")
            vm.wait_serial("A35: done", after=spoken)
            self.caliptra(vm, "disconnect")
            self.assertEqual(vm.quit(), 0)

    def test_port_that_is_taken(self):
        with Machine(caliptra={"gdb": 0}) as vm:
            port = vm.get("gdb-address").rsplit(":", 1)[1]
            with self.assertRaises(RuntimeError) as refusal:
                Machine(caliptra={"gdb": port})
            self.assertIn("gdb: ", str(refusal.exception))


class Storms(unittest.TestCase):
    """ROUNDS times, in every phase: each round waits for the next one of them, and a moment more."""

    # The clock at which phases are long enough to be seen, and still short.
    CLOCK = {"clock-frequency": 20000000}

    def setUp(self):
        self.chance = random.Random(7)
        self.seen = collections.Counter()

    def reach_phase_of(self, vm, round_):
        wanted = PHASES[round_ % len(PHASES):]
        vm.wait(lambda: vm.get("phase") in wanted, f"phase {wanted[0]}", interval=0.002)
        time.sleep(self.chance.uniform(0, 0.03))
        self.seen[vm.get("phase")] += 1

    def check_phases(self, what):
        print(f"{ROUNDS} {what}: {dict(self.seen)}", file=sys.stderr)
        # FW_INFO is over at once.
        if ROUNDS >= 4 * len(PHASES):
            self.assertLessEqual({"rom", "upload", "runtime", "released"}, set(self.seen))

    def test_system_reset(self):
        """After the last reset the machine boots as if nothing had been."""
        with Machine(config=production(), program=PROGRAM, caliptra=self.CLOCK) as vm:
            for i in range(ROUNDS):
                self.reach_phase_of(vm, i)
                vm.reset()
            vm.qmp("stop")
            vm.reset()
            spoken = len(vm.serial)
            vm.qmp("cont")
            vm.wait_phase("released")
            vm.wait_serial("A35: done", after=spoken)
            self.assertTrue(vm.serial[spoken:].startswith("A35: running\n"))
            self.assertEqual(vm.log, "")
        self.check_phases("resets")

    def test_quit(self):
        for i in range(ROUNDS):
            with Machine("-S", config=production(), program=PROGRAM, caliptra=self.CLOCK) as vm:
                vm.qmp("cont")
                self.reach_phase_of(vm, i)
                self.assertEqual(vm.quit(), 0, vm.log)
                self.assertEqual(vm.log, "")
        self.check_phases("quits")

    def test_two_machines(self):
        with Machine(config=production(), program=PROGRAM) as one, Machine(program=PROGRAM) as two:
            for vm in (one, two):
                vm.wait_serial("A35: done")
            self.assertEqual(one.word(machine.SCU1_CPTRA_CTRL), 1 << 18 | 7 << 8 | 1)
            self.assertEqual(two.word(machine.SCU1_CPTRA_CTRL), 1 << 18 | 1)


class State(unittest.TestCase):
    def test_snapshot_in_the_middle_of_the_boot(self):
        with Machine(config=production(), program=PROGRAM, snapshots=True, caliptra=SLOW) as vm:
            vm.stop_in("upload", "runtime")
            where = vm.get("phase"), vm.get("cycles")
            self.assertEqual(vm.monitor("savevm middle"), "")
            vm.qmp("cont")
            vm.wait_phase("released")
            for _ in range(2):
                vm.qmp("stop")
                self.assertEqual(vm.monitor("loadvm middle"), "")
                self.assertEqual((vm.get("phase"), vm.get("cycles")), where)
                spoken = len(vm.serial)
                vm.qmp("cont")
                vm.wait_serial("A35: done", after=spoken)
            self.assertEqual(vm.monitor("savevm booted"), "")
            self.assertEqual(vm.monitor("loadvm booted"), "")
            self.assertEqual(vm.get("phase"), "released")
            self.assertEqual(vm.log, "")

    def test_migration_to_file(self):
        state = pathlib.Path(FOLDER.name) / "state"
        with Machine(config=production(), program=PROGRAM, caliptra=SLOW) as vm:
            vm.stop_in("upload", "runtime")
            phase, cycles = vm.get("phase"), vm.get("cycles")
            vm.qmp("migrate", uri=f"file:{state}")
            vm.wait(lambda: vm.qmp("query-migrate").get("status") in ("completed", "failed"), "the migration")
            self.assertEqual(vm.qmp("query-migrate")["status"], "completed")
        with Machine(config=production(), program=PROGRAM, incoming=f"file:{state}", caliptra=SLOW) as vm:
            vm.wait(lambda: vm.qmp("query-status")["status"] != "inmigrate", "the state")
            self.assertEqual((vm.get("phase"), vm.get("cycles")), (phase, cycles))
            vm.qmp("cont")
            vm.wait_serial("A35: done")
            self.assertEqual(vm.log, "")
        print(f"migrated in phase {phase} at cycle {cycles}, {state.stat().st_size} bytes", file=sys.stderr)

    def test_foreign_state(self):
        """A state of another ROM is refused, and QEMU says so."""
        state = pathlib.Path(FOLDER.name) / "foreign"
        with Machine(program=PROGRAM) as vm:
            vm.qmp("stop")
            vm.qmp("migrate", uri=f"file:{state}")
            vm.wait(lambda: vm.qmp("query-migrate").get("status") == "completed", "the migration")
        other = machine.IMAGES / "rom" / "caliptra-rom-1.2.0-3b50c6a.bin"
        with self.assertRaisesRegex(RuntimeError, "it was taken with another ROM"):
            with Machine(program=PROGRAM, rom=other, incoming=f"file:{state}") as vm:
                vm.wait(lambda: vm.qmp("query-status")["status"] != "inmigrate", "the state")

    def test_icount_is_repeatable(self):
        def run():
            trace = pathlib.Path(FOLDER.name) / "trace"
            with Machine("-trace", "aspeed_caliptra_*", "-D", trace, config=production(), program=PROGRAM,
                         icount="shift=4,sleep=off") as vm:
                vm.wait_serial("A35: done\n")
                serial = vm.serial
                vm.quit()
            lines = trace.read_text().splitlines()
            last = max(i for i, line in enumerate(lines) if "aspeed_caliptra_read" in line)
            trace.unlink()
            # What comes before the name is the process and the host's time.
            return serial, [line[line.index("aspeed_caliptra_"):] for line in lines[:last + 1]]

        first, second = run(), run()
        self.assertEqual(first[0], second[0])
        self.assertEqual(first[1], second[1])
        print(f"icount: {len(first[1])} identical trace lines", file=sys.stderr)


class Disabled(unittest.TestCase):
    """The strap and the fuse that disable Caliptra: the processors run at once, and nothing answers at its addresses."""

    def test_strap_and_fuse(self):
        program = machine.build_program(FOLDER.name, "worlds", ["-DNONSECURE=1"])
        for what, address, bit in (("strap", 0x14C02010, 30), ("fuse", 0x14C02804, 6)):
            with Machine(caliptra={"disabled": what}, program=program) as vm:
                for boots in (1, 2):
                    vm.wait(lambda: vm.serial.count("A35: done") == boots, "the program")
                    self.assertEqual(vm.serial.splitlines()[-3:],
                                     ["A35: secure refused", "A35: non-secure refused", "A35: done"])
                    self.assertEqual((vm.get("phase"), vm.get("cycles"), vm.get("failure")), ("disabled", 0, ""))
                    self.assertEqual(vm.word(address) >> bit & 1, 1)
                    self.assertEqual(vm.word(machine.SCU1_CPTRA_CTRL), 0)
                    self.assertEqual(vm.word(machine.SCU0_CA35_REL), 1)
                    vm.qmp("system_reset")
                self.assertEqual(vm.log, "")

    def test_not_disabled(self):
        with Machine(caliptra={"disabled": "off"}) as vm:
            self.assertEqual(vm.word(0x14C02010) >> 30 & 1, 0)
            self.assertEqual(vm.word(0x14C02804) >> 6 & 1, 0)
            self.assertEqual(vm.wait_phase("released", "failed"), "released")
        with self.assertRaises(RuntimeError) as refusal:
            Machine(caliptra={"disabled": "perhaps"})
        self.assertIn("strap or fuse", str(refusal.exception))


class WithoutCaliptra(unittest.TestCase):
    def test_as_upstream(self):
        """No caliptra-rom: no device, and the CPUs run from the start."""
        program = machine.build_program(FOLDER.name, "without", ["-DALONE=1"])
        with Machine(*start_directly(program), *idle_coprocessors(), caliptra=False) as vm:
            vm.wait_serial("A35: done")
            self.assertFalse("aspeed.caliptra" in vm.monitor("info mtree"))
            self.assertFalse("aspeed.caliptra" in vm.monitor("info qtree"))
            vm.qmp("system_reset")
            vm.wait(lambda: vm.serial.count("A35: done") == 2, "the program again")
            self.assertEqual(vm.log, "")

    def test_as_an_unpatched_qemu(self):
        """Beside a QEMU without the patches, where UPSTREAM_QEMU names one."""
        upstream = os.environ.get("UPSTREAM_QEMU")
        if not upstream:
            self.skipTest("UPSTREAM_QEMU names no QEMU without the patches")
        program = machine.build_program(FOLDER.name, "without", ["-DALONE=1"])
        seen = []
        for binary in (machine.QEMU, pathlib.Path(upstream)):
            with Machine(*start_directly(program), *idle_coprocessors(), caliptra=False, binary=binary) as vm:
                vm.wait_serial("A35: done")
                vm.qmp("stop")
                words = [vm.word(base + offset) for base, offsets in
                         ((0x12C02000, (0x0, 0x10, 0x10C, 0x110, 0x11C, 0x780)), (0x14C02000, (0x0, 0x10, 0x130, 0x140, 0x220, 0x804)))
                         for offset in offsets]
                # In no particular order: address spaces by name, and what is where in them.
                views = sorted(re.findall(r"^ AS .*|^  [0-9a-f]+-[0-9a-f]+ .*", vm.monitor("info mtree -f"), re.MULTILINE))
                seen.append((vm.serial, vm.log, words, views, vm.monitor("info cpus").count("CPU")))
        for ours, theirs in zip(*seen):
            self.assertEqual(ours, theirs)


class Patches(unittest.TestCase):
    def test_style(self):
        """QEMU's own checker finds nothing."""
        if shutil.which("perl") is None:
            self.skipTest("no perl")
        patches = sorted((machine.PROJECT / "qemu-integration" / "patches").glob("000[1-9]-*.patch"))
        result = subprocess.run(["perl", machine.SOURCE / "scripts" / "checkpatch.pl", "--no-tree", *patches],
                                capture_output=True, text=True)
        totals = [line for line in result.stdout.splitlines() if line.startswith("total: ")]
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertEqual(len(totals), len(patches), result.stdout)
        for each in totals:
            self.assertRegex(each, "^total: 0 errors, 0 warnings")


class Cost(unittest.TestCase):
    def test_cost_to_the_application_cores(self):
        """What the device costs: processor time of the host, which other work on the host doesn't change."""
        program = machine.build_program(FOLDER.name, "work", ["-DWORK=300000000ull", "-DALONE=1"])

        def seconds(vm):
            """Until the Cortex-A35s run, and what they then need for their work."""
            vm.wait_serial("A35: running", timeout=300)
            boot = vm.processor_seconds()
            vm.wait_serial("work ", timeout=300)
            return boot, vm.processor_seconds() - boot

        results = {}
        for _ in range(3):
            with Machine(*idle_coprocessors(), program=program) as vm:
                results.setdefault("with", []).append(seconds(vm))
            with Machine(*start_directly(program), *idle_coprocessors(), caliptra=False) as vm:
                results.setdefault("without", []).append(seconds(vm))
        boot, work = ({name: min(each[i] for each in runs) for name, runs in results.items()} for i in (0, 1))
        print(f"cost: until the A35s run {boot['with']:.2f} s with Caliptra, {boot['without']:.2f} s without; "
              f"then work {work['with']:.2f} s with, {work['without']:.2f} s without", file=sys.stderr)
        self.assertLess(work["with"], 2 * work["without"] + 1)


class Qtest(unittest.TestCase):
    """The tests that are part of the patches."""

    def test_qtests(self):
        program = machine.BUILD / "tests" / "qtest" / "ast2700-caliptra-test"
        if not program.exists():
            self.skipTest("make test builds it, make qemu does not")
        result = subprocess.run([program, "--tap"], cwd=machine.BUILD, capture_output=True, text=True, timeout=300,
                                env={**os.environ, "QTEST_QEMU_BINARY": str(machine.QEMU)})
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        passed = [line for line in result.stdout.splitlines() if line.startswith("ok ")]
        self.assertGreaterEqual(len(passed), 6, result.stdout)
        print(f"{len(passed)} qtests passed", file=sys.stderr)


class Functional(unittest.TestCase):
    """The functional test that is part of the patches, as QEMU runs it."""

    def test_functional(self):
        tests = machine.SOURCE / "tests" / "functional"
        cache = pathlib.Path(FOLDER.name) / "cache"
        (cache / "download").mkdir(parents=True)
        for asset in (machine.ROM, machine.FIRMWARE):
            shutil.copy(asset, cache / "download" / hashlib.sha256(asset.read_bytes()).hexdigest())
        path = [machine.SOURCE / "python", tests]
        if importlib.util.find_spec("pycotap") is None:
            path.append(machine.HERE / "stand-ins")
        result = subprocess.run(
            [sys.executable, tests / "aarch64" / "test_aspeed_caliptra.py"], cwd=FOLDER.name, capture_output=True, text=True,
            timeout=300, env={**os.environ, "PYTHONPATH": ":".join(map(str, path)), "QEMU_TEST_QEMU_BINARY": str(machine.QEMU),
                              "MESON_BUILD_ROOT": str(machine.BUILD), "QEMU_BUILD_ROOT": str(machine.BUILD),
                              "QEMU_TEST_CACHE_DIR": str(cache), "QEMU_TEST_NO_DOWNLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"})
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        passed = [line for line in result.stdout.splitlines() if line.startswith("ok ") and "# skip" not in line]
        self.assertEqual(len(passed), 2, result.stdout + result.stderr)


def missing():
    """Why nothing of this can run here, and whether that is a fault."""
    note = machine.BUILD.parent / "missing"
    if note.exists():
        text = note.read_text().strip()
        return text, text.startswith("failed")
    for what, there in ((f"no QEMU at {machine.QEMU}; make qemu builds one", machine.QEMU.exists()),
                        (f"no official images at {machine.IMAGES}", machine.ROM.exists()),
                        (f"no {machine.CROSS}gcc", shutil.which(machine.CROSS + "gcc"))):
        if not there:
            return what, False
    return None, False


if __name__ == "__main__":
    reason, fault = missing()
    if reason:
        print(f"qemu: {reason}" if fault else f"[skipped] qemu: {reason}")
        sys.exit(1 if fault else 77)
    result = unittest.main(verbosity=2, exit=False).result
    # The rest is on standard error. What a long output may be cut to begins with what matters.
    for test, trace in result.failures + result.errors:
        print(f"failed: {test.id()}\n{trace}")
    sys.exit(0 if result.wasSuccessful() else 1)
