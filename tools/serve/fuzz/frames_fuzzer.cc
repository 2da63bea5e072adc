// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Feeds a connection whatever a peer may send, in pieces. FUZZ_JSON chooses the protocol. The first byte says how long
// the pieces are. One core serves all inputs, as a server's does, and starts over from a snapshot.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "soc/c/testing.h"
#include "tools/serve/cptr_protocol.h"
#include "tools/serve/json_protocol.h"

namespace {

using namespace caliptra::serve;

struct Service {
  Service() {
    caliptra::Configuration configuration;
    configuration.rom = caliptra::testing::greeting_rom();
    std::string error;
    machine = Machine::create(configuration, {}, error);
    if (!machine) std::abort();
    machine->boot(10'000);
    begin = machine->save();
  }
  std::unique_ptr<Machine> machine;
  std::vector<uint8_t> begin;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static Service service;
  if (service.machine->restore(service.begin)) std::abort();
  if (size == 0) return 0;
  const std::size_t piece = data[0] + 1;
  std::span<const uint8_t> rest(data + 1, size - 1);

#ifdef FUZZ_JSON
  JsonProtocol::Snapshots snapshots;
  constexpr uint64_t most_cycles = 2'000;
  JsonProtocol protocol(*service.machine, snapshots, most_cycles);
#else
  CptrProtocol protocol(*service.machine);
#endif
  std::vector<uint8_t> output;
  while (!rest.empty()) {
    const auto part = rest.first(std::min(piece, rest.size()));
    rest = rest.subspan(part.size());
    if (!protocol.receive(part, output)) {
      if (protocol.violation().empty()) std::abort();
      break;
    }
    if (output.size() > 64 * 1024) {
      output.clear();
      if (!protocol.pump(output)) break;
    }
  }
#ifdef FUZZ_JSON
  if (snapshots.size() > JsonProtocol::most_snapshots) std::abort();
#endif
  return 0;
}
