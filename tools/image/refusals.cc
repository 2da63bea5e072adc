// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/image/refusals.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "iss/state_stream.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/core.h"
#include "soc/image/keys.h"
#include "soc/image/verify.h"
#include "soc/soc_manager.h"
#include "tools/caliptra-emu/error_names.h"
#include "tools/image/arguments.h"

namespace caliptra::image_tool {
namespace {

// One leaf is enough for what is signed once, and 32 such keys are there in no time.
image::KeySet keys() { return image::test_keys("refusals", 1); }

constexpr uint32_t firmware_load = 0x4657'4c44;
constexpr uint32_t soc_ifc = 0x3003'0000;
constexpr uint64_t boot_limit = 100'000'000;  // cycles
constexpr uint64_t trial_limit = 50'000'000;

constexpr uint32_t fmc_address = image::iccm_address;
constexpr uint32_t runtime_address = image::iccm_address + 0x1000;

std::vector<uint8_t> code(std::initializer_list<uint32_t> instructions) {
  std::vector<uint8_t> bytes;
  for (const uint32_t instruction : instructions) {
    for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<uint8_t>(instruction >> shift));
  }
  return bytes;
}

std::string hexadecimal_word(uint32_t value) { return fmt::format("0x{:08x}", value); }

std::vector<uint8_t> changed(const Trial& trial, std::span<const uint8_t> original) {
  std::vector<uint8_t> bundle(original.begin(), original.end());
  std::string error = apply_mutations(trial.changes, bundle);
  if (error.empty() && trial.sign) {
    [[maybe_unused]] const bool signed_again = sign_again(bundle, trial.changes, keys(), {}, error);
  }
  if (!error.empty()) throw std::runtime_error(error);
  if (trial.size) bundle.resize(*trial.size);
  return bundle;
}

/// The device of a trial. One whose bundle is signed again has been made for the keys that this bundle has.
Fuses fuses_of(const Trial& trial, std::span<const uint8_t> bundle, std::span<const uint8_t> original) {
  const std::span<const uint8_t> known = trial.sign ? bundle : original;
  Fuses fuses;
  const auto set = [&](const std::string& name, const std::string& value) {
    if (const auto problem = fuses.set_text(Generation::v1_1, name, value)) throw std::runtime_error(*problem);
  };
  set("fuse_key_manifest_pk_hash", hexadecimal_text(image::vendor_keys_hash(known)));
  set("fuse_owner_pk_hash", hexadecimal_text(image::owner_keys_hash(known)));
  set("fuse_lms_verify", "1");
  for (const auto& [name, value] : trial.fuses) set(name, value);
  return fuses;
}

/// A device whose ROM waits for firmware, and can be brought back there.
class Device {
 public:
  Device(const std::vector<uint8_t>& rom, const Fuses& fuses) {
    Configuration configuration;
    configuration.rom = rom;
    configuration.lifecycle = DeviceLifecycle::production;
    configuration.debug_locked = true;
    std::string error;
    core_ = Core::create(configuration, error);
    if (!core_) throw std::runtime_error(error);
    core_->on_event([this](const Event& event) {
      if (event.kind == Event::Kind::exit) exited_ = true;
      if (event.kind == Event::Kind::ready_for_fw || event.kind == Event::Kind::exit ||
          event.kind == Event::Kind::firmware_error_fatal) {
        core_->stop();
      }
    });
    SocPlan plan;
    plan.fuses = fuses;
    soc_ = std::make_unique<SocManager>(*core_, std::move(plan));
    soc_->power_on();
    while (!core_->ready_for_fw() && core_->cycles() < boot_limit) {
      if (core_->run({.until_cycle = boot_limit}) == StopReason::no_progress) break;
    }
    if (!core_->ready_for_fw()) throw std::runtime_error("the ROM doesn't ask for firmware");
    veer::StateStream stream;
    state(stream);
    waiting_ = stream.take_output();
  }

