// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The part of a SoC that brings a Caliptra core up and talks to it: what a boot microcontroller's ROM
// does on silicon, in its order, over the same bus and wires.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soc/core.h"
#include "soc/mailbox_client.h"
#include "soc/trng_feed.h"

namespace caliptra {

/// What the SoC does with a core.
struct SocPlan {
  Fuses fuses;

  /// PAUSER of the SoC's own accesses. ROM 1.2 takes no firmware from the default user 0xffffffff, which
  /// stands for Caliptra itself.
  uint32_t user = 1;

  /// Values for CPTRA_MBOX_VALID_PAUSER, each locked after it was written; up to five.
  std::vector<uint32_t> mailbox_users = {1};
  std::optional<uint32_t> fuse_user;  ///< CPTRA_FUSE_VALID_PAUSER, locked
  std::optional<uint32_t> trng_user;  ///< CPTRA_TRNG_VALID_PAUSER, locked

  uint64_t watchdog_timeout = 20'000'000;     ///< CPTRA_WDT_CFG, cycles
  uint32_t manufacturing_service = 0;         ///< CPTRA_DBG_MANUF_SERVICE_REG
  uint32_t itrng_entropy_config[2] = {0, 0};  ///< CPTRA_iTRNG_ENTROPY_CONFIG_0 and _1

  /// Uploaded when the core is ready for firmware, and after a warm or cold reset again.
  std::vector<uint8_t> firmware;

  /// Uploaded after a firmware update reset; `firmware` again where this is empty.
  std::vector<uint8_t> update_firmware;

  /// Sent with STASH_MEASUREMENT before the firmware, each already a command payload.
  std::vector<std::vector<uint8_t>> measurements;

  /// Seeds the answers to the external TRNG protocol.
  uint32_t trng_seed = 0x1234'5678;

  /// Cycles between a TRNG request and its answer; nothing: never answered.
  std::optional<uint64_t> trng_delay = 0;

  /// Cycles between ready_for_fw and the upload.
  uint64_t upload_delay = 1000;
};

/// Brings up one core. It acts from the core's own clock, so that what it does is part of the run. Firmware gets a warm
/// or cold reset of it by writing 0xf6 or 0xf5 to CPTRA_GENERIC_OUTPUT_WIRES[0], as of the RTL's test bench.
class SocManager {
 public:
  /// `core` must outlive the manager. Registers events with the core's clock: construct it before the
  /// core's state is saved or restored.
  SocManager(Core& core, SocPlan plan);
  ~SocManager();
  SocManager(const SocManager&) = delete;
  SocManager& operator=(const SocManager&) = delete;

  /// Power-good, reset, users, fuses, FUSE_WR_DONE. From here on the core boots as it is run, and the
  /// manager answers it: entropy, measurements, firmware.
  void power_on();

  /// Power off and on: everything starts over.
  void cold_reset();

  /// cptra_rst_b low and high, FUSE_WR_DONE again.
  void warm_reset();

  /// Sends one mailbox command and runs the core until its end or `max_cycles` more cycles. The payload is
  /// sent as it is, and nothing is added: see mailbox_checksum().
  MailboxResult execute(uint32_t command, std::span<const uint8_t> payload, uint64_t max_cycles);

  /// Begins the same and returns at once: the command goes on as the core is run, and the core stops at its
  /// end. False if a transaction is under way already.
  [[nodiscard]] bool start(uint32_t command, std::span<const uint8_t> payload);

  /// What the SoC still has to do, for one that changes its mind: it counts when the SoC acts on it.
  [[nodiscard]] SocPlan& plan();

  /// Begins the answers to the external TRNG protocol anew.
  void reseed_trng(uint32_t seed);

  /// The end of the command that start() began; nothing while it is under way.
  [[nodiscard]] std::optional<MailboxResult> result() const;

  /// Whether the firmware upload is over, and how: nothing while it isn't.
  [[nodiscard]] std::optional<MailboxResult::Outcome> upload_outcome() const;

  /// Whether the core waits for firmware and the plan has none.
  [[nodiscard]] bool waits_for_missing_firmware() const;

  /// The IDevID CSR or LDevID certificate that the ROM left in the mailbox during a manufacturing boot
  /// (CPTRA_DBG_MANUF_SERVICE_REG), or nothing.
  [[nodiscard]] const std::vector<uint8_t>& downloaded_certificate() const;

  void state(veer::StateStream& stream);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace caliptra
