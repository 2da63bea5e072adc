# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""As much of pycotap as QEMU's functional tests use, for machines that have neither it nor a way to get it.

Results go to standard output in the Test Anything Protocol, messages to standard error.
"""

import enum
import sys
import unittest


class LogMode(enum.Enum):
    LogToError = "standard error"


class _Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self._number = 0

    def _say(self, verdict, test, remark="", message=""):
        self._number += 1
        print(f"{verdict} {self._number} {test.id()}{remark}", flush=True)
        if message:
            print(message, file=sys.stderr)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._say("ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._say("ok", test, f" # skip {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._say("not ok", test, message=self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self._say("not ok", test, message=self.errors[-1][1])


class TAPTestRunner:
    def __init__(self, message_log=LogMode.LogToError, test_output_log=LogMode.LogToError):
        self._logs = (message_log, test_output_log)

    def run(self, suite):
        result = _Result()
        suite(result)
        print(f"1..{result.testsRun}", flush=True)
        # QEMU's main() looks at `.result`.
        result.result = result
        return result
