// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/csrng/csrng.h"

#include <algorithm>

#include "iss/state_stream.h"
#include "peripherals/csrng/csrng_regs.h"

namespace caliptra {

using namespace csrng_regs;
using veer::Agent;
using veer::RegisterRef;
using veer::RegisterWrite;

namespace {

constexpr unsigned address_bits = 7;
constexpr std::size_t command_fifo_depth = 2;
constexpr unsigned block_words = 4;

/// The software port's number among the instances; the ports before it are the hardware's.
constexpr uint8_t software_instance = 2;
constexpr uint8_t internal_state_words = 14;

/// Clock cycles in the `rtl` profile, as seen on RTL 1.1: from a command to its first work, for one output block
/// and for one update of the state (three blocks).
constexpr unsigned command_cycles = 16;
constexpr unsigned block_cycles = 18;
constexpr unsigned update_cycles = 52;

/// MAIN_SM_STATE, as encoded in csrng_pkg.sv. States that last a clock cycle are left out.
constexpr uint32_t main_idle = 0x4e;
constexpr uint32_t main_parse_command = 0xbb;
constexpr uint32_t main_instantiate_prepare = 0xc1;
constexpr uint32_t main_reseed_prepare = 0xdd;
constexpr uint32_t main_command_complete_wait = 0xbc;
constexpr uint32_t main_error = 0x78;

/// A number whose word 0 is least significant, as bytes, the most significant first.
template <std::size_t words>
std::array<uint8_t, 4 * words> to_bytes(const std::array<uint32_t, words>& number) {
  std::array<uint8_t, 4 * words> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[bytes.size() - 1 - i] = static_cast<uint8_t>(number[i / 4] >> (8 * (i % 4)));
  }
  return bytes;
}

/// Word `index` (0 is least significant) of bytes of which the first is the most significant.
uint32_t word_of(std::span<const uint8_t> bytes, std::size_t index) {
  const uint8_t* const last = bytes.data() + bytes.size() - 1 - 4 * index;
  return uint32_t{last[0]} | uint32_t{last[-1]} << 8 | uint32_t{last[-2]} << 16 | uint32_t{last[-3]} << 24;
}

}  // namespace

Csrng::Csrng(veer::Clock& clock, veer::TimingProfile profile, Generation generation)
    : OpenTitanBlock("csrng", table, caliptra::variant(generation), address_bits),
      clock_(clock),
      profile_(profile),
      done_(clock.add_event("csrng", [this] { finish(); })) {}

// Commands

void Csrng::push_command(uint32_t word) {
  if (!enabled_ || words_.size() == command_fifo_depth) return;
  words_.push_back(word);
  advance();
}

/// Goes on until there is something to wait for.
void Csrng::advance() {
  if (advancing_) return;
  advancing_ = true;
  for (bool more = true; more;) {
    more = false;
    switch (stage_) {
      case Stage::idle:
        if (error_ || words_.empty()) break;
        {
          const uint32_t header = words_.front();
          words_.erase(words_.begin());
          // The hardware looks at three of the four bits of acmd.
          command_ = header & 7;
          data_left_ = static_cast<uint8_t>(CMD_REQ::clen.get(header));
          blocks_left_ = static_cast<uint16_t>(CMD_REQ::glen.get(header));
          if (command_ <= 2 && command_ != 0) flag0_ = static_cast<uint8_t>(CMD_REQ::flag0.get(header));
        }
        first_block_ = true;
        data_count_ = 0;
        data_ = {};
        seed_ = {};
        seed_fips_ = false;
        stage_ = Stage::collecting;
        more = true;
        break;
      case Stage::collecting: more = collect(); break;
      case Stage::delivering:
        deliver();
        if (block_valid_) break;
        if (blocks_left_ == 0) {
          acknowledge();
          more = true;
        } else if (error_) {
          stage_ = Stage::stuck;
        } else {
          compute();
          more = stage_ != Stage::computing;
        }
        break;
      case Stage::waiting_entropy:
      case Stage::computing:
      case Stage::stuck: break;
    }
  }
  advancing_ = false;
}

