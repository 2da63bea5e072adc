// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/dma_port.h"

#include <algorithm>

namespace veer {
namespace {

constexpr DmaPort::Cycle never = DmaPort::never;

/// The latest of them, or `never`.
template <typename... Cycles>
DmaPort::Cycle latest(Cycles... cycles) {
  return std::min(never, std::max({cycles...}));
}

}  // namespace

DmaPort::Store& DmaPort::add(uint32_t word) {
  // Only a restored state that never was can hold more stores than the load/store unit lets out.
  if (next_ - served_ >= stores_.size() - 2) serve_all();
  Store& store = at(next_);
  store = {};
  store.word = word;
  store.served = never;
  return store;
}

void DmaPort::store(uint32_t word, Passage passage) {
  add(word).passage = passage;
  ++next_;
  resolve();
}

void DmaPort::store_behind(uint32_t word, Cycle offered) {
  Store& store = add(word);
  store.behind = true;
  store.offered = offered;
  ++next_;
  resolve();
}

void DmaPort::place(uint64_t number) {
  Store& store = at(number);
  const Store& before = at(number - 1);
  Passage& passage = store.passage;
  Cycle ready = passage.on_bus + 1;
  if (store.behind) {
    Cycle time = latest(store.offered, before.passage.accepted + 1);
    // One access at a time to a doubleword.
    for (unsigned back = 1; back <= 4; ++back) {
      const Store& older = at(number - back);
      if (older.word >> 1 == store.word >> 1) time = latest(time, older.passage.passed + answer_delay);
    }
    const Cycle free = latest(before.passage.passed + 1);
    passage.sent = time;
    if (time <= before.passage.on_bus) {
      passage.accepted = before.passage.on_bus;
      passage.on_bus = free;
    } else {
      passage.accepted = latest(time, free);
      passage.on_bus = passage.accepted + 1;
    }
    ready = passage.on_bus + 1;
  }
  passage.passed = latest(ready, before.buffered);
  store.buffered = latest(passage.passed + 1, before.queued);
  store.queued = latest(store.buffered + 1, at(number - queue_depth).served + 2);
}

void DmaPort::resolve() {
  for (uint64_t number = open_; number != next_; ++number) {
    place(number);
    if (number == open_ && at(number).queued < never) ++open_;
  }
}

DmaPort::Cycle DmaPort::asks() const {
  if (served_ == next_ || served_ >= open_) return never;
  return std::max(at(served_).queued, at(served_ - 1).served) + 1;
}

void DmaPort::serve(Cycle cycle) {
  at(served_++).served = cycle;
  if (open_ != next_) resolve();
}

void DmaPort::serve_all() {
  while (pending()) {
    const Cycle cycle = asks();
    if (cycle >= never) {
      // Only in a restored state that never was.
      return reset();
    }
    serve(cycle);
  }
}

DmaPort::Passage DmaPort::last(Cycle from) const {
  if (at(next_ - 1).passage.passed < never) return at(next_ - 1).passage;
  DmaPort other = *this;
  while (other.at(next_ - 1).passage.passed >= never && other.asks() < never) other.serve(std::max(from, other.asks()));
  return other.at(next_ - 1).passage;
}

DmaPort::Cycle DmaPort::drained(Cycle from) const {
  DmaPort other = *this;
  while (other.pending() && other.asks() < never) other.serve(std::max(from, other.asks()));
  return other.at(next_ - 1).served;
}

DmaPort::Cycle DmaPort::answered(uint64_t number) const {
  return next_ - number > stores_.size() ? 0 : latest(at(number).passage.passed + answer_delay);
}

DmaPort::Advance DmaPort::advance(Cycle pause) {
  for (unsigned i = 0; i < reads_.size(); ++i) {
    Read& read = reads_[(next_read_ + i) % reads_.size()];
    const Cycle granted = std::max(pause, read.asks);
    if (granted >= read.granted) continue;
    const Advance result{.granted = read.granted, .earlier = read.granted - granted};
    read.granted = granted;
    last_granted_ = granted;
    for (unsigned j = i + 1; j < reads_.size(); ++j) {
      Read& later = reads_[(next_read_ + j) % reads_.size()];
      if (later.asks > result.granted) {
        later.asks -= result.earlier;
        later.granted -= result.earlier;
      }
      last_granted_ = std::max(last_granted_, later.granted);
    }
    return result;
  }
  return {};
}

void DmaPort::state(StateStream& stream) {
  stream.section("DMA port", 2);
  for (Store& store : stores_) {
    stream(store.word);
    stream(store.behind);
    for (Cycle* each : {&store.offered, &store.passage.sent, &store.passage.accepted, &store.passage.on_bus,
                        &store.passage.passed, &store.buffered, &store.queued, &store.served}) {
      stream.time(*each);
    }
  }
  for (Read& read : reads_) {
    stream.time(read.asks);
    stream.time(read.granted);
  }
  stream.counter(next_read_, reads_.size());
  stream.time(last_granted_);
  stream.counter(next_, stores_.size());
  stream.counter(open_, stores_.size());
  stream.counter(served_, stores_.size());
  bool possible = served_ <= open_ && open_ <= next_ && next_ - served_ <= stores_.size();
  for (uint64_t i = served_; possible && i != open_; ++i) possible = at(i).queued < never;
  if (!possible || (pending() && asks() >= never)) {
    stream.fail("the DMA port has stores on their way that never arrive");
    reset();
  }
}

}  // namespace veer
