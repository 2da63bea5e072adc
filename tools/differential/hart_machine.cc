// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <cstring>

#include "iss/decode.h"
#include "iss/hart.h"
#include "tools/differential/layout.h"
#include "tools/differential/machines.h"

namespace caliptra::differential {
namespace {

using namespace veer;

constexpr uint64_t longest_run = 400'000;  // instructions

constexpr uint32_t nop = 0x13;

uint32_t word_in(const Image& image, std::size_t at) {
  uint32_t word = 0;
  std::memcpy(&word, image.data() + at, sizeof word);
  return word;
}

void set_word_in(Image& image, std::size_t at, uint32_t word) { std::memcpy(image.data() + at, &word, sizeof word); }

class StopBus : public Bus {
 public:
  Hart* hart = nullptr;
  bool stopped = false;

  BusResult read(uint32_t, unsigned) override { return {.status = BusStatus::decode_error}; }
  BusStatus write(uint32_t address, unsigned, uint32_t) override {
    if (address != stop_register) return BusStatus::decode_error;
    stopped = true;
    hart->stop();
    return BusStatus::ok;
  }
};

/// Puts nops where `op` is. Returns where.
std::vector<std::size_t> break_op(Image& image, Op op) {
  std::vector<std::size_t> places;
  for (std::size_t at = offset_in_image(Layout::code); at + 4 <= offset_in_image(Layout::iccm_data);) {
    const uint32_t opcode = word_in(image, at);
    if (!is_compressed(opcode) && decode(opcode).op == op) {
      set_word_in(image, at, nop);
      places.push_back(at);
    }
    at += is_compressed(opcode) ? 2 : 4;
  }
  return places;
}

}  // namespace

Outcome run_hart(const Image& given, const Way& way) {
  Image image = given;
  std::vector<std::size_t> broken;
  if (way.broken) broken = break_op(image, *way.broken);
  Clock clock;
  StopBus bus;
  HartConfig config;
  config.timing = way.timing;
  config.reset_vector = entry_point;
  Hart hart(config, clock, bus);
  bus.hart = &hart;
  hart.set_nmi_vector(trap_handler);
  Observer nobody;
  if (way.observed) hart.set_observer(way.observer != nullptr ? way.observer : &nobody);
  for (const Block& block : blocks) {
    hart.poke(block.address, std::span(image).subspan(offset_in_image(block.address), block.size));
  }
  hart.run(Clock::never, longest_run);
  Outcome outcome{.image = Image(image_size), .instructions = hart.instructions(), .finished = bus.stopped};
  for (const Block& block : blocks) {
    (void)hart.peek(block.address, std::span(outcome.image).subspan(offset_in_image(block.address), block.size));
  }
  for (const std::size_t at : broken) {
    if (word_in(outcome.image, at) == nop) set_word_in(outcome.image, at, word_in(given, at));
  }
  return outcome;
}

}  // namespace caliptra::differential
