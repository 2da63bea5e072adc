// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "soc/image/builder.h"
#include "tools/image/arguments.h"
#include "tools/image/commands.h"
#include "tools/image/key_options.h"
#include "tools/image/mutation.h"

namespace caliptra::image_tool {
namespace {

struct Mutate {
  std::string input;
  std::string output;
  std::vector<std::string> changes;
  std::optional<uint32_t> size;
  KeyOptions keys;
  image::SigningOptions signing;
  bool list = false;

  int run() {
    if (list) {
      std::string text;
      for (const image::Field& field : image::manifest_fields()) {
        text += fmt::format("{:<36} {:>5} {:>5}\n", field.name, field.offset, field.size);
      }
      text += "fmc.code[N], runtime.code[N]: a byte of the images\n";
      write_file("output", "-", text);
      return emu::exit_success;
    }
    if (input.empty() || output.empty()) throw emu::Failure(emu::exit_usage, "needs FILE and --out");
    if (size.value_or(0) > image_file_limit) {
      throw emu::Failure(emu::exit_usage, fmt::format("--size takes at most {}, not {}", image_file_limit, *size));
    }
    auto bundle = read_bundle(input);
    std::vector<Mutation> mutations;
    for (const std::string& change : changes) {
      std::string error;
      const auto mutation = parse_mutation(change, error);
      if (!mutation) throw emu::Failure(emu::exit_usage, fmt::format("--set {}: {}", change, error));
      mutations.push_back(*mutation);
    }
    std::string error = apply_mutations(mutations, bundle);
    if (!error.empty()) throw emu::Failure(emu::exit_usage, error);
    if (keys.given() && !sign_again(bundle, mutations, keys.load(), signing, error)) {
      throw emu::Failure(emu::exit_input_file, error);
    }
    if (size) bundle.resize(*size);
    write_file("bundle", output, bundle);
    return emu::exit_success;
  }
};

}  // namespace

Action add_mutate(CLI::App& app) {
  const auto mutate = std::make_shared<Mutate>();
  app.add_option("FILE", mutate->input, "a firmware bundle");
  app.add_option("--out,-o", mutate->output, "the changed bundle; - is standard output")->type_name("FILE");
  app.add_option("--set", mutate->changes,
                 "change a field: to a number or to hexadecimal digits; =^N flips bit N. In order, any number of times")
      ->type_name("FIELD=VALUE")
      ->allow_extra_args(false);
  add_number(app, "--size", mutate->size, "cut the file to this size, or fill it up with zeros");
  app.add_flag("--list", mutate->list, "print the fields' names, places and sizes");
  mutate->keys.add_to(app);
  add_number(app, "--lms-leaf", mutate->signing.lms_leaf, "which leaf of the LMS keys signs");
  app.footer(
      "Without keys nothing else changes. With keys, the digests, keys and signatures are made anew around the "
      "changed\n"
      "fields, which stay as they were set.");
  return [mutate] { return mutate->run(); };
}

}  // namespace caliptra::image_tool
