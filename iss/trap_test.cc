// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Exceptions, NMIs, interrupts, the PIC and the internal timers, against el2_dec_tlu_ctl.sv and el2_pic_ctrl.sv.

#include <doctest/doctest.h>

#include <vector>

#include "iss/pic.h"
#include "iss/testing/trap_machine.h"

namespace veer {
namespace {

using namespace testing;

TEST_CASE("Precise load and store faults") {
  struct Case {
    uint32_t base;
    int32_t offset;
    Op op;
    uint32_t cause;
    uint32_t mscause;
  };
  const Case cases[] = {
      {0x50020000, 0, Op::lw, 5, 2}, {0x5001fffc, 2, Op::lw, 5, 2}, {0x5001fffc, 2, Op::sw, 7, 2},
      {0x60008000, 0, Op::lw, 5, 2}, {0x60000000, 0, Op::lb, 5, 6}, {0x60000000, 0, Op::sh, 7, 6},
      {0x60000000, 2, Op::lw, 5, 6}, {0x4ffffffc, 4, Op::lw, 5, 5}, {0x50000000, -4, Op::lw, 5, 5},
      {0x4ffffffc, 4, Op::sw, 7, 5}, {0x10000001, 0, Op::lw, 4, 1}, {0x30000002, 1, Op::lh, 4, 1},
      {0x10000003, 0, Op::sh, 6, 1}, {0x1ffffffe, 0, Op::lw, 4, 2}, {0x4fffffff, 0, Op::lh, 4, 2},
      {0x5ffffffe, 0, Op::sw, 6, 2}, {0x6ffffffe, 0, Op::lw, 4, 2},
  };
  for (const bool observed : {false, true}) {
    for (const Case& test : cases) {
      CAPTURE(observed);
      CAPTURE(test.base);
      CAPTURE(test.offset);
      CAPTURE(description(test.op).mnemonic);
      Observer observer;
      const bool is_store = description(test.op).format == Format::store;
      TrapMachine machine(
          {nop(), is_store ? store(test.op, 6, test.offset, 5) : load(test.op, 6, test.offset, 5), nop()});
      if (observed) machine.hart.set_observer(&observer);
      machine.hart.set_x(5, test.base);
      machine.hart.set_x(6, 0x5a5a5a5a);
      machine.run(2);
      machine.expect(handler, test.cause, test.mscause, test.base + static_cast<uint32_t>(test.offset),
                     Machine::code + 4);
      CHECK(machine.hart.x(6) == 0x5a5a5a5a);
      CHECK(machine.hart.instructions() == 1);
      CHECK(machine.clock.now() == 3);
      CHECK(machine.bus.accesses.empty());
    }
  }
}

TEST_CASE("The DCCM's first bytes are reached from its own region only") {
  TrapMachine machine({load(Op::lw, 6, 4, 5), load(Op::lw, 7, 4, 8)});
  machine.load(Machine::data, {1, 2});
  machine.hart.set_x(5, 0x50000000);
  machine.hart.set_x(8, 0x4ffffffe);
  machine.run(1);
  CHECK(machine.hart.x(6) == 2);
  machine.run(1);
  machine.expect(handler, 5, 5, 0x50000002, Machine::code + 4);
}

TEST_CASE("Misaligned accesses where there are no side effects") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    TrapMachine machine({store(Op::sw, 6, 1, 5), load(Op::lw, 7, 1, 5)}, timing);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mrac), 0);
    machine.hart.set_x(5, 0x10000000);
    machine.hart.set_x(6, 0x11223344);
    machine.run(2);
    // The upper word of a doubleword reads 0 on the RTL.
    CHECK(machine.hart.x(7) == (timing == TimingProfile::rtl ? 0x00223344 : 0x11223344));
    CHECK(machine.bus.memory[0x10000001] == 0x44);
    CHECK(machine.bus.memory[0x10000004] == 0x11);
  }
}

