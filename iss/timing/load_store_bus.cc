// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/load_store_bus.h"

namespace veer {

LoadStoreBus::Cycle LoadStoreBus::room(Cycle at) {
  if (held_ && at > held_decoded_ + 1) send_held_store();
  const Cycle free = oldest(held_ ? 1 : 0).free;
  if (free <= at) return at;
  if (held_ && free > held_decoded_ + 1) send_held_store();
  return free;
}

LoadStoreBus::Cycle LoadStoreBus::idle_from() {
  send_held_store();
  Cycle idle = 0;
  for (const Access& access : accesses_) idle = std::max(idle, access.free);
  return idle;
}

LoadStoreBus::LoadTiming LoadStoreBus::load(const Target& target, Cycle decoded) {
  if (held_) send_held_store_after(decoded == held_decoded_ + 1 ? 3 : 5);
  const Cycle offered = decoded + 3;
  const uint32_t doubleword = target.address >> 3;
  if (!target.side_effects) {
    // A store that still waits serves the load.
    for (const Access& access : accesses_) {
      if (!access.read && access.word == target.address >> 2 && access.answered > decoded + 1) {
        return {decoded + 1, 0};
      }
    }
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
  const Cycle on_bus = send(true, target, offered);
  const Cycle extra = target.iccm ? iccm_read_extra : 0;
  last_read_doubleword_ = target.side_effects ? UINT32_MAX : doubleword;
  last_read_answer_ = on_bus + 3 + extra;
  last_read_usable_ = on_bus + 4 + extra;
  return {last_read_usable_, on_bus};
}

LoadStoreBus::Cycle LoadStoreBus::send(bool read, const Target& target, Cycle offered) {
  const uint32_t word = target.address >> 2;
  Cycle time = std::max(offered, accepted_ + 1);
  for (const Access& access : accesses_) {
    if (access.word >> 1 == word >> 1) time = std::max(time, access.answered);
  }
  Cycle on_bus = time;
  accepted_ = time;
  if (read && last_ == Kind::read) {
    if (time == on_bus_ + 1) {
      // It streams behind the one before, which is then answered a cycle earlier than a single read.
      for (Access& access : accesses_) {
        if (!access.read || access.answered != on_bus_ + 4) continue;
        --access.answered;
        --access.free;
        early_answer_ = on_bus_ + 3;
      }
      if (last_read_usable_ == on_bus_ + 4) --last_read_usable_;
    } else {
      on_bus = accepted_ = std::max(time, on_bus_ + 4);
    }
  } else if (read && last_ == Kind::write) {
    if (time <= on_bus_ + 2) {
      accepted_ = on_bus_ + 2;
      on_bus = on_bus_ + 3;
    }
  } else if (!read && last_ == Kind::read) {
    accepted_ = std::max(time, on_bus_ + 4);
    on_bus = accepted_ + 1;
  } else if (!read && last_ == Kind::write && time <= on_bus_ + 2) {
    accepted_ = on_bus_ + (time <= on_bus_ ? 0 : 2);
    on_bus = on_bus_ + (time <= on_bus_ ? 2 : 3);
  } else if (!read) {
    on_bus = time + 1;
  }
  const Cycle extra = read && target.iccm ? iccm_read_extra : 0;
  on_bus_ = on_bus + extra;
  last_ = read ? Kind::read : Kind::write;
  const Cycle answered = on_bus + (read ? 4 : 3) + extra;
  accesses_[next_access_++ % accesses_.size()] = {word, read, answered, answered + (read ? 1 : 0)};
  return on_bus;
}

void LoadStoreBus::state(StateStream& stream) {
  stream.section("load/store bus", 1);
  for (Access& access : accesses_) {
    stream(access.word);
    stream(access.read);
    stream.time(access.answered);
    stream.time(access.free);
  }
  stream.counter(next_access_, accesses_.size());
  stream.time(accepted_);
  stream.time(on_bus_);
  stream(last_);
  stream(last_read_doubleword_);
  stream.time(last_read_answer_);
  stream.time(last_read_usable_);
  stream(held_);
  stream(held_target_.address);
  stream(held_target_.side_effects);
  stream(held_target_.iccm);
  stream(held_target_.rom);
  stream.time(held_decoded_);
  stream.time(early_answer_);
  stream.time(iccm_store_);
}

}  // namespace veer
