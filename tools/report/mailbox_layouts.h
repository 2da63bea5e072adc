// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tools/trace/mailbox_log.h"

namespace caliptra::report {

/// A part of a request or response, by the runtime's documentation (caliptra-sw, runtime/README.md of 1.2).
struct DecodedField {
  std::string name;
  std::string value;
};

/// What a transaction's bytes mean, as far as its command is known; bytes of unknown meaning as hexadecimal digits.
/// Short payloads are decoded as far as they go.
std::vector<DecodedField> decode_request(const trace::MailboxTransaction& transaction);
std::vector<DecodedField> decode_response(const trace::MailboxTransaction& transaction);

}  // namespace caliptra::report