/// Takes additional data. False when the command now waits for more.
bool Csrng::collect() {
  while (data_left_ != 0 && !words_.empty()) {
    if (data_count_ < data_.size()) data_[data_count_++] = words_.front();
    words_.erase(words_.begin());
    --data_left_;
  }
  if (data_left_ != 0) return false;
  if (error_ || !supported()) {
    stage_ = Stage::stuck;
    return false;
  }
  const auto command = static_cast<Command>(command_);
  if ((command == Command::instantiate || command == Command::reseed) && flag0_ != multi_bit_true) {
    stage_ = Stage::waiting_entropy;
    set_bits(INTERRUPT_STATE::offset, INTERRUPT_STATE::CS_ENTROPY_REQ.mask());
    entropy_request.set(true);
    return stage_ != Stage::waiting_entropy && stage_ != Stage::computing;
  }
  compute();
  return stage_ != Stage::computing;
}

void Csrng::entropy(const std::array<uint32_t, 12>& bits, bool fips) {
  if (stage_ != Stage::waiting_entropy) return;
  seed_ = bits;
  seed_fips_ = fips;
  compute();
  entropy_request.set(false);
  advance();
}

void Csrng::compute() {
  stage_ = Stage::computing;
  if (profile_ == veer::TimingProfile::reference) return finish();
  const bool generating = command_ == static_cast<uint8_t>(Command::generate);
  const bool with_data = data_ != std::array<uint32_t, 12>{};
  unsigned cycles = command_cycles;
  if (generating) cycles += block_cycles;
  if (!generating || (first_block_ && with_data)) cycles += update_cycles;
  if (generating && blocks_left_ == 1) cycles += update_cycles;
  // They count from when the store of a command is decoded.
  clock_.schedule_at(done_, clock_.now() + cycles);
}

void Csrng::finish() {
  const auto command = static_cast<Command>(command_);
  apply(command);
  if (command == Command::generate) {
    stage_ = Stage::delivering;
  } else {
    acknowledge();
  }
  advance();
}

/// Changes the instance as the command says (csrng_ctr_drbg_cmd.sv, csrng_ctr_drbg_gen.sv).
void Csrng::apply(Command command) {
  const auto mixed = [this] {
    std::array<uint32_t, 12> words;
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = seed_[i] ^ data_[i];
    return to_bytes(words);
  };
  switch (command) {
    case Command::instantiate: drbg_ = {}; [[fallthrough]];
    case Command::reseed:
      drbg_.update(mixed());
      drbg_.reseed_counter = 1;
      drbg_.fips = seed_fips_;
      break;
    case Command::update: drbg_.update(to_bytes(data_)); break;
    case Command::uninstantiate: drbg_ = {}; return;
    case Command::generate: {
      // Additional data of nothing but zeros counts as none here, but not at the end.
      if (first_block_ && data_ != std::array<uint32_t, 12>{}) drbg_.update(to_bytes(data_));
      first_block_ = false;
      const crypto::AesBlock block = drbg_.generate_block();
      for (unsigned i = 0; i < block_words; ++i) block_[i] = word_of(block, i);
      block_valid_ = true;
      if (blocks_left_ == 1) {
        drbg_.update(to_bytes(data_));
        ++drbg_.reseed_counter;
      }
      if (blocks_left_ != 0) --blocks_left_;
      break;
    }
  }
  drbg_.instantiated = true;
}

/// Moves the block that is ready to where GENBITS reads it, if that is empty.
void Csrng::deliver() {
  if (!block_valid_ || output_left_ != 0) return;
  output_ = block_;
  output_left_ = block_words;
  output_fips_ = drbg_.fips;
  block_valid_ = false;
  const uint64_t low = output_[0] | uint64_t{output_[1]} << 32;
  if (last_bits_valid_ && low == last_bits_) {
    set_bits(RECOV_ALERT_STS::offset, RECOV_ALERT_STS::CS_BUS_CMP_ALERT.mask());
  }
  last_bits_ = low;
  last_bits_valid_ = true;
}

