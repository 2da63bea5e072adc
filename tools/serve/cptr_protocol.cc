// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/serve/cptr_protocol.h"

#include <fmt/format.h>

namespace caliptra::serve {
namespace {

using namespace cptr;

uint32_t word_at(std::span<const uint8_t> bytes, std::size_t at) {
  return static_cast<uint32_t>(bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16) |
         static_cast<uint32_t>(bytes[at + 3]) << 24;
}

void put(std::vector<uint8_t>& bytes, uint32_t value, unsigned size) {
  for (unsigned i = 0; i < size; ++i) bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void put_header(std::vector<uint8_t>& bytes, Command command, uint32_t length) {
  put(bytes, magic, 4);
  put(bytes, version, 2);
  put(bytes, command, 2);
  put(bytes, length, 4);
}

bool in_window(uint32_t address) { return address - window_base < window_size; }

}  // namespace

bool CptrProtocol::receive(std::span<const uint8_t> bytes, std::vector<uint8_t>& output) {
  input_.insert(input_.end(), bytes.begin(), bytes.end());
  return pump(output);
}

bool CptrProtocol::pump(std::vector<uint8_t>& output) {
  while (output.size() < output_bound) {
    const std::span<const uint8_t> rest = std::span<const uint8_t>(input_).subspan(taken_);
    if (rest.size() < header_size) break;
    const uint32_t command = word_at(rest, 4) >> 16;
    const uint32_t length = word_at(rest, 8);
    // All of it is said by the header: don't wait for a payload that never comes.
    if (word_at(rest, 0) != magic) return violate(fmt::format("the magic is 0x{:08x}", word_at(rest, 0)));
    if ((word_at(rest, 4) & 0xffff) != version)
      return violate(fmt::format("the version is {}", rest[4] | rest[5] << 8));
    if (command != apb_read && command != apb_write) return violate(fmt::format("there is no request {}", command));
    if (length < (command == apb_read ? 4U : 8U))
      return violate(fmt::format("a payload of {} bytes is too short", length));
    if (length > longest_payload) return violate(fmt::format("a payload of {} bytes is too long", length));
    if (rest.size() < header_size + length) break;
    answer(static_cast<uint16_t>(command), rest.subspan(header_size, length), output);
    taken_ += header_size + length;
  }
  // A peer that sends without reading must not fill our memory: the server reads no more from it meanwhile.
  if (taken_ == input_.size() || taken_ > longest_payload) {
    input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
  }
  return true;
}

void CptrProtocol::answer(uint16_t command, std::span<const uint8_t> payload, std::vector<uint8_t>& output) {
  const uint32_t address = word_at(payload, 0);
  if (command == apb_read) {
    const veer::BusResult result =
        in_window(address) ? machine_.read(address) : veer::BusResult{veer::BusStatus::decode_error, 0};
    put_header(output, apb_rdata, 4);
    put(output, result.ok() ? result.data : refused_data, 4);
  } else {
    if (in_window(address)) static_cast<void>(machine_.write(address, word_at(payload, 4)));
    put_header(output, apb_wack, 0);
  }
}

}  // namespace caliptra::serve
