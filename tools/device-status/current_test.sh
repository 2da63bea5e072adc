#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
# Whether the committed page is what the program writes now. Usage: current_test.sh PROGRAM PAGE
"$1" | diff -u "$2" - || { echo "device-status: write the page anew: $1 > docs/device-status.md"; exit 1; }
