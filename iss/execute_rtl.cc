// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/execute.h"
#include "iss/timing/rtl.h"

namespace veer {

HandlerTable HartCore::rtl_handlers() {
  HandlerTable table = nullptr;
  execute<RtlTiming, false>(*rtl_, &table);
  return table;
}

void HartCore::execute_rtl(bool observed) {
  if (observed) {
    execute<RtlTiming, true>(*rtl_, nullptr);
  } else {
    execute<RtlTiming, false>(*rtl_, nullptr);
  }
}

}  // namespace veer
