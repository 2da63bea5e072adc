// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// That the headers compile alone, and together.

#include "caliptra_bootmcu.h"
//
#include "caliptra_emu.h"
//
#include "caliptra_model.h"
