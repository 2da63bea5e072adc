// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Fetch and alignment (el2_ifu_ifc_ctl.sv, el2_ifu_aln_ctl.sv): one packet of 4 bytes a cycle, begun at any halfword
// and cut at the end of a 64-byte line, into a buffer of three packets. Packets are worked out only when decode needs
// them, or when a flush asks how far fetch had run ahead.
//
// ICCM stores that come over the DMA port (dma_port.h) take the memory, one a cycle, from the second cycle on in which
// fetch asks for nothing. A store refused seven times stops fetch (el2_dma_ctrl.sv: dma_iccm_stall_any) until the cycle
// after it has got the memory, in which the next may as well. Measured: st_iccm_*, st_ld_iccm, zero_iccm_loop256.

#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "iss/timing/dma_port.h"
#include "iss/timing/predictor.h"
#include "iss/timing/rom_fetch.h"

namespace veer {

struct Packet {
  uint32_t address = 0;
  uint64_t fetched = 0;   ///< cycle; decode can see it in the next
  uint64_t consumed = 0;  ///< when decode had taken all of it
  unsigned halfwords = 2;
  uint8_t history = 0;     ///< the global history it was looked up with
  bool looked_up = false;  ///< something in it hit in the branch target buffer; else `prediction` is not filled in
  BranchPredictor::PacketPrediction prediction;
};

class Fetch {
 public:
  using Cycle = uint64_t;

  Fetch(BranchPredictor& predictor, DmaPort& port) : predictor_(predictor), port_(port) {}

  /// The predictor has got another region.
  void regions_changed() { region_size_ = 0; }
  void set_iccm(uint32_t base, uint32_t size) {
    iccm_base_ = base;
    iccm_size_ = size;
  }
  [[nodiscard]] bool in_iccm(uint32_t address) const { return address - iccm_base_ < iccm_size_; }
  /// mrac: bit 2n says that region n is cacheable. Packets asked for before `at` still see the old value.
  void set_mrac(uint32_t mrac, Cycle at);

  /// The pipeline is refilled from `target`, because of something in cycle `at`; `history` is the true global history.
  void flush(Cycle at, uint32_t target, uint8_t history);

  /// Fetch goes on at `pc` in the cycle after `at`, with an empty buffer; what was under way is forgotten.
  void restart(Cycle at, uint32_t pc, uint8_t history);

  /// The packet decode is at, and the one after it.
  Packet& head() {
    if (head_ == next_) need();
    return packets_[head_ % packets_.size()];
  }
  Packet& second() {
    while (next_ - head_ < 2) need();
    return packets_[(head_ + 1) % packets_.size()];
  }
  /// Decode takes `count` halfwords of the head from halfword `from` on (and goes on into the second) in cycle `at`.
  void consume(unsigned from, unsigned count, Cycle at) {
    Packet& first = packets_[head_ % packets_.size()];
    const unsigned left = first.halfwords - from;
    if (count < left) return;
    first.consumed = at;
    ++head_;
    if (count != left) consume_second(count - left, at);
  }

  /// From when on fetch pauses if decode takes nothing more.
  [[nodiscard]] Cycle pauses_from() const {
    return std::max(earliest_, port_holds_) + 3 - std::min<uint64_t>(next_ - head_, 3) + 1;
  }
  /// Decode has taken all that it will take before cycle `at`: what the DMA port gets until then.
  void share_until(Cycle at);

  void rom_data_read(Cycle at) { rom_.data_read(at); }

  void reset(uint32_t pc);
  void state(StateStream& stream);

 private:
  static constexpr Cycle never = RomFetch::never;

  bool next(Cycle limit, Cycle request_limit);
  bool next_in_line();
  void consume_second(unsigned count, Cycle at);
  /// Which halfwords of the packet at `address` a branch may end in (bits 0 and 1).
  unsigned hits(uint32_t address) {
    const uint32_t offset = address - region_base_;
    if (offset >= region_size_) [[unlikely]]
      return hits_elsewhere(address);
    const uint32_t halfword = offset >> 1;
    const uint8_t* const bytes = region_hits_ + (halfword >> 3);
    return (bytes[0] | bytes[1] << 8) >> (halfword & 7) & 3;
  }
  unsigned hits_elsewhere(uint32_t address);
  void need() {
    // Only a restored state that never was can leave the buffer without room.
    if (next_in_line()) return;
    while (!next(never, never)) head_ = next_ = miscounted_ = 0;
  }
  /// When the buffer lets the next packet be asked for, not before `from`: when there is room for it, or when a packet
  /// leaves in that very cycle.
  [[nodiscard]] Cycle buffer_room(Cycle from) const {
    const unsigned room = 3 - miscounted_;
    if (next_ < room) return from;
    const auto consumed = [this](uint64_t number) {
      return number < head_ ? packets_[number % packets_.size()].consumed : never;
    };
    const Cycle last = consumed(next_ - room);
    if (last <= from || next_ < room + 1) return std::max(last, from);
    const Cycle before = consumed(next_ - room - 1);
    return before >= from ? before : last;
  }
  [[nodiscard]] Cycle share(Cycle wanted, Cycle limit);

  BranchPredictor& predictor_;
  DmaPort& port_;
  RomFetch rom_;
  // The predictor's region that fetch was in last.
  const uint8_t* region_hits_ = nullptr;
  uint32_t region_base_ = 0;
  uint32_t region_size_ = 0;
  uint32_t iccm_base_ = 0;
  uint32_t iccm_size_ = 0;
  uint32_t mrac_ = 0;

  std::array<Packet, 8> packets_{};
  uint64_t head_ = 0;  ///< counted from the last flush
  uint64_t next_ = 0;
  /// Packets that the RTL believes to be in the buffer and are not: it loses count when two leave while a miss is
  /// pending, until the next flush (fb_right and fb_right2 at once). Measured: the ROM's print loop, 43 or 55 cycles a
  /// character.
  unsigned miscounted_ = 0;
  uint32_t address_ = 0;  ///< of the next packet
  Cycle earliest_ = 0;    ///< the next packet's cycle
  Cycle flushed_ = 0;
  bool after_flush_ = true;   ///< no packet since the last flush
  uint8_t history_ = 0;       ///< as fetch sees it
  uint8_t true_history_ = 0;  ///< what the last flush restores

  Cycle port_holds_ = 0;  ///< the DMA port lets no packet be fetched before
};

}  // namespace veer
