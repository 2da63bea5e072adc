// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Small pieces that the parts of a report share.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tools/profile/flamegraph.h"
#include "tools/report/report.h"

namespace caliptra::report {

using profile::xml_escaped;

/// 1234567 as "1 234 567", with narrow spaces.
std::string grouped(uint64_t number);

/// "12.3 %"; "0 %" of nothing.
std::string percent(uint64_t part, uint64_t whole);

/// How many cycles of [begin, end) at least one engine is busy.
uint64_t busy_cycles(std::span<const trace::EngineSpan> spans, uint64_t begin, uint64_t end);

// The page's parts, in their order.
std::string timeline_section(const Data& data);
std::string cycles_section(const Data& data);
std::string engines_section(const Data& data);
std::string mailbox_section(const Data& data);
std::string problems_section(const Data& data);
std::string coverage_section(const Data& data);
std::string stacks_section(const Data& data);

/// The style sheet.
std::string_view style();

}  // namespace caliptra::report
