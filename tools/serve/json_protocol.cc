// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/serve/json_protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "tools/caliptra-emu/error_names.h"
#include "tools/caliptra-emu/mailbox_commands.h"

namespace caliptra::serve {
namespace {

using nlohmann::json;

constexpr uint32_t soc_ifc_base = 0x3003'0000;
constexpr uint64_t default_cycles = 400'000'000;
constexpr std::size_t most_events = 1024;
constexpr std::size_t longest_name = 64;

/// What is wrong with a request; caught where requests are answered.
struct Refusal {
  std::string message;
};

struct EventName {
  std::string_view name;
  Event::Kind kind;
};
constexpr EventName event_names[] = {
    {"boot-status", Event::Kind::boot_status},
    {"flow-status", Event::Kind::flow_status},
    {"ready-for-fuses", Event::Kind::ready_for_fuses},
    {"ready-for-fw", Event::Kind::ready_for_fw},
    {"ready-for-runtime", Event::Kind::ready_for_runtime},
    {"rt-ready", Event::Kind::runtime_ready},
    {"cold-reset", Event::Kind::cold_reset},
    {"warm-reset", Event::Kind::warm_reset},
    {"firmware-update-reset", Event::Kind::firmware_update_reset},
    {"exit", Event::Kind::exit},
    {"fw-error-fatal", Event::Kind::firmware_error_fatal},
    {"hw-error-fatal", Event::Kind::hardware_error_fatal},
    {"trng-request", Event::Kind::trng_request},
    {"mailbox-status", Event::Kind::mailbox_status},
    {"idevid-csr-ready", Event::Kind::idevid_csr_ready},
};

std::string_view name_of(Event::Kind kind) {
  for (const EventName& each : event_names) {
    if (each.kind == kind) return each.name;
  }
  return "?";
}

Event::Kind event_of(const std::string& name) {
  for (const EventName& each : event_names) {
    if (each.name == name) return each.kind;
  }
  throw Refusal{fmt::format("there is no event '{}'", name)};
}

std::string_view name_of(RunEnd end) {
  switch (end) {
    case RunEnd::event: return "event";
    case RunEnd::cycle_limit: return "cycles";
    case RunEnd::no_progress: return "no-progress";
    case RunEnd::fatal_error: return "fatal";
    case RunEnd::abandoned: return "abandoned";
  }
  return "?";
}

std::string text_of(const json& request, const char* key) {
  const auto found = request.find(key);
  if (found == request.end() || !found->is_string()) throw Refusal{fmt::format("'{}' must be a text", key)};
  return found->get<std::string>();
}

// A number, or a text with one in hexadecimal.
uint64_t number_of(const json& request, const char* key, uint64_t maximum, std::optional<uint64_t> otherwise = {}) {
  const auto found = request.find(key);
  if (found == request.end()) {
    if (otherwise) return *otherwise;
    throw Refusal{fmt::format("'{}' is missing", key)};
  }
  uint64_t value = maximum;
  bool right = found->is_number_unsigned();
  if (right) {
    value = found->get<uint64_t>();
  } else if (found->is_string()) {
    const auto& text = found->get_ref<const std::string&>();
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + std::min<std::size_t>(2, text.size()), end, value, 16);
    right = text.starts_with("0x") && error == std::errc() && stop == end && text.size() > 2;
  }
  if (!right || value > maximum) throw Refusal{fmt::format("'{}' must be a number up to 0x{:x}", key, maximum)};
  return value;
}

std::vector<uint8_t> bytes_of(const json& request, const char* key) {
  std::vector<uint8_t> bytes;
  if (!request.contains(key)) return bytes;
  const std::string digits = text_of(request, key);
  if (digits.size() % 2 != 0) throw Refusal{fmt::format("'{}' takes two hexadecimal digits for each byte", key)};
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    uint8_t byte = 0;
    const char* const begin = digits.data() + at;
    const auto [end, error] = std::from_chars(begin, begin + 2, byte, 16);
    if (error != std::errc() || end != begin + 2) throw Refusal{fmt::format("'{}' takes hexadecimal digits", key)};
    bytes.push_back(byte);
  }
  return bytes;
}

std::string digits_of(std::span<const uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 0xf];
  }
  return text;
}

}  // namespace

