// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// csrng_reg: the registers of RTL 1.0 and 1.1, at 0x20002000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/hardware.h"

namespace caliptra::csrng_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

/// Writes are ignored while REGWEN is 0.
enum Lock : uint8_t { unlocked = 0, regwen_clear };

struct INTERRUPT_STATE {
  static constexpr std::string_view name = "INTERRUPT_STATE";
  static constexpr uint32_t offset = 0x0;
  static constexpr Field CS_CMD_REQ_DONE{.name = "CS_CMD_REQ_DONE", .width = 1, .on_write = OnWrite::w1c};
  static constexpr Field CS_ENTROPY_REQ{.name = "CS_ENTROPY_REQ", .lsb = 1, .width = 1, .on_write = OnWrite::w1c};
  static constexpr Field CS_HW_INST_EXC{.name = "CS_HW_INST_EXC", .lsb = 2, .width = 1, .on_write = OnWrite::w1c};
  static constexpr Field CS_FATAL_ERR{.name = "CS_FATAL_ERR", .lsb = 3, .width = 1, .on_write = OnWrite::w1c};
  static constexpr Field fields[] = {CS_CMD_REQ_DONE, CS_ENTROPY_REQ, CS_HW_INST_EXC, CS_FATAL_ERR};
};

struct INTERRUPT_ENABLE {
  static constexpr std::string_view name = "INTERRUPT_ENABLE";
  static constexpr uint32_t offset = 0x4;
  static constexpr Field CS_CMD_REQ_DONE{.name = "CS_CMD_REQ_DONE", .width = 1};
  static constexpr Field CS_ENTROPY_REQ{.name = "CS_ENTROPY_REQ", .lsb = 1, .width = 1};
  static constexpr Field CS_HW_INST_EXC{.name = "CS_HW_INST_EXC", .lsb = 2, .width = 1};
  static constexpr Field CS_FATAL_ERR{.name = "CS_FATAL_ERR", .lsb = 3, .width = 1};
  static constexpr Field fields[] = {CS_CMD_REQ_DONE, CS_ENTROPY_REQ, CS_HW_INST_EXC, CS_FATAL_ERR};
};

struct INTERRUPT_TEST {
  static constexpr std::string_view name = "INTERRUPT_TEST";
  static constexpr uint32_t offset = 0x8;
  static constexpr Field CS_CMD_REQ_DONE{.name = "CS_CMD_REQ_DONE", .width = 1, .core = Access::wo};
  static constexpr Field CS_ENTROPY_REQ{.name = "CS_ENTROPY_REQ", .lsb = 1, .width = 1, .core = Access::wo};
  static constexpr Field CS_HW_INST_EXC{.name = "CS_HW_INST_EXC", .lsb = 2, .width = 1, .core = Access::wo};
  static constexpr Field CS_FATAL_ERR{.name = "CS_FATAL_ERR", .lsb = 3, .width = 1, .core = Access::wo};
  static constexpr Field fields[] = {CS_CMD_REQ_DONE, CS_ENTROPY_REQ, CS_HW_INST_EXC, CS_FATAL_ERR};
};

struct ALERT_TEST {
  static constexpr std::string_view name = "ALERT_TEST";
  static constexpr uint32_t offset = 0xc;
  static constexpr Field RECOV_ALERT{.name = "RECOV_ALERT", .width = 1, .core = Access::wo};
  static constexpr Field FATAL_ALERT{.name = "FATAL_ALERT", .lsb = 1, .width = 1, .core = Access::wo};
  static constexpr Field fields[] = {RECOV_ALERT, FATAL_ALERT};
};

struct REGWEN {
  static constexpr std::string_view name = "REGWEN";
  static constexpr uint32_t offset = 0x10;
  static constexpr Field REGWEN_{.name = "REGWEN", .width = 1, .reset = 0x1, .on_write = OnWrite::w0c};
  static constexpr Field fields[] = {REGWEN_};
};

struct CTRL {
  static constexpr std::string_view name = "CTRL";
  static constexpr uint32_t offset = 0x14;
  static constexpr Field ENABLE{.name = "ENABLE", .width = 4, .reset = 0x9, .lock = regwen_clear};
  static constexpr Field SW_APP_ENABLE{
      .name = "SW_APP_ENABLE", .lsb = 4, .width = 4, .reset = 0x9, .lock = regwen_clear};
  static constexpr Field READ_INT_STATE{
      .name = "READ_INT_STATE", .lsb = 8, .width = 4, .reset = 0x9, .lock = regwen_clear};
  static constexpr Field fields[] = {ENABLE, SW_APP_ENABLE, READ_INT_STATE};
};

struct CMD_REQ {
  static constexpr std::string_view name = "CMD_REQ";
  static constexpr uint32_t offset = 0x18;
  static constexpr Field acmd{.name = "acmd", .width = 4, .core = Access::wo};
  static constexpr Field clen{.name = "clen", .lsb = 4, .width = 4, .core = Access::wo};
  static constexpr Field flag0{.name = "flag0", .lsb = 8, .width = 4, .core = Access::wo};
  static constexpr Field glen{.name = "glen", .lsb = 12, .width = 13, .core = Access::wo};
  static constexpr Field fields[] = {acmd, clen, flag0, glen};
};

