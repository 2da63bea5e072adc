// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/predictor.h"

#include <algorithm>

namespace veer {

void BranchPredictor::add_region(uint32_t base, uint32_t size) {
  std::erase_if(regions_, [base](const Region& region) { return region.base == base; });
  Region region{.base = base, .size = size, .hits = {}, .trusted = {}, .first = {}, .words = {}};
  // Eight more bytes, so that a reader of 64 bits stays inside.
  region.hits.resize(size / 16 + 9);
  region.trusted.resize(size / 16 + 9);
  region.first.resize(256 * 32 + 1);
  const auto key = [base](uint32_t word) {
    const uint32_t pc = base + 4 * word;
    return set_of(pc) * 32u + tag_of(pc);
  };
  const uint32_t words = size / 4;
  for (uint32_t word = 0; word < words; ++word) ++region.first[key(word) + 1];
  for (std::size_t i = 1; i < region.first.size(); ++i) {
    region.first[i] = static_cast<uint16_t>(region.first[i] + region.first[i - 1]);
  }
  region.words.resize(words);
  std::vector<uint16_t> next(region.first);
  for (uint32_t word = 0; word < words; ++word) region.words[next[key(word)]++] = static_cast<uint16_t>(word);
  regions_.push_back(std::move(region));
  for (const auto& way : branches_) {
    for (unsigned set = 0; set < way.size(); ++set) {
      if ((way[set] & BranchRecord::valid_bit) != 0) refresh(static_cast<uint8_t>(set), way[set] & 31);
    }
  }
}

BranchPredictor::Region* BranchPredictor::region(uint32_t pc) {
  for (Region& region : regions_) {
    if (pc - region.base < region.size) return &region;
  }
  return nullptr;
}

void BranchPredictor::reset() {
  branches_ = {};
  least_recent_ = {};
  counters_ = {};
  returns_ = {};
  top_ = 0;
  pending_branches_ = pending_counters_ = 0;
  mispredict_cycle_ = 0;
  next_generation();
  for (Region& region : regions_) {
    std::fill(region.hits.begin(), region.hits.end(), 0);
    std::fill(region.trusted.begin(), region.trusted.end(), 0);
  }
}

/// A record of `tag` in `set` has come or gone.
void BranchPredictor::refresh(uint8_t set, uint8_t tag) {
  next_generation();
  unsigned slots = 0;
  for (const auto& way : branches_) {
    if (BranchRecord::matches(way[set], tag)) slots |= 1u << BranchRecord::slot(way[set]);
  }
  const unsigned key = set * 32u + tag;
  for (Region& region : regions_) {
    for (unsigned i = region.first[key]; i < region.first[key + 1]; ++i) {
      const unsigned halfword = 2u * region.words[i];
      const auto mask = static_cast<uint8_t>(3u << (halfword & 7));
      uint8_t& hits = region.hits[halfword >> 3];
      hits = static_cast<uint8_t>((hits & ~mask) | slots << (halfword & 7));
      region.trusted[halfword >> 3] &= static_cast<uint8_t>(~mask);
    }
  }
}

void BranchPredictor::write(uint8_t set, uint8_t way, uint32_t record) {
  const uint32_t before = branches_[way][set];
  branches_[way][set] = record;
  if ((before & BranchRecord::valid_bit) != 0) refresh(set, before & 31);
  refresh(set, record & 31);
}

void BranchPredictor::apply(Cycle cycle) {
  unsigned kept = 0;
  for (unsigned i = 0; i < pending_branches_; ++i) {
    const PendingBranch& pending = branch_queue_[i];
    if (pending.visible <= cycle) {
      write(pending.set, pending.way, pending.record);
    } else {
      branch_queue_[kept++] = pending;
    }
  }
  pending_branches_ = kept;
  kept = 0;
  for (unsigned i = 0; i < pending_counters_; ++i) {
    const PendingCounter& pending = counter_queue_[i];
    if (pending.visible <= cycle) {
      counters_[pending.bank << 8 | pending.index] = pending.value;
    } else {
      counter_queue_[kept++] = pending;
    }
  }
  pending_counters_ = kept;
}

void BranchPredictor::write_branch(uint32_t end, unsigned way, const BranchRecord& record, Cycle visible) {
  if (pending_branches_ == branch_queue_.size()) apply(branch_queue_[0].visible);
  branch_queue_[pending_branches_++] = {visible, set_of(end), static_cast<uint8_t>(way), record.packed()};
}

void BranchPredictor::write_counter(uint32_t end, uint8_t history, uint8_t value, Cycle visible) {
  if (pending_counters_ == counter_queue_.size()) apply(counter_queue_[0].visible);
  counter_queue_[pending_counters_++] = {visible, static_cast<uint8_t>(end >> 1 & 1),
                                         static_cast<uint8_t>(set_of(end) ^ history), value};
}

void BranchPredictor::mispredicted(uint32_t end, unsigned way, Cycle cycle) {
  mispredict_cycle_ = cycle;
  mispredict_set_ = set_of(end);
  mispredict_tag_ = tag_of(end);
  least_recent_[set_of(end)] = way == 0 ? 1 : 0;
}

Prediction BranchPredictor::look_up(uint8_t set, uint8_t tag, unsigned slot, uint8_t history, bool same_cycle,
                                    bool can_hit) const {
  Prediction found;
  found.history = counters_[slot << 8 | (set ^ history)];
  // Both ways may hold a branch for this slot; their bits are then or-ed together.
  uint32_t bits = 0;
  for (uint8_t way = 0; can_hit && way < 2; ++way) {
    const uint32_t record = branches_[way][set];
    if (!BranchRecord::matches(record, tag) || BranchRecord::slot(record) != slot) continue;
    found.way = way;
    bits |= record;
  }
  found.hit = bits != 0;
  found.pc4 = (bits & BranchRecord::pc4_bit) != 0;
  found.call = (bits & BranchRecord::call_bit) != 0;
  found.ret = (bits & BranchRecord::ret_bit) != 0;
  found.offset = static_cast<uint16_t>(bits >> 16);
  if (!found.hit) found.way = same_cycle ? 0 : least_recent_[set];
  if (found.call || found.ret) found.history |= 2;
  return found;
}

void BranchPredictor::predict(uint32_t address, uint8_t history, bool last_of_line, Cycle cycle, unsigned waited,
                              unsigned hits, PacketPrediction& result) {
  settle(cycle);
  const uint32_t second_address = address + 2;
  const uint8_t set = set_of(address);
  const uint8_t second_set = set_of(second_address);
  const auto same_cycle = [&](uint8_t at, uint8_t tag) {
    return mispredict_cycle_ == cycle && mispredict_set_ == at && mispredict_tag_ == tag;
  };
  const uint8_t tag = tag_of(address);
  const uint8_t second_tag = tag_of(second_address);
  result.slot[0] = look_up(set, tag, address >> 1 & 1, history, same_cycle(set, tag), (hits & 1) != 0);
  result.slot[1] = look_up(second_set, second_tag, second_address >> 1 & 1, history, same_cycle(second_set, second_tag),
                           (hits & 2) != 0);
  if (last_of_line) result.slot[1].hit = false;
  if (result.slot[0].hit || result.slot[1].hit) {
    const auto first_way = [this](uint8_t at, uint8_t wanted) {
      return BranchRecord::matches(branches_[0][at], wanted);
    };
    const uint32_t next_word = (address & ~3u) + 4;
    least_recent_[set] = first_way(set, tag) ? 1 : 0;
    if (first_way(set_of(next_word), tag_of(next_word))) least_recent_[set_of(next_word)] = 1;
  }
  result.selected = result.slot[0].taken() ? 0 : 1;
  const Prediction& selected = result.slot[result.selected];
  result.taken = selected.taken();
  result.target = 0;
  if (!result.taken) return;

  const uint32_t end = address + 2 * result.selected;
  const uint32_t branch = end - (selected.pc4 ? 2 : 0);
  const auto distance = static_cast<uint32_t>(static_cast<int32_t>(uint32_t{selected.offset} << 20) >> 19);
  result.target = branch + distance;
  const unsigned times = std::min(waited + 1, 8u);
  if (selected.ret && !selected.call) {
    for (unsigned i = 1; i < times; ++i) pop_return();
    if (return_valid()) result.target = return_address();
    pop_return();
  } else if (selected.call && !selected.ret) {
    // The adder that makes the return address leaves out the second halfword of a 32-bit call.
    for (unsigned i = 0; i < times; ++i) push_return(branch + (selected.pc4 ? 0 : 2));
  }
}

void BranchPredictor::state(StateStream& stream) {
  stream.section("branch predictor", 2);
  for (auto& way : branches_) stream(way);
  stream(least_recent_);
  stream(counters_);
  std::rotate(returns_.begin(), returns_.begin() + top_, returns_.end());
  top_ = 0;
  for (Return& entry : returns_) {
    stream(entry.address);
    stream(entry.valid);
  }
  stream(pending_branches_);
  stream(pending_counters_);
  if (pending_branches_ > branch_queue_.size() || pending_counters_ > counter_queue_.size()) {
    stream.fail("the branch predictor has too many updates pending");
    pending_branches_ = pending_counters_ = 0;
  }
  for (PendingBranch& pending : branch_queue_) {
    stream.time(pending.visible);
    stream(pending.set);
    stream(pending.way);
    stream(pending.record);
    pending.record &= BranchRecord::all_bits;
    pending.way &= 1;
  }
  for (PendingCounter& pending : counter_queue_) {
    stream.time(pending.visible);
    stream(pending.bank);
    stream(pending.index);
    stream(pending.value);
    pending.bank &= 1;
    pending.value &= 3;
  }
  stream.time(mispredict_cycle_);
  stream(mispredict_set_);
  stream(mispredict_tag_);
  std::vector<std::vector<uint8_t>> trusted;
  for (Region& region : regions_) {
    // What does not hit is not asked whether it is trusted: leave no trace of it.
    trusted.push_back(region.trusted);
    for (std::size_t i = 0; i < trusted.back().size(); ++i) trusted.back()[i] &= region.hits[i];
    stream.bytes(trusted.back());
  }
  if (!stream.restoring()) return;
  for (auto& way : branches_) {
    for (uint32_t& record : way) record &= BranchRecord::all_bits;
  }
  for (uint8_t& value : least_recent_) value &= 1;
  for (uint8_t& value : counters_) value &= 3;
  next_generation();
  for (Region& region : regions_) std::fill(region.hits.begin(), region.hits.end(), 0);
  for (const auto& way : branches_) {
    for (unsigned set = 0; set < way.size(); ++set) {
      if ((way[set] & BranchRecord::valid_bit) != 0) refresh(static_cast<uint8_t>(set), way[set] & 31);
    }
  }
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    for (std::size_t j = 0; j < regions_[i].trusted.size(); ++j)
      regions_[i].trusted[j] = trusted[i][j] & regions_[i].hits[j];
  }
}

}  // namespace veer