JsonProtocol::JsonProtocol(Machine& machine, Snapshots& snapshots, uint64_t most_cycles)
    : machine_(machine), snapshots_(snapshots), most_cycles_(most_cycles) {
  machine_.on_event([this](const Event& event) {
    if (events_.size() < most_events) {
      events_.push_back(event);
    } else {
      ++lost_events_;
    }
  });
}

uint64_t JsonProtocol::cycles_of(const json& request) const {
  return number_of(request, "cycles", most_cycles_, std::min(default_cycles, most_cycles_));
}

JsonProtocol::~JsonProtocol() { machine_.on_event(nullptr); }

bool JsonProtocol::receive(std::span<const uint8_t> bytes, std::vector<uint8_t>& output) {
  input_.append(bytes.begin(), bytes.end());
  return pump(output);
}

bool JsonProtocol::pump(std::vector<uint8_t>& output) {
  std::size_t taken = 0;
  while (output.size() < output_bound) {
    const std::size_t end = input_.find('\n', taken);
    if (end == std::string::npos) break;
    const std::string_view line = std::string_view(input_).substr(taken, end - taken);
    taken = end + 1;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    // Whatever a peer sent that is no text comes back as what it can be shown as.
    const std::string text = answer(line).dump(-1, ' ', false, json::error_handler_t::replace);
    output.insert(output.end(), text.begin(), text.end());
    output.push_back('\n');
  }
  input_.erase(0, taken);
  if (input_.size() > longest_line && input_.find('\n') == std::string::npos) {
    return violate(fmt::format("a line is longer than {} bytes", longest_line));
  }
  return true;
}

json JsonProtocol::answer(std::string_view line) {
  json reply = json::object();
  try {
    // Objects in objects need stack: there is no request that is deep.
    const json request = json::parse(
        line, [](int depth, json::parse_event_t, json&) { return depth <= 4; }, false);
    if (!request.is_object()) throw Refusal{"a line must be a JSON object"};
    if (const auto id = request.find("id"); id != request.end()) reply["id"] = *id;
    reply.update(perform(request));
    reply["ok"] = true;
  } catch (const Refusal& refusal) {
    reply["ok"] = false;
    reply["error"] = refusal.message;
  } catch (const std::exception& error) {
    reply["ok"] = false;
    reply["error"] = error.what();
  }
  return reply;
}

json JsonProtocol::perform(const json& request) {
  const std::string what = text_of(request, "do");
  if (what == "mailbox") return mailbox(request);
  if (what == "run") return run(request);
  if (what == "reset") return reset(request);
  if (what == "read") return access(request, false);
  if (what == "write") return access(request, true);
  if (what == "fuses") return fuses();
  if (what == "status") return status();
  if (what == "events") return take_events();
  if (what == "snapshot") return snapshot(request);
  if (what == "certificate") return {{"certificate", digits_of(machine_.soc().downloaded_certificate())}};
  throw Refusal{fmt::format("there is no request '{}'", what)};
}

