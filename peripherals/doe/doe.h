// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The deobfuscation engine: it decrypts the UDS seed and the field entropy fuses into the key vault. From RTL 1.0
// and 1.1: doe/rtl/doe_cbc.sv, doe_core_cbc.sv, doe_fsm.sv, doe_reg.rdl.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>

#include "iss/clock.h"
#include "iss/registers/register_block.h"
#include "peripherals/common/engine_timing.h"
#include "peripherals/common/hardware.h"
#include "peripherals/common/interrupt_block.h"

namespace caliptra {

/// What the engine decrypts, and with what. Word 0 is the most significant; within a word, the high byte comes first.
struct DoeSecrets {
  std::array<uint32_t, 8> obf_key{};
  std::array<uint32_t, 12> obf_uds_seed{};
  std::array<uint32_t, 8> obf_field_entropy{};

  /// What caliptra_top.sv presents instead of the real ones while cptra_in_debug_scan_mode holds (debug unlocked, or
  /// scan mode): CLP_DEBUG_MODE_OBF_KEY, _UDS_SEED and _FIELD_ENTROPY are all ones.
  [[nodiscard]] static DoeSecrets debug_mode();
};

/// The engine's wires to the rest of the core.
struct DoeConnections {
  /// The secrets as they are now: soc_ifc's registers, or debug_mode().
  std::function<DoeSecrets()> secrets;

  /// clear_obf_secrets: soc_ifc clears its key, seed and entropy registers.
  std::function<void()> clear_obf_secrets;

  /// kv_write: `words` go to key-vault entry `slot` from word `first` on, with `dest_valid` and that last_dword. The
  /// engine doesn't look at the answer: writing to a locked entry ends like any other flow, and leaves nothing.
  std::function<void(unsigned slot, unsigned first, uint8_t dest_valid, std::span<const uint32_t> words)> kv_write;
};

/// The register block at 0x10000000. Each flow runs once between power-good and power-good: a later command for it is
/// done at once and writes nothing. Results are valid as HMAC key and HMAC block.
///
/// Two habits of the RTL that software can see: without a write to DOE_IV before it, a flow goes on with the chaining
/// value that the flow before it left; and the words of a flow begin in the entry where the last one ended (the UDS
/// comes back to word 0, field entropy ends at word 8), until a reset or DOE_CLEAR_OBF_SECRETS.
class Doe final : public veer::RegisterBlock {
 public:
  /// `clock` must outlive the engine; the rest is copied.
  Doe(Generation generation, veer::Clock& clock, const EngineTiming& timing, DoeConnections connections);

  /// Interrupt lines; event notif_cmd_done at the end of a flow. Errors 0 to 3 are never raised by hardware.
  InterruptBlock interrupts;

  /// busy_o of RTL 1.1, for the crypto_error of soc_ifc: a flow is under way.
  [[nodiscard]] bool busy() const;

  /// What the command DOE_CLEAR_OBF_SECRETS does: stops the flow, clears IV and secrets, and reports it in DOE_STATUS.
  /// soc/ calls it on debugUnlock_or_scan_mode_switch (caliptra_top.sv).
  void clear_obf_secrets();

  /// debugUnlock_or_scan_mode_switch: while it is high the secrets are cleared again and again, and no flow starts.
  void hold_cleared(bool level);

  [[nodiscard]] bool steady() const override { return true; }
  void reset(veer::Reset reset) override;
  void state(veer::StateStream& stream) override;

 protected:
  [[nodiscard]] uint32_t live(const veer::RegisterRef& at, veer::Agent agent) const override;
  void after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) override;

 private:
  using Block = std::array<uint32_t, 4>;

  /// DOE_CTRL.CMD.
  enum class Command : uint8_t { idle, uds, field_entropy, clear_obf_secrets };

  [[nodiscard]] Command command() const;
  [[nodiscard]] Block initial_vector() const;
  [[nodiscard]] uint32_t block_cycles() const;
  void on_control();
  void start_block();
  void finish_blocks();
  bool finish_block();
  void flow_done();
  void clear_internal();

  veer::Clock& clock_;
  EngineTiming timing_;
  DoeConnections connections_;
  veer::Clock::Slot block_done_;
  veer::Clock::Slot clear_done_;

  uint8_t dest_addr_ = 0;
  uint8_t dest_write_offset_ = 0;  ///< in words
  uint8_t block_offset_ = 0;
  bool chained_ = false;  ///< DOE_IV was not written since the last block began
  Block chain_{};         ///< IV_decry: what the block is combined with, if chained_
  Block block_{};         ///< the ciphertext that is being decrypted
  bool held_ = false;     // hold_cleared()
};

}  // namespace caliptra
