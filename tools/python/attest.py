#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Attests a Caliptra that `caliptra-emu serve --protocol json` serves, as a verifier in a network would.

    attest.py --socket unix:PATH [--idevid-key HEX] [--expect-runtime HEX]

It asks for a quote of the PCRs over a fresh nonce, fetches the certificates, and checks with the openssl command:
the chain from the IDevID key to LDevID, FMC alias and RT alias; that the quote's digest is that of the PCRs and the nonce;
and that the FMC alias key signed it. --idevid-key is the key that the manufacturer's records give for this device (X and Y,
192 digits); without it the device's own word is taken, which proves nothing about who made it. --expect-runtime is the digest
of the runtime that should run. Prints what was proved; exit status 1 where something is not as it should be.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))

from caliptra_emu import Client, ServerError, decode, pem  # noqa: E402

# SubjectPublicKeyInfo of an uncompressed point on P-384, up to the point (RFC 5480).
P384_KEY_PREFIX = bytes.fromhex("3076301006072a8648ce3d020106052b8104002203620004")


class NotProved(Exception):
    """Something is not as it should be."""


def openssl(*arguments, data=b""):
    try:
        result = subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True, check=False)
    except FileNotFoundError:
        raise NotProved("the openssl command is not installed") from None
    if result.returncode != 0:
        raise NotProved(f"openssl {arguments[0]}: {(result.stdout + result.stderr).decode(errors='replace').strip()}")
    return result.stdout


def der_parts(der):
    """The contents of a DER SEQUENCE, each with its header."""
    def element(data, at):
        if len(data) < at + 2:
            raise NotProved("a certificate is not DER")
        length, header = data[at + 1], 2
        if length & 0x80:
            count = length & 0x7F
            length, header = int.from_bytes(data[at + 2:at + 2 + count], "big"), 2 + count
        if len(data) < at + header + length:
            raise NotProved("a certificate ends early")
        return at + header, at + header + length

    begin, end = element(der, 0)
    parts = []
    while begin < end:
        _, after = element(der, begin)
        parts.append(der[begin:after])
        begin = after
    return parts


def der_of(text):
    return openssl("x509", "-outform", "DER", data=text.encode())


def key_of(text):
    return openssl("x509", "-pubkey", "-noout", data=text.encode()).decode()


def public_key_pem(point):
    return pem("PUBLIC KEY", P384_KEY_PREFIX + point)


def ecdsa_der(r, s):
    def integer(value):
        value = value.lstrip(b"\0") or b"\0"
        value = b"\0" + value if value[0] & 0x80 else value
        return bytes([2, len(value)]) + value

    body = integer(r) + integer(s)
    return bytes([0x30, len(body)]) + body


def check_signature(key, message, signature, what):
    with tempfile.TemporaryDirectory() as folder:
        key_file, signature_file = os.path.join(folder, "key"), os.path.join(folder, "signature")
        Path(key_file).write_text(key, encoding="utf-8")
        Path(signature_file).write_bytes(signature)
        try:
            openssl("dgst", "-sha384", "-verify", key_file, "-signature", signature_file, data=message)
        except NotProved:
            raise NotProved(f"{what} is wrong") from None


def check_digest_signature(key, digest, signature, what):
    with tempfile.TemporaryDirectory() as folder:
        files = {name: os.path.join(folder, name) for name in ("key", "signature", "digest")}
        Path(files["key"]).write_text(key, encoding="utf-8")
        Path(files["signature"]).write_bytes(signature)
        Path(files["digest"]).write_bytes(digest)
        try:
            openssl("pkeyutl", "-verify", "-pubin", "-inkey", files["key"], "-sigfile", files["signature"], "-in",
                    files["digest"])
        except NotProved:
            raise NotProved(f"{what} is wrong") from None


def check_chain(idevid_point, certificates):
    """Each certificate is signed by the one before, the first by the IDevID key."""
    key, signer = public_key_pem(idevid_point), "IDevID"
    for name, text in certificates:
        body, _, signature = der_parts(der_of(text))
        # A BIT STRING begins with the number of unused bits.
        content = signature[2 + (signature[1] & 0x7F if signature[1] & 0x80 else 0):]
        check_signature(key, body, content[1:], f"{signer}'s signature of the {name} certificate")
        key, signer = key_of(text), name
    return {name: key_of(text) for name, text in certificates}


def check_quote(quote, nonce, key):
    if quote["nonce"] != nonce.hex():
        raise NotProved("the quote is over another nonce: it may be an old one")
    pcrs = bytes.fromhex("".join(quote["pcrs"]))
    # The hardware takes the nonce's last word first (pv_gen_hash.sv).
    words = [nonce[at:at + 4] for at in range(0, len(nonce), 4)]
    digest = hashlib.sha384(pcrs + b"".join(reversed(words))).digest()
    if digest.hex() != quote["digest"]:
        raise NotProved("the quote's digest is not that of its PCRs and nonce")
    signature = ecdsa_der(bytes.fromhex(quote["signature_r"]), bytes.fromhex(quote["signature_s"]))
    check_digest_signature(key, digest, signature, "the quote's signature")


def ask(client, command, payload=b""):
    status, response, _ = client.mailbox(command, payload)
    if status != "data":
        raise NotProved(f"{command} answers {status}")
    return decode(command, response)


def attest(client, idevid_key=None, expected_runtime=None, nonce=None):
    """Returns the quote and firmware information that were proved; raises NotProved."""
    nonce = nonce or os.urandom(32)
    quote = ask(client, "QUOTE_PCRS", nonce)
    info = ask(client, "GET_IDEV_INFO")
    device_key = bytes.fromhex(info["idev_pub_x"] + info["idev_pub_y"])
    if idevid_key is not None and idevid_key != device_key:
        raise NotProved("the device has another IDevID key")
    certificates = [(name, ask(client, command)["cert"]) for name, command in (
        ("LDevID", "GET_LDEV_CERT"), ("FMC alias", "GET_FMC_ALIAS_CERT"), ("RT alias", "GET_RT_ALIAS_CERT"))]
    keys = check_chain(device_key, certificates)
    check_quote(quote, nonce, keys["FMC alias"])
    firmware = ask(client, "FW_INFO")
    if expected_runtime is not None and firmware["runtime_sha384_digest"] != expected_runtime:
        raise NotProved(f"another runtime runs: {firmware['runtime_sha384_digest']}")
    return quote, firmware


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--socket", required=True)
    parser.add_argument("--idevid-key", type=bytes.fromhex)
    parser.add_argument("--expect-runtime")
    arguments = parser.parse_args()
    try:
        with Client(arguments.socket) as client:
            quote, firmware = attest(client, arguments.idevid_key, arguments.expect_runtime)
    except (NotProved, ServerError, ValueError) as error:
        print(f"attest: {error}", file=sys.stderr)
        return 1
    print("The chain from the IDevID key to the RT alias certificate is right.")
    print("The FMC alias key signed this nonce and these PCRs:")
    for index, value in enumerate(quote["pcrs"]):
        if int(value, 16) != 0:
            print(f"  PCR{index:<2} {value}")
    print(f"Runtime: revision {firmware['runtime_revision']}, SHA-384 {firmware['runtime_sha384_digest']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
