// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// "CPTR": register accesses in frames, as ASPEED's QEMU patches for the AST2700 (RFC v2) send them to an external
// Caliptra. All numbers are little-endian.
//
//   header   u32 magic 0x43505452, u16 version 1, u16 command, u32 length of the payload
//   3 APB_READ   {u32 address}              answered by 4 APB_RDATA {u32 data}
//   5 APB_WRITE  {u32 address, u32 data}    answered by 6 APB_WACK {}
//
// A longer payload than the command needs is taken, and the rest is ignored. A refused read is answered with
// 0xdeadbeef, a refused write like any other. Anything else ends the connection.

#pragma once

#include "tools/serve/machine.h"
#include "tools/serve/protocol.h"

namespace caliptra::serve {

namespace cptr {
inline constexpr uint32_t magic = 0x4350'5452;
inline constexpr uint16_t version = 1;
enum Command : uint16_t { apb_read = 3, apb_rdata = 4, apb_write = 5, apb_wack = 6 };
inline constexpr std::size_t header_size = 12;
inline constexpr std::size_t longest_payload = 64 * 1024;

/// What the client's 128 KiB window shows: mailbox and SHA accelerator, soc_ifc.
inline constexpr uint32_t window_base = 0x3002'0000;
inline constexpr uint32_t window_size = 0x2'0000;
inline constexpr uint32_t refused_data = 0xdead'beef;
}  // namespace cptr

class CptrProtocol : public Protocol {
 public:
  /// `machine` must outlive it.
  explicit CptrProtocol(Machine& machine) : machine_(machine) {}

  bool receive(std::span<const uint8_t> bytes, std::vector<uint8_t>& output) override;
  bool pump(std::vector<uint8_t>& output) override;
  [[nodiscard]] bool within_request() const override { return taken_ != input_.size(); }

 private:
  void answer(uint16_t command, std::span<const uint8_t> payload, std::vector<uint8_t>& output);

  Machine& machine_;
  std::vector<uint8_t> input_;
  std::size_t taken_ = 0;  // bytes of input_ that are done with
};

}  // namespace caliptra::serve