  /// The fatal error after an upload; 0 if the FMC ran.
  std::optional<uint32_t> load(std::span<const uint8_t> bundle) {
    veer::StateStream stream{waiting_};
    state(stream);
    if (!stream.ok()) throw std::runtime_error(stream.error());
    exited_ = false;
    const uint64_t until = core_->cycles() + trial_limit;
    if (!soc_->start(firmware_load, bundle)) throw std::runtime_error("the mailbox is busy");
    while (!exited_ && fatal() == 0 && core_->cycles() < until) {
      if (core_->run({.until_cycle = until}) == StopReason::no_progress) break;
    }
    if (exited_) return 0;
    return fatal() != 0 ? std::optional(fatal()) : std::nullopt;
  }

 private:
  void state(veer::StateStream& stream) {
    core_->state(stream);
    soc_->state(stream);
  }

  [[nodiscard]] uint32_t fatal() const {
    return core_->peek_register(soc_ifc + soc_ifc_regs::CPTRA_FW_ERROR_FATAL::offset);
  }

  std::unique_ptr<Core> core_;
  std::unique_ptr<SocManager> soc_;
  std::vector<uint8_t> waiting_;
  bool exited_ = false;
};

std::string name_of(const Trial& trial) {
  if (!trial.what.empty()) return trial.what;
  std::string name;
  for (const Mutation& change : trial.changes) {
    const std::string value = change.value.size() == 96 ? fmt::format("{}…", change.value.substr(0, 4)) : change.value;
    name += fmt::format("{}`{}={}`", name.empty() ? "" : ", ", change.field, value);
  }
  return name;
}

std::vector<Trial> flipped_bits() {
  std::vector<Trial> trials;
  for (const image::Field& field : image::manifest_fields()) {
    trials.push_back({.what = fmt::format("`{}`", field.name), .changes = {{field.name, "^0"}}});
  }
  for (const char* image : {"fmc", "runtime"}) {
    trials.push_back(
        {.what = fmt::format("`{}.code[8]`", image), .changes = {{fmt::format("{}.code[8]", image), "^0"}}});
  }
  return trials;
}

std::vector<Trial> changed_meanings() {
  const std::string zero(96, '0');
  const std::string ones(96, 'f');
  std::vector<Trial> trials;
  const auto add = [&](std::vector<Mutation> changes) {
    trials.push_back({.what = "", .changes = changes, .sign = true});
  };
  add({{"marker", "0"}});
  add({{"marker", "0x324e4d43"}});
  add({{"manifest_size", "0x16f8"}});
  add({{"vendor_ecc_key_index", "4"}});
  add({{"vendor_lms_key_index", "32"}});
  add({{"header.vendor_ecc_key_index", "1"}});
  add({{"header.vendor_lms_key_index", "1"}});
  for (const std::string who : {"vendor", "owner"}) {
    const std::string key = who == "vendor" ? "vendor_ecc_keys[0]" : "owner_ecc_key";
    const std::string ecc = who + "_ecc_signature.";
    const std::string lms = who + "_lms_signature.";
    add({{key + ".x", zero}});
    add({{key + ".y", zero}});
    add({{key + ".x", "^0"}});
    add({{ecc + "r", zero}});
    add({{ecc + "s", zero}});
    add({{ecc + "r", ones}});
    add({{ecc + "s", ones}});
    add({{lms + "leaf", "1"}});
    add({{lms + "leaf", "32768"}});
    add({{lms + "ots_type", "3"}});
    add({{lms + "tree_type", "11"}});
    add({{lms + "tree_type", "7"}});
  }
  add({{"header.toc_entries", "1"}});
  add({{"header.toc_entries", "3"}});
  add({{"header.toc_digest", zero}});
  add({{"fmc.size", "0"}});
  add({{"runtime.size", "0"}});
  add({{"fmc.size", "0x20000"}});
  add({{"runtime.size", "0x20000"}});
  add({{"fmc.offset", "0xffffffff"}});
  add({{"runtime.offset", "0xffffffff"}});
  add({{"runtime.offset", "0x16fc"}});
  add({{"fmc.offset", "0x170c"}, {"runtime.offset", "0x16fc"}});
  add({{"fmc.offset", "0x1fffc"}, {"runtime.offset", "0x30000"}});
  add({{"runtime.offset", "0x1fffc"}});
  add({{"fmc.digest", zero}});
  add({{"runtime.digest", zero}});
  add({{"runtime.load_address", hexadecimal_word(fmc_address)}});
  for (const std::string image : {"fmc", "runtime"}) {
    add({{image + ".load_address", "0xfffffff8"}});
    add({{image + ".load_address", "0x30000000"}});
    add({{image + ".load_address", "0x4001fff8"}});
    add({{image + ".load_address", "0x40008002"}});
    add({{image + ".entry_point", "0x30000000"}});
    add({{image + ".entry_point", "0x40020000"}});
    add({{image + ".entry_point", "0x40000002"}});
  }
  add({{"fmc.svn", "33"}});
  add({{"runtime.svn", "129"}});
  return trials;
}

std::vector<Trial> refusing_devices() {
  const std::string zero(96, '0');
  return {
      {.what = "the bundle as it is", .changes = {}},
      {.what = "no hash of the vendor's keys in the fuses",
       .changes = {},
       .fuses = {{"fuse_key_manifest_pk_hash", zero}}},
      {.what = "another hash of the vendor's keys in the fuses",
       .changes = {},
       .fuses = {{"fuse_key_manifest_pk_hash", std::string(96, '1')}}},
      {.what = "no hash of the owner's keys in the fuses", .changes = {}, .fuses = {{"fuse_owner_pk_hash", zero}}},
      {.what = "another hash of the owner's keys in the fuses",
       .changes = {},
       .fuses = {{"fuse_owner_pk_hash", std::string(96, '1')}}},
      {.what = "ECC key 0 revoked", .changes = {}, .fuses = {{"fuse_key_manifest_pk_hash_mask", "1"}}},
      {.what = "LMS key 0 revoked", .changes = {}, .fuses = {{"fuse_lms_revocation", "1"}}},
      {.what = "all other keys revoked",
       .changes = {},
       .fuses = {{"fuse_key_manifest_pk_hash_mask", "0xe"}, {"fuse_lms_revocation", "0xfffffffe"}}},
      {.what = "FMC SVN 0 where the fuses say 3", .changes = {}, .fuses = {{"fuse_fmc_key_manifest_svn", "7"}}},
      {.what = "runtime SVN 0 where the fuses say 5",
       .changes = {},
       .fuses = {{"fuse_runtime_svn", "0000001f" + std::string(24, '0')}}},
      {.what = "the same with anti-rollback disabled",
       .changes = {},
       .fuses = {{"fuse_runtime_svn", "0000001f" + std::string(24, '0')}, {"fuse_anti_rollback_disable", "1"}}},
      {.what = "4 bytes cut from the end", .changes = {}, .size = image::manifest_size + 16 + 12},
      {.what = "cut inside the manifest", .changes = {}, .size = 0x1000},
      {.what = "only the manifest", .changes = {}, .size = image::manifest_size},
      {.what = "4 bytes more than the mailbox holds", .changes = {}, .size = image::bundle_size_limit + 4},
  };
}

std::string error_text(std::optional<uint32_t> error) {
  if (!error) return "no answer";
  if (*error == 0) return "accepted";
  return fmt::format("`0x{:08x}`", *error);
}

std::string documented_text(uint32_t error) {
  return error == 0 ? "accepted" : fmt::format("`0x{:08x}` {}", error, emu::firmware_error_name(error));
}

/// "vendor_ecc_keys[2].x" without its number, and the number.
std::pair<std::string, std::string> without_number(const std::string& name) {
  const auto open = name.find("_keys[");
  const auto close = name.find(']');
  if (open == std::string::npos || close == std::string::npos) return {name, ""};
  return {name.substr(0, open + 6) + name.substr(close), name.substr(open + 6, close - open - 6)};
}

}  // namespace

