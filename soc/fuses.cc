// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <fmt/format.h>

#include <charconv>

#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/configuration.h"

namespace caliptra {
namespace {

std::optional<FuseName> find_fuse(Generation generation, std::string_view name) {
  for (const FuseName& fuse : Fuses::names(generation)) {
    if (fuse.name == name) return fuse;
  }
  return std::nullopt;
}

// The bits of each word of a fuse.
uint32_t existing_bits(Generation generation, std::string_view name) {
  uint32_t bits = 0;
  for (const veer::Register& each : soc_ifc_regs::table) {
    if (each.name != name || (each.variants & variant(generation)) == 0) continue;
    for (const veer::Field& field : each.fields) {
      if ((field.variants & variant(generation)) != 0) bits |= field.mask();
    }
  }
  return bits;
}

std::optional<uint32_t> number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
  } else if (text.starts_with("0b") || text.starts_with("0B")) {
    base = 2;
  }
  if (base != 10) text.remove_prefix(2);
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<FuseName> Fuses::names(Generation generation) {
  std::vector<FuseName> names;
  for (const veer::Register& each : soc_ifc_regs::table) {
    if (each.name.starts_with("fuse_") && (each.variants & variant(generation)) != 0) {
      names.push_back({each.name, each.offset, each.count});
    }
  }
  return names;
}

std::optional<std::string> Fuses::set(Generation generation, std::string_view name, std::span<const uint32_t> words) {
  const auto fuse = find_fuse(generation, name);
  if (!fuse) return fmt::format("there is no fuse '{}' in Caliptra {}", name, caliptra::name(generation));
  if (words.size() != fuse->words) {
    return fmt::format("{} has {} words, not {}", name, fuse->words, words.size());
  }
  const uint32_t bits = existing_bits(generation, name);
  for (const uint32_t word : words) {
    if ((word & ~bits) != 0)
      return fmt::format("{} has no more bits than 0x{:x}; 0x{:x} is too large", name, bits, word);
  }
  values_[std::string(name)] = {words.begin(), words.end()};
  return std::nullopt;
}

std::optional<std::string> Fuses::set_text(Generation generation, std::string_view name, std::string_view text) {
  const auto fuse = find_fuse(generation, name);
  if (!fuse) return fmt::format("there is no fuse '{}' in Caliptra {}", name, caliptra::name(generation));
  if (fuse->words == 1) {
    const auto value = number(text);
    if (!value) return fmt::format("{} takes a number of 32 bits, not '{}'", name, text);
    return set(generation, name, {{*value}});
  }
  const std::string_view digits = text.starts_with("0x") ? text.substr(2) : text;
  if (digits.size() != std::size_t{8} * fuse->words) {
    return fmt::format("{} takes {} hexadecimal digits, not {}", name, 8 * fuse->words, digits.size());
  }
  std::vector<uint32_t> words(fuse->words);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char* begin = digits.data() + 8 * i;
    const auto [end, error] = std::from_chars(begin, begin + 8, words[i], 16);
    if (error != std::errc() || end != begin + 8) {
      return fmt::format("{} takes hexadecimal digits, not '{}'", name, std::string_view(begin, 8));
    }
  }
  return set(generation, name, words);
}

}  // namespace caliptra
