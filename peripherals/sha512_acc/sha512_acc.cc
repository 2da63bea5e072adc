// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/sha512_acc/sha512_acc.h"

#include <algorithm>
#include <utility>

#include "iss/state_stream.h"
#include "peripherals/crypto/bytes.h"
#include "peripherals/crypto/sha2.h"
#include "peripherals/sha512_acc/sha512_acc_regs.h"

namespace caliptra {

using namespace sha512_acc_regs;

namespace {

constexpr unsigned event_command_done = 0;

// Bits of MODE.
constexpr uint32_t mode_sha512 = 1;
constexpr uint32_t mode_mailbox = 2;

constexpr uint32_t block_words = 32;
constexpr uint32_t block_bytes = 128;
constexpr uint32_t length_at = 112;  // in bytes: the padding's length field
constexpr uint32_t mailbox_words = 1U << 15;

constexpr uint32_t swapped(uint32_t word) {
  return word << 24 | (word & 0xff00) << 8 | (word >> 8 & 0xff00) | word >> 24;
}

}  // namespace

Sha512Accelerator::Sha512Accelerator(veer::Clock& clock, const EngineTiming& timing, Generation generation,
                                     ReadMailbox read_mailbox)
    : RegisterBlock("sha512_acc", table, caliptra::variant(generation), 0x1000),
      clock_(clock),
      timing_(timing),
      read_mailbox_(std::move(read_mailbox)),
      filled_(clock.add_event("sha512_acc first block read", [this] { advance(); })),
      core_done_(clock.add_event("sha512_acc block done", [this] {
        core_done();
        advance();
      })) {}

bool Sha512Accelerator::valid_user(veer::Agent agent) const {
  if (stored(LOCK::offset) == 0) return false;
  if (!soc_has_lock_) return agent != veer::Agent::soc;
  return agent == veer::Agent::soc && requesting_user_ == stored(USER::offset);
}

bool Sha512Accelerator::streaming() const {
  return soc_has_lock_ || (stored(MODE::offset, MODE::MODE_) & mode_mailbox) == 0;
}

uint32_t Sha512Accelerator::length() const { return stored(DLEN::offset); }

/// A block that ends in a partly used word is not full: the padding goes into it.
bool Sha512Accelerator::block_full() const { return (block_pointer_ & block_words) != 0 && bytes_written_ <= length(); }

/// Where reading ends, in words, modulo 2^16; bit 15 means the end of the memory (mbox_read_to_end).
uint32_t Sha512Accelerator::mailbox_end() const {
  const uint32_t start = stored(START_ADDRESS::offset) / 4 % mailbox_words;
  return (start + length() / 4 + (length() % 4 != 0 ? 1 : 0)) & 0xffff;
}

bool Sha512Accelerator::mailbox_read_done() const {
  const uint32_t end = mailbox_end();
  if ((end & mailbox_words) != 0) return (mailbox_pointer_ & mailbox_words) != 0;
  return mailbox_pointer_ % mailbox_words == end;
}

uint32_t Sha512Accelerator::live(const veer::RegisterRef& at, veer::Agent) const {
  if (at.base() != STATUS::offset) return 0;
  return STATUS::VALID.place(phase_ == Phase::done) | STATUS::SOC_HAS_LOCK.place(soc_has_lock_);
}

bool Sha512Accelerator::locked(uint8_t, const veer::RegisterRef&, veer::Agent agent) const {
  return !valid_user(agent);
}

void Sha512Accelerator::after_read(const veer::RegisterRef& at, veer::Agent agent) {
  if (at.base() != LOCK::offset || lock_held_) return;
  lock_held_ = true;
  soc_has_lock_ = agent == veer::Agent::soc;
  store(USER::offset, soc_has_lock_ ? requesting_user_ : core_user);
}

void Sha512Accelerator::after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) {
  switch (at.base()) {
    case LOCK::offset:
      if (write.set(LOCK::LOCK_)) release();
      return;
    case DATAIN::offset:
      if (valid_user(agent) && streaming()) data_in(write.data);
      return;
    case MODE::offset:
    case DLEN::offset:
    case EXECUTE::offset: return advance();
    case CONTROL::offset:
      if (write.set(CONTROL::ZEROIZE)) zeroize();
      return;
    default: interrupts.after_write(at, write);
  }
}

void Sha512Accelerator::data_in(uint32_t word) {
  // The RTL stalls the bus until the core has taken a full block. Here that time passes at once.
  if (block_full() && clock_.pending(core_done_)) {
    clock_.cancel(core_done_);
    core_done();
    advance();
  }
  if (block_full()) return;
  append(word);
  if (phase_ == Phase::idle) phase_ = Phase::block_0;
  advance();
}

void Sha512Accelerator::append(uint32_t word) {
  block_[block_pointer_ % block_words] = word;
  block_pointer_ = (block_pointer_ + 1) % (2 * block_words);
  bytes_written_ += 4;
}

/// Goes as far as it can without waiting for the core, the mailbox or the user.
void Sha512Accelerator::advance() {
  while (!clock_.pending(core_done_) && !clock_.pending(filled_) && step()) {
  }
}

