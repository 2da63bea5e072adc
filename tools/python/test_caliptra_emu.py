#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Tests of the client, of caliptra-mbox, of the attestation example, and of the server that they talk to.

    test_caliptra_emu.py PROGRAM MBOX

With the official images of CALIPTRA_IMAGES; exit status 77, and the reason, where they are absent.
"""

import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))

import attest  # noqa: E402
from caliptra_emu import COMMANDS, Client, Server, ServerError, build_request, decode, pem  # noqa: E402

PROGRAM = MBOX = ROM = BUNDLE = None

BOOT_STATUS = 0x30030038
MAGIC = 0x43505452


def frame(command, *words, magic=MAGIC, version=1, length=None):
    payload = struct.pack(f"<{len(words)}I", *words)
    return struct.pack("<IHHI", magic, version, command, len(payload) if length is None else length) + payload


class WithServer(unittest.TestCase):
    PROTOCOL = "json"
    OPTIONS = ()

    @classmethod
    def setUpClass(cls):
        if not (os.path.exists(ROM) and os.path.exists(BUNDLE)):
            raise unittest.SkipTest("the official images are not there")
        cls.server = Server(PROGRAM, "--rom", ROM, "--firmware", BUNDLE, *cls.OPTIONS, protocol=cls.PROTOCOL)

    @classmethod
    def tearDownClass(cls):
        if hasattr(cls, "server"):
            status = cls.server.stop()
            path = cls.server.address.partition(":")[2]
            assert status == 0, f"the server ended with status {status}"
            assert not os.path.exists(path), "the server left its socket behind"
            cls.server.__exit__()


class Json(WithServer):
    def client(self):
        client = Client(self.server.address)
        self.addCleanup(client.close)
        return client

    def test_commands_by_name_and_number(self):
        client = self.client()
        status, response, _ = client.mailbox("FIPS_VERSION")
        self.assertEqual(status, "data")
        version = decode("FIPS_VERSION", response)
        self.assertEqual((version["name"], version["checksum_ok"]), ("Caliptra RTM", True))
        self.assertEqual(client.mailbox(COMMANDS["FIPS_VERSION"][0])[1], response)
        self.assertEqual(client.mailbox("0x46505652")[1], response)

    def test_an_unknown_command_fails_in_the_firmware(self):
        status, _, reply = self.client().mailbox(0x12345678)
        self.assertEqual((status, reply["fw_error_non_fatal"]), ("failure", 0x000E0002))

    def test_a_wrong_checksum_fails_in_the_firmware(self):
        status, _, reply = self.client().mailbox("FW_INFO", bytes(4), raw=True)
        self.assertEqual((status, reply["fw_error_non_fatal"]), ("failure", 0x000E0005))

    def test_a_command_that_ran_out_of_time_is_not_in_the_way(self):
        client = self.client()
        info = client.mailbox("FW_INFO")[1]
        for cycles in (0, 1000):
            self.assertEqual(client.mailbox("QUOTE_PCRS", bytes(32), cycles=cycles)[0], "no-answer")
            self.assertEqual(client.mailbox("FW_INFO", cycles=1000)[0], "not-granted")
            self.assertEqual(client.mailbox("FW_INFO")[:2], ("data", info))

    def test_registers(self):
        client = self.client()
        self.assertEqual(client.read(BOOT_STATUS), 0x600)
        with self.assertRaisesRegex(ServerError, "refuses address"):
            client.read(0x30000000)
        with self.assertRaisesRegex(ServerError, "refuses address"):
            client.write(BOOT_STATUS + 1, 0)

    def test_fuses_and_status(self):
        client = self.client()
        self.assertEqual(len(client.fuses()["fuse_uds_seed"]), 12)
        self.assertEqual(client.status()["boot_status"], 0x600)

    def test_a_snapshot_brings_the_past_back(self):
        client = self.client()
        client.save("before")
        self.addCleanup(client.drop, "before")
        nonce = bytes(32)
        quote = decode("QUOTE_PCRS", client.mailbox("QUOTE_PCRS", nonce)[1])
        self.assertEqual(client.mailbox("EXTEND_PCR", build_request("EXTEND_PCR", index=5, data=b"\1" * 48))[0], "data")
        self.assertNotEqual(decode("QUOTE_PCRS", client.mailbox("QUOTE_PCRS", nonce)[1])["pcrs"], quote["pcrs"])
        client.restore("before")
        again = decode("QUOTE_PCRS", client.mailbox("QUOTE_PCRS", nonce)[1])
        self.assertEqual(again, quote)
        with self.assertRaisesRegex(ServerError, "no snapshot"):
            client.restore("never")

    def test_resets_and_events(self):
        client = self.client()
        client.events()
        client.cold_reset()
        self.assertEqual(client.run(until="rt-ready")["end"], "event")
        events = [event["event"] for event in client.events()]
        self.assertEqual([each for each in events if each in ("cold-reset", "ready-for-fw", "rt-ready")][:3],
                         ["cold-reset", "ready-for-fw", "rt-ready"])
        self.assertEqual(client.mailbox("FW_INFO")[0], "data")

    def test_time_passes_only_where_it_is_asked_to(self):
        client = self.client()
        before = client.status()["cycles"]
        time.sleep(0.05)
        self.assertEqual(client.status()["cycles"], before)
        client.save("asleep")
        self.addCleanup(client.drop, "asleep")
        self.addCleanup(client.restore, "asleep")
        client.cold_reset()
        begin = client.status()["cycles"]
        self.assertEqual(client.run(cycles=1000)["cycles"], begin + 1000)

    def test_lines_that_are_no_requests(self):
        path = self.server.address.partition(":")[2]
        lines = [b"", b"\xff\xfe", b"[]", b"{", b"{}", b'{"do":1}', b'{"do":"fly"}', b'{"do":"mailbox"}',
                 b'{"do":"mailbox","command":"NOTHING"}', b'{"do":"mailbox","command":1,"payload":"0"}',
                 b'{"do":"mailbox","command":1,"payload":"zz"}', b'{"do":"run","cycles":-1}',
                 b'{"do":"run","cycles":1e99}', b'{"do":"run","until":"never"}', b'{"do":"read","address":"0x"}',
                 b'{"do":"read","address":4294967296}', b'{"do":"reset","kind":"hot"}', b'{"do":"snapshot","action":"eat","name":"x"}',
                 b"[" * 100000, b'{"id":' * 5000, b'{"do":"status","id":{"a":[1,2]}}']
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(60)
            peer.connect(path)
            peer.sendall(b"\n".join(lines) + b"\n")
            answers = peer.makefile("rb")
            replies = [json.loads(answers.readline()) for line in lines if line]
        self.assertTrue(all(not reply["ok"] and reply["error"] for reply in replies[:-1]))
        self.assertTrue(replies[-1]["ok"])
        self.assertEqual(replies[-1]["id"], {"a": [1, 2]})

    def test_peers_that_are_gone_take_nobodys_place(self):
        path = self.server.address.partition(":")[2]
        for round_ in range(200):
            with socket.socket(socket.AF_UNIX) as peer:
                peer.connect(path)
                peer.sendall((b"", b'{"do":"status"}\n', b'{"do":')[round_ % 3])
            with Client(self.server.address) as client:
                self.assertEqual(client.status()["boot_status"], 0x600)

    def test_a_line_without_end_is_cut_off(self):
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(60)
            peer.connect(self.server.address.partition(":")[2])
            try:
                for _ in range(20):
                    peer.sendall(b"x" * 65536)
                self.assertEqual(peer.recv(1), b"")
            except (BrokenPipeError, ConnectionResetError):
                pass
        self.client().status()

    def test_mailbox_client(self):
        if shutil.which("openssl") is None:
            self.skipTest("openssl is not installed")

        def mbox(*arguments):
            return subprocess.run([sys.executable, MBOX, "--socket", self.server.address, *arguments], text=True,
                                  capture_output=True, check=False)

        result = mbox("fw_info", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(json.loads(result.stdout)["runtime_sha384_digest"]), 96)
        certificate = mbox("GET_RT_ALIAS_CERT")
        subject = subprocess.run(["openssl", "x509", "-noout", "-subject"], input=certificate.stdout, text=True,
                                 capture_output=True, check=True)
        self.assertIn("Rt Alias", subject.stdout)
        self.assertIn("PCR", mbox("--list").stdout)
        self.assertIn("max_tci_nodes: ", mbox("DPE:GET_PROFILE").stdout)
        unknown = mbox("0x12345678")
        self.assertEqual(unknown.returncode, 1)
        self.assertIn("fw_error_non_fatal: 0x000e0002\nfw_error_name: RUNTIME_UNIMPLEMENTED_COMMAND\n", unknown.stdout)
        self.assertEqual(mbox("QUOTE_PCRS", "nonce=00").returncode, 2)
        self.assertEqual(mbox("QUOTE_PCRS", "salt=00").returncode, 2)
        missing = subprocess.run([sys.executable, MBOX, "--socket", "unix:/nowhere", "FW_INFO"], capture_output=True, check=False)
        self.assertEqual(missing.returncode, 3)

    def test_attestation(self):
        if shutil.which("openssl") is None:
            self.skipTest("openssl is not installed")
        client = self.client()
        nonce = bytes(range(32))
        quote, firmware = attest.attest(client, nonce=nonce)
        self.assertEqual(quote["nonce"], nonce.hex())
        with self.assertRaisesRegex(attest.NotProved, "another IDevID key"):
            attest.attest(client, idevid_key=bytes(96))
        with self.assertRaisesRegex(attest.NotProved, "another runtime"):
            attest.attest(client, expected_runtime="00" * 48)
        self.assertEqual(attest.attest(client, expected_runtime=firmware["runtime_sha384_digest"])[1], firmware)

        # A quote that was tampered with, replayed, or signed by another key.
        certificate = decode("GET_FMC_ALIAS_CERT", client.mailbox("GET_FMC_ALIAS_CERT")[1])["cert"]
        key = attest.key_of(certificate)
        attest.check_quote(quote, nonce, key)
        with self.assertRaisesRegex(attest.NotProved, "another nonce"):
            attest.check_quote(quote, bytes(32), key)
        changed = dict(quote, pcrs=["11" * 48] + quote["pcrs"][1:])
        with self.assertRaisesRegex(attest.NotProved, "not that of its PCRs"):
            attest.check_quote(changed, nonce, key)
        other = attest.key_of(decode("GET_LDEV_CERT", client.mailbox("GET_LDEV_CERT")[1])["cert"])
        with self.assertRaisesRegex(attest.NotProved, "signature is wrong"):
            attest.check_quote(quote, nonce, other)


class LyingServer(unittest.TestCase):
    """What is at the other end of the socket may be anything."""

    def answered(self, *answers, request):
        """Runs request(address) against a peer that gives these answers, one a connection, whatever it is asked."""
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
            path = os.path.join(folder, "socket")
            listener.bind(path)
            listener.listen()

            def serve():
                for answer in answers:
                    peer, _ = listener.accept()
                    with peer:
                        peer.makefile("rb").readline()
                        peer.sendall(answer)

            thread = threading.Thread(target=serve)
            thread.start()
            for answer in answers:
                with self.subTest(answer=answer[:80]):
                    request("unix:" + path)
            thread.join()

    def test_client(self):
        def request(address):
            with Client(address) as client, self.assertRaises(ServerError):
                client.mailbox("FW_INFO")

        self.answered(b"", b"x", b"nonsense\n", b"\xff\xfe\n", b"[]\n", b"null\n", b"[" * 100000 + b"\n", b'{"ok":true}\n',
                      b'{"id":2,"ok":true}\n', b'{"id":1}\n', b'{"id":1,"ok":false,"error":[1]}\n', b'{"id":1,"ok":true}\n',
                      b'{"id":1,"ok":true,"status":1,"response":""}\n', b'{"id":1,"ok":true,"status":"data","response":"0"}\n',
                      b'{"id":1,"ok":true,"status":"data","response":7}\n', request=request)

    def test_mailbox_client(self):
        def request(address):
            result = subprocess.run([sys.executable, MBOX, "--socket", address, "FW_INFO"], text=True, capture_output=True,
                                    check=False)
            self.assertIn(result.returncode, (1, 3))
            self.assertNotIn("Traceback", result.stderr)
            self.assertTrue(result.stderr.startswith("caliptra-mbox: ") or "error: " in result.stdout, result)

        self.answered(b"nonsense\n", b'{"id":1,"ok":true,"status":"failure","response":""}\n',
                      b'{"id":1,"ok":true,"status":"data","response":"00"}\n', request=request)


class PrivilegeLevelZero(WithServer):
    """The user to whom the firmware's manifest gives everything."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        configuration = os.path.join(folder.name, "privileged.toml")
        Path(configuration).write_text("[soc]\nuser = 0x21212121\n", encoding="utf-8")
        cls.OPTIONS = ("--config", configuration)
        super().setUpClass()

    def mbox(self, *arguments):
        result = subprocess.run([sys.executable, MBOX, "--socket", self.server.address, *arguments], text=True,
                                capture_output=True, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def openssl(self, *arguments, text):
        result = subprocess.run(["openssl", *arguments], input=text, text=True, capture_output=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def setUp(self):
        if shutil.which("openssl") is None:
            self.skipTest("openssl is not installed")

    def test_certificates_of_dpe(self):
        leaf = self.mbox("DPE:CERTIFY_KEY", "label=" + "5a" * 48)
        self.assertIn("DPE Leaf", self.openssl("x509", "-noout", "-subject", text=leaf))
        self.assertIn("DPE Leaf", self.openssl("x509", "-noout", "-subject", text=self.mbox("CERTIFY_KEY_EXTENDED")))
        request = self.mbox("DPE:CERTIFY_KEY", "format=1")
        self.assertIn("pkcs7-signedData", self.openssl("cms", "-cmsout", "-print", "-noout", "-inform", "PEM", text=request))

    def test_chain_of_dpe(self):
        first = json.loads(self.mbox("DPE:GET_CERTIFICATE_CHAIN", "size=2048", "--json"))["dpe"]["certificate_chain"]
        cut = bytes.fromhex(first.pop())
        rest = json.loads(self.mbox("DPE:GET_CERTIFICATE_CHAIN", "offset=2048", "size=2048", "--json"))
        cut += bytes.fromhex(rest["dpe"]["certificate_chain"][0])
        subjects = [self.openssl("x509", "-noout", "-subject", text=each) for each in (*first, pem("CERTIFICATE", cut))]
        for subject, name in zip(subjects, ("LDevID", "FMC Alias", "Rt Alias")):
            self.assertIn(name, subject)
        self.assertEqual(len(subjects), 3)
        self.assertIn("\nthe rest of certificate_chain: 30", self.mbox("DPE:GET_CERTIFICATE_CHAIN", "size=2048"))

    def test_exported_cdi(self):
        export_and_certify = "flags=0x20c00000"  # and retain the parent
        derived = json.loads(self.mbox("DPE:DERIVE_CONTEXT", export_and_certify, "--json"))["dpe"]
        handle = "exported_cdi_handle=" + derived["exported_cdi_handle"]
        signed = json.loads(self.mbox("SIGN_WITH_EXPORTED_ECDSA", handle, "tbs=" + "11" * 48, "--json"))
        key = self.openssl("x509", "-noout", "-pubkey", text=derived["cert"])
        attest.check_digest_signature(key, b"\x11" * 48, attest.ecdsa_der(*(
            bytes.fromhex(signed[name]) for name in ("signature_r", "signature_s"))), "the exported key's signature")
        self.mbox("REVOKE_EXPORTED_CDI_HANDLE", handle)


class Cptr(WithServer):
    PROTOCOL = "cptr"

    def connect(self):
        peer = socket.socket(socket.AF_UNIX)
        self.addCleanup(peer.close)
        peer.settimeout(60)
        peer.connect(self.server.address.partition(":")[2])
        return peer

    def receive(self, peer, size):
        data = b""
        while len(data) < size:
            part = peer.recv(size - len(data))
            if not part:
                self.fail("the server closed the connection")
            data += part
        return data

    def answer(self, peer):
        magic, version, command, length = struct.unpack("<IHHI", self.receive(peer, 12))
        self.assertEqual((magic, version), (MAGIC, 1))
        return command, self.receive(peer, length)

    def read(self, peer, address):
        peer.sendall(frame(3, address))
        command, data = self.answer(peer)
        self.assertEqual((command, len(data)), (4, 4))
        return struct.unpack("<I", data)[0]

    def write(self, peer, address, data):
        peer.sendall(frame(5, address, data))
        self.assertEqual(self.answer(peer), (6, b""))

    def test_a_mailbox_command(self):
        self.assertEqual(os.stat(self.server.address.partition(":")[2]).st_mode & 0o777, 0o600)
        peer = self.connect()
        self.assertEqual(self.read(peer, BOOT_STATUS), 0x600)
        self.assertEqual(self.read(peer, 0x30020000) & 1, 0)
        number = COMMANDS["FIPS_VERSION"][0]
        self.write(peer, 0x30020008, number)
        self.write(peer, 0x3002000C, 4)
        self.write(peer, 0x30020010, -sum(struct.pack("<I", number)) & 0xFFFFFFFF)
        self.write(peer, 0x30020018, 1)
        deadline = time.monotonic() + 60
        while self.read(peer, 0x3002001C) & 0xF == 0:
            self.assertLess(time.monotonic(), deadline)
        size = self.read(peer, 0x3002000C)
        response = b"".join(struct.pack("<I", self.read(peer, 0x30020014)) for _ in range(0, size, 4))
        self.write(peer, 0x30020018, 0)
        self.assertEqual(decode("FIPS_VERSION", response)["name"], "Caliptra RTM")

    def test_refused_accesses_are_answered(self):
        peer = self.connect()
        for address in (0, 0x3001FFFC, 0x30040000, BOOT_STATUS + 2, 0xFFFFFFFC, 0x30022000):
            self.assertEqual(self.read(peer, address), 0xDEADBEEF, hex(address))
            self.write(peer, address, 1)
        self.assertEqual(self.read(peer, BOOT_STATUS), 0x600)

    def test_longer_payloads_and_split_frames(self):
        peer = self.connect()
        peer.sendall(frame(3, BOOT_STATUS, 1, 2, 3) + frame(5, 0, 0, 9))
        self.assertEqual(self.answer(peer), (4, struct.pack("<I", 0x600)))
        self.assertEqual(self.answer(peer), (6, b""))
        for byte in frame(3, BOOT_STATUS):
            peer.sendall(bytes([byte]))
        self.assertEqual(self.answer(peer), (4, struct.pack("<I", 0x600)))

    def test_malformed_frames_end_only_their_connection(self):
        witness = self.connect()
        for bad in (frame(3, 0, magic=1), frame(3, 0, version=2), frame(4, 0), frame(3, length=0), frame(5, 0, length=4),
                    frame(3, length=0xFFFFFFFF), frame(0), b"GET / HTTP/1.0\r\n\r\n"):
            peer = self.connect()
            peer.sendall(bad)
            self.assertEqual(peer.recv(1), b"", bad)
            self.assertEqual(self.read(witness, BOOT_STATUS), 0x600)

    def test_silent_and_dead_peers_hold_nobody_up(self):
        silent = self.connect()
        half = self.connect()
        half.sendall(frame(3, BOOT_STATUS)[:7])
        dead = self.connect()
        dead.sendall(frame(3, BOOT_STATUS) * 1000)
        dead.close()
        self.assertEqual(self.read(self.connect(), BOOT_STATUS), 0x600)
        self.assertEqual(self.read(silent, BOOT_STATUS), 0x600)

    def test_a_peer_that_takes_no_answers_is_not_served_for_ever(self):
        greedy = self.connect()
        greedy.setblocking(False)
        sent = 0
        try:
            for _ in range(4000):
                sent += greedy.send(frame(3, BOOT_STATUS) * 1000)
        except BlockingIOError:
            pass
        self.assertGreater(sent, 0)
        peer = self.connect()
        for _ in range(100):
            self.assertEqual(self.read(peer, BOOT_STATUS), 0x600)

    def test_there_are_only_so_many_connections(self):
        peers = [self.connect() for _ in range(8)]
        for peer in peers:
            self.assertEqual(self.read(peer, BOOT_STATUS), 0x600)
        self.assertEqual(self.connect().recv(1), b"")
        peers.pop().close()
        time.sleep(0.2)
        self.assertEqual(self.read(self.connect(), BOOT_STATUS), 0x600)

    def test_many_connections_in_turn(self):
        for _ in range(1000):
            peer = self.connect()
            self.assertEqual(self.read(peer, BOOT_STATUS), 0x600)
            peer.close()


class Starting(unittest.TestCase):
    def setUp(self):
        if not (os.path.exists(ROM) and os.path.exists(BUNDLE)):
            self.skipTest("the official images are not there")

    def run_server(self, *options, status):
        result = subprocess.run([PROGRAM, "serve", *options], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(result.returncode, status, result.stderr)
        return result.stderr.splitlines()[-1]

    def test_addresses(self):
        images = ("--rom", ROM, "--firmware", BUNDLE)
        self.assertIn("--allow-remote", self.run_server("--socket", "tcp:0.0.0.0:0", *images, status=2))
        self.assertIn("neither", self.run_server("--socket", "http://x", *images, status=2))
        self.assertIn("numeric", self.run_server("--socket", "tcp:127.0.0.1:99999", *images, status=2))
        for number in ("0", "1001", "-1", "many"):
            self.assertIn("from 1 to 1000", self.run_server("--socket", "tcp:127.0.0.1:0", "--max-clients", number, *images, status=2))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "file")
            Path(path).write_text("precious", encoding="utf-8")
            self.assertIn("is no socket", self.run_server("--socket", "unix:" + path, *images, status=7))
            self.assertEqual(Path(path).read_text(encoding="utf-8"), "precious")

    def test_tcp_and_a_stale_socket(self):
        images = ("--rom", ROM, "--firmware", BUNDLE)
        command = [PROGRAM, "serve", "--protocol", "json", "--socket", "tcp:localhost:0", *images]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            address = server.stdout.readline().removeprefix("listening on ").strip()
            with Client(address) as client:
                self.assertEqual(client.read(BOOT_STATUS), 0x600)
            server.terminate()
            self.assertEqual(server.wait(timeout=60), 0)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "socket")
            with socket.socket(socket.AF_UNIX) as left_behind:
                left_behind.bind(path)
            command[5] = "unix:" + path
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
                self.assertIn("listening", server.stdout.readline())
                self.assertIn("listens on", self.run_server("--socket", "unix:" + path, *images, status=7))
                server.send_signal(2)
                self.assertEqual(server.wait(timeout=60), 0)

    def test_a_signal_ends_a_boot_that_hangs(self):
        with tempfile.TemporaryDirectory() as folder:
            loop = os.path.join(folder, "loop.bin")
            Path(loop).write_bytes(bytes.fromhex("6f000000"))
            command = [PROGRAM, "serve", "--protocol", "json", "--socket", "unix:" + os.path.join(folder, "socket")]
            with subprocess.Popen([*command, "--rom", loop, "--max-cycles", str(1 << 50)], stderr=subprocess.DEVNULL) as server:
                time.sleep(0.5)
                server.terminate()
                self.assertEqual(server.wait(timeout=60), 0)

    def test_boots_that_fail(self):
        with tempfile.NamedTemporaryFile() as damaged:
            bundle = bytearray(Path(BUNDLE).read_bytes())
            bundle[-1] ^= 1
            damaged.write(bundle)
            damaged.flush()
            address = ("--socket", "tcp:127.0.0.1:0", "--rom", ROM)
            self.assertIn("CPTRA_FW_ERROR_FATAL", self.run_server(*address, "--firmware", damaged.name, status=4))
            self.assertIn("--firmware", self.run_server(*address, "--max-cycles", "3000000", status=5))


def main():
    global PROGRAM, MBOX, ROM, BUNDLE
    PROGRAM, MBOX = sys.argv[1:3]
    images = os.environ.get("CALIPTRA_IMAGES", Path(__file__).resolve().parents[2].parent / "shared/images")
    ROM = os.path.join(images, "rom/caliptra-rom-with-log-1.2.0-3b50c6a.bin")
    BUNDLE = os.path.join(images, "bundle/ast2700-fw-1.2-20251023.bin")
    result = unittest.main(argv=sys.argv[:1] + sys.argv[3:], exit=False, verbosity=1).result
    if not result.wasSuccessful():
        return 1
    if result.skipped:
        print(f"[skipped] server and its clients: {result.skipped[0][1]}")
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main())
