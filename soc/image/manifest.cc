// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/image/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <type_traits>

namespace caliptra::image {
namespace {

/// Goes over a manifest in the order of the file and hands each field to `Visitor`: the one description of the layout.
template <typename Visitor>
class Walk {
 public:
  explicit Walk(Visitor& visitor) : visitor_(visitor) {}

  template <typename M>
  void manifest(M& m) {
    word("marker", m.marker);
    word("manifest_size", m.size);
    for (std::size_t i = 0; i < m.vendor_ecc_keys.size(); ++i) {
      within(fmt::format("vendor_ecc_keys[{}].", i), [&] { ecc_key(m.vendor_ecc_keys[i]); });
    }
    for (std::size_t i = 0; i < m.vendor_lms_keys.size(); ++i) {
      within(fmt::format("vendor_lms_keys[{}].", i), [&] { lms_key(m.vendor_lms_keys[i]); });
    }
    word("vendor_ecc_key_index", m.vendor_ecc_key_index);
    word("vendor_lms_key_index", m.vendor_lms_key_index);
    signatures("vendor", m.vendor_signatures);
    within("owner_ecc_key.", [&] { ecc_key(m.owner_ecc_key); });
    within("owner_lms_key.", [&] { lms_key(m.owner_lms_key); });
    signatures("owner", m.owner_signatures);
    word("reserved[0]", m.reserved[0]);
    word("reserved[1]", m.reserved[1]);
    within("header.", [&] { header(m.header); });
    within("fmc.", [&] { toc_entry(m.fmc); });
    within("runtime.", [&] { toc_entry(m.runtime); });
  }

 private:
  template <typename Inside>
  void within(std::string prefix, Inside inside) {
    prefix_ = std::move(prefix);
    inside();
    prefix_.clear();
  }

  template <typename T>
  void ecc_key(T& key) {
    field("x", FieldKind::number, key.x);
    field("y", FieldKind::number, key.y);
  }

  template <typename T>
  void lms_key(T& key) {
    big_endian_word("tree_type", key.tree_type);
    big_endian_word("ots_type", key.ots_type);
    field("identifier", FieldKind::bytes, key.identifier);
    field("root", FieldKind::bytes, key.root);
  }

  template <typename T>
  void signatures(const char* who, T& both) {
    within(fmt::format("{}_ecc_signature.", who), [&] {
      field("r", FieldKind::number, both.ecc.r);
      field("s", FieldKind::number, both.ecc.s);
    });
    within(fmt::format("{}_lms_signature.", who), [&] {
      big_endian_word("leaf", both.lms.leaf);
      big_endian_word("ots_type", both.lms.ots_type);
      field("randomizer", FieldKind::bytes, both.lms.randomizer);
      nodes("chains", both.lms.chains);
      big_endian_word("tree_type", both.lms.tree_type);
      nodes("path", both.lms.path);
    });
  }

  template <typename T>
  void header(T& h) {
    word("revision[0]", h.revision[0]);
    word("revision[1]", h.revision[1]);
    word("vendor_ecc_key_index", h.vendor_ecc_key_index);
    word("vendor_lms_key_index", h.vendor_lms_key_index);
    word("flags", h.flags);
    word("toc_entries", h.toc_entries);
    word("pl0_pauser", h.pl0_pauser);
    field("toc_digest", FieldKind::number, h.toc_digest);
    field("vendor_not_before", FieldKind::date, h.vendor_not_before);
    field("vendor_not_after", FieldKind::date, h.vendor_not_after);
    field("vendor_reserved", FieldKind::bytes, h.vendor_reserved);
    field("owner_not_before", FieldKind::date, h.owner_not_before);
    field("owner_not_after", FieldKind::date, h.owner_not_after);
    field("epoch", FieldKind::bytes, h.epoch);
    field("owner_reserved", FieldKind::bytes, h.owner_reserved);
  }

  template <typename T>
  void toc_entry(T& entry) {
    word("id", entry.id);
    word("type", entry.type);
    field("revision", FieldKind::bytes, entry.revision);
    word("version", entry.version);
    word("svn", entry.svn);
    word("reserved", entry.reserved);
    word("load_address", entry.load_address);
    word("entry_point", entry.entry_point);
    word("offset", entry.offset);
    word("size", entry.size);
    field("digest", FieldKind::number, entry.digest);
  }

  template <typename T>
  void word(const char* name, T& value) {
    visitor_.word(prefix_ + name, FieldKind::word, value);
  }
  template <typename T>
  void big_endian_word(const char* name, T& value) {
    visitor_.word(prefix_ + name, FieldKind::big_endian_word, value);
  }
  template <typename T>
  void field(const char* name, FieldKind kind, T& bytes) {
    visitor_.bytes(prefix_ + name, kind, std::span(bytes));
  }
  template <typename T>
  void nodes(const char* name, T& all) {
    visitor_.bytes(prefix_ + name, FieldKind::bytes, std::span(all.front().data(), all.size() * all.front().size()));
  }

