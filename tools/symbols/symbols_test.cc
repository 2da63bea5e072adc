// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/symbols/symbols.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "iss/testing/skip.h"

namespace caliptra::symbols {
namespace {

/// The self-check's ELF file, or an empty string.
std::string program() {
  const char* const path = std::getenv("CALIPTRA_TEST_ELF");
  return path == nullptr ? "" : path;
}

bool skipped(const char* name) {
  if (!program().empty()) return false;
  veer::testing::skip(name, "there is no RISC-V ELF file (CALIPTRA_TEST_ELF)");
  return true;
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& bytes) {
    const int descriptor = mkstemp(path_);
    REQUIRE(descriptor >= 0);
    close(descriptor);
    write(bytes);
  }
  ~TemporaryFile() { std::remove(path_); }
  void write(const std::string& bytes) { std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes; }
  [[nodiscard]] std::string path() const { return path_; }

 private:
  char path_[32] = "/tmp/symbols-test-XXXXXX";
};

std::string contents_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string refusal(const std::string& specification) {
  SymbolTable table;
  std::string error;
  CHECK_FALSE(table.load(specification, error));
  CHECK(table.empty());
  return error;
}

}  // namespace

TEST_CASE("Functions, lines and the linker's symbols of a ROM") {
  if (skipped("symbols")) return;
  SymbolTable table;
  std::string error;
  REQUIRE_MESSAGE(table.load(program(), error), error);

  REQUIRE(table.images().size() == 1);
  CHECK(table.images()[0].begin == 0);
  CHECK(table.image_at(0x10) == &table.images()[0]);
  CHECK(table.image_at(0x40000000) == nullptr);

  CHECK(table.describe(0) == "_start");
  CHECK(table.describe(6) == "_start+0x6");
  const Function* const main_function = table.function_named("main");
  REQUIRE(main_function != nullptr);
  CHECK(table.function_at(main_function->end - 2) == main_function);
  CHECK(table.describe(main_function->begin + 2) == "main+0x2");
  CHECK(table.describe(0x7000'0000) == "0x70000000");
  CHECK(table.address_of("stack_top") == 0x5002'0000U);
  CHECK_FALSE(table.address_of("no such symbol"));

  const auto first = table.source(0);
  REQUIRE(first);
  CHECK(first->file.ends_with("runtime/start.S"));
  const auto line = table.source(main_function->begin);
  REQUIRE(line);
  CHECK(line->file.ends_with("selfcheck/main.c"));
  CHECK(line->line > 1);
  CHECK_FALSE(table.source(0x7000'0000));

  // Ranges are in order and apart.
  for (std::size_t i = 1; i < table.functions().size(); ++i) {
    CHECK(table.functions()[i - 1].end <= table.functions()[i].begin);
  }
  // Every byte of main() is of a line, and of one file or what is inlined from others.
  for (uint32_t address = main_function->begin; address < main_function->end; address += 2) {
    CHECK(table.source(address));
  }
}

TEST_CASE("An image runs elsewhere than it was linked to, and beside others") {
  if (skipped("symbols of several images")) return;
  SymbolTable table;
  std::string error;
  REQUIRE_MESSAGE(table.load(program(), error), error);
  REQUIRE_MESSAGE(table.load(program() + "@0x40000000", error), error);
  CHECK(table.images().size() == 2);
  CHECK(table.describe(0x40000006) == "_start+0x6");
  CHECK(table.source(0x40000000)->line == table.source(0)->line);

  CHECK_FALSE(table.load(program() + "@0x40000010", error));
  CHECK(error.find("lies where that of") != std::string::npos);
  CHECK(table.images().size() == 2);
  CHECK_FALSE(table.load(program() + "@0xfffffff0", error));
  CHECK(error.find("over the end of memory") != std::string::npos);
}

TEST_CASE("Files that are no such files are refused with a reason") {
  CHECK(refusal("/no/such/file").find("cannot take symbols from /no/such/file: ") == 0);
  if (refusal("/no/such/file").find("without libdw") != std::string::npos) {
    veer::testing::skip("bad ELF files", "this build has no libdw");
    return;
  }
  CHECK(refusal("/no/such/file").find("No such file") != std::string::npos);
  CHECK(refusal("/").find("regular file") != std::string::npos);
  const TemporaryFile empty("");
  CHECK(refusal(empty.path()).find("no ELF file") != std::string::npos);
  const TemporaryFile text("a text, and no program");
  CHECK(refusal(text.path()).find("no ELF file") != std::string::npos);
  const TemporaryFile host(contents_of("/proc/self/exe"));
  CHECK(refusal(host.path()).find("not for RISC-V") != std::string::npos);
}

TEST_CASE("Damaged files are refused, or read as far as they go") {
  if (skipped("damaged ELF files")) return;
  const std::string whole = contents_of(program());
  TemporaryFile file("");
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 97) {
    file.write(whole.substr(0, size));
    CHECK_FALSE(refusal(file.path()).empty());
  }
  std::minstd_rand random(1);
  unsigned refused = 0;
  for (unsigned round = 0; round < 200; ++round) {
    std::string damaged = whole;
    for (unsigned i = 0; i < 8; ++i) {
      // Half of them in the header and the section headers at the end, where they do most.
      const std::size_t at = i % 2 == 0   ? random() % damaged.size()
                             : i % 4 == 1 ? random() % 52
                                          : damaged.size() - 1 - random() % 1500;
      damaged[at] = static_cast<char>(random());
    }
    file.write(damaged);
    SymbolTable table;
    std::string error;
    if (!table.load(file.path(), error)) {
      ++refused;
      CHECK_FALSE(error.empty());
    }
  }
  CHECK(refused > 0);
}

TEST_CASE("A backtrace by the file's rules, and by the looks of the stack") {
  if (skipped("backtraces")) return;
  SymbolTable table;
  std::string error;
  REQUIRE_MESSAGE(table.load(program(), error), error);
  const Function* const outer = table.function_named("main");
  REQUIRE(outer != nullptr);
  // The stack as it is where a called function has not begun yet: everything is in registers.
  std::array<uint8_t, 4> jal{0xef, 0x00, 0x00, 0x00};
  const ReadMemory read = [&](uint32_t address, std::span<uint8_t> bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = address + i < 0xc000 ? jal[(address + i) % 4] : 0;
    }
    return address < 0xc000 || (address >= 0x5000'0000 && address < 0x5002'0000);
  };
  std::array<uint32_t, 32> x{};
  x[1] = (outer->begin + 4) & ~3U;
  x[2] = 0x5001'ff00;
  const Function* const inner = table.function_named("console_print");
  const uint32_t pc = inner != nullptr ? inner->begin : table.function_named("finish")->begin;
  const auto frames = table.backtrace(pc, x, read);
  REQUIRE(frames.size() >= 2);
  CHECK(frames[0].pc == pc);
  CHECK(frames[1].pc == x[1]);

  const auto bare = SymbolTable().backtrace(pc, x, read);
  REQUIRE(bare.size() == 2);
  CHECK(bare[1].pc == x[1]);
  CHECK(bare[1].guessed);
  const std::string text = table.backtrace_text(pc, x, read);
  CHECK(text.find("#0  0x") == 0);
  CHECK(text.find("main+0x") != std::string::npos);
}

}  // namespace caliptra::symbols
