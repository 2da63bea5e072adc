// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "tools/caliptra-emu/exit_status.h"

namespace caliptra::emu {
namespace {

constexpr std::size_t chunk = 64 * 1024;

[[noreturn]] void refuse(std::string_view what, const std::string& path, std::string_view why) {
  throw Failure(exit_input_file, fmt::format("{} '{}': {}", what, path, why));
}

}  // namespace

std::vector<uint8_t> read_file(std::string_view what, const std::string& path, SizeLimits limits) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) refuse(what, path, std::strerror(errno));
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(descriptor);
    refuse(what, path, "is a directory");
  }
  std::vector<uint8_t> bytes;
  int error = 0;
  while (bytes.size() <= limits.maximum) {
    const std::size_t have = bytes.size();
    const std::size_t want = std::min(chunk, limits.maximum + 1 - have);
    bytes.resize(have + want);
    const ssize_t got = ::read(descriptor, bytes.data() + have, want);
    bytes.resize(have + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error = errno;
    if (got <= 0) break;
  }
  ::close(descriptor);
  if (error != 0) refuse(what, path, std::strerror(error));
  if (bytes.size() > limits.maximum) {
    const bool regular = S_ISREG(status.st_mode);
    refuse(what, path,
           fmt::format("has {} bytes; at most {} are possible",
                       regular ? fmt::format("{}", status.st_size) : "too many", limits.maximum));
  }
  if (bytes.size() < limits.minimum) {
    refuse(
        what, path,
        bytes.empty() ? "is empty" : fmt::format("has {} bytes; at least {} are needed", bytes.size(), limits.minimum));
  }
  return bytes;
}

OutputFile::OutputFile(std::string_view what, const std::string& path, Readers readers)
    : what_(path == "-" ? fmt::format("{}", what) : fmt::format("{} '{}'", what, path)) {
  if (path == "-") {
    descriptor_ = STDOUT_FILENO;
    owned_ = false;
    return;
  }
  const mode_t mode = readers == Readers::owner ? 0600 : 0666;
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (descriptor_ < 0) throw Failure(exit_host_io, fmt::format("{}: cannot open: {}", what_, std::strerror(errno)));
  // A file that was there has kept its mode.
  struct stat status {};
  if (readers == Readers::owner && ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode) &&
      ::fchmod(descriptor_, mode) != 0) {
    const int reason = errno;
    ::close(descriptor_);
    throw Failure(exit_host_io, fmt::format("{}: cannot be kept from others: {}", what_, std::strerror(reason)));
  }
}

OutputFile::OutputFile(std::string_view what, int descriptor) : what_(what), descriptor_(descriptor), owned_(false) {}

OutputFile::~OutputFile() { close(); }

bool OutputFile::write(std::string_view bytes) {
  while (!bytes.empty() && error_.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) fail("cannot write", errno);
  }
  return error_.empty();
}

bool OutputFile::close() {
  if (owned_ && descriptor_ >= 0 && ::close(descriptor_) != 0 && errno != EINTR) fail("cannot close", errno);
  descriptor_ = -1;
  return error_.empty();
}

void OutputFile::fail(std::string_view action, int number) {
  if (error_.empty()) error_ = fmt::format("{}: {}: {}", what_, action, std::strerror(number));
}

void write_file(std::string_view what, const std::string& path, std::string_view bytes) {
  OutputFile file(what, path);
  file.write(bytes);
  if (!file.close()) throw Failure(exit_host_io, file.error());
}

void write_file(std::string_view what, const std::string& path, std::span<const uint8_t> bytes) {
  write_file(what, path, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

}  // namespace caliptra::emu
