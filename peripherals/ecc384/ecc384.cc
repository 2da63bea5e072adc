// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/ecc384/ecc384.h"

#include <utility>

#include "iss/state_stream.h"
#include "peripherals/crypto/bytes.h"
#include "peripherals/crypto/p384.h"
#include "peripherals/ecc384/ecc384_regs.h"
#include "peripherals/ecc384/hmac_drbg.h"

namespace caliptra {

using namespace ecc384_regs;

namespace {

constexpr uint32_t decoded_size = 0x1000;
constexpr uint32_t words = 12;

constexpr unsigned error_internal = 0;
constexpr unsigned notif_cmd_done = 0;

// ECC_CORE_NAME and ECC_CORE_VERSION (ecc_params_pkg.sv).
constexpr uint32_t core_name[] = {0x6370'7365, 0x3834'2d33};
constexpr uint32_t core_version[] = {0x3030'312e, 0};

constexpr uint32_t numbers[] = {ECC_SEED::offset,        ECC_NONCE::offset,      ECC_MSG::offset,
                                ECC_PRIVKEY_OUT::offset, ECC_PRIVKEY_IN::offset, ECC_PUBKEY_X::offset,
                                ECC_PUBKEY_Y::offset,    ECC_SIGN_R::offset,     ECC_SIGN_S::offset,
                                ECC_VERIFY_R::offset,    ECC_IV::offset};

// Both read clients have the same fields, and so do all three status registers.
using read_control = ecc_kv_rd_pkey_ctrl;
using vault_status = ecc_kv_rd_pkey_status;
using write_control = ecc_kv_wr_pkey_ctrl;

constexpr uint8_t dest_valid(uint32_t control) {
  return static_cast<uint8_t>(control >> write_control::hmac_key_dest_valid.lsb & 0x1f);
}

}  // namespace

Ecc384::Ecc384(Generation generation, veer::Clock& clock, const EngineTiming& timing, KeyVaultPort& key_vault,
               std::function<PcrSigningData()> pcr_signing)
    : RegisterBlock("ecc384", table, caliptra::variant(generation), decoded_size),
      interrupts(*this),
      clock_(clock),
      timing_(timing),
      key_vault_(key_vault),
      pcr_signing_(std::move(pcr_signing)),
      since_1_1_(generation != Generation::v1_0),
      operation_done_(clock.add_event("ecc384 operation", [this] { finish_command(); })),
      setup_done_(clock.add_event("ecc384 setup", [] {})),
      private_key_known_(clock.add_event("ecc384 private key", [this] { deliver_private_key(); })),
      key_write_done_(clock.add_event("ecc384 key write", [this] { finish_key_write(); })),
      private_key_{KeyUse::ecc_private_key, ecc_kv_rd_pkey_ctrl::offset, ecc_kv_rd_pkey_status::offset,
                   ECC_PRIVKEY_IN::offset},
      seed_{KeyUse::ecc_seed, ecc_kv_rd_seed_ctrl::offset, ecc_kv_rd_seed_status::offset, ECC_SEED::offset} {
  private_key_.done = clock.add_event("ecc384 private key read", [this] { finish_key_read(private_key_); });
  seed_.done = clock.add_event("ecc384 seed read", [this] { finish_key_read(seed_); });
}

bool Ecc384::idle() const { return !clock_.pending(operation_done_) && !clock_.pending(setup_done_); }
bool Ecc384::ready() const { return idle() && !held_; }
bool Ecc384::reading_keys() const { return clock_.pending(private_key_.done) || clock_.pending(seed_.done); }
bool Ecc384::busy() const { return !idle() || reading_keys() || clock_.pending(key_write_done_); }

Ecc384::Number Ecc384::number(uint32_t offset) const {
  std::array<uint32_t, words> value;
  for (uint32_t i = 0; i < words; ++i) value[i] = stored(offset + 4 * i);
  return crypto::big_endian_bytes(value);
}

void Ecc384::store_number(uint32_t offset, const Number& value) {
  const auto number_words = crypto::big_endian_words(value);
  for (uint32_t i = 0; i < words; ++i) store(offset + 4 * i, number_words[i]);
}

void Ecc384::clear_number(uint32_t offset) { store_number(offset, {}); }

uint32_t Ecc384::live(const veer::RegisterRef& at, veer::Agent) const {
  const auto vault_ready = [this](veer::Clock::Slot slot) { return vault_status::READY.place(!clock_.pending(slot)); };
  switch (at.base()) {
    case ECC_NAME::offset: return core_name[at.element];
    case ECC_VERSION::offset: return core_version[at.element];
    case ECC_STATUS::offset: return ECC_STATUS::READY.place(ready());
    case ecc_kv_rd_pkey_status::offset: return vault_ready(private_key_.done);
    case ecc_kv_rd_seed_status::offset: return vault_ready(seed_.done);
    case ecc_kv_wr_pkey_status::offset: return vault_ready(key_write_done_);
    default: return 0;
  }
}

bool Ecc384::locked(uint8_t lock, const veer::RegisterRef&, veer::Agent) const {
  if (!ready()) return true;
  if (!since_1_1_) return false;
  return (lock == seed_locked && seed_.present) || (lock == private_key_locked && private_key_.present);
}

void Ecc384::after_write(const veer::RegisterRef& at, veer::Agent, const veer::RegisterWrite& write) {
  if (interrupts.after_write(at, write)) return;
  if (held_) return write_while_held(at, write);
  switch (at.base()) {
    case ECC_CTRL::offset: on_control(write); break;
    case ECC_SEED::offset: hold_failed(seed_); break;
    case ECC_PRIVKEY_IN::offset: hold_failed(private_key_); break;
    case ecc_kv_rd_pkey_ctrl::offset:
      if (write.set(read_control::read_en)) start_key_read(private_key_);
      break;
    case ecc_kv_rd_seed_ctrl::offset:
      if (write.set(read_control::read_en)) start_key_read(seed_);
      break;
    case ecc_kv_wr_pkey_ctrl::offset:
      // Acts when a key generation has a key; until then VALID stays low. A transfer under way drops it.
      if (!write.set(write_control::write_en)) break;
      store(ecc_kv_wr_pkey_status::offset, vault_status::VALID, 0);
      if (clock_.pending(key_write_done_)) store(write_control::offset, write_control::write_en, 0);
      break;
    default: break;
  }
}

/// The vault clients stay where they are: what is asked of them waits, and only takes VALID back.
void Ecc384::write_while_held(const veer::RegisterRef& at, const veer::RegisterWrite& write) {
  switch (at.base()) {
    case ecc_kv_rd_pkey_ctrl::offset:
    case ecc_kv_rd_seed_ctrl::offset:
    case ecc_kv_wr_pkey_ctrl::offset:
      // The enable of the write client is the same bit, and each status register the next one.
      if (write.set(read_control::read_en)) store(at.base() + 4, vault_status::VALID, 0);
      return;
    default: zeroize();
  }
}

void Ecc384::on_control(const veer::RegisterWrite& write) {
  if (write.set(ECC_CTRL::ZEROIZE)) return zeroize();
  const bool pcr_sign = write.set(ECC_CTRL::PCR_SIGN);
  if (pcr_sign) {
    store(ECC_CTRL::offset, ECC_CTRL::PCR_SIGN, 0);
    const PcrSigningData data = pcr_signing_();
    store_number(ECC_PRIVKEY_IN::offset, crypto::big_endian_bytes(data.pcr_signing_privkey));
    store_number(ECC_MSG::offset, crypto::big_endian_bytes(data.pcr_hash));
    hold_failed(private_key_);
  }
  const auto command = static_cast<Command>(stored(ECC_CTRL::offset, ECC_CTRL::CTRL));
  const bool masked = since_1_1_ && reading_keys();
  if (pcr_sign && !masked && (command == Command::keygen || command == Command::verify)) {
    // pcr_sign_input_invalid: the command never starts, and VALID stays as it was.
    store(ECC_CTRL::offset, ECC_CTRL::CTRL, 0);
    interrupts.raise_error(error_internal);
    return;
  }
  start_command();
}

// ---- key vault ----

void Ecc384::start_key_read(KeyRead& read) {
  store(read.control, read_control::read_en, 0);
  store(read.status, vault_status::VALID, 0);
  read.present = true;
  if (clock_.pending(read.done)) return;
  // The data can be taken at once: nothing sees it before the read is done.
  const VaultData data = key_vault_.read_key(stored(read.control, read_control::read_entry), read.use);
  store(read.status, vault_status::ERROR, static_cast<uint32_t>(data.error));
  for (uint32_t i = 0; i < words; ++i) store(read.data + 4 * i, data.words[i]);
  clock_.schedule_in(read.done, timing_[EngineOperation::key_vault_read]);
}

void Ecc384::finish_key_read(KeyRead& read) {
  store(read.status, vault_status::VALID, 1);
  start_command();  // one that was written meanwhile
}

/// From RTL 1.1 on, the error of a failed read holds its data at 0.
void Ecc384::hold_failed(const KeyRead& read) {
  const bool failed = stored(read.status, vault_status::ERROR) == static_cast<uint32_t>(VaultError::read_fail);
  if (since_1_1_ && failed) clear_number(read.data);
}

void Ecc384::forget(KeyRead& read) {
  if (read.present) clear_number(read.data);
  read.present = false;
}

void Ecc384::finish_key_write() {
  const uint32_t control = stored(write_control::offset);
  const VaultError error = key_vault_.write_key(write_control::write_entry.get(control), dest_valid(control), kv_reg_);
  store(ecc_kv_wr_pkey_status::offset, vault_status::ERROR, static_cast<uint32_t>(error));
  store(ecc_kv_wr_pkey_status::offset, vault_status::VALID, 1);
}

// ---- operations ----

void Ecc384::start_command() {
  if (!ready() || (since_1_1_ && reading_keys())) return;
  const auto command = static_cast<Command>(stored(ECC_CTRL::offset, ECC_CTRL::CTRL));
  if (command == Command::none) return;
  store(ECC_CTRL::offset, ECC_CTRL::CTRL, 0);
  store(ECC_STATUS::offset, ECC_STATUS::VALID, 0);
  running_ = command;
  if (!inputs_in_range(command)) return fail();
  EngineOperation operation = EngineOperation::ecc384_sign;
  if (command == Command::keygen) {
    operation = EngineOperation::ecc384_keygen;
    clock_.schedule_in(private_key_known_, timing_[EngineOperation::ecc384_private_key]);
  } else if (command == Command::verify) {
    const crypto::P384Point key{number(ECC_PUBKEY_X::offset), number(ECC_PUBKEY_Y::offset)};
    public_key_invalid_ = !crypto::p384_on_curve(key);
    operation = public_key_invalid_ ? EngineOperation::ecc384_public_key_check : EngineOperation::ecc384_verify;
  }
  clock_.schedule_in(operation_done_, timing_[operation]);
}

bool Ecc384::inputs_in_range(Command command) const {
  switch (command) {
    case Command::sign: return crypto::p384_scalar_in_range(number(ECC_PRIVKEY_IN::offset));
    case Command::verify:
      return !public_key_invalid_ && crypto::p384_scalar_in_range(number(ECC_SIGN_R::offset)) &&
             crypto::p384_scalar_in_range(number(ECC_SIGN_S::offset)) &&
             crypto::p384_coordinate_in_range(number(ECC_PUBKEY_X::offset)) &&
             crypto::p384_coordinate_in_range(number(ECC_PUBKEY_Y::offset));
    default: return true;
  }
}

void Ecc384::deliver_private_key() {
  const Number key = hmac_drbg(number(ECC_SEED::offset), number(ECC_NONCE::offset));
  kv_reg_ = crypto::big_endian_words(key);
  const bool to_vault = stored(write_control::offset, write_control::write_en) != 0;
  // A key that comes out of the vault's seed is never shown.
  if (!to_vault && !seed_.present) store_number(ECC_PRIVKEY_OUT::offset, key);
  if (!since_1_1_) forget(seed_);
  if (!to_vault) return;
  store(write_control::offset, write_control::write_en, 0);
  clock_.schedule_in(key_write_done_, timing_[EngineOperation::key_vault_write]);
}

void Ecc384::finish_command() {
  switch (running_) {
    case Command::none: return;
    case Command::keygen: {
      const auto key = crypto::p384_public_key(crypto::big_endian_bytes(kv_reg_));
      if (!key) return fail();
      store_number(ECC_PUBKEY_X::offset, key->x);
      store_number(ECC_PUBKEY_Y::offset, key->y);
      break;
    }
    case Command::sign: {
      const Number key = number(ECC_PRIVKEY_IN::offset);
      const Number digest = crypto::p384_reduce(number(ECC_MSG::offset));
      const auto signature = crypto::p384_sign(key, hmac_drbg(key, digest), digest);
      if (!signature) return fail();
      store_number(ECC_SIGN_R::offset, signature->r);
      store_number(ECC_SIGN_S::offset, signature->s);
      break;
    }
    case Command::verify: {
      if (public_key_invalid_) return fail();
      const auto result =
          crypto::p384_verify({number(ECC_PUBKEY_X::offset), number(ECC_PUBKEY_Y::offset)}, number(ECC_MSG::offset),
                              {number(ECC_SIGN_R::offset), number(ECC_SIGN_S::offset)});
      store_number(ECC_VERIFY_R::offset, result.computed_r);
      break;
    }
  }
  running_ = Command::none;
  store(ECC_STATUS::offset, ECC_STATUS::VALID, 1);
  if (since_1_1_) {
    forget(seed_);
    forget(private_key_);
  }
  interrupts.raise_notif(notif_cmd_done);
}

void Ecc384::fail() {
  running_ = Command::none;
  clock_.cancel(operation_done_);
  clock_.cancel(private_key_known_);
  interrupts.raise_error(error_internal);
}

void Ecc384::cut_off_key_write() {
  if (!clock_.pending(key_write_done_)) return;
  const std::size_t delivered = vault_words_delivered(kv_reg_.size(), clock_.deadline(key_write_done_) - clock_.now());
  if (delivered == kv_reg_.size()) return finish_key_write();
  const uint32_t entry = stored(write_control::offset, write_control::write_entry);
  key_vault_.write_key(entry, 0, std::span(kv_reg_).first(delivered));
}

void Ecc384::cancel_all() {
  for (const auto slot : {operation_done_, private_key_known_, key_write_done_, private_key_.done, seed_.done}) {
    clock_.cancel(slot);
  }
}

void Ecc384::clear_internal() {
  cancel_all();
  running_ = Command::none;
  public_key_invalid_ = false;
  private_key_.present = false;
  seed_.present = false;
  kv_reg_ = {};
  clock_.cancel(setup_done_);
  if (const uint32_t cycles = timing_[EngineOperation::ecc384_setup]; cycles != 0) {
    clock_.schedule_in(setup_done_, cycles);
  }
}

void Ecc384::zeroize() {
  cut_off_key_write();
  clear_internal();
  for (const uint32_t offset : numbers) clear_number(offset);
  store(ECC_CTRL::offset, 0);
  store(ECC_STATUS::offset, ECC_STATUS::VALID, 0);
  for (const uint32_t status : {private_key_.status, seed_.status, ecc_kv_wr_pkey_status::offset}) {
    store(status, vault_status::ERROR, 0);
  }
}

void Ecc384::hold_zeroized(bool level) {
  held_ = level;
  if (level) zeroize();
}

void Ecc384::reset(veer::Reset reset) {
  if (reset == veer::Reset::warm) cut_off_key_write();
  RegisterBlock::reset(reset);
  if (veer::reaches(reset, veer::ResetDomain::noncore)) clear_internal();
  interrupts.update();
}

void Ecc384::state(veer::StateStream& stream) {
  RegisterBlock::state(stream);
  interrupts.state(stream);
  stream(private_key_.present);
  stream(seed_.present);
  stream(running_);
  stream(public_key_invalid_);
  stream(kv_reg_);
  stream(held_);
}

}  // namespace caliptra
