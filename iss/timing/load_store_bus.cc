// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/load_store_bus.h"

#include <algorithm>

namespace veer {

void LoadStoreBus::learn_open_answers() {
  answers_open_ = false;
  for (Access& access : accesses_) {
    if (access.port == 0) continue;
    access.sent = port_.sent(access.port);
    access.free = port_.answered(access.port);
    if (access.free < DmaPort::never) {
      access.answered = access.free;
      access.port = 0;
    } else {
      answers_open_ = true;
    }
  }
}

LoadStoreBus::Cycle LoadStoreBus::room(Cycle at) {
  learn_answers();
  if (held_ && at > held_decoded_ + 1) send_held_store();
  const Cycle free = oldest(held_ ? 1 : 0).free;
  if (free <= at) return at;
  if (held_ && free > held_decoded_ + 1) send_held_store();
  return free;
}

LoadStoreBus::Cycle LoadStoreBus::idle_from() {
  send_held_store();
  learn_answers();
  Cycle idle = 0;
  for (const Access& access : accesses_) idle = std::max(idle, access.free);
  return idle;
}

/// Whether a load is served by a store that waits in the buffer. The RTL can't tell which of several to the same word
/// is the youngest, and takes none, once one of them has been sent (buf_age_younger), unless the youngest was decoded
/// so late that it isn't among them yet.
bool LoadStoreBus::forwarded(uint32_t word, Cycle decoded) const {
  unsigned waiting = 0;
  bool sent = false;
  for (const Access& access : accesses_) {
    if (access.read || access.word != word || access.free <= decoded + 1) continue;
    if (access.decoded + 3 > decoded) return true;
    ++waiting;
    sent = sent || access.sent <= decoded + 1;
  }
  return waiting == 1 || (waiting != 0 && !sent);
}

LoadStoreBus::LoadTiming LoadStoreBus::load(const Target& target, Cycle decoded, Cycle pause, bool competes) {
  if (held_) send_held_store_after(decoded == held_decoded_ + 1 ? 3 : 5);
  const Cycle offered = decoded + 3;
  const uint32_t doubleword = target.address >> 3;
  if (!target.side_effects) {
    // A store that still waits serves the load.
    learn_answers();
    if (forwarded(target.address >> 2, decoded)) return {decoded + 1, 0};
    // So does a load that is still under way. It passes the output buffer without being sent, and holds it for a cycle
    // more, because its doubleword is being waited for.
    const Cycle time = std::max(offered, accepted_ + 1);
    if (last_ == Kind::read && doubleword == last_read_doubleword_ && time <= last_read_answer_) {
      ++last_read_usable_;
      accepted_ = time + 1;
      accesses_[next_access_++ % accesses_.size()] = {target.address >> 2, true, 0, last_read_usable_ + 1};
      return {last_read_usable_, 0};
    }
  }
  const Cycle on_bus = send(true, target, offered, pause, competes);
  const Cycle extra = on_bus_ - on_bus;
  last_read_doubleword_ = target.side_effects ? UINT32_MAX : doubleword;
  last_read_answer_ = on_bus + 3 + extra;
  last_read_usable_ = on_bus + 4 + extra;
  return {last_read_usable_, on_bus};
}

DmaPort::Advance LoadStoreBus::advance(Cycle pause) {
  const DmaPort::Advance advance = port_.advance(pause);
  if (advance.earlier == 0) return advance;
  const auto move = [&advance](Cycle& time) {
    if (time > advance.granted && time < DmaPort::never) time -= advance.earlier;
  };
  for (Access& access : accesses_) {
    move(access.answered);
    move(access.free);
    move(access.sent);
  }
  for (Cycle* each : {&accepted_, &on_bus_, &read_sent_, &write_end_, &last_read_answer_, &last_read_usable_})
    move(*each);
  return advance;
}

void LoadStoreBus::send_iccm_store(uint32_t word, Cycle offered) {
  const Cycle time = doubleword_free(word, offered);
  const uint64_t number = port_.next();
  if (last_to_port_) {
    port_.store_behind(word, time);
  } else {
    const Cycle sent = std::max(time, accepted_ + 1);
    place_write(sent);
    port_.store(word, {sent, accepted_, on_bus_, on_bus_ + 1});
  }
  last_ = Kind::write;
  last_to_port_ = answers_open_ = true;
  accesses_[next_access_++ % accesses_.size()] = {word,          false,         0, DmaPort::never, number,
                                                  held_decoded_, DmaPort::never};
  learn_answers();
}

LoadStoreBus::Cycle LoadStoreBus::send(bool read, const Target& target, Cycle offered, Cycle pause, bool competes) {
  const uint32_t word = target.address >> 2;
  Cycle time = doubleword_free(word, offered);
  if (last_to_port_) {
    // What is open yet is decided by what comes: decode waits for this access, and fetch pauses meanwhile.
    const DmaPort::Passage passage = port_.last(std::max(pause, offered));
    accepted_ = passage.accepted;
    on_bus_ = passage.on_bus;
    write_end_ = passage.passed + 1;
    last_to_port_ = false;
    if (target.iccm) time = std::max(time, passage.passed + DmaPort::answer_delay);
  }
  time = std::max(time, accepted_ + 1);
  if (!read) {
    place_write(time);
    write_end_ = on_bus_ + 2;
    last_ = Kind::write;
    const Cycle answered = on_bus_ + 3;
    accesses_[next_access_++ % accesses_.size()] = {word, false, answered, answered, 0, held_decoded_, time};
    return on_bus_;
  }

  Cycle on_bus = time;
  const Cycle behind = on_bus_;
  accepted_ = time;
  if (last_ == Kind::read) {
    if (time == read_sent_ + 1) {
      // Behind one from the ICCM too, although that holds the bus longer.
      on_bus = accepted_ = behind + 1;
      // It streams behind the one before, which is then answered a cycle earlier than a single read.
      for (Access& access : accesses_) {
        if (!access.read || access.answered != behind + 4) continue;
        --access.answered;
        --access.free;
        early_answer_ = behind + 3;
      }
      if (last_read_usable_ == behind + 4) --last_read_usable_;
    } else {
      on_bus = accepted_ = std::max(time, behind + 4);
    }
  } else if (last_ == Kind::write && time <= write_end_) {
    accepted_ = write_end_;
    on_bus = write_end_ + 1;
  }
  Cycle extra = 0;
  if (target.iccm) {
    extra = iccm_read_extra;
    if (competes) {
      const Cycle asks = on_bus + DmaPort::bus_to_memory;
      extra += port_.read(asks) - asks;
    }
    // It waits behind the stores in the port's queue; whoever waits for it lets fetch pause meanwhile.
    if (port_.pending()) {
      const Cycle drained = port_.drained(std::max(pause, offered));
      if (drained < DmaPort::never && drained >= on_bus + DmaPort::bus_to_memory) {
        extra += drained + 1 - (on_bus + DmaPort::bus_to_memory);
      }
    }
  }
  read_sent_ = on_bus;
  on_bus_ = on_bus + extra;
  last_ = Kind::read;
  const Cycle answered = on_bus + 4 + extra;
  accesses_[next_access_++ % accesses_.size()] = {word, true, answered, answered + 1};
  return on_bus;
}

void LoadStoreBus::state(StateStream& stream) {
  stream.section("load/store bus", 3);
  for (Access& access : accesses_) {
    stream(access.word);
    stream(access.read);
    stream.time(access.answered);
    stream.time(access.free);
    stream.counter(access.port, 16);
    stream.time(access.decoded);
    stream.time(access.sent);
  }
  stream.counter(next_access_, accesses_.size());
  stream.time(accepted_);
  stream.time(on_bus_);
  stream.time(write_end_);
  stream(last_);
  stream(last_read_doubleword_);
  stream.time(read_sent_);
  stream.time(last_read_answer_);
  stream.time(last_read_usable_);
  stream(held_);
  stream(holds_iccm_store_);
  holds_iccm_store_ = holds_iccm_store_ && held_;
  stream(held_target_.address);
  stream(held_target_.side_effects);
  stream(held_target_.iccm);
  stream(held_target_.rom);
  stream.time(held_decoded_);
  stream.time(early_answer_);
  port_.state(stream);
  stream(answers_open_);
  stream(last_to_port_);
}

}  // namespace veer
