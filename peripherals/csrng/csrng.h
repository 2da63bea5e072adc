// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// CSRNG: a random number generator that software drives with commands and that takes its seeds from the
// entropy source. From src/csrng/rtl (csrng_core.sv, csrng_cmd_stage.sv, csrng_main_sm.sv).

#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "iss/clock.h"
#include "iss/timing_profile.h"
#include "iss/wire.h"
#include "peripherals/common/hardware.h"
#include "peripherals/common/opentitan_block.h"
#include "peripherals/csrng/ctr_drbg.h"

namespace caliptra {

/// The block at 0x20002000. Caliptra does not connect its interrupt and alert outputs, nor its two hardware command
/// ports.
class Csrng : public OpenTitanBlock {
 public:
  /// In the `reference` profile a command takes no time.
  Csrng(veer::Clock& clock, veer::TimingProfile profile, Generation generation);

  /// es_req: high as long as a command waits for a seed.
  veer::Wire entropy_request;

  /// es_ack with es_bits (word 0 being bits 31..0) and es_fips. Ignored if no command waits for it. It may
  /// come from within entropy_request.
  void entropy(const std::array<uint32_t, 12>& bits, bool fips);

  void reset(veer::Reset reset) override;
  void state(veer::StateStream& stream) override;

 protected:
  uint32_t live(const veer::RegisterRef& at, veer::Agent agent) const override;
  bool locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent agent) const override;
  void after_read(const veer::RegisterRef& at, veer::Agent agent) override;
  void after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) override;

 private:
  enum class Command : uint8_t { instantiate = 1, reseed = 2, generate = 3, update = 4, uninstantiate = 5 };

  /// What has become of the command that was taken last.
  enum class Stage : uint8_t {
    idle,             ///< it is done
    collecting,       ///< its additional data is still to come
    waiting_entropy,  ///< its seed is
    computing,
    delivering,  ///< a block is done, and there may be no room for it
    stuck,       ///< it is not one that the hardware knows, or an error stopped it
  };

  [[nodiscard]] bool supported() const { return command_ >= 1 && command_ <= 5; }
  [[nodiscard]] uint32_t main_state() const;
  [[nodiscard]] uint32_t internal_state_word() const;

  void push_command(uint32_t word);
  void advance();
  bool collect();
  void compute();
  void finish();
  void apply(Command command);
  void deliver();
  void acknowledge();
  void disable();
  void test_error(uint32_t code);
  void refresh();

  veer::Clock& clock_;
  veer::TimingProfile profile_;
  veer::Clock::Slot done_;
  bool advancing_ = false;  ///< inside advance()

  bool enabled_ = false;
  bool error_ = false;  ///< the main state machine has met an error; only a reset helps
  Stage stage_ = Stage::idle;
  std::vector<uint32_t> words_;  ///< CMD_REQ writes that nobody has taken yet
  uint8_t command_ = 0;
  uint8_t flag0_ = multi_bit_false;
  uint8_t data_left_ = 0;     ///< words of additional data still to come
  uint16_t blocks_left_ = 0;  ///< blocks still to generate
  bool first_block_ = false;
  uint8_t data_count_ = 0;
  std::array<uint32_t, 12> data_{};  ///< additional data, word 0 being bits 31..0
  std::array<uint32_t, 12> seed_{};
  bool seed_fips_ = false;

  CtrDrbg drbg_;  ///< the instance of the software port
  bool block_valid_ = false;
  std::array<uint32_t, 4> block_{};   ///< waits for GENBITS to be read empty
  std::array<uint32_t, 4> output_{};  ///< what GENBITS reads from
  uint8_t output_left_ = 0;
  bool output_fips_ = false;
  uint64_t last_bits_ = 0;  ///< low bits of the block before; the next one's must differ
  bool last_bits_valid_ = false;

  uint8_t dump_instance_ = 0;
  uint8_t dump_word_ = 0xf;
};

}  // namespace caliptra
