// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/image/mutation.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/caliptra-emu/numbers.h"

namespace caliptra::image_tool {
namespace {

/// N of "PREFIXcode[N]".
std::optional<uint32_t> code_byte(std::string_view field, std::string_view prefix) {
  if (!field.starts_with(prefix) || !field.ends_with(']')) return std::nullopt;
  const auto number = emu::parse_number(field.substr(prefix.size(), field.size() - prefix.size() - 1), UINT32_MAX);
  if (!number) return std::nullopt;
  return static_cast<uint32_t>(*number);
}

/// Where a field is; nothing if there is none of this name. `error` says if it would not be within the file.
std::optional<image::Field> find_field(std::string_view name, std::span<const uint8_t> bundle, std::string& error) {
  for (image::Field& field : image::manifest_fields()) {
    if (field.name == name) return field;
  }
  for (const auto& [prefix, entry] :
       {std::pair<std::string_view, image::TocEntry image::Manifest::*>{"fmc.code[", &image::Manifest::fmc},
        {"runtime.code[", &image::Manifest::runtime}}) {
    const auto byte = code_byte(name, prefix);
    if (!byte) continue;
    if (bundle.empty()) return image::Field{std::string(name), 0, 1, image::FieldKind::bytes};
    const image::TocEntry toc = image::parse_manifest(bundle.first<image::manifest_size>()).*entry;
    const uint64_t at = uint64_t{toc.offset} + *byte;
    if (*byte >= toc.size || at >= bundle.size()) {
      error = fmt::format("{} is not within the image of {} bytes", name, toc.size);
      return std::nullopt;
    }
    return image::Field{std::string(name), at, 1, image::FieldKind::bytes};
  }
  error = fmt::format("there is no field '{}'; --list shows them", name);
  return std::nullopt;
}

}  // namespace

std::optional<Mutation> parse_mutation(std::string_view text, std::string& error) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) {
    error = "takes FIELD=VALUE";
    return std::nullopt;
  }
  const Mutation mutation{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
  if (!find_field(mutation.field, {}, error)) return std::nullopt;
  return mutation;
}

std::string apply_mutations(std::span<const Mutation> mutations, std::span<uint8_t> bundle) {
  for (const Mutation& mutation : mutations) {
    std::string error;
    const auto field = find_field(mutation.field, bundle, error);
    if (!field) return error;
    error = image::set_field(*field, mutation.value, bundle);
    if (!error.empty()) return error;
  }
  return "";
}

bool sign_again(std::span<uint8_t> bundle, std::span<const Mutation> mutations, const image::KeySet& keys,
                image::SigningOptions options, std::string& error) {
  // What each field has become, since a flipped bit must not be flipped back.
  struct Kept {
    image::Field field;
    std::vector<uint8_t> bytes;
  };
  std::vector<Kept> kept;
  for (const Mutation& mutation : mutations) {
    const auto field = find_field(mutation.field, bundle, error);
    if (!field) return false;
    const auto at = bundle.subspan(field->offset, field->size);
    kept.push_back({*field, {at.begin(), at.end()}});
  }
  options.between_steps = [&kept](std::span<uint8_t> bytes) {
    for (const Kept& each : kept) {
      std::copy(each.bytes.begin(), each.bytes.end(), bytes.begin() + static_cast<std::ptrdiff_t>(each.field.offset));
    }
  };
  return image::sign_bundle(bundle, keys, options, error);
}

}  // namespace caliptra::image_tool
