// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Programs that ran on the RTL, and what they printed there.

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "iss/hart.h"
#include "iss/testing/shared_data.h"
#include "iss/testing/skip.h"

namespace veer {
namespace {

/// What the programs need of the SoC: the console register, the NMI vector, and everything else of the AHB decode
/// ranges as memory that reads 0.
class ProgramBus : public Bus {
 public:
  Hart* hart = nullptr;
  std::string output;
  bool finished = false;

  BusResult read(uint32_t address, unsigned) override {
    return BusResult{.status = decodes(address) ? BusStatus::ok : BusStatus::decode_error};
  }
  BusStatus write(uint32_t address, unsigned, uint32_t data) override {
    if (!decodes(address)) return BusStatus::decode_error;
    if (address == 0x3003062c) hart->set_nmi_vector(data);
    if (address == 0x300300cc) {
      if ((data & 0xff) == 0xff) {
        finished = true;
        hart->stop();
      } else {
        output += static_cast<char>(data & 0xff);
      }
    }
    return BusStatus::ok;
  }

 private:
  static bool decodes(uint32_t address) {
    struct Range {
      uint32_t base, end;
    };
    static constexpr Range ranges[] = {{0x10000000, 0x10010fff},
                                       {0x10018000, 0x1001dfff},
                                       {0x10020000, 0x1002ffff},
                                       {0x20002000, 0x20003fff},
                                       {0x30000000, 0x3003ffff}};
    for (const Range& range : ranges) {
      if (address >= range.base && address <= range.end) return true;
    }
    return false;
  }
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    while (!line.empty() && line.back() == ' ') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> run_program(std::vector<uint8_t> image, TimingProfile timing, bool observed) {
  image.resize(48 * 1024);
  Clock clock;
  ProgramBus bus;
  HartConfig config;
  config.timing = timing;
  Hart hart(config, clock, bus);
  bus.hart = &hart;
  hart.map_rom(0, image);
  hart.set_timer_interrupt(true);  // as with mtimecmp 0
  Observer observer;
  if (observed) hart.set_observer(&observer);
  const RunResult result = hart.run(100'000'000);
  CHECK(result.reason == StopReason::stopped);
  CHECK(bus.finished);
  return lines_of(bus.output);
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream stream(line);
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string without_word(const std::string& line, std::size_t index) {
  std::string result;
  const std::vector<std::string> words = words_of(line);
  for (std::size_t i = 0; i < words.size(); ++i) result += (i == index ? "-" : words[i]) + ' ';
  return result;
}

/// The value of these depends on when and where the program looks.
bool varies(const std::string& number) {
  return number == "00000305" || number == "00000341" || number == "00000342" || number == "00000343" ||
         number == "000007d2" || number == "000007d5";
}

void compare(const std::string& name) {
  const std::filesystem::path folder = testing::shared_folder("rtl-truth");
  const auto image = testing::read_file(folder / (name + ".bin"));
  const auto expected_text = testing::read_file(folder / (name + ".expected.txt"));
  if (!image || !expected_text) return testing::skip("rtl truth " + name, "../shared/rtl-truth is not there");
  const std::vector<std::string> expected = lines_of(std::string(expected_text->begin(), expected_text->end()));
  using Way = std::pair<TimingProfile, bool>;
  for (const auto& [timing, observed] : {Way{TimingProfile::reference, false}, Way{TimingProfile::reference, true},
                                         Way{TimingProfile::rtl, false}, Way{TimingProfile::rtl, true}}) {
    const bool in_rtl_profile = timing == TimingProfile::rtl;
    const bool in_observed_loop = observed;
    CAPTURE(in_rtl_profile);
    CAPTURE(in_observed_loop);
    const std::vector<std::string> lines = run_program(*image, timing, observed);
    REQUIRE(lines.size() == expected.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::vector<std::string> words = words_of(expected[i]);
      if (name == "csr" && !words.empty() && varies(words[0])) {
        CHECK(without_word(lines[i], 1) == without_word(expected[i], 1));
      } else if (words.size() == 8 && words[2].starts_with("f000000")) {
        CHECK(without_word(lines[i], 5) == without_word(expected[i], 5));
        CHECK(std::stoul(words_of(lines[i])[5], nullptr, 16) % 4 == 0);
      } else {
        CHECK(lines[i] == expected[i]);
      }
    }
  }
}

TEST_CASE("The CSR map is the RTL's") { compare("csr"); }
TEST_CASE("Faults and NMIs are the RTL's") { compare("faults-a"); }

}  // namespace
}  // namespace veer
