// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What is measured: a core that runs a program of firmware-tests/benchmarks or boots official images, and QEMU with the
// same program.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iss/timing_profile.h"
#include "soc/core.h"
#include "soc/soc_manager.h"

namespace caliptra::benchmarks {

/// The bytes of a file, or nothing.
[[nodiscard]] std::optional<std::vector<uint8_t>> read_file(const std::filesystem::path& path);

/// `name` of the folder that CALIPTRA_IMAGES names, by default ../shared/images.
[[nodiscard]] std::filesystem::path official_image(std::string_view name);

/// A program of firmware-tests/benchmarks that does its work `repetitions` times.
[[nodiscard]] std::vector<uint8_t> with_repetitions(std::vector<uint8_t> program, uint32_t repetitions);

struct Machine {
  std::unique_ptr<Core> core;
  std::unique_ptr<SocManager> soc;
  uint32_t last_boot_status = 0;
};

/// A core that starts `rom` when it runs, and stops when the firmware ends or `stop_at` comes. Null with a bad image.
[[nodiscard]] std::unique_ptr<Machine> machine(std::vector<uint8_t> rom, veer::TimingProfile timing,
                                               std::optional<Event::Kind> stop_at = std::nullopt,
                                               std::vector<uint8_t> firmware = {});

struct QemuRun {
  double cpu_seconds = 0;
  std::string output;  ///< of the serial port
};
/// Runs a program on QEMU's `virt` machine to its end. Nothing if there is no qemu-system-riscv32, or it fails.
[[nodiscard]] std::optional<QemuRun> run_qemu(const std::vector<uint8_t>& program);

}  // namespace caliptra::benchmarks