TEST_CASE("Where there are no side effects a load reads a doubleword, of which registers have the lower word only") {
  struct Case {
    Op op;
    int32_t offset;
    uint32_t value;
  };
  // As on the RTL, by code in ROM and registers of sha256 and soc_ifc.
  const Case cases[] = {{Op::lw, 0, 0x11223344}, {Op::lbu, 1, 0x33}, {Op::lhu, 2, 0x1122},    {Op::lw, 4, 0},
                        {Op::lbu, 4, 0},         {Op::lhu, 6, 0},    {Op::lw, 2, 0x00001122}, {Op::lw, 8, 0x99aabbcc},
                        {Op::lw, 6, 0xbbcc0000}, {Op::lw, 12, 0}};
  for (const Case& each : cases) {
    CAPTURE(each.offset);
    TrapMachine machine({load(each.op, 7, each.offset, 5), load(each.op, 7, each.offset, 5)}, TimingProfile::rtl);
    const uint32_t words[] = {0x11223344, 0x55667788, 0x99aabbcc, 0xddeeff00};
    for (uint32_t i = 0; i < 16; ++i) {
      machine.bus.memory[0x30000000 + i] = static_cast<uint8_t>(words[i / 4] >> (8 * (i % 4)));
    }
    machine.hart.set_x(5, 0x30000000);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mrac), 0x80000000);
    machine.run(1);
    CHECK(machine.hart.x(7) == each.value);
    if (each.op != Op::lw || each.offset % 4 != 0) continue;
    machine.hart.set_csr(static_cast<unsigned>(Csr::mrac), 0xaaaaaaaa);
    machine.run(1);
    CHECK(machine.hart.x(7) == words[each.offset / 4]);
  }
}

TEST_CASE("A misaligned access that leaves its memory fails on the bus") {
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    TrapMachine machine({load(Op::lw, 6, 0, 5), nop(), nop()});
    if (observed) machine.hart.set_observer(&observer);
    std::vector<uint8_t> rom(0x100);
    machine.hart.map_rom(0, rom);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mrac), 0);
    machine.hart.set_x(6, 0x5a5a5a5a);
    uint32_t address = 0;
    SUBCASE("the end of the ICCM") { address = 0x4001fffe; }
    SUBCASE("the end of the ROM") { address = 0xfe; }
    SUBCASE("the end of what decodes") {
      address = 0x100000fe;
      machine.bus.is_missing = [](uint32_t missing) { return missing >= 0x10000100; };
    }
    machine.hart.set_x(5, address);
    machine.hart.run(5);
    CHECK(machine.csr(Csr::mcause) == 0xf0000001);
    CHECK(machine.csr(Csr::mdseac) == address);
    CHECK(machine.hart.x(6) == 0x5a5a5a5a);
  }
}

TEST_CASE("Exceptions of instructions") {
  struct Case {
    uint32_t opcode;
    uint32_t cause;
    uint32_t mscause;
    uint32_t mtval;
  };
  const Case cases[] = {
      {plain(Op::ecall), 11, 0, 0},
      {plain(Op::ebreak), 3, 2, Machine::code},
      {0x00019002, 3, 2, Machine::code},  // c.ebreak
      {0x00000000, 2, 0, 0},              // all zeros
      {0xffffffff, 2, 0, 0xffffffff},     //
      {0x00018002, 2, 0, 0x8002},         // c.jr x0: only its 16 bits
      {0x10200073, 2, 0, 0x10200073},     // sret
      {csrw(Csr::mdseac, 5), 2, 0, csrw(Csr::mdseac, 5)},
      {rri(Op::csrrs, 5, 0, 0x7b0), 2, 0, rri(Op::csrrs, 5, 0, 0x7b0)},  // dcsr
      {rri(Op::csrrw, 0, 0, 0xbca), 2, 0, rri(Op::csrrw, 0, 0, 0xbca)},  // meicpct
      {rri(Op::csrrs, 5, 0, 0xc00), 2, 0, rri(Op::csrrs, 5, 0, 0xc00)},  // cycle
  };
  for (const Case& test : cases) {
    CAPTURE(test.opcode);
    TrapMachine machine({test.opcode});
    machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 0x8);
    machine.run(1);
    machine.expect(handler, test.cause, test.mscause, test.mtval, Machine::code);
    CHECK(machine.csr(Csr::mstatus) == 0x1880);
    CHECK(machine.hart.instructions() == 0);
    CHECK(machine.csr(Csr::minstretl) == 0);
  }
  // mret gives MIE back.
  TrapMachine machine({plain(Op::ecall)});
  machine.load(handler, {plain(Op::mret)});
  machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 0x8);
  machine.run(2);
  CHECK(machine.hart.pc() == Machine::code);
  CHECK(machine.csr(Csr::mstatus) == 0x1888);
  // MPIE is set, whatever it was.
  TrapMachine clear({plain(Op::mret)});
  clear.hart.set_csr(static_cast<unsigned>(Csr::mepc), Machine::code + 8);
  clear.run(1);
  CHECK(clear.hart.pc() == Machine::code + 8);
  CHECK(clear.csr(Csr::mstatus) == 0x1880);
}

