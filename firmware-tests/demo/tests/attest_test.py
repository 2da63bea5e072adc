#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""attest_test.py EMULATOR MAILBOX_CLIENT FOLDER: the tools for the official runtime work with the demonstration's."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ATTEST = Path(__file__).resolve().parents[3] / "tools" / "python" / "attest.py"


def run(*command):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, timeout=250)
    if result.returncode != 0:
        sys.exit(f"{command[0]}: exit status {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout


def expect(condition, what):
    if not condition:
        sys.exit(f"not as expected: {what}")


def main():
    emulator, client, folder = sys.argv[1:]
    if shutil.which("openssl") is None:
        print("[skipped] demonstration attestation: the openssl command is not installed")
        return 77
    with tempfile.TemporaryDirectory() as scratch:
        address = f"unix:{scratch}/socket"
        server = subprocess.Popen([emulator, "serve", "--socket", address, "--protocol", "json", "--rom",
                                   f"{folder}/rom.bin", "--firmware", f"{folder}/bundle.bin"], stdout=subprocess.DEVNULL)
        try:
            for _ in range(2000):
                if os.path.exists(f"{scratch}/socket") or server.poll() is not None:
                    break
                time.sleep(0.1)
            expect("runtime_svn: 0" in run(client, "--socket", address, "FW_INFO"), "FW_INFO")
            expect("BEGIN CERTIFICATE" in run(client, "--socket", address, "GET_RT_ALIAS_CERT"), "a certificate")
            attested = run(sys.executable, ATTEST, "--socket", address)
            expect("FMC alias key signed this nonce" in attested, "the attestation")
        finally:
            server.terminate()
            server.wait(30)
    print("the mailbox client and the attestation work with the demonstration firmware")
    return 0


if __name__ == "__main__":
    sys.exit(main())