std::vector<uint8_t> trial_bundle() {
  image::Contents contents;
  // Writes 255 to the exit register of the emulators: lui t0, 0x2000f; li t1, 255; sw t1, 0(t0); j .
  contents.fmc = {.code = code({0x2000'f2b7, 0x0ff0'0313, 0x0062'a023, 0x0000'006f}),
                  .load_address = fmc_address,
                  .entry_point = fmc_address,
                  .revision = {},
                  .version = 0,
                  .svn = 0};
  contents.runtime = {.code = code({0x0000'006f, 0x0000'006f, 0x0000'006f, 0x0000'006f}),
                      .load_address = runtime_address,
                      .entry_point = runtime_address,
                      .revision = {},
                      .version = 0,
                      .svn = 0};
  std::string error;
  auto bundle = image::build_bundle(contents, keys(), {}, error);
  if (!bundle) throw std::runtime_error(error);
  return *bundle;
}

std::vector<Trial> all_trials() {
  std::vector<Trial> trials = refusing_devices();
  for (auto part : {changed_meanings(), flipped_bits()}) trials.insert(trials.end(), part.begin(), part.end());
  return trials;
}

std::vector<Verdict> carry_out(const std::vector<Trial>& trials, const std::vector<std::vector<uint8_t>>& roms) {
  const std::vector<uint8_t> original = trial_bundle();
  std::vector<Verdict> verdicts;
  // Devices are the slow part: those with the same fuses are kept.
  std::map<std::vector<uint32_t>, std::vector<std::unique_ptr<Device>>> devices;
  for (const Trial& trial : trials) {
    const std::vector<uint8_t> bundle = changed(trial, original);
    const Fuses fuses = fuses_of(trial, bundle, original);
    std::vector<uint32_t> words;
    for (const auto& [name, value] : fuses.values()) {
      words.push_back(static_cast<uint32_t>(name.size()));
      words.insert(words.end(), value.begin(), value.end());
    }
    auto& known = devices[words];
    if (known.empty()) {
      for (const auto& rom : roms) known.push_back(std::make_unique<Device>(rom, fuses));
    }
    Verdict verdict{.name = name_of(trial), .sign = trial.sign, .documented = 0, .observed = {}};
    verdict.documented =
        image::first_error(image::verify(bundle, image::policy_of(fuses, DeviceLifecycle::production)));
    for (const auto& device : known) verdict.observed.push_back(device->load(bundle));
    verdicts.push_back(std::move(verdict));
    if (trial.sign || !trial.fuses.empty()) devices.erase(words);
  }
  return verdicts;
}