TEST_CASE("wfi, fence and fence.i do nothing else") {
  TrapMachine machine({plain(Op::wfi), plain(Op::fence), plain(Op::fence_i), rri(Op::addi, 5, 0, 1)});
  machine.run(4);
  CHECK(machine.hart.x(5) == 1);
  CHECK(machine.clock.now() == 5);
}

TEST_CASE("Fetch faults") {
  TrapMachine machine({rri(Op::jalr, 0, 5, 0)});
  SUBCASE("past the ICCM in its region") {
    machine.hart.set_x(5, 0x40020000);
    machine.run(2);
    machine.expect(handler, 1, 2, 0x40020000, 0x40020000);
    CHECK(machine.hart.instructions() == 1);
  }
  SUBCASE("outside its region, where there is no ROM") {
    machine.hart.set_x(5, 0x70000000);
    machine.run(2);
    machine.expect(handler, 1, 9, 0x70000000, 0x70000000);
  }
  SUBCASE("the second half of an instruction") {
    machine.load(0x4001fffc, {0x00130001});  // c.nop, then the first half of a nop
    machine.hart.set_x(5, 0x4001fffc);
    machine.run(3);
    machine.expect(handler, 1, 2, 0x40020000, 0x4001fffe);
  }
  SUBCASE("running off the end") {
    machine.load(0x4001fffc, {nop()});
    machine.hart.set_x(5, 0x4001fffc);
    machine.run(3);
    machine.expect(handler, 1, 2, 0x40020000, 0x40020000);
    CHECK(machine.clock.now() == 4);
  }
}

TEST_CASE("Fetch outside the ICCM's region goes to the ROM whatever the address is") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    for (const bool observed : {false, true}) {
      CAPTURE(observed);
      TrapMachine machine({rri(Op::jalr, 0, 5, 0)}, timing);
      // 48 KiB, as Caliptra's: behind them zeros are read, which are illegal instructions.
      std::vector<uint8_t> rom(48 * 1024);
      const auto put = [&rom](uint32_t offset, uint32_t word) { std::memcpy(&rom[offset], &word, sizeof word); };
      put(0x120, encode({.op = Op::auipc, .rd = 6, .imm = 0x1000}));
      put(0x124, jal(7, 0x10000));  // itself, in the next window
      put(0x128, plain(Op::ecall));
      machine.hart.map_rom(0, rom);
      Observer observer;
      if (observed) machine.hart.set_observer(&observer);
      SUBCASE("unmapped") {
        machine.hart.set_x(5, 0x70050120);
        machine.run(4);
        CHECK(machine.hart.x(6) == 0x70051120);
        CHECK(machine.hart.x(7) == 0x70060128);
        CHECK(machine.hart.pc() == 0x70070124);
      }
      SUBCASE("the DCCM is no code") {
        machine.hart.set_x(5, 0x50000128);
        machine.run(2);
        machine.expect(handler, 11, 0, 0, 0x50000128);
      }
      SUBCASE("behind the ROM") {
        machine.hart.set_x(5, 0xc000);
        machine.run(2);
        machine.expect(handler, 2, 0, 0, 0xc000);
      }
      SUBCASE("the ICCM's region is its own") {
        machine.hart.set_x(5, 0x40050128);
        machine.run(2);
        machine.expect(handler, 1, 2, 0x40050128, 0x40050128);
      }
    }
  }
}

