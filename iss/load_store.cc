// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Loads and stores that the loop's fast path leaves over: everything but plain accesses to the DCCM.

#include <array>
#include <cstring>

#include "iss/arithmetic.h"
#include "iss/hart_core.h"

namespace veer {
namespace {

constexpr uint32_t load_misaligned = 4;
constexpr uint32_t load_fault = 5;
constexpr uint32_t store_misaligned = 6;
constexpr uint32_t store_fault = 7;

using detail::region_of;

uint32_t load_bytes(const uint8_t* from, unsigned width) {
  uint32_t value = 0;
  switch (width) {
    case 1: return *from;
    case 2: std::memcpy(&value, from, 2); return value;
    default: std::memcpy(&value, from, 4); return value;
  }
}

void store_bytes(uint8_t* to, unsigned width, uint32_t value) {
  switch (width) {
    case 1: *to = static_cast<uint8_t>(value); return;
    case 2: std::memcpy(to, &value, 2); return;
    default: std::memcpy(to, &value, 4); return;
  }
}

}  // namespace

/// Where the DCCM's fast path lies. From 2048 bytes on the base register is in the DCCM's region whatever the offset in
/// the instruction is; below, that has to be looked at. Nothing is fast while there are ECC errors, or may be.
void HartCore::update_dccm_window() {
  constexpr uint32_t farthest_offset = 2048;
  dccm_origin_ = reinterpret_cast<uintptr_t>(dccm_.data()) - config_.dccm_base;
  dccm_window_base_ = config_.dccm_base + farthest_offset;
  const bool perfect = ecc_errors_.empty() && !write_fault_;
  dccm_window_size_ = perfect ? config_.dccm_size - farthest_offset - 3 : 0;
  dccm_window_low_ = perfect ? farthest_offset : 0;
}

bool HartCore::ecc_enabled() const { return (reg(Csr::mfdc) & 0x100) == 0; }

void HartCore::count_correctable(Csr counter) {
  uint32_t& value = reg(counter);
  value = (value & 0xf8000000) | ((value + 1) & 0x07ffffff);
  attention_ = true;
}

bool HartCore::inject_ecc_error(uint32_t address, bool correctable) {
  const bool in_iccm = address - config_.iccm_base < config_.iccm_size;
  if (!in_iccm && address - config_.dccm_base >= config_.dccm_size) return false;
  ecc_errors_[address & ~3u] = EccError{.correctable = correctable};
  if (in_iccm) iccm_code_->flush();
  update_dccm_window();
  attention_ = true;
  return true;
}

void HartCore::set_write_fault(std::function<unsigned(CloseMemory)> bits_flipped) {
  write_fault_ = std::move(bits_flipped);
  update_dccm_window();
}

void HartCore::decode_block(CodeRegion& region, Entry* entry) {
  if (&region != iccm_code_.get() || ecc_errors_.empty() || !ecc_enabled()) {
    region.decode_block(entry, nullptr);
    return;
  }
  // The words of the first instruction are looked at now; later ones when they are executed.
  const uint32_t first = region.address(entry) & ~3u;
  const uint32_t last = (region.address(entry) + (is_compressed(region.opcode(entry)) ? 1 : 3)) & ~3u;
  for (uint32_t word = first;; word += 4) {
    if (const auto error = ecc_errors_.find(word); error != ecc_errors_.end()) {
      const bool correctable = error->second.correctable;
      if (correctable) {
        ecc_errors_.erase(error);
        update_dccm_window();
        count_correctable(Csr::miccmect);
      }
      if (on_ecc_error) on_ecc_error(CloseMemory::iccm, correctable, word);
      if (!correctable) {
        region.set_fetch_fault(entry);
        return;
      }
    }
    if (word == last) break;
  }
  region.decode_block(entry, [this](uint32_t address) {
    return ecc_errors_.contains(address & ~3u) || ecc_errors_.contains((address + 2) & ~3u);
  });
}

/// el2_lsu_addrcheck.sv: what is wrong with an access, as its mscause. 0: nothing is.
HartCore::AccessFault HartCore::access_fault(uint32_t base, uint32_t address, unsigned width) const {
  const uint32_t end = address + width - 1;
  const uint32_t region = region_of(address);
  // What nearly all accesses are.
  if ((address & (width - 1)) == 0 && region == region_of(base)) {
    if (address - config_.dccm_base < config_.dccm_size) return {};
    if (region != region_of(config_.dccm_base) && region != region_of(config_.pic_base)) return {};
  }
  const uint32_t dccm_region = region_of(config_.dccm_base);
  const uint32_t pic_region = region_of(config_.pic_base);
  const bool local = region == dccm_region || region == pic_region;
  const bool aligned = (address & (width - 1)) == 0;
  if (region != region_of(end)) return {.misaligned = true, .mscause = 2};
  if (!aligned && !local && region != region_of(config_.iccm_base) && (reg(Csr::mrac) >> (2 * region + 1) & 1) != 0) {
    return {.misaligned = true, .mscause = 1};
  }
  const bool start_in_pic = address - config_.pic_base < config_.pic_size;
  const bool end_in_pic = end - config_.pic_base < config_.pic_size;
  const bool start_in_dccm = address - config_.dccm_base < config_.dccm_size;
  const bool end_in_dccm = end - config_.dccm_base < config_.dccm_size;
  const bool base_local = region_of(base) == dccm_region || region_of(base) == pic_region;
  if ((region == dccm_region && !(start_in_dccm && end_in_dccm) &&
       !(dccm_region == pic_region && start_in_pic && end_in_pic)) ||
      (region == pic_region && dccm_region != pic_region && !(start_in_pic && end_in_pic))) {
    return {.mscause = 2};
  }
  if (local != base_local) return {.mscause = 5};
  if (start_in_pic && (width != 4 || !aligned)) return {.mscause = 6};
  return {};
}

/// False, and the exception is taken, if the access is not allowed.
bool HartCore::check_access(uint32_t base, uint32_t address, unsigned width, bool is_store) {
  const AccessFault fault = access_fault(base, address, width);
  if (fault.mscause == 0) return true;
  const uint32_t cause =
      fault.misaligned ? (is_store ? store_misaligned : load_misaligned) : (is_store ? store_fault : load_fault);
  exception(cause, fault.mscause, address);
  return false;
}

HartCore::Access HartCore::load(uint32_t base, uint32_t address, unsigned width, uint32_t& value) {
  if (first_rom_ != nullptr && address - first_rom_->base < first_rom_->bytes.size() && !observing_ &&
      (address & (width - 1)) == 0 && region_of(base) == region_of(address)) {
    value = load_bytes(first_rom_->bytes.data() + (address - first_rom_->base), width);
    return Access::done;
  }
  if (!check_access(base, address, width, false)) return Access::trapped;
  Access access = Access::done;
  if (address - config_.dccm_base < config_.dccm_size) {
    access = load_dccm(address, width, value);
  } else if (address - config_.pic_base < config_.pic_size) {
    value = pic_.read(address - config_.pic_base);
  } else if (address - config_.iccm_base < config_.iccm_size) {
    access = load_iccm(address, width, value);
  } else {
    access = load_bus(address, width, value);
  }
  if (counting_ && access != Access::trapped) count_access(address, width, false);
  if (access == Access::done) {
    if (observing_ && observer_ != nullptr) observer_->load(address, width, value);
  } else if (access == Access::failed) {
    bus_error(address, false);
  }
  return access;
}

HartCore::Access HartCore::store(uint32_t base, uint32_t address, unsigned width, uint32_t value) {
  if (width < 4) value &= (1u << (8 * width)) - 1;
  disturbed_ = true;
  if (!check_access(base, address, width, true)) return Access::trapped;
  if (observing_ && observer_ != nullptr) observer_->store(address, width, value);
  Access access = Access::done;
  if (address - config_.dccm_base < config_.dccm_size) {
    access = store_dccm(address, width, value);
  } else if (address - config_.pic_base < config_.pic_size) {
    pic_.write(address - config_.pic_base, value);
    attention_ = true;
  } else if (address - config_.iccm_base < config_.iccm_size) {
    access = store_iccm(address, width, value);
  } else {
    access = store_bus(address, width, value);
  }
  if (counting_ && access != Access::trapped) count_access(address, width, true);
  if (access == Access::failed) bus_error(address, true);
  return access;
}

/// What the LSU does about ECC errors in the DCCM's words of an access. False if one can't be corrected; otherwise all
/// are corrected in the memory as well, and counted as one.
bool HartCore::correct_dccm(uint32_t address, unsigned width) {
  std::array<uint32_t, 2> bad{};
  unsigned count = 0;
  for (uint32_t word = address & ~3u; word <= ((address + width - 1) & ~3u); word += 4) {
    const auto error = ecc_errors_.find(word);
    if (error == ecc_errors_.end()) continue;
    if (!error->second.correctable) {
      if (on_ecc_error) on_ecc_error(CloseMemory::dccm, false, word);
      return false;
    }
    bad[count++] = word;
  }
  if (count == 0) return true;
  for (unsigned i = 0; i < count; ++i) ecc_errors_.erase(bad[i]);
  update_dccm_window();
  count_correctable(Csr::mdccmect);
  if (on_ecc_error) on_ecc_error(CloseMemory::dccm, true, bad[0]);
  return true;
}

/// What is read with ECC switched off: `value` from `address` on, with the bits that are wrong.
uint32_t HartCore::uncorrected(uint32_t address, unsigned width, uint32_t value) const {
  for (unsigned byte = 0; byte < width; ++byte) {
    const auto error = ecc_errors_.find((address + byte) & ~3u);
    if (error == ecc_errors_.end()) continue;
    const uint32_t wrong = error->second.wrong_bits() >> (8 * ((address + byte) & 3)) & 0xff;
    value ^= wrong << (8 * byte);
  }
  return value;
}

HartCore::Access HartCore::load_dccm(uint32_t address, unsigned width, uint32_t& value) {
  value = load_bytes(dccm_.data() + (address - config_.dccm_base), width);
  if (ecc_errors_.empty()) return Access::done;
  if (!ecc_enabled()) {
    value = uncorrected(address, width, value);
  } else if (!correct_dccm(address, width)) {
    exception(load_fault, 1, address);
    return Access::trapped;
  }
  return Access::done;
}

HartCore::Access HartCore::store_dccm(uint32_t address, unsigned width, uint32_t value) {
  if (!ecc_errors_.empty()) {
    // A part of a word is written by reading and merging.
    const bool whole_word = width == 4 && (address & 3) == 0;
    if (!whole_word && ecc_enabled() && !correct_dccm(address, width)) {
      exception(store_fault, 1, address);
      return Access::trapped;
    }
    for (uint32_t word = address & ~3u; word <= ((address + width - 1) & ~3u); word += 4) {
      if (!whole_word) {
        uint8_t* const bytes = dccm_.data() + (word - config_.dccm_base);
        store_bytes(bytes, 4, uncorrected(word, 4, load_bytes(bytes, 4)));
      }
      if (ecc_errors_.erase(word) != 0) update_dccm_window();
    }
  }
  store_bytes(dccm_.data() + (address - config_.dccm_base), width, value);
  if (write_fault_) damage(CloseMemory::dccm, address, width);
  return Access::done;
}

/// A memory that gets writes wrong has been written.
void HartCore::damage(CloseMemory memory, uint32_t address, unsigned width) {
  for (uint32_t word = address & ~3u; word <= ((address + width - 1) & ~3u); word += 4) {
    if (const unsigned bits = write_fault_(memory); bits != 0) inject_ecc_error(word, bits == 1);
  }
}

/// What the ICCM does about ECC errors when the DMA port reads a doubleword, which it always does as a whole. False if
/// one can't be corrected. Of two that can, a read corrects the first; either way it counts as one.
bool HartCore::correct_iccm(uint32_t doubleword) {
  bool good = true;
  bool counted = false;
  for (const uint32_t word : {doubleword, doubleword + 4}) {
    const auto error = ecc_errors_.find(word);
    if (error == ecc_errors_.end()) continue;
    const bool correctable = error->second.correctable;
    if (correctable && counted) continue;
    if (correctable) {
      ecc_errors_.erase(error);
      update_dccm_window();
      count_correctable(Csr::miccmect);
      counted = true;
    } else {
      good = false;
    }
    if (on_ecc_error) on_ecc_error(CloseMemory::iccm, correctable, word);
  }
  return good;
}

/// Data accesses to the ICCM leave the core over AHB and come back through the DMA port (el2_dma_ctrl.sv).
HartCore::Access HartCore::load_iccm(uint32_t address, unsigned width, uint32_t& value) {
  if (address + width - 1 - config_.iccm_base >= config_.iccm_size) return Access::failed;
  value = load_bytes(iccm_.data() + (address - config_.iccm_base), width);
  if (ecc_errors_.empty()) return Access::done;
  if (!ecc_enabled()) {
    value = uncorrected(address, width, value);
    return Access::done;
  }
  bool good = true;
  for (uint32_t doubleword = address & ~7u; doubleword <= ((address + width - 1) & ~7u); doubleword += 8) {
    good &= correct_iccm(doubleword);
  }
  return good ? Access::done : Access::failed;
}

/// The DMA port takes whole aligned words only; whatever else is stored gets an AHB error, and so does every store
/// while the ICCM is locked (ahb_lite_resp_disable in caliptra_top.sv).
HartCore::Access HartCore::store_iccm(uint32_t address, unsigned width, uint32_t value) {
  if (iccm_locked_) {
    if (on_iccm_write_blocked) on_iccm_write_blocked(address);
    return Access::failed;
  }
  if (width != 4 || (address & 3) != 0) return Access::failed;
  if (!ecc_errors_.empty() && ecc_errors_.erase(address) != 0) update_dccm_window();
  store_bytes(iccm_.data() + (address - config_.iccm_base), width, value);
  if (iccm_code_->written(address, width)) attention_ = true;
  if (write_fault_) damage(CloseMemory::iccm, address, width);
  return Access::done;
}

HartCore::Access HartCore::load_bus(uint32_t address, unsigned width, uint32_t& value) {
  for (const Rom& rom : roms_) {
    if (address - rom.base >= rom.bytes.size()) continue;
    if (address - rom.base + width > rom.bytes.size()) return Access::failed;
    value = load_bytes(rom.bytes.data() + (address - rom.base), width);
    return Access::done;
  }
  const bool side_effects = (reg(Csr::mrac) >> (2 * region_of(address) + 1) & 1) != 0;
  // Without side effects the RTL reads whole doublewords, of which registers have the lower word only (ahb_slv_sif.sv:
  // the upper one reads 0). The reference emulator knows nothing of that, and firmware for it may not have set mrac.
  const uint32_t granule = rtl_ && !side_effects ? 8 : 4;
  if (granule == 4 && (address & (width - 1)) == 0) {
    const BusResult result = bus_.read(address, width);
    value = result.data;
    if (notes_polls_) note_poll(address, value);
    return result.ok() ? Access::done : Access::failed;
  }
  value = 0;
  for (uint32_t word = address & ~(granule - 1); word <= ((address + width - 1) & ~(granule - 1)); word += granule) {
    const BusResult result = bus_.read(word, 4);
    if (!result.ok()) return Access::failed;
    for (unsigned byte = 0; byte < width; ++byte) {
      const uint32_t place = address + byte - word;
      if (place < 4) value |= (result.data >> (8 * place) & 0xff) << (8 * byte);
    }
  }
  if (notes_polls_ && width == 4 && (address & 7) == 0) note_poll(address, value);
  return Access::done;
}

HartCore::Access HartCore::store_bus(uint32_t address, unsigned width, uint32_t value) {
  if ((address & (width - 1)) == 0) {
    return bus_.write(address, width, value) == BusStatus::ok ? Access::done : Access::failed;
  }
  for (unsigned byte = 0; byte < width; ++byte) {
    if (bus_.write(address + byte, 1, value >> (8 * byte) & 0xff) != BusStatus::ok) return Access::failed;
  }
  return Access::done;
}

}  // namespace veer
