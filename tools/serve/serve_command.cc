// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/serve/serve_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <utility>

#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "tools/caliptra-emu/error_names.h"
#include "tools/caliptra-emu/exit_status.h"
#include "tools/serve/address.h"
#include "tools/serve/machine.h"
#include "tools/serve/server.h"

namespace caliptra::serve {
namespace {

using emu::Failure;

void say(const std::string& line) { fmt::print(stderr, "caliptra-emu: {}\n", line); }

// The only thing that a signal handler can reach. One server runs in a program at a time.
volatile std::sig_atomic_t stop_pipe = -1;

/// Turns SIGINT and SIGTERM into a byte in a pipe; a second signal ends the program.
class StopSignals {
 public:
  StopSignals() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) throw Failure(emu::exit_host_io, "cannot make a pipe");
    reading_ = Descriptor(ends[0]);
    writing_ = Descriptor(ends[1]);
    stop_pipe = writing_.number();
    struct sigaction action {};
    action.sa_handler = [](int) {
      const int error = errno;
      const ssize_t ignored = ::write(stop_pipe, "x", 1);
      static_cast<void>(ignored);
      errno = error;
    };
    action.sa_flags = SA_RESETHAND;
    sigaction(SIGINT, &action, &old_interrupt_);
    sigaction(SIGTERM, &action, &old_terminate_);
  }
  ~StopSignals() {
    sigaction(SIGINT, &old_interrupt_, nullptr);
    sigaction(SIGTERM, &old_terminate_, nullptr);
    stop_pipe = -1;
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  [[nodiscard]] int number() const { return reading_.number(); }

  /// Whether one has come.
  [[nodiscard]] bool came() const {
    pollfd polled{reading_.number(), POLLIN, 0};
    return ::poll(&polled, 1, 0) > 0;
  }

 private:
  Descriptor reading_;
  Descriptor writing_;
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
};

Address checked_address(const ServeOptions& options) {
  std::string error;
  const auto address = Address::parse(options.socket, error);
  if (!address) throw Failure(emu::exit_usage, "--socket: " + error);
  if (!address->is_loopback() && !options.allow_remote) {
    throw Failure(emu::exit_usage, fmt::format("--socket: {} can be reached from other machines, and nothing here asks "
                                               "who they are; say --allow-remote if that is meant",
                                               address->text()));
  }
  return *address;
}

/// False if it was abandoned.
bool boot(Machine& machine, uint64_t max_cycles, bool has_firmware) {
  const RunEnd end = machine.boot(max_cycles);
  if (end == RunEnd::event || end == RunEnd::abandoned) return end == RunEnd::event;
  const auto peek = [&](uint32_t offset) { return machine.core().peek_register(0x3003'0000 + offset); };
  const uint32_t error = peek(soc_ifc_regs::CPTRA_FW_ERROR_FATAL::offset);
  if (end == RunEnd::fatal_error) {
    throw Failure(emu::exit_fatal_error, fmt::format("the boot failed: CPTRA_FW_ERROR_FATAL 0x{:08x} {}, "
                                                     "CPTRA_HW_ERROR_FATAL 0x{:08x}",
                                                     error, emu::firmware_error_name(error),
                                                     peek(soc_ifc_regs::CPTRA_HW_ERROR_FATAL::offset)));
  }
  throw Failure(emu::exit_limit, has_firmware ? fmt::format("the boot did not end: boot status 0x{:x} after {} cycles",
                                                            machine.boot_status(), machine.core().cycles())
                                              : "the boot waits for firmware: say --firmware FILE");
}

}  // namespace

int serve(emu::Setup setup, const ServeOptions& options) {
  const Address address = checked_address(options);
  const bool has_firmware = !setup.plan.firmware.empty();
  std::string error;
  const auto machine = Machine::create(setup.configuration, std::move(setup.plan), error);
  if (!machine) throw Failure(emu::exit_usage, error);
  machine->on_console([](char character) { std::putc(character, stderr); });

  const StopSignals signals;
  machine->abandon_if([&signals] { return signals.came(); });
  if (!boot(*machine, options.max_boot_cycles, has_firmware)) return emu::exit_success;
  auto listener = Listener::open(address, error);
  if (!listener) throw Failure(emu::exit_host_io, error);
  Server server(*machine, std::move(*listener), options.settings);
  server.on_log(say);
  // On standard output, so that a script can wait for it, and for the port that was chosen.
  fmt::print("listening on {}\n", server.address().text());
  std::fflush(stdout);
  if (!server.serve(signals.number())) throw Failure(emu::exit_host_io, "the socket failed");
  return emu::exit_success;
}

}  // namespace caliptra::serve
