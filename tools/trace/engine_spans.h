// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// When the engines are busy, and with what. An engine's end is an event of the core's clock, so its deadline says when
// that will be: nothing is polled, and nothing is changed.

#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iss/clock.h"
#include "iss/observer.h"
#include "soc/core.h"

namespace caliptra::trace {

struct EngineSpan {
  unsigned engine = 0;  ///< index into EngineSpans::engines()
  std::string_view operation;
  uint64_t begin = 0;  ///< cycles
  uint64_t end = 0;
};

class EngineSpans : public veer::Observer {
 public:
  struct Engine {
    std::string name;
    uint32_t base = 0;  ///< of its registers
    uint32_t size = 0;
    std::vector<veer::Clock::Slot> slots;
    std::string_view operation;  // what its control register was told last
    bool busy = false;
    uint64_t begin = 0;
    uint64_t until = 0;
    uint64_t operations = 0;   ///< spans that are over
    uint64_t busy_cycles = 0;  ///< of these
  };
  static constexpr std::size_t most_spans = 1'000'000;

  /// `core` must outlive it.
  explicit EngineSpans(Core& core);

  /// Told each span when it is over.
  std::function<void(const EngineSpan&)> ended;

  void issued(uint32_t pc, uint32_t opcode) override {
    (void)pc, (void)opcode;
    if (touched_ || clock_.now() >= next_check_) check();
  }
  void store(uint32_t address, unsigned width, uint32_t value) override;
  void soc_access(const SocAccess& access);
  void finish();

  [[nodiscard]] std::span<const Engine> engines() const { return engines_; }
  /// In the order of their ends; of very many the first.
  [[nodiscard]] std::span<const EngineSpan> spans() const { return spans_; }

 private:
  void check();
  void end(Engine& engine, uint64_t at);

  const veer::Clock& clock_;
  std::vector<Engine> engines_;
  std::vector<EngineSpan> spans_;
  bool touched_ = false;
  uint64_t next_check_ = veer::Clock::never;
};

}  // namespace caliptra::trace
