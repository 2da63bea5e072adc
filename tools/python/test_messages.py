#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Tests of how the client writes requests and takes answers apart. They need no server."""

import struct
import unittest

from caliptra_emu import build_dpe_request, build_request, decode, decode_dpe, pem
from caliptra_emu.responses import TooShort, checksum_is_right


class Encoding(unittest.TestCase):
    def test_fixed_fields_are_filled_with_zeros(self):
        request = build_request("STASH_MEASUREMENT", metadata=b"abcd", svn=7)
        self.assertEqual(request, b"abcd" + bytes(96) + struct.pack("<I", 7))

    def test_sized_fields(self):
        self.assertEqual(build_request("ADD_SUBJECT_ALT_NAME", device_info=b"xyz"), b"\3\0\0\0xyz")
        with self.assertRaises(ValueError):
            build_request("ADD_SUBJECT_ALT_NAME", device_info=bytes(129))

    def test_what_does_not_fit_is_refused(self):
        for values in ({"nonce": bytes(31)}, {"salt": b""}):
            with self.assertRaises(ValueError):
                build_request("QUOTE_PCRS", **values)
        with self.assertRaises(ValueError):
            build_request("EXTEND_PCR", index=1 << 32)
        with self.assertRaises(ValueError):
            build_request("FIRMWARE_LOAD")

    def test_dpe(self):
        request = build_dpe_request("GET_PROFILE")
        self.assertEqual(request, struct.pack("<IIII", 12, 0x44504543, 1, 4))


class Decoding(unittest.TestCase):
    @staticmethod
    def response(body):
        rest = struct.pack("<I", 0) + body
        return struct.pack("<I", -sum(rest) & 0xFFFFFFFF) + rest

    def test_checksum(self):
        response = self.response(b"abc")
        self.assertTrue(checksum_is_right(response))
        self.assertFalse(checksum_is_right(response + b"x"))
        self.assertFalse(checksum_is_right(b"\0\0"))

    def test_certificates_become_pem(self):
        result = decode("GET_LDEV_CERT", self.response(struct.pack("<I", 3) + b"\x30\x01\x00"))
        self.assertEqual(result["cert"], "-----BEGIN CERTIFICATE-----\nMAEA\n-----END CERTIFICATE-----\n")
        self.assertEqual(result["fips_status"], "approved")

    def test_what_ends_early_is_refused(self):
        for command in ("GET_LDEV_CERT", "QUOTE_PCRS", "FIPS_VERSION"):
            with self.assertRaises(TooShort):
                decode(command, self.response(b"\xff\xff\xff\x7f"))
        with self.assertRaises(TooShort):
            decode_dpe("SIGN", b"")

    def test_unknown_responses_are_kept(self):
        self.assertEqual(decode("SOMETHING", self.response(b"\1\2"))["more"], "0102")
        self.assertEqual(decode("SHUTDOWN", b""), {})

    def test_dpe_errors(self):
        self.assertEqual(decode_dpe("SIGN", struct.pack("<III", 0, 0x1000, 4)), {"status": "invalid handle", "profile": 4})

    def test_dpe_requests_become_cms(self):
        # SEQUENCE of an OBJECT IDENTIFIER, as CMS has it, and of a SEQUENCE, as a certificate; long and short lengths
        for der, label in ((b"\x30\x03\x06\x01\x00", "CMS"), (b"\x30\x81\x02\x30\x00", "CERTIFICATE"), (b"", "CERTIFICATE")):
            body = struct.pack("<III", 0, 0, 4) + bytes(16 + 96) + struct.pack("<I", len(der)) + der
            self.assertEqual(decode_dpe("CERTIFY_KEY", body)["cert"], pem(label, der))

    def test_chains_are_taken_apart(self):
        first, second = b"\x30\x02\x05\x00", b"\x30\x82\x00\x01\xff"

        def chain(data):
            return decode_dpe("GET_CERTIFICATE_CHAIN", struct.pack("<IIII", 0, 0, 4, len(data)) + data)["certificate_chain"]

        texts = [pem("CERTIFICATE", each) for each in (first, second)]
        self.assertEqual(chain(first + second), texts)
        self.assertEqual(chain(first + second[:4]), [texts[0], "30820001"])
        self.assertEqual(chain(second[1:] + first), ["820001ff" + first.hex()])
        self.assertEqual(chain(b""), [])

    def test_exported_cdis_come_only_where_they_were_asked_for(self):
        body = struct.pack("<III", 0, 0, 4) + bytes(32)
        self.assertNotIn("exported_cdi_handle", decode_dpe("DERIVE_CONTEXT", body))
        exported = decode_dpe("DERIVE_CONTEXT", body + b"\x11" * 32 + struct.pack("<I", 2) + b"\x30\x00")
        self.assertEqual((exported["exported_cdi_handle"], exported["cert"]), ("11" * 32, pem("CERTIFICATE", b"\x30\x00")))

    def test_pem_lines(self):
        self.assertTrue(all(len(line) <= 64 for line in pem("X", bytes(100)).splitlines()))


if __name__ == "__main__":
    unittest.main()
