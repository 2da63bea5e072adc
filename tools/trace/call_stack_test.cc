// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/call_stack.h"

#include <doctest/doctest.h>

#include <string>

#include "tools/trace/engine_spans.h"
#include "tools/trace/testing.h"
#include "tools/trace/timeline.h"

namespace caliptra::trace {
namespace {

constexpr uint32_t jal_ra = 0x000000ef;
constexpr uint32_t jal_t0 = 0x000002ef;
constexpr uint32_t jal_zero = 0x0000006f;
constexpr uint32_t jalr_a5 = 0x000780e7;  // jalr ra, a5
constexpr uint32_t jr_a5 = 0x00078067;
constexpr uint32_t ret = 0x00008067;
constexpr uint32_t c_ret = 0x8082;
constexpr uint32_t jr_t0 = 0x00028067;
constexpr uint32_t mret = 0x30200073;

/// Follows instructions that a test names, and writes down what is entered and left.
class Recorder : public CallStack::Listener {
 public:
  Recorder() { stack.add(*this); }

  void pushed(const CallStack::Frame& frame) override { log += mark(frame) + "+ "; }
  void popped(const CallStack::Frame& frame, uint64_t) override { log += mark(frame) + "- "; }

  void run(uint32_t pc, uint32_t opcode, uint32_t next_pc) {
    stack.issued(pc, opcode);
    stack.retired(pc, opcode, next_pc);
  }
  /// The entries on the stack, without the image.
  [[nodiscard]] std::string entries() const {
    std::string text;
    for (const CallStack::Frame& each : stack.frames()) {
      if (each.kind != CallStack::Kind::image) text += mark(each) + " ";
    }
    return text;
  }

  symbols::SymbolTable none;
  CodeMap code{none, {{"ROM", 0, 0xc000}, {"FMC", 0x40000000, 0x40004000}}};
  veer::Clock clock;
  CallStack stack{code, clock};
  std::string log;

 private:
  static std::string mark(const CallStack::Frame& frame) {
    char text[16];
    const char kind = frame.kind == CallStack::Kind::image ? 'I' : frame.kind == CallStack::Kind::trap ? 'T' : 'c';
    std::snprintf(text, sizeof text, "%c%x", kind, frame.entry);
    return text;
  }
};

}  // namespace

TEST_CASE("Calls and returns, direct and not") {
  Recorder r;
  r.run(0x0, jal_ra, 0x100);
  CHECK(r.entries() == "c0 c100 ");
  r.run(0x100, jalr_a5, 0x200);
  r.run(0x200, jal_t0, 0x300);  // __riscv_save_0
  CHECK(r.entries() == "c0 c100 c200 c300 ");
  r.run(0x300, jr_t0, 0x204);
  CHECK(r.entries() == "c0 c100 c200 ");
  r.run(0x208, c_ret, 0x104);
  CHECK(r.entries() == "c0 c100 ");
  r.run(0x104, ret, 0x4);
  CHECK(r.entries() == "c0 ");
}

TEST_CASE("A branch, or a jump within a function, is no call") {
  Recorder r;
  r.run(0x0, jal_ra, 0x100);
  r.run(0x100, 0x00059463, 0x108);
  r.run(0x108, jal_zero, 0x180);
  r.run(0x180, jr_a5, 0x110);  // a jump table
  CHECK(r.entries() == "c0 c100 ");
}

TEST_CASE("A jump to what was called before is a function's last act") {
  Recorder r;
  r.run(0x0, jal_ra, 0x200);
  r.run(0x200, ret, 0x4);
  r.run(0x4, jal_ra, 0x100);
  r.run(0x100, jal_zero, 0x200);
  CHECK(r.entries() == "c0 c200 ");
  r.run(0x200, ret, 0x8);
  CHECK(r.entries() == "c0 ");
}

TEST_CASE("A return over several calls leaves all of them") {
  Recorder r;
  r.run(0x0, jal_ra, 0x100);
  r.run(0x100, jal_ra, 0x200);
  r.run(0x200, jal_ra, 0x300);
  r.run(0x300, ret, 0x4);
  CHECK(r.entries() == "c0 ");
}

TEST_CASE("Traps nest, and end with mret") {
  Recorder r;
  r.run(0x0, jal_ra, 0x100);
  r.stack.trapped(0x100, 0x8000000b, 0, 0, 0x400);
  r.run(0x400, jal_ra, 0x500);
  r.stack.trapped(0x500, 2, 0, 0, 0x400);
  CHECK(r.entries() == "c0 c100 T400 c500 T400 ");
  r.run(0x404, mret, 0x504);
  CHECK(r.entries() == "c0 c100 T400 c500 ");
  r.run(0x504, ret, 0x404);
  r.run(0x404, mret, 0x100);
  CHECK(r.entries() == "c0 c100 ");
  r.run(0x100, ret, 0x4);
  CHECK(r.entries() == "c0 ");
}

TEST_CASE("One image hands over to the next, and a reset begins anew") {
  Recorder r;
  r.run(0x0, jal_ra, 0x100);
  r.run(0x100, jr_a5, 0x40000010);
  CHECK(r.log == "I0+ c0+ c100+ c100- c0- I0- I40000010+ c40000010+ ");
  r.run(0x40000010, jal_ra, 0x8000);  // FMC calls into ROM, and comes back
  CHECK(r.entries() == "c40000010 c8000 ");
  r.run(0x8000, ret, 0x40000014);
  CHECK(r.entries() == "c40000010 ");
  r.stack.reset();
  CHECK(r.stack.frames().empty());
  r.run(0x0, 0x13, 0x4);
  CHECK(r.entries() == "c0 ");
  r.stack.finish();
  CHECK(r.stack.frames().empty());
}

TEST_CASE("Endless recursion fills no memory") {
  Recorder r;
  for (uint32_t i = 0; i < 100'000; ++i) r.run(0x100, jal_ra, 0x100);
  CHECK(r.stack.frames().size() < 10'000);
  r.run(0x100, ret, 0x104);
}

TEST_CASE("Engines are busy from their command to their event") {
  // SHA-256 of one block: CTRL <- INIT | MODE, then wait for STATUS.
  static constexpr uint32_t program[] = {
      0x10028537,  // lui a0, 0x10028
      0x00500593,  // li a1, 5
      0x00b52823,  // sw a1, 16(a0)
      0x01852603,  // lw a2, 24(a0)
      0x00167613,  // andi a2, a2, 1
      0xfe060ce3,  // beqz a2, -8
      0x0000006f,  // j .
  };
  testing::Machine machine(program);
  EngineSpans engines(*machine.core);
  machine.core->hart().set_observer(&engines);
  machine.run(5000);
  machine.core->hart().set_observer(nullptr);
  engines.finish();
  REQUIRE(engines.spans().size() == 1);
  const EngineSpan& span = engines.spans()[0];
  CHECK(engines.engines()[span.engine].name == "sha256");
  CHECK(span.operation == "SHA-256");
  CHECK(span.end > span.begin);
  CHECK(engines.engines()[span.engine].busy_cycles == span.end - span.begin);
  CHECK(engines.engines()[span.engine].operations == 1);
}

TEST_CASE("JSON strings") { CHECK(json_escaped("a\"b\\c\nd") == "a\\\"b\\\\c\\u000ad"); }

}  // namespace caliptra::trace
