// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What happens to the noise: the data path and the main state machine of the entropy source.

#include <algorithm>

#include "peripherals/entropy_src/entropy_src.h"
#include "peripherals/entropy_src/entropy_src_regs.h"

namespace caliptra {

using namespace entropy_src_regs;
using veer::Clock;

namespace {

// Clock cycles, as seen on RTL 1.1.
constexpr Clock::Cycle cycles_to_first_symbol = 6;  ///< from enabling the module
constexpr Clock::Cycle cycles_per_symbol = 5;
constexpr Clock::Cycle cycles_to_unlock = 5;      ///< from disabling the module to REGWEN
constexpr Clock::Cycle cycles_to_condition = 44;  ///< from the end of a window to the seed made of it

/// From the write of the word that fills a block of the sponge until the sponge takes words again.
constexpr Clock::Cycle cycles_to_absorb_block = 29;

/// On demand: how much noise is asked for at once, and how long to wait when that gave no seed.
constexpr unsigned demand_limit = 1U << 17;
constexpr Clock::Cycle demand_pause = 1000;

constexpr unsigned symbols_per_word = 8;
constexpr std::size_t seed_words = 12;
constexpr std::size_t seed_fifo_depth = 4;
constexpr std::size_t observe_fifo_depth = 64;

/// Hashing is put off: a seed for which there is no room is never made.
constexpr std::size_t message_limit = 4096;

}  // namespace

// Time

void EntropySrc::synchronize() {
  if (busy_) return;
  busy_ = true;
  if (profile_ == veer::TimingProfile::rtl) {
    run_until(now());
  } else {
    time_ = now();
    run_on_demand();
  }
  busy_ = false;
  refresh();
  schedule_wake();
}

void EntropySrc::stop_clock(bool stopped) {
  if (stopped == stopped_at_.has_value()) return;
  if (stopped) {
    synchronize();
    stopped_at_ = clock_.now();
    return;
  }
  const Clock::Cycle pause = clock_.now() - *stopped_at_;
  stopped_at_.reset();
  for (Clock::Cycle* each : {&time_, &next_sample_, &conditioned_at_, &unlocked_at_, &sponge_free_at_}) {
    if (*each != Clock::never) *each += pause;
  }
}

Clock::Cycle EntropySrc::now() const { return stopped_at_.value_or(clock_.now()); }

void EntropySrc::run_until(Clock::Cycle now) {
  for (;;) {
    const Clock::Cycle sample_at = sampling() ? next_sample_ : Clock::never;
    const Clock::Cycle condition_at = state_ == State::sha3_valid ? conditioned_at_ : Clock::never;
    if (std::min(sample_at, condition_at) > now) break;
    if (condition_at <= sample_at) {
      time_ = condition_at;
      finish_conditioning();
    } else {
      time_ = sample_at;
      next_sample_ += cycles_per_symbol;
      sample();
    }
  }
  time_ = now;
  drain_to_sponge();
}

void EntropySrc::run_on_demand() {
  for (unsigned symbols = 0; symbols < demand_limit && more_wanted(); ++symbols) {
    if (!sample()) break;
  }
}

bool EntropySrc::more_wanted() const {
  if (!sampling()) return false;
  switch (state_) {
    case State::boot_health_test_running:
    case State::boot_post_health_test_check:
    case State::startup_phase1:
    case State::startup_pass1:
    case State::startup_fail1: return true;
    case State::continuous_health_test_running:
      if (seeds_.empty() && (request_waits_ || (routed_to_software() && readable_by_software()))) return true;
      break;
    default: break;
  }
  return firmware_override() && observing_ && observed_.size() < observe_fifo_depth && symbol_count_ < symbols_per_word;
}

bool EntropySrc::sample() {
  if (symbol_count_ == symbols_per_word) {
    if (!take_word(symbols_)) return false;
    symbols_ = 0;
    symbol_count_ = 0;
  }
  const std::optional<uint8_t> noise = noise_ ? noise_() : std::nullopt;
  if (!noise) return false;
  const uint8_t symbol = *noise & 0xf;
  if (!one_line_) {
    take_symbol(symbol);
    return true;
  }
  const uint32_t line = stored(CONF::offset, CONF::RNG_BIT_SEL);
  line_bits_ |= static_cast<uint8_t>((symbol >> line & 1) << line_bit_count_);
  if (++line_bit_count_ == 4) {
    const uint8_t gathered = line_bits_;
    line_bits_ = 0;
    line_bit_count_ = 0;
    take_symbol(gathered);
  }
  return true;
}

/// A time by which there can be no seed yet; nothing, if noise alone will never give one.
std::optional<Clock::Cycle> EntropySrc::cycles_to_seed() const {
  const Clock::Cycle left = window_ > window_count_ ? window_ - window_count_ : 1;
  switch (state_) {
    case State::boot_health_test_running: return left * cycles_per_symbol;
    case State::boot_post_health_test_check: return cycles_per_symbol;
    case State::startup_phase1:
    case State::startup_fail1: return (left + window_) * cycles_per_symbol + cycles_to_condition;
    case State::startup_pass1:
    case State::continuous_health_test_running: return left * cycles_per_symbol + cycles_to_condition;
    case State::sha3_valid: return conditioned_at_ > time_ ? conditioned_at_ - time_ : 1;
    default: return std::nullopt;
  }
}

Clock::Cycle EntropySrc::first_seed_due() const {
  if (profile_ != veer::TimingProfile::rtl || !enabled_ || stopped_at_) return 0;
  if (state_ == State::continuous_health_test_running || !seeds_.empty()) return 0;
  return time_ + cycles_to_seed().value_or(0);
}

void EntropySrc::schedule_wake() {
  clock_.cancel(wake_);
  if (!request_waits_ || !seeds_.empty()) return;
  const auto cycles = cycles_to_seed();
  if (!cycles) return;
  clock_.schedule_at(wake_, clock_.now() + (profile_ == veer::TimingProfile::rtl ? *cycles : demand_pause));
}

// The way of the noise

void EntropySrc::take_symbol(uint8_t symbol) {
  ++window_count_;
  const bool window_end = window_count_ >= window_;
  window_failed_ |= tests_.take(symbol, window_end, test_mode(), sum_of_lines_);

  symbols_ |= uint32_t{symbol} << (4 * symbol_count_);
  if (++symbol_count_ == symbols_per_word && take_word(symbols_)) {
    symbols_ = 0;
    symbol_count_ = 0;
  }
  if (window_end) {
    window_count_ = 0;
    end_window();
  }
}

/// Passes a word of tested noise on. False if there is no room for it now.
bool EntropySrc::take_word(uint32_t word) {
  if (firmware_inserts()) {
    observe(word);
    return true;
  }
  if (bypass_mode()) {
    observe(word);
    if (bypass_.size() < seed_words) bypass_.push_back(word);
    if (state_ == State::boot_post_health_test_check) end_boot();
    return true;
  }
  if (pair_.size() == 2) return false;
  observe(word);
  push_conditioner(word);
  return true;
}

void EntropySrc::observe(uint32_t word) {
  if (observed_.size() == observe_fifo_depth) {
    // RTL 1.0 lacks the gate that keeps what is observed in one piece.
    if (variant() != only_1_0) observing_ = false;
    return;
  }
  if (firmware_override() && (observing_ || observed_.empty())) observed_.push_back(word);
}

void EntropySrc::push_conditioner(uint32_t word) {
  if (pair_.size() < 2) pair_.push_back(word);
  drain_to_sponge();
}

void EntropySrc::drain_to_sponge() {
  if (!absorbing_ || pair_.size() < 2 || time_ < sponge_free_at_) return;
  for (const uint32_t word : pair_) {
    for (unsigned byte = 0; byte < 4; ++byte) message_.push_back(static_cast<uint8_t>(word >> (8 * byte)));
  }
  pair_.clear();
  // Noise comes slowly enough not to notice; words that firmware inserts may find no room.
  const bool block_full = (sponge_.position + message_.size()) % crypto::Sha3_384::rate == 0;
  if (block_full && profile_ == veer::TimingProfile::rtl) sponge_free_at_ = time_ + cycles_to_absorb_block;
  if (message_.size() >= message_limit) {
    sponge_.absorb(message_);
    message_.clear();
  }
}

/// FW_OV_WR_DATA.
void EntropySrc::insert(uint32_t word) {
  if (!firmware_inserts()) return;
  if (insert_full()) {
    set_bits(RECOV_ALERT_STS::offset, RECOV_ALERT_STS::ES_FW_OV_WR_ALERT.mask());
    return;
  }
  if (!bypass_mode()) return push_conditioner(word);
  bypass_.push_back(word);
  if (bypass_.size() < seed_words) return;
  SeedWords bits;
  std::copy(bypass_.begin(), bypass_.end(), bits.begin());
  bypass_.clear();
  if (seeds_.size() < seed_fifo_depth) seeds_.push_back({bits, false});
  deliver();
}

// The state machine

void EntropySrc::enable() {
  enabled_ = true;
  tests_.clear(test_mode());
  if (request_) request_waits_ = true;
  next_sample_ = time_ + cycles_to_first_symbol;
  if (!draining_ && state_ == State::idle) start();
}

void EntropySrc::disable() {
  enabled_ = false;
  if (state_ == State::sha3_valid) {
    draining_ = true;
    if (!bypass_mode() && !firmware_inserts()) drop_next_seed_ = true;
  } else {
    if (profile_ == veer::TimingProfile::rtl) unlocked_at_ = time_ + cycles_to_unlock;
    if (state_ != State::error) state_ = State::idle;
  }
  window_count_ = 0;
  window_failed_ = false;
  line_bits_ = 0;
  line_bit_count_ = 0;
  symbols_ = 0;
  symbol_count_ = 0;
  if (pair_.size() < 2) pair_.clear();
  bypass_.clear();
  seeds_.clear();
  request_waits_ = false;
  last_bits_valid_ = false;
  software_seed_ = {};
  software_words_left_ = 0;
  observed_.clear();
  observing_ = true;
}

/// Leaves the idle state, when the module is enabled.
void EntropySrc::start() {
  if (firmware_inserts()) {
    if (bypass_mode()) return;
    state_ = insert_started() ? State::fw_insert_message : State::fw_insert_start;
    start_sponge();
  } else if (bypass_mode()) {
    state_ = State::boot_health_test_running;
  } else {
    state_ = State::startup_phase1;
    start_sponge();
  }
}

void EntropySrc::start_sponge() {
  // Noise that it took before the module was disabled stays in it.
  sponge_started_ = true;
  absorbing_ = true;
  drain_to_sponge();
}

void EntropySrc::end_window() {
  const bool failed = window_failed_;
  window_failed_ = false;
  switch (state_) {
    case State::boot_health_test_running:
      if (!failed) {
        tests_.clear_alert_counts();
        state_ = State::boot_post_health_test_check;
        return end_boot();
      }
      if (bypass_.size() == seed_words) bypass_.clear();
      if (alert_threshold_reached()) raise_alert();
      return;
    case State::boot_phase_done:
      if (firmware_inserts()) return;
      if (alert_threshold_reached()) return raise_alert();
      if (!failed) tests_.clear_alert_counts();
      return;
    case State::startup_phase1:
      state_ = failed ? State::startup_fail1 : State::startup_pass1;
      if (!failed) tests_.clear_alert_counts();
      return;
    case State::startup_pass1:
      if (failed) {
        state_ = State::startup_fail1;
        return;
      }
      tests_.clear_alert_counts();
      return condition();
    case State::startup_fail1:
      if (failed) return raise_alert();
      tests_.clear_alert_counts();
      state_ = State::startup_pass1;
      return;
    case State::continuous_health_test_running:
      if (alert_threshold_reached()) return raise_alert();
      if (failed) return;
      tests_.clear_alert_counts();
      return condition();
    default: return;
  }
}

/// Boot mode: the first window has passed; as soon as there is a seed it goes out as it is.
void EntropySrc::end_boot() {
  if (bypass_.size() < seed_words) return;
  SeedWords bits;
  std::copy(bypass_.begin(), bypass_.end(), bits.begin());
  bypass_.clear();
  state_ = State::boot_phase_done;
  push_seed(bits);
}

void EntropySrc::condition() {
  state_ = State::sha3_valid;
  absorbing_ = false;
  conditioned_at_ = time_ + cycles_to_condition;
  if (profile_ == veer::TimingProfile::reference) finish_conditioning();
}

void EntropySrc::finish_conditioning() {
  SeedWords bits{};
  if (!draining_ && !seed_would_be_dropped()) {
    sponge_.absorb(message_);
    const auto digest = sponge_.finish();
    for (std::size_t i = 0; i < digest.size(); ++i) bits[i / 4] |= uint32_t{digest[i]} << (8 * (i % 4));
  }
  const bool push = !draining_;
  sponge_ = {};
  message_.clear();
  sponge_free_at_ = 0;
  sponge_started_ = false;
  if (draining_) next_sample_ = time_ + cycles_per_symbol;
  draining_ = false;
  if (!enabled_ || firmware_inserts()) {
    state_ = State::idle;
    if (enabled_) start();
  } else {
    // Also when it has been disabled and enabled again meanwhile: there is no new start-up then.
    state_ = State::continuous_health_test_running;
    start_sponge();
  }
  if (push) push_seed(bits);
}

void EntropySrc::raise_alert() {
  set_bits(INTERRUPT_STATE::offset, INTERRUPT_STATE::ES_HEALTH_TEST_FAILED.mask());
  set_bits(RECOV_ALERT_STS::offset, RECOV_ALERT_STS::ES_MAIN_SM_ALERT.mask());
  state_ = State::alert_hang;
}

void EntropySrc::insert_start_written(bool was_started) {
  if (was_started && !insert_started() && !bypass_mode() && insert_full()) {
    set_bits(RECOV_ALERT_STS::offset, RECOV_ALERT_STS::ES_FW_OV_DISABLE_ALERT.mask());
    corrupted_seeds_ = 2;
  }
  if (state_ == State::fw_insert_start && insert_started()) {
    state_ = State::fw_insert_message;
  } else if (state_ == State::fw_insert_message && !insert_started()) {
    condition();
  }
}

// Seeds

bool EntropySrc::seed_would_be_dropped() const {
  return drop_next_seed_ || (corrupted_seeds_ != 0 && !bypass_mode()) || seeds_.size() == seed_fifo_depth;
}

void EntropySrc::push_seed(const SeedWords& bits) {
  const bool dropped = seed_would_be_dropped();
  drop_next_seed_ = false;
  if (corrupted_seeds_ != 0 && !bypass_mode()) --corrupted_seeds_;
  if (dropped) return;
  seeds_.push_back({bits, !bypass_mode() && !one_line_});
  deliver();
}

EntropySrc::Entropy EntropySrc::pop_seed() {
  const Entropy seed = seeds_.front();
  seeds_.erase(seeds_.begin());
  const uint64_t low = seed.bits[0] | uint64_t{seed.bits[1]} << 32;
  if (last_bits_valid_ && low == last_bits_) {
    set_bits(RECOV_ALERT_STS::offset, RECOV_ALERT_STS::ES_BUS_CMP_ALERT.mask());
  }
  last_bits_ = low;
  last_bits_valid_ = true;
  return seed;
}

/// Hands seeds to whoever gets them.
void EntropySrc::deliver() {
  if (delivering_) return;
  if (routed_to_software()) {
    if (!readable_by_software() || software_words_left_ != 0 || seeds_.empty()) return;
    software_seed_ = pop_seed().bits;
    software_words_left_ = seed_words;
    return;
  }
  delivering_ = true;
  while (enabled_ && request_waits_ && !seeds_.empty()) {
    const Entropy seed = pop_seed();
    request_waits_ = false;
    if (acknowledge_) acknowledge_(seed.bits, seed.fips);
    if (request_) request_waits_ = true;
  }
  delivering_ = false;
}

void EntropySrc::request(bool level) {
  request_ = level;
  if (!level) return;
  synchronize();
  if (enabled_) request_waits_ = true;
  deliver();
  synchronize();
}

}  // namespace caliptra
