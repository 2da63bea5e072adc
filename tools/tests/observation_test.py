#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Traces, timelines, profiles, coverage and reports of whole boots: observation_test.py PROGRAM ROM BUNDLE ELF...

ROM and BUNDLE are the demonstration's, the ELF files theirs. Chromium, lcov, genhtml, trace_processor_shell and official
images are used where they are there; what cannot be checked without them is skipped, each with a line that says so.
"""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

sys.dont_write_bytecode = True

IMAGES = Path(os.environ.get("CALIPTRA_IMAGES", Path(__file__).resolve().parents[2].parent / "shared/images"))
PROGRAM = ""
BOOT = []
SYMBOLS = []
FOLDER = Path()


def run(*arguments, status=0):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != status:
        raise AssertionError(f"{arguments} ended with {done.returncode}: {done.stderr}")
    return done


def skip(case, reason):
    print(f"[skipped] {case}: {reason}", flush=True)


def png_pixels(path):
    """Width, height and the rows of an RGB or RGBA picture of 8 bits, as PNG (ISO/IEC 15948) stores them."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            assert depth == 8 and colour in (2, 6), (depth, colour)
            size = 3 if colour == 2 else 4
        if kind == b"IDAT":
            packed += body
        at += 12 + length
    raw = zlib.decompress(packed)
    rows, before, stride = [], bytes(width * size), width * size
    for y in range(height):
        kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        if kind == 1:
            for i in range(size, stride):
                line[i] = (line[i] + line[i - size]) & 255
        elif kind == 2:
            line = bytearray((a + b) & 255 for a, b in zip(line, before))
        elif kind == 3:
            for i in range(stride):
                left = line[i - size] if i >= size else 0
                line[i] = (line[i] + (left + before[i]) // 2) & 255
        elif kind == 4:
            for i in range(stride):
                a = line[i - size] if i >= size else 0
                b, c = before[i], before[i - size] if i >= size else 0
                p = a + b - c
                nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                line[i] = (line[i] + nearest) & 255
        before = bytes(line)
        rows.append([before[i:i + 3] for i in range(0, stride, size)])
    return width, height, rows


class Boot(unittest.TestCase):
    """One boot of the demonstration with everything that there is to look with."""

    @classmethod
    def setUpClass(cls):
        if (FOLDER / "report.html").exists():
            return
        run("report", *BOOT, *SYMBOLS, "--until", "rt-ready", "--report", FOLDER / "report.html", "--timeline",
            FOLDER / "timeline.json", "--collapsed", FOLDER / "stacks.txt", "--flamegraph", FOLDER / "flame.svg",
            "--profile", FOLDER / "profile.txt", "--stacks", FOLDER / "depths.txt", "--coverage", FOLDER / "one.json",
            "--lcov", FOLDER / "one.info", "--stats", FOLDER / "stats.json")
        cls.maxDiff = 2000

    def stats(self, *arguments):
        run("run", *BOOT, "--until", "rt-ready", "--stats", FOLDER / "other.json", *arguments)
        stats = json.loads((FOLDER / "other.json").read_text())
        return {key: stats[key] for key in ("cycles", "instructions", "milestones", "stop_reason")}

    def test_looking_on_changes_nothing(self):
        alone = self.stats()
        seen = json.loads((FOLDER / "stats.json").read_text())
        self.assertEqual(alone, {key: seen[key] for key in alone})
        for form in ("compact", "spike", "human"):
            self.assertEqual(alone, self.stats("--trace", os.devnull, "--trace-format", form, *SYMBOLS))

    def test_spike_log(self):
        limit = ("--max-instructions", "30000")
        for form in ("compact", "spike", "spike-commits"):
            run("run", *BOOT, *limit, "--trace", FOLDER / form, "--trace-format", form, status=5)
        compact = [line.split() for line in (FOLDER / "compact").read_text().splitlines()]
        commits, disassembly = [], []
        # As riscv-dv's spike_log_to_trace_csv.py and others take the lines apart.
        commit = re.compile(r"core\s+0: 3 0x(?P<pc>[0-9a-f]{8}) \(0x(?P<bin>[0-9a-f]{4}|[0-9a-f]{8})\)"
                            r"( x(?P<rd>\d+) ? 0x(?P<value>[0-9a-f]{8}))?( c\d+_\w+ 0x[0-9a-f]{8})?"
                            r"( mem 0x[0-9a-f]{8}( 0x([0-9a-f]{2}){1,4})?)?$")
        first = re.compile(r"core\s+0: 0x(?P<pc>[0-9a-f]{8}) \(0x(?P<bin>[0-9a-f]{8})\) \S.*$")
        for line in (FOLDER / "spike").read_text().splitlines():
            if match := commit.match(line):
                commits.append(match)
            elif match := first.match(line):
                disassembly.append(match)
            else:
                self.assertRegex(line, r"^core\s+0: (exception|          tval)")
        self.assertEqual([f"0x{each['pc']}" for each in disassembly], [pc for pc, _ in compact])
        self.assertEqual([(f"0x{each['pc']}", f"0x{each['bin']}") for each in commits], [tuple(each) for each in compact])
        self.assertGreater(sum(each["rd"] is not None for each in commits), 1000)
        alone = (FOLDER / "spike-commits").read_text().splitlines()
        self.assertEqual(alone, [each.group(0) for each in commits])
        # With symbols, a line where a function begins.
        run("run", *BOOT, *SYMBOLS, *limit, "--trace", FOLDER / "named", "--trace-format", "spike", status=5)
        named = (FOLDER / "named").read_text()
        self.assertTrue(named.startswith("core   0: >>>>  _start\ncore   0: 0x00000000 "))
        self.assertIn("fill", re.findall(r"^core   0: >>>>  (\w+)\ncore   0: 0x", named, re.MULTILINE))
        self.assertTrue(re.sub(r"core   0: >>>>  \w+\n", "", named) == (FOLDER / "spike").read_text())

    def test_human_trace(self):
        run("run", *BOOT, *SYMBOLS, "--until", "rt-ready", "--trace", FOLDER / "human", "--trace-format", "human",
            "--trace-filter", "block=soc_ifc", "--trace-filter", "block=mailbox")
        text = (FOLDER / "human").read_text()
        self.assertRegex(text, r"soc_ifc\.CPTRA_BOOT_STATUS")
        self.assertRegex(text, r"-- SoC writes mailbox\.mbox_cmd = 0x46574c44 by user 0x1\n")
        self.assertRegex(text, r"-- mailbox: SoC user 0x1 sends FIRMWARE_LOAD with \d+ bytes: CMD_COMPLETE, after \d+ cycles")
        self.assertRegex(text, r"\w+\+0x[0-9a-f]+ +(\w+=[0-9a-f]+ <- )?\[300[23]")
        run("run", *BOOT, *SYMBOLS, "--until", "rt-ready", "--trace", FOLDER / "one", "--trace-filter", "symbol=lms_verify")
        lines = (FOLDER / "one").read_text().splitlines()
        self.assertGreater(len(lines), 100)
        self.assertLess(len(lines), json.loads((FOLDER / "stats.json").read_text())["instructions"] / 2)

    def test_timeline(self):
        timeline = json.loads((FOLDER / "timeline.json").read_text())
        events = timeline["traceEvents"]
        tracks = {each["tid"]: each["args"]["name"] for each in events if each["name"] == "thread_name"}
        slices = [each for each in events if each["ph"] == "X"]
        for each in slices:
            self.assertGreaterEqual(each["dur"], 0)
            self.assertIn(each["tid"], tracks)
        named = {(tracks[each["tid"]], each["name"]) for each in slices}
        for wanted in (("calls", "main"), ("calls", "lms_verify"), ("calls", "ROM"), ("calls", "FMC"), ("calls", "runtime"),
                       ("mailbox", "FIRMWARE_LOAD"), ("ecc384", "verify"), ("sha512", "SHA-384"), ("doe", "decrypt UDS")):
            self.assertIn(wanted, named)
        self.assertIn("boot phases", {track for track, _ in named})
        # Calls nest: each slice ends before the one around it does.
        calls = sorted(((round(each["ts"] * 1000), -round(each["dur"] * 1000)) for each in slices if tracks[each["tid"]] == "calls"))
        stack = []
        for begin, minus in calls:
            while stack and stack[-1] <= begin:
                stack.pop()
            self.assertTrue(not stack or begin - minus <= stack[-1])
            stack.append(begin - minus)
        processor = shutil.which("trace_processor_shell") or shutil.which("trace_processor")
        if processor is None:
            skip("the timeline in Perfetto's trace processor", "there is no trace_processor_shell")
            return
        (FOLDER / "query.sql").write_text("select count(*) as n from slice;")
        done = subprocess.run([processor, "-q", FOLDER / "query.sql", FOLDER / "timeline.json"], capture_output=True, text=True,
                              timeout=120, check=True)
        self.assertIn(str(len(slices)), done.stdout)

    def test_profiles(self):
        cycles = json.loads((FOLDER / "stats.json").read_text())["cycles"]
        stacks = [line.rsplit(" ", 1) for line in (FOLDER / "stacks.txt").read_text().splitlines()]
        counted = sum(int(count) for _, count in stacks)
        # Before the first instruction the boot FSM runs.
        self.assertLessEqual(counted, cycles)
        self.assertGreater(counted, 0.99 * cycles)
        roots = {path.split(";")[0] for path, _ in stacks}
        self.assertEqual(roots & {"ROM", "FMC", "runtime"}, {"ROM", "FMC", "runtime"})
        self.assertTrue(any("lms_verify;" in path for path, _ in stacks))
        svg = (FOLDER / "flame.svg").read_text()
        import xml.etree.ElementTree
        self.assertEqual(xml.etree.ElementTree.fromstring(svg).tag, "{http://www.w3.org/2000/svg}svg")
        self.assertIn("lms_verify", svg)
        self.assertIn("lms_verify (lms.c:", (FOLDER / "profile.txt").read_text())
        self.assertRegex((FOLDER / "depths.txt").read_text(), r"(?m)^ROM +0x5\w+ +\d+ +\d+ +\d+\.\d")
        small = run("run", *BOOT, "--until", "rt-ready", "--stacks", "-", "--stack-room", "FMC=0x5001f7f0..0x5001f800")
        self.assertRegex(small.stdout, r"OVERFLOW: the stack of FMC grew below 0x5001f7f0 at cycle \d+")

    def test_coverage(self):
        run("merge-coverage", FOLDER / "one.json", FOLDER / "one.json", "--output", FOLDER / "two.json", *SYMBOLS, "--lcov",
            FOLDER / "two.info")
        one = json.loads((FOLDER / "one.json").read_text())["regions"]
        two = json.loads((FOLDER / "two.json").read_text())["regions"]
        key = "address, length, executed, taken"
        for a, b in zip(one, two):
            self.assertEqual(a["bitmap"], b["bitmap"])
            self.assertEqual([2 * row[2] for row in a[key]], [row[2] for row in b[key]])
            self.assertEqual(sum(bin(int(a["bitmap"][i:i + 2], 16)).count("1") for i in range(0, len(a["bitmap"]), 2)), len(a[key]))
        (FOLDER / "bad.json").write_text("{}")
        bad = run("merge-coverage", FOLDER / "one.json", FOLDER / "bad.json", "--output", os.devnull, status=3)
        self.assertIn("bad.json: it is no coverage file", bad.stderr)

        if shutil.which("lcov") is None or shutil.which("genhtml") is None:
            skip("the tracefile in lcov and genhtml", "there is no lcov")
            return
        summary = subprocess.run(["lcov", "--rc", "lcov_branch_coverage=1", "--summary", FOLDER / "one.info"],
                                 capture_output=True, text=True, timeout=120, check=True)
        self.assertRegex(summary.stdout + summary.stderr, r"lines\.*: [1-9]")
        self.assertRegex(summary.stdout + summary.stderr, r"functions\.*: [1-9]")
        self.assertRegex(summary.stdout + summary.stderr, r"branches\.*: [1-9]")
        # lcov adds two tracefiles up as we do.
        subprocess.run(["lcov", "-q", "-a", FOLDER / "one.info", "-a", FOLDER / "one.info", "-o", FOLDER / "lcov.info"],
                       capture_output=True, timeout=120, check=True)

        def counts(path):
            return sorted(line for line in path.read_text().splitlines() if line.startswith("DA:"))
        self.assertEqual([line.split(",")[:2] for line in counts(FOLDER / "lcov.info")],
                         [line.split(",")[:2] for line in counts(FOLDER / "two.info")])
        # The sources lie where the compiler found them.
        subprocess.run(["genhtml", "-q", "-o", FOLDER / "html", FOLDER / "one.info"], capture_output=True, timeout=300, check=True)
        self.assertIn("lms.c", "".join(path.name for path in (FOLDER / "html").rglob("*.html")))

    def test_wrong_files(self):
        (FOLDER / "text").write_text("no ELF file")
        bad = run("run", *BOOT, "--symbols", FOLDER / "text", status=3)
        self.assertIn("it is no ELF file", bad.stderr)
        self.assertIn("there is no block", run("run", *BOOT, "--trace", os.devnull, "--trace-filter", "block=x", status=2).stderr)
        lcov = ("--lcov", FOLDER / "no.info")
        self.assertIn("--symbols FILE.elf", run("run", *BOOT, *lcov, status=2).stderr)
        subprocess.run(["riscv64-unknown-elf-objcopy", "--strip-debug", SYMBOLS[1], FOLDER / "stripped.elf"], check=True)
        stripped = ("--symbols", FOLDER / "stripped.elf")
        self.assertIn("compile with -g", run("run", *BOOT, *lcov, *stripped, status=3).stderr)
        self.assertIn("compile with -g", run("merge-coverage", FOLDER / "one.json", *lcov, *stripped, status=3).stderr)
        self.assertIn("No space left", run("run", *BOOT, "--until", "rt-ready", "--report", "/dev/full", status=7).stderr)

    def test_report_is_self_contained(self):
        page = (FOLDER / "report.html").read_text()
        self.assertNotRegex(page.replace('xmlns="http://www.w3.org/2000/svg"', ""), r"https?://|src=|@import|<link")
        for wanted in ('id="timeline"', 'id="errors"', 'id="cycles"', 'id="engines"', 'id="mailbox"', 'id="flamegraph"',
                       'id="coverage"', 'id="stacks"', "FIRMWARE_LOAD", "lms_verify", "firmware verification"):
            self.assertIn(wanted, page)

    def test_report_with_errors(self):
        run("report", *BOOT, *SYMBOLS, "--mailbox", "0x12345678", "--mailbox", "FW_INFO", "--report", FOLDER / "errors.html")
        page = (FOLDER / "errors.html").read_text()
        self.assertRegex(page, r"mailbox command 0x12345678 failed: CPTRA_FW_ERROR_NON_FATAL 0x[0-9a-f]{8}")
        self.assertIn("CMD_FAILURE", page)
        self.assertIn("FIPS status", page)
        self.assertIn("runtime SVN", page)

    def test_report_in_a_browser(self):
        browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if browser is None:
            skip("the report in a browser", "there is no chromium")
            return
        page = (FOLDER / "report.html").as_uri()
        common = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={FOLDER}/browser",
                  "--virtual-time-budget=3000"]
        dom = subprocess.run([*common, "--dump-dom", page], capture_output=True, text=True, timeout=180, check=True).stdout
        for wanted in ("Boot timeline", "Where the cycles went", "Engine use", "Mailbox log", "Errors", "Coverage map", "Flamegraph",
                       "lms_verify", "FIRMWARE_LOAD", "ecc384"):
            self.assertIn(wanted, dom)
        lightness = {}
        for name, options in (("light", ["--blink-settings=preferredColorScheme=1"]), ("dark", ["--blink-settings=preferredColorScheme=0"])):
            picture = FOLDER / f"{name}.png"
            subprocess.run([*common, *options, "--window-size=1280,900", f"--screenshot={picture}", page], capture_output=True,
                           timeout=180, check=True)
            width, height, rows = png_pixels(picture)
            self.assertEqual((width, height), (1280, 900))
            colours = {pixel for row in rows[::3] for pixel in row[::3]}
            self.assertGreater(len(colours), 50, f"{name} is blank")
            # No one colour fills it all, and there is something in every fifth of the page.
            for part in range(5):
                self.assertGreater(len({pixel for row in rows[part * 180:(part + 1) * 180] for pixel in row}), 5)
            lightness[name] = sum(rows[3][3])
        self.assertGreater(lightness["light"], 600)
        self.assertLess(lightness["dark"], 200)


