// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/sha256/sha256.h"

#include <algorithm>

#include "iss/state_stream.h"
#include "peripherals/crypto/bytes.h"
#include "peripherals/crypto/sha2.h"
#include "peripherals/sha256/sha256_regs.h"

namespace caliptra {

using namespace sha256_regs;

namespace {

constexpr unsigned event_command_done = 0;
constexpr unsigned error_winternitz = 0;
constexpr unsigned error_two_commands = 1;

constexpr unsigned block_words = 16;
constexpr unsigned digest_words = 8;

// sha256_params_pkg.sv: "sha2-256" and "1.80", in the byte order of the hardware's constants.
constexpr uint32_t name_words[] = {0x6132'7368, 0x3536'2d32};
constexpr uint32_t version_words[] = {0x3830'312e, 0};

// Where things are in a chain's block, in bytes: I, q and i come first.
constexpr unsigned coefficient_at = 22;
constexpr unsigned value_at = 23;

/// The last coefficient that is hashed: 2^w - 2. A wrong w counts as 1 (wntz_iter).
unsigned last_coefficient(unsigned w) { return w == 2 || w == 4 || w == 8 ? (1U << w) - 2 : 0; }

}  // namespace

Sha256::Sha256(veer::Clock& clock, const EngineTiming& timing, Generation generation)
    : RegisterBlock("sha256", table, caliptra::variant(generation), 0x1000),
      clock_(clock),
      timing_(timing),
      generation_(generation),
      done_(clock.add_event("sha256 done", [this] { complete(); })) {}

bool Sha256::ready() const { return !clock_.pending(done_) && !chain_running_ && !held_; }

uint32_t Sha256::live(const veer::RegisterRef& at, veer::Agent) const {
  switch (at.base()) {
    case SHA256_NAME::offset: return name_words[at.element];
    case SHA256_VERSION::offset: return version_words[at.element];
    case SHA256_STATUS::offset:
      return SHA256_STATUS::READY.place(ready()) | SHA256_STATUS::VALID.place(valid_) |
             SHA256_STATUS::WNTZ_BUSY.place(chain_running_);
    default: return 0;
  }
}

bool Sha256::locked(uint8_t, const veer::RegisterRef&, veer::Agent) const {
  return generation_ != Generation::v1_0 && !ready();
}

void Sha256::after_write(const veer::RegisterRef& at, veer::Agent, const veer::RegisterWrite& write) {
  if (interrupts.after_write(at, write)) return;
  if (held_) return zeroize();
  if (at.base() == SHA256_CTRL::offset) control(write);
}

void Sha256::control(const veer::RegisterWrite& write) {
  const bool init = write.set(SHA256_CTRL::INIT);
  const bool next = write.set(SHA256_CTRL::NEXT);
  if (init && next && generation_ != Generation::v1_0) interrupts.raise_error(error_two_commands);

  // In RTL 1.0 the field does not exist, so it is never set; while busy it is never written.
  const bool chain = write.set(SHA256_CTRL::WNTZ_MODE);
  const unsigned last = last_coefficient(SHA256_CTRL::WNTZ_W.get(write.after));
  const unsigned coefficient = stored(SHA256_BLOCK::offset + 4 * (coefficient_at / 4)) >> 8 & 0xff;
  if (chain && coefficient > last) interrupts.raise_error(error_winternitz);

  if (write.set(SHA256_CTRL::ZEROIZE)) {
    zeroize();
    // The chain's own state machine starts all the same, and waits for ever.
    chain_running_ = chain_running_ || (chain && init && coefficient <= last);
    return;
  }
  if ((!init && !next) || !ready()) return;
  if (chain && init && coefficient <= last) return begin_chain(last);
  begin(init);
}

std::array<uint32_t, block_words> Sha256::block() const {
  std::array<uint32_t, block_words> words;
  for (unsigned i = 0; i < block_words; ++i) words[i] = stored(SHA256_BLOCK::offset + 4 * i);
  return words;
}

/// The core takes the block in with the command, so later writes to the registers don't matter, and the result can
/// be computed now.
void Sha256::begin(bool first) {
  const bool sha224 = stored(SHA256_CTRL::offset, SHA256_CTRL::MODE) == 0;
  if (first) hash_ = sha224 ? crypto::sha224_initial : crypto::sha256_initial;
  crypto::sha256_compress(hash_, crypto::big_endian_bytes(block()));
  digest_words_ = sha224 && generation_ != Generation::v1_0 ? 7 : 8;
  valid_ = false;
  clock_.schedule_in(done_, timing_[EngineOperation::sha256_block]);
}

void Sha256::begin_chain(unsigned last) {
  const uint32_t control = stored(SHA256_CTRL::offset);
  const unsigned w = SHA256_CTRL::WNTZ_W.get(control);
  const bool sha224 = SHA256_CTRL::MODE.get(control) == 0;
  if (sha224 || (w != 1 && w != 2 && w != 4 && w != 8)) interrupts.raise_error(error_winternitz);

  auto bytes = crypto::big_endian_bytes(block());
  unsigned coefficient = bytes[coefficient_at];
  hash_ = sha224 ? crypto::sha224_initial : crypto::sha256_initial;
  crypto::sha256_compress(hash_, bytes);

  // From the second hash on, the hardware makes the block.
  digest_words_ = SHA256_CTRL::WNTZ_N_MODE.get(control) != 0 ? 8 : 6;
  const unsigned size = 4 * digest_words_;
  const unsigned bits = 8 * (value_at + size);
  std::fill(bytes.begin() + value_at, bytes.end(), uint8_t{0});
  bytes[value_at + size] = 0x80;
  bytes[62] = static_cast<uint8_t>(bits >> 8);
  bytes[63] = static_cast<uint8_t>(bits);
  uint32_t cycles = timing_[EngineOperation::sha256_block];
  while (coefficient < last) {
    bytes[coefficient_at] = static_cast<uint8_t>(++coefficient);
    const auto value = crypto::big_endian_bytes(hash_);
    std::copy_n(value.begin(), size, bytes.begin() + value_at);
    hash_ = crypto::sha256_initial;
    crypto::sha256_compress(hash_, bytes);
    cycles += timing_[EngineOperation::sha256_winternitz_next];
  }
  valid_ = false;
  chain_running_ = true;
  clock_.schedule_in(done_, cycles);
}

void Sha256::complete() {
  chain_running_ = false;
  valid_ = true;
  for (unsigned i = 0; i < digest_words; ++i) {
    store(SHA256_DIGEST::offset + 4 * i, i < digest_words_ ? hash_[i] : 0);
  }
  interrupts.raise_notif(event_command_done);
}

void Sha256::clear() {
  clock_.cancel(done_);
  hash_.fill(0);
  valid_ = false;
}

void Sha256::zeroize() {
  clear();
  for (unsigned i = 0; i < block_words; ++i) store(SHA256_BLOCK::offset + 4 * i, 0);
  for (unsigned i = 0; i < digest_words; ++i) store(SHA256_DIGEST::offset + 4 * i, 0);
}

void Sha256::hold_zeroized(bool level) {
  held_ = level;
  if (level) zeroize();
}

void Sha256::reset(veer::Reset reset) {
  RegisterBlock::reset(reset);
  interrupts.update();
  if (!veer::reaches(reset, veer::ResetDomain::noncore)) return;
  clear();
  chain_running_ = false;
}

void Sha256::state(veer::StateStream& stream) {
  RegisterBlock::state(stream);
  stream(hash_);
  stream(digest_words_);
  stream(valid_);
  stream(chain_running_);
  stream(held_);
  interrupts.state(stream);
}

}  // namespace caliptra
