// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/image/executable.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#ifdef CALIPTRA_LIBELF
#include <gelf.h>
#include <libelf.h>
#endif

namespace caliptra::image_tool {
namespace {

constexpr std::string_view elf_magic = "\177ELF";

#ifdef CALIPTRA_LIBELF
struct ElfEnd {
  void operator()(Elf* elf) const { elf_end(elf); }
};

std::string load_elf(std::span<const uint8_t> file, image::Executable& executable) {
  if (elf_version(EV_CURRENT) == EV_NONE) return "libelf is older than its header";
  // libelf wants to be allowed to write.
  std::vector<char> copy(file.begin(), file.end());
  const std::unique_ptr<Elf, ElfEnd> elf(elf_memory(copy.data(), copy.size()));
  GElf_Ehdr header;
  std::size_t segments = 0;
  if (!elf || gelf_getehdr(elf.get(), &header) == nullptr || elf_getphdrnum(elf.get(), &segments) != 0) {
    return fmt::format("a damaged ELF file: {}", elf_errmsg(-1));
  }
  if (gelf_getclass(elf.get()) != ELFCLASS32 || header.e_machine != EM_RISCV ||
      header.e_ident[EI_DATA] != ELFDATA2LSB) {
    return "an ELF file, but not of 32-bit RISC-V";
  }
  std::vector<GElf_Phdr> loads;
  for (std::size_t i = 0; i < segments; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(elf.get(), static_cast<int>(i), &segment) == nullptr) {
      return fmt::format("a damaged ELF file: {}", elf_errmsg(-1));
    }
    if (segment.p_type != PT_LOAD || segment.p_filesz == 0) continue;
    if (segment.p_offset > file.size() || segment.p_filesz > file.size() - segment.p_offset) {
      return fmt::format("a damaged ELF file: segment {} is not within it", i);
    }
    loads.push_back(segment);
  }
  if (loads.empty()) return "an ELF file with nothing to load";
  uint64_t begin = UINT64_MAX;
  uint64_t end = 0;
  for (const GElf_Phdr& segment : loads) {
    begin = std::min<uint64_t>(begin, segment.p_paddr);
    end = std::max<uint64_t>(end, segment.p_paddr + segment.p_filesz);
  }
  if (end - begin > image::bundle_size_limit) {
    return fmt::format("its segments reach from 0x{:08x} to 0x{:08x}, which is more than a bundle can hold", begin,
                       end);
  }
  executable.code.resize(end - begin);
  for (const GElf_Phdr& segment : loads) {
    const auto bytes = file.subspan(segment.p_offset, segment.p_filesz);
    std::copy(bytes.begin(), bytes.end(),
              executable.code.begin() + static_cast<std::ptrdiff_t>(segment.p_paddr - begin));
  }
  executable.load_address = static_cast<uint32_t>(begin);
  executable.entry_point = static_cast<uint32_t>(header.e_entry);
  return "";
}
#else
std::string load_elf(std::span<const uint8_t>, image::Executable&) {
  return "an ELF file; this program was built without libelf and takes plain binaries only";
}
#endif

}  // namespace

std::optional<image::Executable> load_executable(std::span<const uint8_t> file, std::optional<uint32_t> load_address,
                                                 std::optional<uint32_t> entry_point, std::string& error) {
  image::Executable executable;
  error.clear();
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (load_address) {
    // Whatever it looks like: some linkers leave the ELF header in what they load.
    if (file.size() > image::bundle_size_limit) {
      error = fmt::format("has {} bytes; a bundle holds {}", file.size(), image::bundle_size_limit);
    } else {
      executable.code.assign(file.begin(), file.end());
      executable.load_address = executable.entry_point = *load_address;
    }
  } else if (text.starts_with(elf_magic)) {
    error = load_elf(file, executable);
  } else {
    error = "a plain binary, which needs a load address";
  }
  if (!error.empty()) return std::nullopt;
  executable.entry_point = entry_point.value_or(executable.entry_point);
  executable.code.resize((executable.code.size() + 3) / 4 * 4);
  return executable;
}

}  // namespace caliptra::image_tool
