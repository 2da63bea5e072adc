// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/state_stream.h"

#include <fmt/format.h>

namespace veer {

void StateStream::section(std::string_view name, uint32_t version) {
  if (!ok()) return;
  section_ = name;
  std::string found(name);
  uint8_t length = static_cast<uint8_t>(name.size());
  (*this)(length);
  if (ok() && length != name.size()) return fail("another part was expected here");
  bytes({reinterpret_cast<uint8_t*>(found.data()), found.size()});
  if (ok() && found != name) return fail("another part was expected here");
  uint32_t found_version = version;
  (*this)(found_version);
  if (ok() && found_version != version) {
    fail(fmt::format("it has version {}, this program reads version {}", found_version, version));
  }
}

void StateStream::fail(std::string_view reason) {
  if (ok()) error_ = fmt::format("snapshot, part '{}': {}", section_, reason);
}

void StateStream::finish() {
  if (ok() && restoring() && position_ != input_.size()) fail("there are more bytes than expected");
}

}  // namespace veer
