// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/registers/register_block.h"

#include <doctest/doctest.h>

#include "iss/state_stream.h"

namespace {

using veer::Access;
using veer::Agent;
using veer::BusStatus;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::Reset;
using veer::ResetDomain;

struct CONTROL {
  static constexpr std::string_view name = "CONTROL";
  static constexpr uint32_t offset = 0x0;
  static constexpr Field START{.name = "START", .width = 1, .core = Access::wo, .single_pulse = true};
  static constexpr Field MODE{.name = "MODE", .lsb = 1, .width = 2, .soc = Access::ro, .reset = 2};
  static constexpr Field fields[] = {START, MODE};
};

struct STATUS {
  static constexpr std::string_view name = "STATUS";
  static constexpr uint32_t offset = 0x4;
  static constexpr Field SEEN{.name = "SEEN", .width = 8, .on_write = OnWrite::w1c};
  static constexpr Field GRANT{.name = "GRANT", .lsb = 8, .width = 1, .core = Access::ro, .on_read = OnRead::set};
  static constexpr Field LIVE{.name = "LIVE", .lsb = 16, .width = 8, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {SEEN, GRANT, LIVE};
};

struct FUSE {
  static constexpr std::string_view name = "FUSE";
  static constexpr uint32_t offset = 0x10;
  static constexpr uint32_t count = 2;
  static constexpr Field VALUE{
      .name = "VALUE", .core = Access::ro, .soc = Access::rw, .domain = ResetDomain::power_good, .lock = 1};
  static constexpr Field fields[] = {VALUE};
};

struct LATER {
  static constexpr std::string_view name = "LATER";
  static constexpr uint32_t offset = 0x20;
  static constexpr uint8_t variants = 2;
  static constexpr Field VALUE{.name = "VALUE"};
  static constexpr Field fields[] = {VALUE};
};

constexpr veer::Register table[] = {veer::describe<CONTROL>(), veer::describe<STATUS>(), veer::describe<FUSE>(),
                                    veer::describe<LATER>()};

class Example : public veer::RegisterBlock {
 public:
  explicit Example(uint8_t variant = 1) : RegisterBlock("example", table, variant, 0x100) {}

  int starts = 0;
  int reads = 0;
  bool lock = false;

