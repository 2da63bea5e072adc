// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/execute.h"
#include "iss/timing/reference.h"

namespace veer {

HandlerTable HartCore::reference_handlers() {
  HandlerTable table = nullptr;
  ReferenceTiming timing;
  execute<ReferenceTiming, false>(timing, &table);
  return table;
}

void HartCore::execute_reference(bool observed) {
  ReferenceTiming timing;
  if (observed) {
    execute<ReferenceTiming, true>(timing, nullptr);
  } else {
    execute<ReferenceTiming, false>(timing, nullptr);
  }
}

}  // namespace veer
