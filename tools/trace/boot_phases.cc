// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/boot_phases.h"

#include <fmt/format.h>

#include <utility>

namespace caliptra::trace {
namespace {

// A guest that writes its boot status without end fills no more than this.
constexpr std::size_t most_steps = 10'000;

struct Status {
  uint32_t number;
  std::string_view phase;  // what ends, or goes on, with it
  std::string_view name;
};

constexpr Status statuses[] = {
    {385, "start", "CFI initialized"},
    {386, "start", "KAT started"},
    {387, "KAT", "KAT complete"},
    {257, "cold reset", "cold reset started"},
    {1, "IDevID", "IDevID: UDS decrypted"},
    {2, "IDevID", "IDevID: field entropy decrypted"},
    {3, "IDevID", "IDevID: DOE secrets cleared"},
    {4, "IDevID", "IDevID: CDI derived"},
    {5, "IDevID", "IDevID: key pair derived"},
    {6, "IDevID", "IDevID: subject serial number generated"},
    {7, "IDevID", "IDevID: subject key identifier generated"},
    {8, "IDevID", "IDevID: CSR made"},
    {9, "IDevID", "IDevID: CSR sent"},
    {10, "IDevID", "IDevID derived"},
    {65, "LDevID", "LDevID: CDI derived"},
    {66, "LDevID", "LDevID: key pair derived"},
    {67, "LDevID", "LDevID: subject serial number generated"},
    {68, "LDevID", "LDevID: subject key identifier generated"},
    {69, "LDevID", "LDevID: certificate signed"},
    {70, "LDevID", "LDevID derived"},
    {129, "firmware download", "firmware: image downloaded"},
    {130, "firmware verification", "firmware: manifest loaded"},
    {131, "firmware verification", "firmware: image verified"},
    {132, "firmware loading", "firmware: data vault filled"},
    {133, "firmware loading", "firmware: PCRs extended"},
    {134, "firmware loading", "firmware: image loaded"},
    {135, "firmware loading", "firmware: download transaction complete"},
    {136, "firmware loading", "firmware processed"},
    {193, "FMC alias", "FMC alias: CDI derived"},
    {194, "FMC alias", "FMC alias: key pair derived"},
    {195, "FMC alias", "FMC alias: subject serial number generated"},
    {196, "FMC alias", "FMC alias: subject key identifier generated"},
    {197, "FMC alias", "FMC alias: certificate signed"},
    {198, "FMC alias", "FMC alias derived"},
    {320, "FMC alias", "cold reset complete"},
    {321, "update reset", "update reset started"},
    {322, "update reset", "update reset: manifest loaded"},
    {323, "update reset", "update reset: image verified"},
    {324, "update reset", "update reset: data vault filled"},
    {325, "update reset", "update reset: PCRs extended"},
    {326, "update reset", "update reset: image loaded"},
    {327, "update reset", "update reset: manifest overwritten"},
    {328, "update reset", "update reset complete"},
    {0x400, "FMC: RT alias", "FMC: runtime measured"},
    {0x401, "FMC: RT alias", "RT alias: CDI derived"},
    {0x402, "FMC: RT alias", "RT alias: key pair derived"},
    {0x403, "FMC: RT alias", "RT alias: subject serial number generated"},
    {0x404, "FMC: RT alias", "RT alias: subject key identifier generated"},
    {0x405, "FMC: RT alias", "RT alias: certificate signed"},
    {0x406, "FMC: RT alias", "RT alias derived"},
    {0x407, "FMC: RT alias", "runtime hash chain complete"},
    {0x600, "runtime start", "runtime ready for commands"},
};

const Status* find(uint32_t number) {
  for (const Status& each : statuses) {
    if (each.number == number) return &each;
  }
  return nullptr;
}

}  // namespace

std::string boot_status_name(uint32_t status) {
  const Status* const known = find(status);
  return known != nullptr ? std::string(known->name) : fmt::format("boot status 0x{:x}", status);
}

std::string describe_event(const Event& event) {
  switch (event.kind) {
    case Event::Kind::boot_status:
      return fmt::format("boot status 0x{:x}: {}", event.value, boot_status_name(event.value));
    case Event::Kind::flow_status: return fmt::format("flow status 0x{:08x}", event.value);
    case Event::Kind::ready_for_fuses: return "ready for fuses";
    case Event::Kind::ready_for_fw: return "ready for firmware";
    case Event::Kind::ready_for_runtime: return "ready for runtime";
    case Event::Kind::runtime_ready: return "the runtime listens for commands";
    case Event::Kind::cold_reset: return "cold reset";
    case Event::Kind::warm_reset: return "warm reset";
    case Event::Kind::firmware_update_reset: return "firmware update reset";
    case Event::Kind::exit: return fmt::format("the firmware ends with {}", event.value);
    case Event::Kind::firmware_error_fatal: return fmt::format("CPTRA_FW_ERROR_FATAL 0x{:08x}", event.value);
    case Event::Kind::hardware_error_fatal: return fmt::format("CPTRA_HW_ERROR_FATAL 0x{:08x}", event.value);
    case Event::Kind::idevid_csr_ready: return "the IDevID CSR is ready";
    case Event::Kind::reset_command: return event.value == 0 ? "asks for a warm reset" : "asks for a cold reset";
    case Event::Kind::trng_request:
    case Event::Kind::mailbox_status: break;
  }
  return {};
}

void BootPhases::end_step(std::string name, std::string_view phase, uint64_t cycle, uint64_t instructions) {
  if (steps_.size() >= most_steps) return;
  const uint64_t retired = instructions - instructions_;
  if (cycle > since_) {
    steps_.push_back({std::move(name), since_, cycle, retired});
    if (!phases_.empty() && phases_.back().name == phase) {
      phases_.back().end = cycle;
      phases_.back().instructions += retired;
    } else {
      phases_.push_back({std::string(phase), since_, cycle, retired});
    }
  }
  since_ = cycle;
  instructions_ = instructions;
}

void BootPhases::event(const Event& event) {
  switch (event.kind) {
    case Event::Kind::cold_reset:
    case Event::Kind::warm_reset:
    case Event::Kind::firmware_update_reset:
      end_step(describe_event(event), runtime_ ? "runtime" : "before reset", event.cycle, event.instructions);
      runtime_ = false;
      uploading_ = false;
      break;
    case Event::Kind::boot_status: {
      const Status* const known = find(event.value);
      const std::string_view phase = known != nullptr ? known->phase : "other";
      end_step(boot_status_name(event.value), phase, event.cycle, event.instructions);
      if (event.value == 0x600) runtime_ = true;
      break;
    }
    case Event::Kind::ready_for_fw:
      if (uploading_) break;
      uploading_ = true;
      // When a ROM asks for its firmware differs between releases.
      end_step("ready for firmware", phases_.empty() ? "start" : std::string(phases_.back().name), event.cycle,
               event.instructions);
      break;
    case Event::Kind::runtime_ready:
      if (runtime_) break;
      end_step("the runtime listens for commands", "runtime start", event.cycle, event.instructions);
      runtime_ = true;
      break;
    default: break;
  }
}

void BootPhases::finish(uint64_t cycle, uint64_t instructions) {
  end_step("the run ends", runtime_ ? "runtime" : "unfinished", cycle, instructions);
}

}  // namespace caliptra::trace
