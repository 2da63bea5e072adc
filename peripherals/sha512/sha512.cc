// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/sha512/sha512.h"

#include <algorithm>

#include "iss/state_stream.h"
#include "peripherals/crypto/bytes.h"
#include "peripherals/crypto/sha2.h"
#include "peripherals/sha512/sha512_regs.h"

namespace caliptra {

using namespace sha512_regs;

namespace {

constexpr unsigned mode_512_224 = 0;
constexpr unsigned mode_512_256 = 1;
constexpr unsigned mode_384 = 2;

constexpr unsigned event_command_done = 0;

// sha512_params_pkg.sv: "sha2-512" and "0.80", in the byte order of the hardware's constants.
constexpr uint32_t name_words[] = {0x6132'7368, 0x3132'2d35};
constexpr uint32_t version_words[] = {0x3830'302e, 0};

constexpr unsigned pcr_count = 32;
constexpr unsigned pcr_words = 12;
constexpr unsigned nonce_words = 8;
constexpr unsigned block_words = 32;

const crypto::Sha512State& initial(unsigned mode) {
  switch (mode) {
    case mode_512_224: return crypto::sha512_224_initial;
    case mode_512_256: return crypto::sha512_256_initial;
    case mode_384: return crypto::sha384_initial;
    default: return crypto::sha512_initial;
  }
}

/// How many words of the digest a mode has; the others read 0 (get_mask).
unsigned digest_words(unsigned mode) {
  switch (mode) {
    case mode_512_224: return 7;
    case mode_512_256: return 8;
    case mode_384: return 12;
    default: return 16;
  }
}

}  // namespace

Sha512::Sha512(veer::Clock& clock, const EngineTiming& timing, Generation generation, KeyVaultPort& key_vault,
               PcrVaultPort& pcr_vault)
    : RegisterBlock("sha512", table, caliptra::variant(generation), 0x1000),
      clock_(clock),
      timing_(timing),
      generation_(generation),
      key_vault_(key_vault),
      pcr_vault_(pcr_vault),
      done_(clock.add_event("sha512 block done", [this] { complete(); })),
      pcr_hash_start_(clock.add_event("sha512 PCR hash block filled", [this] { begin_pcr_hash_block(); })),
      read_done_(clock.add_event("sha512 vault read",
                                 [this] { store(SHA512_VAULT_RD_STATUS::offset, SHA512_VAULT_RD_STATUS::VALID, 1); })),
      write_done_(clock.add_event("sha512 vault write", [this] { end_vault_write(); })) {}

unsigned Sha512::mode() const { return pcr_hash_running_ ? mode_384 : stored(SHA512_CTRL::offset, SHA512_CTRL::MODE); }

bool Sha512::vault_read_busy() const { return read_never_ends_ || clock_.pending(read_done_); }

uint32_t Sha512::live(const veer::RegisterRef& at, veer::Agent) const {
  switch (at.base()) {
    case SHA512_NAME::offset: return name_words[at.element];
    case SHA512_VERSION::offset: return version_words[at.element];
    case SHA512_STATUS::offset:
      return SHA512_STATUS::READY.place(!busy_ && !held_) | SHA512_STATUS::VALID.place(valid_);
    case SHA512_VAULT_RD_STATUS::offset:
      return SHA512_VAULT_RD_STATUS::READY.place(!vault_read_busy()) |
             SHA512_VAULT_RD_STATUS::ERROR.place(static_cast<uint32_t>(read_error_));
    case SHA512_KV_WR_STATUS::offset:
      return SHA512_KV_WR_STATUS::READY.place(!clock_.pending(write_done_)) |
             SHA512_KV_WR_STATUS::ERROR.place(static_cast<uint32_t>(write_error_));
    case SHA512_GEN_PCR_HASH_STATUS::offset:
      return SHA512_GEN_PCR_HASH_STATUS::READY.place(!pcr_hash_running_ && !pcr_hash_extend_ && !busy_ && !held_);
    default: return 0;
  }
}

bool Sha512::locked(uint8_t, const veer::RegisterRef& at, veer::Agent) const {
  return pcr_hash_running_ || (block_locks_ >> at.element & 1) != 0;
}

void Sha512::after_write(const veer::RegisterRef& at, veer::Agent, const veer::RegisterWrite& write) {
  if (held_) {
    if (!interrupts.after_write(at, write)) write_while_held(at, write);
    return;
  }
  switch (at.base()) {
    case SHA512_CTRL::offset: return control(write);
    case SHA512_VAULT_RD_CTRL::offset:
      if (write.set(SHA512_VAULT_RD_CTRL::read_en)) begin_vault_read(write);
      return;
    case SHA512_KV_WR_CTRL::offset:
      if (!write.set(SHA512_KV_WR_CTRL::write_en)) return;
      store(SHA512_KV_WR_STATUS::offset, SHA512_KV_WR_STATUS::VALID, 0);
      if (clock_.pending(write_done_)) store(at.offset(), SHA512_KV_WR_CTRL::write_en, 0);
      return;
    case SHA512_GEN_PCR_HASH_CTRL::offset:
      if (!write.set(SHA512_GEN_PCR_HASH_CTRL::START)) return;
      store(SHA512_GEN_PCR_HASH_STATUS::offset, SHA512_GEN_PCR_HASH_STATUS::VALID, 0);
      if (pcr_hash_running_) return;
      pcr_hash_running_ = true;
      pcr_hash_block_ = 0;
      // With the core still busy, its end starts the first block.
      if (!busy_) clock_.schedule_in(pcr_hash_start_, timing_[EngineOperation::pcr_hash_start]);
      return;
    default: interrupts.after_write(at, write);
  }
}

/// The vault clients stay where they are: what is asked of them waits, and only takes VALID back. GEN_PCR_HASH begins,
/// and waits for the core.
void Sha512::write_while_held(const veer::RegisterRef& at, const veer::RegisterWrite& write) {
  switch (at.base()) {
    case SHA512_VAULT_RD_CTRL::offset:
      if (write.set(SHA512_VAULT_RD_CTRL::read_en)) {
        store(SHA512_VAULT_RD_STATUS::offset, SHA512_VAULT_RD_STATUS::VALID, 0);
      }
      return;
    case SHA512_KV_WR_CTRL::offset:
      if (write.set(SHA512_KV_WR_CTRL::write_en)) {
        store(SHA512_KV_WR_STATUS::offset, SHA512_KV_WR_STATUS::VALID, 0);
      }
      return;
    case SHA512_GEN_PCR_HASH_CTRL::offset:
      if (!write.set(SHA512_GEN_PCR_HASH_CTRL::START)) return;
      store(SHA512_GEN_PCR_HASH_STATUS::offset, SHA512_GEN_PCR_HASH_STATUS::VALID, 0);
      pcr_hash_running_ = true;
      return;
    default: zeroize();
  }
}

void Sha512::control(const veer::RegisterWrite& write) {
  if (write.set(SHA512_CTRL::ZEROIZE)) return zeroize();
  const bool init = write.set(SHA512_CTRL::INIT);
  if (!init && !write.set(SHA512_CTRL::NEXT)) return;
  if (pcr_hash_running_ || (generation_ != Generation::v1_0 && vault_read_busy())) return;
  block_locks_ = 0;
  if (!busy_) begin(init, mode(), timing_[EngineOperation::sha512_block]);
}

/// Starts the core on the block registers. The core takes the block in with the command, so later writes to the
/// registers don't matter, and the result can be computed now.
void Sha512::begin(bool first, unsigned mode, uint32_t cycles) {
  std::array<uint32_t, block_words> words;
  for (unsigned i = 0; i < block_words; ++i) words[i] = stored(SHA512_BLOCK::offset + 4 * i);
  if (first) hash_ = initial(mode);
  crypto::sha512_compress(hash_, crypto::big_endian_bytes(words));
  busy_ = true;
  valid_ = false;
  if (cycles == 0) return complete();
  clock_.schedule_in(done_, cycles);
}

void Sha512::complete() {
  busy_ = false;
  valid_ = true;
  std::array<uint32_t, 16> digest{};
  for (unsigned i = 0; i < digest_words(mode()); ++i) {
    digest[i] = static_cast<uint32_t>(hash_[i / 2] >> (i % 2 == 0 ? 32 : 0));
  }

  const bool write_enabled = pcr_hash_extend_ || stored(SHA512_KV_WR_CTRL::offset, SHA512_KV_WR_CTRL::write_en) != 0;
  if (write_enabled || read_data_present_) {
    std::copy_n(digest.begin(), vault_digest_.size(), vault_digest_.begin());
  } else {
    for (unsigned i = 0; i < digest.size(); ++i) store(SHA512_DIGEST::offset + 4 * i, digest[i]);
  }

  // A block that software started before the PCR hash is not the last one of that.
  const bool pcr_hash_block_done = pcr_hash_running_ && pcr_hash_block_ > 0;
  const bool last =
      pcr_hash_running_ ? pcr_hash_block_ > last_pcr_hash_block : stored(SHA512_CTRL::offset, SHA512_CTRL::LAST) != 0;
  store(SHA512_CTRL::offset, SHA512_CTRL::LAST, 0);
  interrupts.raise_notif(event_command_done);

  if (last) {
    if (read_data_present_) {
      for (unsigned i = 0; i < block_words; ++i) store(SHA512_BLOCK::offset + 4 * i, 0);
      read_data_present_ = false;
    }
    if (write_enabled) begin_vault_write();
    if (pcr_hash_block_done) end_pcr_hash();
  } else if (pcr_hash_running_) {
    begin_pcr_hash_block();
  }
}

/// Fills the block registers with the next part of all PCRs, the nonce and the padding, and hashes them.
void Sha512::begin_pcr_hash_block() {
  constexpr unsigned pcr_end = pcr_count * pcr_words;
  constexpr unsigned nonce_end = pcr_end + nonce_words;
  constexpr unsigned total = block_words * (last_pcr_hash_block + 1);
  VaultData pcr;
  for (unsigned i = 0; i < block_words; ++i) {
    const unsigned word = block_words * pcr_hash_block_ + i;
    uint32_t value = 0;
    if (word < pcr_end) {
      if (i == 0 || word % pcr_words == 0) pcr = pcr_vault_.read_pcr(word / pcr_words);
      value = pcr.words[word % pcr_words];
    } else if (word < nonce_end) {
      // The nonce goes in last word first.
      value = stored(SHA512_GEN_PCR_HASH_NONCE::offset + 4 * (nonce_end - 1 - word));
    } else if (word == nonce_end) {
      value = 0x8000'0000;
    } else if (word == total - 1) {
      value = 32 * nonce_end;
    }
    store(SHA512_BLOCK::offset + 4 * i, value);
  }
  block_locks_ = all_block_words;
  const bool first = pcr_hash_block_++ == 0;
  begin(first, mode_384, timing_[EngineOperation::pcr_hash_block]);
}

void Sha512::end_pcr_hash() {
  for (unsigned i = 0; i < pcr_words; ++i) {
    store(SHA512_GEN_PCR_HASH_DIGEST::offset + 4 * i, static_cast<uint32_t>(hash_[i / 2] >> (i % 2 == 0 ? 32 : 0)));
  }
  store(SHA512_GEN_PCR_HASH_STATUS::offset, SHA512_GEN_PCR_HASH_STATUS::VALID, 1);
  pcr_hash_running_ = false;
  if (on_pcr_hash) on_pcr_hash(pcr_hash());
}

Sha512::Digest Sha512::pcr_hash() const {
  Digest digest;
  for (unsigned i = 0; i < digest.size(); ++i) digest[i] = stored(SHA512_GEN_PCR_HASH_DIGEST::offset + 4 * i);
  return digest;
}

void Sha512::begin_vault_read(const veer::RegisterWrite& write) {
  const bool extend = write.set(SHA512_VAULT_RD_CTRL::pcr_hash_extend);
  const uint32_t entry = SHA512_VAULT_RD_CTRL::read_entry.get(write.after);
  store(SHA512_VAULT_RD_CTRL::offset, SHA512_VAULT_RD_CTRL::read_en, 0);
  store(SHA512_VAULT_RD_STATUS::offset, SHA512_VAULT_RD_STATUS::VALID, 0);
  if (extend) {
    pcr_hash_extend_ = true;
    hash_extend_entry_ = entry;
  } else {
    read_data_present_ = true;
  }
  if (vault_read_busy()) return;

  // The words trickle in while the read lasts, but nobody can look at them or use them until it ends.
  read_error_ = VaultError::success;
  if (extend) {
    const VaultData pcr = pcr_vault_.read_pcr(entry);
    for (unsigned i = 0; i < pcr_words; ++i) store(SHA512_BLOCK::offset + 4 * i, pcr.words[i]);
    block_locks_ |= (1U << pcr_words) - 1;
  } else if (pcr_hash_extend_) {
    fill_block(pcr_vault_.read_pcr(entry), pcr_words);
    block_locks_ = all_block_words;
  } else if (generation_ == Generation::v1_0) {
    const VaultData key = key_vault_.read_key(entry, KeyUse::sha_block);
    read_error_ = key.error;
    fill_block(key, std::clamp(key.count, 1U, pcr_words));
  } else {
    const uint32_t word = pcr_vault_.read_pcr(0).words[0];
    for (unsigned i = 0; i < block_words; ++i) store(SHA512_BLOCK::offset + 4 * i, word);
    block_locks_ = all_block_words;
    read_never_ends_ = true;
    return;
  }
  clock_.schedule_in(read_done_, timing_[EngineOperation::key_vault_read]);
}

/// `count` words, padded to a whole message.
void Sha512::fill_block(const VaultData& data, unsigned count) {
  for (unsigned i = 0; i < block_words; ++i) {
    const uint32_t padding = i == count ? 0x8000'0000 : i == block_words - 1 ? 32 * count : 0;
    store(SHA512_BLOCK::offset + 4 * i, i < count ? data.words[i] : padding);
  }
}

void Sha512::begin_vault_write() {
  store(SHA512_KV_WR_CTRL::offset, SHA512_KV_WR_CTRL::write_en, 0);
  if (clock_.pending(write_done_)) return;
  const uint32_t cycles =
      timing_[pcr_hash_extend_ ? EngineOperation::pcr_vault_write : EngineOperation::key_vault_write];
  if (cycles == 0) return end_vault_write();
  clock_.schedule_in(write_done_, cycles);
}

void Sha512::end_vault_write() {
  const uint32_t control = stored(SHA512_KV_WR_CTRL::offset);
  write_error_ = VaultError::success;
  if (pcr_hash_extend_) {
    write_error_ = pcr_vault_.write_pcr(hash_extend_entry_, vault_digest_);
    pcr_hash_extend_ = false;
  } else if (generation_ == Generation::v1_0) {
    const auto uses = static_cast<uint8_t>(control >> SHA512_KV_WR_CTRL::hmac_key_dest_valid.lsb & 0x1f);
    write_error_ = key_vault_.write_key(SHA512_KV_WR_CTRL::write_entry.get(control), uses, vault_digest_);
  }
  store(SHA512_KV_WR_STATUS::offset, SHA512_KV_WR_STATUS::VALID, 1);
}

void Sha512::cut_off_vault_write() {
  if (!clock_.pending(write_done_)) return;
  const std::size_t delivered = vault_words_delivered(pcr_words, clock_.deadline(write_done_) - clock_.now());
  if (delivered == pcr_words) return end_vault_write();
  const auto words = std::span(vault_digest_).first(delivered);
  if (pcr_hash_extend_) {
    pcr_vault_.write_pcr(hash_extend_entry_, words);
  } else if (generation_ == Generation::v1_0) {
    key_vault_.write_key(stored(SHA512_KV_WR_CTRL::offset, SHA512_KV_WR_CTRL::write_entry), 0, words);
  }
}

void Sha512::clear() {
  hash_.fill(0);
  vault_digest_.fill(0);
  busy_ = false;
  valid_ = false;
  read_data_present_ = false;
  read_never_ends_ = false;
  read_error_ = VaultError::success;
  write_error_ = VaultError::success;
}

void Sha512::zeroize() {
  cut_off_vault_write();
  const bool interrupted = busy_;
  clear();
  clock_.cancel(done_);
  clock_.cancel(read_done_);
  clock_.cancel(write_done_);
  for (unsigned i = 0; i < 16; ++i) store(SHA512_DIGEST::offset + 4 * i, 0);
  for (unsigned i = 0; i < pcr_words; ++i) store(SHA512_GEN_PCR_HASH_DIGEST::offset + 4 * i, 0);
  for (unsigned i = 0; i < block_words; ++i) {
    if ((block_locks_ >> i & 1) == 0) store(SHA512_BLOCK::offset + 4 * i, 0);
  }
  if (on_pcr_hash) on_pcr_hash(pcr_hash());
  // ZEROIZE does not reach pv_gen_hash: it goes on with its next block, or waits for its last for ever.
  if (interrupted && !held_ && pcr_hash_running_ && pcr_hash_block_ <= last_pcr_hash_block) begin_pcr_hash_block();
}

void Sha512::hold_zeroized(bool level) {
  held_ = level;
  if (!level) return;
  clock_.cancel(pcr_hash_start_);
  zeroize();
}

void Sha512::cancel_events() {
  for (const veer::Clock::Slot slot : {done_, pcr_hash_start_, read_done_, write_done_}) clock_.cancel(slot);
}

void Sha512::reset(veer::Reset reset) {
  if (reset == veer::Reset::warm) cut_off_vault_write();
  RegisterBlock::reset(reset);
  interrupts.update();
  if (!veer::reaches(reset, veer::ResetDomain::noncore)) return;
  cancel_events();
  clear();
  block_locks_ = 0;
  pcr_hash_extend_ = false;
  hash_extend_entry_ = 0;
  pcr_hash_running_ = false;
  pcr_hash_block_ = 0;
  if (on_pcr_hash) on_pcr_hash(pcr_hash());
}

void Sha512::state(veer::StateStream& stream) {
  RegisterBlock::state(stream);
  stream(hash_);
  stream(busy_);
  stream(valid_);
  stream(vault_digest_);
  stream(block_locks_);
  stream(pcr_hash_extend_);
  stream(hash_extend_entry_);
  stream(read_data_present_);
  stream(read_never_ends_);
  stream(read_error_);
  stream(write_error_);
  stream(pcr_hash_running_);
  stream(pcr_hash_block_);
  stream(held_);
  interrupts.state(stream);
}

}  // namespace caliptra
