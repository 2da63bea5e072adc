// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What each packet asks for. An empty answer says that a packet is unknown.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "iss/csr_table.h"
#include "iss/registers/register_block.h"
#include "tools/gdb-server/gdb_server.h"
#include "tools/gdb-server/target_description.h"

namespace caliptra::gdb {
namespace {

// Errors carry numbers of errno.h, in decimal, which gdb only shows.
constexpr const char* ok = "OK";
constexpr const char* malformed = "E22";    // EINVAL
constexpr const char* bad_address = "E14";  // EFAULT
constexpr const char* refused = "E13";      // EACCES
constexpr const char* too_many = "E12";     // ENOMEM
constexpr const char* unknown = "";

// There is one thread, number 1, of process 1, and "any" or "all" mean that one.
bool is_our_thread(std::string_view text) {
  const auto one = [](std::string_view number) { return number == "1" || number == "0" || number == "-1"; };
  if (!text.starts_with('p')) return one(text) || text == "01";
  text.remove_prefix(1);
  const std::size_t dot = text.find('.');
  return one(text.substr(0, dot)) && (dot == std::string_view::npos || one(text.substr(dot + 1)));
}

constexpr std::size_t most_breakpoints = 4096;
constexpr std::size_t most_watchpoints = 64;

// Room that an answer leaves for what frames it.
constexpr std::size_t framing = 16;

struct Range {
  uint32_t address = 0;
  uint32_t length = 0;
};

/// "address,length" off the front of `text`.
std::optional<Range> take_range(std::string_view& text) {
  const auto address = take_number(text);
  if (!address || !take_character(text, ',')) return std::nullopt;
  const auto length = take_number(text);
  if (!length) return std::nullopt;
  return Range{*address, *length};
}

}  // namespace

void GdbServer::command(std::string_view packet) {
  if (packet.empty()) return reply(unknown);
  const char kind = packet.front();
  if (kind == 'k' || packet.starts_with("vKill")) {
    if (kind == 'v') reply(ok);
    transport_.disconnect();
    end_session();
    state_ = State::killed;
    return;
  }
  if (packet == "QStartNoAckMode") {
    reply(ok);
    acknowledges_ = false;
    return;
  }
  if (const auto text = answer(kind, packet.substr(1))) reply(*text);
}

GdbServer::Answer GdbServer::answer(char kind, std::string_view rest) {
  switch (kind) {
    case '?': return last_stop_;
    case 'g': return read_registers();
    case 'G': return write_registers(rest);
    case 'p': return read_register(rest);
    case 'P': return write_register(rest);
    case 'm': return read_memory(rest);
    case 'M': return write_memory(rest, false);
    case 'X': return write_memory(rest, true);
    case 'c': return resume_at(rest, Motion::go, false);
    case 'C': return resume_at(rest, Motion::go, true);
    case 's': return resume_at(rest, Motion::step, false);
    case 'S': return resume_at(rest, Motion::step, true);
    case 'z': return change_point(rest, false);
    case 'Z': return change_point(rest, true);
    case 'b':
      if (history_ == nullptr || (rest != "s" && rest != "c")) return unknown;
      last_stop_ = run_back(rest == "s");
      return last_stop_;
    case 'H': return rest.size() > 1 && is_our_thread(rest.substr(1)) ? ok : malformed;
    case 'T': return is_our_thread(rest) ? ok : malformed;
    case 'D':
      remove_points();
      state_ = State::detached;
      return ok;
    case 'q': return query(rest);
    case 'v':
      if (rest == "Cont?") return "vCont;c;C;s;S;r";
      if (rest.starts_with("Cont;")) return resume_threads(rest.substr(5));
      return unknown;
    default: return unknown;
  }
}

std::string GdbServer::query(std::string_view packet) {
  const std::string_view name = packet.substr(0, packet.find_first_of(":,"));
  if (name == "Supported") {
    return fmt::format(
        "PacketSize={:x};QStartNoAckMode+;swbreak+;hwbreak+;vContSupported+;qXfer:features:read+;"
        "qXfer:memory-map:read+{}",
        packet_size, history_ != nullptr ? ";ReverseStep+;ReverseContinue+" : "");
  }
  if (packet == "C") return "QC1";
  if (packet == "fThreadInfo") return "m1";
  if (packet == "sThreadInfo") return "l";
  if (name == "ThreadExtraInfo") return to_hex(std::string_view("VeeR EL2"));
  // gdb detaches when it ends, and doesn't kill.
  if (name == "Attached") return "1";
  if (name == "Xfer") return packet.size() > 5 ? transfer(packet.substr(5)) : malformed;
  if (packet.starts_with("Rcmd,")) return run_monitor(packet.substr(5));
  return unknown;
}

// object:read:annex:offset,length
std::string GdbServer::transfer(std::string_view rest) {
  std::string document;
  if (rest.starts_with("features:read:")) {
    rest.remove_prefix(14);
    if (!rest.starts_with("target.xml:")) return "E00";
    rest.remove_prefix(11);
    document = target_xml();
  } else if (rest.starts_with("memory-map:read::")) {
    rest.remove_prefix(17);
    document = memory_map_xml(core_);
  } else {
    return unknown;
  }
  const auto range = take_range(rest);
  if (!range || !rest.empty()) return malformed;
  if (range->address > document.size()) return malformed;
  const std::size_t most = std::min<std::size_t>(range->length, packet_size - framing);
  const std::string part = document.substr(range->address, most);
  const bool last = range->address + part.size() == document.size();
  return fmt::format("{}{}", last ? 'l' : 'm', escape(part));
}

std::string GdbServer::read_registers() const {
  std::string text;
  for (unsigned i = 0; i < 32; ++i) text += word_to_hex(core_.hart().x(i));
  return text + word_to_hex(core_.hart().pc());
}

std::string GdbServer::write_registers(std::string_view text) {
  std::array<uint32_t, pc_number + 1> values;
  if (text.size() != 8 * values.size()) return malformed;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = word_from_hex(text.substr(8 * i, 8));
    if (!value) return malformed;
    values[i] = *value;
  }
  for (unsigned i = 0; i < 32; ++i) core_.hart().set_x(i, values[i]);
  core_.hart().set_pc(values[pc_number]);
  changed();
  return ok;
}