TEST_CASE("Bus errors come back as NMIs and lock mdseac until mdeau is written") {
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    TrapMachine machine({load(Op::lw, 6, 4, 5), nop(), nop()});
    if (observed) machine.hart.set_observer(&observer);
    machine.load(nmi_handler,
                 {store(Op::sw, 6, 8, 5), nop(), csrw(Csr::mdeau, 0), store(Op::sw, 6, 12, 5), nop(), jal(0, 0)});
    machine.hart.set_x(5, 0x70000000);
    machine.hart.set_x(6, 0x5a5a5a5a);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 8);
    machine.hart.run(3);
    machine.expect(nmi_handler, 0xf0000001, 0, 0, Machine::code + 4);
    CHECK(machine.csr(Csr::mdseac) == 0x70000004);
    CHECK(machine.csr(Csr::mstatus) == 0x1880);
    CHECK(machine.hart.x(6) == 0x5a5a5a5a);
    CHECK(machine.hart.instructions() == 1);
    // While it is locked a further error goes unnoticed.
    machine.hart.run(5);
    CHECK(machine.hart.pc() == nmi_handler + 8);
    CHECK(machine.csr(Csr::mdseac) == 0x70000004);
    machine.hart.run(8);
    machine.expect(nmi_handler, 0xf0000000, 0, 0, nmi_handler + 16);
    CHECK(machine.csr(Csr::mdseac) == 0x7000000c);
  }
}

TEST_CASE("In the rtl profile a store's bus error comes back when its answer does") {
  const uint32_t count = rri(Op::addi, 7, 7, 1);
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    const auto executed_before_nmi = [&](std::vector<uint32_t> program, TimingProfile timing, uint32_t address) {
      program.insert(program.end(), 20, count);
      TrapMachine machine(program, timing);
      if (observed) machine.hart.set_observer(&observer);
      machine.hart.set_x(5, 0x70000000);
      machine.hart.set_x(6, 0x30000000);
      machine.hart.run(60);
      CHECK(machine.hart.pc() == nmi_handler);
      CHECK(machine.csr(Csr::mcause) == 0xf0000000);
      CHECK(machine.csr(Csr::mdseac) == address);
      return machine.hart.x(7);
    };
    const uint32_t refused = store(Op::sw, 0, 0, 5);
    CHECK(executed_before_nmi({refused}, TimingProfile::reference, 0x70000000) == 0);
    // As on the RTL.
    CHECK(executed_before_nmi({nop(), nop(), refused}, TimingProfile::rtl, 0x70000000) == 8);
    CHECK(executed_before_nmi({nop(), nop(), refused, load(Op::lw, 8, 0, 6)}, TimingProfile::rtl, 0x70000000) == 5);
    CHECK(executed_before_nmi({nop(), nop(), refused, store(Op::sw, 8, 0, 6)}, TimingProfile::rtl, 0x70000000) == 5);
    // A load's error behind it is not overtaken.
    CHECK(executed_before_nmi({refused, load(Op::lw, 8, 4, 5)}, TimingProfile::rtl, 0x70000000) == 0);
  }
}

