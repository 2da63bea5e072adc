// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/error_injection.h"

#include <algorithm>
#include <utility>

#include "iss/state_stream.h"

namespace caliptra {
namespace {

using Kind = Fault::Kind;

constexpr std::pair<std::string_view, Kind> kinds[] = {
    {"ecc_correctable", Kind::ecc_correctable},
    {"ecc_uncorrectable", Kind::ecc_uncorrectable},
    {"writes_correctable", Kind::writes_correctable},
    {"writes_uncorrectable", Kind::writes_uncorrectable},
    {"crypto_error", Kind::crypto_error},
    {"key_vault_read", Kind::key_vault_read},
    {"key_vault_write", Kind::key_vault_write},
    {"noise_stuck", Kind::noise_stuck},
    {"noise_stopped", Kind::noise_stopped},
    {"bus_error", Kind::bus_error},
};

constexpr std::size_t most_faults = 4096;  // of one kind, in a snapshot

}  // namespace

std::optional<Fault::Kind> fault_kind(std::string_view name) {
  for (const auto& [known, kind] : kinds) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

std::string_view name(Fault::Kind kind) {
  for (const auto& [known, each] : kinds) {
    if (each == kind) return known;
  }
  return "?";
}

void ErrorInjection::add(const Fault& fault, FaultyMemory memory) {
  const Counted counted{.match = fault.address, .size = fault.size, .limited = fault.count != 0, .left = fault.count};
  const Counted slots{.match = fault.slots, .limited = fault.count != 0, .left = fault.count};
  const auto keep = [](std::vector<Counted>& list, const Counted& each) {
    if (list.size() < most_faults) list.push_back(each);
  };
  switch (fault.kind) {
    case Kind::writes_correctable:
    case Kind::writes_uncorrectable:
      write_faults_[static_cast<unsigned>(memory)] = {.percent = static_cast<uint8_t>(std::min(fault.percent, 100U)),
                                                      .correctable = fault.kind == Kind::writes_correctable};
      break;
    case Kind::crypto_error: crypto_error_ = true; break;
    case Kind::key_vault_read: keep(read_faults_, slots); break;
    case Kind::key_vault_write: keep(vault_write_faults_, slots); break;
    case Kind::noise_stuck:
      noise_stuck_ = true;
      stuck_symbol_ = fault.value & 0xf;
      break;
    case Kind::noise_stopped: noise_stopped_ = true; break;
    case Kind::bus_error: keep(bus_faults_, counted); break;
    case Kind::ecc_correctable:
    case Kind::ecc_uncorrectable: break;  // the memory keeps these
  }
}

void ErrorInjection::clear() {
  write_faults_ = {};
  crypto_error_ = noise_stopped_ = noise_stuck_ = false;
  read_faults_.clear();
  vault_write_faults_.clear();
  bus_faults_.clear();
}

uint32_t ErrorInjection::random() {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 17;
  random_ ^= random_ << 5;
  return random_;
}

unsigned ErrorInjection::bits_flipped_by_write(FaultyMemory memory) {
  const WriteFault& fault = write_faults_[static_cast<unsigned>(memory)];
  if (fault.percent == 0 || random() % 100 >= fault.percent) return 0;
  return fault.correctable ? 1 : 2;
}

uint64_t ErrorInjection::flips(unsigned bit_count, unsigned bits) {
  uint64_t result = 0;
  while (bits != 0) {
    const uint64_t bit = uint64_t{1} << (random() % bit_count);
    if ((result & bit) != 0) continue;
    result |= bit;
    --bits;
  }
  return result;
}

std::optional<uint8_t> ErrorInjection::noise(uint8_t symbol) const {
  if (noise_stopped_) return std::nullopt;
  return noise_stuck_ ? stuck_symbol_ : symbol;
}

// One access less to hit; true.
bool ErrorInjection::spend(std::vector<Counted>& faults, std::size_t index) {
  Counted& fault = faults[index];
  if (fault.limited && --fault.left == 0) faults.erase(faults.begin() + static_cast<std::ptrdiff_t>(index));
  return true;
}

bool ErrorInjection::hits_bus(uint32_t address) {
  for (std::size_t i = 0; i < bus_faults_.size(); ++i) {
    if (address - bus_faults_[i].match < bus_faults_[i].size) return spend(bus_faults_, i);
  }
  return false;
}

bool ErrorInjection::hits_slot(std::vector<Counted>& faults, unsigned slot) {
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if ((faults[i].match >> (slot % 32) & 1) != 0) return spend(faults, i);
  }
  return false;
}

VaultData ErrorInjection::read_key(unsigned slot, KeyUse use) {
  VaultData data = key_vault_.read_key(slot, use);
  if (!hits_slot(read_faults_, slot)) return data;
  return {.error = VaultError::read_fail, .words = {}, .count = data.count};
}

VaultError ErrorInjection::write_key(unsigned slot, uint8_t dest_valid, std::span<const uint32_t> words) {
  if (hits_slot(vault_write_faults_, slot)) return VaultError::write_fail;
  return key_vault_.write_key(slot, dest_valid, words);
}

void ErrorInjection::state(veer::StateStream& stream) {
  stream.section("error injection", 1);
  for (WriteFault& fault : write_faults_) {
    stream(fault.percent);
    stream(fault.correctable);
  }
  stream(crypto_error_);
  stream(noise_stopped_);
  stream(noise_stuck_);
  stream(stuck_symbol_);
  for (auto* faults : {&read_faults_, &vault_write_faults_, &bus_faults_}) {
    auto count = static_cast<uint32_t>(faults->size());
    stream(count);
    if (count > most_faults) return stream.fail("more faults are injected than can be");
    if (stream.restoring()) faults->resize(stream.ok() ? count : 0);
    for (Counted& fault : *faults) {
      stream(fault.match);
      stream(fault.size);
      stream(fault.limited);
      stream(fault.left);
    }
  }
  stream(random_);
}

}  // namespace caliptra
