// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Known-answer tests of all engines.

#pragma once

#include <stdint.h>

/// Returns 0, or the error of the first that fails (ERROR_KAT_).
uint32_t self_test_run(void);
