// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/fuzz/snapshot_fuzzer.h"

#include <fmt/format.h>

#include <algorithm>

#include "iss/state_stream.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "tools/caliptra-emu/error_names.h"

namespace caliptra::fuzz {
namespace {

constexpr uint32_t soc_ifc_base = 0x3003'0000;

/// Where a target begins; nothing: at power-on.
std::optional<Event::Kind> beginning(Target target) {
  switch (target) {
    case Target::mailbox: return Event::Kind::runtime_ready;
    case Target::trng: return std::nullopt;
    default: return Event::Kind::ready_for_fw;
  }
}

}  // namespace

struct SnapshotFuzzer::Parts {
  Parts(Target the_target, const Plan& the_plan, std::unique_ptr<Core> the_core, std::span<uint8_t, edge_counters> map)
      : target(the_target),
        plan(the_plan),
        core(std::move(the_core)),
        manager(*core, soc_plan(the_target, the_plan)),
        edges(map),
        watch(core->hart(), map, plan.stacks) {
    core->on_event([this](const Event& event) { notice(event); });
  }

  /// The ROM's commands come instead of firmware.
  static SocPlan soc_plan(Target target, const Plan& plan) {
    SocPlan soc = plan.soc;
    if (target == Target::rom_mailbox) soc.firmware.clear();
    return soc;
  }

  bool boot(std::string& error);
  void notice(const Event& event);
  void restore();
  bool run_to(uint64_t cycle);
  void play(const Input& input);
  [[nodiscard]] bool dead() const { return fatal_error() != 0 || hardware_error() != 0; }
  [[nodiscard]] uint32_t fatal_error() const {
    return core->peek_register(soc_ifc_base + soc_ifc_regs::CPTRA_FW_ERROR_FATAL::offset);
  }
  [[nodiscard]] uint32_t hardware_error() const {
    return core->peek_register(soc_ifc_base + soc_ifc_regs::CPTRA_HW_ERROR_FATAL::offset);
  }
  void judge(Verdict& verdict) const;

  const Target target;
  const Plan plan;
  const std::unique_ptr<Core> core;
  SocManager manager;
  std::span<uint8_t, edge_counters> edges;
  GuestWatch watch;
  std::vector<uint8_t> snapshot;

