// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// ECC of ICCM and DCCM, against el2_lsu_ecc.sv, el2_ifu_mem_ctl.sv and what the RTL did in simulation.

#include <doctest/doctest.h>

#include <tuple>
#include <utility>
#include <vector>

#include "iss/testing/trap_machine.h"

namespace veer {
namespace {

using namespace testing;

TEST_CASE("ECC") {
  std::vector<std::pair<bool, uint32_t>> errors;
  const auto listen = [&](Machine& machine) {
    machine.hart.on_ecc_error(
        [&](CloseMemory, bool correctable, uint32_t address) { errors.emplace_back(correctable, address); });
  };
  SUBCASE("one bit in the DCCM is corrected and counted, and gone") {
    TrapMachine machine({load(Op::lw, 6, 0, 5), load(Op::lw, 7, 0, 5), nop()});
    listen(machine);
    machine.load(0x50004000, {0xcafe});
    machine.hart.set_x(5, 0x50004000);
    CHECK(machine.hart.inject_ecc_error(0x50004001, true));
    machine.run(2);
    CHECK(machine.hart.x(6) == 0xcafe);
    CHECK(machine.hart.x(7) == 0xcafe);
    CHECK(machine.csr(Csr::mdccmect) == 1);
    CHECK(errors == std::vector<std::pair<bool, uint32_t>>{{true, 0x50004000}});
    CHECK(machine.csr(Csr::mip) == 0x40000000);  // the threshold is 2 to the power of 0
  }
  SUBCASE("two bits in the DCCM are a fault, until the word is written") {
    TrapMachine machine({load(Op::lb, 6, 1, 5), store(Op::sb, 6, 0, 5), store(Op::sw, 6, 0, 5), load(Op::lw, 7, 0, 5)});
    listen(machine);
    machine.hart.set_x(5, 0x50004000);
    machine.hart.inject_ecc_error(0x50004000, false);
    machine.run(1);
    machine.expect(handler, 5, 1, 0x50004001, Machine::code);
    machine.hart.set_pc(Machine::code + 4);
    machine.run(1);
    machine.expect(handler, 7, 1, 0x50004000, Machine::code + 4);
    machine.hart.set_pc(Machine::code + 8);
    machine.run(2);
    CHECK(machine.hart.pc() == Machine::code + 16);
  }
  SUBCASE("a part of a word is written by correcting the rest") {
    TrapMachine machine({store(Op::sb, 6, 0, 5), load(Op::lw, 7, 0, 5)});
    listen(machine);
    machine.load(0x50004000, {0x11223344});
    machine.hart.set_x(5, 0x50004000);
    machine.hart.set_x(6, 0x55);
    machine.hart.inject_ecc_error(0x50004000, true);
    machine.run(2);
    CHECK(machine.hart.x(7) == 0x11223355);
    CHECK(machine.csr(Csr::mdccmect) == 1);
    CHECK(errors == std::vector<std::pair<bool, uint32_t>>{{true, 0x50004000}});
  }
  SUBCASE("one bit in the ICCM is corrected for a load, and in the memory") {
    TrapMachine machine({load(Op::lw, 6, 0, 5), load(Op::lw, 7, 0, 5), nop()});
    listen(machine);
    machine.load(0x40010000, {0xcafe});
    machine.hart.set_x(5, 0x40010000);
    machine.hart.inject_ecc_error(0x40010000, true);
    machine.run(3);
    CHECK(machine.hart.x(6) == 0xcafe);
    CHECK(machine.hart.x(7) == 0xcafe);
    CHECK(machine.csr(Csr::miccmect) == 1);
    CHECK(machine.csr(Csr::mcause) == 0);
  }
  SUBCASE("fetches from the ICCM") {
    TrapMachine machine({nop(), nop(), rri(Op::addi, 5, 0, 1), nop(), nop()});
    listen(machine);
    machine.hart.inject_ecc_error(Machine::code + 8, true);
    machine.hart.inject_ecc_error(Machine::code + 16, false);
    machine.run(2);
    CHECK(errors.empty());
    machine.run(3);
    CHECK(machine.csr(Csr::miccmect) == 1);
    machine.expect(handler, 1, 1, Machine::code + 16, Machine::code + 16);
    CHECK(machine.hart.x(5) == 1);
    CHECK(errors.size() == 2);
    CHECK(machine.clock.now() == 6);
  }
  SUBCASE("loads from the ICCM fail on the bus") {
    TrapMachine machine({load(Op::lw, 6, 0, 5), nop()});
    machine.hart.set_x(5, 0x40010000);
    machine.hart.inject_ecc_error(0x40010000, false);
    machine.hart.run(3);
    CHECK(machine.csr(Csr::mcause) == 0xf0000001);
  }
  SUBCASE("mfdc can switch it off") {
    TrapMachine machine({load(Op::lw, 6, 0, 5)});
    machine.hart.set_csr(static_cast<unsigned>(Csr::mfdc), 0x100);
    machine.hart.set_x(5, 0x50004000);
    machine.hart.inject_ecc_error(0x50004000, false);
    machine.run(1);
    CHECK(machine.hart.pc() == Machine::code + 4);
  }
  CHECK(!Machine().hart.inject_ecc_error(0x30000000, true));
}

/// An access to 0x50004000 and on, or 0x40010000 and on, with errors in two neighbouring words: 0 none, 1 one bit, 2
/// two.
struct PairMachine : TrapMachine {
  PairMachine(uint32_t access, uint32_t base, int first, int second, uint32_t again = nop())
      : TrapMachine({access, nop(), again, nop(), nop()}) {
    hart.set_x(5, base);
    hart.set_x(6, 0x5a5a5a5a);
    load(base, {0x10203040, 0x50607080});
    for (const auto& [address, bits] : {std::pair(base, first), std::pair(base + 4, second)}) {
      if (bits != 0) hart.inject_ecc_error(address, bits == 1);
    }
  }
};

TEST_CASE("An access to two words of the DCCM counts one correction, and none if one word is beyond it") {
  constexpr uint32_t base = 0x50004000;
  for (const uint32_t access : {load(Op::lw, 6, 2, 5), load(Op::lh, 6, 3, 5), store(Op::sw, 6, 2, 5)}) {
    const bool is_store = access == store(Op::sw, 6, 2, 5);
    PairMachine both(access, base, 1, 1, load(Op::lw, 7, 4, 5));
    both.run(5);
    CHECK(both.csr(Csr::mdccmect) == 1);
    CHECK(both.hart.pc() == Machine::code + 20);
    CHECK(both.hart.x(7) == (is_store ? 0x50605a5a : 0x50607080));
    for (const bool first : {true, false}) {
      PairMachine one(access, base, first ? 2 : 1, first ? 1 : 2);
      one.run(1);
      CHECK(one.csr(Csr::mdccmect) == 0);
      CHECK(one.csr(Csr::mcause) == (is_store ? 7 : 5));
      CHECK(one.csr(Csr::mscause) == 1);
    }
  }
}

TEST_CASE("The DMA port reads and checks whole doublewords of the ICCM, and corrects one word of them") {
  constexpr uint32_t base = 0x40010000;
  for (const int32_t offset : {0, 4}) {
    const uint32_t access = load(Op::lw, 6, offset, 5);
    for (const auto& [first, second, total] : {std::tuple(1, 0, 1u), std::tuple(0, 1, 1u), std::tuple(1, 1, 2u)}) {
      PairMachine machine(access, base, first, second, access);
      machine.run(1);
      CHECK(machine.csr(Csr::miccmect) == 1);
      CHECK(machine.hart.x(6) == (offset == 0 ? 0x10203040 : 0x50607080));
      machine.run(4);
      CHECK(machine.csr(Csr::miccmect) == total);
    }
    for (const auto& [first, second] : {std::pair(2, 0), std::pair(0, 2), std::pair(1, 2), std::pair(2, 1)}) {
      PairMachine machine(access, base, first, second);
      machine.hart.run(3);
      CHECK(machine.csr(Csr::mcause) == 0xf0000001);
      CHECK(machine.csr(Csr::mdseac) == base + static_cast<uint32_t>(offset));
      CHECK(machine.csr(Csr::miccmect) == (first + second == 3 ? 1 : 0));
      CHECK(machine.hart.x(6) == 0x5a5a5a5a);
    }
  }
}

TEST_CASE("With ECC switched off, reads give what is stored") {
  for (const uint32_t base : {0x50004000u, 0x40010000u}) {
    PairMachine machine(load(Op::lw, 6, 2, 5), base, 1, 2, load(Op::lw, 7, 0, 5));
    machine.hart.set_csr(static_cast<unsigned>(Csr::mfdc), 0x100);
    machine.run(4);
    CHECK(machine.hart.x(6) == 0x70831020);
    CHECK(machine.hart.x(7) == 0x10203041);
  }
  SUBCASE("and a store into a part of a word keeps the rest as it is") {
    PairMachine machine(store(Op::sb, 6, 1, 5), 0x50004000, 2, 0, load(Op::lw, 7, 0, 5));
    machine.hart.set_csr(static_cast<unsigned>(Csr::mfdc), 0x100);
    machine.run(2);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mfdc), 0);
    machine.run(2);
    CHECK(machine.hart.x(7) == 0x10205a43);
    CHECK(machine.csr(Csr::mdccmect) == 0);
  }
}

}  // namespace
}  // namespace veer
