// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/setup.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"

namespace caliptra::emu {
namespace {

constexpr std::size_t largest_rom = 48 * 1024;

// Firmware may be larger than the mailbox, so that the ROM's refusal can be seen; but not without end.
constexpr std::size_t largest_firmware = 16 * 1024 * 1024;

constexpr std::size_t largest_request = 128 * 1024 - 4;

constexpr uint32_t stash_measurement_command = 0x4d45'4153;

// CPTRA_DBG_MANUF_SERVICE_REG as the ROM reads it.
constexpr uint32_t request_idevid_csr = 1 << 0;
constexpr uint32_t request_ldevid_certificate = 1 << 1;

// Words of fuse_idevid_cert_attr as the ROM reads it.
constexpr std::size_t certificate_flags = 0;
constexpr std::size_t ueid_type = 6;
constexpr std::size_t ueid = 7;

constexpr std::string_view test_uds_seed =
    "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461";

void set_fuse(Setup& setup, std::string_view option, std::string_view name, std::string_view value) {
  if (const auto error = setup.plan.fuses.set_text(setup.configuration.generation, name, value)) {
    throw Failure(exit_usage, fmt::format("{}: {}", option, *error));
  }
}

void set_certificate_attributes(Setup& setup, const Options& options) {
  constexpr std::string_view name = "fuse_idevid_cert_attr";
  const auto& values = setup.plan.fuses.values();
  std::vector<uint32_t> words(24);
  if (const auto given = values.find(name); given != values.end()) {
    words = given->second;
  } else {
    words[ueid_type] = 1;
    std::fill_n(words.begin() + ueid, 4, 0xffff'ffff);
  }
  if (options.idevid_key_id_algorithm) words[certificate_flags] = *options.idevid_key_id_algorithm;
  if (options.ueid) {
    words[ueid_type] = 1;
    std::copy(options.ueid->begin(), options.ueid->end(), words.begin() + ueid);
  }
  if (const auto error = setup.plan.fuses.set(setup.configuration.generation, name, words)) {
    throw Failure(exit_usage, *error);
  }
}

/// The secrets of the reference emulator's test device, where nothing else was given.
void set_test_secrets(Setup& setup) {
  const auto preset = [&](std::string_view name, std::string_view value) {
    if (!setup.plan.fuses.values().contains(name)) set_fuse(setup, "preset", name, value);
  };
  preset("fuse_uds_seed", test_uds_seed);
  preset("fuse_field_entropy", std::string(64, 'f'));
}

void apply_options(Setup& setup, const Options& options) {
  Configuration& configuration = setup.configuration;
  SocPlan& plan = setup.plan;
  if (options.generation) configuration.generation = *options.generation;
  if (options.timing) configuration.timing = *options.timing;
  if (options.lifecycle) configuration.lifecycle = *options.lifecycle;
  if (options.debug_locked) configuration.debug_locked = true;
  if (options.internal_trng) configuration.internal_trng = *options.internal_trng;
  if (options.seed) configuration.trng_seed = plan.trng_seed = *options.seed;
  if (options.watchdog_timeout) plan.watchdog_timeout = *options.watchdog_timeout;
  if (options.request_idevid_csr) plan.manufacturing_service |= request_idevid_csr;
  if (options.request_ldevid_certificate) plan.manufacturing_service |= request_ldevid_certificate;
  if (options.rom) setup.rom = options.rom;
  if (options.firmware) setup.firmware = options.firmware;
  if (options.update_firmware) setup.update_firmware = options.update_firmware;

  set_certificate_attributes(setup, options);
  if (!options.manufacturer_pk_hash.empty()) {
    set_fuse(setup, "--mfg-pk-hash", "fuse_key_manifest_pk_hash", options.manufacturer_pk_hash);
  }
  if (!options.owner_pk_hash.empty()) {
    set_fuse(setup, "--owner-pk-hash", "fuse_owner_pk_hash", options.owner_pk_hash);
  }
  for (const auto& [name, value] : options.fuses) set_fuse(setup, "--fuse", name, value);
  set_test_secrets(setup);
}

void read_images(Setup& setup) {
  if (!setup.rom) throw Failure(exit_usage, "no ROM: give --rom FILE");
  setup.configuration.rom = read_file("ROM", *setup.rom, {.minimum = 1, .maximum = largest_rom});
  const SizeLimits firmware_size{.minimum = 1, .maximum = largest_firmware};
  if (setup.firmware) setup.plan.firmware = read_file("firmware", *setup.firmware, firmware_size);
  if (setup.update_firmware) {
    setup.plan.update_firmware = read_file("update firmware", *setup.update_firmware, firmware_size);
  }
  for (const auto& each : setup.measurements) {
    std::vector<uint8_t> request;
    if (const auto* path = std::get_if<std::string>(&each)) {
      request = read_file("measurement", *path, {.minimum = measurement_size, .maximum = measurement_size});
    } else {
      request = std::get<std::vector<uint8_t>>(each);
    }
    setup.plan.measurements.push_back(mailbox_payload(stash_measurement_command, request));
  }
}

}  // namespace

Setup make_setup(const Options& options) {
  Setup setup;
  if (options.configuration) read_configuration_file(*options.configuration, options.generation, setup);
  apply_options(setup, options);
  read_images(setup);
  return setup;
}

std::vector<uint8_t> read_request_contents(const MailboxRequest& request) {
  if (!request.path) return {};
  if (request.command == firmware_load_command) {
    return read_file("firmware", *request.path, {.minimum = 1, .maximum = largest_firmware});
  }
  return read_file(request.label, *request.path, {.minimum = 0, .maximum = largest_request});
}

}  // namespace caliptra::emu
