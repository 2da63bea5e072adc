// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/glitch/campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "iss/decode.h"
#include "iss/observer.h"
#include "iss/registers/register_block.h"
#include "iss/state_stream.h"
#include "peripherals/crypto/sha2.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "tools/caliptra-emu/error_names.h"

namespace caliptra::glitch {
namespace {

constexpr uint32_t soc_ifc_base = 0x3003'0000;
constexpr uint32_t iccm_base = 0x4000'0000;
constexpr uint32_t iccm_size = 128 * 1024;
constexpr std::size_t rom_size = 48 * 1024;
constexpr uint64_t boot_cycles = 1'000'000'000;

/// An experiment may take this much longer than the rest of the window, in instructions and in cycles.
constexpr uint64_t patience = 1'000'000;

/// How often a run is asked whether it has got into the firmware, in instructions.
constexpr uint64_t slice = 20'000;

constexpr std::size_t most_checkpoints = 32;

constexpr std::string_view outcome_names[outcome_count] = {"same", "rom-error", "hang", "accepted", "altered"};

/// Records the window.
class Recorder final : public veer::Observer {
 public:
  Recorder(std::vector<Point>& points, uint64_t limit) : points_(points), limit_(limit) {}

  std::function<void()> too_long;

  void load(uint32_t address, unsigned, uint32_t) override {
    const bool close = address - iccm_base < iccm_size || address - 0x5000'0000 < 128 * 1024;
    loaded_ = close ? address : 0;
  }
  void retired(uint32_t pc, uint32_t opcode, uint32_t) override {
    if (points_.size() >= limit_) return too_long();
    points_.push_back({pc, opcode, loaded_});
    loaded_ = 0;
  }

 private:
  std::vector<Point>& points_;
  const uint64_t limit_;
  uint32_t loaded_ = 0;
};

}  // namespace

std::string_view name(Outcome outcome) { return outcome_names[static_cast<std::size_t>(outcome)]; }

std::optional<Outcome> outcome_named(std::string_view name) {
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (outcome_names[i] == name) return static_cast<Outcome>(i);
  }
  return std::nullopt;
}

/// A core with its SoC, and what it has come to.
struct Laboratory::Bench {
  explicit Bench(const Plan& plan, std::string& error) : rom(plan.configuration.rom) {
    core = Core::create(plan.configuration, error);
    if (!core) return;
    manager = std::make_unique<SocManager>(*core, plan.soc);
    rom.resize(rom_size);
    core->on_event([this](const Event& event) { notice(event); });
  }

  void notice(const Event& event) {
    switch (event.kind) {
      case Event::Kind::firmware_error_fatal:
      case Event::Kind::hardware_error_fatal: dead = true; break;
      case Event::Kind::runtime_ready: booted = true; break;
      default: break;
    }
    if (from && from->matches(event)) {
      begun = true;
    } else if (!dead && !booted) {
      return;
    }
    core->stop();
  }

  /// Runs until what `from` names comes, and then `begun` is true, or until the boot is over.
  void run_to_begin() {
    core->on_console([this](char character) {
      if (!from) return;
      if (character != '\n') {
        line += character;
        return;
      }
      if (from->matches_line(line)) {
        begun = true;
        core->stop();
      }
      line.clear();
    });
    const bool at_cycle = from->kind == emu::EventSpec::Kind::cycle;
    core->run({.until_cycle = at_cycle ? std::min(from->cycle, boot_cycles) : boot_cycles});
    if (at_cycle && !dead && !booted) begun = core->cycles() >= from->cycle;
  }

  std::vector<uint8_t> save() {
    veer::StateStream stream;
    core->state(stream);
    manager->state(stream);
    return stream.take_output();
  }
  void restore(std::span<const uint8_t> state) {
    veer::StateStream stream{state};
    core->state(stream);
    manager->state(stream);
    dead = booted = begun = false;
  }

  [[nodiscard]] bool in_firmware() const { return core->hart().pc() - iccm_base < iccm_size; }

  [[nodiscard]] uint32_t code() const {
    const uint32_t code = core->peek_register(soc_ifc_base + soc_ifc_regs::CPTRA_FW_ERROR_FATAL::offset);
    return code != 0 ? code : core->peek_register(soc_ifc_base + soc_ifc_regs::CPTRA_HW_ERROR_FATAL::offset);
  }

