// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/heartbeat.h"

#include <fmt/format.h>

#include <string_view>

#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "tools/trace/boot_phases.h"

namespace caliptra::emu {
namespace {

constexpr auto first_after = std::chrono::seconds(1);
constexpr auto interval = std::chrono::milliseconds(250);
constexpr uint32_t boot_status_address = 0x3003'0000 + soc_ifc_regs::CPTRA_BOOT_STATUS::offset;

// Nothing that a run does depends on whether this is written.
void write_out(int descriptor, std::string_view text) {
  [[maybe_unused]] const ssize_t written = ::write(descriptor, text.data(), text.size());
}

std::string grouped(uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

}  // namespace

Heartbeat::Heartbeat(const Core& core, int descriptor)
    : core_(core),
      descriptor_(descriptor),
      on_(::isatty(descriptor) != 0),
      next_(std::chrono::steady_clock::now() + first_after),
      last_(std::chrono::steady_clock::now()) {}

std::string Heartbeat::line(uint64_t cycles, double million_per_second, uint32_t boot_status) {
  return fmt::format("cycle {}  {:.0f} MIPS  {}", grouped(cycles), million_per_second,
                     boot_status == 0 ? "reset" : trace::boot_status_name(boot_status));
}

void Heartbeat::beat() {
  if (!on_) return;
  const Time now = std::chrono::steady_clock::now();
  if (now < next_) return;
  const uint64_t instructions = core_.instructions();
  const double seconds = std::chrono::duration<double>(now - last_).count();
  const double rate = static_cast<double>(instructions - last_instructions_) / seconds / 1e6;
  // Back to the beginning of the line, and away with what stands there.
  write_out(descriptor_, "\r\x1b[K" + line(core_.cycles(), rate, core_.peek_register(boot_status_address)));
  visible_ = true;
  next_ = now + interval;
  last_ = now;
  last_instructions_ = instructions;
}

void Heartbeat::clear() {
  if (!visible_) return;
  visible_ = false;
  write_out(descriptor_, "\r\x1b[K");
}

}  // namespace caliptra::emu
