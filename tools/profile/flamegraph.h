// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tools/profile/profile.h"

namespace caliptra::profile {

/// A flamegraph as one SVG file that needs nothing else: a click on a function makes it as wide as the picture, a click
/// on the lowest one shows all again. Widths are cycles, children stand on their parents. Calls that would be narrower
/// than a fifth of a pixel are left out.
std::string flamegraph_svg(std::span<const Node> tree, std::string_view title);

/// A text as the contents or an attribute of XML.
std::string xml_escaped(std::string_view text);

}  // namespace caliptra::profile
