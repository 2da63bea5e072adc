// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/event_spec.h"

#include <fmt/format.h>

#include "tools/caliptra-emu/numbers.h"

namespace caliptra::emu {

std::optional<EventSpec> EventSpec::parse(std::string_view text, std::string& error) {
  EventSpec spec;
  spec.written = text;
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const bool has_value = equals != std::string_view::npos;
  const std::string_view value = has_value ? text.substr(equals + 1) : "";

  if (name == "boot-status" && has_value) {
    const auto status = parse_number(value, 0xffff'ffff);
    if (!status) {
      error = fmt::format("boot-status takes a number of 32 bits, not '{}'", value);
      return std::nullopt;
    }
    spec.kind = Kind::boot_status;
    spec.boot_status = static_cast<uint32_t>(*status);
    return spec;
  }
  if (name == "output" && has_value) {
    if (value.empty() || value.find('\n') != std::string_view::npos) {
      error = "output takes a text within one line";
      return std::nullopt;
    }
    spec.kind = Kind::output;
    spec.output = value;
    return spec;
  }
  if (name == "cycle" && has_value) {
    const auto cycle = parse_number(value, UINT64_MAX - 1);
    if (!cycle) {
      error = fmt::format("cycle takes a number of 64 bits, not '{}'", value);
      return std::nullopt;
    }
    spec.kind = Kind::cycle;
    spec.cycle = static_cast<uint64_t>(*cycle);
    return spec;
  }
  if (text == "ready-for-fw") {
    spec.kind = Kind::ready_for_fw;
  } else if (text == "rt-ready") {
    spec.kind = Kind::runtime_ready;
  } else if (text == "exit") {
    spec.kind = Kind::exit;
  } else if (text == "fatal") {
    spec.kind = Kind::fatal;
  } else {
    error = fmt::format(
        "'{}' is no event: give ready-for-fw, rt-ready, exit, fatal, boot-status=NUMBER, "
        "output=TEXT or cycle=NUMBER",
        text);
    return std::nullopt;
  }
  return spec;
}

bool EventSpec::matches(const Event& event) const {
  switch (event.kind) {
    case Event::Kind::ready_for_fw: return kind == Kind::ready_for_fw;
    case Event::Kind::runtime_ready: return kind == Kind::runtime_ready;
    case Event::Kind::exit: return kind == Kind::exit;
    case Event::Kind::firmware_error_fatal:
    case Event::Kind::hardware_error_fatal: return kind == Kind::fatal;
    case Event::Kind::boot_status: return kind == Kind::boot_status && event.value == boot_status;
    default: return false;
  }
}

bool EventSpec::matches_line(std::string_view line) const {
  return kind == Kind::output && line.find(output) != std::string_view::npos;
}

}  // namespace caliptra::emu