 protected:
  uint32_t live(const veer::RegisterRef&, Agent) const override { return STATUS::LIVE.place(0x5a) | 0xff; }
  bool locked(uint8_t number, const veer::RegisterRef&, Agent) const override { return number == 1 && lock; }
  void after_read(const veer::RegisterRef&, Agent) override { ++reads; }
  void after_write(const veer::RegisterRef& at, Agent, const veer::RegisterWrite& write) override {
    if (at.base() == CONTROL::offset && write.set(CONTROL::START)) ++starts;
  }
};

}  // namespace

TEST_CASE("pulses act and read 0; storage keeps what was written") {
  Example block;
  CHECK(block.write(0, 4, 0xffff'ffff, Agent::core) == BusStatus::ok);
  CHECK(block.starts == 1);
  CHECK(block.read(0, 4, Agent::core).data == CONTROL::MODE.mask());
  CHECK(block.read(0, 4, Agent::soc).data == CONTROL::MODE.mask());
  CHECK(block.write(0, 4, 0, Agent::soc) == BusStatus::ok);
  CHECK(block.stored(0, CONTROL::MODE) == 3);
  block.reset(Reset::warm);
  CHECK(block.stored(0, CONTROL::MODE) == 2);
}

TEST_CASE("write-1-to-clear, set by read and live fields; a debugger changes nothing") {
  Example block;
  block.store(STATUS::offset, STATUS::SEEN, 0xff);
  block.write(STATUS::offset, 4, 0x0f, Agent::core);
  CHECK(block.peek(STATUS::offset) == 0x5a00f0);
  CHECK(block.peek(STATUS::offset) == 0x5a00f0);
  CHECK(block.reads == 0);
  CHECK(block.read(STATUS::offset, 4, Agent::core).data == 0x5a00f0);
  CHECK(block.read(STATUS::offset, 4, Agent::core).data == 0x5a01f0);
  CHECK(block.reads == 2);
}

TEST_CASE("locks, agents and reset domains") {
  Example block;
  block.write(FUSE::offset + 4, 4, 0x1234, Agent::core);
  CHECK(block.stored(FUSE::offset + 4) == 0);
  block.write(FUSE::offset + 4, 4, 0x1234, Agent::soc);
  CHECK(block.read(FUSE::offset + 4, 4, Agent::core).data == 0x1234);
  block.lock = true;
  block.write(FUSE::offset + 4, 4, 0x9999, Agent::soc);
  CHECK(block.stored(FUSE::offset + 4) == 0x1234);
  block.reset(Reset::firmware_update);
  block.reset(Reset::warm);
  CHECK(block.stored(FUSE::offset + 4) == 0x1234);
  block.reset(Reset::cold);
  CHECK(block.stored(FUSE::offset + 4) == 0);
}

TEST_CASE("narrow accesses and holes") {
  Example block;
  block.store(FUSE::offset, 0x11223344);
  CHECK(block.read(FUSE::offset, 1, Agent::core).data == 0x44);
  CHECK(block.read(FUSE::offset, 2, Agent::core).data == 0x3344);
  CHECK(block.read(FUSE::offset + 1, 1, Agent::core).data == 0);  // no register is there
  CHECK(block.read(FUSE::offset + 2, 2, Agent::core).data == 0);
  CHECK(block.read(FUSE::offset + 1, 1, Agent::debugger).data == 0x33);
  block.write(FUSE::offset, 1, 0xabcdef, Agent::soc);
  CHECK(block.stored(FUSE::offset) == 0xef);
  CHECK(block.write(FUSE::offset + 1, 1, 0x55, Agent::soc) == BusStatus::ok);
  CHECK(block.write(FUSE::offset + 2, 4, 0x55, Agent::soc) == BusStatus::ok);
  CHECK(block.stored(FUSE::offset) == 0xef);
  CHECK(block.read(0x80, 4, Agent::core).ok());
  CHECK(block.read(0x80, 4, Agent::core).data == 0);
  CHECK(block.write(0x80, 4, 1, Agent::core) == BusStatus::ok);
  CHECK_FALSE(block.find(0x1000).has_value());
}

TEST_CASE("a debugger's write sets flip-flops, and nothing else happens") {
  Example block;
  block.lock = true;
  block.write(CONTROL::offset, 4, 0xffff'ffff, Agent::debugger);
  CHECK(block.starts == 0);
  CHECK(block.peek(CONTROL::offset) == CONTROL::MODE.mask());
  CHECK(block.stored(CONTROL::offset) == CONTROL::MODE.mask());
  block.write(STATUS::offset, 4, 0xffff'ffff, Agent::debugger);
  CHECK(block.peek(STATUS::offset) == 0x5a01ff);
  block.write(FUSE::offset, 4, 0x11223344, Agent::debugger);
  block.write(FUSE::offset + 1, 2, 0xaabbcc, Agent::debugger);
  CHECK(block.peek(FUSE::offset) == 0x11bbcc44);
  CHECK(block.write(0x80, 4, 1, Agent::debugger) == BusStatus::ok);
  CHECK(block.reads == 0);
}

TEST_CASE("registers of another variant do not exist") {
  Example first(1);
  first.write(LATER::offset, 4, 7, Agent::core);
  CHECK(first.read(LATER::offset, 4, Agent::core).data == 0);
  Example second(2);
  second.write(LATER::offset, 4, 7, Agent::core);
  CHECK(second.read(LATER::offset, 4, Agent::core).data == 7);
}

TEST_CASE("state is saved and restored") {
  Example block;
  block.write(FUSE::offset, 4, 42, Agent::soc);
  veer::StateStream save;
  block.state(save);
  Example other;
  veer::StateStream restore(save.output());
  other.state(restore);
  restore.finish();
  CHECK(restore.ok());
  CHECK(other.stored(FUSE::offset) == 42);
}
