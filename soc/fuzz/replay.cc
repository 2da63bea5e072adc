// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Runs the fuzzer's target on files, with any compiler: the kept seeds are tests.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "iss/testing/shared_data.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size);

int main(int count, char** arguments) {
  int files = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) {
      const auto bytes = veer::testing::read_file(entry.path());
      if (!bytes) return 1;
      LLVMFuzzerTestOneInput(bytes->data(), bytes->size());
      ++files;
    }
  }
  std::printf("%d inputs\n", files);
  return files == 0 ? 1 : 0;
}
