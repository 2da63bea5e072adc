// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The subcommands that look at an image: info, hash, verify.

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <memory>

#include "soc/image/keys.h"
#include "soc/image/verify.h"
#include "tools/caliptra-emu/configuration_file.h"
#include "tools/caliptra-emu/error_names.h"
#include "tools/caliptra-emu/files.h"
#include "tools/image/arguments.h"
#include "tools/image/commands.h"
#include "tools/image/info.h"

namespace caliptra::image_tool {
namespace {

void print(const std::string& text) { write_file("output", "-", text); }
void print(const nlohmann::ordered_json& json) { print(json.dump(2) + "\n"); }

struct InfoOptions {
  std::string file;
  bool json = false;

  int run() const {
    const Info info = describe(emu::read_file("image", file, {.maximum = image_file_limit}));
    if (json) {
      print(info.json);
    } else if (info.recognised) {
      print(info.text);
    }
    if (!info.recognised) throw emu::Failure(emu::exit_input_file, fmt::format("'{}': {}", file, info.text));
    return info.good ? emu::exit_success : exit_refused;
  }
};

struct HashOptions {
  std::string file;
  bool json = false;

  int run() const {
    const auto bundle = read_bundle(file);
    // Any bytes have a hash, but that in fuses would shut out every bundle.
    if (const Info info = describe(bundle); info.json["kind"] != "bundle") {
      throw emu::Failure(emu::exit_input_file,
                         fmt::format("'{}': {}", file, info.recognised ? "a boot ROM, no bundle" : info.text));
    }
    const image::Manifest m = image::parse_manifest(std::span(bundle).first<image::manifest_size>());
    const bool lms = m.vendor_lms_key_index < m.vendor_lms_keys.size() &&
                     !(m.vendor_lms_keys[m.vendor_lms_key_index] == image::LmsPublicKey{}) &&
                     !(m.owner_lms_key == image::LmsPublicKey{});
    const std::pair<std::string, std::string> fuses[] = {
        {"fuse_key_manifest_pk_hash", hexadecimal_text(image::vendor_keys_hash(bundle))},
        {"fuse_owner_pk_hash", hexadecimal_text(image::owner_keys_hash(bundle))},
        {"fuse_lms_verify", lms ? "1" : "0"},
    };
    if (json) {
      nlohmann::ordered_json all;
      for (const auto& [name, value] : fuses) all[name] = value;
      print(all);
      return emu::exit_success;
    }
    std::string text;
    for (const auto& [name, value] : fuses) text += fmt::format("--fuse {}={}\n", name, value);
    print(text);
    return emu::exit_success;
  }
};

struct VerifyOptions {
  std::string file;
  std::string configuration;
  std::vector<std::string> fuses;
  std::optional<DeviceLifecycle> lifecycle;
  bool json = false;

  int run() const {
    // A file that is no bundle is what the checks are for, so any size is read.
    const auto bundle = emu::read_file("bundle", file, {.minimum = 0, .maximum = image_file_limit});
    const auto checks = image::verify(bundle, policy());
    const uint32_t error = image::first_error(checks);
    const std::string verdict = error == 0 ? "A ROM with these fuses takes it."
                                           : fmt::format("A ROM with these fuses refuses it: 0x{:08x} {}", error,
                                                         emu::firmware_error_name(error));
    if (json) {
      nlohmann::ordered_json all;
      all["accepted"] = error == 0;
      if (error != 0) all["error"] = fmt::format("0x{:08x}", error);
      if (error != 0) all["error_name"] = emu::firmware_error_name(error);
      all["checks"] = checks_json(checks);
      print(all);
    } else {
      print(checks_text(checks) + verdict + "\n");
    }
    return error == 0 ? emu::exit_success : exit_refused;
  }

 private:
  [[nodiscard]] image::DevicePolicy policy() const {
    emu::Setup setup;
    const Generation generation = Generation::v1_1;
    if (!configuration.empty()) emu::read_configuration_file(configuration, generation, setup);
    for (const std::string& fuse : fuses) {
      const auto equals = fuse.find('=');
      if (equals == std::string::npos) {
        throw emu::Failure(emu::exit_usage, fmt::format("--fuse takes NAME=VALUE, not '{}'", fuse));
      }
      const auto problem = setup.plan.fuses.set_text(generation, fuse.substr(0, equals), fuse.substr(equals + 1));
      if (problem) throw emu::Failure(emu::exit_usage, fmt::format("--fuse {}: {}", fuse, *problem));
    }
    const bool from_file = !configuration.empty();
    return image::policy_of(
        setup.plan.fuses, lifecycle.value_or(from_file ? setup.configuration.lifecycle : DeviceLifecycle::production));
  }
};

}  // namespace

Action add_info(CLI::App& app) {
  const auto options = std::make_shared<InfoOptions>();
  app.add_option("FILE", options->file, "a firmware bundle or a boot ROM")->required();
  app.add_flag("--json", options->json, "every field, for machines");
  return [options] { return options->run(); };
}

Action add_hash(CLI::App& app) {
  const auto options = std::make_shared<HashOptions>();
  app.add_option("FILE", options->file, "a firmware bundle")->required();
  app.add_flag("--json", options->json, "an object of names and values");
  return [options] { return options->run(); };
}

Action add_verify(CLI::App& app) {
  const auto options = std::make_shared<VerifyOptions>();
  app.add_option("FILE", options->file, "a firmware bundle")->required();
  app.add_option("--fuses", options->configuration,
                 "the device's fuses and life cycle: a configuration file of caliptra-emu")
      ->type_name("FILE");
  app.add_option("--fuse", options->fuses, "a fuse, as caliptra-emu takes it")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  const std::map<std::string, DeviceLifecycle> lifecycles = {{"unprovisioned", DeviceLifecycle::unprovisioned},
                                                             {"manufacturing", DeviceLifecycle::manufacturing},
                                                             {"production", DeviceLifecycle::production}};
  app.add_option_function<std::string>(
         "--lifecycle",
         [options, lifecycles](const std::string& text) {
           const auto found = lifecycles.find(text);
           if (found == lifecycles.end()) {
             throw CLI::ValidationError("--lifecycle", "takes unprovisioned, manufacturing or production");
           }
           options->lifecycle = found->second;
         },
         "unprovisioned, manufacturing or production (the default, unless --fuses says otherwise)")
      ->type_name("STATE");
  app.add_flag("--json", options->json, "for machines");
  return [options] { return options->run(); };
}

}  // namespace caliptra::image_tool
