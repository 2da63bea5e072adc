// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