std::string GdbServer::read_register(std::string_view text) const {
  const auto number = take_number(text);
  if (!number || !text.empty()) return malformed;
  if (*number < pc_number) return word_to_hex(core_.hart().x(*number));
  if (*number == pc_number) return word_to_hex(core_.hart().pc());
  if (*number < first_csr_number || *number - first_csr_number > 0xfff) return malformed;
  const auto value = core_.hart().csr(*number - first_csr_number);
  return value ? word_to_hex(*value) : malformed;
}

std::string GdbServer::write_register(std::string_view text) {
  const auto number = take_number(text);
  if (!number || !take_character(text, '=')) return malformed;
  const auto value = word_from_hex(text);
  if (!value) return malformed;
  if (*number < pc_number) {
    core_.hart().set_x(*number, *value);
  } else if (*number == pc_number) {
    core_.hart().set_pc(*value);
  } else {
    if (*number < first_csr_number || *number - first_csr_number > 0xfff) return malformed;
    if (!core_.hart().set_csr(*number - first_csr_number, *value)) return refused;
  }
  changed();
  return ok;
}

// As many bytes as can be read from the first one on: gdb asks for the others and then hears of the error.
std::string GdbServer::read_memory(std::string_view text) const {
  const auto range = take_range(text);
  if (!range || !text.empty()) return malformed;
  const uint64_t most =
      std::min<uint64_t>({range->length, (packet_size - framing) / 2, (uint64_t{1} << 32) - range->address});
  std::vector<uint8_t> bytes(most);
  if (core_.peek(range->address, bytes)) return to_hex(bytes);
  std::size_t readable = 0;
  while (readable < most && core_.peek(range->address + static_cast<uint32_t>(readable), {&bytes[readable], 1}))
    ++readable;
  if (readable == 0) return bad_address;
  return to_hex(std::span(bytes).first(readable));
}

std::string GdbServer::write_memory(std::string_view text, bool binary) {
  const auto range = take_range(text);
  if (!range || !take_character(text, ':')) return malformed;
  std::optional<std::vector<uint8_t>> bytes = binary ? unescape(text) : from_hex(text);
  if (!bytes || bytes->size() != range->length) return malformed;
  if (bytes->empty()) return ok;
  const bool written = poke(range->address, *bytes);
  changed();
  return written ? ok : bad_address;
}

// Memory as it is; registers in whole words, which puts bits into flip-flops and starts nothing.
bool GdbServer::poke(uint32_t address, std::span<const uint8_t> bytes) {
  if (core_.poke(address, bytes)) return true;
  if (address % 4 != 0 || bytes.size() % 4 != 0) return false;
  for (const Core::MappedBlock& mapped : core_.blocks()) {
    const uint32_t offset = address - mapped.base;
    if (offset >= mapped.block->size() || mapped.block->size() - offset < bytes.size()) continue;
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
      const uint32_t value = uint32_t{bytes[i]} | uint32_t{bytes[i + 1]} << 8 | uint32_t{bytes[i + 2]} << 16 |
                             uint32_t{bytes[i + 3]} << 24;
      const veer::BusStatus status =
          mapped.block->write(offset + static_cast<uint32_t>(i), 4, value, veer::Agent::debugger);
      if (status != veer::BusStatus::ok) return false;
    }
    return true;
  }
  return false;
}

