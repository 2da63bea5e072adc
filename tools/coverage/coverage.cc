// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/coverage/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace caliptra::coverage {
namespace {

constexpr std::string_view format_name = "caliptra-coverage";
constexpr unsigned format_version = 1;

Region make_region(std::string name, uint32_t base, uint32_t size) {
  Region region;
  region.name = std::move(name);
  region.base = base;
  region.executed.resize(size / 2);
  region.taken.resize(size / 2);
  region.length.resize(size / 2);
  region.branch.resize(size / 2);
  return region;
}

/// What lcov wants of one source file.
struct SourceFile {
  std::map<uint32_t, uint64_t> lines;
  struct Called {
    uint32_t line;
    std::string name;
    uint64_t count;
  };
  std::vector<Called> functions;
  struct Branch {
    uint32_t line;
    uint32_t block;
    uint64_t taken;
    uint64_t not_taken;
  };
  std::vector<Branch> branches;
};

}  // namespace

Coverage::Coverage() {
  // caliptra_top.sv: ROM and ICCM are where code can run.
  regions_.push_back(make_region("rom", 0, 0xc000));
  regions_.push_back(make_region("iccm", 0x4000'0000, 0x2'0000));
}

void Coverage::set_digests(std::string rom, std::string firmware) {
  regions_[0].digest = std::move(rom);
  regions_[1].digest = std::move(firmware);
}

uint64_t Coverage::executed(uint32_t address) const {
  for (const Region& each : regions_) {
    if (address - each.base < 2 * each.executed.size()) return each.executed[(address - each.base) / 2];
  }
  return 0;
}

std::string Coverage::json() const {
  nlohmann::ordered_json file;
  file["format"] = format_name;
  file["version"] = format_version;
  file["regions"] = nlohmann::ordered_json::array();
  for (const Region& region : regions_) {
    std::vector<uint8_t> bits((region.executed.size() + 7) / 8);
    nlohmann::ordered_json counts = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < region.executed.size(); ++i) {
      if (region.executed[i] == 0) continue;
      bits[i / 8] = static_cast<uint8_t>(bits[i / 8] | 1U << i % 8);
      nlohmann::ordered_json row = {region.base + 2 * i, region.length[i], region.executed[i]};
      if (region.branch[i] != 0) row.push_back(region.taken[i]);
      counts.push_back(std::move(row));
    }
    std::string bitmap;
    for (const uint8_t byte : bits) bitmap += fmt::format("{:02x}", byte);
    file["regions"].push_back({{"name", region.name},
                               {"base", region.base},
                               {"size", 2 * region.executed.size()},
                               {"code", region.digest},
                               {"bitmap", std::move(bitmap)},
                               {"address, length, executed, taken", std::move(counts)}});
  }
  return file.dump() + "\n";
}

bool Coverage::parse(std::string_view text, std::string& error) {
  const auto file = nlohmann::json::parse(text, nullptr, false);
  if (!file.is_object() || !file.contains("format") || file["format"] != format_name) {
    error = "it is no coverage file";
    return false;
  }
  Coverage read;
  try {
    if (file.at("version") != format_version) {
      error = "it is of another version";
      return false;
    }
    for (const auto& part : file.at("regions")) {
      const auto found = std::find_if(read.regions_.begin(), read.regions_.end(), [&part](const Region& each) {
        return each.name == part.at("name").get<std::string>();
      });
      if (found == read.regions_.end() || part.at("base").get<uint64_t>() != found->base ||
          part.at("size").get<uint64_t>() != 2 * found->executed.size()) {
        error = "it has a region that is none of a Caliptra core's";
        return false;
      }
      found->digest = part.at("code").get<std::string>();
      for (const auto& row : part.at("address, length, executed, taken")) {
        const auto address = row.at(0).get<uint64_t>();
        const auto length = row.at(1).get<uint64_t>();
        const uint64_t index = (address - found->base) / 2;
        if (address < found->base || index >= found->executed.size() || (length != 2 && length != 4)) {
          error = fmt::format("it has an instruction at 0x{:08x}, which cannot be", address);
          return false;
        }
        found->executed[index] = row.at(2).get<uint64_t>();
        found->length[index] = static_cast<uint8_t>(length);
        if (row.size() > 3) {
          found->branch[index] = 1;
          found->taken[index] = std::min(row.at(3).get<uint64_t>(), found->executed[index]);
        }
      }
    }
  } catch (const nlohmann::json::exception& damage) {
    error = fmt::format("it is damaged: {}", damage.what());
    return false;
  }
  *this = std::move(read);
  return true;
}

