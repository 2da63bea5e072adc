// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The registers of the entropy source.

#include "peripherals/entropy_src/entropy_src.h"

#include <utility>

#include "iss/state_stream.h"
#include "peripherals/entropy_src/entropy_src_regs.h"

namespace caliptra {

using namespace entropy_src_regs;
using veer::Agent;
using veer::RegisterRef;
using veer::RegisterWrite;

namespace {

constexpr unsigned address_bits = 8;

/// The test whose threshold, watermark or total is in the register at `offset`, if there is one.
std::optional<HealthTests::Test> test_of_threshold(uint32_t offset) {
  switch (offset) {
    case REPCNT_THRESHOLDS::offset: return HealthTests::repcnt;
    case REPCNTS_THRESHOLDS::offset: return HealthTests::repcnts;
    case ADAPTP_HI_THRESHOLDS::offset: return HealthTests::adaptp_hi;
    case ADAPTP_LO_THRESHOLDS::offset: return HealthTests::adaptp_lo;
    case BUCKET_THRESHOLDS::offset: return HealthTests::bucket;
    case MARKOV_HI_THRESHOLDS::offset: return HealthTests::markov_hi;
    case MARKOV_LO_THRESHOLDS::offset: return HealthTests::markov_lo;
    case EXTHT_HI_THRESHOLDS::offset: return HealthTests::extht_hi;
    case EXTHT_LO_THRESHOLDS::offset: return HealthTests::extht_lo;
    default: return std::nullopt;
  }
}

std::optional<HealthTests::Test> test_of_watermark(uint32_t offset) {
  switch (offset) {
    case REPCNT_HI_WATERMARKS::offset: return HealthTests::repcnt;
    case REPCNTS_HI_WATERMARKS::offset: return HealthTests::repcnts;
    case ADAPTP_HI_WATERMARKS::offset: return HealthTests::adaptp_hi;
    case ADAPTP_LO_WATERMARKS::offset: return HealthTests::adaptp_lo;
    case BUCKET_HI_WATERMARKS::offset: return HealthTests::bucket;
    case MARKOV_HI_WATERMARKS::offset: return HealthTests::markov_hi;
    case MARKOV_LO_WATERMARKS::offset: return HealthTests::markov_lo;
    case EXTHT_HI_WATERMARKS::offset: return HealthTests::extht_hi;
    case EXTHT_LO_WATERMARKS::offset: return HealthTests::extht_lo;
    default: return std::nullopt;
  }
}

std::optional<HealthTests::Test> test_of_total(uint32_t offset) {
  switch (offset) {
    case REPCNT_TOTAL_FAILS::offset: return HealthTests::repcnt;
    case REPCNTS_TOTAL_FAILS::offset: return HealthTests::repcnts;
    case ADAPTP_HI_TOTAL_FAILS::offset: return HealthTests::adaptp_hi;
    case ADAPTP_LO_TOTAL_FAILS::offset: return HealthTests::adaptp_lo;
    case BUCKET_TOTAL_FAILS::offset: return HealthTests::bucket;
    case MARKOV_HI_TOTAL_FAILS::offset: return HealthTests::markov_hi;
    case MARKOV_LO_TOTAL_FAILS::offset: return HealthTests::markov_lo;
    case EXTHT_HI_TOTAL_FAILS::offset: return HealthTests::extht_hi;
    case EXTHT_LO_TOTAL_FAILS::offset: return HealthTests::extht_lo;
    default: return std::nullopt;
  }
}

}  // namespace

EntropySrc::EntropySrc(veer::Clock& clock, veer::TimingProfile profile, Generation generation, Noise noise)
    : OpenTitanBlock("entropy_src", table, caliptra::variant(generation), address_bits),
      clock_(clock),
      profile_(profile),
      noise_(std::move(noise)),
      wake_(clock.add_event("entropy_src", [this] { synchronize(); })) {
  read_settings();
}

/// Keeps at hand what each symbol is asked for.
void EntropySrc::read_settings() {
  const bool conditioned = stored(CONF::offset, CONF::FIPS_ENABLE) == multi_bit_true;
  const bool bypassed = stored(ENTROPY_CONTROL::offset, ENTROPY_CONTROL::ES_TYPE) == multi_bit_true;
  bypass_mode_ = !conditioned || (bypassed && routed_to_software());
  const auto& window = bypass_mode_ ? HEALTH_TEST_WINDOWS::BYPASS_WINDOW : HEALTH_TEST_WINDOWS::FIPS_WINDOW;
  window_ = stored(HEALTH_TEST_WINDOWS::offset, window);
  one_line_ = stored(CONF::offset, CONF::RNG_BIT_ENABLE) == multi_bit_true;
  sum_of_lines_ = stored(CONF::offset, CONF::THRESHOLD_SCOPE) == multi_bit_true;
}

bool EntropySrc::routed_to_software() const {
  return stored(ENTROPY_CONTROL::offset, ENTROPY_CONTROL::ES_ROUTE) == multi_bit_true;
}

bool EntropySrc::readable_by_software() const {
  return enabled_ && stored(CONF::offset, CONF::ENTROPY_DATA_REG_ENABLE) == multi_bit_true;
}

bool EntropySrc::firmware_override() const {
  return stored(FW_OV_CONTROL::offset, FW_OV_CONTROL::FW_OV_MODE) == multi_bit_true;
}

bool EntropySrc::firmware_inserts() const {
  return firmware_override() && stored(FW_OV_CONTROL::offset, FW_OV_CONTROL::FW_OV_ENTROPY_INSERT) == multi_bit_true;
}

bool EntropySrc::insert_started() const {
  return stored(FW_OV_SHA3_START::offset, FW_OV_SHA3_START::FW_OV_INSERT_START) == multi_bit_true;
}

bool EntropySrc::insert_full() const {
  return firmware_inserts() && (!enabled_ || (!bypass_mode() && pair_.size() == 2));
}

bool EntropySrc::alert_threshold_reached() const {
  const uint32_t threshold = stored(ALERT_THRESHOLD::offset, ALERT_THRESHOLD::ALERT_THRESHOLD_);
  const uint32_t inverse = ~stored(ALERT_THRESHOLD::offset, ALERT_THRESHOLD::ALERT_THRESHOLD_INV) & 0xffff;
  const uint32_t fails = tests_.any_fails();
  return (inverse != 0 && fails >= inverse) || (threshold != 0 && fails >= threshold);
}

bool EntropySrc::locked(uint8_t lock, const RegisterRef&, Agent) const {
  if (lock == me_regwen_clear) return stored(ME_REGWEN::offset) == 0;
  if (stored(SW_REGUPD::offset) == 0 || stored(MODULE_ENABLE::offset) == multi_bit_true) return true;
  return now() < unlocked_at_;
}

uint32_t EntropySrc::live(const RegisterRef& at, Agent agent) const {
  const auto both_modes = [](uint16_t fips, uint16_t bypass) { return uint32_t{bypass} << 16 | fips; };
  if (const auto test = test_of_threshold(at.base())) {
    return both_modes(tests_.threshold(*test, HealthTests::fips), tests_.threshold(*test, HealthTests::bypass));
  }
  if (const auto test = test_of_watermark(at.base())) {
    return both_modes(tests_.watermark(*test, HealthTests::fips), tests_.watermark(*test, HealthTests::bypass));
  }
  if (const auto test = test_of_total(at.base())) return tests_.total_fails(*test);

  const auto fails = [this](HealthTests::Test test) { return uint32_t{tests_.alert_fails(test)}; };
  switch (at.base()) {
    case REGWEN::offset: return locked(regwen_clear, at, agent) ? 0 : 1;
    case ENTROPY_DATA::offset:
      if (!readable_by_software()) return 0;
      return software_seed_[software_words_left_ == 0 ? 0 : software_seed_.size() - software_words_left_];
    case ALERT_SUMMARY_FAIL_COUNTS::offset: return tests_.any_fails();
    case ALERT_FAIL_COUNTS::offset:
      return ALERT_FAIL_COUNTS::REPCNT_FAIL_COUNT.place(fails(HealthTests::repcnt)) |
             ALERT_FAIL_COUNTS::ADAPTP_HI_FAIL_COUNT.place(fails(HealthTests::adaptp_hi)) |
             ALERT_FAIL_COUNTS::ADAPTP_LO_FAIL_COUNT.place(fails(HealthTests::adaptp_lo)) |
             ALERT_FAIL_COUNTS::BUCKET_FAIL_COUNT.place(fails(HealthTests::bucket)) |
             ALERT_FAIL_COUNTS::MARKOV_HI_FAIL_COUNT.place(fails(HealthTests::markov_hi)) |
             ALERT_FAIL_COUNTS::MARKOV_LO_FAIL_COUNT.place(fails(HealthTests::markov_lo)) |
             ALERT_FAIL_COUNTS::REPCNTS_FAIL_COUNT.place(fails(HealthTests::repcnts));
    case FW_OV_WR_FIFO_FULL::offset: return insert_full() ? 1 : 0;
    case FW_OV_RD_FIFO_OVERFLOW::offset: return observing_ ? 0 : 1;
    case FW_OV_RD_DATA::offset: return observed_.empty() ? 0 : observed_.front();
    case OBSERVE_FIFO_DEPTH::offset: return static_cast<uint32_t>(observed_.size());
    case DEBUG_STATUS::offset:
      return DEBUG_STATUS::ENTROPY_FIFO_DEPTH.place(static_cast<uint32_t>(seeds_.size())) |
             DEBUG_STATUS::SHA3_FSM.place(sponge_started_ ? 1 : 0) |
             DEBUG_STATUS::MAIN_SM_IDLE.place(state_ == State::idle ? 1 : 0) |
             DEBUG_STATUS::MAIN_SM_BOOT_DONE.place(state_ == State::boot_phase_done ? 1 : 0);
    case MAIN_SM_STATE::offset: return static_cast<uint32_t>(state_);
    default: return 0;
  }
}

void EntropySrc::after_read(const RegisterRef& at, Agent) {
  switch (at.base()) {
    case ENTROPY_DATA::offset:
      if (!readable_by_software() || software_words_left_ == 0) return;
      if (--software_words_left_ == 0) deliver();
      break;
    case FW_OV_RD_DATA::offset:
      if (!firmware_override()) return;
      if (observed_.empty()) {
        error_found(ERR_CODE::SFIFO_OBSERVE_ERR.mask() | ERR_CODE::FIFO_READ_ERR.mask(), true);
        return;
      }
      observed_.erase(observed_.begin());
      if (observed_.empty()) observing_ = true;
      break;
    default: return;
  }
  synchronize();
}

void EntropySrc::after_write(const RegisterRef& at, Agent agent, const RegisterWrite& write) {
  if (const auto test = test_of_threshold(at.base()); test && !locked(regwen_clear, at, agent)) {
    tests_.tighten(*test, HealthTests::fips, static_cast<uint16_t>(write.data));
    tests_.tighten(*test, HealthTests::bypass, static_cast<uint16_t>(write.data >> 16));
  }
  switch (at.base()) {
    case INTERRUPT_TEST::offset: set_bits(INTERRUPT_STATE::offset, write.written); break;
    case MODULE_ENABLE::offset: {
      const bool enabled = write.after == multi_bit_true;
      if (enabled == enabled_) break;
      enabled ? enable() : disable();
      break;
    }
    case CONF::offset:
    case ENTROPY_CONTROL::offset:
    case HEALTH_TEST_WINDOWS::offset:
      read_settings();
      tests_.change_mode(test_mode());
      break;
    case FW_OV_SHA3_START::offset: insert_start_written(write.before == multi_bit_true); break;
    case FW_OV_WR_DATA::offset: insert(write.data); break;
    case ERR_CODE_TEST::offset: test_error(write.after); break;
    default: break;
  }
  synchronize();
}

/// Errors that only a broken circuit has; software can pretend them.
void EntropySrc::test_error(uint32_t code) {
  switch (code) {
    case 22: state_ = State::error; [[fallthrough]];
    case 20:
    case 21:
    case 23:
    case 24: return error_found(1U << code, false);
    case 0:
    case 1:
    case 2:
    case 28:
    case 29:
    case 30: return error_found(1U << code, true);
    default: return;
  }
}

void EntropySrc::error_found(uint32_t error_bits, bool only_when_enabled) {
  set_bits(ERR_CODE::offset, error_bits);
  if (!only_when_enabled || enabled_) set_bits(INTERRUPT_STATE::offset, INTERRUPT_STATE::ES_FATAL_ERR.mask());
}

/// What is set again as long as its cause lasts.
void EntropySrc::refresh() {
  uint32_t events = 0;
  if (enabled_ && software_words_left_ != 0) events |= INTERRUPT_STATE::ES_ENTROPY_VALID.mask();
  const uint32_t observe_threshold = stored(OBSERVE_FIFO_THRESH::offset);
  if (enabled_ && firmware_override() && observe_threshold != 0 && observed_.size() >= observe_threshold) {
    events |= INTERRUPT_STATE::ES_OBSERVE_FIFO_READY.mask();
  }
  if (state_ == State::error) {
    set_bits(ERR_CODE::offset, ERR_CODE::ES_MAIN_SM_ERR.mask());
    events |= INTERRUPT_STATE::ES_FATAL_ERR.mask();
  }
  set_bits(INTERRUPT_STATE::offset, events);

  const auto check = [this](uint32_t offset, const veer::Field& field, const veer::Field& alert) {
    return multi_bit_invalid(stored(offset, field)) ? alert.mask() : 0;
  };
  using Alert = RECOV_ALERT_STS;
  uint32_t alerts = check(MODULE_ENABLE::offset, MODULE_ENABLE::MODULE_ENABLE_, Alert::MODULE_ENABLE_FIELD_ALERT);
  alerts |= check(CONF::offset, CONF::FIPS_ENABLE, Alert::FIPS_ENABLE_FIELD_ALERT);
  alerts |= check(CONF::offset, CONF::ENTROPY_DATA_REG_ENABLE, Alert::ENTROPY_DATA_REG_EN_FIELD_ALERT);
  alerts |= check(CONF::offset, CONF::THRESHOLD_SCOPE, Alert::THRESHOLD_SCOPE_FIELD_ALERT);
  alerts |= check(CONF::offset, CONF::RNG_BIT_ENABLE, Alert::RNG_BIT_ENABLE_FIELD_ALERT);
  alerts |= check(ENTROPY_CONTROL::offset, ENTROPY_CONTROL::ES_ROUTE, Alert::ES_ROUTE_FIELD_ALERT);
  alerts |= check(ENTROPY_CONTROL::offset, ENTROPY_CONTROL::ES_TYPE, Alert::ES_TYPE_FIELD_ALERT);
  alerts |= check(FW_OV_CONTROL::offset, FW_OV_CONTROL::FW_OV_MODE, Alert::FW_OV_MODE_FIELD_ALERT);
  alerts |= check(FW_OV_CONTROL::offset, FW_OV_CONTROL::FW_OV_ENTROPY_INSERT, Alert::FW_OV_ENTROPY_INSERT_FIELD_ALERT);
  alerts |= check(FW_OV_SHA3_START::offset, FW_OV_SHA3_START::FW_OV_INSERT_START, Alert::FW_OV_SHA3_START_FIELD_ALERT);
  const uint32_t threshold = stored(ALERT_THRESHOLD::offset);
  if ((threshold & 0xffff) != (~threshold >> 16)) alerts |= Alert::ES_THRESH_CFG_ALERT.mask();
  set_bits(RECOV_ALERT_STS::offset, alerts);
}

void EntropySrc::reset(veer::Reset reset) {
  OpenTitanBlock::reset(reset);
  if (!veer::reaches(reset, veer::ResetDomain::noncore)) return;
  read_settings();
  disable();
  tests_.reset();
  state_ = State::idle;
  draining_ = false;
  unlocked_at_ = 0;
  pair_.clear();
  sponge_ = {};
  message_.clear();
  sponge_free_at_ = 0;
  sponge_started_ = false;
  absorbing_ = false;
  drop_next_seed_ = false;
  corrupted_seeds_ = 0;
  request_ = false;
  clock_.cancel(wake_);
}

void EntropySrc::state(veer::StateStream& stream) {
  OpenTitanBlock::state(stream);
  read_settings();
  stream.section("entropy_src flow", 3);
  auto stopped_at = stopped_at_.value_or(veer::Clock::never);
  stream(stopped_at);
  stopped_at_ = stopped_at == veer::Clock::never ? std::nullopt : std::optional(std::min(stopped_at, clock_.now()));
  tests_.state(stream);
  stream(time_);
  stream(state_);
  stream(enabled_);
  stream(draining_);
  stream(unlocked_at_);
  stream(next_sample_);
  stream(conditioned_at_);
  stream(window_count_);
  stream(window_failed_);
  stream(line_bits_);
  stream(line_bit_count_);
  stream(symbols_);
  stream(symbol_count_);
  stream.vector(pair_, 2);
  stream.vector(bypass_, std::tuple_size_v<SeedWords>);
  stream(sponge_.lanes);
  stream(sponge_.position);
  stream.vector(message_, 1U << 16);
  stream(sponge_free_at_);
  stream(sponge_started_);
  stream(absorbing_);
  stream(drop_next_seed_);
  stream(corrupted_seeds_);
  uint32_t seed_count = static_cast<uint32_t>(seeds_.size());
  stream(seed_count);
  if (seed_count > 4) return stream.fail("entropy_src holds too many seeds");
  seeds_.resize(seed_count);
  for (Entropy& seed : seeds_) {
    stream(seed.bits);
    stream(seed.fips);
  }
  stream(request_);
  stream(request_waits_);
  stream(last_bits_);
  stream(last_bits_valid_);
  stream(software_seed_);
  stream(software_words_left_);
  stream.vector(observed_, 64);
  stream(observing_);
  if (line_bit_count_ > 3 || symbol_count_ > 8 || software_words_left_ > software_seed_.size() ||
      sponge_.position >= crypto::Sha3_384::rate) {
    reset(veer::Reset::warm);
    stream.fail("entropy_src is in a state that it can't be in");
  }
}

}  // namespace caliptra
