// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A core that boots once, to the event where a target begins, and from there runs one input after the other, each from
// the same state.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "soc/core.h"
#include "soc/soc_manager.h"
#include "tools/fuzz/fuzz_input.h"
#include "tools/fuzz/guest_watch.h"

namespace caliptra::fuzz {

/// What an input is run with.
struct Plan {
  Configuration configuration;
  SocPlan soc;
  StackLimits stacks;
  uint64_t boot_cycles = 1'000'000'000;  ///< from power-on to the event, at most
  uint64_t input_cycles = 100'000'000;   ///< for one input, at most
};

/// What came of an input.
struct Verdict {
  /// Why it is a finding; all but `fine` are.
  enum class Kind : uint8_t {
    fine,                ///< answered, or refused with a documented error
    trap,                ///< an exception or NMI in the guest
    stack_overflow,      ///< x2 below its stack
    undocumented_fatal,  ///< CPTRA_FW_ERROR_FATAL holds a code that firmware's documentation doesn't have
    hardware_fatal,      ///< CPTRA_HW_ERROR_FATAL
    no_answer,           ///< the limit came first, or the guest sleeps for ever
  };
  Kind kind = Kind::fine;
  std::string text;       ///< one line for people: what was found, or how the input ended
  std::string signature;  ///< the same for inputs that find the same; empty if fine
  uint64_t instructions = 0;
  uint64_t cycles = 0;
  uint64_t last_cycle = 0;  ///< where it ended, counted from power-on

  [[nodiscard]] bool is_finding() const { return kind != Kind::fine; }
};

class SnapshotFuzzer {
 public:
  /// Boots to where `target` begins. Null, and the reason in `error`, if the core can't be made or never gets there.
  /// Guest jumps are counted into `edges`, which must outlive this; counting begins anew with each input.
  [[nodiscard]] static std::unique_ptr<SnapshotFuzzer> create(Target target, const Plan& plan,
                                                              std::span<uint8_t, edge_counters> edges,
                                                              std::string& error);
  ~SnapshotFuzzer();

  /// Runs one input from the snapshot. The same bytes give the same verdict and the same counts, whatever ran before.
  [[nodiscard]] Verdict run(std::span<const uint8_t> bytes);

  /// A shorter input with the same signature, found by leaving parts out and setting bytes to zero; `bytes` itself if
  /// it is no finding. At most `tries` runs, and not many more than a hundred that take all the cycles of the plan.
  [[nodiscard]] std::vector<uint8_t> minimize(std::span<const uint8_t> bytes, unsigned tries = 2000);

 private:
  struct Parts;
  explicit SnapshotFuzzer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace caliptra::fuzz