class OfficialImages(unittest.TestCase):
    def test_stacks_without_symbols(self):
        rom = IMAGES / "rom/caliptra-rom-1.2.0-3b50c6a.bin"
        bundle = IMAGES / "bundle/ast2700-fw-1.2-20251023.bin"
        if not rom.exists() or not bundle.exists():
            skip("the call stack of an official boot", f"there is no {rom} or no {bundle}")
            return
        run("report", "--rom", rom, "--firmware", bundle, "--hw", "1.2", "--collapsed", FOLDER / "official.txt", "--report",
            FOLDER / "official.html")
        paths = [line.rsplit(" ", 1)[0].split(";") for line in (FOLDER / "official.txt").read_text().splitlines()]
        self.assertEqual({path[0] for path in paths}, {"ROM", "FMC", "runtime"})
        for image in ("ROM", "FMC", "runtime"):
            self.assertGreaterEqual(max(len(path) for path in paths if path[0] == image), 5)
            # What an image calls is its own.
            self.assertTrue(all(name.startswith(f"{image}:") for path in paths if path[0] == image for name in path[1:]
                                if ":0x" in name))


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    BOOT = ["--rom", sys.argv[2], "--firmware", sys.argv[3]]
    SYMBOLS = [word for path in sys.argv[4:] for word in ("--symbols", path)]
    with tempfile.TemporaryDirectory() as folder:
        FOLDER = Path(folder)
        unittest.main(argv=sys.argv[:1], verbosity=1)
