// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A manufacturer, played by OpenSSL: it certifies the key of a device's request, and judges a chain.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caliptra::demo {

/// Makes a root of its own and an IDevID certificate out of `request` (a DER CSR, whose own signature must be right),
/// and lets OpenSSL's X509_verify_cert check the chain from the last of `certificates` (DER, IDevID's successor first)
/// to that root. Returns OpenSSL's reason where it is not right, else nothing.
[[nodiscard]] std::string problem_of_chain(std::span<const uint8_t> request,
                                           const std::vector<std::vector<uint8_t>>& certificates);

}  // namespace caliptra::demo
