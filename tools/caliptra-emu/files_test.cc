// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "tools/caliptra-emu/testing.h"

namespace caliptra::emu {
namespace {

using testing::failure_of;
using testing::TemporaryFolder;

void refuses(const std::string& path, SizeLimits limits, std::string_view reason) {
  const auto failure = failure_of([&] { (void)read_file("ROM", path, limits); });
  const int status = failure.first;
  const std::string& message = failure.second;
  CHECK(status == exit_input_file);
  CAPTURE(message);
  CHECK(message.find(path) != std::string::npos);
  CHECK(message.find(reason) != std::string::npos);
}

TEST_CASE("files: whole contents within the limits") {
  const TemporaryFolder folder;
  const std::string path = folder.write("rom", std::string(100'000, 'x'));
  CHECK(read_file("ROM", path, {.minimum = 100'000, .maximum = 100'000}).size() == 100'000);
  CHECK(read_file("nothing", "/dev/null", {.minimum = 0, .maximum = 1}).empty());
}

TEST_CASE("files: what is wrong with a file is said") {
  const TemporaryFolder folder;
  refuses(folder.path("none"), {.maximum = 10}, "No such file");
  refuses(folder.path(""), {.maximum = 10}, "is a directory");
  refuses(folder.write("empty", ""), {.maximum = 10}, "is empty");
  refuses(folder.write("long", "12345678901"), {.maximum = 10}, "has 11 bytes; at most 10");
  refuses(folder.write("short", "123"), {.minimum = 4, .maximum = 10}, "has 3 bytes; at least 4");
  refuses("/dev/zero", {.maximum = 1 << 20}, "too many bytes");
  if (::geteuid() != 0) {
    const std::string secret = folder.write("secret", "x");
    std::filesystem::permissions(secret, std::filesystem::perms::none);
    refuses(secret, {.maximum = 10}, "Permission denied");
  }
}

TEST_CASE("files: what holds secrets is for its owner alone, also where a file was before") {
  using std::filesystem::perms;
  const TemporaryFolder folder;
  const auto mode = [](const std::string& path) { return std::filesystem::status(path).permissions(); };
  const mode_t umask = ::umask(0022);
  const std::string open = folder.path("open");
  OutputFile("trace", open).write("x");
  CHECK(mode(open) == (perms::owner_read | perms::owner_write | perms::group_read | perms::others_read));
  for (const std::string& path : {folder.path("new"), open}) {
    OutputFile("snapshot", path, OutputFile::Readers::owner).write("y");
    CHECK(mode(path) == (perms::owner_read | perms::owner_write));
    CHECK(read_file("snapshot", path, {.maximum = 10}).size() == 1);
  }
  ::umask(umask);
  CHECK(OutputFile("snapshot", "/dev/null", OutputFile::Readers::owner).write("y"));
}

TEST_CASE("files: output errors are kept") {
  OutputFile full("trace", "/dev/full");
  CHECK_FALSE(full.write("x"));
  CHECK(full.error() == "trace '/dev/full': cannot write: No space left on device");
  CHECK_FALSE(full.write("y"));
  CHECK_FALSE(full.close());

  const auto failure = failure_of([] { OutputFile file("trace", "/no/such/folder/file"); });
  const int status = failure.first;
  const std::string& message = failure.second;
  CHECK(status == exit_host_io);
  CHECK(message == "trace '/no/such/folder/file': cannot open: No such file or directory");

  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  OutputFile pipe("console", ends[1]);
  CHECK_FALSE(pipe.write("x"));
  CHECK(pipe.error() == "console: cannot write: Broken pipe");
  ::close(ends[1]);
}

}  // namespace
}  // namespace caliptra::emu
