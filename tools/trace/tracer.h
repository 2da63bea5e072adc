// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the trace formats share.

#pragma once

#include <string_view>

#include "iss/clock.h"
#include "iss/hart.h"
#include "iss/observer.h"
#include "soc/core.h"
#include "tools/trace/filter.h"
#include "tools/trace/output.h"

namespace caliptra::trace {

/// A trace of instructions. Everything that it is given must outlive it.
class Tracer : public veer::Observer {
 public:
  Tracer(Core& core, const Filter& filter, Output& output)
      : hart_(core.hart()), clock_(core.clock()), filter_(filter), output_(output) {}

  /// What happens around the hart, for the formats that show it.
  virtual void soc_access(const SocAccess& access) { (void)access; }
  virtual void event(const Event& event) { (void)event; }
  /// The run is over.
  virtual void finish() {}

 protected:
  const veer::Hart& hart_;
  const veer::Clock& clock_;
  const Filter& filter_;
  Output& output_;
};

}  // namespace caliptra::trace
