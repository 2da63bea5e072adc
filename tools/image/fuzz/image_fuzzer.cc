// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Describes and judges any file, loads it as an executable, reads it as keys. Whatever is a whole manifest survives
// being read and written, and being signed.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "soc/image/builder.h"
#include "soc/image/verify.h"
#include "tools/image/executable.h"
#include "tools/image/info.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace caliptra;
  const std::span<const uint8_t> file(data, size);
  const image_tool::Info info = image_tool::describe(file);
  if (info.text.empty() || info.json.dump().empty()) std::abort();

  image::DevicePolicy device;
  device.provisioned = true;
  device.vendor_keys_hash.fill(1);
  if (image::verify(file, device).empty()) std::abort();

  std::string error;
  if (!image_tool::load_executable(file, std::nullopt, std::nullopt, error) && error.empty()) std::abort();
  if (!crypto::p384_key_from_file(file, error) && error.empty()) std::abort();
  if (!image::parse_lms_private_key(file, error) && error.empty()) std::abort();

  if (size >= image::manifest_size) {
    const auto head = file.first<image::manifest_size>();
    const auto again = image::manifest_bytes(image::parse_manifest(head));
    if (!std::equal(head.begin(), head.end(), again.begin())) std::abort();
  }
  return 0;
}