  /// What a boot leaves for those who trust it.
  [[nodiscard]] std::array<uint8_t, 32> result_digest() {
    veer::StateStream stream;
    for (const char* name : {"pcr_vault", "data_vault"}) {
      if (veer::RegisterBlock* block = core->block(name)) block->state(stream);
    }
    return crypto::sha256(stream.output());
  }

  std::vector<uint8_t> rom;
  std::unique_ptr<Core> core;
  std::unique_ptr<SocManager> manager;
  std::optional<emu::EventSpec> from;
  std::string line;  // of the console
  bool begun = false;
  bool dead = false;
  bool booted = false;
};

std::string Campaign::ending() const {
  if (accepted_) return "accepted";
  return fmt::format("refused with 0x{:08x} {}", code_, emu::firmware_error_name(code_));
}

std::shared_ptr<const Campaign> Campaign::prepare(const Plan& plan, std::string& error) {
  error.clear();
  const auto refuse = [&](std::string reason) {
    error = std::move(reason);
    return nullptr;
  };
  Laboratory::Bench bench(plan, error);
  if (!bench.core) return nullptr;
  bench.from = plan.from;
  bench.manager->power_on();
  if (plan.from) {
    bench.run_to_begin();
    if (!bench.begun) return refuse("the boot ends before " + plan.from->written + " comes");
  }
  if (bench.in_firmware()) return refuse("the window begins in the firmware; it has to begin in the ROM");
  bench.from.reset();

  auto campaign = std::make_shared<Campaign>();
  campaign->plan_ = plan;
  campaign->first_instruction_ = bench.core->instructions();
  const uint64_t first_cycle = bench.core->cycles();
  campaign->checkpoints_.push_back({0, bench.save()});

  Recorder recorder(campaign->points_, plan.longest_window);
  bool too_long = false;
  recorder.too_long = [&] {
    too_long = true;
    bench.core->stop();
  };
  bench.core->hart().set_observer(&recorder);
  while (!bench.dead && !bench.booted && !too_long && bench.core->cycles() < boot_cycles) {
    if (bench.core->run({.until_cycle = boot_cycles}) == StopReason::no_progress) break;
  }
  bench.core->hart().set_observer(nullptr);
  if (too_long) return refuse(fmt::format("the window is longer than {} instructions", plan.longest_window));
  if (!bench.dead && !bench.booted) return refuse("the undisturbed run is neither refused nor gets to its runtime");
  campaign->accepted_ = bench.booted && !bench.dead;
  campaign->code_ = bench.code();
  campaign->window_cycles_ = bench.core->cycles() - first_cycle;
  campaign->result_digest_ = bench.result_digest();
  // What the firmware does is not what is attacked.
  auto& points = campaign->points_;
  const auto end = std::find_if(points.begin(), points.end(), [](const Point& each) { return each.pc >= iccm_base; });
  const auto attacked = static_cast<std::size_t>(end - points.begin());

  // Later experiments begin at later checkpoints.
  const std::size_t distance = std::max<std::size_t>(attacked / most_checkpoints, 5000);
  bench.restore(campaign->checkpoints_.front().state);
  for (std::size_t at = distance; at < attacked; at += distance) {
    bench.core->run({.until_cycle = boot_cycles, .until_instructions = campaign->first_instruction_ + at});
    campaign->checkpoints_.push_back({static_cast<uint32_t>(at), bench.save()});
  }

  auto& experiments = campaign->experiments_;
  for (uint32_t point = 0; point < attacked; ++point) {
    if (points[point].pc < plan.low_pc || points[point].pc >= plan.high_pc) continue;
    for (const FaultKind fault : plan.faults) {
      if (!applies(fault, points[point])) continue;
      const bool one = fault == FaultKind::skip || fault == FaultKind::branch;
      for (uint32_t variant = 0; variant < (one ? 1 : plan.variants); ++variant) {
        experiments.push_back({point, fault, variant + point * plan.variants});
      }
    }
  }
  if (experiments.empty()) return refuse("no instruction of the window fits the plan");
  if (plan.sample && *plan.sample < experiments.size()) {
    // std::sample's result is the library's business; this one is ours.
    std::mt19937 random(plan.seed);
    for (std::size_t i = 0; i < *plan.sample; ++i) {
      const std::size_t other = i + random() % (experiments.size() - i);
      std::swap(experiments[i], experiments[other]);
    }
    experiments.resize(*plan.sample);
    std::sort(experiments.begin(), experiments.end(), [](const Experiment& a, const Experiment& b) {
      return std::tie(a.point, a.fault, a.variant) < std::tie(b.point, b.fault, b.variant);
    });
  }

  std::vector<uint8_t> named = campaign->checkpoints_.front().state;
  const auto add = [&](uint64_t value) {
    for (unsigned i = 0; i < 8; ++i) named.push_back(static_cast<uint8_t>(value >> (8 * i)));
  };
  // Code that only a fault gets to is in no state.
  named.insert(named.end(), plan.configuration.rom.begin(), plan.configuration.rom.end());
  named.insert(named.end(), plan.soc.firmware.begin(), plan.soc.firmware.end());
  add(campaign->code_);
  for (const Experiment& each : experiments) {
    add(each.point | static_cast<uint64_t>(each.fault) << 32);
    add(each.variant);
  }
  const auto digest = crypto::sha256(named);
  for (std::size_t i = 0; i < 8; ++i) campaign->digest_ += fmt::format("{:02x}", digest[i]);
  return campaign;
}

