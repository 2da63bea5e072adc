# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Responses of the mailbox commands, taken apart. Bytes become hexadecimal text, certificates and requests PEM."""

import base64
import struct

CERTIFICATE = "CERTIFICATE"
CMS = "CMS"  # a certificate request that DPE has signed, RFC 5652
CERTIFICATE_REQUEST = "CERTIFICATE REQUEST"

DPE_STATUS = {
    0: "success", 1: "internal error", 2: "invalid command", 3: "invalid argument", 4: "argument not supported",
    0x1000: "invalid handle", 0x1001: "invalid locality", 0x1002: "bad tag", 0x1003: "too many TCIs",
    0x1004: "platform error", 0x1005: "crypto error", 0x1006: "hash error", 0x1007: "random error",
}
AUTHORIZATION = {0xDEADC0DE: "authorized", 0x21523F21: "not authorized", 0x8BFB95CB: "hash mismatch"}

# Kinds: a number N is N bytes in hexadecimal; "u32"; "words:N" N words as one hexadecimal text, the top byte of each first;
# "text:N" characters up to a NUL; "pem:LABEL" and "bytes" a length and then so many bytes; "list:N" N numbers; "pcrs" 32
# PCRs; "chain" a length and then certificates; "dpe:NAME" what decode_dpe() makes of all that follows; others are looked up in
# a table of that name. "?" at the end: some responses end before.
_TABLES = {"dpe_status": DPE_STATUS, "authorization": AUTHORIZATION}

RESPONSES = {
    "GET_IDEV_CERT": [("cert", "pem:" + CERTIFICATE)],
    "GET_IDEV_INFO": [("idev_pub_x", 48), ("idev_pub_y", 48)],
    "GET_LDEV_CERT": [("cert", "pem:" + CERTIFICATE)],
    "GET_FMC_ALIAS_CERT": [("cert", "pem:" + CERTIFICATE)],
    "GET_RT_ALIAS_CERT": [("cert", "pem:" + CERTIFICATE)],
    "STASH_MEASUREMENT": [("dpe_result", "dpe_status")],
    "FW_INFO": [
        ("pl0_pauser", "u32"), ("runtime_svn", "u32"), ("min_runtime_svn", "u32"), ("fmc_manifest_svn", "u32"),
        ("attestation_disabled", "u32"), ("rom_revision", 20), ("fmc_revision", 20), ("runtime_revision", 20),
        ("rom_sha256_digest", "words:8"), ("fmc_sha384_digest", "words:12"), ("runtime_sha384_digest", "words:12"),
        ("owner_pub_key_hash", "words:12"), ("authman_sha384_digest", "words:12?"),
    ],
    "DPE_GET_TAGGED_TCI": [("tci_cumulative", 48), ("tci_current", 48)],
    "QUOTE_PCRS": [
        ("pcrs", "pcrs"), ("nonce", 32), ("digest", 48), ("reset_counters", "list:32"), ("signature_r", 48),
        ("signature_s", 48),
    ],
    "FIPS_VERSION": [("mode", "u32"), ("fips_rev", "list:3"), ("name", "text:12")],
    "CAPABILITIES": [("capabilities", 16)],
    "AUTHORIZE_AND_STASH": [("auth_req_result", "authorization")],
    "GET_IDEV_CSR": [("csr", "pem:" + CERTIFICATE_REQUEST)],
    "GET_FMC_ALIAS_CSR": [("csr", "pem:" + CERTIFICATE_REQUEST)],
    "SIGN_WITH_EXPORTED_ECDSA": [
        ("derived_pubkey_x", 48), ("derived_pubkey_y", 48), ("signature_r", 48), ("signature_s", 48),
    ],
    "INVOKE_DPE": [("data", "bytes")],
    "CERTIFY_KEY_EXTENDED": [("certify_key", "dpe:CERTIFY_KEY")],
}

_HANDLE = ("new_context_handle", 16)
_CERTIFIED = [_HANDLE, ("derived_pubkey_x", 48), ("derived_pubkey_y", 48), ("cert", "pem:" + CERTIFICATE)]
DPE_RESPONSES = {
    "GET_PROFILE": [
        ("major_version", "u16"), ("minor_version", "u16"), ("vendor_id", "u32"), ("vendor_sku", "u32"),
        ("max_tci_nodes", "u32"), ("flags", "u32"),
    ],
    "INITIALIZE_CONTEXT": [_HANDLE],
    "DERIVE_CONTEXT": [
        _HANDLE, ("parent_context_handle", 16), ("exported_cdi_handle", "32?"), ("cert", f"pem:{CERTIFICATE}?"),
    ],
    "CERTIFY_KEY": _CERTIFIED,
    "SIGN": [_HANDLE, ("signature_r", 48), ("signature_s", 48)],
    "ROTATE_CONTEXT_HANDLE": [_HANDLE],
    "DESTROY_CONTEXT": [],
    "GET_CERTIFICATE_CHAIN": [("certificate_chain", "chain")],
}