std::string table(const std::vector<Verdict>& verdicts, const std::vector<std::string>& rom_names) {
  std::string text = "| change | signed again | documented |";
  std::string rule = "|---|---|---|";
  for (const std::string& rom : rom_names) {
    text += fmt::format(" ROM {} |", rom);
    rule += "---|";
  }
  text += "\n" + rule + "\n";
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const Verdict& first = verdicts[i];
    // The fields of an array of keys come one key after the other: say once what holds for all of them.
    const auto [family, number] = without_number(first.name);
    std::string name = first.name;
    if (!number.empty() && !first.sign) {
      bool all_alike = true;
      std::string last = number;
      for (const Verdict& other : verdicts) {
        const auto [other_family, other_number] = without_number(other.name);
        if (other_family != family || other.sign) continue;
        all_alike = all_alike && other.documented == first.documented && other.observed == first.observed;
        last = other_number;
      }
      if (all_alike && number != "0") continue;
      if (all_alike) name.replace(name.find("[0]"), 3, fmt::format("[0 to {}]", last));
    }
    text += fmt::format("| {} | {} | {} |", name, first.sign ? "yes" : "", documented_text(first.documented));
    for (const auto& error : first.observed) text += fmt::format(" {} |", error_text(error));
    text += "\n";
  }
  return text;
}

}  // namespace caliptra::image_tool