struct SW_CMD_STS {
  static constexpr std::string_view name = "SW_CMD_STS";
  static constexpr uint32_t offset = 0x1c;
  static constexpr Field CMD_RDY{.name = "CMD_RDY", .width = 1, .core = Access::ro, .reset = 0x1, .live = true};
  static constexpr Field CMD_STS{.name = "CMD_STS", .lsb = 1, .width = 1, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {CMD_RDY, CMD_STS};
};

struct GENBITS_VLD {
  static constexpr std::string_view name = "GENBITS_VLD";
  static constexpr uint32_t offset = 0x20;
  static constexpr Field GENBITS_VLD_{.name = "GENBITS_VLD", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field GENBITS_FIPS{.name = "GENBITS_FIPS", .lsb = 1, .width = 1, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {GENBITS_VLD_, GENBITS_FIPS};
};

struct GENBITS {
  static constexpr std::string_view name = "GENBITS";
  static constexpr uint32_t offset = 0x24;
  static constexpr Field GENBITS_{.name = "GENBITS", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {GENBITS_};
};

struct INT_STATE_NUM {
  static constexpr std::string_view name = "INT_STATE_NUM";
  static constexpr uint32_t offset = 0x28;
  static constexpr Field INT_STATE_NUM_{.name = "INT_STATE_NUM", .width = 4};
  static constexpr Field fields[] = {INT_STATE_NUM_};
};

struct INT_STATE_VAL {
  static constexpr std::string_view name = "INT_STATE_VAL";
  static constexpr uint32_t offset = 0x2c;
  static constexpr Field INT_STATE_VAL_{.name = "INT_STATE_VAL", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {INT_STATE_VAL_};
};

struct HW_EXC_STS {
  static constexpr std::string_view name = "HW_EXC_STS";
  static constexpr uint32_t offset = 0x30;
  static constexpr Field HW_EXC_STS_{.name = "HW_EXC_STS", .width = 16, .on_write = OnWrite::w0c};
  static constexpr Field fields[] = {HW_EXC_STS_};
};

struct RECOV_ALERT_STS {
  static constexpr std::string_view name = "RECOV_ALERT_STS";
  static constexpr uint32_t offset = 0x34;
  static constexpr Field ENABLE_FIELD_ALERT{.name = "ENABLE_FIELD_ALERT", .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field SW_APP_ENABLE_FIELD_ALERT{
      .name = "SW_APP_ENABLE_FIELD_ALERT", .lsb = 1, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field READ_INT_STATE_FIELD_ALERT{
      .name = "READ_INT_STATE_FIELD_ALERT", .lsb = 2, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field ACMD_FLAG0_FIELD_ALERT{
      .name = "ACMD_FLAG0_FIELD_ALERT", .lsb = 3, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field CS_BUS_CMP_ALERT{.name = "CS_BUS_CMP_ALERT", .lsb = 12, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field CS_MAIN_SM_ALERT{.name = "CS_MAIN_SM_ALERT", .lsb = 13, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field fields[] = {ENABLE_FIELD_ALERT,     SW_APP_ENABLE_FIELD_ALERT, READ_INT_STATE_FIELD_ALERT,
                                     ACMD_FLAG0_FIELD_ALERT, CS_BUS_CMP_ALERT,          CS_MAIN_SM_ALERT};
};

struct ERR_CODE {
  static constexpr std::string_view name = "ERR_CODE";
  static constexpr uint32_t offset = 0x38;
  static constexpr Field SFIFO_CMD_ERR{.name = "SFIFO_CMD_ERR", .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_GENBITS_ERR{.name = "SFIFO_GENBITS_ERR", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_CMDREQ_ERR{.name = "SFIFO_CMDREQ_ERR", .lsb = 2, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_RCSTAGE_ERR{.name = "SFIFO_RCSTAGE_ERR", .lsb = 3, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_KEYVRC_ERR{.name = "SFIFO_KEYVRC_ERR", .lsb = 4, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_UPDREQ_ERR{.name = "SFIFO_UPDREQ_ERR", .lsb = 5, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_BENCREQ_ERR{.name = "SFIFO_BENCREQ_ERR", .lsb = 6, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_BENCACK_ERR{.name = "SFIFO_BENCACK_ERR", .lsb = 7, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_PDATA_ERR{.name = "SFIFO_PDATA_ERR", .lsb = 8, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_FINAL_ERR{.name = "SFIFO_FINAL_ERR", .lsb = 9, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_GBENCACK_ERR{.name = "SFIFO_GBENCACK_ERR", .lsb = 10, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_GRCSTAGE_ERR{.name = "SFIFO_GRCSTAGE_ERR", .lsb = 11, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_GGENREQ_ERR{.name = "SFIFO_GGENREQ_ERR", .lsb = 12, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_GADSTAGE_ERR{.name = "SFIFO_GADSTAGE_ERR", .lsb = 13, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_GGENBITS_ERR{.name = "SFIFO_GGENBITS_ERR", .lsb = 14, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_BLKENC_ERR{.name = "SFIFO_BLKENC_ERR", .lsb = 15, .width = 1, .core = Access::ro};
  static constexpr Field CMD_STAGE_SM_ERR{.name = "CMD_STAGE_SM_ERR", .lsb = 20, .width = 1, .core = Access::ro};
  static constexpr Field MAIN_SM_ERR{.name = "MAIN_SM_ERR", .lsb = 21, .width = 1, .core = Access::ro};
  static constexpr Field DRBG_GEN_SM_ERR{.name = "DRBG_GEN_SM_ERR", .lsb = 22, .width = 1, .core = Access::ro};
  static constexpr Field DRBG_UPDBE_SM_ERR{.name = "DRBG_UPDBE_SM_ERR", .lsb = 23, .width = 1, .core = Access::ro};
  static constexpr Field DRBG_UPDOB_SM_ERR{.name = "DRBG_UPDOB_SM_ERR", .lsb = 24, .width = 1, .core = Access::ro};
  static constexpr Field AES_CIPHER_SM_ERR{.name = "AES_CIPHER_SM_ERR", .lsb = 25, .width = 1, .core = Access::ro};
  static constexpr Field CMD_GEN_CNT_ERR{.name = "CMD_GEN_CNT_ERR", .lsb = 26, .width = 1, .core = Access::ro};
  static constexpr Field FIFO_WRITE_ERR{.name = "FIFO_WRITE_ERR", .lsb = 28, .width = 1, .core = Access::ro};
  static constexpr Field FIFO_READ_ERR{.name = "FIFO_READ_ERR", .lsb = 29, .width = 1, .core = Access::ro};
  static constexpr Field FIFO_STATE_ERR{.name = "FIFO_STATE_ERR", .lsb = 30, .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {SFIFO_CMD_ERR,     SFIFO_GENBITS_ERR,  SFIFO_CMDREQ_ERR,   SFIFO_RCSTAGE_ERR,
                                     SFIFO_KEYVRC_ERR,  SFIFO_UPDREQ_ERR,   SFIFO_BENCREQ_ERR,  SFIFO_BENCACK_ERR,
                                     SFIFO_PDATA_ERR,   SFIFO_FINAL_ERR,    SFIFO_GBENCACK_ERR, SFIFO_GRCSTAGE_ERR,
                                     SFIFO_GGENREQ_ERR, SFIFO_GADSTAGE_ERR, SFIFO_GGENBITS_ERR, SFIFO_BLKENC_ERR,
                                     CMD_STAGE_SM_ERR,  MAIN_SM_ERR,        DRBG_GEN_SM_ERR,    DRBG_UPDBE_SM_ERR,
                                     DRBG_UPDOB_SM_ERR, AES_CIPHER_SM_ERR,  CMD_GEN_CNT_ERR,    FIFO_WRITE_ERR,
                                     FIFO_READ_ERR,     FIFO_STATE_ERR};
};

struct ERR_CODE_TEST {
  static constexpr std::string_view name = "ERR_CODE_TEST";
  static constexpr uint32_t offset = 0x3c;
  static constexpr Field ERR_CODE_TEST_{.name = "ERR_CODE_TEST", .width = 5, .lock = regwen_clear};
  static constexpr Field fields[] = {ERR_CODE_TEST_};
};

struct MAIN_SM_STATE {
  static constexpr std::string_view name = "MAIN_SM_STATE";
  static constexpr uint32_t offset = 0x40;
  static constexpr Field MAIN_SM_STATE_{
      .name = "MAIN_SM_STATE", .width = 8, .core = Access::ro, .reset = 0x4e, .live = true};
  static constexpr Field fields[] = {MAIN_SM_STATE_};
};

inline constexpr veer::Register table[] = {
    veer::describe<INTERRUPT_STATE>(), veer::describe<INTERRUPT_ENABLE>(), veer::describe<INTERRUPT_TEST>(),
    veer::describe<ALERT_TEST>(),      veer::describe<REGWEN>(),           veer::describe<CTRL>(),
    veer::describe<CMD_REQ>(),         veer::describe<SW_CMD_STS>(),       veer::describe<GENBITS_VLD>(),
    veer::describe<GENBITS>(),         veer::describe<INT_STATE_NUM>(),    veer::describe<INT_STATE_VAL>(),
    veer::describe<HW_EXC_STS>(),      veer::describe<RECOV_ALERT_STS>(),  veer::describe<ERR_CODE>(),
    veer::describe<ERR_CODE_TEST>(),   veer::describe<MAIN_SM_STATE>(),
};

}  // namespace caliptra::csrng_regs
