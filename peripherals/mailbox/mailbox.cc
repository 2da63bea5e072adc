// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/mailbox/mailbox.h"

#include "iss/state_stream.h"
#include "peripherals/mailbox/mailbox_regs.h"

namespace caliptra {

using namespace mailbox_regs;
using veer::Agent;
using veer::BusResult;
using veer::BusStatus;
using State = MailboxState;

namespace {

constexpr uint32_t last_word = MailboxSram::words - 1;
constexpr uint32_t cmd_busy = 0;

constexpr uint8_t dmi_mbox_dlen = 0x50;
constexpr uint8_t dmi_mbox_dout = 0x51;
constexpr uint8_t dmi_mbox_status = 0x52;

// What the core's accesses carry as user (soc_ifc_top.sv: uc_req.user).
constexpr uint32_t core_user = 0xffff'ffff;

constexpr uint32_t narrow(uint32_t word, uint32_t offset, unsigned width) {
  const uint32_t mask = width >= 4 ? 0xffff'ffffU : (1U << (8 * width)) - 1;
  return word >> (8 * (offset % 4)) & mask;
}

}  // namespace

Mailbox::Mailbox(Generation generation) : RegisterBlock("mailbox", table, caliptra::variant(generation), window_size) {}

bool Mailbox::valid_requester(Agent agent) const {
  if (mbox_fsm_ps_ == State::idle) return false;
  if (agent != Agent::soc) return !soc_has_lock_ || mbox_fsm_ps_ == State::execute_uc;
  return soc_has_lock_ && requesting_user_ == stored(mbox_user::offset);
}

bool Mailbox::valid_receiver(Agent agent) const {
  const bool soc = agent == Agent::soc;
  switch (mbox_fsm_ps_) {
    // The core takes a command, or the response to its own.
    case State::execute_uc: return !soc;
    // Any user takes the core's command; a response goes only to who asked.
    case State::execute_soc: return soc && (!soc_has_lock_ || valid_requester(agent));
    default: return false;
  }
}

bool Mailbox::direct_access() const {
  return mbox_fsm_ps_ != State::idle && (!soc_has_lock_ || mbox_fsm_ps_ == State::execute_uc);
}

uint32_t Mailbox::dlen_in_words() const {
  const uint32_t bytes = stored(mbox_dlen::offset);
  return bytes >= sram_size ? MailboxSram::words : (bytes + 3) / 4;
}

void Mailbox::raise(MailboxEvent what) {
  if (event) event(what);
}

uint32_t Mailbox::read_sram(uint32_t index) {
  const MailboxSram::Word word = sram_.read(index);
  if (word.ecc != EccResult::ok) {
    const bool corrected = word.ecc == EccResult::corrected;
    if (stored(mbox_execute::offset, mbox_execute::execute) != 0) {
      store(mbox_status::offset, corrected ? mbox_status::ecc_single_error : mbox_status::ecc_double_error, 1);
    }
    raise(corrected ? MailboxEvent::ecc_correctable : MailboxEvent::ecc_uncorrectable);
  }
  return word.data;
}

void Mailbox::enter(State next) {
  if (next == mbox_fsm_ps_) return;
  mbox_fsm_ps_ = next;
  data_available.set(next == State::execute_soc);
  if (next == State::execute_uc) raise(MailboxEvent::command_available);
  if (status_changed) status_changed();
}

void Mailbox::take_lock(Agent agent) {
  soc_has_lock_ = agent == Agent::soc;
  store(mbox_user::offset, soc_has_lock_ ? requesting_user_ : core_user);
  enter(State::rdy_for_cmd);
}

// The receiver starts with the first word already in dataout. It may read what the sender announced, but
// not beyond what was written. A response from the SoC to the core can't carry data: then the length stays
// as it was latched, and dataout starts with 0.
void Mailbox::enter_execute(State next, bool latch_dlen) {
  const uint32_t announced = dlen_in_words();
  const uint32_t valid = !mbox_wr_full_ && mbox_wrptr_ < announced ? mbox_wrptr_ : announced;
  if (latch_dlen) dlen_in_dws_ = valid;
  mbox_wrptr_ = 0;
  mbox_wr_full_ = false;
  mbox_rd_full_ = false;
  mbox_rdptr_ = 1;
  const uint32_t first = read_sram(0);
  store(mbox_dataout::offset, valid != 0 ? first : 0);
  enter(next);
}

void Mailbox::release() {
  store(mbox_lock::offset, 0);
  store(mbox_execute::offset, 0);
  store(mbox_status::offset, 0);
  soc_has_lock_ = false;
  enter(State::idle);
}

// The transitions that depend on what registers hold, not on the access.
void Mailbox::follow_registers() {
  const bool execute = stored(mbox_execute::offset, mbox_execute::execute) != 0;
  const bool busy = stored(mbox_status::offset, mbox_status::status) == cmd_busy;
  switch (mbox_fsm_ps_) {
    case State::rdy_for_data:
      if (execute) enter_execute(soc_has_lock_ ? State::execute_uc : State::execute_soc, true);
      break;
    case State::execute_uc:
      if (!execute) {
        release();
      } else if (soc_has_lock_ && !busy) {
        enter_execute(State::execute_soc, true);
      }
      break;
    case State::execute_soc:
      if (!execute) {
        release();
      } else if (!soc_has_lock_ && !busy) {
        enter_execute(State::execute_uc, false);
      }
      break;
    default: break;
  }
}

void Mailbox::push_datain(uint32_t data) {
  if (!mbox_wr_full_) sram_.write(mbox_wrptr_, data);
  mbox_wr_full_ = mbox_wrptr_ == last_word;
  if (mbox_wrptr_ < last_word) ++mbox_wrptr_;
}

// The SRAM is read, and its ECC checked, even where the data is not given out.
void Mailbox::advance_dataout() {
  const bool valid = !mbox_rd_full_ && mbox_rdptr_ < dlen_in_dws_;
  const uint32_t data = read_sram(mbox_rdptr_);
  store(mbox_dataout::offset, valid ? data : 0);
  mbox_rd_full_ = mbox_rdptr_ == last_word;
  if (mbox_rdptr_ < dlen_in_dws_ && mbox_rdptr_ < last_word) ++mbox_rdptr_;
}

// The arcs to MBOX_ERROR. Reads matter only at dataout. Only the SoC is watched: the core is trusted.
bool Mailbox::out_of_order(uint32_t offset, bool writing, bool requester) const {
  switch (mbox_fsm_ps_) {
    case State::rdy_for_cmd: return requester && !(writing && offset == mbox_cmd::offset);
    case State::rdy_for_dlen: return requester && !(writing && offset == mbox_dlen::offset);
    case State::rdy_for_data:
      return requester && !(writing && (offset == mbox_datain::offset || offset == mbox_execute::offset));
    case State::execute_uc: return requester;
    case State::execute_soc:
      return writing &&
             ((requester && offset != mbox_execute::offset) || (!soc_has_lock_ && offset != mbox_status::offset));
    default: return false;
  }
}

// What a SoC access that writes or reads dataout means beside its effect on the register.
void Mailbox::check_soc_access(uint32_t offset, bool writing) {
  const bool requester = valid_requester(Agent::soc);
  const bool stranger = !requester && !valid_receiver(Agent::soc);
  if (mbox_fsm_ps_ == State::idle) {
    raise(MailboxEvent::access_without_lock);
  } else if (out_of_order(offset, writing, requester)) {
    enter(State::error);
    raise(MailboxEvent::access_out_of_order);
  }
  if (stranger) raise(MailboxEvent::invalid_user);
}

BusStatus Mailbox::write(uint32_t offset, unsigned width, uint32_t data, Agent agent) {
  if ((offset % 4 != 0 || !find(offset)) && agent == Agent::soc) check_soc_access(offset, true);
  return RegisterBlock::write(offset, width, data, agent);
}

BusStatus Mailbox::check(const veer::RegisterRef&, Agent agent, bool) const {
  return agent == Agent::tap ? BusStatus::target_error : BusStatus::ok;
}

uint32_t Mailbox::live(const veer::RegisterRef& at, Agent agent) const {
  switch (at.base()) {
    case mbox_dataout::offset:
      return agent == Agent::debugger || valid_receiver(agent) ? stored(mbox_dataout::offset) : 0;
    case mbox_status::offset:
      return mbox_status::mbox_fsm_ps.place(static_cast<uint32_t>(mbox_fsm_ps_)) |
             mbox_status::soc_has_lock.place(soc_has_lock_ ? 1 : 0) | mbox_status::mbox_rdptr.place(mbox_rdptr_);
    default: return 0;
  }
}

bool Mailbox::locked(uint8_t lock, const veer::RegisterRef&, Agent agent) const {
  return lock == not_requester ? !valid_requester(agent) : !valid_receiver(agent);
}

void Mailbox::after_read(const veer::RegisterRef& at, Agent agent) {
  const bool soc = agent == Agent::soc;
  switch (at.base()) {
    case mbox_lock::offset:
      if (mbox_fsm_ps_ == State::idle) {
        take_lock(agent);
      } else if (soc && !soc_has_lock_) {
        raise(MailboxEvent::lock_requested);
      }
      break;
    case mbox_dataout::offset: {
      const bool advance = valid_receiver(agent);
      if (soc) check_soc_access(at.offset(), false);
      if (advance) advance_dataout();
      break;
    }
    default: break;
  }
}

void Mailbox::after_write(const veer::RegisterRef& at, Agent agent, const veer::RegisterWrite& write) {
  const bool requester = valid_requester(agent);
  const bool receiver = valid_receiver(agent);
  if (agent == Agent::soc) check_soc_access(at.offset(), true);
  switch (at.base()) {
    case mbox_cmd::offset:
      if (requester && mbox_fsm_ps_ == State::rdy_for_cmd) enter(State::rdy_for_dlen);
      break;
    case mbox_dlen::offset:
      if (requester && mbox_fsm_ps_ == State::rdy_for_dlen) {
        mbox_wrptr_ = 0;
        mbox_wr_full_ = false;
        enter(State::rdy_for_data);
      }
      break;
    case mbox_datain::offset:
      if (requester && (mbox_fsm_ps_ == State::rdy_for_data || mbox_fsm_ps_ == State::execute_uc)) {
        push_datain(write.data);
      }
      break;
    case mbox_dataout::offset:
      // Even a write, which stores nothing, takes the word.
      if (receiver) advance_dataout();
      break;
    case mbox_execute::offset:
      if (stored(mbox_execute::offset) == 0) {
        store(mbox_status::offset, mbox_status::ecc_single_error, 0);
        store(mbox_status::offset, mbox_status::ecc_double_error, 0);
      }
      break;
    case mbox_unlock::offset:
      if (write.set(mbox_unlock::unlock)) release();
      break;
    default: break;
  }
  follow_registers();
}

BusResult Mailbox::read_direct(uint32_t offset, unsigned width, Agent agent) {
  offset %= sram_size;
  if (agent == Agent::debugger) return {BusStatus::ok, narrow(sram_.read(offset / 4).data, offset, width)};
  if (!direct_access()) return {};
  return {BusStatus::ok, narrow(read_sram(offset / 4), offset, width)};
}

BusStatus Mailbox::write_direct(uint32_t offset, unsigned width, uint32_t data, Agent agent) {
  offset %= sram_size;
  if (agent == Agent::debugger) {
    for (unsigned byte = 0; byte < width; ++byte) sram_.poke(offset + byte, static_cast<uint8_t>(data >> (8 * byte)));
  } else if (direct_access()) {
    sram_.write(offset / 4, offset % 4 == 0 ? narrow(data, 0, width) : 0);
  }
  return BusStatus::ok;
}

uint32_t Mailbox::read_for_accelerator(uint32_t index) { return read_sram(index); }

std::optional<uint32_t> Mailbox::dmi_read(uint8_t address) {
  switch (address) {
    case dmi_mbox_dlen: return stored(mbox_dlen::offset);
    case dmi_mbox_status: return peek(mbox_status::offset);
    case dmi_mbox_dout: {
      const uint32_t data = stored(mbox_dataout::offset);
      if (mbox_fsm_ps_ == State::execute_uc || mbox_fsm_ps_ == State::execute_soc) advance_dataout();
      return data;
    }
    default: return std::nullopt;
  }
}

void Mailbox::reset(veer::Reset reset) {
  RegisterBlock::reset(reset);
  if (reset == veer::Reset::firmware_update) return;
  if (reset == veer::Reset::cold) sram_.clear();
  mbox_fsm_ps_ = State::idle;
  soc_has_lock_ = false;
  mbox_wr_full_ = false;
  mbox_rd_full_ = false;
  mbox_wrptr_ = 0;
  mbox_rdptr_ = 0;
  dlen_in_dws_ = 0;
  data_available.set(false);
}

void Mailbox::state(veer::StateStream& stream) {
  RegisterBlock::state(stream);
  stream(mbox_fsm_ps_);
  stream(soc_has_lock_);
  stream(mbox_wr_full_);
  stream(mbox_rd_full_);
  stream(mbox_wrptr_);
  stream(mbox_rdptr_);
  stream(dlen_in_dws_);
  stream(requesting_user_);
  bool available = data_available.level();
  stream(available);
  data_available.restore(available);
  sram_.state(stream);
}

}  // namespace caliptra
