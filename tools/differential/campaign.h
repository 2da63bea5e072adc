// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Many random programs on our hart, every way it can be run, and on QEMU.

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>

#include "tools/differential/machines.h"
#include "tools/differential/program.h"

namespace caliptra::differential {

struct CampaignOptions {
  uint64_t instructions = 2'000'000;  ///< at least as many are executed, on each machine
  uint32_t first_seed = 1;
  std::filesystem::path keep = ".";  ///< the folder for failing programs
  std::optional<veer::Op> broken;    ///< for tests: our hart doesn't execute this op
};

/// What is wrong with a program: nothing, if our hart does the same every way it is run, and the same as QEMU, whose
/// outcome is `theirs`.
std::string judge(const Image& image, const Image& theirs, std::optional<veer::Op> broken);

/// Runs one program. Returns the exit status: 0 if all agree, 1 if not, 2 if QEMU fails.
int replay(const Program& program, const Qemu& qemu, const CampaignOptions& options, std::ostream& out);

/// Runs programs until there are enough instructions. A failing program is shrunk and written to a file. Returns the
/// exit status as replay() does.
int campaign(const Qemu& qemu, const CampaignOptions& options, std::ostream& out);

}  // namespace caliptra::differential
