#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
# Stands in for a test that cannot run here: skip.sh NAME REASON
echo "[skipped] $1: $2"
exit 77
