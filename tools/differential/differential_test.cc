// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The tools of the differential test, without QEMU, and what random programs come to.

#include <doctest/doctest.h>

#include <array>
#include <set>

#include "iss/decode.h"
#include "tools/differential/campaign.h"
#include "tools/differential/generator.h"
#include "tools/differential/layout.h"
#include "tools/differential/shrink.h"

namespace caliptra::differential {
namespace {

using veer::Op;
using veer::TimingProfile;

Image image_of(const Program& program) {
  auto image = make_image(program);
  REQUIRE(std::holds_alternative<Image>(image));
  return std::get<Image>(image);
}

Image outcome_of(const Program& program, const Way& way) {
  Outcome outcome = run_hart(image_of(program), way);
  REQUIRE(outcome.finished);
  normalize(outcome.image);
  return outcome.image;
}

std::string error_of(std::string_view text) {
  const auto parsed = from_text(text);
  const auto* error = std::get_if<std::string>(&parsed);
  return error != nullptr ? *error : "no error";
}

TEST_CASE("A program comes back from its text") {
  for (uint32_t seed = 1; seed <= 50; ++seed) {
    const Program program = generate(seed);
    REQUIRE(program.lines.size() > 400);
    const auto parsed = from_text(to_text(program));
    REQUIRE(std::holds_alternative<Program>(parsed));
    CHECK(std::get<Program>(parsed) == program);
  }
}

TEST_CASE("A damaged text is refused, with the line") {
  const std::string head = "caliptra-emu random program 1\nseed 7\n";
  CHECK(error_of(head + "# nothing else\n\n") == "no error");
  CHECK(error_of("") == "the text ends before the seed");
  CHECK(error_of("caliptra-emu random program 2\n").starts_with("line 1: this is no random program"));
  CHECK(error_of("caliptra-emu random program 1\nseed x\n") == "line 2: expected \"seed NUMBER\"");
  CHECK(error_of(head + "10 - 0001\n10 - 0001\n") == "line 4: labels are ascending numbers");
  CHECK(error_of(head + "ten - 0001\n") == "line 3: labels are ascending numbers");
  CHECK(error_of(head + "10 -\n") == "line 3: expected a label, flags and an encoding");
  CHECK(error_of(head + "10 ? 0001\n") == "line 3: \"?\" is no flag");
  CHECK(error_of(head + "10 - 00000001\n") == "line 3: an encoding has 4 or 8 hexadecimal digits");
  CHECK(error_of(head + "10 - 0000006f -> x\n") == "line 3: expected \"-> LABEL\"");
  CHECK(error_of(head + "10 - 0000006f 20\n") == "line 3: expected \"-> LABEL\"");
  CHECK(error_of(head + "10 - ffffffff -> 20\n") == "line 3: no instruction with a target");
}

TEST_CASE("What can't be assembled says why") {
  // j over 2 KiB by a c.j
  Program program{.seed = 1, .lines = {{.label = 10, .word = 0xa001, .target = 10'000}}};
  for (uint32_t i = 2; i < 700; ++i) program.lines.push_back({.label = i * 10, .word = 0x00000013});
  program.lines.push_back({.label = 10'000, .word = 0x00000013});
  CHECK(std::get<std::string>(make_image(program)) == "line 10 is too far from its target");
  program.lines[0].target = 0;
  CHECK(std::holds_alternative<Image>(make_image(program)));
  for (uint32_t i = 0; i < 400; ++i) program.lines.push_back({.label = 10'010 + i, .word = 0x00000013});
  CHECK(std::get<std::string>(make_image(program)) == "the program is too long");
  // sw a0, (x26) into code that was taken out
  program.lines = {{.label = 10, .word = 0x00ad2023, .target = 20}, {.label = 30, .word = 0x00000013, .aligned = true}};
  CHECK(std::get<std::string>(make_image(program)) == "line 10 stores into code that is not there");
}

TEST_CASE("Programs have every instruction, and every trap that QEMU has too") {
  std::set<Op> ops;
  std::set<uint32_t> causes;
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    const Program program = generate(seed);
    for (const Line& line : program.lines) ops.insert(veer::decode(line.word).op);
    const Image outcome = outcome_of(program, {});
    for (uint32_t at = 0; at < Layout::log_size; at += 16) {
      if (word_at(outcome, Layout::area + Layout::log + at + 4) == 0) break;
      causes.insert(word_at(outcome, Layout::area + Layout::log + at));
    }
  }
  for (unsigned i = 0; i < veer::instruction_count; ++i) {
    const auto op = static_cast<Op>(i);
    CAPTURE(veer::description(op).mnemonic);
    CHECK(ops.contains(op) == (op != Op::wfi));
  }
  CHECK(causes == std::set<uint32_t>{1, 2, 3, 5, 7, 11});
}

TEST_CASE("Programs execute most of what they have") {
  struct Visited : veer::Observer {
    std::set<uint32_t> places;
    void retired(uint32_t pc, uint32_t, uint32_t) override {
      if (pc - Layout::code < Layout::code_size) places.insert(pc);
    }
  };
  std::size_t lines = 0;
  std::size_t executed = 0;
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    const Program program = generate(seed);
    Visited visited;
    (void)outcome_of(program, {.observed = true, .observer = &visited});
    lines += program.lines.size();
    executed += visited.places.size();
  }
  CHECK(executed * 10 > lines * 4);
}

TEST_CASE("Programs rewrite code with instructions of every kind, and in halves") {
  std::set<veer::Format> formats;
  std::set<Op> ops;
  bool pairs = false;
  bool first_halves = false;
  bool second_halves = false;
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    const Program program = generate(seed);
    for (std::size_t i = 2; i < program.lines.size(); ++i) {
      const veer::Decoded store = veer::decode(program.lines[i].word);
      if (store.op != Op::sw || program.lines[i].target == 0) continue;
      const auto word = static_cast<uint32_t>(veer::decode(program.lines[i - 2].word).imm +
                                              veer::decode(program.lines[i - 1].word).imm);
      if (store.imm != 0) {
        second_halves = true;
      } else if (!veer::is_compressed(word)) {
        const Op op = veer::decode(word).op;
        ops.insert(op);
        if (op != Op::illegal) formats.insert(veer::description(op).format);
      } else {
        (veer::is_compressed(word >> 16) ? pairs : first_halves) = true;
      }
    }
  }
  CHECK(pairs);
  CHECK(first_halves);
  CHECK(second_halves);
  for (const Op op : {Op::illegal, Op::ecall, Op::ebreak, Op::jal}) CHECK(ops.contains(op));
  for (const veer::Format format :
       {veer::Format::branch, veer::Format::load, veer::Format::store, veer::Format::register_register}) {
    CHECK(formats.contains(format));
  }
}

/// Fixed, so that all compilers, profiles and loops come to the same. A change of the generator changes it; a change of
/// the hart never does.
constexpr uint64_t digest_of_outcomes = 3221771091884937901u;

TEST_CASE("Random programs come to the same in every build, profile and loop") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    for (const bool observed : {false, true}) {
      uint64_t digest = 0xcbf29ce484222325;
      for (uint32_t seed = 1; seed <= 60; ++seed) {
        for (const uint8_t byte : outcome_of(generate(seed), {.timing = timing, .observed = observed})) {
          digest = (digest ^ byte) * 0x100000001b3;
        }
      }
      CAPTURE(static_cast<int>(timing));
      CAPTURE(observed);
      CHECK(digest == digest_of_outcomes);
    }
  }
}

TEST_CASE("The shrinker leaves what matters") {
  // A hart that does not execute clmulr, against one that does.
  const Way broken{.broken = Op::clmulr};
  const Judge fails = [&broken](std::span<const Program> programs) {
    std::vector<bool> result;
    for (const Program& program : programs) {
      const auto image = make_image(program);
      result.push_back(std::holds_alternative<Image>(image) && outcome_of(program, broken) != outcome_of(program, {}));
    }
    return result;
  };
  unsigned failing = 0;
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    const Program program = generate(seed);
    if (!fails(std::span(&program, 1))[0]) continue;
    ++failing;
    const Program small = shrink(program, fails);
    CAPTURE(seed);
    CHECK(fails(std::span(&small, 1))[0]);
    CHECK(small.lines.size() <= 8);
    CHECK(std::any_of(small.lines.begin(), small.lines.end(),
                      [](const Line& line) { return veer::decode(line.word).op == Op::clmulr; }));
    const std::string difference = describe_difference(outcome_of(small, broken), outcome_of(small, {}));
    CHECK(!difference.empty());
  }
  CHECK(failing >= 3);
}

TEST_CASE("The shrinker ends whatever the judge says") {
  const Program program = generate(1);
  const Judge always = [](std::span<const Program> programs) { return std::vector<bool>(programs.size(), true); };
  const Judge never = [](std::span<const Program> programs) { return std::vector<bool>(programs.size(), false); };
  CHECK(shrink(program, always).lines.empty());
  CHECK(shrink(program, never) == program);
}

TEST_CASE("A difference is said in words") {
  const Program program = generate(3);
  const Image image = outcome_of(program, {});
  CHECK(describe_difference(image, image).empty());
  Image other = image;
  set_word(other, Layout::area + Layout::registers + 4 * 10, ~word_at(image, Layout::area + Layout::registers + 40));
  CHECK(describe_difference(image, other).starts_with("a0: "));
  other = image;
  set_word(other, Layout::area + Layout::log + 16, 0x12345678);
  CHECK(describe_difference(image, other).starts_with("trap 1 mcause: "));
  other = image;
  set_word(other, Layout::data + 8, ~word_at(image, Layout::data + 8));
  CHECK(describe_difference(image, other).starts_with("[50000008]: "));
}

}  // namespace
}  // namespace caliptra::differential
