// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The inside of a Core: every block, and the wires between them. Only soc/core*.cc include this.

#pragma once

#include <array>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "iss/clock.h"
#include "iss/hart.h"
#include "peripherals/csrng/csrng.h"
#include "peripherals/data_vault/data_vault.h"
#include "peripherals/doe/doe.h"
#include "peripherals/ecc384/ecc384.h"
#include "peripherals/emulator_control/emulator_control.h"
#include "peripherals/entropy_src/entropy_src.h"
#include "peripherals/hmac384/hmac384.h"
#include "peripherals/key_vault/key_vault.h"
#include "peripherals/mailbox/mailbox.h"
#include "peripherals/pcr_vault/pcr_vault.h"
#include "peripherals/sha256/sha256.h"
#include "peripherals/sha512/sha512.h"
#include "peripherals/sha512_acc/sha512_acc.h"
#include "peripherals/soc_ifc/soc_ifc.h"
#include "peripherals/uart/uart.h"
#include "soc/core.h"
#include "soc/error_injection.h"
#include "soc/fabric.h"
#include "soc/trng_feed.h"

namespace caliptra {

struct Core::Parts {
  explicit Parts(const Configuration& the_configuration);

  /// What the SoC's bus finds at an address.
  struct SocTarget {
    veer::BusStatus status;
    veer::RegisterBlock* block = nullptr;
    uint32_t offset = 0;
  };

  /// soc_ifc_arb.sv: which block takes an access of the SoC, or why it is refused. The block learns who asks.
  [[nodiscard]] SocTarget soc_target(uint32_t address, uint32_t user);

  void map_memory();
  void connect_interrupts();
  void connect_engines();
  void connect_soc_ifc();
  void connect_clock_gate();
  void update_clock_gate();
  void wake_gated_clock();
  void register_changed(uint32_t offset, uint32_t value);
  void tell_runtime_ready();
  void console_write(uint32_t value);
  void test_bench_command(uint8_t command);
  bool inject(const Fault& fault);
  void clear_faults();
  void follow_faults();
  void inject_planned_faults();
  void connect_faults();
  [[nodiscard]] bool crypto_error() const;
  [[nodiscard]] DoeSecrets secrets() const;
  void tell(Event::Kind kind, uint32_t value = 0);
  [[nodiscard]] veer::Wire& output(OutputWire wire);

  const Configuration configuration;  ///< its ROM as large as the memory
  const EngineTiming timing;
  std::optional<std::array<uint8_t, 32>> rom_digest;  ///< SHA-256, from the first snapshot on

  veer::Clock clock;
  Fabric fabric;
  veer::Hart hart;

  SocIfc soc_ifc;
  Mailbox mailbox;
  KeyVault key_vault;
  ErrorInjection errors;  ///< between the engines and the key vault, among others
  PcrVault pcr_vault;
  DataVault data_vault;
  Sha512 sha512;
  Sha256 sha256;
  Hmac384 hmac384;
  Ecc384 ecc384;
  Doe doe;
  Sha512Accelerator sha512_acc;
  TrngFeed noise;
  EntropySrc entropy_src;
  Csrng csrng;
  Uart uart;
  EmulatorControl emulator_control;

  veer::Clock::Slot gate_closes;  ///< pending: the gated clock has been woken for this cycle

  std::vector<Fault> planned_faults;  ///< by cycle
  uint32_t next_planned_fault = 0;
  veer::Clock::Slot planned_fault_event;

  std::vector<MappedBlock> blocks;
  std::vector<std::function<void(const Event&)>> listeners;
  std::vector<std::function<void(char)>> consoles;
  std::vector<std::function<void(const SocAccess&)>> soc_access_listeners;
  std::vector<std::function<void(OutputWire, bool)>> output_listeners;
  uint32_t flow_status = 0;    // CPTRA_FLOW_STATUS as it was last told
  bool runtime_ready = false;  // told since the last reset of the core
};

}  // namespace caliptra
