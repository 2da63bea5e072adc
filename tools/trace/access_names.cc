// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/access_names.h"

#include <fmt/format.h>

#include "iss/registers/register_block.h"

namespace caliptra::trace {

const AccessNames::Place& AccessNames::place(uint32_t address) const {
  address &= ~3U;
  Recent& recent = recent_[address >> 2 & (recent_.size() - 1)];
  if (recent.address == address) return *recent.place;
  const auto [found, added] = places_.try_emplace(address);
  Place& place = found->second;
  recent = {address, &place};
  if (!added) return place;
  if (address >= 0x3000'0000 && address < 0x3002'0000) {
    place.name = "mailbox_sram";
    return place;
  }
  if (address >= 0x6000'0000 && address < 0x6000'8000) {
    place.name = fmt::format("pic+0x{:x}", address - 0x6000'0000);
    return place;
  }
  for (const Core::MappedBlock& each : core_.blocks()) {
    if (address < each.base || address - each.base >= each.block->size()) continue;
    const auto at = each.block->find(address - each.base);
    if (!at) {
      place.name = fmt::format("{}+0x{:x}", each.block->name(), address - each.base);
      return place;
    }
    const veer::Register& row = *at->description;
    const bool indexed = row.count > 1 || row.always_indexed;
    place.name = indexed ? fmt::format("{}.{}[{}]", each.block->name(), row.name, at->element + row.first_index)
                         : fmt::format("{}.{}", each.block->name(), row.name);
    place.row = &row;
    place.block = each.block;
    place.variant = each.block->variant();
    place.has_fields = row.fields.size() > 1 || (row.fields.size() == 1 && row.fields[0].width < 32);
    return place;
  }
  return place;
}

const AccessNames::Place& AccessNames::soc_place(uint32_t address) const { return place(core_address_of(address)); }

std::string_view AccessNames::text(const Place& place, uint32_t value) {
  if (!place.has_fields || (value == place.value && !place.text.empty())) {
    return place.has_fields ? place.text : place.name;
  }
  place.value = value;
  place.text = place.name;
  constexpr std::size_t longest = 1024;
  // Of registers with many fields those that are 0 say nothing.
  const bool all = place.row->fields.size() <= 4;
  for (const veer::Field& field : place.row->fields) {
    if ((field.variants & place.variant) == 0) continue;
    const uint32_t part = field.get(value);
    if (part == 0 && !all) continue;
    const std::string shown = fmt::format(" {}=0x{:x}", field.name, part);
    if (place.text.size() + shown.size() > longest) break;
    place.text += shown;
  }
  return place.text;
}

std::string AccessNames::describe(uint32_t address, uint32_t value) const {
  const Place& at = place(address);
  const std::string_view said = text(at, value);
  return fmt::format("{} = 0x{:08x}{}", at.name.empty() ? fmt::format("0x{:08x}", address) : at.name, value,
                     said.substr(at.name.size()));
}

}  // namespace caliptra::trace
