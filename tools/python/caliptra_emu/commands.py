# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Requests of the mailbox commands: what follows the checksum word, as the runtime 1.x documents it.

A field is (name, kind). Kinds: a number N is N bytes; "u32" a number; "sized:N" how many bytes, and then those, at most N;
"rest" all bytes that follow.
"""

import struct


_VERIFY_ECDSA = [("pub_key_x", 48), ("pub_key_y", 48), ("signature_r", 48), ("signature_s", 48)]
_VERIFY_LMS = [
    ("pub_key_tree_type", "u32"), ("pub_key_ots_type", "u32"), ("pub_key_id", 16), ("pub_key_digest", 24),
    ("signature_q", "u32"), ("signature_ots", 1252), ("signature_tree_type", "u32"), ("signature_tree_path", 360),
]

# name: (number, request fields)
COMMANDS = {
    "FIRMWARE_LOAD": (0x46574C44, None),
    "GET_IDEV_CERT": (0x49444543, [("tbs_size", "u32"), ("signature_r", 48), ("signature_s", 48), ("tbs", "rest")]),
    "GET_IDEV_INFO": (0x49444549, []),
    "POPULATE_IDEV_CERT": (0x49444550, [("cert", "sized:1024")]),
    "GET_LDEV_CERT": (0x4C444556, []),
    "GET_FMC_ALIAS_CERT": (0x43455246, []),
    "GET_RT_ALIAS_CERT": (0x43455252, []),
    "ECDSA384_VERIFY": (0x53494756, _VERIFY_ECDSA),
    "LMS_VERIFY": (0x4C4D5356, _VERIFY_LMS),
    "STASH_MEASUREMENT": (0x4D454153, [("metadata", 4), ("measurement", 48), ("context", 48), ("svn", "u32")]),
    "INVOKE_DPE": (0x44504543, [("data", "sized:512")]),
    "DISABLE_ATTESTATION": (0x4453424C, []),
    "FW_INFO": (0x494E464F, []),
    "DPE_TAG_TCI": (0x54514754, [("handle", 16), ("tag", "u32")]),
    "DPE_GET_TAGGED_TCI": (0x47544744, [("tag", "u32")]),
    "INCREMENT_PCR_RESET_COUNTER": (0x50435252, [("index", "u32")]),
    "QUOTE_PCRS": (0x50435251, [("nonce", 32)]),
    "EXTEND_PCR": (0x50435245, [("index", "u32"), ("data", 48)]),
    "ADD_SUBJECT_ALT_NAME": (0x414C544E, [("device_info", "sized:128")]),
    "CERTIFY_KEY_EXTENDED": (0x434B4558, [("flags", "u32"), ("certify_key", 72)]),
    "FIPS_VERSION": (0x46505652, []),
    "SELF_TEST_START": (0x46504C54, []),
    "SELF_TEST_GET_RESULTS": (0x46504C67, []),
    "SHUTDOWN": (0x46505344, []),
    "CAPABILITIES": (0x43415053, []),
    "SET_AUTH_MANIFEST": (0x41544D4E, [("manifest", "sized:14336")]),
    "AUTHORIZE_AND_STASH": (0x41545348, [
        ("fw_id", 4), ("measurement", 48), ("context", 48), ("svn", "u32"), ("flags", "u32"), ("source", "u32"),
    ]),
    "GET_IDEV_CSR": (0x49444352, []),
    "GET_FMC_ALIAS_CSR": (0x464D4352, []),
    "SIGN_WITH_EXPORTED_ECDSA": (0x53574545, [("exported_cdi_handle", 32), ("tbs", 48)]),
    "REVOKE_EXPORTED_CDI_HANDLE": (0x52564348, [("exported_cdi_handle", 32)]),
}

DPE_MAGIC = 0x44504543
DPE_PROFILE_P384 = 4

# name: (number, request fields after the header)
DPE_COMMANDS = {
    "GET_PROFILE": (0x01, []),
    "INITIALIZE_CONTEXT": (0x07, [("flags", "u32")]),
    "DERIVE_CONTEXT": (0x08, [
        ("context_handle", 16), ("input_data", 48), ("flags", "u32"), ("input_type", 4), ("target_locality", "u32"),
        ("svn", "u32"),
    ]),
    "CERTIFY_KEY": (0x09, [("context_handle", 16), ("flags", "u32"), ("format", "u32"), ("label", 48)]),
    "SIGN": (0x0A, [("context_handle", 16), ("label", 48), ("flags", "u32"), ("to_be_signed", 48)]),
    "ROTATE_CONTEXT_HANDLE": (0x0E, [("context_handle", 16), ("flags", "u32")]),
    "DESTROY_CONTEXT": (0x0F, [("context_handle", 16)]),
    "GET_CERTIFICATE_CHAIN": (0x10, [("offset", "u32"), ("size", "u32")]),
}


def _encode(name, kind, value):
    if kind == "u32":
        value = value if value is not None else 0
        if not 0 <= value <= 0xFFFFFFFF:
            raise ValueError(f"{name} takes a number of 32 bits")
        return struct.pack("<I", value)
    value = bytes(value) if value is not None else b""
    if isinstance(kind, int):
        if len(value) not in (0, kind):
            raise ValueError(f"{name} takes {kind} bytes, not {len(value)}")
        return value or bytes(kind)
    if kind == "rest":
        return value
    limit = int(kind.partition(":")[2])
    if len(value) > limit:
        raise ValueError(f"{name} takes at most {limit} bytes, not {len(value)}")
    return struct.pack("<I", len(value)) + value


def _build(fields, values):
    unknown = set(values) - {name for name, _ in fields}
    if unknown:
        known = ", ".join(name for name, _ in fields) or "none"
        raise ValueError(f"there is no field {', '.join(sorted(unknown))}; there are: {known}")
    return b"".join(_encode(name, kind, values.get(name)) for name, kind in fields)


def build_request(command, **values):
    """What follows the checksum in a request. Fields that are left out are 0."""
    fields = COMMANDS[command][1]
    if fields is None:
        raise ValueError(f"{command} has no fields: give a payload")
    return _build(fields, values)


def build_dpe_request(command, **values):
    """An INVOKE_DPE request that holds a DPE command of profile P-384."""
    number, fields = DPE_COMMANDS[command]
    header = struct.pack("<III", DPE_MAGIC, number, DPE_PROFILE_P384)
    return build_request("INVOKE_DPE", data=header + _build(fields, values))