json JsonProtocol::mailbox(const json& request) {
  const auto command = request.find("command");
  if (command == request.end()) throw Refusal{"'command' is missing"};
  uint32_t number = 0;
  if (command->is_string() && !command->get_ref<const std::string&>().starts_with("0x")) {
    std::string error;
    const auto parsed = emu::MailboxRequest::parse(command->get_ref<const std::string&>(), error);
    if (!parsed || parsed->path) throw Refusal{parsed ? "a command has no colon" : error};
    number = parsed->command;
  } else {
    number = static_cast<uint32_t>(number_of(request, "command", 0xffff'ffff));
  }
  std::vector<uint8_t> payload = bytes_of(request, "payload");
  const auto raw = request.find("raw");
  if (raw != request.end() && !raw->is_boolean()) throw Refusal{"'raw' must be true or false"};
  if (raw == request.end() || !raw->get<bool>()) payload = emu::mailbox_payload(number, payload);

  const MailboxResult result = machine_.mailbox(number, payload, cycles_of(request));
  json reply = {{"status", name(result.outcome)}, {"response", digits_of(result.response)}};
  if (result.outcome == MailboxResult::Outcome::failure) {
    reply["fw_error_non_fatal"] = result.firmware_error;
    reply["fw_error_name"] = emu::firmware_error_name(result.firmware_error);
  }
  return reply;
}

json JsonProtocol::run(const json& request) {
  std::optional<Event::Kind> until;
  if (request.contains("until")) until = event_of(text_of(request, "until"));
  const RunEnd end = machine_.run(until, cycles_of(request));
  return {{"end", name_of(end)},
          {"cycles", machine_.core().cycles()},
          {"instructions", machine_.core().instructions()},
          {"boot_status", machine_.boot_status()}};
}

json JsonProtocol::reset(const json& request) {
  const std::string kind = text_of(request, "kind");
  if (kind == "cold") {
    machine_.cold_reset();
  } else if (kind == "warm") {
    machine_.warm_reset();
  } else {
    throw Refusal{"'kind' must be \"cold\" or \"warm\""};
  }
  return json::object();
}

json JsonProtocol::access(const json& request, bool write) {
  const auto address = static_cast<uint32_t>(number_of(request, "address", 0xffff'ffff));
  if (write) {
    const auto data = static_cast<uint32_t>(number_of(request, "data", 0xffff'ffff));
    if (machine_.write(address, data) == veer::BusStatus::ok) return json::object();
  } else {
    const veer::BusResult result = machine_.read(address);
    if (result.ok()) return {{"data", result.data}};
  }
  throw Refusal{fmt::format("the core refuses address 0x{:x} to user 0x{:x}", address, machine_.user())};
}

json JsonProtocol::fuses() const {
  json values = json::object();
  for (const FuseName& fuse : Fuses::names(machine_.core().configuration().generation)) {
    json words = json::array();
    for (uint32_t i = 0; i < fuse.words; ++i) {
      words.push_back(machine_.core().peek_register(soc_ifc_base + fuse.offset + 4 * i));
    }
    values[std::string(fuse.name)] = words;
  }
  return {{"fuses", values}};
}

json JsonProtocol::status() const {
  using namespace soc_ifc_regs;
  const auto peek = [this](uint32_t offset) { return machine_.core().peek_register(soc_ifc_base + offset); };
  const Core& core = machine_.core();
  return {{"cycles", core.cycles()},
          {"instructions", core.instructions()},
          {"boot_status", machine_.boot_status()},
          {"flow_status", peek(CPTRA_FLOW_STATUS::offset)},
          {"fw_error_fatal", peek(CPTRA_FW_ERROR_FATAL::offset)},
          {"fw_error_non_fatal", peek(CPTRA_FW_ERROR_NON_FATAL::offset)},
          {"hw_error_fatal", peek(CPTRA_HW_ERROR_FATAL::offset)},
          {"ready_for_fw", core.ready_for_fw()},
          {"ready_for_runtime", core.ready_for_runtime()},
          {"error_fatal", core.error_fatal()}};
}

json JsonProtocol::take_events() {
  json events = json::array();
  for (const Event& event : events_) {
    events.push_back({{"event", name_of(event.kind)},
                      {"value", event.value},
                      {"cycle", event.cycle},
                      {"instructions", event.instructions}});
  }
  json reply = {{"events", events}, {"lost", lost_events_}};
  events_.clear();
  lost_events_ = 0;
  return reply;
}

json JsonProtocol::snapshot(const json& request) {
  const std::string name = text_of(request, "name");
  const std::string what = text_of(request, "action");
  const auto found = snapshots_.find(name);
  if (what == "save") {
    if (name.empty() || name.size() > longest_name) throw Refusal{"'name' has 1 to 64 characters"};
    if (found == snapshots_.end() && snapshots_.size() == most_snapshots) throw Refusal{"there are too many snapshots"};
    auto state = machine_.save();
    const std::size_t size = state.size();
    snapshots_.insert_or_assign(name, std::move(state));
    return {{"size", size}};
  }
  if (found == snapshots_.end()) throw Refusal{fmt::format("there is no snapshot '{}'", name)};
  if (what == "restore") {
    if (const auto error = machine_.restore(found->second)) throw Refusal{*error};
  } else if (what == "drop") {
    snapshots_.erase(found);
  } else {
    throw Refusal{"'action' must be \"save\", \"restore\" or \"drop\""};
  }
  return json::object();
}

}  // namespace caliptra::serve