TEST_CASE("The NMI pin is taken two cycles after its edge, whatever MIE says") {
  TrapMachine machine(std::vector<uint32_t>(64, nop()));
  const Clock::Slot slot = machine.clock.add_event("nmi", [&] { machine.hart.set_nmi(true); });
  machine.clock.schedule_at(slot, 10);
  machine.hart.run(13);
  machine.expect(nmi_handler, 0, 0, 0, Machine::code + 11 * 4);
  CHECK(machine.hart.instructions() == 11);
  // A level is no second edge.
  machine.hart.run(100);
  CHECK(machine.csr(Csr::mepc) == Machine::code + 11 * 4);
}

TEST_CASE("An NMI is taken inside an NMI's handler") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    TrapMachine machine({nop(), nop(), jal(0, 0)}, timing);
    machine.load(nmi_handler, {nop(), nop(), jal(0, 0)});
    machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 8);
    machine.hart.set_nmi(true);
    machine.hart.run(100);
    CHECK(machine.csr(Csr::mcause) == 0);
    CHECK(machine.csr(Csr::mepc) < Machine::code + 12);
    CHECK(machine.csr(Csr::mstatus) == 0x1880);
    CHECK(machine.hart.pc() == nmi_handler + 8);
    // A level is one request; the next edge is another. Where the first came from is lost.
    machine.hart.set_nmi(false);
    machine.hart.run(200);
    machine.hart.set_nmi(true);
    machine.hart.run(300);
    CHECK(machine.csr(Csr::mepc) == nmi_handler + 8);
    CHECK(machine.csr(Csr::mstatus) == 0x1800);
  }
}

TEST_CASE("An interrupt that comes with a load waits for it, and the load is not done again") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    for (const bool observed : {false, true}) {
      CAPTURE(observed);
      TrapMachine machine({load(Op::lw, 6, 0, 5), rri(Op::addi, 7, 6, 1), nop(), nop(), jal(0, 0)}, timing);
      Observer observer;
      if (observed) machine.hart.set_observer(&observer);
      machine.hart.set_x(5, 0x10000000);
      machine.bus.memory[0x10000000] = 41;
      machine.bus.on_access = [&machine](const BusAccess&) { machine.hart.set_timer_interrupt(true); };
      machine.hart.set_csr(static_cast<unsigned>(Csr::mie), 0x80);
      machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 8);
      machine.hart.run(200);
      CHECK(machine.bus.accesses.size() == 1);
      CHECK(machine.hart.x(6) == 41);
      CHECK(machine.csr(Csr::mcause) == 0x80000007);
      CHECK(machine.csr(Csr::mepc) > Machine::code);
      CHECK(machine.csr(Csr::mepc) <= Machine::code + 16);
      CHECK(machine.hart.pc() == handler);
    }
  }
}

TEST_CASE("Vectored interrupts and their order") {
  TrapMachine machine({jal(0, 0)});
  machine.hart.set_csr(static_cast<unsigned>(Csr::mtvec), handler | 1);
  machine.hart.set_csr(static_cast<unsigned>(Csr::mie), 0x88);
  machine.hart.set_software_interrupt(true);
  machine.hart.set_timer_interrupt(true);
  machine.hart.run(10);
  CHECK(machine.csr(Csr::mip) == 0x88);
  machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 8);
  machine.hart.run(11);
  machine.expect(handler + 4 * 3, 0x80000003, 0, 0, Machine::code);
  machine.hart.set_software_interrupt(false);
  machine.hart.set_csr(static_cast<unsigned>(Csr::mie), 0x80);
  machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 8);
  machine.hart.run(12);
  CHECK(machine.csr(Csr::mcause) == 0x80000007);
  CHECK(machine.hart.pc() == handler + 4 * 7);
}

struct PicMachine : TrapMachine {
  static constexpr uint32_t table = 0x50000400;

  PicMachine() : TrapMachine(std::vector<uint32_t>(256, nop())) {
    std::vector<uint32_t> vectors;
    for (uint32_t source = 0; source < 32; ++source) vectors.push_back(handler + 16 * source);
    load(table, vectors);
    for (uint32_t source = 0; source < 32; ++source) load(handler + 16 * source, {jal(0, 0)});
    hart.set_csr(static_cast<unsigned>(Csr::meivt), table);
    hart.set_csr(static_cast<unsigned>(Csr::mie), 0x800);
    hart.set_csr(static_cast<unsigned>(Csr::mstatus), 8);
  }