Laboratory::Laboratory(std::shared_ptr<const Campaign> campaign) : campaign_(std::move(campaign)) {
  std::string error;
  bench_ = std::make_unique<Bench>(campaign_->plan_, error);
}
Laboratory::~Laboratory() = default;

Result Laboratory::run(const Experiment& experiment, std::string* what) {
  const Campaign& campaign = *campaign_;
  Bench& bench = *bench_;
  const Point& point = campaign.points_[experiment.point];
  const auto later = std::upper_bound(campaign.checkpoints_.begin(), campaign.checkpoints_.end(), experiment.point,
                                      [](uint32_t at, const auto& checkpoint) { return at < checkpoint.point; });
  bench.restore(std::prev(later)->state);
  Core& core = *bench.core;
  core.run({.until_cycle = boot_cycles, .until_instructions = campaign.first_instruction_ + experiment.point});

  const std::string done = apply(experiment.fault, experiment.variant, point, core.hart(), bench.rom);
  if (what != nullptr) *what = done;
  if (experiment.fault == FaultKind::opcode_flip) {
    core.run({.until_cycle = boot_cycles, .until_instructions = core.instructions() + 1});
    undo(experiment.fault, point, core.hart(), bench.rom);
  }

  const uint64_t left = campaign.points_.size() - experiment.point;
  const uint64_t last_instruction = core.instructions() + 2 * left + patience;
  const uint64_t last_cycle = core.cycles() + 2 * campaign.window_cycles_ + patience;
  while (!bench.dead && !bench.booted) {
    if (core.instructions() >= last_instruction || core.cycles() >= last_cycle) return {Outcome::hang, 0};
    const uint64_t next = std::min(last_instruction, core.instructions() + slice);
    const StopReason reason = core.run({.until_cycle = last_cycle, .until_instructions = next});
    if (bench.dead || bench.booted) break;
    if (!campaign.accepted_ && bench.in_firmware()) return {Outcome::accepted, 0};
    if (reason == StopReason::no_progress) return {Outcome::hang, 0};
  }
  if (bench.dead) {
    const uint32_t code = bench.code();
    return {!campaign.accepted_ && code == campaign.code_ ? Outcome::same : Outcome::rom_error, code};
  }
  if (!campaign.accepted_) return {Outcome::accepted, 0};
  return {bench.result_digest() == campaign.result_digest_ ? Outcome::same : Outcome::altered, 0};
}

void run_all(const std::shared_ptr<const Campaign>& campaign, std::span<const uint32_t> numbers, unsigned threads,
             const std::function<void(uint32_t number, const Result&)>& done, const std::function<bool()>& stop) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> ended = false;
  std::mutex telling;
  const auto work = [&] {
    Laboratory laboratory(campaign);
    for (std::size_t at = next++; at < numbers.size() && !ended; at = next++) {
      const Result result = laboratory.run(campaign->experiments()[numbers[at]]);
      const std::lock_guard lock(telling);
      done(numbers[at], result);
      if (stop()) ended = true;
    }
  };
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < threads; ++i) workers.emplace_back(work);
  work();
  for (std::thread& each : workers) each.join();
}

}  // namespace caliptra::glitch
