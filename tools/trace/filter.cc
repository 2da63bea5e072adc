// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/filter.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "iss/registers/register_block.h"

namespace caliptra::trace {
namespace {

struct Memory {
  std::string_view name;
  uint32_t first;
  uint32_t last;
};

// caliptra_top.sv's map of what is no register block.
constexpr Memory memories[] = {
    {"rom", 0x0000'0000, 0x0000'bfff},  {"mailbox_sram", 0x3000'0000, 0x3001'ffff}, {"iccm", 0x4000'0000, 0x4001'ffff},
    {"dccm", 0x5000'0000, 0x5001'ffff}, {"pic", 0x6000'0000, 0x6000'7fff},
};

std::optional<uint64_t> number(std::string_view digits) {
  int base = 10;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    digits.remove_prefix(2);
    base = 16;
  }
  uint64_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || failure != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

bool Filter::in_window(uint64_t cycle) const {
  for (const Window& each : windows_) {
    if (cycle >= each.from && cycle < each.to) return true;
  }
  return false;
}

bool Filter::add(std::string_view condition, const Core& core, const symbols::SymbolTable& symbols,
                 std::string& error) {
  const std::size_t equals = condition.find('=');
  const std::string_view kind = condition.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? "" : condition.substr(equals + 1);
  const std::size_t dots = value.find("..");
  const std::string_view low = value.substr(0, dots);
  const std::string_view high = dots == std::string_view::npos ? "" : value.substr(dots + 2);

  if (kind == "pc") {
    const auto first = number(low);
    const auto end = dots == std::string_view::npos ? (first ? std::optional(*first + 1) : std::nullopt) : number(high);
    if (!first || !end || *first >= *end || *end > uint64_t{1} << 32) {
      error = fmt::format("pc takes ADDRESS or FIRST..END, not '{}'", value);
      return false;
    }
    pcs_.push_back({static_cast<uint32_t>(*first), static_cast<uint32_t>(*end - 1)});
  } else if (kind == "symbol") {
    const symbols::Function* const function = symbols.function_named(value);
    if (function == nullptr) {
      error = fmt::format("no function is called '{}'{}", value, symbols.empty() ? ": there are no symbols" : "");
      return false;
    }
    pcs_.push_back({function->begin, function->end - 1});
  } else if (kind == "block") {
    const std::size_t before = blocks_.size();
    for (const Memory& each : memories) {
      if (each.name == value) blocks_.push_back({each.first, each.last});
    }
    for (const Core::MappedBlock& each : core.blocks()) {
      if (each.block->name() == value) blocks_.push_back({each.base, each.base + each.block->size() - 1});
    }
    if (blocks_.size() == before) {
      error = fmt::format("there is no block '{}'; there are", value);
      for (const Core::MappedBlock& each : core.blocks()) error += " " + each.block->name();
      for (const Memory& each : memories) error += fmt::format(" {}", each.name);
      return false;
    }
  } else if (kind == "cycles") {
    const auto from = low.empty() ? std::optional<uint64_t>(0) : number(low);
    const auto to = high.empty() ? std::optional<uint64_t>(UINT64_MAX) : number(high);
    if (!from || !to || dots == std::string_view::npos || *from >= *to) {
      error = fmt::format("cycles takes FROM..TO, not '{}'", value);
      return false;
    }
    windows_.push_back({*from, *to});
  } else {
    error = fmt::format("'{}' is no condition: give pc=…, symbol=…, block=… or cycles=…", condition);
    return false;
  }
  takes_all_ = false;
  return true;
}

}  // namespace caliptra::trace
