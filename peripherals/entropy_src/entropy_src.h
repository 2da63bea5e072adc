// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The entropy source: takes noise, tests its health, conditions it with SHA3-384 and hands 384-bit seeds to
// CSRNG or to software. From src/entropy_src/rtl (entropy_src_core.sv, entropy_src_main_sm.sv).

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "iss/clock.h"
#include "iss/timing_profile.h"
#include "peripherals/common/hardware.h"
#include "peripherals/common/opentitan_block.h"
#include "peripherals/crypto/sha3.h"
#include "peripherals/entropy_src/health_tests.h"

namespace caliptra {

/// A seed on its way to CSRNG: es_bits, word 0 being bits 31..0.
using SeedWords = std::array<uint32_t, 12>;

/// The block at 0x20003000. Caliptra does not connect its interrupt and alert outputs: what they would say shows in
/// its registers only. The noise is worked on when someone looks or waits for a seed, not every five cycles.
class EntropySrc : public OpenTitanBlock {
 public:
  /// The noise: called once per symbol, in order; the low four bits count. Nothing: there is none now.
  using Noise = std::function<std::optional<uint8_t>()>;

  /// In the `rtl` profile the noise gives a symbol every five clock cycles while it is wanted; in the
  /// `reference` profile as many as are wanted at once.
  EntropySrc(veer::Clock& clock, veer::TimingProfile profile, Generation generation, Noise noise);

  /// Where seeds go (es_ack, es_bits, es_fips): called once for each request.
  void connect(std::function<void(const SeedWords& bits, bool fips)> acknowledge) {
    acknowledge_ = std::move(acknowledge);
  }

  /// CSRNG's es_req.
  void request(bool level);

  /// Catches up with the clock. The noise is called for what lies behind only then: call this before the noise
  /// changes its nature, and before its own state is saved.
  void synchronize() override;

  /// The gated clock, which drives this block, is stopped or goes on. `clock` has to know the same of the block's
  /// event.
  void stop_clock(bool stopped);

  /// When the first seed will be there, if the start-up tests that are running pass; otherwise some cycle that is past.
  /// That is by no event of the clock, unless somebody has asked for a seed.
  [[nodiscard]] veer::Clock::Cycle first_seed_due() const;

  void reset(veer::Reset reset) override;
  void state(veer::StateStream& stream) override;

