// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/hmac384/hmac384.h"

#include <algorithm>

#include "iss/state_stream.h"
#include "peripherals/crypto/bytes.h"
#include "peripherals/crypto/sha2.h"
#include "peripherals/hmac384/hmac384_regs.h"

namespace caliptra {

using namespace hmac384_regs;

namespace {

constexpr unsigned event_command_done = 0;
constexpr unsigned key_words = 12;
constexpr unsigned tag_words = 12;
constexpr unsigned block_words = 32;

// hmac_param_pkg.sv: "hmacsha2" and "1.00", in the byte order of the hardware's constants.
constexpr uint32_t name_words[] = {0x6163'686d, 0x6132'7368};
constexpr uint32_t version_words[] = {0x3030'312e, 0};

using Block = std::array<uint32_t, block_words>;

void compress(crypto::Sha512State& state, const Block& block) {
  crypto::sha512_compress(state, crypto::big_endian_bytes(block));
}

/// The state after the key's block, of the inner (0x36) or the outer hash (0x5c).
crypto::Sha512State keyed(const std::array<uint32_t, key_words>& key, uint32_t pad) {
  Block block;
  block.fill(0x0101'0101 * pad);
  for (unsigned i = 0; i < key_words; ++i) block[i] ^= key[i];
  crypto::Sha512State state = crypto::sha384_initial;
  compress(state, block);
  return state;
}

std::array<uint32_t, tag_words> digest(const crypto::Sha512State& state) {
  std::array<uint32_t, tag_words> words;
  for (unsigned i = 0; i < tag_words; ++i) words[i] = static_cast<uint32_t>(state[i / 2] >> (i % 2 == 0 ? 32 : 0));
  return words;
}

}  // namespace

Hmac384::Hmac384(veer::Clock& clock, const EngineTiming& timing, Generation generation, KeyVaultPort& key_vault)
    : RegisterBlock("hmac384", table, caliptra::variant(generation), 0x1000),
      clock_(clock),
      timing_(timing),
      generation_(generation),
      key_vault_(key_vault),
      done_(clock.add_event("hmac384 done", [this] { complete(); })),
      key_read_done_(clock.add_event("hmac384 key read",
                                     [this] {
                                       store(HMAC384_KV_RD_KEY_STATUS::offset, HMAC384_KV_RD_KEY_STATUS::VALID, 1);
                                       update_busy();
                                     })),
      block_read_done_(clock.add_event("hmac384 block read",
                                       [this] {
                                         store(HMAC384_KV_RD_BLOCK_STATUS::offset, HMAC384_KV_RD_BLOCK_STATUS::VALID,
                                               1);
                                         update_busy();
                                       })),
      write_done_(clock.add_event("hmac384 tag write", [this] { end_vault_write(); })) {}

uint32_t Hmac384::live(const veer::RegisterRef& at, veer::Agent) const {
  switch (at.base()) {
    case HMAC384_NAME::offset: return name_words[at.element];
    case HMAC384_VERSION::offset: return version_words[at.element];
    case HMAC384_STATUS::offset:
      return HMAC384_STATUS::READY.place(!clock_.pending(done_) && !held_) | HMAC384_STATUS::VALID.place(valid_);
    case HMAC384_KV_RD_KEY_STATUS::offset:
      return HMAC384_KV_RD_KEY_STATUS::READY.place(!clock_.pending(key_read_done_)) |
             HMAC384_KV_RD_KEY_STATUS::ERROR.place(static_cast<uint32_t>(key_error_));
    case HMAC384_KV_RD_BLOCK_STATUS::offset:
      return HMAC384_KV_RD_BLOCK_STATUS::READY.place(!clock_.pending(block_read_done_)) |
             HMAC384_KV_RD_BLOCK_STATUS::ERROR.place(static_cast<uint32_t>(block_error_));
    case HMAC384_KV_WR_STATUS::offset:
      return HMAC384_KV_WR_STATUS::READY.place(!clock_.pending(write_done_)) |
             HMAC384_KV_WR_STATUS::ERROR.place(static_cast<uint32_t>(write_error_));
    default: return 0;
  }
}

bool Hmac384::locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent) const {
  if (generation_ == Generation::v1_0) return false;
  if (lock == key_locked) return key_present_ || key_error_ == VaultError::read_fail;
  return (block_locks_ >> at.element & 1) != 0 || block_error_ == VaultError::read_fail;
}

void Hmac384::after_write(const veer::RegisterRef& at, veer::Agent, const veer::RegisterWrite& write) {
  if (held_) {
    if (!interrupts.after_write(at, write)) write_while_held(at, write);
    return;
  }
  switch (at.base()) {
    case HMAC384_CTRL::offset: return control(write);
    case HMAC384_KV_RD_KEY_CTRL::offset:
      if (write.set(HMAC384_KV_RD_KEY_CTRL::read_en)) begin_key_read();
      return;
    case HMAC384_KV_RD_BLOCK_CTRL::offset:
      if (!write.set(HMAC384_KV_RD_BLOCK_CTRL::read_en)) return;
      begin_block_read(write.set(HMAC384_KV_RD_BLOCK_CTRL::pcr_hash_extend));
      return;
    case HMAC384_KV_WR_CTRL::offset:
      if (!write.set(HMAC384_KV_WR_CTRL::write_en)) return;
      store(HMAC384_KV_WR_STATUS::offset, HMAC384_KV_WR_STATUS::VALID, 0);
      if (clock_.pending(write_done_)) store(at.offset(), HMAC384_KV_WR_CTRL::write_en, 0);
      return;
    default: interrupts.after_write(at, write);
  }
}

/// The vault clients stay where they are: what is asked of them waits, and only takes VALID back.
void Hmac384::write_while_held(const veer::RegisterRef& at, const veer::RegisterWrite& write) {
  switch (at.base()) {
    case HMAC384_KV_RD_KEY_CTRL::offset:
      if (write.set(HMAC384_KV_RD_KEY_CTRL::read_en)) {
        store(HMAC384_KV_RD_KEY_STATUS::offset, HMAC384_KV_RD_KEY_STATUS::VALID, 0);
      }
      return;
    case HMAC384_KV_RD_BLOCK_CTRL::offset:
      if (write.set(HMAC384_KV_RD_BLOCK_CTRL::read_en)) {
        store(HMAC384_KV_RD_BLOCK_STATUS::offset, HMAC384_KV_RD_BLOCK_STATUS::VALID, 0);
      }
      return;
    case HMAC384_KV_WR_CTRL::offset:
      if (write.set(HMAC384_KV_WR_CTRL::write_en)) {
        store(HMAC384_KV_WR_STATUS::offset, HMAC384_KV_WR_STATUS::VALID, 0);
      }
      return;
    default: zeroize();
  }
}

void Hmac384::control(const veer::RegisterWrite& write) {
  if (write.set(HMAC384_CTRL::ZEROIZE)) return zeroize();
  const bool next = write.set(HMAC384_CTRL::NEXT);
  if (!next && !write.set(HMAC384_CTRL::INIT)) return;
  const bool reading = clock_.pending(key_read_done_) || clock_.pending(block_read_done_);
  if (generation_ != Generation::v1_0 && reading) return;
  block_locks_ = 0;
  if (!clock_.pending(done_)) begin(!next);
}

void Hmac384::begin(bool first) {
  std::array<uint32_t, key_words> key;
  for (unsigned i = 0; i < key_words; ++i) key[i] = stored(HMAC384_KEY::offset + 4 * i);
  Block block;
  for (unsigned i = 0; i < block_words; ++i) block[i] = stored(HMAC384_BLOCK::offset + 4 * i);

  if (first) inner_ = keyed(key, 0x36);
  compress(inner_, block);

  Block outer_block{};
  std::ranges::copy(digest(inner_), outer_block.begin());
  outer_block[tag_words] = 0x8000'0000;
  outer_block[block_words - 1] = 32 * (block_words + tag_words);
  crypto::Sha512State outer = keyed(key, 0x5c);
  compress(outer, outer_block);
  tag_ = digest(outer);

  valid_ = false;
  clock_.schedule_in(done_, timing_[first ? EngineOperation::hmac384_init : EngineOperation::hmac384_next]);
  update_busy();
}

void Hmac384::complete() {
  valid_ = true;
  interrupts.raise_notif(event_command_done);
  const bool write_enabled = stored(HMAC384_KV_WR_CTRL::offset, HMAC384_KV_WR_CTRL::write_en) != 0;
  if (write_enabled || data_present_) {
    vault_tag_ = tag_;
  } else {
    for (unsigned i = 0; i < tag_words; ++i) store(HMAC384_TAG::offset + 4 * i, tag_[i]);
  }
  if (data_present_) {
    store_all(HMAC384_KEY::offset, key_words, 0);
    store_all(HMAC384_BLOCK::offset, block_words, 0);
    data_present_ = false;
    key_present_ = false;
  }
  if (write_enabled) {
    store(HMAC384_KV_WR_CTRL::offset, HMAC384_KV_WR_CTRL::write_en, 0);
    if (!clock_.pending(write_done_)) clock_.schedule_in(write_done_, timing_[EngineOperation::key_vault_write]);
  }
  update_busy();
}

void Hmac384::begin_key_read() {
  store(HMAC384_KV_RD_KEY_CTRL::offset, HMAC384_KV_RD_KEY_CTRL::read_en, 0);
  store(HMAC384_KV_RD_KEY_STATUS::offset, HMAC384_KV_RD_KEY_STATUS::VALID, 0);
  key_present_ = true;
  data_present_ = true;
  if (clock_.pending(key_read_done_)) return;

  // The words trickle in while the read lasts, but nobody can look at them or use them until it ends.
  const uint32_t entry = stored(HMAC384_KV_RD_KEY_CTRL::offset, HMAC384_KV_RD_KEY_CTRL::read_entry);
  const VaultData key = key_vault_.read_key(entry, KeyUse::hmac_key);
  key_error_ = key.error;
  for (unsigned i = 0; i < key_words; ++i) store(HMAC384_KEY::offset + 4 * i, key.words[i]);
  clock_.schedule_in(key_read_done_, timing_[EngineOperation::key_vault_read]);
  update_busy();
}

void Hmac384::begin_block_read(bool without_padding) {
  store(HMAC384_KV_RD_BLOCK_CTRL::offset, HMAC384_KV_RD_BLOCK_CTRL::read_en, 0);
  store(HMAC384_KV_RD_BLOCK_STATUS::offset, HMAC384_KV_RD_BLOCK_STATUS::VALID, 0);
  data_present_ = true;
  if (clock_.pending(block_read_done_)) return;

  const uint32_t entry = stored(HMAC384_KV_RD_BLOCK_CTRL::offset, HMAC384_KV_RD_BLOCK_CTRL::read_entry);
  const VaultData data = key_vault_.read_key(entry, KeyUse::hmac_block);
  block_error_ = data.error;
  const unsigned count = without_padding ? key_words : std::clamp(data.count, 1U, key_words);
  for (unsigned i = 0; i < (without_padding ? key_words : block_words); ++i) {
    // The length counts the key's block too.
    const uint32_t padding = i == count ? 0x8000'0000 : i == block_words - 1 ? 32 * (count + block_words) : 0;
    store(HMAC384_BLOCK::offset + 4 * i, i < count ? data.words[i] : padding);
    block_locks_ |= 1U << i;
  }
  if (generation_ != Generation::v1_0 && block_error_ != VaultError::success) {
    store_all(HMAC384_BLOCK::offset, block_words, 0);
  }
  clock_.schedule_in(block_read_done_, timing_[EngineOperation::key_vault_read]);
  update_busy();
}

void Hmac384::end_vault_write() {
  const uint32_t control = stored(HMAC384_KV_WR_CTRL::offset);
  const auto uses = static_cast<uint8_t>(control >> HMAC384_KV_WR_CTRL::hmac_key_dest_valid.lsb & 0x1f);
  write_error_ = key_vault_.write_key(HMAC384_KV_WR_CTRL::write_entry.get(control), uses, vault_tag_);
  store(HMAC384_KV_WR_STATUS::offset, HMAC384_KV_WR_STATUS::VALID, 1);
  update_busy();
}

void Hmac384::cut_off_vault_write() {
  if (!clock_.pending(write_done_)) return;
  const std::size_t delivered = vault_words_delivered(tag_words, clock_.deadline(write_done_) - clock_.now());
  if (delivered == tag_words) return end_vault_write();
  const uint32_t entry = stored(HMAC384_KV_WR_CTRL::offset, HMAC384_KV_WR_CTRL::write_entry);
  key_vault_.write_key(entry, 0, std::span(vault_tag_).first(delivered));
}

void Hmac384::store_all(uint32_t offset, unsigned count, uint32_t value) {
  for (unsigned i = 0; i < count; ++i) store(offset + 4 * i, value);
}

void Hmac384::update_busy() {
  busy.set(clock_.pending(done_) || clock_.pending(key_read_done_) || clock_.pending(block_read_done_) ||
           clock_.pending(write_done_));
}

void Hmac384::clear() {
  for (const veer::Clock::Slot slot : {done_, key_read_done_, block_read_done_, write_done_}) clock_.cancel(slot);
  inner_.fill(0);
  tag_.fill(0);
  vault_tag_.fill(0);
  valid_ = false;
  block_locks_ = 0;
  key_present_ = false;
  data_present_ = false;
  key_error_ = VaultError::success;
  block_error_ = VaultError::success;
  write_error_ = VaultError::success;
  update_busy();
}

void Hmac384::zeroize() {
  cut_off_vault_write();
  clear();
  store_all(HMAC384_KEY::offset, key_words, 0);
  store_all(HMAC384_BLOCK::offset, block_words, 0);
  store_all(HMAC384_TAG::offset, tag_words, 0);
}

void Hmac384::hold_zeroized(bool level) {
  held_ = level;
  if (level) zeroize();
}

void Hmac384::reset(veer::Reset reset) {
  if (reset == veer::Reset::warm) cut_off_vault_write();
  RegisterBlock::reset(reset);
  interrupts.update();
  if (veer::reaches(reset, veer::ResetDomain::noncore)) clear();
}

void Hmac384::state(veer::StateStream& stream) {
  RegisterBlock::state(stream);
  stream(inner_);
  stream(tag_);
  stream(vault_tag_);
  stream(valid_);
  stream(block_locks_);
  stream(key_present_);
  stream(data_present_);
  stream(key_error_);
  stream(block_error_);
  stream(write_error_);
  stream(held_);
  interrupts.state(stream);
  bool busy_level = busy.level();
  stream(busy_level);
  busy.restore(busy_level);
}

}  // namespace caliptra
