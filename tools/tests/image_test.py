#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Drives the built caliptra-image: image_test.py CALIPTRA_IMAGE CALIPTRA_EMU [--images].

With --images the official ROMs and bundles of CALIPTRA_IMAGES are used; the exit status is 77 where they are absent.
"""

import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve()
IMAGES = Path(os.environ.get("CALIPTRA_IMAGES", HERE.parents[2].parent / "shared/images"))
PROGRAM = ""
EMULATOR = ""

# j . sixteen times: enough code for bundles that are only looked at.
LOOP = struct.pack("<16I", *[0x0000006f] * 16)
BINARIES = ["--fmc-load", "0x40000000", "--runtime-load", "0x40001000"]
MANIFEST_SIZE = 0x16fc


def elf(entry, segments, machine=243, kind=1):
    """An ELF file: segments are (physical address, bytes)."""
    header_size, entry_size = 52, 32
    at = header_size + entry_size * len(segments)
    table, body = b"", b""
    for address, content in segments:
        table += struct.pack("<8I", kind, at + len(body), address, address, len(content), len(content), 5, 4)
        body += content
    return (b"\x7fELF" + bytes([1, 1, 1]) + bytes(9) +
            struct.pack("<HHIIIIIHHHHHH", 2, machine, 1, entry, header_size, 0, 0, header_size, entry_size,
                        len(segments), 40, 0, 0) + table + body)


class Case(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)
        self.addCleanup(self._folder.cleanup)

    def file(self, name, contents=None):
        path = self.folder / name
        if contents is not None:
            path.write_bytes(contents)
        return str(path)

    def image(self, *arguments, status=0, error=None):
        """Runs the program, and checks its status and that standard error is one line that holds `error`."""
        done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, timeout=120, check=False)
        message = done.stderr.decode()
        self.assertEqual(done.returncode, status, f"{arguments}: {message}")
        if error is not None:
            self.assertIn(error, message)
            self.assertRegex(message, r"\Acaliptra-image: [^\n]+\n\Z")
        else:
            self.assertEqual(message, "")
        return done.stdout.decode(errors="replace")

    def create(self, *arguments, keys=("--test-keys", "test"), name="bundle.bin", **keywords):
        out = self.file(name)
        self.image("create", "--fmc", self.file("fmc.bin", LOOP), "--runtime", self.file("runtime.bin", LOOP),
                   *BINARIES, *keys, *arguments, "--out", out, **keywords)
        return out

    def info(self, path, **keywords):
        return json.loads(self.image("info", "--json", path, **keywords))


class Usage(Case):
    def test_help_version_and_wrong_command_lines(self):
        text = self.image("--help")
        for command in ("info", "create", "keys", "hash", "verify", "mutate"):
            self.assertIn(command, text)
        self.assertRegex(self.image("--version"), r"\Acaliptra-image \d+\.\d+")
        bundle = self.create()
        for arguments, error in (
                ([], "subcommand"),
                (["info"], "FILE"),
                (["info", bundle, "more"], "more"),
                (["paint", bundle], "subcommand"),
                (["create", "--out", "x"], "--fmc"),
                (["verify", bundle, "--lifecycle", "old"], "--lifecycle"),
                (["verify", bundle, "--fuse", "fuse_nothing=1"], "fuse_nothing"),
                (["verify", bundle, "--fuse", "fuse_lms_verify"], "NAME=VALUE"),
                (["mutate", bundle, "--out", "x", "--set", "fmc.colour=1"], "no field 'fmc.colour'"),
                (["mutate", bundle, "--out", "x", "--set", "fmc.svn=red"], "fmc.svn takes a number"),
                (["mutate", bundle, "--out", "x", "--set", "fmc.svn"], "FIELD=VALUE"),
                (["mutate", bundle, "--out", "x", "--set", "fmc.code[64]=00"], "not within the image"),
                (["mutate", bundle], "--out"),
                (["mutate", bundle, "--out", self.file("out"), "--size", "16777217"], "--size takes at most 16777216"),
                (["keys", self.file("k"), "--lms-leaves", "3"], "power of two")):
            with self.subTest(arguments=arguments):
                self.image(*arguments, status=2, error=error)

    def test_man_page_and_completions_know_every_option(self):
        options = set()
        for command in ("info", "create", "keys", "hash", "verify", "mutate"):
            options |= set(re.findall(r"--[a-z][a-z0-9-]+", self.image(command, "--help")))
        options.discard("--help")
        folder = HERE.parents[1] / "image"
        man = (folder / "caliptra-image.1").read_text().replace("\\-", "-")
        for page in ("completions/caliptra-image.bash", "completions/_caliptra-image"):
            text = (folder / page).read_text()
            self.assertEqual([], sorted(o for o in options if not re.search(re.escape(o) + r"\b", text)), page)
        self.assertEqual([], sorted(o for o in options if not re.search(re.escape(o) + r"\b", man)))

    def test_input_that_cannot_be_read_and_output_that_cannot_be_written(self):
        self.image("info", self.file("missing"), status=3, error="No such file")
        self.image("info", self.folder, status=3, error="is a directory")
        self.image("hash", self.file("short", b"CMAN"), status=3, error="at least 5884")
        self.image("mutate", self.create(), "--out", self.folder / "no" / "where", status=7, error="no/where")


class Info(Case):
    def test_a_bundle(self):
        info = self.info(self.create("--fmc-svn", 3, "--runtime-version", "0x10203", "--pl0-user", 7,
                                     "--fmc-revision", 20 * "ab", "--vendor-from", "20240101000000Z",
                                     "--vendor-ecc-index", 1, "--vendor-lms-index", 9))
        self.assertEqual(info["kind"], "bundle")
        self.assertEqual(info["size"], MANIFEST_SIZE + 2 * len(LOOP))
        manifest = info["manifest"]
        for field, value in (("fmc.svn", "0x00000003"), ("runtime.version", "0x00010203"),
                             ("header.flags", "0x00000001"), ("header.pl0_pauser", "0x00000007"),
                             ("fmc.revision", 20 * "ab"), ("header.vendor_not_before", "20240101000000Z"),
                             ("vendor_ecc_key_index", "0x00000001"), ("header.vendor_lms_key_index", "0x00000009"),
                             ("fmc.digest", hashlib.sha384(LOOP).hexdigest())):
            self.assertEqual(manifest[field], value, field)
        signatures = [check for check in info["checks"] if check["what"].endswith("signature")]
        self.assertEqual(len(signatures), 4)
        self.assertTrue(all(check["outcome"] == "passed" for check in info["checks"] if check["outcome"] != "left out"))

    def test_the_text_names_what_is_bad(self):
        bundle = self.create()
        text = self.image("info", bundle)
        self.assertRegex(text, r"owner's LMS signature +good")
        self.image("mutate", bundle, "--set", "vendor_lms_signature.path=^5", "--set", "runtime.code[3]=ff", "-o", bundle)
        text = self.image("info", bundle, status=1)
        self.assertRegex(text, r"vendor's LMS signature +BAD: 0x000b0033 IMAGE_VERIFIER_ERR_VENDOR_LMS_SIGNATURE_INVALID")
        self.assertRegex(text, r"runtime's digest +BAD: 0x000b0016")

    def test_what_is_neither_bundle_nor_rom(self):
        for name, contents, error in (("text", b"hello", "neither"), ("zeros", bytes(49152), "neither"),
                                      ("cut", b"CMAN" + bytes(100), "less than a manifest"),
                                      ("new", b"CMN2" + bytes(20000), "Caliptra 2.x")):
            with self.subTest(name):
                self.image("info", self.file(name, contents), status=3, error=error)

    def test_a_rom_of_unknown_release(self):
        code = bytes(range(256)) * 4
        swapped = b"".join(code[i:i + 4][::-1] for i in range(0, len(code), 4))
        digest = hashlib.sha256(swapped).digest()
        record = b"".join(digest[i:i + 4][::-1] for i in range(0, 32, 4)) + bytes(20) + struct.pack("<IHH", 0, 0x0880, 0)
        rom = self.file("rom", code + record + bytes(100))
        info = self.info(rom)
        self.assertEqual((info["kind"], info["version"], info["record_offset"], info["release"]),
                         ("rom", "1.2.0", 1024, None))


class Create(Case):
    def test_the_same_seed_gives_the_same_bundle(self):
        first = Path(self.create()).read_bytes()
        self.assertEqual(first, Path(self.create()).read_bytes())
        self.assertNotEqual(first, Path(self.create(keys=("--test-keys", "other"))).read_bytes())
        fresh = [Path(self.create(keys=("--fresh-test-keys",))).read_bytes() for _ in range(2)]
        self.assertNotEqual(fresh[0], fresh[1])

    def test_elf_files_are_loaded_by_segments(self):
        fmc = self.file("fmc.elf", elf(0x40000004, [(0x40000000, LOOP), (0x40000060, b"data")]))
        runtime = self.file("runtime.elf", elf(0x40002000, [(0x40002000, LOOP[:6])]))
        out = self.file("bundle.bin")
        self.image("create", "--fmc", fmc, "--runtime", runtime, "--test-keys", "x", "-o", out)
        manifest = self.info(out)["manifest"]
        self.assertEqual(manifest["fmc.load_address"], "0x40000000")
        self.assertEqual(manifest["fmc.entry_point"], "0x40000004")
        self.assertEqual(manifest["fmc.size"], "0x00000064")
        self.assertEqual(manifest["runtime.size"], "0x00000008")
        code = Path(out).read_bytes()[MANIFEST_SIZE:]
        self.assertEqual(code, LOOP + bytes(32) + b"data" + LOOP[:6] + bytes(2))

    def test_what_no_rom_would_take_is_refused(self):
        fmc, runtime = self.file("fmc.bin", LOOP), self.file("runtime.bin", LOOP)
        big = self.file("big.bin", bytes(126 * 1024))
        good = {"--fmc": fmc, "--fmc-load": "0x40000000", "--runtime": runtime, "--runtime-load": "0x40001000"}
        for change, error in (
                ({"--runtime-load": "0x40000020"}, "overlap"),
                ({"--runtime-load": "0x50000000"}, "is not within the ICCM"),
                ({"--runtime-load": "0x4001fff0"}, "is not within the ICCM"),
                ({"--fmc-load": "0x3ffffff0"}, "is not within the ICCM"),
                ({"--fmc-load": "0x40000001"}, "no multiple of 4"),
                ({"--fmc-entry": "0x40000100"}, "is not within it"),
                ({"--fmc-svn": "33"}, "SVN 33"),
                ({"--runtime-svn": "129"}, "SVN 129"),
                ({"--runtime": big, "--runtime-load": "0x40000040"}, "the mailbox holds"),
                ({"--runtime": self.file("empty", b"")}, "is empty"),
                ({"--vendor-ecc-index": "4"}, "no ECC key 4"),
                ({"--lms-leaf": "32"}, "no leaf 32"),
                ({"--fmc-load": None}, "needs a load address"),
                ({"--fmc": self.file("e1", elf(0, [(0, LOOP)], kind=4)), "--fmc-load": None}, "nothing to load"),
                ({"--fmc": self.file("e2", elf(0, [(0, LOOP)], machine=62)), "--fmc-load": None}, "not of 32-bit RISC-V"),
                ({"--fmc": self.file("e3", elf(0, [(0, LOOP)])[:-9]), "--fmc-load": None}, "damaged ELF"),
                ({"--fmc": self.file("e4", elf(0, [(0, LOOP), (0x80000000, LOOP)])), "--fmc-load": None},
                 "more than a bundle can hold"),
                ({"--fmc": self.file("e5", b"\x7fELF"), "--fmc-load": None}, "damaged ELF")):
            options = [str(text) for pair in {**good, **change}.items() if pair[1] is not None for text in pair]
            with self.subTest(change=change):
                self.image("create", *options, "--test-keys", "x", "-o", self.file("out"), status=3, error=error)
                self.assertFalse((self.folder / "out").exists())
        for change, error in (({"--owner-until": "20261301000000Z"}, "the owner's end is a time that there is not"),
                              ({"--vendor-from": "20270101000000Z", "--vendor-until": "20260101000000Z"}, "is before")):
            options = [str(text) for pair in {**good, **change}.items() for text in pair]
            self.image("create", *options, "--test-keys", "x", "-o", self.file("out"), status=3, error=error)
        for change, error in ({"--vendor-from": "yesterday"}, "YYYYMMDD"), ({"--epoch": "1"}, "4 hexadecimal digits"):
            options = [str(text) for pair in {**good, **change}.items() for text in pair]
            self.image("create", *options, "--test-keys", "x", "-o", self.file("out"), status=2, error=error)

    def test_keys_from_files(self):
        folder = self.folder / "keys"
        self.image("keys", folder, "--seed", "test")
        self.assertEqual(len(list(folder.iterdir())), 2 * (4 + 32 + 2))
        self.assertEqual((folder / "owner-ecc.pem").stat().st_mode & 0o077, 0)
        by_folder = Path(self.create(keys=("--keys", folder))).read_bytes()
        self.assertEqual(by_folder, Path(self.create()).read_bytes())
        self.image("keys", folder, status=7, error="not empty")
        for force in ([], ["--force"]):
            self.image("keys", self.file("file", b"x"), *force, status=7, error="is not a folder")
        self.image("keys", folder, "--force")
        self.assertNotEqual(by_folder, Path(self.create(keys=("--keys", folder))).read_bytes())

    def test_single_keys_and_openssl(self):
        key = self.file("key.pem")
        try:
            subprocess.run(["openssl", "ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", key], check=True,
                           capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            self.skipTest("there is no openssl")
        pkcs8 = self.file("pkcs8.pem")
        subprocess.run(["openssl", "pkcs8", "-topk8", "-nocrypt", "-in", key, "-out", pkcs8], check=True)
        public = self.file("public.pem")
        subprocess.run(["openssl", "ec", "-in", key, "-pubout", "-out", public], check=True, capture_output=True)
        bundle = self.create(keys=("--vendor-ecc-key", key, "--vendor-ecc-key", f"2:{public}", "--owner-ecc-key", pkcs8))
        info = self.info(bundle)
        manifest = info["manifest"]
        self.assertEqual(manifest["vendor_ecc_keys[0].x"], manifest["owner_ecc_key.x"])
        self.assertEqual(manifest["vendor_ecc_keys[2].x"], manifest["owner_ecc_key.x"])
        self.assertEqual(manifest["vendor_ecc_keys[1].x"], 96 * "0")
        outcomes = {check["what"]: check["outcome"] for check in info["checks"]}
        self.assertEqual(outcomes["owner's ECC signature"], "passed")
        self.assertEqual(outcomes["owner's LMS signature"], "left out")

        # OpenSSL agrees with the owner's signature, over the header.
        contents = Path(bundle).read_bytes()
        number = bytes.fromhex
        r, s = (int.from_bytes(number(manifest[f"owner_ecc_signature.{part}"]), "big") for part in "rs")
        signature = self.file("signature", der_sequence(r, s))
        header = self.file("header", contents[0x1590:0x1590 + 156])
        subprocess.run(["openssl", "dgst", "-sha384", "-verify", public, "-signature", signature, header], check=True,
                       capture_output=True)

    def test_bad_keys_are_refused_with_the_reason(self):
        folder = self.folder / "keys"
        self.image("keys", folder, "--seed", "test")
        good = (folder / "owner-ecc.pem").read_text()
        public = folder / "owner-ecc.pem.pub"
        lms = (folder / "owner-lms.key").read_bytes()
        for keys, status, error in (
                (["--owner-ecc-key", self.file("a", b"no key")], 3, "not a key in PEM or DER"),
                (["--owner-ecc-key", self.file("b", good[:100].encode())], 3, "not a key in PEM or DER"),
                (["--owner-ecc-key", self.file("missing")], 3, "No such file"),
                (["--vendor-ecc-key", f"4:{public}"], 2, "N from 0 to 3"),
                (["--vendor-lms-key", f"x:{public}"], 2, "N from 0 to 31"),
                (["--vendor-ecc-key", public], 3, "no private key of the vendor's ECC key 0"),
                (["--owner-ecc-key", public], 3, "no private ECC key of the owner"),
                (["--owner-lms-key", folder / "owner-lms.key.pub"], 3, "no private LMS key of the owner"),
                (["--vendor-lms-key", folder / "vendor-lms-0.key.pub"], 3, "no private key of the vendor's LMS key 0"),
                (["--owner-lms-key", self.file("c", lms[:47])], 3, "has 48 bytes, not 47"),
                (["--owner-lms-key", self.file("d", b"\0\0\0\x05" + lms[4:])], 3, "its types are 5 and 7"),
                (["--fresh-test-keys"], 2, "either"),
                (["--keys", self.file("a")], 3, "is not a folder")):
            with self.subTest(keys=keys):
                self.create(keys=["--test-keys", "test", *keys], status=status, error=error)
        self.create(keys=(), status=2, error="no keys")


class Verify(Case):
    def test_hash_gives_the_fuses_that_verify_asks_for(self):
        bundle = self.create()
        fuses = self.image("hash", bundle).split()
        self.assertEqual(fuses[0::2], 3 * ["--fuse"])
        self.assertIn("takes it", self.image("verify", bundle, *fuses))
        self.assertIn("0x000b0003", self.image("verify", bundle, status=1))
        self.assertIn("takes it", self.image("verify", bundle, "--lifecycle", "unprovisioned"))
        other = self.create(keys=("--test-keys", "other"), name="other.bin")
        self.assertIn("0x000b0005", self.image("verify", other, *fuses, status=1))
        self.assertEqual(json.loads(self.image("hash", "--json", bundle))["fuse_lms_verify"], "1")
        revoked = self.image("verify", "--json", bundle, *fuses, "--fuse", "fuse_lms_revocation=1", status=1)
        self.assertEqual(json.loads(revoked)["error_name"], "IMAGE_VERIFIER_ERR_VENDOR_LMS_PUB_KEY_REVOKED")

    def test_fuses_of_a_configuration_file(self):
        bundle = self.create("--runtime-svn", 4)
        hashes = json.loads(self.image("hash", "--json", bundle))
        def configuration(lifecycle, svn):
            return self.file("device.toml", f"""
