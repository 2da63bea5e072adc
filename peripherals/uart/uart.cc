// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/uart/uart.h"

#include "peripherals/uart/uart_regs.h"

namespace caliptra {

using namespace uart_regs;

namespace {

constexpr uint32_t decoded_size = 0x100;
constexpr uint32_t transmit_data = TRANSMIT::offset + 1;

constexpr bool is_line_control(uint32_t offset) {
  return offset >= LINE_CONTROL::offset && offset <= LINE_CONTROL::offset + 2;
}

}  // namespace

Uart::Uart() : RegisterBlock("uart", table, 1, decoded_size) {}

veer::BusResult Uart::read(uint32_t offset, unsigned width, veer::Agent agent) {
  if (width != 1 || !(is_line_control(offset) || offset == TRANSMIT::offset)) {
    return {veer::BusStatus::target_error, 0};
  }
  const auto word = RegisterBlock::read(offset & ~3U, 4, agent);
  return {word.status, word.data >> (8 * (offset % 4)) & 0xff};
}

veer::BusStatus Uart::write(uint32_t offset, unsigned width, uint32_t data, veer::Agent agent) {
  if (width != 1 || !(is_line_control(offset) || offset == transmit_data)) return veer::BusStatus::target_error;
  const uint32_t word = offset & ~3U;
  const unsigned shift = 8 * (offset % 4);
  return RegisterBlock::write(word, 4, (stored(word) & ~(0xffU << shift)) | (data & 0xff) << shift, agent);
}

void Uart::after_write(const veer::RegisterRef& at, veer::Agent, const veer::RegisterWrite& write) {
  if (at.base() != TRANSMIT::offset) return;
  if (output_) output_(static_cast<char>(TRANSMIT::TX_DATA.get(write.written)));
}

}  // namespace caliptra
