// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What a fuzzer's bytes stand for. Every input means something, so nothing a fuzzer finds is thrown away, and the
// same bytes mean the same to caliptra-fuzz, to a fuzzing engine and to `caliptra-emu run --fuzz-input`.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soc/error_injection.h"

namespace caliptra::fuzz {

/// What is attacked, and from which event on.
enum class Target : uint8_t {
  mailbox,       ///< commands to the runtime, from runtime_ready on
  rom_mailbox,   ///< commands to the ROM, from ready_for_fw on
  firmware,      ///< a damaged bundle, from ready_for_fw on
  measurements,  ///< STASH_MEASUREMENT requests and then the bundle, from ready_for_fw on
  trng,          ///< a noise source that breaks, and answers to TRNG requests, from power-on
};

/// The target by its name: mailbox, rom-mailbox, firmware, measurements, trng.
[[nodiscard]] std::optional<Target> target_named(std::string_view name);
[[nodiscard]] std::string_view name(Target target);
[[nodiscard]] std::span<const Target> all_targets();

/// One mailbox command as it is sent: the checksum is part of the payload.
struct Command {
  uint32_t number = 0;
  std::vector<uint8_t> payload;
};

/// An input, understood. What a target doesn't use is empty.
struct Input {
  std::vector<Command> commands;
  std::vector<std::vector<uint8_t>> measurements;  ///< payloads of STASH_MEASUREMENT
  std::optional<std::vector<uint8_t>> firmware;
  bool signed_again = false;  ///< `firmware` has right digests and signatures, of test keys
  std::vector<Fault> faults;  ///< by cycle, counted from power-on
  std::optional<uint32_t> trng_seed;
  std::optional<uint64_t> trng_delay;  ///< cycles; only with `trng_seed`, without it TRNG requests are never answered
};

/// Understands `bytes`; whatever is cut off reads as zeros. `firmware` is the bundle that the firmware target damages.
///
/// mailbox, rom-mailbox: up to 16 commands, each a byte (bits 4:0 which of the named commands, 31 for a number of four
/// bytes that follow; bit 7 set: the checksum is the first word of the payload, as given), a length of two bytes and
/// so many bytes of payload. measurements: up to 16 requests of 104 bytes each without checksum. firmware: up to 64
/// changes, each a byte (bits 1:0 write, write, truncate, copy; bit 2 within the first 20 KiB alone; bit 3 on any of
/// them: only the manifest changes, and gets right digests, keys and signatures at the end) and its operands. trng: a
/// byte (bit 0: TRNG requests are never answered), a seed of four bytes, and up to 16 faults, each a kind, a value and
/// three bytes of cycles after the one before. Numbers are little-endian.
[[nodiscard]] Input understand(Target target, std::span<const uint8_t> bytes, std::span<const uint8_t> firmware);

/// Bytes that mailbox and rom-mailbox understand as these commands with a right checksum; what is in no list of
/// named commands goes by its number.
[[nodiscard]] std::vector<uint8_t> mailbox_bytes(std::span<const Command> commands_without_checksum);

/// Shorter inputs that keep the form of commands: each without one command, or with less or half of the payload of one.
/// None for other targets.
[[nodiscard]] std::vector<std::vector<uint8_t>> shortened(Target target, std::span<const uint8_t> bytes);

/// Inputs to begin with: file name and bytes.
struct Seed {
  std::string name;
  std::vector<uint8_t> bytes;
};
[[nodiscard]] std::vector<Seed> seeds(Target target);

}  // namespace caliptra::fuzz