// type,address,kind: the kind is the length of the range that is watched, and of no matter for breakpoints.
std::string GdbServer::change_point(std::string_view text, bool insert) {
  const auto type = take_number(text);
  if (!type || !take_character(text, ',')) return malformed;
  const auto range = take_range(text);
  // Conditions and commands, which would follow, are not offered.
  if (!range || !text.empty()) return malformed;
  switch (*type) {
    case 0:
    case 1: return change_breakpoint(range->address, static_cast<uint8_t>(1U << *type), insert);
    case 2: return change_watchpoint(range->address, range->length, veer::WatchKind::write, insert);
    case 3: return change_watchpoint(range->address, range->length, veer::WatchKind::read, insert);
    case 4: return change_watchpoint(range->address, range->length, veer::WatchKind::access, insert);
    default: return unknown;
  }
}

std::string GdbServer::change_breakpoint(uint32_t address, uint8_t kind, bool insert) {
  if (insert) {
    if (!breakpoints_.contains(address)) {
      if (breakpoints_.size() == most_breakpoints) return too_many;
      core_.hart().add_breakpoint(address);
    }
    breakpoints_[address] |= kind;
  } else if (const auto found = breakpoints_.find(address); found != breakpoints_.end()) {
    found->second &= static_cast<uint8_t>(~kind);
    if (found->second == 0) {
      core_.hart().remove_breakpoint(address);
      breakpoints_.erase(found);
    }
  }
  return ok;
}

std::string GdbServer::change_watchpoint(uint32_t address, uint32_t length, veer::WatchKind kind, bool insert) {
  if (length == 0) return malformed;
  if (!insert) {
    if (watchpoints_.erase({address, length, kind}) != 0) core_.hart().remove_watchpoint(address, length, kind);
    return ok;
  }
  if (watchpoints_.contains({address, length, kind})) return ok;
  if (watchpoints_.size() == most_watchpoints) return too_many;
  watchpoints_.insert({address, length, kind});
  core_.hart().add_watchpoint(address, length, kind);
  return ok;
}

// [address], or signal[;address]: signals mean nothing to a hart.
GdbServer::Answer GdbServer::resume_at(std::string_view text, Motion motion, bool has_signal) {
  if (has_signal) {
    if (!take_number(text)) return malformed;
    if (!text.empty() && !take_character(text, ';')) return malformed;
  }
  if (!text.empty()) {
    const auto address = take_number(text);
    if (!address || !text.empty()) return malformed;
    core_.hart().set_pc(*address);
    changed();
  }
  resume(motion);
  return std::nullopt;
}

// action[:thread][;action[:thread]]…: the first action that fits the thread is the one.
GdbServer::Answer GdbServer::resume_threads(std::string_view actions) {
  while (!actions.empty()) {
    const std::string_view whole = actions.substr(0, actions.find(';'));
    actions.remove_prefix(std::min(actions.size(), whole.size() + 1));
    const std::size_t colon = whole.find(':');
    std::string_view action = whole.substr(0, colon);
    if (colon != std::string_view::npos && !is_our_thread(whole.substr(colon + 1))) continue;
    const char kind = action.empty() ? ' ' : action.front();
    if (!action.empty()) action.remove_prefix(1);
    if (kind == 'c' && action.empty()) return resume_at("", Motion::go, false);
    if (kind == 's' && action.empty()) return resume_at("", Motion::step, false);
    if (kind == 'C') return resume_at(action, Motion::go, true);
    if (kind == 'S') return resume_at(action, Motion::step, true);
    if (kind != 'r') return malformed;
    const auto range = take_range(action);
    if (!range || !action.empty()) return malformed;
    range_begin_ = range->address;
    range_end_ = range->length;
    // An empty range is one step.
    return resume_at("", range_end_ > range_begin_ ? Motion::range : Motion::step, false);
  }
  return malformed;
}

std::string GdbServer::run_monitor(std::string_view text) {
  const auto bytes = from_hex(text);
  if (!bytes) return malformed;
  print(monitor_.execute(std::string(bytes->begin(), bytes->end())));
  return ok;
}

}  // namespace caliptra::gdb
