# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""A QEMU process with an ast2700fc machine in it, driven over QMP."""

import json
import os
import pathlib
import socket
import struct
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
IMAGES = pathlib.Path(os.environ.get("CALIPTRA_IMAGES", PROJECT.parent / "shared" / "images"))
BUILD = pathlib.Path(os.environ.get("CALIPTRA_QEMU_BUILD", PROJECT / "build-qemu" / "build"))
QEMU = BUILD / "qemu-system-aarch64"
SOURCE = BUILD.parent / "source"
CROSS = "aarch64-linux-gnu-"

ROM = IMAGES / "rom" / "caliptra-rom-with-log-1.2.0-3b50c6a.bin"
FIRMWARE = IMAGES / "bundle" / "ast2700-fw-1.2-20251023.bin"
VENDOR_PK_HASH = "428d18b0b49192c0163b4e0b2e231d20eef3ae37f8046c09a31911e3f6875a9a287342c58c7f8d68b69fafe1dd27b2dc"
OWNER_PK_HASH = "7c6d2e51463b1da3aac7082ec17bca667ee7f40448901ad47880a7c175dec3d2eb2d1ef775cdb6aeaaeaf9d9548b01e5"

# The mailbox and soc_ifc as the Cortex-A35s see them.
MAILBOX = 0x14C60000
SOC_IFC = 0x14C70000
SCU1_CPTRA_CTRL = 0x14C02130
SCU1_RESET_CONTROL = 0x14C02220
SCU1_RESET_CLEAR = 0x14C02224
SCU0_CA35_REL = 0x12C0210C

# The boot is over in 30 ms of virtual time. For tests that want to be in the middle of it, this makes it most of a second.
SLOW = {"clock-frequency": 5000000}
BOOTING = ("rom", "upload", "runtime", "fw-info")


def production(vendor=VENDOR_PK_HASH, owner=OWNER_PK_HASH):
    """A configuration file for the production life cycle."""
    return (
        '[security]\ndevice_lifecycle = "production"\ndebug_locked = true\n'
        f'[fuses]\nfuse_key_manifest_pk_hash = "{vendor}"\nfuse_owner_pk_hash = "{owner}"\n'
    )


