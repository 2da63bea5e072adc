// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Tries changed bundles on the official boot ROMs, and writes the table of docs/images.md:
//   image-refusals [--write FILE | --check FILE]
// The ROMs are those of CALIPTRA_IMAGES (default ../shared/images). Exit status: 0; 1 where a ROM's answer is not the
// documented one or the table in FILE is not this one; 77 without ROMs.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

#include "tools/image/refusals.h"

namespace {

using namespace caliptra::image_tool;

constexpr std::string_view table_begin = "<!-- written by `make images-table` -->\n";
constexpr std::string_view table_end = "<!-- end of what is written -->";

struct Rom {
  const char* version;
  const char* file;
};
constexpr Rom rom_files[] = {{"1.0.3", "rom/caliptra-rom-1.0.3-e8e23d9.bin"},
                             {"1.1.1", "rom/caliptra-rom-1.1.1-d6713db.bin"},
                             {"1.2.0", "rom/caliptra-rom-1.2.0-3b50c6a.bin"}};

template <typename Text>
Text read_whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Text(std::istreambuf_iterator<char>(file), {});
}

int run(std::string_view mode, const std::string& page) {
  const char* folder = std::getenv("CALIPTRA_IMAGES");
  const std::filesystem::path images = folder != nullptr ? folder : "../shared/images";
  std::vector<std::vector<uint8_t>> roms;
  std::vector<std::string> names;
  for (const Rom& rom : rom_files) {
    if (!std::filesystem::is_regular_file(images / rom.file)) {
      fmt::print(stderr, "image-refusals: there is no {} (CALIPTRA_IMAGES)\n", (images / rom.file).string());
      return 77;
    }
    roms.push_back(read_whole<std::vector<uint8_t>>(images / rom.file));
    names.emplace_back(rom.version);
  }
  const auto verdicts = carry_out(all_trials(), roms);
  int status = 0;
  for (const Verdict& verdict : verdicts) {
    for (std::size_t i = 0; i < verdict.observed.size(); ++i) {
      if (verdict.observed[i] == verdict.documented) continue;
      status = 1;
      fmt::print(stderr, "{}{}: documented 0x{:08x}, ROM {} says {}\n", verdict.name, verdict.sign ? ", signed" : "",
                 verdict.documented, names[i],
                 verdict.observed[i] ? fmt::format("0x{:08x}", *verdict.observed[i]) : "nothing");
    }
  }
  const std::string text = table(verdicts, names);
  if (mode.empty()) {
    fmt::print("{}", text);
    return status;
  }
  std::string old = read_whole<std::string>(page);
  const auto begin = old.find(table_begin);
  const auto end = old.find(table_end);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    fmt::print(stderr, "image-refusals: {} has no place for the table\n", page);
    return 1;
  }
  std::string fresh = old;
  fresh.replace(begin + table_begin.size(), end - begin - table_begin.size(), text);
  if (mode == "--check") {
    if (fresh == old) return status;
    fmt::print(stderr, "image-refusals: the table in {} is not that of this run; `make images-table` writes it\n",
               page);
    return 1;
  }
  std::ofstream file(page, std::ios::binary);
  file << fresh;
  return file.flush() ? status : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (argc != 1 && !(argc == 3 && (mode == "--write" || mode == "--check"))) {
    fmt::print(stderr, "usage: image-refusals [--write FILE | --check FILE]\n");
    return 2;
  }
  try {
    return run(mode, argc == 3 ? argv[2] : "");
  } catch (const std::exception& error) {
    fmt::print(stderr, "image-refusals: {}\n", error.what());
    return 1;
  }
}