void Csrng::acknowledge() {
  stage_ = Stage::idle;
  set_bits(INTERRUPT_STATE::offset, INTERRUPT_STATE::CS_CMD_REQ_DONE.mask());
}

void Csrng::disable() {
  enabled_ = false;
  stage_ = Stage::idle;
  clock_.cancel(done_);
  entropy_request.set(false);
  words_.clear();
  command_ = 0;
  flag0_ = multi_bit_false;
  data_left_ = 0;
  drbg_ = {};
  block_valid_ = false;
  output_ = {};
  output_left_ = 0;
  output_fips_ = false;
  last_bits_valid_ = false;
  dump_instance_ = 0;
  dump_word_ = 0xf;
}

// Registers

bool Csrng::locked(uint8_t, const RegisterRef&, Agent) const { return stored(REGWEN::offset) == 0; }

uint32_t Csrng::main_state() const {
  if (error_) return main_error;
  switch (stage_) {
    case Stage::idle:
    case Stage::delivering: return main_idle;
    case Stage::collecting:
    case Stage::stuck: return main_parse_command;
    case Stage::waiting_entropy:
      return command_ == static_cast<uint8_t>(Command::instantiate) ? main_instantiate_prepare : main_reseed_prepare;
    case Stage::computing: return main_command_complete_wait;
  }
  return main_idle;
}

uint32_t Csrng::internal_state_word() const {
  if (dump_instance_ != software_instance) return 0;
  if (dump_word_ == 0) return drbg_.reseed_counter;
  if (dump_word_ <= 4) return word_of(drbg_.v, dump_word_ - 1U);
  if (dump_word_ <= 12) return word_of(drbg_.key, dump_word_ - 5U);
  if (dump_word_ == 13) return (drbg_.fips ? 2U : 0U) | (drbg_.instantiated ? 1U : 0U);
  return 0;
}

uint32_t Csrng::live(const RegisterRef& at, Agent) const {
  switch (at.base()) {
    case SW_CMD_STS::offset: return SW_CMD_STS::CMD_RDY.place(words_.size() < command_fifo_depth ? 1 : 0);
    case GENBITS_VLD::offset:
      return GENBITS_VLD::GENBITS_VLD_.place(output_left_ != 0 ? 1 : 0) |
             GENBITS_VLD::GENBITS_FIPS.place(output_fips_ ? 1 : 0);
    case GENBITS::offset:
      if (stored(CTRL::offset, CTRL::SW_APP_ENABLE) != multi_bit_true) return 0;
      return output_[output_left_ == 0 ? 0 : block_words - output_left_];
    case INT_STATE_VAL::offset: return internal_state_word();
    case MAIN_SM_STATE::offset: return main_state();
    default: return 0;
  }
}

void Csrng::after_read(const RegisterRef& at, Agent) {
  switch (at.base()) {
    case GENBITS::offset:
      if (output_left_ == 0) return;
      if (--output_left_ == 0) advance();
      return refresh();
    case INT_STATE_VAL::offset:
      if (!enabled_ || stored(CTRL::offset, CTRL::READ_INT_STATE) != multi_bit_true) return;
      dump_word_ = dump_word_ >= internal_state_words - 1 ? 0 : dump_word_ + 1;
      return;
    default: return;
  }
}

void Csrng::after_write(const RegisterRef& at, Agent agent, const RegisterWrite& write) {
  switch (at.base()) {
    case INTERRUPT_TEST::offset: set_bits(INTERRUPT_STATE::offset, write.written); break;
    case CTRL::offset:
      if (CTRL::ENABLE.get(write.after) != multi_bit_true) {
        disable();
      } else {
        enabled_ = true;
      }
      if (CTRL::READ_INT_STATE.get(write.after) != multi_bit_true) dump_word_ = 0xf;
      break;
    case CMD_REQ::offset: push_command(write.data); break;
    case INT_STATE_NUM::offset:
      if (!enabled_) break;
      dump_instance_ = static_cast<uint8_t>(write.after);
      if (stored(CTRL::offset, CTRL::READ_INT_STATE) == multi_bit_true) dump_word_ = 0;
      break;
    case HW_EXC_STS::offset: store(HW_EXC_STS::offset, 0); break;
    case ERR_CODE_TEST::offset:
      if (!locked(regwen_clear, at, agent)) test_error(write.after);
      break;
    default: break;
  }
  refresh();
}

