// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The watchdog: timer 1 for the time that the SoC allows (CPTRA_WDT_CFG), and timer 2 behind it, which ends in an NMI.

#pragma once

/// Starts it anew: once at the start of a stage, and again wherever much has been done. Only with the debug lock, so
/// that a debugger does not run into it.
void watchdog_start(void);

void watchdog_stop(void);
