// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/differential/campaign.h"

#include <fmt/format.h>

#include <fstream>

#include "tools/differential/generator.h"
#include "tools/differential/shrink.h"

namespace caliptra::differential {
namespace {

using veer::TimingProfile;

constexpr uint32_t batch = 256;
constexpr unsigned most_failures = 3;

/// The programs that can be assembled, with their outcome on QEMU; no outcomes if QEMU fails, with the reason.
std::optional<std::vector<bool>> failing(std::span<const Program> programs, const Qemu& qemu,
                                         std::optional<veer::Op> broken) {
  std::vector<Image> images;
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    auto image = make_image(programs[i]);
    if (!std::holds_alternative<Image>(image)) continue;
    images.push_back(std::move(std::get<Image>(image)));
    which.push_back(i);
  }
  std::vector<bool> result(programs.size());
  if (images.empty()) return result;
  auto outcomes = qemu.run(images);
  if (!std::holds_alternative<std::vector<Image>>(outcomes)) return std::nullopt;
  for (std::size_t i = 0; i < images.size(); ++i) {
    result[which[i]] = !judge(images[i], std::get<std::vector<Image>>(outcomes)[i], broken).empty();
  }
  return result;
}

/// Shrinks a failing program and writes it down.
void keep(const Program& program, const Qemu& qemu, const CampaignOptions& options, std::ostream& out) {
  const Program small = shrink(program, [&](std::span<const Program> programs) {
    return failing(programs, qemu, options.broken).value_or(std::vector<bool>(programs.size()));
  });
  const std::filesystem::path path = options.keep / fmt::format("program-{}.txt", program.seed);
  std::ofstream file(path);
  file << to_text(small);
  file.close();
  if (file) {
    out << fmt::format("  {} instructions of {} are left: replay with --replay {}\n", small.lines.size(),
                       program.lines.size(), path.string());
  } else {
    out << "  the program can't be written to " << path.string() << ":\n" << to_text(small);
  }
}

}  // namespace

std::string judge(const Image& image, const Image& theirs, std::optional<veer::Op> broken) {
  std::optional<Image> first;
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    for (const bool observed : {false, true}) {
      Outcome outcome = run_hart(image, {.timing = timing, .observed = observed, .broken = broken});
      const std::string way = fmt::format("profile {}, {} loop", timing == TimingProfile::rtl ? "rtl" : "reference",
                                          observed ? "observed" : "fast");
      if (!outcome.finished) return fmt::format("{}: the program does not end\n", way);
      normalize(outcome.image);
      if (!first) {
        Image expected = theirs;
        normalize(expected);
        if (const std::string text = describe_difference(outcome.image, expected); !text.empty()) return text;
        first = std::move(outcome.image);
      } else if (outcome.image != *first) {
        return fmt::format("{} differs from profile reference, fast loop:\n{}", way,
                           describe_difference(outcome.image, *first));
      }
    }
  }
  return {};
}

int replay(const Program& program, const Qemu& qemu, const CampaignOptions& options, std::ostream& out) {
  const auto image = make_image(program);
  if (const auto* error = std::get_if<std::string>(&image)) {
    out << *error << '\n';
    return 2;
  }
  const auto outcomes = qemu.run(std::span(&std::get<Image>(image), 1));
  if (const auto* error = std::get_if<std::string>(&outcomes)) {
    out << *error << '\n';
    return 2;
  }
  const std::string difference =
      judge(std::get<Image>(image), std::get<std::vector<Image>>(outcomes)[0], options.broken);
  out << (difference.empty() ? "registers, memory and traps agree\n" : difference);
  return difference.empty() ? 0 : 1;
}

int campaign(const Qemu& qemu, const CampaignOptions& options, std::ostream& out) {
  uint64_t instructions = 0;
  uint64_t programs = 0;
  uint64_t traps = 0;
  unsigned failures = 0;
  uint32_t seed = options.first_seed;
  while (instructions < options.instructions && failures < most_failures) {
    std::vector<Program> generated;
    std::vector<Image> images;
    for (uint32_t i = 0; i < batch && instructions < options.instructions; ++i) {
      Program program = generate(seed++);
      auto image = make_image(program);
      if (const auto* error = std::get_if<std::string>(&image)) {
        out << fmt::format("seed {}: {}\n", program.seed, *error);
        return 2;
      }
      const Outcome outcome = run_hart(std::get<Image>(image), {.broken = options.broken});
      instructions += outcome.instructions;
      traps += word_at(outcome.image, trap_count_address);
      generated.push_back(std::move(program));
      images.push_back(std::move(std::get<Image>(image)));
    }
    programs += images.size();
    const auto outcomes = qemu.run(images);
    if (const auto* error = std::get_if<std::string>(&outcomes)) {
      out << *error << '\n';
      return 2;
    }
    for (std::size_t i = 0; i < images.size() && failures < most_failures; ++i) {
      const std::string difference = judge(images[i], std::get<std::vector<Image>>(outcomes)[i], options.broken);
      if (difference.empty()) continue;
      ++failures;
      out << fmt::format("seed {}:\n{}", generated[i].seed, difference);
      keep(generated[i], qemu, options, out);
    }
  }
  out << fmt::format("{} instructions in {} programs, {} traps: {}\n", instructions, programs, traps,
                     failures == 0 ? "registers, memory and traps agree" : "differences found");
  return failures == 0 ? 0 : 1;
}

}  // namespace caliptra::differential