/// Errors that only a broken circuit has; software can pretend them.
void Csrng::test_error(uint32_t code) {
  const bool fifo_error = code <= 15 || (code >= 28 && code <= 30);
  const bool machine_error = code >= 20 && code <= 26;
  if (!fifo_error && !machine_error) return;
  constexpr uint32_t counter_error = 26;
  if (enabled_ || code == counter_error) set_bits(ERR_CODE::offset, 1U << code);
  if (enabled_ || machine_error) set_bits(INTERRUPT_STATE::offset, INTERRUPT_STATE::CS_FATAL_ERR.mask());
  if (code != counter_error) return;
  error_ = true;
  if (stage_ == Stage::waiting_entropy) {
    stage_ = Stage::stuck;
    entropy_request.set(false);
  }
  advance();
}

/// What is set again as long as its cause lasts.
void Csrng::refresh() {
  uint32_t events = 0;
  if (entropy_request.level()) events |= INTERRUPT_STATE::CS_ENTROPY_REQ.mask();
  if (error_) {
    events |= INTERRUPT_STATE::CS_FATAL_ERR.mask();
    if (enabled_) set_bits(ERR_CODE::offset, ERR_CODE::MAIN_SM_ERR.mask());
  }
  set_bits(INTERRUPT_STATE::offset, events);

  uint32_t alerts = 0;
  const auto check = [&](const veer::Field& field, const veer::Field& alert) {
    if (multi_bit_invalid(stored(CTRL::offset, field))) alerts |= alert.mask();
  };
  check(CTRL::ENABLE, RECOV_ALERT_STS::ENABLE_FIELD_ALERT);
  check(CTRL::SW_APP_ENABLE, RECOV_ALERT_STS::SW_APP_ENABLE_FIELD_ALERT);
  check(CTRL::READ_INT_STATE, RECOV_ALERT_STS::READ_INT_STATE_FIELD_ALERT);
  if (multi_bit_invalid(flag0_)) alerts |= RECOV_ALERT_STS::ACMD_FLAG0_FIELD_ALERT.mask();
  const bool parsing = stage_ == Stage::collecting || stage_ == Stage::stuck;
  if (parsing && !error_ && !supported()) alerts |= RECOV_ALERT_STS::CS_MAIN_SM_ALERT.mask();
  set_bits(RECOV_ALERT_STS::offset, alerts);
}

void Csrng::reset(veer::Reset reset) {
  OpenTitanBlock::reset(reset);
  if (!veer::reaches(reset, veer::ResetDomain::noncore)) return;
  disable();
  error_ = false;
}

void Csrng::state(veer::StateStream& stream) {
  OpenTitanBlock::state(stream);
  stream.section("csrng flow", 1);
  bool requested = entropy_request.level();
  stream(requested);
  entropy_request.restore(requested);
  stream(enabled_);
  stream(error_);
  stream(stage_);
  stream.vector(words_, command_fifo_depth);
  stream(command_);
  stream(flag0_);
  stream(data_left_);
  stream(blocks_left_);
  stream(first_block_);
  stream(data_count_);
  stream(data_);
  stream(seed_);
  stream(seed_fips_);
  drbg_.state(stream);
  stream(block_valid_);
  stream(block_);
  stream(output_);
  stream(output_left_);
  stream(output_fips_);
  stream(last_bits_);
  stream(last_bits_valid_);
  stream(dump_instance_);
  stream(dump_word_);
  if (output_left_ > block_words || stage_ > Stage::stuck) {
    reset(veer::Reset::warm);
    stream.fail("csrng is in a state that it can't be in");
  }
}

}  // namespace caliptra
