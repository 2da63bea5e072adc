// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A campaign: one window of a boot, run again and again with one fault each. Deterministic: the same images and options
// give the same list of experiments and the same results, on however many threads, machines and days.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soc/core.h"
#include "soc/soc_manager.h"
#include "tools/caliptra-emu/event_spec.h"
#include "tools/glitch/fault.h"

namespace caliptra::glitch {

/// What is done.
struct Plan {
  Configuration configuration;
  SocPlan soc;

  /// The window's begin; without, power-on. Its end is where the undisturbed run ends.
  std::optional<emu::EventSpec> from;

  uint32_t low_pc = 0;             ///< only instructions from here…
  uint32_t high_pc = 0xffff'ffff;  ///< …up to before this
  std::vector<FaultKind> faults = {FaultKind::skip};
  uint32_t variants = 1;           ///< of faults that have many, for each instruction
  std::optional<uint64_t> sample;  ///< so many experiments, chosen at random; without, all
  uint32_t seed = 1;               ///< of that choice

  uint64_t longest_window = 20'000'000;  ///< instructions
};

/// How an experiment ends.
enum class Outcome : uint8_t {
  same,       ///< as the undisturbed run
  rom_error,  ///< refused with another error code
  hang,       ///< neither refused nor accepted in good time
  accepted,   ///< wrongly accepted: the undisturbed run is refused, this one got into the firmware
  altered,    ///< the undisturbed run is accepted, and so is this one, but with other PCRs or another data vault
};
inline constexpr unsigned outcome_count = 5;
[[nodiscard]] std::string_view name(Outcome outcome);
[[nodiscard]] std::optional<Outcome> outcome_named(std::string_view name);

struct Experiment {
  uint32_t point = 0;  ///< how many instructions of the window come before it
  FaultKind fault = FaultKind::skip;
  uint32_t variant = 0;

  bool operator==(const Experiment&) const = default;
};

struct Result {
  Outcome outcome = Outcome::same;
  uint32_t code = 0;  ///< CPTRA_FW_ERROR_FATAL, or CPTRA_HW_ERROR_FATAL where that is zero

  bool operator==(const Result&) const = default;
};

/// What the undisturbed run showed, and the experiments that follow from it. Immutable, so any number of threads may
/// share it.
class Campaign {
 public:
  /// Boots, and records the window. Null, and the reason in `error`: no core, the window never begins or never ends, it
  /// is too long, or nothing in it fits the plan.
  [[nodiscard]] static std::shared_ptr<const Campaign> prepare(const Plan& plan, std::string& error);

  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] std::span<const Point> points() const { return points_; }
  [[nodiscard]] std::span<const Experiment> experiments() const { return experiments_; }
  [[nodiscard]] bool accepted() const { return accepted_; }  ///< the undisturbed run is
  [[nodiscard]] uint32_t code() const { return code_; }      ///< its error code, or 0
  /// Names the campaign: 16 hexadecimal digits of a SHA-256 over images, fuses, window and experiments.
  [[nodiscard]] const std::string& digest() const { return digest_; }
  /// For people: how the undisturbed run ends.
  [[nodiscard]] std::string ending() const;

 private:
  friend class Laboratory;
  struct Checkpoint {
    uint32_t point;
    std::vector<uint8_t> state;
  };

  Plan plan_;
  std::vector<Point> points_;
  std::vector<Experiment> experiments_;
  std::vector<Checkpoint> checkpoints_;
  uint64_t first_instruction_ = 0;
  uint64_t window_cycles_ = 0;
  bool accepted_ = false;
  uint32_t code_ = 0;
  std::array<uint8_t, 32> result_digest_{};
  std::string digest_;
};

/// A core that runs experiments. One thread uses it.
class Laboratory {
 public:
  explicit Laboratory(std::shared_ptr<const Campaign> campaign);
  ~Laboratory();

  /// Runs one experiment. `what`, if given, gets what the fault did, for people.
  [[nodiscard]] Result run(const Experiment& experiment, std::string* what = nullptr);

 private:
  struct Bench;
  std::shared_ptr<const Campaign> campaign_;
  std::unique_ptr<Bench> bench_;
  friend class Campaign;
};

/// Runs the experiments with these numbers on `threads` threads, and tells of each, in no order but one at a time.
/// `stop` is asked between experiments; true ends the work early.
void run_all(const std::shared_ptr<const Campaign>& campaign, std::span<const uint32_t> numbers, unsigned threads,
             const std::function<void(uint32_t number, const Result&)>& done, const std::function<bool()>& stop);

}  // namespace caliptra::glitch