 protected:
  uint32_t live(const veer::RegisterRef& at, veer::Agent agent) const override;
  bool locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent agent) const override;
  void after_read(const veer::RegisterRef& at, veer::Agent agent) override;
  void after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) override;

 private:
  /// MAIN_SM_STATE, as encoded in entropy_src_main_sm_pkg.sv. States that last a clock cycle are left out.
  enum class State : uint16_t {
    idle = 0x0f5,
    boot_health_test_running = 0x1d2,
    boot_post_health_test_check = 0x16e,
    boot_phase_done = 0x08e,
    startup_phase1 = 0x101,
    startup_pass1 = 0x1a5,
    startup_fail1 = 0x017,
    continuous_health_test_running = 0x1a2,
    fw_insert_start = 0x0c3,
    fw_insert_message = 0x059,
    sha3_valid = 0x171,
    alert_hang = 0x15c,
    error = 0x13d,
  };
  struct Entropy {
    SeedWords bits{};
    bool fips = false;
  };

  // What the registers say.
  void read_settings();
  [[nodiscard]] bool bypass_mode() const { return bypass_mode_; }
  [[nodiscard]] HealthTests::Mode test_mode() const { return bypass_mode_ ? HealthTests::bypass : HealthTests::fips; }
  [[nodiscard]] bool routed_to_software() const;
  [[nodiscard]] bool readable_by_software() const;
  [[nodiscard]] bool firmware_override() const;
  [[nodiscard]] bool firmware_inserts() const;
  [[nodiscard]] bool insert_started() const;
  [[nodiscard]] bool insert_full() const;
  [[nodiscard]] bool alert_threshold_reached() const;

  // Time.
  [[nodiscard]] bool sampling() const { return enabled_ && !draining_; }
  void run_until(veer::Clock::Cycle now);
  void run_on_demand();
  [[nodiscard]] bool more_wanted() const;
  bool sample();
  [[nodiscard]] std::optional<veer::Clock::Cycle> cycles_to_seed() const;
  void schedule_wake();

  // The way of the noise.
  void take_symbol(uint8_t symbol);
  bool take_word(uint32_t word);
  void observe(uint32_t word);
  void push_conditioner(uint32_t word);
  void drain_to_sponge();
  void insert(uint32_t word);

  // The state machine.
  void enable();
  void disable();
  void start();
  void start_sponge();
  void end_window();
  void end_boot();
  void condition();
  void finish_conditioning();
  void raise_alert();
  void insert_start_written(bool was_started);

  // Seeds.
  void push_seed(const SeedWords& bits);
  [[nodiscard]] bool seed_would_be_dropped() const;
  void deliver();
  Entropy pop_seed();

  void error_found(uint32_t error_bits, bool only_when_enabled);
  void test_error(uint32_t code);
  void refresh();
  [[nodiscard]] veer::Clock::Cycle now() const;

  veer::Clock& clock_;
  veer::TimingProfile profile_;
  Noise noise_;
  std::function<void(const SeedWords&, bool)> acknowledge_;
  veer::Clock::Slot wake_;
  veer::Clock::Cycle time_ = 0;                   ///< how far the work has got
  std::optional<veer::Clock::Cycle> stopped_at_;  ///< when the gated clock was stopped
  bool busy_ = false;                             ///< inside synchronize()
  bool delivering_ = false;                       ///< inside deliver()

  bool bypass_mode_ = true;
  bool one_line_ = false;
  bool sum_of_lines_ = false;
  uint32_t window_ = 0;  ///< symbols

  HealthTests tests_;
  State state_ = State::idle;
  bool enabled_ = false;
  bool draining_ = false;               ///< disabled while it conditions, which it finishes before it starts again
  veer::Clock::Cycle unlocked_at_ = 0;  ///< REGWEN stays 0 until noise on its way has run out
  veer::Clock::Cycle next_sample_ = 0;
  veer::Clock::Cycle conditioned_at_ = 0;

  uint32_t window_count_ = 0;  ///< symbols of the present window
  bool window_failed_ = false;

  uint8_t line_bits_ = 0;  ///< bits of one line, when one is chosen (CONF.RNG_BIT_ENABLE)
  uint8_t line_bit_count_ = 0;
  uint32_t symbols_ = 0;  ///< symbols on their way to a word, the first in bits 3..0
  uint8_t symbol_count_ = 0;
  std::vector<uint32_t> pair_;    ///< words on their way to the conditioner, which takes two at once
  std::vector<uint32_t> bypass_;  ///< words on their way round the conditioner, which make a seed

  crypto::Sha3_384 sponge_;
  std::vector<uint8_t> message_;           ///< what the sponge has still to absorb
  veer::Clock::Cycle sponge_free_at_ = 0;  ///< it is at work on a block until then
  bool sponge_started_ = false;
  bool absorbing_ = false;
  bool drop_next_seed_ = false;  ///< it was in the making when the module was disabled
  uint8_t corrupted_seeds_ = 0;  ///< seeds to come that a wrong use of FW_OV_SHA3_START has spoiled

  std::vector<Entropy> seeds_;
  bool request_ = false;
  bool request_waits_ = false;
  uint64_t last_bits_ = 0;  ///< the low bits of the seed handed out last; the next one's must differ
  bool last_bits_valid_ = false;

  SeedWords software_seed_{};  ///< what ENTROPY_DATA reads from
  uint8_t software_words_left_ = 0;

  std::vector<uint32_t> observed_;
  bool observing_ = true;  ///< false from an overflow until the FIFO is empty again
};

}  // namespace caliptra