  Visitor& visitor_;
  std::string prefix_;
};

// Byte i of a number stands at this place within the number.
std::size_t place(FieldKind kind, std::size_t i) { return kind == FieldKind::number ? i ^ 3 : i; }

uint32_t load_word(FieldKind kind, std::span<const uint8_t> at) {
  uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) value |= uint32_t{at[i]} << (kind == FieldKind::word ? 8 * i : 24 - 8 * i);
  return value;
}

void store_word(FieldKind kind, uint32_t value, std::span<uint8_t> at) {
  for (unsigned i = 0; i < 4; ++i)
    at[i] = static_cast<uint8_t>(value >> (kind == FieldKind::word ? 8 * i : 24 - 8 * i));
}

struct Reader {
  std::span<const uint8_t> file;
  std::size_t at = 0;

  void word(const std::string&, FieldKind kind, uint32_t& value) {
    value = load_word(kind, file.subspan(at, 4));
    at += 4;
  }
  void bytes(const std::string&, FieldKind kind, std::span<uint8_t> value) {
    for (std::size_t i = 0; i < value.size(); ++i) value[i] = file[at + place(kind, i)];
    at += value.size();
  }
};

struct Writer {
  std::span<uint8_t> file;
  std::size_t at = 0;

  void word(const std::string&, FieldKind kind, uint32_t value) {
    store_word(kind, value, file.subspan(at, 4));
    at += 4;
  }
  void bytes(const std::string&, FieldKind kind, std::span<const uint8_t> value) {
    for (std::size_t i = 0; i < value.size(); ++i) file[at + place(kind, i)] = value[i];
    at += value.size();
  }
};

struct Lister {
  std::vector<Field> fields;
  std::size_t at = 0;

  void add(const std::string& name, FieldKind kind, std::size_t size) {
    fields.push_back({name, at, size, kind});
    at += size;
  }
  void word(const std::string& name, FieldKind kind, uint32_t) { add(name, kind, 4); }
  void bytes(const std::string& name, FieldKind kind, std::span<const uint8_t> value) { add(name, kind, value.size()); }
};

std::optional<uint32_t> number(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<uint8_t> hexadecimal_byte(std::string_view two) {
  uint8_t value = 0;
  const auto [end, error] = std::from_chars(two.data(), two.data() + two.size(), value, 16);
  if (error != std::errc() || end != two.data() + 2) return std::nullopt;
  return value;
}

bool is_word(FieldKind kind) { return kind == FieldKind::word || kind == FieldKind::big_endian_word; }

bool printable(std::span<const uint8_t> text) {
  return std::all_of(text.begin(), text.end(), [](uint8_t byte) { return byte > 0x20 && byte < 0x7f; });
}

}  // namespace

Manifest parse_manifest(std::span<const uint8_t, manifest_size> bytes) {
  Manifest manifest;
  Reader reader{.file = bytes};
  Walk(reader).manifest(manifest);
  return manifest;
}

std::array<uint8_t, manifest_size> manifest_bytes(const Manifest& manifest) {
  std::array<uint8_t, manifest_size> bytes{};
  Writer writer{.file = bytes};
  Walk(writer).manifest(manifest);
  return bytes;
}

std::vector<Field> manifest_fields() {
  const Manifest manifest;
  Lister lister;
  Walk(lister).manifest(manifest);
  return lister.fields;
}

std::string field_text(const Field& field, std::span<const uint8_t> manifest) {
  const auto at = manifest.subspan(field.offset, field.size);
  if (is_word(field.kind)) return fmt::format("0x{:08x}", load_word(field.kind, at));
  if (field.kind == FieldKind::date && printable(at)) return {at.begin(), at.end()};
  std::string text;
  for (std::size_t i = 0; i < at.size(); ++i) text += fmt::format("{:02x}", at[place(field.kind, i)]);
  return text;
}

std::string set_field(const Field& field, std::string_view text, std::span<uint8_t> manifest) {
  const auto at = manifest.subspan(field.offset, field.size);
  if (text.starts_with('^')) {
    const auto bit = number(text.substr(1));
    if (!bit || *bit >= 8 * field.size) {
      return fmt::format("{} has bits 0 to {}, no '{}'", field.name, 8 * field.size - 1, text.substr(1));
    }
    at[*bit / 8] ^= static_cast<uint8_t>(1U << *bit % 8);
    return "";
  }
  if (is_word(field.kind)) {
    const auto value = number(text);
    if (!value) return fmt::format("{} takes a number of 32 bits, not '{}'", field.name, text);
    store_word(field.kind, *value, at);
    return "";
  }
  if (field.kind == FieldKind::date && text.size() == field.size &&
      printable({reinterpret_cast<const uint8_t*>(text.data()), text.size()})) {
    std::copy(text.begin(), text.end(), at.begin());
    return "";
  }
  std::string_view digits = text;
  if (digits.starts_with("0x")) digits.remove_prefix(2);
  std::vector<uint8_t> value;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    const auto byte = hexadecimal_byte(digits.substr(i, 2));
    if (!byte) break;
    value.push_back(*byte);
  }
  if (2 * value.size() != digits.size() || value.size() != field.size) {
    return fmt::format("{} takes {} hexadecimal digits{}, not '{}'", field.name, 2 * field.size,
                       field.kind == FieldKind::date ? " or 15 characters" : "", text);
  }
  for (std::size_t i = 0; i < value.size(); ++i) at[place(field.kind, i)] = value[i];
  return "";
}

}  // namespace caliptra::image
