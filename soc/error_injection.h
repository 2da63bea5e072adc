// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Faults in the hardware, put there from outside: what a test bench forces, a configuration file plans or a glitch
// does. Core::inject() is the way in.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "peripherals/common/vault_ports.h"

namespace veer {
class StateStream;
}

namespace caliptra {

/// One fault. It lasts until Core::clear_faults() or a cold reset unless its kind or its `count` says otherwise.
struct Fault {
  enum class Kind : uint8_t {
    ecc_correctable,       ///< one bit of the word at `address` (ICCM, DCCM, mailbox SRAM); until that word is written
    ecc_uncorrectable,     ///< two bits of it
    writes_correctable,    ///< `percent` of the writes to the memory that holds `address` flip one bit
    writes_uncorrectable,  ///< or two
    crypto_error,          ///< the crypto_error wire to soc_ifc is high; RTL 1.0 has none
    key_vault_read,        ///< engines' reads of key vault slots fail (KV_READ_FAIL)
    key_vault_write,       ///< engines' writes to key vault slots fail (KV_WRITE_FAIL)
    noise_stuck,           ///< every symbol of noise is `value`
    noise_stopped,         ///< the noise source gives none
    bus_error,             ///< the core's accesses to `address` and the `size` bytes from there get an AHB error
  };

  Kind kind = Kind::ecc_correctable;
  uint32_t address = 0;
  uint32_t size = 4;
  uint32_t value = 0;
  uint32_t percent = 10;
  uint32_t slots = 0xffff'ffff;  ///< key vault: a bit for each slot that is meant
  uint32_t count = 0;            ///< key vault, bus: how many accesses are hit; 0 is all

  /// Configuration::faults: the cycle at which it happens.
  uint64_t cycle = 0;
};

/// The kind by its name above, for files and command lines.
[[nodiscard]] std::optional<Fault::Kind> fault_kind(std::string_view name);
[[nodiscard]] std::string_view name(Fault::Kind kind);

/// The memories whose writes can be made to fail.
enum class FaultyMemory : uint8_t { iccm, dccm, mailbox };

/// The faults that last, each asked for at the place where it shows. Deterministic: what is random comes from a
/// generator of its own, which is part of the state.
class ErrorInjection final : public KeyVaultPort {
 public:
  /// `key_vault` must outlive this.
  explicit ErrorInjection(KeyVaultPort& key_vault) : key_vault_(key_vault) {}

  void add(const Fault& fault, FaultyMemory memory);
  void clear();

  /// clear() for the writes of all memories alone, as the test bench's command 0xe4.
  void clear_write_faults() { write_faults_ = {}; }

  [[nodiscard]] bool write_faults(FaultyMemory memory) const {
    return write_faults_[static_cast<unsigned>(memory)].percent != 0;
  }

  /// How many bits a write to `memory` flips: 0, 1 or 2. Throws the dice.
  [[nodiscard]] unsigned bits_flipped_by_write(FaultyMemory memory);

  /// Which two bits, for the memory whose words have `bits`.
  [[nodiscard]] uint64_t flips(unsigned bit_count, unsigned bits);

  [[nodiscard]] bool crypto_error() const { return crypto_error_; }

  /// A symbol of noise as it comes out of a source that may be broken.
  [[nodiscard]] std::optional<uint8_t> noise(uint8_t symbol) const;

  [[nodiscard]] bool bus_faulty() const { return !bus_faults_.empty(); }

  /// Whether an access of the core at `address` meets a bus error.
  [[nodiscard]] bool hits_bus(uint32_t address);

  VaultData read_key(unsigned slot, KeyUse use) override;
  VaultError write_key(unsigned slot, uint8_t dest_valid, std::span<const uint32_t> words) override;

  void state(veer::StateStream& stream);

 private:
  struct WriteFault {
    uint8_t percent = 0;
    bool correctable = true;
  };
  struct Counted {
    uint32_t match = 0;  ///< slots, or the address
    uint32_t size = 0;
    bool limited = false;
    uint32_t left = 0;
  };

  static bool spend(std::vector<Counted>& faults, std::size_t index);
  bool hits_slot(std::vector<Counted>& faults, unsigned slot);
  uint32_t random();

  KeyVaultPort& key_vault_;
  std::array<WriteFault, 3> write_faults_{};
  bool crypto_error_ = false;
  bool noise_stopped_ = false;
  bool noise_stuck_ = false;
  uint8_t stuck_symbol_ = 0;
  std::vector<Counted> read_faults_;
  std::vector<Counted> vault_write_faults_;
  std::vector<Counted> bus_faults_;
  uint32_t random_ = 0x2545'f491;
};

}  // namespace caliptra