/// One arc of the state machine; false if there is none to take.
bool Sha512Accelerator::step() {
  const bool execute = stored(EXECUTE::offset) != 0;
  switch (phase_) {
    case Phase::idle:
      if (streaming() || !execute) return false;
      begin_mailbox();
      return true;
    case Phase::block_0:
    case Phase::block_n: {
      if (!streaming()) read_mailbox_words();
      const bool first = phase_ == Phase::block_0;
      if (block_full()) {
        block_pointer_ = 0;
        phase_ = Phase::block_n;
      } else if (streaming() ? execute : mailbox_read_done()) {
        pad();
        phase_ = Phase::pad_0;
      } else {
        return false;
      }
      run_core(first);
      return true;
    }
    case Phase::pad_0:
      if (length() % block_bytes >= length_at) {
        block_.fill(0);
        put_length();
        phase_ = Phase::pad_1;
        run_core(false);
        return true;
      }
      [[fallthrough]];
    case Phase::pad_1:
      if (!digest_valid_) return false;
      phase_ = Phase::done;
      if (!soc_has_lock_) interrupts.raise_notif(event_command_done);
      return false;
    case Phase::done: return false;
  }
  return false;
}

void Sha512Accelerator::begin_mailbox() {
  phase_ = Phase::block_0;
  mailbox_pointer_ = stored(START_ADDRESS::offset) / 4 % mailbox_words;
  const uint32_t words = std::min(length() / 4 + (length() % 4 != 0 ? 1 : 0), block_words);
  const uint32_t cycles =
      timing_[EngineOperation::sha512_acc_start] + words * timing_[EngineOperation::sha512_acc_word];
  if (cycles != 0) clock_.schedule_in(filled_, cycles);
}

void Sha512Accelerator::read_mailbox_words() {
  const bool as_is = stored(MODE::offset, MODE::ENDIAN_TOGGLE) != 0;
  while (!block_full() && !mailbox_read_done()) {
    const uint32_t word = read_mailbox_(mailbox_pointer_ % mailbox_words);
    append(as_is ? word : swapped(word));
    mailbox_pointer_ = (mailbox_pointer_ + 1) & 0xffff;
  }
}

void Sha512Accelerator::pad() {
  const uint32_t used = length() % block_bytes;
  const uint32_t word = used / 4;
  const uint32_t shift = 8 * (used % 4);
  block_[word] = (block_[word] & ~(0xffff'ffffU >> shift)) | 0x8000'0000U >> shift;
  std::fill(block_.begin() + word + 1, block_.end(), 0);
  if (used < length_at) put_length();
}

void Sha512Accelerator::put_length() {
  const uint64_t bits = uint64_t{length()} * 8;
  block_[block_words - 2] = static_cast<uint32_t>(bits >> 32);
  block_[block_words - 1] = static_cast<uint32_t>(bits);
}

void Sha512Accelerator::run_core(bool first) {
  const bool sha512 = (stored(MODE::offset, MODE::MODE_) & mode_sha512) != 0;
  if (first) hash_ = sha512 ? crypto::sha512_initial : crypto::sha384_initial;
  crypto::sha512_compress(hash_, crypto::big_endian_bytes(block_));
  digest_valid_ = false;
  const uint32_t cycles = timing_[EngineOperation::sha512_acc_block];
  if (cycles == 0) return core_done();
  clock_.schedule_in(core_done_, cycles);
}

void Sha512Accelerator::core_done() {
  digest_valid_ = true;
  for (unsigned i = 0; i < 16; ++i) {
    store(DIGEST::offset + 4 * i, static_cast<uint32_t>(hash_[i / 2] >> (i % 2 == 0 ? 32 : 0)));
  }
}

void Sha512Accelerator::release() {
  lock_held_ = false;
  soc_has_lock_ = false;
  phase_ = Phase::idle;
  block_pointer_ = 0;
  bytes_written_ = 0;
  clock_.cancel(filled_);
  store(EXECUTE::offset, 0);
}

void Sha512Accelerator::zeroize() {
  hash_.fill(0);
  digest_valid_ = false;
  clock_.cancel(core_done_);
  advance();
}

void Sha512Accelerator::clear() {
  clock_.cancel(filled_);
  clock_.cancel(core_done_);
  lock_held_ = true;
  soc_has_lock_ = false;
  phase_ = Phase::idle;
  block_.fill(0);
  block_pointer_ = 0;
  bytes_written_ = 0;
  mailbox_pointer_ = 0;
  hash_.fill(0);
  digest_valid_ = false;
}

void Sha512Accelerator::reset(veer::Reset reset) {
  RegisterBlock::reset(reset);
  interrupts.update();
  if (veer::reaches(reset, veer::ResetDomain::noncore)) clear();
}

void Sha512Accelerator::state(veer::StateStream& stream) {
  RegisterBlock::state(stream);
  stream(requesting_user_);
  stream(lock_held_);
  stream(soc_has_lock_);
  stream(phase_);
  stream(block_);
  stream(block_pointer_);
  stream(bytes_written_);
  stream(mailbox_pointer_);
  stream(hash_);
  stream(digest_valid_);
  interrupts.state(stream);
}

}  // namespace caliptra
