// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The command line: `caliptra-emu run …`, and without a subcommand that of the reference emulator 1.x.
// Nothing is read from files here, and nothing is checked against them.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "soc/configuration.h"
#include "tools/caliptra-emu/event_spec.h"
#include "tools/caliptra-emu/mailbox_commands.h"
#include "tools/caliptra-emu/merge_coverage.h"
#include "tools/caliptra-emu/observation.h"
#include "tools/caliptra-emu/snapshots.h"
#include "tools/fuzz/fuzz_input.h"
#include "tools/serve/address.h"
#include "tools/serve/settings.h"

namespace caliptra::emu {

/// An input of caliptra-fuzz: TARGET:FILE.
struct FuzzInputFile {
  fuzz::Target target;
  std::string path;
};

/// What the user asked for. Absent values leave the choice to the configuration file, and then to defaults.
struct Options {
  /// No subcommand: the update firmware waits until firmware asks for an update reset by itself.
  bool reference_command_line = false;

  std::optional<std::string> rom;
  std::optional<std::string> firmware;
  std::optional<std::string> update_firmware;
  std::optional<std::string> configuration;

  std::optional<Generation> generation;
  std::optional<veer::TimingProfile> timing;
  std::optional<DeviceLifecycle> lifecycle;
  bool debug_locked = false;
  std::vector<std::pair<std::string, std::string>> fuses;  ///< name and value, in order
  std::optional<bool> internal_trng;
  std::optional<uint32_t> seed;
  std::optional<uint64_t> watchdog_timeout;

  // Short forms of the reference for some fuses and registers.
  std::optional<std::array<uint32_t, 4>> ueid;  ///< word 0 is the least significant
  std::optional<uint32_t> idevid_key_id_algorithm;
  std::string manufacturer_pk_hash;  ///< 96 hexadecimal digits, or empty
  std::string owner_pk_hash;
  bool request_idevid_csr = false;
  bool request_ldevid_certificate = false;

  std::optional<EventSpec> until;
  std::optional<uint64_t> max_cycles;
  std::optional<uint64_t> max_instructions;
  std::vector<MailboxRequest> mailbox;
  std::optional<FuzzInputFile> fuzz_input;

  std::optional<serve::Address> gdb;  ///< where a debugger connects

  SnapshotOptions snapshots;
  ObservationOptions observation;  ///< traces and the like
  std::optional<std::string> stats;
  std::optional<std::string> time_table;
  std::string log_directory = "/tmp";

  /// The subcommand `merge-coverage` was given.
  std::optional<MergeCoverageOptions> merge_coverage;

  /// The subcommand `serve` was given.
  std::optional<serve::ServeOptions> serve;
};

/// Reads a command line. Nothing if it only asked for help or for the version, which is then on standard
/// output. Throws Failure with exit_usage.
[[nodiscard]] std::optional<Options> parse_command_line(int argc, const char* const* argv);

}  // namespace caliptra::emu