  void enable(uint32_t source, uint32_t priority, uint32_t gateway = 0) {
    load(0x60000000 + 4 * source, {priority});
    load(0x60002000 + 4 * source, {1});
    load(0x60004000 + 4 * source, {gateway});
  }
};

TEST_CASE("A fast interrupt goes to the address in the table, two cycles after the line") {
  PicMachine machine;
  machine.enable(5, 3);
  const Clock::Slot slot = machine.clock.add_event("line", [&] { machine.hart.set_external_interrupt(5, true); });
  machine.clock.schedule_at(slot, 20);
  machine.hart.run(23);
  machine.expect(handler + 16 * 5, 0x8000000b, 0, 0, Machine::code + 4 * 21);
  CHECK(machine.csr(Csr::meihap) == PicMachine::table + 4 * 5);
  CHECK(machine.csr(Csr::meicidpl) == 3);
  CHECK(machine.hart.instructions() == 21);
  CHECK(machine.word(0x60001000) == 1u << 5);
}

TEST_CASE("A CSR write that enables an interrupt lets it in before the next instruction") {
  PicMachine machine;
  machine.enable(1, 1);
  machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 0);
  machine.hart.set_external_interrupt(1, true);
  machine.load(Machine::code + 40, {rri(Op::csrrsi, 0, 8, static_cast<int32_t>(Csr::mstatus))});
  machine.hart.run(13);
  CHECK(machine.csr(Csr::mepc) == Machine::code + 44);
  CHECK(machine.hart.instructions() == 11);
}

TEST_CASE("Vector fetches that fail are NMIs") {
  PicMachine machine;
  machine.enable(2, 1);
  SUBCASE("outside the DCCM's region") {
    machine.hart.set_csr(static_cast<unsigned>(Csr::meivt), 0x40000000);
    machine.hart.set_external_interrupt(2, true);
    machine.hart.run(4);
    CHECK(machine.csr(Csr::mcause) == 0xf0001002);
  }
  SUBCASE("in its region, outside the memory") {
    machine.hart.set_csr(static_cast<unsigned>(Csr::meivt), 0x50020000);
    machine.hart.set_external_interrupt(2, true);
    machine.hart.run(4);
    CHECK(machine.csr(Csr::mcause) == 0xf0001001);
  }
  SUBCASE("with a double-bit error") {
    machine.hart.inject_ecc_error(PicMachine::table + 8, false);
    machine.hart.set_external_interrupt(2, true);
    machine.hart.run(4);
    CHECK(machine.csr(Csr::mcause) == 0xf0001000);
  }
  CHECK(machine.hart.pc() == nmi_handler);
  CHECK(machine.csr(Csr::mtval) == 0);
}

TEST_CASE("A halted hart wakes for the highest priority only") {
  PicMachine machine;
  machine.enable(3, 14);
  machine.enable(4, 15);
  machine.load(Machine::code, {rri(Op::csrrwi, 0, 3, static_cast<int32_t>(Csr::mpmc))});
  machine.hart.set_external_interrupt(3, true);
  machine.hart.set_csr(static_cast<unsigned>(Csr::meipt), 14);
  CHECK(machine.hart.run(1000).reason == StopReason::halted_forever);
  machine.hart.set_csr(static_cast<unsigned>(Csr::meipt), 0);
  CHECK(machine.hart.run(2000).reason == StopReason::halted_forever);
  machine.hart.set_external_interrupt(4, true);
  machine.hart.run(2000);
  CHECK(machine.hart.pc() == handler + 16 * 4);
}