class Machine:
    """Use it with `with`: at the end the process is gone, and so are its files."""

    def __init__(self, *arguments, caliptra=None, config=None, firmware=FIRMWARE, rom=ROM, program=None, icount=None,
                 qtest=False, snapshots=False, incoming=None, bios=None, binary=QEMU):
        self._connections = []
        self._folder = tempfile.TemporaryDirectory(prefix="caliptra-qemu-")
        self.folder = pathlib.Path(self._folder.name)
        self.serial_path = self.folder / "uart12"
        self.log_path = self.folder / "stderr"
        if bios is None:
            # Release tarballs bring vbootrom's image, Debian's source doesn't; an endless loop does for most tests.
            bios = self.folder / "bios"
            bios.write_bytes(bytes.fromhex("00000014"))
        machine = "ast2700fc"
        command = [str(binary), "-display", "none", "-nodefaults", "-monitor", "none", "-no-user-config",
                   "-bios", str(bios)]
        if caliptra is not False:
            options = {"rom": rom, "entry": "0x400000000", "chardev": "console"}
            if firmware is not None:
                options["firmware"] = firmware
            if config is not None:
                (self.folder / "config.toml").write_text(config)
                options["config"] = self.folder / "config.toml"
            options.update(caliptra or {})
            machine += "".join(f",caliptra-{name}={value}" for name, value in options.items())
            command += ["-chardev", f"file,id=console,path={self.folder}/console"]
        command += ["-machine", machine, "-serial", f"file:{self.serial_path}", "-qmp",
                    f"unix:{self.folder}/qmp,server=on,wait=off"]
        if program is not None:
            command += ["-device", f"loader,file={program}"]
        if icount is not None:
            command += ["-icount", icount, "-rtc", "clock=vm"]
        if qtest:
            command += ["-qtest", f"unix:{self.folder}/qtest,server=on,wait=off", "-accel", "qtest"]
        if snapshots:
            write_qcow2(self.folder / "snapshots.qcow2")
            command += ["-drive", f"if=none,id=snapshots,format=qcow2,file={self.folder}/snapshots.qcow2"]
        if incoming is not None:
            command += ["-incoming", incoming]
        command += [str(each) for each in arguments]
        self.command = command
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self._connect()
        except Exception:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for each in self._connections:
            each.close()
        self._folder.cleanup()

    def _connect(self):
        self._qmp = self.connect("qmp").makefile("rw", encoding="utf-8")
        self.qmp("qmp_capabilities")

    def connect(self, name):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(60)
        deadline = time.monotonic() + 60
        while True:
            try:
                connection.connect(str(self.folder / name))
                self._connections.append(connection)
                return connection
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("QEMU ended: " + self.log) from None
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def qmp(self, command, **arguments):
        """The answer to a QMP command; events on the way are dropped."""
        self._send(command, arguments)
        while True:
            answer = self._receive(command)
            if "return" in answer:  # neither the greeting nor an event
                return answer["return"]

    def reset(self):
        """A system_reset, until it has happened: the command itself only asks for one."""
        self._send("system_reset", {})
        awaited = {"return", "RESET"}
        while awaited:
            answer = self._receive("system_reset")
            awaited.discard("return" if "return" in answer else answer.get("event"))

    def _send(self, command, arguments):
        try:
            self._qmp.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
            self._qmp.flush()
        except OSError:
            pass  # it ended; reading says so

    def _receive(self, command):
        try:
            line = self._qmp.readline()
        except ConnectionError:
            line = ""
        if not line:
            self.process.wait(60)
            raise RuntimeError(f"QEMU ended during {command}: {self.log}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{command}: {answer['error']['desc']}")
        return answer

    def monitor(self, line):
        return self.qmp("human-monitor-command", **{"command-line": line})

    def get(self, name):
        """A property of the device."""
        return self.qmp("qom-get", path="/machine/caliptra", property=name)

    def word(self, address):
        """A word of the Cortex-A35s' address space."""
        return int(self.monitor(f"xp /1wx 0x{address:x}").split(":")[1], 16)

    @property
    def serial(self):
        return self.serial_path.read_text(errors="replace") if self.serial_path.exists() else ""

    @property
    def console(self):
        return (self.folder / "console").read_text(errors="replace")

    @property
    def log(self):
        """Standard error, without what machines without a network always say."""
        lines = self.log_path.read_text(errors="replace").splitlines(keepends=True)
        return "".join(line for line in lines if "has no peer" not in line)

    def wait(self, condition, what, timeout=120, interval=0.02):
        deadline = time.monotonic() + timeout
        while True:
            if condition():
                return
            if self.process.poll() is not None:
                raise RuntimeError(f"QEMU ended before {what}: {self.log}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {what} in {timeout} s; UART12: {self.serial!r}; standard error: {self.log!r}")
            time.sleep(interval)

    def wait_phase(self, *phases, timeout=120):
        self.wait(lambda: self.get("phase") in phases, f"phase {' or '.join(phases)}", timeout)
        return self.get("phase")

    def stop_in(self, *phases):
        """Stops the machine in one of these phases. On a busy host it may run past them unseen; then it boots again."""

        def stopped():
            phase = self.get("phase")
            if phase in phases:
                self.qmp("stop")
                if self.get("phase") in phases:
                    return True
                self.qmp("cont")
            elif phase not in BOOTING:
                self.reset()
            return False

        self.wait(stopped, f"phase {' or '.join(phases)}", interval=0.002)

    def wait_serial(self, text, timeout=120, after=0):
        """Until the text is on UART12, behind its first `after` characters."""
        self.wait(lambda: text in self.serial[after:], f"{text!r} on UART12", timeout)

    def processor_seconds(self):
        """What QEMU has used so far of the host's processors."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def quit(self):
        self.qmp("quit")
        return self.process.wait(60)


def write_qcow2(path, size=1 << 20):
    """An empty qcow2 image (docs/interop/qcow2.rst), for machines that only want somewhere to put snapshots."""
    cluster = 1 << 16
    header = struct.pack(">4sIQIIQIIQQIIQ", b"QFI\xfb", 3, 0, 0, 16, size, 0, 1, 3 * cluster, cluster, 1, 0, 0)
    header += struct.pack(">QQQII", 0, 0, 0, 4, 104)
    refcount_table = struct.pack(">Q", 2 * cluster)
    refcounts = struct.pack(">4H", 1, 1, 1, 1)
    with open(path, "wb") as image:
        for part in (header, refcount_table, refcounts, b""):
            image.write(part.ljust(cluster, b"\0"))


def build_program(folder, name="a35", defines=()):
    """The Cortex-A35s' program as an ELF file."""
    output = pathlib.Path(folder) / f"{name}.elf"
    subprocess.run(
        [CROSS + "gcc", "-Wall", "-Wextra", "-Werror", "-O2", "-ffreestanding", "-nostdlib", "-static", "-mcpu=cortex-a35",
         "-mgeneral-regs-only", "-mstrict-align", "-fno-pie", "-no-pie", "-mcmodel=large", "-Wl,--build-id=none",
         "-Wl,--no-warn-rwx-segments", *defines, "-T", HERE / "a35" / "link.ld", HERE / "a35" / "start.S",
         HERE / "a35" / "main.c", "-o", output], check=True)
    return output
