// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/timeline.h"

#include <fmt/format.h>

#include "tools/trace/text.h"
#include "tools/trace/trap_names.h"

namespace caliptra::trace {

std::string json_escaped(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    if (character == '"' || character == '\\') {
      escaped += '\\';
      escaped += character;
    } else if (static_cast<unsigned char>(character) < 0x20) {
      escaped += fmt::format("\\u{:04x}", static_cast<unsigned>(character));
    } else if (static_cast<unsigned char>(character) >= 0x7f) {
      escaped += '?';  // no symbol that a toolchain makes
    } else {
      escaped += character;
    }
  }
  return escaped;
}

Timeline::Timeline(const CodeMap& code, Output& output, uint64_t shortest_call)
    : code_(code), output_(output), shortest_call_(shortest_call) {
  output_.put("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"clock\":\"1 cycle = 1 ns\"},\"traceEvents\":[\n");
  output_.put("{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"Caliptra core\"}}");
  name_track(phases_track, "boot phases");
  name_track(steps_track, "boot steps");
  name_track(calls_track, "calls");
  name_track(traps_track, "traps and interrupts");
  name_track(mailbox_track, "mailbox");
}

void Timeline::name_track(unsigned track, std::string_view name) {
  named_[track] = true;
  output_.put(fmt::format(
      ",\n{{\"ph\":\"M\",\"pid\":1,\"tid\":{0},\"name\":\"thread_name\",\"args\":{{\"name\":\"{1}\"}}}},\n"
      "{{\"ph\":\"M\",\"pid\":1,\"tid\":{0},\"name\":\"thread_sort_index\",\"args\":{{\"sort_index\":{0}}}}}",
      track, json_escaped(name)));
}

const std::string& Timeline::name_of(uint32_t entry) {
  const auto [found, added] = names_.try_emplace(entry);
  if (added) found->second = json_escaped(code_.function_name(entry));
  return found->second;
}

/// Time is in microseconds: three decimals for cycles.
void Timeline::slice(unsigned track, std::string_view category, std::string_view name, uint64_t begin, uint64_t end,
                     std::string_view arguments) {
  const auto put_time = [](char* at, uint64_t cycles) {
    at = put_decimal(at, cycles / 1000);
    const auto rest = static_cast<unsigned>(cycles % 1000);
    *at++ = '.';
    *at++ = static_cast<char>('0' + rest / 100);
    return put(at, std::string_view(detail::decimal_pairs[rest % 100].data(), 2));
  };
  char* at = put(output_.reserve(), ",\n{\"ph\":\"X\",\"pid\":1,\"tid\":");
  at = put_decimal(at, track);
  at = put(put(put(at, ",\"cat\":\""), category), "\",\"name\":\"");
  at = put(at, name.substr(0, 1024));
  at = put_time(put(at, "\",\"ts\":"), begin);
  at = put_time(put(at, ",\"dur\":"), end - begin);
  if (!arguments.empty()) at = put(put(put(at, ",\"args\":{"), arguments.substr(0, 2048)), "}");
  *at++ = '}';
  output_.commit(at);
}

void Timeline::pushed(const CallStack::Frame&) {}

void Timeline::popped(const CallStack::Frame& frame, uint64_t end) {
  if (end - frame.begin < shortest_call_ && frame.kind == CallStack::Kind::call) return;
  switch (frame.kind) {
    case CallStack::Kind::image: slice(calls_track, "image", code_.image_name(frame.entry), frame.begin, end); break;
    case CallStack::Kind::call: slice(calls_track, "call", name_of(frame.entry), frame.begin, end); break;
    case CallStack::Kind::trap: {
      const std::string name = trap_name(frame.cause, frame.detail);
      const std::string arguments = fmt::format("\"pc\":\"0x{:08x} {}\",\"mcause\":\"0x{:08x}\"", frame.return_address,
                                                name_of(frame.return_address), frame.cause);
      const char* const category = is_interrupt(frame.cause) ? "interrupt" : "exception";
      slice(traps_track, category, name, frame.begin, end, arguments);
      slice(calls_track, category, name, frame.begin, end);
      break;
    }
  }
}

void Timeline::engine(std::string_view name, const EngineSpan& span) {
  const unsigned track = first_engine_track + span.engine;
  if (track >= named_.size()) return;
  if (!named_[track]) name_track(track, name);
  slice(track, "engine", span.operation.empty() ? name : span.operation, span.begin, span.end);
}

void Timeline::transaction(const MailboxTransaction& t) {
  slice(mailbox_track, "mailbox", command_name(t.command), t.locked, t.released,
        fmt::format("\"requester\":\"{}\",\"request bytes\":{},\"response bytes\":{},\"status\":\"{}\"",
                    t.by_soc ? fmt::format("SoC user 0x{:x}", t.user) : "core", t.request_length, t.response_length,
                    mailbox_status_name(t.status)));
}

void Timeline::event(const Event& event) {
  const std::string text = describe_event(event);
  if (text.empty() || event.kind == Event::Kind::boot_status) return;
  output_.put(fmt::format(
      ",\n{{\"ph\":\"i\",\"pid\":1,\"tid\":{},\"s\":\"p\",\"cat\":\"event\",\"name\":\"{}\",\"ts\":{}.{:03}}}",
      static_cast<unsigned>(phases_track), json_escaped(text), event.cycle / 1000, event.cycle % 1000));
}

void Timeline::finish(const BootPhases& phases) {
  for (const Phase& each : phases.phases()) {
    slice(phases_track, "phase", json_escaped(each.name), each.begin, each.end,
          fmt::format("\"instructions\":{}", each.instructions));
  }
  for (const Phase& each : phases.steps()) {
    slice(steps_track, "step", json_escaped(each.name), each.begin, each.end,
          fmt::format("\"instructions\":{}", each.instructions));
  }
  output_.put("\n]}\n");
}

}  // namespace caliptra::trace
