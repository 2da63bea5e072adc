// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/fetch.h"

#include <algorithm>

namespace veer {

void Fetch::reset(uint32_t pc) {
  rom_.reset();
  head_ = next_ = 0;
  miscounted_ = 0;
  address_ = pc;
  earliest_ += 16;
  flushed_ = earliest_ - 1;
  after_flush_ = true;
  history_ = true_history_ = 0;
  port_holds_ = 0;
  mrac_ = 0;
}

void Fetch::set_mrac(uint32_t mrac, Cycle at) {
  if (mrac == mrac_) return;
  while (next(never, at)) {
  }
  mrac_ = mrac;
}

void Fetch::flush(Cycle at, uint32_t target, uint8_t history) {
  if (port_.pending()) {
    share_until(at);
  } else {
    while (next(at, never)) {
    }
  }
  head_ = next_ = 0;
  miscounted_ = 0;
  address_ = target;
  earliest_ = rom_.flush(at);
  if (in_iccm(target)) earliest_ = at + 1;
  flushed_ = at;
  after_flush_ = true;
  true_history_ = history;
}

void Fetch::restart(Cycle at, uint32_t pc, uint8_t history) {
  rom_.leave();
  head_ = next_ = 0;
  miscounted_ = 0;
  address_ = pc;
  earliest_ = at + 1;
  flushed_ = at;
  after_flush_ = false;
  history_ = true_history_ = history;
}

unsigned Fetch::hits_elsewhere(uint32_t address) {
  const BranchPredictor::Region* region = predictor_.region(address);
  if (region == nullptr) return 3;
  region_hits_ = region->hits.data();
  region_base_ = region->base;
  region_size_ = region->size;
  return hits(address);
}

/// The next packet where it simply follows in a line that streams in, and nothing in it can be a branch. False, and
/// nothing has happened, if it is not that simple. Decode has room for it.
bool Fetch::next_in_line() {
  const uint32_t address = address_;
  if (after_flush_ || !rom_.streams(address) || hits(address) != 0) return false;
  const Cycle first = buffer_room(earliest_ - 1) + 1;
  const Cycle at = rom_.streamed(address, first);
  if (at == never) return false;
  Packet& packet = packets_[next_++ % packets_.size()];
  packet.address = address;
  packet.fetched = at;
  packet.consumed = 0;
  packet.halfwords = (address & 0x3e) == 0x3e ? 1 : 2;
  packet.history = history_;
  packet.looked_up = false;
  predictor_.settle(at);
  const uint32_t word = (address & ~3u) + 4;
  address_ = (word & 0x3f) == 0 ? word : word | (address & 2);
  earliest_ = rom_.arrived(address, at, false);
  return true;
}

/// The next packet, unless it would be fetched in `limit` or later, or its bus request would leave in `request_limit`
/// or later.
bool Fetch::next(Cycle limit, Cycle request_limit) {
  const Cycle asked = buffer_room(earliest_ - 1);
  if (asked >= never || asked + 1 >= limit || asked + 1 >= request_limit) return false;
  Cycle first = asked + 1;
  const uint32_t address = address_;
  const bool iccm = in_iccm(address);
  Cycle at = first;
  if (iccm) {
    at = first = port_.beside_reads(first);
    if (at >= limit) return false;
    if (port_.pending() || port_holds_ > first) {
      at = first = share(first, limit);
      if (at >= limit) return false;
    }
    rom_.leave();
  } else {
    const bool cacheable = (mrac_ >> (address >> 28) * 2 & 1) != 0;
    at = rom_.fetch(address, first, cacheable, limit, request_limit);
    if (at >= never) return false;
  }

  Packet& packet = packets_[next_++ % packets_.size()];
  packet.address = address;
  packet.fetched = at;
  packet.consumed = 0;
  // The packet that follows a flush at once is looked up before the history is put right.
  const bool too_early = after_flush_ && at == flushed_ + 1;
  if (after_flush_ && !too_early) history_ = true_history_;
  packet.history = history_;

  const bool last_of_line = (address & 0x3e) == 0x3e;
  packet.halfwords = last_of_line ? 1 : 2;
  predictor_.settle(at);
  const unsigned hits_here = hits(address);
  packet.looked_up = hits_here != 0;
  bool taken = false;
  if (packet.looked_up) {
    predictor_.predict(address, history_, last_of_line, at, static_cast<unsigned>(std::min<Cycle>(at - first, 8)),
                       hits_here, packet.prediction);
    const auto& [slot, is_taken, selected, target] = packet.prediction;
    taken = is_taken;
    if (taken && selected == 0) packet.halfwords = 1;
    if (!too_early) {
      const unsigned branches = (slot[0].hit ? 1u : 0u) + (slot[1].hit ? 1u : 0u);
      if (branches != 0) history_ = static_cast<uint8_t>(history_ << branches | (taken ? 1u : 0u));
    }
  }
  if (too_early) history_ = true_history_;
  after_flush_ = false;

  if (taken) {
    address_ = packet.prediction.target & ~1u;
  } else {
    const uint32_t word = (address & ~3u) + 4;
    address_ = (word & 0x3f) == 0 ? word : word | (address & 2);
  }
  earliest_ = iccm ? at + 1 : rom_.arrived(address, at, taken);
  return true;
}

void Fetch::consume_second(unsigned count, Cycle at) {
  Packet& second = packets_[head_ % packets_.size()];
  if (second.halfwords > count) return;
  second.consumed = at;
  ++head_;
  if (head_ == next_ && !in_iccm(address_) && earliest_ <= at && rom_.asks(at)) miscounted_ = 1;
}

/// Lets the DMA port have what it can get before cycle `limit`, with a packet `wanted` in a cycle; returns when that
/// can be fetched. Its request leaves the cycle before.
Fetch::Cycle Fetch::share(Cycle wanted, Cycle limit) {
  wanted = std::max(wanted, port_holds_);
  while (port_.pending()) {
    const Cycle asks = port_.asks();
    const Cycle patience = asks + DmaPort::refusals;
    Cycle granted = never;
    // Fetch pauses from `earliest_` on.
    const Cycle in_pause = std::max(asks, earliest_ + 1);
    if (in_pause + 2 <= wanted) granted = in_pause;
    // From the cycle after the last refusal it is stopped.
    if (patience + 2 <= wanted) granted = std::min(granted, earliest_ <= patience ? patience + 1 : patience + 2);
    if (granted >= limit) break;
    port_.serve(granted);
    if (granted >= patience) {
      port_holds_ = granted + 3;
      wanted = std::max(wanted, port_holds_);
    }
  }
  return wanted;
}

void Fetch::share_until(Cycle at) {
  if (!in_iccm(address_)) port_.serve_all();
  while (next(at, never)) {
  }
  if (!in_iccm(address_) || !port_.pending()) return;
  const Cycle asked = buffer_room(earliest_ - 1);
  (void)share(asked >= never ? never : asked + 1, at);
}

void Fetch::state(StateStream& stream) {
  stream.section("fetch", 2);
  rom_.state(stream);
  stream(mrac_);
  stream.counter(head_, packets_.size());
  stream.counter(next_, packets_.size());
  stream(miscounted_);
  stream(address_);
  miscounted_ = std::min(miscounted_, 1u);
  stream.time(earliest_);
  stream.time(flushed_);
  stream(after_flush_);
  stream(history_);
  stream(true_history_);
  stream.time(port_holds_);
  if (next_ - head_ > packets_.size()) stream.fail("the fetch buffer holds more packets than it can");
  for (Packet& packet : packets_) {
    stream(packet.address);
    stream.time(packet.fetched);
    stream.time(packet.consumed);
    stream(packet.halfwords);
    stream(packet.history);
    stream(packet.looked_up);
    for (Prediction& slot : packet.prediction.slot) {
      stream(slot.hit);
      stream(slot.pc4);
      stream(slot.call);
      stream(slot.ret);
      stream(slot.way);
      stream(slot.history);
      stream(slot.offset);
      slot.way &= 1;
      slot.history &= 3;
    }
    stream(packet.prediction.taken);
    stream(packet.prediction.selected);
    stream(packet.prediction.target);
    packet.halfwords = packet.halfwords == 1 ? 1 : 2;
    packet.prediction.selected &= 1;
  }
}

}  // namespace veer
