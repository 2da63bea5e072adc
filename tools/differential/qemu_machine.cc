// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// QEMU with nothing but a hart and RAM (-M none). A loop of ours goes through the programs: it copies each one's memory
// to where it belongs, enters it, and copies back what there is at the end; then semihosting writes all of it to a
// file. Physical memory protection makes the regions around ICCM and DCCM fault as they do on VeeR.

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "iss/testing/machine.h"
#include "tools/differential/layout.h"
#include "tools/differential/machines.h"

extern char** environ;

namespace caliptra::differential {
namespace {

using namespace veer;
using namespace veer::testing;

constexpr uint32_t loop_address = 0x10000000;
constexpr uint32_t variables = loop_address + 0x800;  // next image, images left, then semihosting's arguments
constexpr uint32_t file_name_address = loop_address + 0x900;
constexpr uint32_t images_address = loop_address + 0x1000;
constexpr std::string_view result_name = "outcomes";
constexpr int seconds_allowed = 60;

constexpr uint8_t s0 = 8;
constexpr uint8_t t0 = 5;
constexpr uint8_t t1 = 6;
constexpr uint8_t a0 = 10;
constexpr uint8_t a1 = 11;
constexpr uint8_t a2 = 12;

class Assembler {
 public:
  std::vector<uint32_t> code;

