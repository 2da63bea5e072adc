// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/snapshots.h"

#include <fmt/format.h>

#include <utility>

#include "iss/state_stream.h"
#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"

namespace caliptra::emu {

Snapshots::Snapshots(const SnapshotOptions& options, snapshot_file::Identity identity, Core& core, SocManager& soc,
                     std::function<void(veer::StateStream&)> more)
    : options_(options), identity_(std::move(identity)), core_(core), soc_(soc), more_(std::move(more)) {
  if ((options.save || options.load) && !snapshot_file::available()) {
    throw Failure(exit_usage, "this program was built without zstd, which snapshots need");
  }
  if (options.at && !options.save) throw Failure(exit_usage, "--at says when to save a snapshot: --save-snapshot FILE");
}

void Snapshots::load() {
  const auto contents = read_file("snapshot", *options_.load, {.minimum = 1, .maximum = snapshot_file::largest_file});
  std::string why;
  const auto state = snapshot_file::unpack(contents, identity_, why);
  if (state) {
    veer::StateStream stream(*state);
    core_.state(stream);
    soc_.state(stream);
    more_(stream);
    stream.finish();
    why = stream.error();
  }
  if (!why.empty()) {
    throw Failure(exit_input_file, fmt::format("snapshot '{}' cannot be loaded: {}", *options_.load, why));
  }
}

bool Snapshots::notice(const Event& event) {
  due_ = due_ || (options_.at && options_.at->matches(event));
  return due_ && !saved_;
}

bool Snapshots::notice_line(std::string_view line) {
  due_ = due_ || (options_.at && options_.at->matches_line(line));
  return due_ && !saved_;
}

uint64_t Snapshots::deadline() const {
  const bool waits = options_.at && options_.at->kind == EventSpec::Kind::cycle && !saved_;
  return waits ? options_.at->cycle : veer::Clock::never;
}

void Snapshots::save_if_due() {
  if (!saved_ && (due_ || core_.cycles() >= deadline())) save();
}

void Snapshots::finish() {
  if (!options_.save || saved_) return;
  if (!options_.at) return save();
  save_if_due();
  missed_ = !saved_;
  if (missed_) error_ = fmt::format("no snapshot was saved: {} never came", options_.at->written);
}

void Snapshots::save() {
  saved_ = true;
  veer::StateStream stream;
  core_.state(stream);
  soc_.state(stream);
  more_(stream);
  const auto contents = snapshot_file::pack(identity_, stream.output(), error_);
  if (!error_.empty()) return;
  try {
    OutputFile file("snapshot", *options_.save, OutputFile::Readers::owner);
    file.write({reinterpret_cast<const char*>(contents.data()), contents.size()});
    file.close();
    error_ = file.error();
  } catch (const Failure& failure) {
    error_ = failure.what();
  }
}

}  // namespace caliptra::emu
