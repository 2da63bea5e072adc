// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What caliptra-emu's exit status means.

#pragma once

#include <stdexcept>
#include <string>

namespace caliptra::emu {

enum ExitStatus : int {
  exit_success = 0,            ///< the event came, or the firmware passed
  exit_usage = 2,              ///< the command line or the configuration file is wrong
  exit_input_file = 3,         ///< an input file is missing, unreadable or of a wrong size
  exit_fatal_error = 4,        ///< the core's firmware or hardware set a fatal error register
  exit_limit = 5,              ///< a limit came first
  exit_no_progress = 6,        ///< the hart can make no progress
  exit_host_io = 7,            ///< the host failed: an output can't be written
  exit_firmware_failed = 255,  ///< the firmware said failure
};

/// Ends the program with `status` and one line on standard error. Only main() catches it.
class Failure : public std::runtime_error {
 public:
  Failure(ExitStatus status, const std::string& message) : std::runtime_error(message), status_(status) {}
  [[nodiscard]] ExitStatus status() const { return status_; }

 private:
  ExitStatus status_;
};

}  // namespace caliptra::emu