  [[nodiscard]] uint32_t here() const { return loop_address + 4 * static_cast<uint32_t>(code.size()); }
  void put(uint32_t word) { code.push_back(word); }
  void constant(uint8_t rd, uint32_t value) {
    const auto low = static_cast<int32_t>(value << 20) >> 20;
    put(lui(rd, value - static_cast<uint32_t>(low)));
    put(rri(Op::addi, rd, rd, low));
  }
  void write_csr(uint32_t number, uint32_t value) {
    constant(t0, value);
    put(rri(Op::csrrw, 0, t0, static_cast<int32_t>(number)));
  }
  /// From (to) what a1 points at, which goes on.
  void copy(const Block& block, bool in) {
    constant(a0, block.address);
    constant(a2, block.size);
    put(load(Op::lw, t1, 0, in ? a1 : a0));
    put(veer::testing::store(Op::sw, t1, 0, in ? a0 : a1));
    put(rri(Op::addi, a0, a0, 4));
    put(rri(Op::addi, a1, a1, 4));
    put(rri(Op::addi, a2, a2, -4));
    put(branch(Op::bne, a2, 0, -20));
  }
  void semihosting(uint32_t operation) {
    constant(a0, operation);
    put(0x01f01013);  // slli x0, x0, 0x1f: what makes the ebreak a call
    put(plain(Op::ebreak));
    put(0x40705013);
  }
};

std::vector<uint32_t> loop_code(uint32_t count) {
  Assembler code;
  // Naturally aligned powers of two: ICCM, DCCM without execution, then nothing else in their regions. Locked, or
  // machine mode would not be held to it.
  const auto range = [](uint32_t base, uint32_t size) { return base >> 2 | ((size >> 3) - 1); };
  code.write_csr(0x3b0, range(0x40000000, 0x20000));
  code.write_csr(0x3b1, range(0x50000000, 0x20000));
  code.write_csr(0x3b2, range(0x40000000, 0x10000000));
  code.write_csr(0x3b3, range(0x50000000, 0x10000000));
  code.write_csr(0x3a0, 0x98989b9f);
  const uint32_t next = code.here();
  code.constant(s0, variables);
  code.put(load(Op::lw, a1, 0, s0));
  code.put(load(Op::lw, a2, 4, s0));
  code.put(branch(Op::bne, a2, 0, 8));
  const std::size_t to_finish = code.code.size();
  code.put(0);
  for (const Block& block : blocks) code.copy(block, true);
  code.constant(t0, Layout::area + Layout::return_address);
  const std::size_t return_at = code.code.size();
  code.constant(t1, 0x800);
  code.put(veer::testing::store(Op::sw, t1, 0, t0));
  code.put(plain(Op::fence_i));
  code.constant(t0, entry_point);
  code.put(rri(Op::jalr, 0, t0, 0));

  const uint32_t back = code.here();
  code.constant(s0, variables);
  code.put(load(Op::lw, a1, 0, s0));
  for (const Block& block : blocks) code.copy(block, false);
  code.put(veer::testing::store(Op::sw, a1, 0, s0));
  code.put(load(Op::lw, a2, 4, s0));
  code.put(rri(Op::addi, a2, a2, -1));
  code.put(veer::testing::store(Op::sw, a2, 4, s0));
  code.put(jal(0, static_cast<int32_t>(next - code.here())));

  const uint32_t finish = code.here();
  code.constant(a1, variables + 8);
  code.semihosting(1);  // SYS_OPEN
  code.constant(a1, variables + 20);
  code.put(veer::testing::store(Op::sw, a0, 0, a1));
  code.semihosting(5);  // SYS_WRITE
  code.put(veer::testing::store(Op::sw, a0, 12, a1));
  code.constant(a1, 0x20026);
  code.semihosting(0x18);  // SYS_EXIT
  code.put(jal(0, 0));

  code.code[to_finish] = jal(0, static_cast<int32_t>(finish - (loop_address + 4 * to_finish)));
  Assembler patch;
  patch.constant(t1, back);
  std::copy(patch.code.begin(), patch.code.end(), code.code.begin() + static_cast<std::ptrdiff_t>(return_at));

  code.code.resize((images_address - loop_address) / 4);
  const auto variable = [&code](uint32_t address, uint32_t value) { code.code[(address - loop_address) / 4] = value; };
  variable(variables, images_address);
  variable(variables + 4, count);
  variable(variables + 8, file_name_address);
  variable(variables + 12, 5);  // "wb"
  variable(variables + 16, static_cast<uint32_t>(result_name.size()));
  variable(variables + 24, images_address);
  variable(variables + 28, count * image_size);
  std::memcpy(&code.code[(file_name_address - loop_address) / 4], result_name.data(), result_name.size());
  return code.code;
}

/// A folder that goes away with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "differential-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Runs a program in a folder. Its exit status, or nothing if it could not be started or did not end in time.
std::optional<int> run_program(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "messages", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return std::nullopt;
  constexpr timespec pause = {.tv_sec = 0, .tv_nsec = 10'000'000};
  for (int i = 0; i < seconds_allowed * 100; ++i) {
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child) {
      if (!WIFEXITED(status)) return std::nullopt;
      return WEXITSTATUS(status) == 127 ? std::nullopt : std::optional<int>(WEXITSTATUS(status));
    }
    nanosleep(&pause, nullptr);
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return std::nullopt;
}

}  // namespace

bool Qemu::found() const {
  const TemporaryFolder folder;
  return !folder.path().empty() && run_program({program_, "--version"}, folder.path()) == 0;
}

std::variant<std::vector<Image>, std::string> Qemu::run(std::span<const Image> images) const {
  const TemporaryFolder folder;
  if (folder.path().empty()) return std::string("no temporary folder can be made");
  {
    std::ofstream file(folder.path() / "programs", std::ios::binary);
    const std::vector<uint32_t> code = loop_code(static_cast<uint32_t>(images.size()));
    file.write(reinterpret_cast<const char*>(code.data()), static_cast<std::streamsize>(code.size() * 4));
    for (const Image& image : images) {
      file.write(reinterpret_cast<const char*>(image.data()), static_cast<std::streamsize>(image.size()));
    }
    if (!file) return std::string("the programs can't be written to a temporary file");
  }
  const std::string cpu =
      "rv32,a=off,f=off,d=off,s=off,u=off,h=off,sstc=off,zba=on,zbb=on,zbc=on,zbs=on,pmp=on,mmu=off";
  const std::optional<int> status =
      run_program({program_, "-M", "none", "-m", "1536M", "-cpu", cpu, "-display", "none", "-monitor", "none",
                   "-serial", "none", "-semihosting-config", "enable=on,target=native", "-device",
                   fmt::format("loader,file=programs,addr={:#x},force-raw=on", loop_address), "-device",
                   fmt::format("loader,addr={:#x},cpu-num=0", loop_address)},
                  folder.path());
  const auto messages = [&folder] {
    std::ifstream file(folder.path() / "messages");
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  if (!status) return fmt::format("{} did not come to an end: {}", program_, messages());
  std::ifstream file(folder.path() / result_name, std::ios::binary);
  std::vector<Image> outcomes(images.size(), Image(image_size));
  for (Image& image : outcomes) file.read(reinterpret_cast<char*>(image.data()), image_size);
  if (!file) return fmt::format("{} (exit status {}) left no outcomes: {}", program_, *status, messages());
  return outcomes;
}

}  // namespace caliptra::differential
