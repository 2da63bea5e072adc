// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The common part of every memory-mapped block: it decodes an offset, applies the access rules of the
// register table, keeps the stored values, resets them and saves them. What a block does beyond that,
// it says by overriding the hooks at the end.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iss/bus.h"
#include "iss/registers/register_table.h"

namespace veer {

class StateStream;

/// One register of a block: the table's row and the element of an array.
struct RegisterRef {
  const Register* description = nullptr;
  uint32_t element = 0;

  /// The offset of element 0: what hooks switch on (`case SHA512_CTRL::offset:`).
  [[nodiscard]] uint32_t base() const { return description->offset; }
  [[nodiscard]] uint32_t offset() const { return description->offset + 4 * element; }
};

/// What a write to a register amounted to.
struct RegisterWrite {
  uint32_t data = 0;     ///< what was on the bus
  uint32_t written = 0;  ///< data, only in the bits that this agent could write now; single-pulse bits too
  uint32_t before = 0;   ///< stored value before
  uint32_t after = 0;    ///< stored value now

  [[nodiscard]] bool set(const Field& field) const { return (written & field.mask()) != 0; }
};

/// Base of all register blocks. Offsets are in bytes from the block's base. An offset at which the table
/// has nothing reads 0 and ignores writes without an error, as the RTL's generated register files do.
/// Not thread-safe.
class RegisterBlock {
 public:
  /// `variant` is one bit: registers and fields whose `variants` lack it do not exist in this block.
  /// `size` is the decoded size in bytes. The table must outlive the block.
  RegisterBlock(std::string name, std::span<const Register> table, uint8_t variant, uint32_t size);
  virtual ~RegisterBlock() = default;
  RegisterBlock(const RegisterBlock&) = delete;
  RegisterBlock& operator=(const RegisterBlock&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::span<const Register> descriptions() const { return table_; }
  [[nodiscard]] uint32_t size() const { return size_; }
  [[nodiscard]] uint8_t variant() const { return variant_; }

  /// An access of 1, 2 or 4 bytes. The register files that the RTL generates compare whole addresses: only a
  /// multiple of 4 is a register, all else a hole. There a narrow read gives the lowest bytes, and a narrow
  /// write replaces the whole register (ahb_slv_sif.sv).
  /// Blocks that decode otherwise override these two.
  /// A write by Agent::debugger sets flip-flops and nothing else: it puts the bytes into all stored bits of the
  /// register, whoever may write them, and no rule, lock or hook applies, so that no engine starts, no wire moves
  /// and nothing else of the block hears of it. Single-pulse and live bits stay as they are.
  virtual BusResult read(uint32_t offset, unsigned width, Agent agent);
  virtual BusStatus write(uint32_t offset, unsigned width, uint32_t data, Agent agent);

  /// Whether no read has a side effect, and every register's value changes only by writes, resets and events: see
  /// Bus::steady.
  [[nodiscard]] virtual bool steady() const { return false; }

  /// The whole register at `offset` as `agent` would read it, without side effects.
  [[nodiscard]] uint32_t peek(uint32_t offset, Agent agent = Agent::debugger) const;

  /// Finds the register at `offset` (any byte of it).
  [[nodiscard]] std::optional<RegisterRef> find(uint32_t offset) const;

  /// A reset reaches the block. Overrides must call this one.
  virtual void reset(Reset reset);

  /// Saves or restores everything. Overrides must call this one.
  virtual void state(StateStream& stream);

  /// The stored value of a register, with no access rule applied.
  [[nodiscard]] uint32_t stored(uint32_t offset) const { return words_[offset / 4]; }
  [[nodiscard]] uint32_t stored(uint32_t offset, const Field& field) const { return field.get(stored(offset)); }

  /// Hardware writes: no access rule, lock or hook applies.
  void store(uint32_t offset, uint32_t value) { words_[offset / 4] = value; }
  void store(uint32_t offset, const Field& field, uint32_t value) {
    words_[offset / 4] = field.insert(words_[offset / 4], value);
  }

 protected:
  /// Whether this access is answered at all; anything but ok changes nothing.
  [[nodiscard]] virtual BusStatus check(const RegisterRef& at, Agent agent, bool writing) const;

  /// The value of the `live` fields of a register, in place.
  [[nodiscard]] virtual uint32_t live(const RegisterRef& at, Agent agent) const;

  /// Whether lock condition `lock` of the table holds now for this element.
  [[nodiscard]] virtual bool locked(uint8_t lock, const RegisterRef& at, Agent agent) const;

  /// After a read by core, SoC or TAP, once the field rules have been applied.
  virtual void after_read(const RegisterRef& at, Agent agent);

  /// After a write by core, SoC or TAP, once the field rules have been applied.
  virtual void after_write(const RegisterRef& at, Agent agent, const RegisterWrite& write);

 private:
  struct LockedBits {
    uint8_t lock;
    uint32_t mask;
  };
  struct Rules {
    uint32_t readable[2] = {};  ///< by core, by SoC
    uint32_t writable[2] = {};
    uint32_t live = 0;
    uint32_t w1c = 0;
    uint32_t w1s = 0;
    uint32_t w0c = 0;
    uint32_t set_by_read = 0;
    uint32_t single_pulse = 0;
    uint32_t stored = 0;  ///< bits with a flip-flop that keeps its value
    uint32_t reset_value = 0;
    uint32_t reset_mask[3] = {};  ///< by ResetDomain
    std::vector<LockedBits> locks;
  };
  static constexpr uint16_t no_register = 0xffff;

  [[nodiscard]] uint32_t value(const RegisterRef& at, Agent agent) const;

  std::string name_;
  std::span<const Register> table_;
  uint8_t variant_;
  uint32_t size_;
  std::vector<Rules> rules_;     // one per table row
  std::vector<uint16_t> row_;    // word index -> table row
  std::vector<uint32_t> words_;  // word index -> stored value
};

}  // namespace veer
