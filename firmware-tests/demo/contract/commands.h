// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Mailbox commands, by the numbers of the official firmware. A request begins with a word that makes the sum of all its
// bytes and the command's 0; a response with such a word, and the FIPS status 0. FIRMWARE_LOAD is the exception: its
// request is the bundle alone.

#pragma once

enum {
  FIRMWARE_LOAD = 0x46574c44,          // "FWLD"
  VERSION = 0x46505652,                // "FPVR"
  SELF_TEST_START = 0x46504c54,        // "FPLT"
  SELF_TEST_GET_RESULTS = 0x46504c67,  // "FPLg"
  SHUTDOWN = 0x46505344,               // "FPSD"
  CAPABILITIES = 0x43415053,           // "CAPS"
  STASH_MEASUREMENT = 0x4d454153,      // "MEAS"
  FW_INFO = 0x494e464f,                // "INFO"
  GET_IDEV_INFO = 0x49444549,          // "IDEI"
  GET_LDEV_CERT = 0x4c444556,          // "LDEV"
  GET_FMC_ALIAS_CERT = 0x43455246,     // "CERF"
  GET_RT_ALIAS_CERT = 0x43455252,      // "CERR"
  QUOTE_PCRS = 0x50435251,             // "PCRQ"
  ECHO = 0x4543484f,                   // "ECHO": of this firmware only
};
