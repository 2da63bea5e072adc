// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/dma_port.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "iss/timing/fetch.h"
#include "iss/timing/load_store_bus.h"
#include "iss/timing/predictor.h"

namespace {

using veer::BranchPredictor;
using veer::DmaPort;
using veer::Fetch;
using veer::LoadStoreBus;

constexpr auto never = DmaPort::never;
constexpr uint32_t iccm_base = 0x40000000;

/// A store whose address phase is in cycle `on_bus`.
DmaPort::Passage passage(DmaPort::Cycle on_bus) { return {on_bus - 1, on_bus - 1, on_bus, on_bus + 1}; }

LoadStoreBus::Target iccm(uint32_t address) {
  return {.address = address, .side_effects = false, .iccm = true, .rom = false};
}

/// Fetch from the ICCM, of straight code of 32-bit instructions.
struct Straight {
  Straight() {
    predictor.add_region(iccm_base, 0x1000);
    fetch.set_iccm(iccm_base, 0x1000);
    fetch.reset(iccm_base);
    fetch.flush(1000, iccm_base, 0);
  }
  /// The next instruction is decoded in `cycle` or as soon as it is there; returns when that is.
  DmaPort::Cycle decode(DmaPort::Cycle cycle) {
    cycle = std::max(cycle, fetch.head().fetched + 1);
    fetch.consume(0, 2, cycle);
    return cycle;
  }

  BranchPredictor predictor;
  DmaPort port;
  Fetch fetch{predictor, port};
};

}  // namespace

TEST_CASE("a store asks for the ICCM four cycles after its address phase, the next a cycle after it at best") {
  DmaPort port;
  port.store(0x1000, passage(100));
  CHECK(port.asks() == 104);
  CHECK(port.answered(port.next() - 1) == 103);
  port.store_behind(0x2000, 99);
  CHECK(port.last(0).on_bus == 102);
  port.serve(110);
  CHECK(port.asks() == 111);
  port.serve(111);
  CHECK_FALSE(port.pending());
  CHECK(port.asks() == never);
}

TEST_CASE("seven stores find room in the DMA port, the eighth stays on the bus until the first is through") {
  DmaPort port;
  const uint64_t first = port.next();
  port.store(0, passage(100));
  for (uint32_t i = 1; i < 10; ++i) port.store_behind(4 * i, 100);
  CHECK(port.answered(first + 6) == 115);
  CHECK(port.answered(first + 7) == never);
  // If fetch pauses from cycle 200 on, the memory takes one a cycle, and the bus keeps up for so few.
  CHECK(port.drained(200) == 209);
  port.serve(200);
  // Its entry is free in 202: the data on the bus move on.
  CHECK(port.answered(first + 7) == 204);
  CHECK(port.answered(first + 8) == never);
  port.serve_all();
  CHECK(port.answered(first + 9) < never);
  CHECK_FALSE(port.pending());
}

TEST_CASE("a refused store stops fetch for three cycles, in which the memory takes two") {
  Straight straight;
  uint64_t at = 1001;
  for (int i = 0; i < 20; ++i) CHECK((at = straight.decode(at + 1)) == 1002 + static_cast<uint64_t>(i));
  // From 1030 on three stores ask.
  straight.port.store(0x100, passage(1026));
  straight.port.store_behind(0x200, 1026);
  straight.port.store_behind(0x300, 1026);
  uint64_t lost = 0;
  for (int i = 0; i < 20; ++i) {
    const uint64_t next = straight.decode(at + 1);
    lost += next - at - 1;
    at = next;
  }
  CHECK(at == 1044);
  CHECK(lost == 3);
  // The first two have been taken in 1039 and 1040; the third asks since.
  CHECK(straight.port.asks() == 1041);
  CHECK(straight.port.pending());
}

TEST_CASE("a store gets the ICCM when fetch pauses for a second cycle") {
  Straight straight;
  straight.decode(1002);
  straight.port.store(0x100, passage(1000));
  // Decode takes nothing more; three packets are fetched in 1002 to 1004.
  straight.fetch.share_until(1006);
  CHECK(straight.port.pending());
  straight.fetch.share_until(1007);
  CHECK_FALSE(straight.port.pending());
}

TEST_CASE("a load finds none of several stores to its word, once one is on its way and none has just been decoded") {
  LoadStoreBus bus;
  for (const uint64_t decoded : {100, 103, 106}) bus.store(iccm(0x40010000), decoded);
  CHECK(bus.load(iccm(0x40010000), 107).on_bus == 0);
  bus.store(iccm(0x40010000), 110);
  const auto late = bus.load(iccm(0x40010000), 113);
  CHECK(late.on_bus != 0);
  CHECK(late.usable > 113 + 14);

  LoadStoreBus single;
  single.store(iccm(0x40010000), 100);
  CHECK(single.load(iccm(0x40010000), 103).on_bus == 0);
}

TEST_CASE("a state in which the DMA port would wait for ever is refused") {
  DmaPort port;
  port.store(0, passage(100));
  for (uint32_t i = 1; i < 9; ++i) port.store_behind(4 * i, 100);
  veer::StateStream saved;
  port.state(saved);
  DmaPort restored;
  veer::StateStream stream(saved.output());
  restored.state(stream);
  CHECK(stream.ok());
  CHECK(restored.asks() == port.asks());
  CHECK(restored.drained(300) == port.drained(300));

  DmaPort empty;
  veer::StateStream none;
  empty.state(none);
  std::vector<uint8_t> bytes(none.output().begin(), none.output().end());
  bytes[bytes.size() - 24] += 1;  // one more store than there is
  veer::StateStream wrong(bytes);
  restored.state(wrong);
  CHECK_FALSE(wrong.ok());
}
