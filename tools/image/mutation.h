// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Changes to single fields of a bundle, for negative tests.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soc/image/builder.h"

namespace caliptra::image_tool {

/// "FIELD=VALUE", where FIELD is one of manifest_fields() or "fmc.code[N]" or "runtime.code[N]" (byte N of an image),
/// and VALUE what image::set_field takes.
struct Mutation {
  std::string field;
  std::string value;
};

/// Splits the text, and looks whether there is such a field.
[[nodiscard]] std::optional<Mutation> parse_mutation(std::string_view text, std::string& error);

/// Carries them out, in order. Returns an error text, or an empty one; `bundle` has at least a manifest's size.
[[nodiscard]] std::string apply_mutations(std::span<const Mutation> mutations, std::span<uint8_t> bundle);

/// Makes digests, keys and signatures anew, but leaves the changed fields as they are now.
[[nodiscard]] bool sign_again(std::span<uint8_t> bundle, std::span<const Mutation> mutations, const image::KeySet& keys,
                              image::SigningOptions options, std::string& error);

}  // namespace caliptra::image_tool