bool Coverage::merge(const Coverage& other, std::string& error) {
  for (std::size_t r = 0; r < regions_.size(); ++r) {
    const Region& theirs = other.regions_[r];
    const bool empty =
        std::all_of(theirs.executed.begin(), theirs.executed.end(), [](uint64_t each) { return each == 0; });
    const bool mine_empty =
        std::all_of(regions_[r].executed.begin(), regions_[r].executed.end(), [](uint64_t each) { return each == 0; });
    if (!empty && !mine_empty && regions_[r].digest != theirs.digest) {
      error = fmt::format("it is of other code in {}", regions_[r].name);
      return false;
    }
  }
  for (std::size_t r = 0; r < regions_.size(); ++r) {
    Region& mine = regions_[r];
    const Region& theirs = other.regions_[r];
    const bool mine_empty =
        std::all_of(mine.executed.begin(), mine.executed.end(), [](uint64_t each) { return each == 0; });
    if (mine_empty) mine.digest = theirs.digest;
    for (std::size_t i = 0; i < mine.executed.size(); ++i) {
      mine.executed[i] += theirs.executed[i];
      mine.taken[i] += theirs.taken[i];
      mine.length[i] = std::max(mine.length[i], theirs.length[i]);
      mine.branch[i] |= theirs.branch[i];
    }
  }
  return true;
}

std::string Coverage::lcov(const symbols::SymbolTable& symbols, std::string_view test_name) const {
  std::map<std::string, SourceFile> files;
  const std::span<const symbols::LineRow> rows = symbols.lines();
  for (const symbols::LineRow& row : rows) {
    if (row.line == 0 || !row.statement) continue;
    uint64_t& count = files[symbols.files()[row.file]].lines.try_emplace(row.line, 0).first->second;
    count = std::max(count, executed(row.address));
  }
  for (const symbols::Function& function : symbols.functions()) {
    const auto line = symbols.source(function.begin);
    if (!line) continue;
    std::string name = function.name;
    std::replace(name.begin(), name.end(), ',', ';');  // a field ends there
    files[std::string(line->file)].functions.push_back({line->line, std::move(name), executed(function.begin)});
  }
  for (const Region& region : regions_) {
    for (std::size_t i = 0; i < region.executed.size(); ++i) {
      if (region.branch[i] == 0) continue;
      const uint32_t address = region.base + static_cast<uint32_t>(2 * i);
      const auto line = symbols.source(address);
      if (!line) continue;
      files[std::string(line->file)].branches.push_back(
          {line->line, address, region.taken[i], region.executed[i] - region.taken[i]});
    }
  }

  // A name of letters, digits and underscores is all that lcov takes.
  std::string test(test_name);
  std::replace_if(
      test.begin(), test.end(), [](unsigned char each) { return std::isalnum(each) == 0; }, '_');
  std::string text;
  for (const auto& [name, file] : files) {
    if (file.lines.empty()) continue;
    text += fmt::format("TN:{}\nSF:{}\n", test, name);
    std::size_t hit = 0;
    for (const auto& each : file.functions) text += fmt::format("FN:{},{}\n", each.line, each.name);
    for (const auto& each : file.functions) {
      text += fmt::format("FNDA:{},{}\n", each.count, each.name);
      hit += each.count != 0;
    }
    text += fmt::format("FNF:{}\nFNH:{}\n", file.functions.size(), hit);
    hit = 0;
    for (const auto& each : file.branches) {
      text +=
          fmt::format("BRDA:{0},{1},0,{2}\nBRDA:{0},{1},1,{3}\n", each.line, each.block, each.taken, each.not_taken);
      hit += (each.taken != 0) + (each.not_taken != 0);
    }
    text += fmt::format("BRF:{}\nBRH:{}\n", 2 * file.branches.size(), hit);
    hit = 0;
    for (const auto& [line, count] : file.lines) {
      text += fmt::format("DA:{},{}\n", line, count);
      hit += count != 0;
    }
    text += fmt::format("LF:{}\nLH:{}\nend_of_record\n", file.lines.size(), hit);
  }
  return text;
}

}  // namespace caliptra::coverage
