// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/doe/doe.h"

#include <utility>

#include "iss/state_stream.h"
#include "peripherals/crypto/aes.h"
#include "peripherals/crypto/bytes.h"
#include "peripherals/doe/doe_regs.h"

namespace caliptra {

using namespace doe_regs;

namespace {

constexpr uint32_t decoded_size = 0x1000;
constexpr unsigned notif_cmd_done = 0;

// doe_fsm.sv: every result may be an HMAC key and an HMAC block.
constexpr uint8_t dest_valid = 0x3;

constexpr unsigned block_words = 4;
constexpr unsigned entry_words = 12;
constexpr unsigned uds_blocks = 3;
constexpr unsigned field_entropy_blocks = 2;

}  // namespace

DoeSecrets DoeSecrets::debug_mode() {
  DoeSecrets secrets;
  secrets.obf_key.fill(0xffff'ffff);
  secrets.obf_uds_seed.fill(0xffff'ffff);
  secrets.obf_field_entropy.fill(0xffff'ffff);
  return secrets;
}

Doe::Doe(Generation generation, veer::Clock& clock, const EngineTiming& timing, DoeConnections connections)
    : RegisterBlock("doe", table, caliptra::variant(generation), decoded_size),
      interrupts(*this),
      clock_(clock),
      timing_(timing),
      connections_(std::move(connections)),
      block_done_(clock.add_event("doe block", [this] { finish_blocks(); })),
      clear_done_(clock.add_event("doe clear secrets", [this] { clear_obf_secrets(); })) {}

Doe::Command Doe::command() const { return static_cast<Command>(stored(DOE_CTRL::offset, DOE_CTRL::CMD)); }

bool Doe::busy() const { return clock_.pending(block_done_); }

Doe::Block Doe::initial_vector() const {
  Block vector;
  for (unsigned word = 0; word < block_words; ++word) vector[word] = stored(DOE_IV::offset + 4 * word);
  return vector;
}

uint32_t Doe::live(const veer::RegisterRef& at, veer::Agent) const {
  if (at.base() != DOE_STATUS::offset) return 0;
  return DOE_STATUS::READY.place(!clock_.pending(block_done_) && !clock_.pending(clear_done_) && !held_);
}

void Doe::after_write(const veer::RegisterRef& at, veer::Agent, const veer::RegisterWrite& write) {
  if (interrupts.after_write(at, write)) return;
  if (held_) return clear_obf_secrets();
  switch (at.base()) {
    case DOE_IV::offset: chained_ = false; break;
    case DOE_CTRL::offset: on_control(); break;
    default: break;
  }
}

void Doe::on_control() {
  store(DOE_STATUS::offset, DOE_STATUS::VALID, 0);
  if (clock_.pending(clear_done_)) return;
  if (command() == Command::clear_obf_secrets) {
    clock_.cancel(block_done_);
    clock_.schedule_in(clear_done_, timing_[EngineOperation::doe_clear_secrets]);
    return;
  }
  if (command() == Command::idle || clock_.pending(block_done_)) return;
  const auto& done = command() == Command::uds ? DOE_STATUS::UDS_FLOW_DONE : DOE_STATUS::FE_FLOW_DONE;
  if (stored(DOE_STATUS::offset, done) != 0) return flow_done();
  dest_addr_ = static_cast<uint8_t>(stored(DOE_CTRL::offset, DOE_CTRL::DEST));
  block_offset_ = 0;
  start_block();
  const uint32_t key_expansion = timing_[EngineOperation::doe_field_entropy] - field_entropy_blocks * block_cycles();
  clock_.schedule_in(block_done_, key_expansion + block_cycles());
}

/// What the longer flow takes longer; 0 in a profile that knows no blocks.
uint32_t Doe::block_cycles() const {
  return timing_[EngineOperation::doe_uds] - timing_[EngineOperation::doe_field_entropy];
}

void Doe::start_block() {
  // The command is looked at block by block, as the RTL does: software may change it under way.
  const DoeSecrets secrets = connections_.secrets();
  const Block before = block_;
  for (unsigned word = 0; word < block_words; ++word) {
    const unsigned source = block_words * block_offset_ + word;
    block_[word] = 0;
    if (command() == Command::uds && source < secrets.obf_uds_seed.size()) {
      block_[word] = secrets.obf_uds_seed[source];
    } else if (command() == Command::field_entropy) {
      block_[word] = secrets.obf_field_entropy[source % secrets.obf_field_entropy.size()];
    }
  }
  chain_ = chained_ ? before : initial_vector();
  chained_ = true;
}

void Doe::finish_blocks() {
  while (!finish_block()) {
    start_block();
    if (block_cycles() == 0) continue;
    clock_.schedule_in(block_done_, block_cycles());
    return;
  }
}

/// True when the flow is done with it.
bool Doe::finish_block() {
  const auto key = crypto::big_endian_bytes(connections_.secrets().obf_key);
  const auto vector = crypto::big_endian_bytes(chained_ ? chain_ : initial_vector());
  auto text = crypto::big_endian_bytes(block_);
  if (!crypto::aes256_cbc_decrypt(key, vector, text, text)) return true;
  connections_.kv_write(dest_addr_, dest_write_offset_, dest_valid, crypto::big_endian_words(text));
  dest_write_offset_ = static_cast<uint8_t>((dest_write_offset_ + block_words) % entry_words);

  const unsigned last = (command() == Command::uds ? uds_blocks : field_entropy_blocks) - 1;
  if (block_offset_ == last) {
    flow_done();
    return true;
  }
  block_offset_ = (block_offset_ + 1) & 3;
  return false;
}

void Doe::flow_done() {
  if (command() == Command::uds) store(DOE_STATUS::offset, DOE_STATUS::UDS_FLOW_DONE, 1);
  if (command() == Command::field_entropy) store(DOE_STATUS::offset, DOE_STATUS::FE_FLOW_DONE, 1);
  store(DOE_CTRL::offset, DOE_CTRL::CMD, 0);
  store(DOE_STATUS::offset, DOE_STATUS::VALID, 1);
  interrupts.raise_notif(notif_cmd_done);
}

void Doe::clear_obf_secrets() {
  clear_internal();
  for (unsigned word = 0; word < block_words; ++word) store(DOE_IV::offset + 4 * word, 0);
  store(DOE_CTRL::offset, DOE_CTRL::CMD, 0);
  store(DOE_STATUS::offset, DOE_STATUS::VALID, 1);
  store(DOE_STATUS::offset, DOE_STATUS::DEOBF_SECRETS_CLEARED, 1);
  connections_.clear_obf_secrets();
}

void Doe::hold_cleared(bool level) {
  held_ = level;
  if (level) clear_obf_secrets();
}

void Doe::clear_internal() {
  clock_.cancel(block_done_);
  clock_.cancel(clear_done_);
  dest_addr_ = 0;
  dest_write_offset_ = 0;
  block_offset_ = 0;
  chained_ = false;
  chain_ = {};
  block_ = {};
}

void Doe::reset(veer::Reset reset) {
  RegisterBlock::reset(reset);
  if (veer::reaches(reset, veer::ResetDomain::noncore)) clear_internal();
  interrupts.update();
}

void Doe::state(veer::StateStream& stream) {
  RegisterBlock::state(stream);
  interrupts.state(stream);
  stream(dest_addr_);
  stream(dest_write_offset_);
  stream(block_offset_);
  stream(chained_);
  stream(chain_);
  stream(block_);
  stream(held_);
  if (stream.restoring()) {
    block_offset_ &= 3;
    dest_write_offset_ %= entry_words;
  }
}

}  // namespace caliptra
