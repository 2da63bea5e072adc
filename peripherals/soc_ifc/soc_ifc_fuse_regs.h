// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The fuses of soc_ifc_reg: included by soc_ifc_regs.h.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/hardware.h"

namespace caliptra::soc_ifc_regs {

using veer::Access;
using veer::Field;
using veer::ResetDomain;

/// Why a write is ignored: the conditions on swwe and swwel in soc_ifc_top.sv.
enum Lock : uint8_t {
  fuses_written = 1,   ///< CPTRA_FUSE_WR_DONE.done is 1
  mbox_pauser_locked,  ///< CPTRA_MBOX_PAUSER_LOCK of the same number is 1
  trng_pauser_locked,  ///< CPTRA_TRNG_PAUSER_LOCK is 1
  fuse_pauser_locked,  ///< CPTRA_FUSE_PAUSER_LOCK is 1
  trng_user_invalid,   ///< CPTRA_TRNG_PAUSER_LOCK is 1 and the user is another than CPTRA_TRNG_VALID_PAUSER
};

struct fuse_uds_seed {
  static constexpr std::string_view name = "fuse_uds_seed";
  static constexpr uint32_t offset = 0x200;
  static constexpr uint32_t count = 12;
  static constexpr Field seed{.name = "seed",
                              .core = Access::none,
                              .soc = Access::wo,
                              .domain = ResetDomain::power_good,
                              .lock = fuses_written};
  static constexpr Field fields[] = {seed};
};

struct fuse_field_entropy {
  static constexpr std::string_view name = "fuse_field_entropy";
  static constexpr uint32_t offset = 0x230;
  static constexpr uint32_t count = 8;
  static constexpr Field seed{.name = "seed",
                              .core = Access::none,
                              .soc = Access::wo,
                              .domain = ResetDomain::power_good,
                              .lock = fuses_written};
  static constexpr Field fields[] = {seed};
};

struct fuse_key_manifest_pk_hash {
  static constexpr std::string_view name = "fuse_key_manifest_pk_hash";
  static constexpr uint32_t offset = 0x250;
  static constexpr uint32_t count = 12;
  static constexpr Field hash{
      .name = "hash", .core = Access::ro, .soc = Access::rw, .domain = ResetDomain::power_good, .lock = fuses_written};
  static constexpr Field fields[] = {hash};
};

struct fuse_key_manifest_pk_hash_mask {
  static constexpr std::string_view name = "fuse_key_manifest_pk_hash_mask";
  static constexpr uint32_t offset = 0x280;
  static constexpr Field mask{.name = "mask",
                              .width = 4,
                              .core = Access::ro,
                              .soc = Access::rw,
                              .domain = ResetDomain::power_good,
                              .lock = fuses_written};
  static constexpr Field fields[] = {mask};
};

struct fuse_owner_pk_hash {
  static constexpr std::string_view name = "fuse_owner_pk_hash";
  static constexpr uint32_t offset = 0x284;
  static constexpr uint32_t count = 12;
  static constexpr Field hash{
      .name = "hash", .core = Access::ro, .soc = Access::rw, .domain = ResetDomain::power_good, .lock = fuses_written};
  static constexpr Field fields[] = {hash};
};

struct fuse_fmc_key_manifest_svn {
  static constexpr std::string_view name = "fuse_fmc_key_manifest_svn";
  static constexpr uint32_t offset = 0x2b4;
  static constexpr Field svn{
      .name = "svn", .core = Access::ro, .soc = Access::rw, .domain = ResetDomain::power_good, .lock = fuses_written};
  static constexpr Field fields[] = {svn};
};

struct fuse_runtime_svn {
  static constexpr std::string_view name = "fuse_runtime_svn";
  static constexpr uint32_t offset = 0x2b8;
  static constexpr uint32_t count = 4;
  static constexpr Field svn{
      .name = "svn", .core = Access::ro, .soc = Access::rw, .domain = ResetDomain::power_good, .lock = fuses_written};
  static constexpr Field fields[] = {svn};
};

struct fuse_anti_rollback_disable {
  static constexpr std::string_view name = "fuse_anti_rollback_disable";
  static constexpr uint32_t offset = 0x2c8;
  static constexpr Field dis{.name = "dis",
                             .width = 1,
                             .core = Access::ro,
                             .soc = Access::rw,
                             .domain = ResetDomain::power_good,
                             .lock = fuses_written};
  static constexpr Field fields[] = {dis};
};

struct fuse_idevid_cert_attr {
  static constexpr std::string_view name = "fuse_idevid_cert_attr";
  static constexpr uint32_t offset = 0x2cc;
  static constexpr uint32_t count = 24;
  static constexpr Field cert{
      .name = "cert", .core = Access::ro, .soc = Access::rw, .domain = ResetDomain::power_good, .lock = fuses_written};
  static constexpr Field fields[] = {cert};
};

struct fuse_idevid_manuf_hsm_id {
  static constexpr std::string_view name = "fuse_idevid_manuf_hsm_id";
  static constexpr uint32_t offset = 0x32c;
  static constexpr uint32_t count = 4;
  static constexpr Field hsm_id{.name = "hsm_id",
                                .core = Access::ro,
                                .soc = Access::rw,
                                .domain = ResetDomain::power_good,
                                .lock = fuses_written};
  static constexpr Field fields[] = {hsm_id};
};

struct fuse_life_cycle {
  static constexpr std::string_view name = "fuse_life_cycle";
  static constexpr uint32_t offset = 0x33c;
  static constexpr Field life_cycle{.name = "life_cycle",
                                    .width = 2,
                                    .core = Access::ro,
                                    .soc = Access::rw,
                                    .domain = ResetDomain::power_good,
                                    .lock = fuses_written};
  static constexpr Field fields[] = {life_cycle};
};

struct fuse_lms_verify {
  static constexpr std::string_view name = "fuse_lms_verify";
  static constexpr uint32_t offset = 0x340;
  static constexpr Field lms_verify{.name = "lms_verify",
                                    .width = 1,
                                    .core = Access::ro,
                                    .soc = Access::rw,
                                    .domain = ResetDomain::power_good,
                                    .lock = fuses_written};
  static constexpr Field fields[] = {lms_verify};
};

struct fuse_lms_revocation {
  static constexpr std::string_view name = "fuse_lms_revocation";
  static constexpr uint32_t offset = 0x344;
  static constexpr Field lms_revocation{.name = "lms_revocation",
                                        .core = Access::ro,
                                        .soc = Access::rw,
                                        .domain = ResetDomain::power_good,
                                        .lock = fuses_written};
  static constexpr Field fields[] = {lms_revocation};
};

struct fuse_soc_stepping_id {
  static constexpr std::string_view name = "fuse_soc_stepping_id";
  static constexpr uint32_t offset = 0x348;
  static constexpr Field soc_stepping_id{.name = "soc_stepping_id",
                                         .width = 16,
                                         .core = Access::ro,
                                         .soc = Access::rw,
                                         .domain = ResetDomain::power_good,
                                         .lock = fuses_written};
  static constexpr Field fields[] = {soc_stepping_id};
};

}  // namespace caliptra::soc_ifc_regs
