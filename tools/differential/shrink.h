// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <functional>
#include <span>
#include <vector>

#include "tools/differential/program.h"

namespace caliptra::differential {

/// Says of each program whether it fails. Asked about many at once, since starting QEMU takes longer than a program.
using Judge = std::function<std::vector<bool>(std::span<const Program>)>;

/// Takes out of a failing program what can be taken out with it still failing: first large parts, then single
/// instructions (those joined to one another together).
Program shrink(Program program, const Judge& fails);

}  // namespace caliptra::differential
