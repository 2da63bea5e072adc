// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Instruction fetch over AHB (el2_ifu_mem_ctl.sv without an instruction cache, axi4_to_ahb.sv). A miss brings a line of
// 64 bytes as eight beats, the wanted one first; fetch follows the beats while they stream in, and nothing is kept
// afterwards. Where mrac says that the region is not cacheable, a miss brings two beats and serves one packet.
//
// Measured: timing/rtl/ift2-summary.txt, the request and retire cycle of every instruction; this reproduces it exactly.
// With a request on the bus in cycle T: packets arrive in T+3 .. T+11 (instructions retire four cycles later), the last
// beat is there in T+11, and the next request leaves in T+12 if it is for another line, else in T+14.

#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "iss/state_stream.h"

namespace veer {

class RomFetch {
 public:
  using Cycle = uint64_t;
  static constexpr Cycle never = UINT64_MAX / 2;

  /// When the packet at `address`, asked for from cycle `first` on, is there; `never`, and nothing happens, if what
  /// must happen before is not before `limit` (a flush) or the bus request not before `request_limit`.
  Cycle fetch(uint32_t address, Cycle first, bool cacheable, Cycle limit, Cycle request_limit) {
    if (!cacheable) return fetch_alone(address, first, limit, request_limit);
    const uint32_t line = address >> 6;
    const Cycle end = last_beat();
    const bool filling = active_ && first <= end + 1;
    Cycle request = first + 1;
    if (filling && alone_) {
      request = start_ + (even_critical() ? 8 : 7);
    } else if (filling && streaming_) {
      if (first == end + 1) ++first;
      if (line == line_ && first <= end) {
        const Cycle arrives = arrival(address, first);
        if (arrives <= end) return arrives < limit ? arrives : never;
      }
      request = end + 3;
    } else if (filling) {
      // The line still comes in, but a jump has left it.
      while (first <= end && write_stall(first - 1)) ++first;
      request = first < end && line != line_ ? end + 1 : end + 3;
    }
    if (request - 1 >= limit || request - 1 >= request_limit) return never;
    begin(address, request, false);
    const Cycle arrives = start_ + (crosses_beat(address) && critical_ != 7 ? 4 : 3);
    return arrives < limit ? arrives : never;
  }

  /// Whether the packet at `address` may come with the line that streams in, undisturbed by loads.
  [[nodiscard]] bool streams(uint32_t address) const {
    return streaming_ && !alone_ && address >> 6 == line_ && last_read_ < start_;
  }
  /// When it does, asked for from cycle `asked` on; `never` if it comes too late for that. Nothing happens.
  [[nodiscard]] Cycle streamed(uint32_t address, Cycle asked) const {
    const Cycle end = start_ + 11;
    Cycle first = asked;
    if (first > end) return never;
    const auto beat_there = [this](uint32_t beat) {
      const uint32_t order = (beat - critical_) & 7;
      return start_ + (order == 7 ? 11 : 3 + order);
    };
    const uint32_t beat = address >> 3 & 7;
    Cycle data = beat_there(beat);
    if (crosses_beat(address) && beat != 7) data = std::max(data, beat_there(beat + 1));
    if (first < data) {
      // Asked for in each cycle up to the critical beat's, then in every second one.
      if (first <= start_ + 3) first = std::min(data, start_ + 4);
      first += (data - first + 1) / 2 * 2;
    }
    return first <= end ? first : never;
  }

  /// A packet has arrived in cycle `at`. The cycle from which the next one can be asked for.
  Cycle arrived(uint32_t address, Cycle at, bool taken) {
    const bool last_of_line = (address & 0x3c) == 0x3c;
    if (!streaming_ || !(taken || (last_of_line && at > start_ + 3))) return at + 1;
    streaming_ = false;
    return at > start_ + 3 && write_stall(at) ? at + 2 : at + 1;
  }

  /// A flush in cycle `at`. The cycle in which the first packet of the new path can be asked for.
  Cycle flush(Cycle at) {
    const bool waiting_for_critical = streaming_ && at <= start_ + 3;
    const bool stalled = active_ && at <= last_beat() && !waiting_for_critical && write_stall(at);
    streaming_ = false;
    return at + (stalled ? 2 : 1);
  }

