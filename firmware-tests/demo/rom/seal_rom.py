#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""seal_rom.py IMAGE SEALED: writes the digest into a ROM's struct rom_info, the last 64 bytes of its image.

The SHA-256 is of all before, each word with its most significant byte first; the digest's words are little-endian.
"""

import hashlib
import struct
import sys

INFO_BYTES = 60


def main():
    image = bytearray(open(sys.argv[1], "rb").read())
    at = len(image) - INFO_BYTES
    if at < 0 or at % 64 != 0:
        sys.exit(f"{sys.argv[1]}: struct rom_info is not at its end")
    code = image[:at]
    digest = hashlib.sha256(b"".join(code[i:i + 4][::-1] for i in range(0, at, 4))).digest()
    image[at:at + 32] = struct.pack("<8I", *struct.unpack(">8I", digest))
    open(sys.argv[2], "wb").write(image)


if __name__ == "__main__":
    main()