TEST_CASE("PIC: priorities, thresholds, order and gateways") {
  Pic pic;
  pic.reset();
  const auto enable = [&](uint32_t source, uint32_t priority) {
    pic.write(4 * source, priority);
    pic.write(0x2000 + 4 * source, 1);
  };
  enable(7, 5);
  enable(9, 5);
  enable(12, 6);
  pic.set_line(9, true);
  CHECK(pic.claim().id == 9);
  pic.set_line(7, true);
  CHECK(pic.claim().id == 7);  // the lower of equals
  pic.set_line(12, true);
  CHECK(pic.claim().id == 12);
  CHECK(pic.claim().priority == 6);
  CHECK(pic.read(0x1000) == (1u << 7 | 1u << 9 | 1u << 12));
  CHECK(pic.pending(5, 0));
  CHECK(!pic.pending(6, 0));
  CHECK(!pic.pending(0, 6));
  CHECK(!pic.wakes());
  // Reversed order: 0 is the highest.
  pic.write(0x3000, 1);
  CHECK(pic.claim().id == 7);
  CHECK(pic.claim().priority == 5);
  CHECK(pic.pending(6, 15));
  CHECK(!pic.pending(5, 15));
  enable(9, 0);
  CHECK(pic.wakes());
  pic.write(0x3000, 0);
  // Disabled sources pend but don't win; source 0 does not exist.
  pic.write(0x2000 + 4 * 12, 0);
  CHECK(pic.claim().id == 7);
  CHECK((pic.read(0x1000) >> 12 & 1) == 1);
  pic.write(0, 15);
  CHECK(pic.read(0) == 0);
  pic.set_line(0, true);
  CHECK((pic.read(0x1000) & 1) == 0);
  // An edge stays until the gateway is cleared, a level does not.
  pic.write(0x4000 + 4 * 20, 2);
  pic.set_line(20, true);
  pic.set_line(20, false);
  CHECK((pic.read(0x1000) >> 20 & 1) == 1);
  pic.write(0x5000 + 4 * 20, 0);
  CHECK((pic.read(0x1000) >> 20 & 1) == 0);
  pic.set_line(21, true);
  pic.set_line(21, false);
  CHECK((pic.read(0x1000) >> 21 & 1) == 0);
  // Active low.
  pic.write(0x4000 + 4 * 22, 1);
  CHECK((pic.read(0x1000) >> 22 & 1) == 1);
  pic.set_line(22, true);
  CHECK((pic.read(0x1000) >> 22 & 1) == 0);
  // Registers keep their writable bits only.
  pic.write(4 * 3, 0xffffffff);
  pic.write(0x2000 + 4 * 3, 0xffffffff);
  pic.write(0x4000 + 4 * 3, 0xfffffffe);
  CHECK(pic.read(4 * 3) == 0xf);
  CHECK(pic.read(0x2000 + 4 * 3) == 1);
  CHECK(pic.read(0x4000 + 4 * 3) == 2);
  CHECK(pic.read(0x6000) == 0);
}

TEST_CASE("Stores to the ICCM take whole words, and none while it is locked") {
  const auto run = [](const std::vector<uint32_t>& program, bool locked) {
    TrapMachine machine(program);
    machine.load(Machine::code + 4, {nop(), nop()});
    machine.hart.set_x(5, 0x40010000);
    machine.hart.set_x(6, 0x11223344);
    std::vector<uint32_t> blocked;
    machine.hart.on_iccm_write_blocked([&](uint32_t address) { blocked.push_back(address); });
    machine.hart.set_iccm_locked(locked);
    machine.hart.run(3);
    if (locked) CHECK(blocked == std::vector<uint32_t>{0x40010000});
    return std::pair{machine.word(0x40010000), machine.csr(Csr::mcause)};
  };
  CHECK(run({store(Op::sw, 6, 0, 5)}, false) == std::pair{0x11223344u, 0u});
  CHECK(run({store(Op::sw, 6, 0, 5)}, true) == std::pair{0u, 0xf0000000u});
  CHECK(run({store(Op::sh, 6, 0, 5)}, false) == std::pair{0u, 0xf0000000u});
  CHECK(run({store(Op::sw, 6, 2, 5)}, false) == std::pair{0u, 0xf0000000u});
}