  /// Whether a packet that is waited for is asked for in cycle `at`.
  [[nodiscard]] bool asks(Cycle at) const {
    return streaming_ || !active_ || at > last_beat() + 1 || !write_stall(at - 1);
  }

  /// Fetch goes on elsewhere.
  void leave() { streaming_ = false; }

  /// A load from the ROM is on the bus in cycle `at`: it has priority, and the beats after it come a cycle later.
  void data_read(Cycle at) {
    reads_[next_read_++ % reads_.size()] = at;
    last_read_ = std::max(last_read_, at);
  }

  /// Forgets everything.
  void reset() { *this = RomFetch(); }

  void state(StateStream& stream) {
    stream.time(start_);
    stream(line_);
    stream(critical_);
    stream(active_);
    stream(streaming_);
    stream(alone_);
    for (Cycle& read : reads_) stream.time(read);
    stream.counter(next_read_, reads_.size());
    critical_ &= 7;
    last_read_ = *std::max_element(reads_.begin(), reads_.end());
  }

 private:
  [[nodiscard]] bool even_critical() const { return (critical_ & 1) == 0; }
  static bool crosses_beat(uint32_t address) { return (address & 6) == 6; }

  void begin(uint32_t address, Cycle request, bool alone) {
    start_ = request;
    line_ = address >> 6;
    critical_ = address >> 3 & 7;
    active_ = true;
    streaming_ = !alone;
    alone_ = alone;
  }

  /// Loads that were on the bus before the beat that is due in `due` left.
  [[nodiscard]] Cycle delays(Cycle due) const {
    Cycle count = 0;
    if (last_read_ < start_) return count;
    for (const Cycle read : reads_) {
      if (read >= start_ && read < start_ + 8 && read <= due) ++count;
    }
    return count;
  }

  [[nodiscard]] Cycle last_beat() const { return start_ + (alone_ ? 5 : 11 + delays(start_ + 7)); }

  /// The RTL writes each pair of beats to the cache that is not there, and stops fetching for that.
  [[nodiscard]] bool write_stall(Cycle at) const {
    const Cycle since = at - start_;
    if (alone_) return even_critical() && since == 5;
    return even_critical() ? since == 4 || since == 6 || since == 8 || since == 11
                           : since == 5 || since == 7 || since == 9 || since == 11;
  }

  [[nodiscard]] Cycle beat_arrival(uint32_t beat) const {
    const uint32_t order = (beat - critical_) & 7;
    return order == 7 ? start_ + 11 + delays(start_ + 7) : start_ + 3 + order + delays(start_ + order);
  }

  [[nodiscard]] Cycle arrival(uint32_t address, Cycle first) const {
    const uint32_t beat = address >> 3 & 7;
    Cycle data = beat_arrival(beat);
    if (crosses_beat(address) && beat != 7) data = std::max(data, beat_arrival(beat + 1));
    while (first < data) first += first <= start_ + 3 ? 1 : 2;
    return first;
  }

  Cycle fetch_alone(uint32_t address, Cycle first, Cycle limit, Cycle request_limit) {
    Cycle request = first + 1;
    if (active_ && first <= last_beat()) {
      request = start_ + (alone_ ? (even_critical() ? 8 : 7) : 14);
    } else if (active_ && write_stall(first - 1)) {
      ++request;
    }
    if (request - 1 >= limit || request - 1 >= request_limit) return never;
    begin(address, request, true);
    const Cycle arrives = start_ + (crosses_beat(address) ? 5 : 3);
    return arrives < limit ? arrives : never;
  }

  Cycle start_ = 0;        ///< the request's address phase on the bus
  uint32_t line_ = 0;      ///< address / 64
  uint32_t critical_ = 0;  ///< the beat that comes first
  bool active_ = false;
  bool streaming_ = false;  ///< fetch follows the beats
  bool alone_ = false;      ///< two beats for one packet
  std::array<Cycle, 4> reads_{};
  uint32_t next_read_ = 0;
  Cycle last_read_ = 0;  ///< the latest of them
};

}  // namespace veer
