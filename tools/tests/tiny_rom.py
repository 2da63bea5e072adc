# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Boot ROMs of a few instructions, put together by hand, so that the tests of the tools need no compiler."""

import struct

SOC_IFC = 0x30030000
MAILBOX = 0x30020000

FW_ERROR_FATAL = SOC_IFC + 0x8
FW_ERROR_NON_FATAL = SOC_IFC + 0xC
BOOT_STATUS = SOC_IFC + 0x38
FLOW_STATUS = SOC_IFC + 0x3C
RESET_REASON = SOC_IFC + 0x40
GENERIC_OUTPUT_WIRES = SOC_IFC + 0xCC
INTERNAL_FW_UPDATE_RESET = SOC_IFC + 0x624
READY_FOR_FW = 1 << 28
RT_READY = 0x600
PASSED, FAILED = 0xFF, 0x01

MBOX_CMD, MBOX_DLEN, MBOX_DATAIN, MBOX_DATAOUT, MBOX_STATUS = (MAILBOX + at for at in (0x8, 0xC, 0x10, 0x14, 0x1C))
DATA_READY, CMD_COMPLETE, CMD_FAILURE = 1, 2, 3
MBOX_EXECUTE_UC = 6

ZERO, T0, T1, T2, A0 = 0, 5, 6, 7, 10


class Rom:
    """A two-pass assembler for a handful of RV32I instructions."""

    def __init__(self):
        self.code = []  # words, or functions of the address that give words
        self.labels = {}

    def here(self):
        return 4 * len(self.code)

    def label(self, name):
        self.labels[name] = self.here()
        return self

    def word(self, value):
        self.code.append(value & 0xFFFFFFFF)
        return self

    def addi(self, rd, rs, value):
        return self.word((value & 0xFFF) << 20 | rs << 15 | rd << 7 | 0x13)

    def li(self, rd, value):
        upper = (value + 0x800) & 0xFFFFF000
        self.word(upper | rd << 7 | 0x37)
        return self.addi(rd, rd, value - upper)

    def lw(self, rd, base, offset=0):
        return self.word((offset & 0xFFF) << 20 | base << 15 | 2 << 12 | rd << 7 | 0x03)

    def sw(self, rs, base, offset=0):
        return self.word((offset >> 5 & 0x7F) << 25 | rs << 20 | base << 15 | 2 << 12 | (offset & 31) << 7 | 0x23)

    def andi(self, rd, rs, value):
        return self.word((value & 0xFFF) << 20 | rs << 15 | 7 << 12 | rd << 7 | 0x13)

    def srli(self, rd, rs, count):
        return self.word(count << 20 | rs << 15 | 5 << 12 | rd << 7 | 0x13)

    def _branch(self, kind, a, b, target):
        def encode(at):
            offset = self.labels[target] - at
            return ((offset >> 12 & 1) << 31 | (offset >> 5 & 0x3F) << 25 | b << 20 | a << 15 | kind << 12
                    | (offset >> 1 & 15) << 8 | (offset >> 11 & 1) << 7 | 0x63)
        self.code.append(encode)
        return self

    def beq(self, a, b, target):
        return self._branch(0, a, b, target)

    def bne(self, a, b, target):
        return self._branch(1, a, b, target)

    def jump(self, target):
        def encode(at):
            offset = self.labels[target] - at
            return ((offset >> 20 & 1) << 31 | (offset >> 1 & 0x3FF) << 21 | (offset >> 11 & 1) << 20
                    | (offset >> 12 & 0xFF) << 12 | 0x6F)
        self.code.append(encode)
        return self

    def compressed_nops(self):
        return self.word(0x00010001)

    # What the tests need, in terms of the above.

    def store(self, address, value):
        return self.li(T0, address).li(T1, value).sw(T1, T0)

    def print(self, text):
        self.li(T0, GENERIC_OUTPUT_WIRES)
        for character in text.encode():
            self.addi(T1, ZERO, character).sw(T1, T0)
        return self

    def exit(self, code):
        return self.store(GENERIC_OUTPUT_WIRES, code).forever()

    def forever(self):
        name = f"forever {self.here()}"
        return self.label(name).jump(name)

    def halt(self):
        """Sleeps (mpmc.HALT) with every interrupt off."""
        return self.word(0x7C6 << 20 | 1 << 15 | 5 << 12 | 0x73).forever()

    def registers_have_side_effects(self):
        """Writes mrac. Without, loads from registers are of doublewords, whose upper words read 0."""
        return self.li(T0, 0xAAAAAAAA).word(0x7C0 << 20 | T0 << 15 | 1 << 12 | 0x73)

    def serve_mailbox(self, failing_command=0xBAD, silent_command=0xDEAD):
        """Answers every mailbox command with its number and its length, but for two."""
        self.label("serve").registers_have_side_effects().li(A0, MAILBOX)
        self.label("poll").lw(T0, A0, 0x1C).srli(T0, T0, 6).andi(T0, T0, 7).addi(T1, ZERO, MBOX_EXECUTE_UC)
        self.bne(T0, T1, "poll")
        self.lw(T0, A0, 0x8).lw(T2, A0, 0xC)
        self.li(T1, failing_command).beq(T0, T1, "fail")
        self.li(T1, silent_command).beq(T0, T1, "silent")
        self.addi(T1, ZERO, 8).sw(T1, A0, 0xC).sw(T0, A0, 0x10).sw(T2, A0, 0x10)
        self.addi(T1, ZERO, DATA_READY).sw(T1, A0, 0x1C).jump("poll")
        self.label("fail").store(FW_ERROR_NON_FATAL, 0x000E0002)
        self.addi(T1, ZERO, CMD_FAILURE).sw(T1, A0, 0x1C).jump("poll")
        return self.label("silent").forever()

    def bytes(self):
        words = [each(4 * at) & 0xFFFFFFFF if callable(each) else each for at, each in enumerate(self.code)]
        return struct.pack(f"<{len(words)}I", *words)
