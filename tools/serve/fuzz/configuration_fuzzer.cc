// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Reads configuration files and the configuration texts of the C face: an error names a line, and what the smaller
// syntax takes, the larger one takes too.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "soc/c/configuration_text.h"
#include "tools/caliptra-emu/configuration_file.h"
#include "tools/caliptra-emu/exit_status.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  caliptra::Configuration configuration;
  caliptra::SocPlan plan;
  const std::string error = caliptra::read_configuration_text(text, configuration, plan);
  if (!error.empty() && !error.starts_with("line ")) std::abort();

  try {
    caliptra::emu::Setup setup;
    caliptra::emu::read_configuration(text, "file.toml", std::nullopt, setup);
  } catch (const caliptra::emu::Failure& failure) {
    if (!std::string_view(failure.what()).starts_with("file.toml:")) std::abort();
  }
  return 0;
}