class TooShort(ValueError):
    """A response ends before its fields do."""


def pem(label, der):
    text = base64.b64encode(der).decode()
    lines = [text[at:at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"]) + "\n"


def _der_size(data):
    """The bytes of the DER SEQUENCE that data begins with; 0 if it doesn't begin with a whole one."""
    if len(data) < 2 or data[0] != 0x30:
        return 0
    count = data[1] & 0x7F if data[1] & 0x80 else 0
    length = int.from_bytes(data[2:2 + count], "big") if count else data[1]
    size = 2 + count + length
    return size if size <= len(data) else 0


def _certificate(label, der):
    """PEM; DPE's CSRs come where certificates do, as CMS: a SEQUENCE that begins with an OBJECT IDENTIFIER."""
    count = der[1] & 0x7F if len(der) > 1 and der[1] & 0x80 else 0
    return pem(CMS if der[2 + count:3 + count] == b"\x06" else label, der)


def _chain(data):
    """The whole certificates as PEM texts. A part of a chain ends anywhere: what is left is hexadecimal text."""
    parts = []
    while size := _der_size(data):
        parts.append(pem(CERTIFICATE, data[:size]))
        data = data[size:]
    return parts + [data.hex()] if data else parts


class _Reader:
    def __init__(self, data):
        self._data = data
        self._at = 0

    def take(self, size):
        if size > len(self._data) - self._at:
            raise TooShort(f"the response of {len(self._data)} bytes ends at {self._at}, where {size} more belong")
        part = self._data[self._at:self._at + size]
        self._at += size
        return part

    def at_end(self):
        return self._at == len(self._data)

    def rest(self):
        return self.take(len(self._data) - self._at)

    def words(self, count):
        return list(struct.unpack(f"<{count}I", self.take(4 * count)))

    def field(self, kind):
        if isinstance(kind, int) or kind.isdigit():
            return self.take(int(kind)).hex()
        kind, _, argument = kind.partition(":")
        if kind == "u32":
            return self.words(1)[0]
        if kind == "u16":
            return struct.unpack("<H", self.take(2))[0]
        if kind == "words":
            return "".join(f"{word:08x}" for word in self.words(int(argument)))
        if kind == "list":
            return self.words(int(argument))
        if kind == "text":
            return self.take(int(argument)).partition(b"\0")[0].decode(errors="replace").strip()
        if kind == "pcrs":
            return [self.take(48).hex() for _ in range(32)]
        if kind == "pem":
            return _certificate(argument, self.take(self.words(1)[0]))
        if kind == "chain":
            return _chain(self.take(self.words(1)[0]))
        if kind == "dpe":
            return decode_dpe(argument, self.rest())
        if kind == "bytes":
            return self.take(self.words(1)[0]).hex()
        number = self.words(1)[0]
        return _TABLES[kind].get(number, f"0x{number:x}")


def _decode(reader, fields):
    result = {}
    for name, kind in fields:
        optional = isinstance(kind, str) and kind.endswith("?")
        if optional and reader.at_end():
            break
        result[name] = reader.field(kind.removesuffix("?") if optional else kind)
    return result


def checksum_is_right(response):
    """Whether the response's first word makes the sum of it and all later bytes 0."""
    if len(response) < 8:
        return False
    return (struct.unpack("<I", response[:4])[0] + sum(response[4:])) & 0xFFFFFFFF == 0


def decode(command, response):
    """The members of a response, in order. An empty response, of a command that has none, is an empty dictionary."""
    if not response:
        return {}
    reader = _Reader(response)
    result = {"checksum_ok": checksum_is_right(response)}
    reader.take(4)
    result["fips_status"] = {0: "approved"}.get(status := reader.words(1)[0], f"0x{status:x}")
    result.update(_decode(reader, RESPONSES.get(command, [])))
    if rest := reader.rest():
        result["more"] = rest.hex()
    return result


def decode_dpe(command, data):
    """The members of what an INVOKE_DPE response holds."""
    reader = _Reader(data)
    _, status, profile = reader.words(3)
    result = {"status": DPE_STATUS.get(status, f"0x{status:x}"), "profile": profile}
    if status == 0:
        result.update(_decode(reader, DPE_RESPONSES[command]))
    return result