[security]
device_lifecycle = "{lifecycle}"
[fuses]
fuse_key_manifest_pk_hash = "{hashes['fuse_key_manifest_pk_hash']}"
fuse_owner_pk_hash = "{hashes['fuse_owner_pk_hash']}"
fuse_lms_verify = 1
fuse_runtime_svn = [{svn}, 0, 0, 0]
""".encode())
        self.image("verify", bundle, "--fuses", configuration("production", 0xf))
        self.assertIn("0x000b002e", self.image("verify", bundle, "--fuses", configuration("production", 0x1f), status=1))
        self.image("verify", bundle, "--fuses", configuration("unprovisioned", 0x1f))
        self.image("verify", bundle, "--fuses", self.file("bad.toml", b"[fuses]\nwhat = 1\n"), status=2, error="bad.toml:2")

    def test_only_a_bundle_has_fuses(self):
        for contents, error in ((b"", "is empty"), (b"CMAN" + bytes(100), "at least 5884"), (bytes(6000), "neither"),
                                (b"CMN2" + bytes(6000), "2.x")):
            self.image("hash", self.file("f", contents), status=3, error=error)

    def test_any_file_has_a_verdict(self):
        for contents, code in ((b"", "0x01020002"), (b"x", "0x000b0001"), (bytes(200_000), "0x01020002"),
                               (b"CMAN" + bytes(6000), "0x000b0002")):
            self.assertIn(code, self.image("verify", self.file("f", contents), status=1))


class Mutate(Case):
    def test_without_keys_only_the_field_changes(self):
        bundle = self.create()
        out = self.file("out.bin")
        self.image("mutate", bundle, "--set", "header.pl0_pauser=0x1234", "--out", out)
        old, new = Path(bundle).read_bytes(), Path(out).read_bytes()
        changed = [i for i in range(len(old)) if old[i] != new[i]]
        self.assertEqual(changed, [0x1590 + 24, 0x1590 + 25])
        self.image("mutate", bundle, "--size", 100, "--out", out)
        self.assertEqual(Path(out).read_bytes(), old[:100])
        self.assertEqual(self.image("mutate", bundle, "--out", "-").encode(errors="replace")[:4], b"CMAN")

    def test_with_keys_all_around_it_is_made_anew(self):
        bundle = self.create()
        fuses = self.image("hash", bundle).split()
        out = self.file("out.bin")
        self.image("mutate", bundle, "--set", "runtime.entry_point=0x40001004", "--set", "fmc.code[0]=^1", "--test-keys",
                   "test", "--out", out)
        self.assertIn("takes it", self.image("verify", out, *fuses))
        self.image("mutate", bundle, "--set", "fmc.digest=" + 96 * "0", "--test-keys", "test", "--out", out)
        self.assertIn("0x000b0014", self.image("verify", out, *fuses, status=1))
        self.image("mutate", bundle, "--set", "fmc.svn=1", "--keys", self.folder, "--out", out, status=3,
                   error="no private key")

    def test_list(self):
        lines = self.image("mutate", "--list").splitlines()
        self.assertGreater(len(lines), 180)
        self.assertTrue(any(line.split() == ["fmc.svn", str(0x1590 + 156 + 32), "4"] for line in lines))


class OfficialImages(Case):
    ROMS = ("1.0.3-e8e23d9", "1.1.1-d6713db", "1.2.0-3b50c6a", "2.0.2-473ae25", "2.1.2-45de392")
    BUNDLES = {"ast2700-fw-1.2-20251023.bin": ("428d18b0b49192c0", "7c6d2e51463b1da3", "1"),
               "ast2700-fw-1.2-20251017.bin": ("428d18b0b49192c0", "81f12486b44ed365", "1"),
               "ast2700-fw-20250414.bin": ("cf30deebce37b1a0", "d9b44536814447e6", "0")}

    def test_roms_are_known(self):
        for rom in self.ROMS:
            for log in ("", "with-log-"):
                info = self.info(IMAGES / f"rom/caliptra-rom-{log}{rom}.bin")
                self.assertEqual(info["version"], rom.split("-")[0])
                self.assertEqual(info["release"], {"version": rom.split("-")[0], "with_log": log != "",
                                                   "with_revision": True})
                if rom != "2.0.2-473ae25":  # built without the commit's hash
                    self.assertTrue(info["revision"].startswith(rom.split("-")[1]))

    def test_a_changed_rom_is_none(self):
        rom = bytearray((IMAGES / f"rom/caliptra-rom-{self.ROMS[2]}.bin").read_bytes())
        rom[1000] ^= 1
        self.image("info", self.file("rom", bytes(rom)), status=3, error="neither")
        rom[1000] ^= 1
        rom[-1] ^= 1  # behind the record
        self.assertIsNone(self.info(self.file("rom", bytes(rom)))["release"])

    def test_production_bundles_parse_and_verify(self):
        for name, (vendor, owner, lms) in self.BUNDLES.items():
            with self.subTest(name):
                bundle = IMAGES / "bundle" / name
                info = self.info(bundle)
                failed = [check for check in info["checks"] if check["outcome"] == "failed"]
                self.assertEqual(failed, [])
                fuses = json.loads(self.image("hash", "--json", bundle))
                self.assertTrue(fuses["fuse_key_manifest_pk_hash"].startswith(vendor))
                self.assertTrue(fuses["fuse_owner_pk_hash"].startswith(owner))
                self.assertEqual(fuses["fuse_lms_verify"], lms)
                self.assertIn("takes it", self.image("verify", bundle, *self.image("hash", bundle).split()))
        for command in "info", "hash":
            self.image(command, IMAGES / "bundle/mcu-sw-fw-2.0-20251009.bin", status=3, error="Caliptra 2.x")
        self.image("hash", IMAGES / f"rom/caliptra-rom-{self.ROMS[0]}.bin", status=3, error="a boot ROM, no bundle")

    def test_official_roms_boot_our_bundles_with_the_fuses_of_hash(self):
        production = self.info(IMAGES / "bundle/ast2700-fw-1.2-20251023.bin")["manifest"]
        contents = (IMAGES / "bundle/ast2700-fw-1.2-20251023.bin").read_bytes()
        arguments = []
        for part in ("fmc", "runtime"):
            offset, size = (int(production[f"{part}.{what}"], 16) for what in ("offset", "size"))
            arguments += [f"--{part}", self.file(part, contents[offset:offset + size])]
            arguments += [f"--{part}-load", production[f"{part}.load_address"]]
            arguments += [f"--{part}-entry", production[f"{part}.entry_point"]]
        bundle = self.file("bundle.bin")
        self.image("create", *arguments, "--test-keys", "boot", "--vendor-ecc-index", 2, "--vendor-lms-index", 17,
                   "--lms-leaf", 3, "-o", bundle)
        for rom in self.ROMS[:3]:
            with self.subTest(rom):
                done = subprocess.run([EMULATOR, "run", "--rom", str(IMAGES / f"rom/caliptra-rom-with-log-{rom}.bin"),
                                       "--firmware", bundle, "--device-lifecycle", "production", "--until", "rt-ready",
                                       *self.image("hash", bundle).split()], capture_output=True, timeout=120, check=False)
                self.assertEqual(done.returncode, 0, done.stderr.decode())
                self.assertIn(b"[rt] RT listening for mailbox commands", done.stdout)


def der_sequence(*numbers):
    """A DER SEQUENCE of INTEGERs."""
    body = b""
    for value in numbers:
        content = value.to_bytes(value.bit_length() // 8 + 1, "big")
        body += b"\x02" + bytes([len(content)]) + content
    return b"\x30" + bytes([len(body)]) + body


def main():
    global PROGRAM, EMULATOR
    PROGRAM, EMULATOR = sys.argv[1:3]
    with_images = sys.argv[3:] == ["--images"]
    if with_images and not (IMAGES / "rom").is_dir():
        print(f"[skipped] caliptra-image with official images: there is no {IMAGES} (CALIPTRA_IMAGES)")
        sys.exit(77)
    cases = [OfficialImages] if with_images else [Usage, Info, Create, Verify, Mutate]
    suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromTestCase(case) for case in cases)
    sys.exit(not unittest.TextTestRunner(verbosity=1).run(suite).wasSuccessful())


if __name__ == "__main__":
    main()
