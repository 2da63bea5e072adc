// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/engine_spans.h"

#include <algorithm>

#include "iss/registers/register_block.h"
#include "tools/trace/access_names.h"

namespace caliptra::trace {
namespace {

constexpr std::string_view engine_names[] = {"doe", "ecc384", "hmac384", "sha256", "sha512", "sha512_acc", "csrng"};

// Of all engines but the accelerator and CSRNG the control register lies here.
constexpr uint32_t control = 0x10;

std::string_view operation_of(std::string_view engine, uint32_t value) {
  if (engine == "ecc384") {
    if ((value & 8) != 0) return "sign PCRs";
    constexpr std::string_view names[] = {"", "generate key", "sign", "verify"};
    return names[value & 3];
  }
  if (engine == "doe") {
    constexpr std::string_view names[] = {"", "decrypt UDS", "decrypt field entropy", "clear secrets"};
    return names[value & 3];
  }
  if ((value & 3) == 0) return "";
  if (engine == "sha512") {
    constexpr std::string_view names[] = {"SHA-512/224", "SHA-512/256", "SHA-384", "SHA-512"};
    return names[value >> 2 & 3];
  }
  if (engine == "sha256") return (value & 0x10) != 0 ? "Winternitz chain" : (value & 4) != 0 ? "SHA-256" : "SHA-224";
  if (engine == "hmac384") return "HMAC-384";
  return "";
}

}  // namespace

EngineSpans::EngineSpans(Core& core) : clock_(core.clock()) {
  for (const std::string_view name : engine_names) {
    const veer::RegisterBlock* const block = core.block(name);
    if (block == nullptr) continue;
    Engine engine;
    engine.name = name;
    engine.size = block->size();
    for (const Core::MappedBlock& each : core.blocks()) {
      if (each.block == block) engine.base = each.base;
    }
    for (veer::Clock::Slot slot = 0; slot < clock_.slot_count(); ++slot) {
      const std::string& event = clock_.name(slot);
      if (event == name || event.starts_with(engine.name + " ")) engine.slots.push_back(slot);
    }
    engines_.push_back(std::move(engine));
  }
}

void EngineSpans::store(uint32_t address, unsigned, uint32_t value) {
  if (address >> 28 != 1 && address >> 28 != 3) return;
  for (Engine& engine : engines_) {
    if (address - engine.base >= engine.size) continue;
    touched_ = true;
    if (address - engine.base != control) return;
    const std::string_view operation = operation_of(engine.name, value);
    if (!operation.empty()) engine.operation = operation;
    return;
  }
}

void EngineSpans::soc_access(const SocAccess& access) {
  const uint32_t address = core_address_of(access.address);
  for (const Engine& engine : engines_) {
    if (access.write && address - engine.base < engine.size) touched_ = true;
  }
}

void EngineSpans::end(Engine& engine, uint64_t at) {
  engine.busy = false;
  engine.operations += 1;
  engine.busy_cycles += at - engine.begin;
  const EngineSpan span{static_cast<unsigned>(&engine - engines_.data()), engine.operation, engine.begin, at};
  if (spans_.size() < most_spans) spans_.push_back(span);
  if (ended) ended(span);
}

void EngineSpans::check() {
  touched_ = false;
  next_check_ = veer::Clock::never;
  const uint64_t now = clock_.now();
  for (Engine& engine : engines_) {
    uint64_t until = 0;
    for (const veer::Clock::Slot slot : engine.slots) {
      if (clock_.pending(slot)) until = std::max(until, clock_.deadline(slot));
    }
    if (until != 0 && !engine.busy) {
      engine.busy = true;
      engine.begin = now;
    } else if (until == 0 && engine.busy) {
      // It may have ended early: by a reset, or zeroized.
      end(engine, std::min(engine.until, now));
    }
    engine.until = until;
    if (engine.busy) next_check_ = std::min(next_check_, std::max(until, now + 1));
  }
}

void EngineSpans::finish() {
  for (Engine& engine : engines_) {
    if (engine.busy) end(engine, std::min(engine.until, clock_.now()));
  }
}

}  // namespace caliptra::trace
