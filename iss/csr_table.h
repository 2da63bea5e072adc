// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Every CSR that VeeR EL2 decodes outside debug mode as Caliptra configures it (dec/csrdecode in the RTL; meicpct is
// illegal because fast interrupt redirect is on). Side effects are in csr_file.cc.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace veer {

struct CsrDescription {
  uint16_t number;
  std::string_view name;
  uint32_t reset;
  uint32_t writable;  ///< the bits that a write changes; other bits keep their reset value
};

/// The CSRs whose number is needed by name.
enum class Csr : uint16_t {
  mstatus = 0x300,
  misa = 0x301,
  mie = 0x304,
  mtvec = 0x305,
  mcountinhibit = 0x320,
  mhpme3 = 0x323,
  mhpme6 = 0x326,
  mscratch = 0x340,
  mepc = 0x341,
  mcause = 0x342,
  mtval = 0x343,
  mip = 0x344,
  mtsel = 0x7a0,
  mtdata1 = 0x7a1,
  mtdata2 = 0x7a2,
  mrac = 0x7c0,
  mcpc = 0x7c2,
  mpmc = 0x7c6,
  mfdht = 0x7ce,
  mfdhs = 0x7cf,
  mitcnt0 = 0x7d2,
  mitb0 = 0x7d3,
  mitctl0 = 0x7d4,
  mitcnt1 = 0x7d5,
  mitb1 = 0x7d6,
  mitctl1 = 0x7d7,
  micect = 0x7f0,
  miccmect = 0x7f1,
  mdccmect = 0x7f2,
  mcgc = 0x7f8,
  mfdc = 0x7f9,
  mscause = 0x7ff,
  mcyclel = 0xb00,
  minstretl = 0xb02,
  mhpmc3 = 0xb03,
  mhpmc6 = 0xb06,
  mcycleh = 0xb80,
  minstreth = 0xb82,
  mhpmc3h = 0xb83,
  mhpmc6h = 0xb86,
  mdeau = 0xbc0,
  meivt = 0xbc8,
  meipt = 0xbc9,
  meicidpl = 0xbcb,
  meicurpl = 0xbcc,
  mdseac = 0xfc0,
  meihap = 0xfc8,
};

inline constexpr CsrDescription csr_table[] = {
    {0x300, "mstatus", 0x00001800, 0x00000088},
    {0x301, "misa", 0x40001104, 0},
    {0x304, "mie", 0, 0x70000888},
    {0x305, "mtvec", 0, 0xfffffffd},
    {0x320, "mcountinhibit", 0, 0x0000007d},
    {0x323, "mhpme3", 0, 0x000003ff},
    {0x324, "mhpme4", 0, 0x000003ff},
    {0x325, "mhpme5", 0, 0x000003ff},
    {0x326, "mhpme6", 0, 0x000003ff},
    {0x340, "mscratch", 0, 0xffffffff},
    {0x341, "mepc", 0, 0xfffffffe},
    {0x342, "mcause", 0, 0xffffffff},
    {0x343, "mtval", 0, 0xffffffff},
    {0x344, "mip", 0, 0},
    {0x7a0, "mtsel", 0, 0x00000003},
    {0x7a1, "mtdata1", 0, 0xffffffff},
    {0x7a2, "mtdata2", 0, 0xffffffff},
    {0x7c0, "mrac", 0, 0xffffffff},
    {0x7c2, "mcpc", 0, 0xffffffff},
    {0x7c6, "mpmc", 0x00000002, 0x00000003},
    {0x7ce, "mfdht", 0, 0x0000003f},
    {0x7cf, "mfdhs", 0, 0x00000003},
    {0x7d2, "mitcnt0", 0, 0xffffffff},
    {0x7d3, "mitb0", 0xffffffff, 0xffffffff},
    {0x7d4, "mitctl0", 0x00000001, 0x00000007},
    {0x7d5, "mitcnt1", 0, 0xffffffff},
    {0x7d6, "mitb1", 0xffffffff, 0xffffffff},
    {0x7d7, "mitctl1", 0x00000001, 0x0000000f},
    {0x7f0, "micect", 0, 0xffffffff},
    {0x7f1, "miccmect", 0, 0xffffffff},
    {0x7f2, "mdccmect", 0, 0xffffffff},
    {0x7f8, "mcgc", 0x00000200, 0x000003ff},
    {0x7f9, "mfdc", 0x00070000, 0x00071fff},
    {0x7ff, "mscause", 0, 0x0000000f},
    {0xb00, "mcyclel", 0, 0xffffffff},
    {0xb02, "minstretl", 0, 0xffffffff},
    {0xb03, "mhpmc3", 0, 0xffffffff},
    {0xb04, "mhpmc4", 0, 0xffffffff},
    {0xb05, "mhpmc5", 0, 0xffffffff},
    {0xb06, "mhpmc6", 0, 0xffffffff},
    {0xb80, "mcycleh", 0, 0xffffffff},
    {0xb82, "minstreth", 0, 0xffffffff},
    {0xb83, "mhpmc3h", 0, 0xffffffff},
    {0xb84, "mhpmc4h", 0, 0xffffffff},
    {0xb85, "mhpmc5h", 0, 0xffffffff},
    {0xb86, "mhpmc6h", 0, 0xffffffff},
    {0xbc0, "mdeau", 0, 0xffffffff},
    {0xbc8, "meivt", 0, 0xfffffc00},
    {0xbc9, "meipt", 0, 0x0000000f},
    {0xbcb, "meicidpl", 0, 0x0000000f},
    {0xbcc, "meicurpl", 0, 0x0000000f},
    {0xf11, "mvendorid", 0x00000045, 0},
    {0xf12, "marchid", 0x00000010, 0},
    {0xf13, "mimpid", 0x00000004, 0},
    {0xf14, "mhartid", 0, 0},
    {0xfc0, "mdseac", 0, 0},
    {0xfc8, "meihap", 0, 0},
};

inline constexpr unsigned csr_count = std::size(csr_table);

/// The unimplemented performance counters and event selectors read 0 and ignore writes.
constexpr bool csr_is_zero(uint32_t number) {
  return (number >= 0xb07 && number <= 0xb1f) || (number >= 0xb87 && number <= 0xb9f) ||
         (number >= 0x327 && number <= 0x33f);
}

/// A CSR number with both top bits set is read-only.
constexpr bool csr_is_read_only(uint32_t number) { return (number & 0xc00) == 0xc00; }

namespace detail {
inline constexpr auto csr_slots = [] {
  std::array<uint8_t, 4096> slots{};
  slots.fill(0xff);
  for (unsigned i = 0; i < csr_count; ++i) slots[csr_table[i].number] = static_cast<uint8_t>(i);
  return slots;
}();
}  // namespace detail

/// The line of `number` in csr_table, or csr_count and above if it has none.
constexpr unsigned csr_slot(uint32_t number) { return detail::csr_slots[number & 0xfff]; }
constexpr unsigned csr_slot(Csr csr) { return csr_slot(static_cast<uint32_t>(csr)); }

constexpr bool csr_exists(uint32_t number) { return csr_slot(number) < csr_count || csr_is_zero(number); }

/// Its name, or nothing.
constexpr std::string_view csr_name(uint32_t number) {
  return csr_slot(number) < csr_count ? csr_table[csr_slot(number)].name : std::string_view();
}

}  // namespace veer
