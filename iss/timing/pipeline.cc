// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/pipeline.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "iss/timing/csr_sync.h"

namespace veer {
namespace {

constexpr bool is_link(uint8_t reg) { return reg == 1 || reg == 5; }

CsrSync sync_of(const TimedInstruction& csr) {
  return csr_sync(csr.detail & 0xfff, (csr.detail & TimedInstruction::csr_reads) != 0,
                  (csr.detail & TimedInstruction::csr_writes) != 0);
}

}  // namespace

void Pipeline::reset(uint32_t pc) {
  predictor_.reset();
  bus_.reset();
  now_ += 64;
  hold_ = 0;
  history_ = 0;
  mrac_ = 0;
  waiting_ = dividing_ = 0;
  divider_free_ = quiet_from_ = last_load_store_ = last_csr_write_ = wide_store_ = 0;
  drains_ = {};
  fetch_.reset(pc);
  fetch_.flush(now_, pc, 0);
}

void Pipeline::restart(uint32_t pc) {
  // Nothing of what was under way reaches here; fetch has two packets in advance.
  now_ += 64;
  fetch_.restart(now_ - 2, pc, history_);
}

uint32_t Pipeline::take_hold() {
  if (hold_ <= now_ + 1) return 0;
  const Cycle cycles = hold_ - now_ - 1;
  statistics_.*hold_reason_ += cycles;
  hold_ = 0;
  return static_cast<uint32_t>(cycles);
}

bool Pipeline::quiet() {
  if (quiet_from_ > now_ || bus_.port().pending()) return false;
  for (uint32_t left = waiting_; left != 0; left &= left - 1) {
    if (ready_[static_cast<unsigned>(std::countr_zero(left))] > now_) return false;
  }
  waiting_ = 0;
  return divider_free_ <= now_;
}

/// Decode waits from cycle `from` on for something behind a load from the ICCM: soon fetch pauses, and the DMA port
/// gets the memory before fetch has refused it as often as it can.
bool Pipeline::yield_to_iccm_read(Cycle from) {
  if (!bus_.port().reading(from)) return false;
  const Cycle pause = fetch_.pauses_from();
  for (bool any = false;; any = true) {
    const DmaPort::Advance advance = bus_.advance(pause);
    if (advance.earlier == 0) return any;
    for (unsigned reg = 1; reg < 32; ++reg) {
      if (((waiting_ & ~dividing_) >> reg & 1) != 0 && ready_[reg] > advance.granted) ready_[reg] -= advance.earlier;
    }
    quiet_from_ -= std::min(quiet_from_, advance.earlier);
  }
}

Pipeline::Cycle Pipeline::wait_for_registers(const TimedInstruction& instruction, Cycle cycle) {
  const uint32_t needed = 1u << instruction.rs1 | 1u << instruction.rs2;
  if ((waiting_ & ~dividing_ & needed) != 0) yield_to_iccm_read(cycle);
  for (const uint8_t reg : {instruction.rs1, instruction.rs2}) {
    if ((waiting_ >> reg & 1) == 0 || ready_[reg] <= cycle) continue;
    ((dividing_ >> reg & 1) != 0 ? statistics_.divide : statistics_.load_use) += ready_[reg] - cycle;
    cycle = ready_[reg];
  }
  waiting_ &= ~needed;
  return cycle;
}

/// What the bus says of an access or a fence that is to be decoded in cycle `at`. As long as the answer depends on what
/// the memory does with ICCM stores, decode waits, and it is asked again.
Pipeline::Cycle Pipeline::behind_iccm_stores(Cycle at, bool fence) {
  // Only in a restored state that never was do they take longer.
  const Cycle end = at + 1024;
  for (;; ++at) {
    fetch_.share_until(at);
    const Cycle cycle = fence ? bus_.idle_from() : bus_.room(at);
    if (cycle < DmaPort::never) return cycle;
    if (at == end) bus_.port().reset();
  }
}

void Pipeline::issue_slowly(uint32_t pc, const TimedInstruction& instruction) {
  if (bus_.holds_iccm_store()) bus_.release_iccm_store(now_ + 1);
  for (;;) {
    Packet& first = fetch_.head();
    const uint32_t offset = (pc - first.address) >> 1;
    if (offset >= first.halfwords) {
      // Execution was moved from outside.
      fetch_.flush(now_, pc, history_);
      continue;
    }
    Packet* second = nullptr;
    Cycle fetched = first.fetched;
    if (instruction.halfwords == 2 && offset + 1 >= first.halfwords) {
      second = &fetch_.second();
      fetched = std::max(fetched, second->fetched);
    }
    Packet& head = fetch_.head();

    Cycle cycle = now_ + 1;
    if (hold_ > cycle) {
      statistics_.*hold_reason_ += hold_ - cycle;
      cycle = hold_;
    }
    if (fetched >= cycle) {
      statistics_.fetch += fetched + 1 - cycle;
      cycle = fetched + 1;
    }
    if (waiting_ != 0) cycle = wait_for_registers(instruction, cycle);
    switch (instruction.kind) {
      case Kind::divide:
        if (divider_free_ > cycle) {
          statistics_.divide += divider_free_ - cycle;
          cycle = divider_free_;
        }
        break;
      case Kind::load:
      case Kind::store: {
        if (quiet_from_ <= cycle && wide_store_ <= cycle) break;
        const auto ask = [&] { return bus_.port().pending() ? behind_iccm_stores(cycle, false) : bus_.room(cycle); };
        Cycle room = ask();
        if (room > cycle && yield_to_iccm_read(cycle)) room = ask();
        after_bus_access();
        if (instruction.kind == Kind::store && wide_store_ >= room) room = store_buffer_room(room, 1);
        statistics_.bus_full += room - cycle;
        cycle = room;
        break;
      }
      case Kind::csr: {
        const bool reads = (instruction.detail & TimedInstruction::csr_reads) != 0;
        Cycle start = cycle;
        if (reads && last_csr_write_ != 0) start = std::max(start, last_csr_write_ + csr_write_to_read);
        if (sync_of(instruction).before) start = std::max(start, now_ + 3);
        statistics_.synchronize += start - cycle;
        cycle = start;
        break;
      }
      case Kind::fence:
      case Kind::fence_i: {
        yield_to_iccm_read(cycle);
        const Cycle idle = bus_.port().pending() ? behind_iccm_stores(cycle, true) : bus_.idle_from();
        const Cycle start = std::max(std::max(cycle, now_ + 3), std::max(last_load_store_ + 4, idle + 1));
        after_bus_access();
        statistics_.synchronize += start - cycle;
        cycle = start;
        break;
      }
      default: break;
    }

    if ((head.looked_up || (second != nullptr && second->looked_up)) && stale(pc, instruction, head, second, offset)) {
      // It goes down the pipeline as a nop, and is fetched again.
      now_ = cycle;
      fetch_.flush(cycle + 2, pc, history_);
      hold_until(cycle + 4, &TimingStatistics::stale_branch);
      // Here one cycle is the nop's own.
      ++statistics_.stale_branch;
      continue;
    }
    now_ = cycle;
    if (instruction.control() && !guess_.looked_up) {
      const Packet& last = second != nullptr ? *second : head;
      const uint32_t end = pc + 2u * (instruction.halfwords - 1u);
      guess_ = {.valid = false,
                .taken = false,
                .looked_up = false,
                .way = predictor_.least_recent(end),
                .counter = predictor_.counter(end, last.history),
                .history = last.history,
                .target = 0};
      if (last.looked_up) {
        const Prediction& slot = last.prediction.slot[(end - last.address) >> 1 & 1];
        guess_.way = slot.way;
        guess_.counter = slot.history;
      }
    }
    fetch_.consume(offset, instruction.halfwords, cycle);
    return;
  }
}

/// Takes the prediction for the instruction apart. True if it can't be one for this instruction.
bool Pipeline::stale(uint32_t pc, const TimedInstruction& instruction, const Packet& first, const Packet* second,
                     unsigned offset) {
  guess_.looked_up = false;
  const bool wide = instruction.halfwords == 2;
  const Packet& last = second != nullptr ? *second : first;
  const unsigned end_slot = second != nullptr ? 0 : offset + (wide ? 1u : 0u);
  static constexpr Prediction none;
  const Prediction& start = first.looked_up ? first.prediction.slot[offset] : none;
  const Prediction& end = last.looked_up ? last.prediction.slot[end_slot] : none;
  const bool inside = wide && start.hit;
  if (second != nullptr && second->address != pc + 2) {
    // Fetch left in the middle of the instruction.
    if (inside) predictor_.write_branch(pc, start.way, {}, now_ + 4);
    return true;
  }
  if (!inside && !end.hit) return false;

  const bool ret = end.hit && end.ret && !end.call;
  const auto offset_of_packet = [&] {
    const auto& slots = last.prediction.slot;
    return slots[0].taken() ? slots[0].offset : slots[1].offset;
  };
  const bool wrong = inside || end.pc4 != wide || !instruction.control() || !instruction.predictable() ||
                     ret != instruction.is_return() ||
                     (end.taken() && !instruction.is_return() && offset_of_packet() != instruction.offset());
  if (wrong) {
    const uint32_t at = inside ? pc : pc + (wide ? 2 : 0);
    const uint8_t way = inside ? start.way : end.way;
    BranchRecord gone;
    gone.tag = BranchPredictor::tag_of(at);
    predictor_.write_branch(at, way, gone, now_ + 4);
    return true;
  }
  guess_ = {.valid = true,
            .taken = end.taken(),
            .looked_up = true,
            .way = end.way,
            .counter = end.history,
            .history = last.history,
            .target = last.prediction.target};
  return false;
}

void Pipeline::write_register(uint8_t rd) {
  if ((waiting_ >> rd & 1) == 0 || rd == 0) return;
  // A younger result cancels the older one.
  waiting_ &= ~(1u << rd);
  if ((dividing_ >> rd & 1) != 0) {
    // Who reads the younger one waits until the division is cancelled.
    divider_free_ = std::min(divider_free_, now_ + 3);
    ready_[rd] = std::min(ready_[rd], now_ + 3);
    waiting_ |= 1u << rd;
  }
}

void Pipeline::finish_divide(const TimedInstruction& instruction, uint32_t cycles) {
  divider_free_ = now_ + cycles;
  if (instruction.rd == 0) return;
  ready_[instruction.rd] = now_ + cycles;
  waiting_ |= 1u << instruction.rd;
  dividing_ = 1u << instruction.rd;
}

void Pipeline::after_bus_access() {
  if (const Cycle early = bus_.take_early_answer()) {
    for (unsigned reg = 1; reg < 32; ++reg) {
      if ((waiting_ >> reg & 1) != 0 && ready_[reg] == early + 1) ready_[reg] = early;
    }
  }
}

void Pipeline::finish_load(const TimedInstruction& instruction, const LoadStoreBus::Target* target, bool competes) {
  last_load_store_ = now_;
  if (target == nullptr) {
    finish_plain(instruction);
    return;
  }
  const LoadStoreBus::LoadTiming timing = bus_.load(*target, now_, target->iccm ? fetch_.pauses_from() : 0, competes);
  after_bus_access();
  if (target->rom && timing.on_bus != 0) fetch_.rom_data_read(timing.on_bus);
  quiet_from_ = std::max(quiet_from_, timing.usable + 1);
  finish_plain(instruction);
  if (instruction.rd == 0) return;
  ready_[instruction.rd] = timing.usable;
  waiting_ |= 1u << instruction.rd;
  dividing_ &= ~(1u << instruction.rd);
}

uint32_t Pipeline::finish_store(const LoadStoreBus::Target* target, bool crosses_word) {
  const Cycle issued = now_;
  if (target != nullptr) {
    bus_.store(*target, now_);
    after_bus_access();
    // Four stores in a row leave the bus 18 cycles after the last was decoded; eleven ICCM stores, of which the memory
    // takes two in eleven cycles, are through after 80.
    quiet_from_ = std::max(quiet_from_, now_ + (target->iccm ? 80 : 18));
  } else if (crosses_word) {
    // That it does was not known when it was issued.
    now_ = store_buffer_room(now_, 2);
    statistics_.bus_full += now_ - issued;
    buffer_store(2);
  } else if (wide_store_ > now_) {
    buffer_store(1);
  }
  last_load_store_ = now_;
  return static_cast<uint32_t>(now_ - issued);
}

/// The store buffer has four entries, those of stores that are still on their way to it among them
/// (el2_lsu_stbuf.sv: lsu_stbuf_full_any). A store across words takes two.
Pipeline::Cycle Pipeline::store_buffer_room(Cycle at, unsigned words) const {
  const unsigned most = 4 - words;
  // Only in a restored state that never was does it take longer.
  for (const Cycle end = at + drains_.size();; ++at) {
    if (at == end) return at;
    const auto waiting = std::count_if(drains_.begin(), drains_.end(), [at](Cycle drain) { return drain >= at; });
    if (waiting <= most) return at;
  }
}

/// An entry goes to the DCCM three cycles after its store was decoded, one a cycle, but not while the DCCM is read for
/// another store across words.
void Pipeline::buffer_store(unsigned words) {
  if (words == 2 && std::find(drains_.begin(), drains_.end(), now_) != drains_.end()) {
    for (Cycle& drain : drains_) {
      if (drain >= now_) ++drain;
    }
  }
  for (unsigned word = 0; word < words; ++word) {
    const Cycle last = *std::max_element(drains_.begin(), drains_.end());
    wide_store_ = std::max(now_ + 3, last + 1);
    drains_[next_drain_++ % drains_.size()] = wide_store_;
  }
}

void Pipeline::finish_csr(const TimedInstruction& instruction) {
  if ((instruction.detail & TimedInstruction::csr_reads) == 0) last_csr_write_ = now_;
  if (sync_of(instruction).after) hold_until(now_ + 3, &TimingStatistics::synchronize);
  finish_plain(instruction);
}

void Pipeline::leave(Cycle decoded, uint32_t target) {
  fetch_.flush(decoded + 2, target, history_);
  hold_until(decoded + 4, &TimingStatistics::trap);
}

void Pipeline::interrupt(uint32_t handler, Cycle further) {
  fetch_.flush(now_ + 1 + further, handler, history_);
  hold_ = std::max(hold_, now_ + 3 + further);
  hold_reason_ = &TimingStatistics::trap;
}

BranchRecord Pipeline::record(uint32_t pc, const TimedInstruction& instruction) const {
  BranchRecord record;
  const bool wide = instruction.halfwords == 2;
  record.tag = BranchPredictor::tag_of(pc + (wide ? 2 : 0));
  record.valid = true;
  record.pc4 = wide;
  record.odd_start = (pc & 2) != 0;
  record.call = instruction.kind == Kind::jal;
  record.ret = instruction.is_return() || (instruction.kind == Kind::jal && !is_link(instruction.rd));
  record.offset = instruction.offset();
  return record;
}

void Pipeline::learn(uint32_t pc, const TimedInstruction& instruction) {
  const uint32_t end = pc + (instruction.halfwords == 2 ? 2 : 0);
  const uint8_t way = predictor_.least_recent(end);
  predictor_.mispredicted(end, way, now_);
  predictor_.write_branch(end, way, record(pc, instruction), now_);
  if (instruction.kind == Kind::branch) {
    predictor_.set_counter(end, history_, BranchPredictor::updated(predictor_.counter(end, history_), true));
  }
  predictor_.settle(now_);
}

bool Pipeline::finish_control(uint32_t pc, const TimedInstruction& instruction, uint32_t target, bool taken) {
  finish_plain(instruction);
  const uint32_t end = pc + (instruction.halfwords == 2 ? 2 : 0);
  const uint32_t next_pc = taken ? target : pc + 2u * instruction.halfwords;
  const Guess guess = guess_;
  guess_.looked_up = false;
  if (!instruction.predictable()) {
    fetch_.flush(now_, next_pc, history_);
    hold_until(now_ + 2, &TimingStatistics::mispredict);
    return false;
  }
  const bool wrong = guess.taken != taken || (instruction.is_return() && guess.taken && guess.target != next_pc);
  const uint8_t counter = BranchPredictor::updated(guess.counter, taken);
  if (guess.valid) history_ = static_cast<uint8_t>(history_ << 1 | (taken ? 1 : 0));
  if (guess.valid && (!wrong || !taken)) predictor_.write_counter(end, guess.history, counter, now_ + 3);
  if (!wrong) return guess.valid;
  predictor_.mispredicted(end, guess.way, now_ + 1);
  if (taken && !guess.valid) predictor_.write_branch(end, guess.way, record(pc, instruction), now_ + 2);
  if (instruction.kind == Kind::branch && (taken || !guess.valid)) {
    predictor_.write_counter(end, guess.history, counter, now_ + 2);
  }
  fetch_.flush(now_, next_pc, history_);
  hold_until(now_ + 2, &TimingStatistics::mispredict);
  return guess.valid;
}

void Pipeline::state(StateStream& stream) {
  stream.section("pipeline timing", 2);
  predictor_.state(stream);
  fetch_.state(stream);
  bus_.state(stream);
  uint8_t reason = 0;
  for (uint8_t i = 0; i < TimingStatistics::members.size(); ++i) {
    const auto member = TimingStatistics::members[i].second;
    stream.counter(statistics_.*member, 1);
    if (hold_reason_ == member) reason = i;
  }
  stream(reason);
  if (reason < TimingStatistics::members.size()) hold_reason_ = TimingStatistics::members[reason].second;
  stream.time(now_);
  stream.time(hold_);
  stream(history_);
  stream(mrac_);
  stream(waiting_);
  for (Cycle& ready : ready_) stream.time(ready);
  stream(dividing_);
  stream.time(divider_free_);
  stream.time(quiet_from_);
  stream.time(last_load_store_);
  stream.time(last_csr_write_);
  stream.time(wide_store_);
  for (Cycle& drain : drains_) stream.time(drain);
  stream.counter(next_drain_, drains_.size());
  stream(guess_.valid);
  stream(guess_.taken);
  stream(guess_.looked_up);
  stream(guess_.way);
  stream(guess_.counter);
  stream(guess_.history);
  stream(guess_.target);
  guess_.way &= 1;
  guess_.counter &= 3;
}

}  // namespace veer
