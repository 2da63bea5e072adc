// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/profile/stacks.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace caliptra::profile {
namespace {

constexpr uint32_t dccm = 0x5000'0000;
constexpr uint32_t dccm_end = 0x5002'0000;

// How far below its lowest point a stack may be met again.
constexpr uint32_t farthest = 16 * 1024;

/// Whether an instruction that writes sp adds something to it, as the beginnings and ends of functions do.
constexpr bool moves_by_some(uint32_t opcode) {
  if ((opcode & 3) == 3) {
    const bool from_itself = (opcode >> 15 & 31) == 2;
    return from_itself && ((opcode & 0x707f) == 0x13 || (opcode & 0x707f) == 0x33);
  }
  return (opcode & 0xe003) == 0x0001 || (opcode & 0xe003) == 0x6001 || (opcode & 0xf003) == 0x9002;
}

std::optional<uint32_t> number(std::string_view digits) {
  int base = 10;
  if (digits.starts_with("0x")) {
    digits.remove_prefix(2);
    base = 16;
  }
  uint32_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || failure != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<StackRoom> stack_rooms(const symbols::SymbolTable& symbols) {
  std::vector<StackRoom> rooms;
  const std::pair<std::string_view, std::string_view> names[] = {
      {"_sstack", "_estack"}, {"stack_bottom", "stack_top"}, {"bss_end", "stack_top"}};
  for (const auto& [low, high] : names) {
    const auto bottom = symbols.address_of(low);
    const auto top = symbols.address_of(high);
    if (bottom && top && *bottom < *top) rooms.push_back({"", *bottom, *top});
  }
  // caliptra-sw, drivers/src/memory_layout.rs: ROM_STACK_ORG and ROM_STACK_SIZE.
  rooms.push_back({"ROM", 0x5001'c000, 0x5001'f800});
  return rooms;
}

std::optional<StackRoom> parse_stack_room(std::string_view text, std::string& error) {
  const std::size_t equals = text.find('=');
  StackRoom room;
  if (equals != std::string_view::npos) room.image = text.substr(0, equals);
  const std::string_view range = equals == std::string_view::npos ? text : text.substr(equals + 1);
  const std::size_t dots = range.find("..");
  const auto bottom = number(range.substr(0, dots));
  const auto top = dots == std::string_view::npos ? std::nullopt : number(range.substr(dots + 2));
  if (!bottom || !top || *bottom >= *top) {
    error = fmt::format("takes [IMAGE=]BOTTOM..TOP, not '{}'", text);
    return std::nullopt;
  }
  const std::string_view images[] = {"", "ROM", "FMC", "runtime", "ICCM"};
  if (std::find(std::begin(images), std::end(images), room.image) == std::end(images)) {
    error = fmt::format("takes ROM, FMC, runtime or ICCM as IMAGE, not '{}'", room.image);
    return std::nullopt;
  }
  room.bottom = *bottom;
  room.top = *top;
  return room;
}

StackWatch::StackWatch(const trace::CodeMap& code, const veer::Hart& hart, const veer::Clock& clock,
                       std::vector<StackRoom> rooms)
    : code_(code), hart_(hart), clock_(clock), rooms_(std::move(rooms)) {}

std::optional<uint32_t> StackWatch::bottom_of(const std::string& image, uint32_t top) const {
  for (const StackRoom& each : rooms_) {
    if (each.top == top && (each.image.empty() || each.image == image)) return each.bottom;
  }
  return std::nullopt;
}

/// Finds the stack that holds `sp`, or makes one.
void StackWatch::settle(const std::string& image, uint32_t sp) {
  // Stacks lie one above the other: of those that could hold it, the one with the lowest top does.
  std::size_t best = SIZE_MAX;
  for (std::size_t i = 0; i < stacks_.size(); ++i) {
    const StackUse& each = stacks_[i];
    const bool holds = each.image == image && sp <= each.top && sp + farthest >= each.lowest;
    if (holds && (best == SIZE_MAX || each.top < stacks_[best].top)) best = i;
  }
  if (best == SIZE_MAX) {
    best = stacks_.size();
    StackUse use;
    use.image = image;
    use.top = sp;
    use.lowest = sp;
    use.bottom = bottom_of(image, sp);
    stacks_.push_back(std::move(use));
  }
  current_ = best;
}

void StackWatch::moved(uint32_t pc, uint32_t opcode) {
  const uint32_t sp = hart_.x(2);
  if (sp == sp_) return;
  sp_ = sp;
  if (sp <= dccm || sp > dccm_end) {
    current_ = SIZE_MAX;
    return;
  }
  const std::string image = code_.image_name(pc);
  const bool here = current_ != SIZE_MAX && stacks_[current_].image == image;
  const bool relative = moves_by_some(opcode);
  if (here && relative && sp > stacks_[current_].top && stacks_[current_].used() == 0) {
    // The second half of loading its address.
    stacks_.erase(stacks_.begin() + static_cast<std::ptrdiff_t>(current_));
    settle(image, sp);
  } else if (!here || !relative || sp > stacks_[current_].top) {
    settle(image, sp);
  }
  StackUse& stack = stacks_[current_];
  if (sp >= stack.lowest) return;
  stack.lowest = sp;
  stack.lowest_pc = pc;
  stack.lowest_cycle = clock_.now();
  if (stack.bottom && sp < *stack.bottom && !stack.overflow) {
    stack.overflow = true;
    stack.overflow_pc = pc;
    stack.overflow_cycle = clock_.now();
  }
}

std::vector<StackUse> StackWatch::stacks() const {
  std::vector<StackUse> used;
  for (const StackUse& each : stacks_) {
    if (each.used() != 0) used.push_back(each);
  }
  return used;
}

std::string stack_table(std::span<const StackUse> stacks, const trace::CodeMap& code) {
  std::string text =
      fmt::format("{:<10} {:>10} {:>8} {:>8} {:>6}  {}\n", "image", "top", "used", "room", "%", "deepest in");
  for (const StackUse& each : stacks) {
    const uint32_t room = each.bottom ? each.top - *each.bottom : 0;
    text += fmt::format("{:<10} 0x{:08x} {:>8} {:>8} {:>6}  {}\n", each.image, each.top, each.used(),
                        each.bottom ? fmt::format("{}", room) : "?",
                        each.bottom ? fmt::format("{:.1f}", 100.0 * each.used() / room) : "?",
                        each.used() == 0 ? "" : code.function_name(each.lowest_pc));
  }
  for (const StackUse& each : stacks) {
    if (!each.overflow) continue;
    text +=
        fmt::format("OVERFLOW: the stack of {} grew below 0x{:08x} at cycle {}, in {}, down to 0x{:08x}\n", each.image,
                    *each.bottom, each.overflow_cycle, code.function_name(each.overflow_pc), each.lowest);
  }
  return text;
}

}  // namespace caliptra::profile
