#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Tests of run-tests: the counts, the reports and the exit status, on logs as meson writes them."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

RUN_TESTS = Path(__file__).parent / "run-tests"


def entry(name, result, stdout="", stderr="", returncode=0):
    return {"name": name, "result": result, "stdout": stdout, "stderr": stderr, "returncode": returncode}


def doctest(cases, passed, failed, before=""):
    return (f"[doctest] doctest version is \"2.4.9\"\n{before}"
            f"[doctest] test cases: {cases:2} | {passed:2} passed | {failed} failed | 0 skipped\n"
            "[doctest] assertions: 9 | 9 passed | 0 failed |\n[doctest] Status: SUCCESS!\n")


def run(*entries):
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "testlog.json"
        log.write_text("".join(json.dumps(line) + "\n" for line in entries), encoding="utf-8")
        done = subprocess.run([sys.executable, RUN_TESTS, "--log", log], capture_output=True, text=True)
    return done.returncode, done.stdout.splitlines()


class RunTests(unittest.TestCase):
    def test_doctest_cases_are_counted_not_programs(self):
        status, lines = run(entry("a", "OK", doctest(12, 12, 0)), entry("b", "OK", doctest(3, 3, 0)))
        self.assertEqual((status, lines[-1]), (0, "15 passed, 0 failed, 0 skipped"))

    def test_other_programs_count_one(self):
        status, lines = run(entry("script", "OK", "whatever\n"), entry("must fail", "EXPECTEDFAIL", returncode=1))
        self.assertEqual((status, lines[-1]), (0, "2 passed, 0 failed, 0 skipped"))

    def test_skipped_cases_are_taken_off_the_passed_ones(self):
        text = doctest(4, 4, 0, "[skipped] boots the ROM: no images\n[skipped] golden: no images\n")
        status, lines = run(entry("soc", "OK", text))
        self.assertEqual((status, lines[-1]), (0, "2 passed, 0 failed, 2 skipped"))
        self.assertTrue(any("soc: boots the ROM: no images" in line for line in lines))

    def test_status_77_is_a_skip_and_its_last_line_the_reason(self):
        status, lines = run(entry("a", "OK"), entry("image", "SKIP", "no RISC-V compiler\n", returncode=77))
        self.assertEqual((status, lines[-1]), (0, "1 passed, 0 failed, 1 skipped"))
        self.assertTrue(any(line.endswith("image: no RISC-V compiler") for line in lines))

    def test_a_failure_shows_its_output(self):
        status, lines = run(entry("a", "FAIL", doctest(5, 3, 2, "clock_test.cc:7: ERROR\n"), "said so\n", 1))
        self.assertEqual((status, lines[-1]), (1, "3 passed, 2 failed, 0 skipped"))
        self.assertTrue(any("clock_test.cc:7: ERROR" in line for line in lines))
        self.assertTrue(any("said so" in line for line in lines))

    def test_a_program_that_dies_counts_as_a_failure(self):
        for result in ("FAIL", "ERROR", "TIMEOUT", "UNEXPECTEDPASS"):
            status, lines = run(entry("crash", result, "[doctest] run with\n", returncode=-11), entry("a", "OK"))
            self.assertEqual((status, lines[-1]), (1, "1 passed, 1 failed, 0 skipped"), result)

    def test_a_sanitizer_report_after_the_summary_is_a_failure(self):
        status, lines = run(entry("leaks", "FAIL", doctest(2, 2, 0), "LeakSanitizer\n", 1))
        self.assertEqual((status, lines[-1]), (1, "2 passed, 1 failed, 0 skipped"))

    def test_running_nothing_is_an_error(self):
        self.assertEqual(run()[0], 1)
        status, lines = run(entry("image", "SKIP", returncode=77))
        self.assertEqual((status, lines[-1]), (1, "0 passed, 0 failed, 1 skipped"))


if __name__ == "__main__":
    unittest.main()
