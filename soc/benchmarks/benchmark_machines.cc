// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/benchmarks/benchmark_machines.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace caliptra::benchmarks {
namespace {

// The key hashes with which the bundle is valid in production.
constexpr std::string_view vendor =
    "428d18b0b49192c0163b4e0b2e231d20eef3ae37f8046c09a31911e3f6875a9a287342c58c7f8d68b69fafe1dd27b2dc";
constexpr std::string_view owner =
    "7c6d2e51463b1da3aac7082ec17bca667ee7f40448901ad47880a7c175dec3d2eb2d1ef775cdb6aeaaeaf9d9548b01e5";

constexpr std::size_t repetitions_at = 8;  // start.S

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

/// A file that is gone at the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::vector<uint8_t>& bytes) {
    std::string name = (std::filesystem::temp_directory_path() / "caliptra-bench-XXXXXX").string();
    const int file = mkstemp(name.data());
    if (file < 0) return;
    path_ = name;
    good_ = write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
    close(file);
  }
  ~TemporaryFile() {
    if (!path_.empty()) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::string path_;
  bool good_ = false;
};

}  // namespace

std::optional<std::vector<uint8_t>> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::vector<uint8_t>{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::filesystem::path official_image(std::string_view name) {
  const char* images = std::getenv("CALIPTRA_IMAGES");
  return std::filesystem::path(images != nullptr ? images : "../shared/images") / name;
}

std::vector<uint8_t> with_repetitions(std::vector<uint8_t> program, uint32_t repetitions) {
  for (unsigned i = 0; i < 4 && repetitions_at + i < program.size(); ++i) {
    program[repetitions_at + i] = static_cast<uint8_t>(repetitions >> (8 * i));
  }
  return program;
}

std::unique_ptr<Machine> machine(std::vector<uint8_t> rom, veer::TimingProfile timing,
                                 std::optional<Event::Kind> stop_at, std::vector<uint8_t> firmware) {
  Configuration configuration;
  configuration.timing = timing;
  configuration.rom = std::move(rom);
  SocPlan plan;
  if (stop_at) {
    configuration.generation = Generation::v1_1;
    configuration.lifecycle = DeviceLifecycle::production;
    plan.firmware = std::move(firmware);
    if (plan.fuses.set_text(configuration.generation, "fuse_key_manifest_pk_hash", vendor) ||
        plan.fuses.set_text(configuration.generation, "fuse_owner_pk_hash", owner)) {
      return nullptr;
    }
  }
  std::string error;
  auto made = std::make_unique<Machine>();
  made->core = Core::create(configuration, error);
  if (!made->core) return nullptr;
  made->core->on_event([machine = made.get(), stop_at](const Event& event) {
    if (event.kind == Event::Kind::boot_status) machine->last_boot_status = event.value;
    if (event.kind == Event::Kind::exit || event.kind == stop_at) machine->core->stop();
  });
  made->soc = std::make_unique<SocManager>(*made->core, std::move(plan));
  made->soc->power_on();
  return made;
}

std::optional<QemuRun> run_qemu(const std::vector<uint8_t>& program) {
  const TemporaryFile image(program);
  int output[2];
  if (!image.good() || pipe(output) != 0) return std::nullopt;
  const pid_t child = fork();
  if (child < 0) return std::nullopt;
  if (child == 0) {
    dup2(output[1], STDOUT_FILENO);
    close(output[0]);
    close(output[1]);
    execlp("qemu-system-riscv32", "qemu-system-riscv32", "-M", "virt", "-cpu",
           "rv32,zba=true,zbb=true,zbc=true,zbs=true", "-m", "16M", "-bios", "none", "-display", "none", "-monitor",
           "none", "-serial", "stdio", "-kernel", image.path().c_str(), nullptr);
    _exit(127);
  }
  close(output[1]);
  QemuRun run;
  std::array<char, 256> text;
  for (ssize_t size = 0; (size = read(output[0], text.data(), text.size())) > 0;) {
    run.output.append(text.data(), static_cast<std::size_t>(size));
  }
  close(output[0]);
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  run.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  return run;
}

}  // namespace caliptra::benchmarks
