// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/pic.h"

#include "iss/state_stream.h"

namespace veer {
namespace {

constexpr uint32_t meipl = 0x0000;
constexpr uint32_t meip = 0x1000;
constexpr uint32_t meie = 0x2000;
constexpr uint32_t mpiccfg = 0x3000;
constexpr uint32_t meigwctrl = 0x4000;
constexpr uint32_t meigwclr = 0x5000;

constexpr uint32_t array_mask = 0x7f;  // 32 words

}  // namespace

void Pic::reset() {
  *this = Pic();
  update();
}

void Pic::set_line(unsigned source, bool level) {
  if (source == 0 || source >= sources) return;
  const uint32_t bit = 1u << source;
  lines_ = level ? lines_ | bit : lines_ & ~bit;
  update();
}

uint32_t Pic::read(uint32_t offset) const {
  const uint32_t source = (offset & array_mask) >> 2;
  if (offset == mpiccfg) return reversed_ ? 1 : 0;
  if (offset == meip) return pending_;
  switch (offset & ~array_mask) {
    case meipl: return priority_[source];
    case meie: return enabled_ >> source & 1;
    case meigwctrl: return gateway_[source];
    default: return 0;
  }
}

void Pic::write(uint32_t offset, uint32_t value) {
  const uint32_t source = (offset & array_mask) >> 2;
  const uint32_t bit = 1u << source;
  if (offset == mpiccfg) {
    reversed_ = (value & 1) != 0;
  } else if (source == 0) {
    return;
  } else {
    switch (offset & ~array_mask) {
      case meipl: priority_[source] = value & 0xf; break;
      case meie: enabled_ = (value & 1) != 0 ? enabled_ | bit : enabled_ & ~bit; break;
      case meigwctrl:
        gateway_[source] = value & 3;
        active_low_ = (value & 1) != 0 ? active_low_ | bit : active_low_ & ~bit;
        edge_ = (value & 2) != 0 ? edge_ | bit : edge_ & ~bit;
        break;
      case meigwclr: latched_ &= ~bit; break;
      default: return;
    }
  }
  update();
}

void Pic::update() {
  const uint32_t asserted = (lines_ ^ active_low_) & ~1u;
  latched_ |= asserted;
  pending_ = asserted | (latched_ & edge_);
  winner_ = 0;
  level_ = 0;
  for (uint32_t candidates = pending_ & enabled_; candidates != 0; candidates &= candidates - 1) {
    const auto source = static_cast<uint8_t>(__builtin_ctz(candidates));
    const uint8_t level = reversed_ ? priority_[source] ^ 0xf : priority_[source];
    // Of equal priorities the lowest number wins.
    if (level > level_) {
      level_ = level;
      winner_ = source;
    }
  }
}

Pic::Claim Pic::claim() const {
  return Claim{.id = winner_, .priority = static_cast<uint8_t>(reversed_ ? level_ ^ 0xf : level_)};
}

bool Pic::pending(uint32_t threshold, uint32_t current) const {
  const uint32_t invert = reversed_ ? 0xf : 0;
  return level_ > (threshold ^ invert) && level_ > (current ^ invert);
}

bool Pic::wakes() const { return level_ == 0xf; }

void Pic::state(StateStream& stream) {
  stream.section("pic", 1);
  stream(priority_);
  stream(gateway_);
  stream(enabled_);
  stream(lines_);
  stream(latched_);
  stream(active_low_);
  stream(edge_);
  stream(reversed_);
  update();
}

}  // namespace veer