  std::optional<Event::Kind> awaited;
  bool came = false;
  bool unanswered = false;
  bool accepted = false;  // a bundle that was signed again, and now runs
  std::string ending;
};

void SnapshotFuzzer::Parts::notice(const Event& event) {
  if (awaited && event.kind == *awaited) came = true;
  // The ROM and the runtime wait for a reset for ever after a fatal error.
  if (came || event.kind == Event::Kind::firmware_error_fatal || event.kind == Event::Kind::hardware_error_fatal) {
    core->stop();
  }
}

bool SnapshotFuzzer::Parts::boot(std::string& error) {
  awaited = beginning(target);
  manager.power_on();
  if (awaited) {
    core->run({.until_cycle = plan.boot_cycles});
    if (!came) {
      error = fmt::format("the boot ended at cycle {} before the target begins; CPTRA_FW_ERROR_FATAL 0x{:08x}",
                          core->cycles(), fatal_error());
      return false;
    }
  }
  veer::StateStream stream;
  core->state(stream);
  manager.state(stream);
  if (!stream.ok()) error = stream.error();
  snapshot = stream.take_output();
  core->hart().set_observer(&watch);
  return error.empty();
}

void SnapshotFuzzer::Parts::restore() {
  veer::StateStream stream{snapshot};
  core->state(stream);
  manager.state(stream);
  watch.begin();
  std::fill(edges.begin(), edges.end(), 0);
  awaited.reset();
  came = false;
  unanswered = false;
  accepted = false;
  ending.clear();
}

/// False if the guest came to its end before.
bool SnapshotFuzzer::Parts::run_to(uint64_t cycle) {
  while (core->cycles() < cycle && !came && !accepted && !dead()) {
    if (core->run({.until_cycle = cycle}) == StopReason::no_progress) return false;
  }
  return core->cycles() >= cycle;
}

void SnapshotFuzzer::Parts::play(const Input& input) {
  const uint64_t limit = core->cycles() + plan.input_cycles;
  const auto left = [&] { return limit - std::min(limit, core->cycles()); };
  for (const Command& each : input.commands) {
    const MailboxResult result = manager.execute(each.number, each.payload, left());
    ending += fmt::format("{}0x{:08x} {}", ending.empty() ? "" : ", ", each.number, name(result.outcome));
    // SHUTDOWN and the like: no more answers, but a reason in the error register.
    if (dead()) return;
    if (result.outcome == MailboxResult::Outcome::no_answer) {
      unanswered = true;
      return;
    }
  }
  if (target == Target::mailbox || target == Target::rom_mailbox) return;

  SocPlan& soc = manager.plan();
  soc.firmware = input.firmware.value_or(plan.soc.firmware);
  soc.measurements = input.measurements;
  soc.trng_delay = input.trng_seed ? input.trng_delay : plan.soc.trng_delay;
  if (input.trng_seed) manager.reseed_trng(*input.trng_seed);
  awaited = target == Target::trng ? Event::Kind::ready_for_fw : Event::Kind::runtime_ready;
  if (input.signed_again) {
    // What signed code does is its own affair; and it may be loaded to where it cannot run.
    watch.on_firmware_entered([this] {
      accepted = true;
      core->stop();
    });
  }
  for (const Fault& each : input.faults) {
    if (!run_to(each.cycle)) break;
    (void)core->inject(each);
  }
  run_to(limit);
  const auto refused = manager.upload_outcome();
  unanswered = !came && !accepted && !dead() && refused != MailboxResult::Outcome::failure;
  // Without entropy there is nothing to answer.
  if (target == Target::trng && !soc.trng_delay && !plan.configuration.internal_trng) unanswered = false;
  ending = came       ? fmt::format("{} after {} cycles", target == Target::trng ? "ready_for_fw" : "runtime ready",
                                    core->cycles())
           : accepted ? fmt::format("accepted after {} cycles", core->cycles())
                      : "not booted";
}

void SnapshotFuzzer::Parts::judge(Verdict& verdict) const {
  using Kind = Verdict::Kind;
  const auto found = [&](Kind kind, std::string text, std::string signature) {
    verdict.kind = kind;
    verdict.text = std::move(text);
    verdict.signature = std::move(signature);
  };
  const uint32_t hardware = hardware_error();
  const uint32_t fatal = fatal_error();
  if (watch.overflow()) {
    const StackOverflow& at = *watch.overflow();
    return found(Kind::stack_overflow,
                 fmt::format("stack overflow: x2 0x{:08x} at pc 0x{:08x}", at.stack_pointer, at.pc),
                 fmt::format("stack-overflow-{:08x}", at.pc));
  }
  if (watch.trap()) {
    const Trap& trap = *watch.trap();
    return found(Kind::trap,
                 fmt::format("trap: mcause 0x{:08x} mscause 0x{:x} mepc 0x{:08x} mtval 0x{:08x}", trap.mcause,
                             trap.mscause, trap.mepc, trap.mtval),
                 fmt::format("trap-{:08x}-{:08x}", trap.mcause, trap.mepc));
  }
  if (hardware != 0) {
    return found(Kind::hardware_fatal,
                 fmt::format("CPTRA_HW_ERROR_FATAL 0x{:08x} {}", hardware,
                             emu::hardware_error_names(hardware, plan.configuration.generation)),
                 fmt::format("hardware-fatal-{:08x}", hardware));
  }
  if (fatal != 0) {
    const auto documented = emu::firmware_error_names();
    const bool known = std::any_of(documented.begin(), documented.end(),
                                   [&](const emu::ErrorName& each) { return each.code == fatal; });
    verdict.text = fmt::format("CPTRA_FW_ERROR_FATAL 0x{:08x} {}", fatal, emu::firmware_error_name(fatal));
    if (!known) found(Kind::undocumented_fatal, verdict.text, fmt::format("undocumented-fatal-{:08x}", fatal));
    return;
  }
  verdict.text = ending;
  if (!unanswered) return;
  found(Kind::no_answer,
        fmt::format("no answer within {} cycles, pc 0x{:08x}: {}", verdict.cycles, core->hart().pc(), ending),
        "no-answer");
}

std::unique_ptr<SnapshotFuzzer> SnapshotFuzzer::create(Target target, const Plan& plan,
                                                       std::span<uint8_t, edge_counters> edges, std::string& error) {
  error.clear();
  auto core = Core::create(plan.configuration, error);
  if (!core) return nullptr;
  auto parts = std::make_unique<Parts>(target, plan, std::move(core), edges);
  if (!parts->boot(error)) return nullptr;
  return std::unique_ptr<SnapshotFuzzer>(new SnapshotFuzzer(std::move(parts)));
}

SnapshotFuzzer::SnapshotFuzzer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SnapshotFuzzer::~SnapshotFuzzer() = default;

Verdict SnapshotFuzzer::run(std::span<const uint8_t> bytes) {
  Parts& parts = *parts_;
  parts.restore();
  const uint64_t instructions = parts.core->instructions();
  const uint64_t cycles = parts.core->cycles();
  parts.play(understand(parts.target, bytes, parts.plan.soc.firmware));
  Verdict verdict;
  verdict.instructions = parts.core->instructions() - instructions;
  verdict.last_cycle = parts.core->cycles();
  verdict.cycles = verdict.last_cycle - cycles;
  parts.judge(verdict);
  return verdict;
}

std::vector<uint8_t> SnapshotFuzzer::minimize(std::span<const uint8_t> bytes, unsigned tries) {
  std::vector<uint8_t> best(bytes.begin(), bytes.end());
  const std::string signature = run(best).signature;
  if (signature.empty()) return best;
  // Each run of an input without an answer takes all the cycles that it may.
  uint64_t cycles = 100 * parts_->plan.input_cycles;
  const auto same = [&](const std::vector<uint8_t>& candidate) {
    if (tries == 0) return false;
    --tries;
    const Verdict verdict = run(candidate);
    cycles -= std::min(cycles, verdict.cycles);
    if (cycles == 0) tries = 0;
    return verdict.signature == signature;
  };
  for (bool again = true; again && tries > 0;) {
    again = false;
    for (auto& each : shortened(parts_->target, best)) {
      if (!same(each)) continue;
      best = std::move(each);
      again = true;
      break;
    }
  }
  // Leave out ever smaller pieces until none can go any more.
  for (std::size_t piece = std::max<std::size_t>(best.size() / 2, 1); piece > 0 && tries > 0; piece /= 2) {
    for (std::size_t at = 0; at < best.size();) {
      std::vector<uint8_t> shorter = best;
      const std::size_t size = std::min(piece, best.size() - at);
      shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at),
                    shorter.begin() + static_cast<std::ptrdiff_t>(at + size));
      if (same(shorter)) {
        best = std::move(shorter);
      } else {
        at += size;
      }
    }
  }
  for (std::size_t at = 0; at < best.size() && tries > 0; ++at) {
    if (best[at] == 0) continue;
    std::vector<uint8_t> plainer = best;
    plainer[at] = 0;
    if (same(plainer)) best = std::move(plainer);
  }
  return best;
}

}  // namespace caliptra::fuzz
