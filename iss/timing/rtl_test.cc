// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The `rtl` profile as a whole: the micro-benchmarks that ran on the RTL, both loops, snapshots, and that time is all
// that differs from the `reference` profile.

#include "iss/timing/rtl.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <regex>
#include <string>
#include <unordered_map>
#include <vector>

#include "iss/hart.h"
#include "iss/state_stream.h"
#include "iss/testing/machine.h"
#include "iss/testing/shared_data.h"
#include "iss/testing/skip.h"

namespace veer {
namespace {

using namespace testing;

/// Registers that keep what is written, and the micro-benchmarks' way of reporting: CPTRA_BOOT_STATUS.
class ReportBus : public Bus {
 public:
  Hart* hart = nullptr;
  std::vector<uint32_t> values;

  BusResult read(uint32_t address, unsigned width) override {
    const uint32_t data = words_[address & ~3u] >> 8 * (address & 3);
    return {.data = width == 4 ? data : data & ((1u << 8 * width) - 1)};
  }
  BusStatus write(uint32_t address, unsigned, uint32_t data) override {
    words_[address & ~3u] = data;
    if (address == 0x30030038) values.push_back(data);
    if (address == 0x300300c8 && data == 0xff) hart->stop();
    return BusStatus::ok;
  }

 private:
  std::unordered_map<uint32_t, uint32_t> words_;
};

std::vector<uint32_t> run_image(std::vector<uint8_t> image, bool observed) {
  image.resize(48 * 1024);
  Clock clock;
  ReportBus bus;
  HartConfig config;
  config.timing = TimingProfile::rtl;
  Hart hart(config, clock, bus);
  bus.hart = &hart;
  hart.map_rom(0, image);
  Observer observer;
  if (observed) hart.set_observer(&observer);
  CHECK(hart.run(10'000'000).reason == StopReason::stopped);
  return bus.values;
}

std::vector<uint32_t> logged_values(const std::vector<uint8_t>& log) {
  static const std::regex line(R"(BOOT_STATUS 0x[0-9a-f]+ \((\d+)\))");
  const std::string text(log.begin(), log.end());
  std::vector<uint32_t> values;
  for (std::sregex_iterator i(text.begin(), text.end(), line); i != std::sregex_iterator(); ++i) {
    values.push_back(static_cast<uint32_t>(std::stoul((*i)[1])));
  }
  return values;
}

TEST_CASE("The micro-benchmarks take the RTL's cycles, in both loops") {
  const std::filesystem::path folder = shared_folder("timing");
  std::vector<double> errors;
  for (const int part : {0, 1}) {
    const std::string name = "bench" + std::to_string(part);
    const auto image = read_file(folder / "microbench" / (name + ".bin"));
    const auto log = read_file(folder / "rtl" / (name + ".log"));
    if (!image || !log) return skip("micro-benchmarks", "../shared/timing is not there");
    const std::vector<uint32_t> expected = logged_values(*log);
    const std::vector<uint32_t> values = run_image(*image, false);
    REQUIRE(values.size() == expected.size());
    CHECK(values == run_image(*image, true));
    for (std::size_t i = 0; i + 4 < values.size(); i += 5) {
      REQUIRE(values[i] == expected[i]);
      CHECK(values[i + 2] == expected[i + 2]);  // instructions
      CHECK(values[i + 4] == expected[i + 4]);
      for (const std::size_t cycles : {i + 1, i + 3}) {
        const double rtl = expected[cycles];
        errors.push_back(std::abs(values[cycles] - rtl) / rtl);
      }
    }
  }
  std::sort(errors.begin(), errors.end());
  CHECK(errors[errors.size() / 2] <= 0.01);
  CHECK(errors[errors.size() * 9 / 10] <= 0.03);
  CHECK(std::count_if(errors.begin(), errors.end(), [](double error) { return error > 0.10; }) <= 1);
}

TEST_CASE("The fetch test retires each instruction in the RTL's cycle") {
  const std::filesystem::path folder = shared_folder("timing");
  auto image = read_file(folder / "microbench" / "ift2_0xAAAAA0A9.bin");
  const auto log = read_file(folder / "rtl" / "ift2-summary.txt");
  if (!image || !log) return skip("fetch test", "../shared/timing is not there");
  // Lines of "pc@cycle"; the first ten instructions are the switch to cached fetch.
  const std::string text(log->begin(), log->end());
  static const std::regex retired(R"( ([0-9a-f]+)@(\d+))");
  std::vector<std::pair<uint32_t, uint64_t>> expected;
  for (std::sregex_iterator i(text.begin(), text.end(), retired); i != std::sregex_iterator(); ++i) {
    expected.emplace_back(static_cast<uint32_t>(std::stoul((*i)[1], nullptr, 16)), std::stoull((*i)[2]));
  }
  struct Times : Observer {
    Clock* clock = nullptr;
    std::vector<std::pair<uint32_t, uint64_t>> seen;
    void issued(uint32_t pc, uint32_t) override { seen.emplace_back(pc, clock->now()); }
  };
  image->resize(48 * 1024);
  Clock clock;
  ReportBus bus;
  HartConfig config;
  config.timing = TimingProfile::rtl;
  Hart hart(config, clock, bus);
  bus.hart = &hart;
  hart.map_rom(0, *image);
  Times times;
  times.clock = &clock;
  hart.set_observer(&times);
  hart.run(10'000);
  REQUIRE(times.seen.size() > 280);
  REQUIRE(expected.size() > 280);
  const uint64_t shift = expected[10].second - times.seen[10].second;
  for (std::size_t i = 10; i < std::min(times.seen.size(), expected.size()); ++i) {
    CAPTURE(i);
    REQUIRE(times.seen[i].first == expected[i].first);
    REQUIRE(times.seen[i].second + shift == expected[i].second);
  }
}

/// Sorts, multiplies, divides, calls, copies to and from a device, and traps; touches nothing that tells the time.
std::vector<uint32_t> program() {
  return {
      lui(8, 0x50001000),          // x8: data
      lui(9, 0x10000000),          // x9: a device
      rri(Op::addi, 5, 0, 40),     // x5: rounds
      lui(6, 0x12345000),          // 12: the loop
      rrr(Op::add, 7, 6, 5),       //
      rrr(Op::mul, 10, 7, 7),      //
      rrr(Op::div, 11, 10, 5),     //
      rrr(Op::remu, 12, 10, 5),    //
      store(Op::sw, 11, 0, 8),     //
      store(Op::sh, 12, 3, 8),     // across two words
      load(Op::lw, 13, 0, 8),      //
      store(Op::sw, 13, 8, 9),     //
      load(Op::lw, 14, 16, 9),     //
      rrr(Op::xor_, 15, 15, 14),   //
      rri(Op::andi, 16, 15, 3),    //
      branch(Op::bne, 16, 0, 8),   //
      rri(Op::addi, 17, 17, 1),    //
      jal(1, 24),                  // to the function
      plain(Op::ecall),            //
      rri(Op::addi, 5, 5, -1),     //
      branch(Op::bne, 5, 0, -68),  //
      jal(0, 0),                   //
      nop(),                       //
      rri(Op::addi, 18, 18, 3),    // the function
      rrr(Op::add, 19, 19, 18),    //
      rri(Op::jalr, 0, 1, 0),      //
  };
}

constexpr uint32_t handler = Machine::code + 0x400;

void prepare(Machine& machine) {
  machine.load(handler, {csrr(31, Csr::mepc), rri(Op::addi, 31, 31, 4), csrw(Csr::mepc, 31), plain(Op::mret)});
  machine.hart.set_csr(static_cast<unsigned>(Csr::mtvec), handler);
}

TEST_CASE("Only time differs between the profiles") {
  Machine reference(program());
  Machine rtl(program(), TimingProfile::rtl);
  Machine observed(program(), TimingProfile::rtl);
  Observer observer;
  observed.hart.set_observer(&observer);
  for (Machine* machine : {&reference, &rtl, &observed}) {
    prepare(*machine);
    machine->run(1300);
  }
  CHECK(reference.hart.instructions() == rtl.hart.instructions());
  CHECK(rtl.clock.now() > reference.clock.now());
  CHECK(rtl.clock.now() == observed.clock.now());
  for (unsigned i = 0; i < 32; ++i) {
    CAPTURE(i);
    CHECK(reference.hart.x(i) == rtl.hart.x(i));
    CHECK(reference.hart.x(i) == observed.hart.x(i));
  }
  CHECK(reference.word(0x50001000) == rtl.word(0x50001000));
  CHECK(reference.word(0x50001004) == rtl.word(0x50001004));
  REQUIRE(reference.bus.accesses.size() == rtl.bus.accesses.size());
  for (std::size_t i = 0; i < rtl.bus.accesses.size(); ++i) {
    CHECK(reference.bus.accesses[i].data == rtl.bus.accesses[i].data);
    CHECK(reference.bus.accesses[i].instructions == rtl.bus.accesses[i].instructions);
  }
  CHECK(rtl.bus.accesses == observed.bus.accesses);
  const TimingStatistics* statistics = rtl.hart.timing_statistics();
  REQUIRE(statistics != nullptr);
  CHECK(statistics->load_use > 0);
  CHECK(statistics->divide > 0);
  CHECK(statistics->trap > 0);
  CHECK(statistics->mispredict > 0);
  CHECK(reference.hart.timing_statistics() == nullptr);
}

TEST_CASE("A store comes to the bus three cycles later than a load, or one if another access follows at once") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    Machine machine({lui(2, Machine::data), lui(9, 0x10000000), store(Op::sw, 0, 0, 9), nop(), store(Op::sw, 0, 4, 9),
                     load(Op::lw, 10, 0, 9), store(Op::sw, 0, 8, 9), load(Op::lw, 11, 0, 2), jal(0, 0)},
                    timing);
    std::vector<uint32_t> lags;
    machine.bus.on_access = [&](const BusAccess& access) {
      if (access.is_write) lags.push_back(machine.hart.store_lag());
    };
    machine.hart.run(200);
    CHECK(lags == (timing == TimingProfile::rtl ? std::vector<uint32_t>{3, 1, 3} : std::vector<uint32_t>{0, 0, 0}));
  }
}

TEST_CASE("A run that goes on from a snapshot is the run that was not interrupted") {
  Machine whole(program(), TimingProfile::rtl);
  prepare(whole);
  for (const uint64_t cut : {50, 333, 1000, 2500}) {
    CAPTURE(cut);
    Machine first(program(), TimingProfile::rtl);
    prepare(first);
    first.hart.run(cut);
    StateStream saved;
    first.clock.state(saved);
    first.hart.state(saved);
    Machine second({}, TimingProfile::rtl);
    StateStream restored(saved.output());
    second.clock.state(restored);
    second.hart.state(restored);
    REQUIRE(restored.ok());
    second.bus.memory = first.bus.memory;
    first.hart.run(6000);
    second.hart.run(6000);
    CHECK(first.hart.instructions() == second.hart.instructions());
    CHECK(first.hart.pc() == second.hart.pc());
    StateStream one;
    first.hart.state(one);
    StateStream two;
    second.hart.state(two);
    CHECK(one.output() == two.output());
  }
}

TEST_CASE("Who reads a quotient waits for the divider, wherever it is reached") {
  // 11 cycles from the division's decoding to its consumer's; four others follow, or one stands in between.
  const std::vector<uint32_t> after_a_jump = {rrr(Op::divu, 5, 6, 7), jal(0, 4), rrr(Op::add, 8, 5, 5),
                                              rri(Op::addi, 9, 9, -1), branch(Op::bne, 9, 0, -16)};
  const std::vector<uint32_t> at_once = {rrr(Op::divu, 5, 6, 7), rrr(Op::add, 8, 5, 5), nop(), rri(Op::addi, 9, 9, -1),
                                         branch(Op::bne, 9, 0, -16)};
  const std::vector<uint32_t> overwritten = {rrr(Op::divu, 5, 6, 7), rri(Op::addi, 5, 0, 1), rrr(Op::add, 8, 5, 5),
                                             rri(Op::addi, 9, 9, -1), branch(Op::bne, 9, 0, -16)};
  const std::vector<uint32_t> twice = {rrr(Op::divu, 5, 6, 7), rrr(Op::divu, 8, 6, 7), rrr(Op::add, 8, 8, 8),
                                       rri(Op::addi, 9, 9, -1), branch(Op::bne, 9, 0, -16)};
  struct Case {
    std::vector<uint32_t> program;
    uint64_t cycles;
  };
  const Case cases[] = {{after_a_jump, 14}, {at_once, 15}, {overwritten, 7}, {twice, 25}};
  for (const Case& each : cases) {
    for (const bool is_observed : {false, true}) {
      CAPTURE(each.cycles);
      Machine machine(each.program, TimingProfile::rtl);
      Observer observer;
      if (is_observed) machine.hart.set_observer(&observer);
      machine.hart.set_x(6, 0xffffffff);
      machine.hart.set_x(7, 1);
      machine.hart.set_x(9, 1000);
      machine.run(50 * each.program.size());
      const Clock::Cycle before = machine.clock.now();
      machine.run(100 * each.program.size());
      CHECK(machine.clock.now() - before == 100 * each.cycles);
    }
  }
}

TEST_CASE("Who reads what comes from the ICCM, or from the bus, waits for it, however far behind the load it is") {
  struct Case {
    uint32_t address;
    uint64_t usable;       ///< cycles from the load's decoding to the first that can use it
    uint64_t least_waits;  ///< what else is lost
  };
  // ld_iccm_use and ld_use of the micro-benchmarks. Beyond four instructions the pipeline model answers. As long as
  // decode does not wait, fetch lets the DMA port wait.
  for (const Case& each : {Case{Machine::code + 0x1000, 14, 9}, Case{0x10000000, 7, 0}}) {
    for (unsigned distance = 1; distance <= 8; ++distance) {
      for (const bool is_observed : {false, true}) {
        CAPTURE(each.usable);
        CAPTURE(distance);
        std::vector<uint32_t> program = {load(Op::lw, 5, 0, 6)};
        for (unsigned i = 1; i < distance; ++i) program.push_back(nop());
        program.push_back(rrr(Op::add, 8, 5, 5));
        program.push_back(rri(Op::addi, 9, 9, -1));
        program.push_back(branch(Op::bne, 9, 0, -4 * static_cast<int32_t>(program.size())));
        Machine machine(program, TimingProfile::rtl);
        Observer observer;
        if (is_observed) machine.hart.set_observer(&observer);
        machine.hart.set_x(6, each.address);
        machine.hart.set_x(9, 1000);
        machine.run(50 * program.size());
        const Clock::Cycle before = machine.clock.now();
        machine.run(100 * program.size());
        const uint64_t waits = std::max(each.usable, each.least_waits + distance) - distance;
        CHECK(machine.clock.now() - before == 100 * (program.size() + waits));
      }
    }
  }
}

}  // namespace
}  // namespace veer