TEST_CASE("Internal timers") {
  const auto number = [](Csr csr) { return static_cast<unsigned>(csr); };
  SUBCASE("count from reset, go back to 0 after the bound") {
    TrapMachine machine({jal(0, 0)});
    machine.hart.run(100);
    CHECK(machine.csr(Csr::mitcnt0) == 100);
    CHECK(machine.csr(Csr::mitctl0) == 1);
    machine.hart.set_csr(number(Csr::mitcnt0), 0);
    machine.hart.set_csr(number(Csr::mitb0), 9);
    for (unsigned i = 0; i < 35; ++i) {
      CHECK(machine.csr(Csr::mitcnt0) == i % 10);
      machine.hart.run(machine.clock.now() + 1);
    }
    machine.hart.set_csr(number(Csr::mitctl0), 0);
    const uint32_t stopped = machine.csr(Csr::mitcnt0);
    machine.hart.run(machine.clock.now() + 5);
    CHECK(machine.csr(Csr::mitcnt0) == stopped);
  }
  SUBCASE("interrupt when they pulse") {
    for (const bool observed : {false, true}) {
      CAPTURE(observed);
      Observer observer;
      TrapMachine machine({jal(0, 0)});
      if (observed) machine.hart.set_observer(&observer);
      machine.hart.run(50);
      machine.hart.set_csr(number(Csr::mie), 1u << 29);
      machine.hart.set_csr(number(Csr::mstatus), 8);
      machine.hart.set_csr(number(Csr::mitb0), 80);
      machine.hart.run(81);
      CHECK(machine.hart.pc() == Machine::code);
      machine.hart.run(82);
      machine.expect(handler, 0x8000001d, 0, 0, Machine::code);
    }
  }
  SUBCASE("a pulse that nobody may take is lost") {
    TrapMachine machine({jal(0, 0)});
    machine.hart.set_csr(number(Csr::mie), 1u << 28);
    machine.hart.set_csr(number(Csr::mitb1), 20);
    machine.hart.run(30);
    machine.hart.set_csr(number(Csr::mitb1), 1000);
    machine.hart.set_csr(number(Csr::mstatus), 8);
    machine.hart.run(100);
    CHECK(machine.hart.pc() == Machine::code);
  }
  SUBCASE("timer 1 can count timer 0") {
    TrapMachine machine({jal(0, 0)});
    machine.hart.set_csr(number(Csr::mitb0), 4);
    machine.hart.set_csr(number(Csr::mitb1), 3);
    machine.hart.set_csr(number(Csr::mitctl1), 9);
    uint32_t count0 = 0;
    uint32_t count1 = 0;
    for (unsigned cycle = 0; cycle < 100; ++cycle) {
      CAPTURE(cycle);
      CHECK(machine.csr(Csr::mitcnt0) == count0);
      CHECK(machine.csr(Csr::mitcnt1) == count1);
      const bool match = count0 >= 4;
      count1 = count1 >= 3 ? 0 : count1 + (match ? 1 : 0);
      count0 = match ? 0 : count0 + 1;
      machine.hart.run(machine.clock.now() + 1);
    }
  }
  SUBCASE("stop in a halt unless told otherwise, and wake from it") {
    TrapMachine machine({rri(Op::csrrwi, 0, 3, static_cast<int32_t>(Csr::mpmc)), jal(0, 0)});
    machine.hart.set_csr(number(Csr::mie), 3u << 28);
    machine.hart.set_csr(number(Csr::mitb0), 50);
    machine.hart.set_csr(number(Csr::mitb1), 90);
    machine.hart.set_csr(number(Csr::mitctl1), 3);
    machine.hart.run(200);
    CHECK(machine.csr(Csr::mcause) == 0x8000001c);
    CHECK(machine.csr(Csr::mepc) == Machine::code + 4);
  }
}

}  // namespace
}  // namespace veer
