#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Drives caliptra-glitch on the demonstration firmware: test_caliptra_glitch.py PROGRAM ROM BUNDLE."""

import csv
import json
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = ROM = BUNDLE = ""


class GlitchTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        # The last byte belongs to the runtime: its digest no longer fits.
        self.tampered = ["--rom", ROM, "--firmware", BUNDLE, "--flip", str(Path(BUNDLE).stat().st_size - 1)]

    def glitch(self, *arguments, status=0, timeout=300):
        done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, timeout=timeout, check=False)
        text = done.stdout.decode() + done.stderr.decode()
        if status is not None:
            self.assertEqual(done.returncode, status, text[-3000:])
        return text

    @staticmethod
    def lines(path):
        return [json.loads(line) for line in Path(path).read_text().splitlines()]

    def test_a_campaign_and_its_reports(self):
        out, table, page = (self.folder / name for name in ("out.jsonl", "out.csv", "out.html"))
        text = self.glitch("run", *self.tampered, "--fault", "all", "--sample", 120, "--out", out, "--csv", table,
                           "--html", page, status=None)
        self.assertRegex(text, r"\d+ experiments a second")
        self.assertRegex(text, r"undisturbed: refused with 0x[0-9a-f]{8}")
        header, *results = self.lines(out)
        self.assertEqual(header["experiments"], 120)
        self.assertEqual([each["experiment"] for each in results], list(range(120)))
        self.assertLessEqual({each["outcome"] for each in results}, {"same", "rom-error", "hang", "accepted"})
        with open(table, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["outcome"] for row in rows], [each["outcome"] for each in results])
        html = page.read_text()
        self.assertTrue(html.startswith("<!DOCTYPE html>") and html.rstrip().endswith("</html>"))
        for each in results[:10]:
            self.assertIn(f"0x{each['pc']:08x}", html)
        self.assertNotIn("src=", html)
        one = self.glitch("replay", 7, *self.tampered, "--fault", "all", "--sample", 120, status=None)
        self.assertIn(f",{results[7]['outcome']},", one)

    def test_shards_merge_into_the_whole(self):
        plan = [*self.tampered, "--sample", 30, "--seed", 5]
        whole = self.folder / "whole.jsonl"
        self.glitch("run", *plan, "--jobs", 1, "--out", whole, status=None)
        shards = []
        for index in range(3):
            shards.append(self.folder / f"shard-{index}.jsonl")
            self.glitch("run", *plan, "--shard", f"{index}/3", "--out", shards[-1], status=None)
        merged = self.folder / "merged.jsonl"
        self.glitch("merge", *shards, "--out", merged, status=None)
        self.assertEqual(merged.read_text(), whole.read_text())
        self.assertIn("20 experiments are missing", self.glitch("merge", shards[0], status=None))

    def test_an_interrupted_campaign_goes_on(self):
        plan = [*self.tampered, "--sample", 200, "--seed", 9, "--jobs", 1]
        whole, part = self.folder / "whole.jsonl", self.folder / "part.jsonl"
        self.glitch("run", *plan, "--out", whole, status=None)
        with subprocess.Popen([PROGRAM, "run", *map(str, plan), "--out", str(part)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE) as process:
            process.stderr.readline()  # the campaign has been prepared
            time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            text = process.stderr.read().decode()
        if process.returncode == 5:
            self.assertIn("the same command goes on", text)
            self.assertLess(len(self.lines(part)), 201)
        # As if it had been killed while it wrote.
        broken = whole.read_text()[:3000]
        part.write_text(broken)
        text = self.glitch("run", *plan, "--out", part, status=None)
        self.assertIn("experiments are done already", text)
        self.assertEqual(part.read_text(), whole.read_text())

    def test_a_killed_campaign_goes_on(self):
        plan = [*self.tampered, "--sample", 300, "--seed", 4, "--jobs", 2]
        whole, part = self.folder / "whole.jsonl", self.folder / "part.jsonl"
        self.glitch("run", *plan, "--out", whole, status=None)
        with subprocess.Popen([PROGRAM, "run", *map(str, plan), "--out", str(part)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and not (part.exists() and part.stat().st_size > 4000):
                time.sleep(0.005)
            process.kill()
        self.assertGreater(len(part.read_text().splitlines()), 1)
        text = self.glitch("run", *plan, "--out", part, status=None)
        self.assertIn("experiments are done already", text)
        self.assertEqual(part.read_text(), whole.read_text())
        # A result that has become one of something else
        lines = whole.read_text().splitlines(keepends=True)
        for number, old, new in (3, '"variant":', '"variant":9'), (5, '"pc":', '"pc":1'), (7, '"experiment":', '"x":'):
            damaged = lines.copy()
            damaged[number] = damaged[number].replace(old, new)
            self.assertNotEqual(damaged, lines)
            part.write_text("".join(damaged))
            with self.subTest(new):
                text = self.glitch("run", *plan, "--out", part, status=None)
                self.assertRegex(text, "is another one there|line 8 is no result")
                self.assertEqual(part.read_text(), "".join(damaged))

    def test_bad_input(self):
        out = self.folder / "out.jsonl"
        other = self.folder / "other.jsonl"
        other.write_text('{"campaign":"1","experiments":5,"ending":"accepted"}\n')
        junk = self.folder / "junk"
        junk.write_text("junk\n")
        for arguments, status, text in [
                (["run", *self.tampered], 2, "--out"),
                (["run", "--out", out], 2, "no ROM"),
                (["run", *self.tampered, "--out", out, "--fault", "melt"], 2, "melt"),
                (["run", *self.tampered, "--out", out, "--sample", "-1"], 2, "--sample: takes a number of 64 bits"),
                (["run", *self.tampered, "--out", out, "--sample", "0"], 2, "at least 1"),
                (["run", *self.tampered, "--out", out, "--symbols", self.folder / "absent"], 3, "absent"),
                (["run", *self.tampered, "--out", out, "--from", "output=no such line"], 2, "the boot ends before output="),
                (["run", *self.tampered, "--out", out, "--shard", "3/3"], 2, "K/N"),
                (["run", *self.tampered, "--out", out, "--pc", "9:1"], 2, "LOW:HIGH"),
                (["run", *self.tampered, "--out", out, "--from", "tea"], 2, "tea"),
                (["run", *self.tampered[:4], "--flip", "99999999", "--out", out], 2, "not that long"),
                (["run", *self.tampered, "--out", other, "--sample", 3], 2, "can't be continued"),
                (["run", *self.tampered, "--out", junk, "--sample", 3], 3, "does not begin with a campaign"),
                (["run", *self.tampered, "--out", self.folder / "no/such", "--sample", 3], 7, "no/such"),
                (["merge", junk], 3, "does not begin with a campaign"),
                (["merge", self.folder / "absent"], 3, "absent"),
                (["replay", 99999999, *self.tampered, "--sample", 3], 2, "has 3 experiments"),
                ([], 2, "subcommand")]:
            with self.subTest(arguments):
                self.assertIn(text, self.glitch(*arguments, status=status))
        self.assertEqual(junk.read_text(), "junk\n")
        self.assertFalse(out.exists())

    def test_a_window_begins_at_any_event(self):
        for number, event in enumerate(("power-on", "boot-status=0x1", "cycle=900000", "output=ready for firmware")):
            with self.subTest(event):
                out = self.folder / f"{number}.jsonl"
                self.glitch("run", *self.tampered, "--from", event, "--sample", 3, "--out", out)
                self.assertEqual(len(self.lines(out)), 4)


if __name__ == "__main__":
    PROGRAM, ROM, BUNDLE = sys.argv[1:4]
    unittest.main(argv=sys.argv[:1])
