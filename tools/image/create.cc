// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <fmt/format.h>

#include <memory>

#include "soc/image/builder.h"
#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"
#include "tools/image/arguments.h"
#include "tools/image/commands.h"
#include "tools/image/executable.h"
#include "tools/image/key_options.h"

namespace caliptra::image_tool {
namespace {

constexpr std::size_t executable_file_limit = 64 * 1024 * 1024;  // ELF files carry debug information

/// The options of one of the two images.
struct ExecutableOptions {
  std::string what;
  std::string file;
  std::optional<uint32_t> load_address;
  std::optional<uint32_t> entry_point;
  uint32_t version = 0;
  uint32_t svn = 0;
  std::string revision;

  void add_to(CLI::App& app, const std::string& name, const std::string& group) {
    what = group;
    app.add_option("--" + name, file, "ELF file; with a load address, plain binary")
        ->type_name("FILE")
        ->required()
        ->group(group);
    add_number(app, "--" + name + "-load", load_address, "load address: FILE is a plain binary")->group(group);
    add_number(app, "--" + name + "-entry", entry_point, "entry point")->group(group);
    add_number(app, "--" + name + "-version", version, "version number")->group(group);
    add_number(app, "--" + name + "-svn", svn, "security version number")->group(group);
    app.add_option("--" + name + "-revision", revision, "revision of its sources, 40 hexadecimal digits")
        ->type_name("HEX")
        ->group(group);
  }

  [[nodiscard]] image::Executable load() const {
    const auto bytes = emu::read_file(what, file, {.maximum = executable_file_limit});
    std::string error;
    auto executable = load_executable(bytes, load_address, entry_point, error);
    if (!executable) throw emu::Failure(emu::exit_input_file, fmt::format("{} '{}': {}", what, file, error));
    executable->version = version;
    executable->svn = svn;
    if (!revision.empty()) executable->revision = hexadecimal<20>("a revision", revision);
    return *executable;
  }
};

struct Create {
  ExecutableOptions fmc;
  ExecutableOptions runtime;
  KeyOptions keys;
  image::Contents contents;
  image::SigningOptions signing;
  std::string vendor_from, vendor_until, owner_from, owner_until;
  std::string epoch;
  std::string output;

  int run() {
    if (!keys.given()) throw emu::Failure(emu::exit_usage, "no keys: give --test-keys, --keys or the single keys");
    contents.fmc = fmc.load();
    contents.runtime = runtime.load();
    contents.vendor_not_before = date("--vendor-from", vendor_from);
    contents.vendor_not_after = date("--vendor-until", vendor_until);
    contents.owner_not_before = date("--owner-from", owner_from);
    contents.owner_not_after = date("--owner-until", owner_until);
    if (!epoch.empty()) contents.epoch = hexadecimal<2>("--epoch", epoch);
    if (const auto problem = image::problem_of(contents); !problem.empty()) {
      throw emu::Failure(emu::exit_input_file, problem);
    }
    std::string error;
    const auto bundle = image::build_bundle(contents, keys.load(), signing, error);
    if (!bundle) throw emu::Failure(emu::exit_input_file, error);
    write_file("bundle", output, *bundle);
    return emu::exit_success;
  }
};

}  // namespace

Action add_create(CLI::App& app) {
  const auto create = std::make_shared<Create>();
  create->fmc.add_to(app, "fmc", "FMC");
  create->runtime.add_to(app, "runtime", "Runtime");
  create->keys.add_to(app);
  add_number(app, "--vendor-ecc-index", create->contents.vendor_ecc_key_index, "which ECC key of the vendor signs");
  add_number(app, "--vendor-lms-index", create->contents.vendor_lms_key_index, "which LMS key of the vendor signs");
  add_number(app, "--lms-leaf", create->signing.lms_leaf, "which leaf of the LMS keys signs; use each once only");
  add_number(app, "--pl0-user", create->contents.pl0_pauser, "the SoC's user (PAUSER) with privilege level 0");
  app.add_option("--vendor-from", create->vendor_from, "YYYYMMDDHHMMSSZ, for the certificates")->type_name("TIME");
  app.add_option("--vendor-until", create->vendor_until, "the end of that")->type_name("TIME");
  app.add_option("--owner-from", create->owner_from, "the same of the owner")->type_name("TIME");
  app.add_option("--owner-until", create->owner_until, "the end of that")->type_name("TIME");
  app.add_option("--epoch", create->epoch, "the owner's epoch, 4 hexadecimal digits")->type_name("HEX");
  app.add_option("--out,-o", create->output, "the bundle; - is standard output")->type_name("FILE")->required();
  return [create] { return create->run(); };
}

}  // namespace caliptra::image_tool
