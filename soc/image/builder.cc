// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/image/builder.h"

#include <fmt/format.h>

#include <algorithm>

#include "peripherals/crypto/sha2.h"

namespace caliptra::image {
namespace {

constexpr uint32_t svn_limit_fmc = 32;       // bits of fuse_fmc_key_manifest_svn
constexpr uint32_t svn_limit_runtime = 128;  // bits of fuse_runtime_svn
constexpr uint32_t pl0_pauser_counts = 1;    // Header::flags

std::string problem_of(const char* what, const Executable& image, uint32_t svn_limit) {
  if (image.code.empty()) return fmt::format("the {} is empty", what);
  const uint64_t end = uint64_t{image.load_address} + image.code.size();
  constexpr uint64_t iccm_end = uint64_t{iccm_address} + iccm_size;
  if (image.load_address < iccm_address || end > iccm_end) {
    return fmt::format("the {} at 0x{:08x} to 0x{:08x} is not within the ICCM (0x{:08x} to 0x{:08x})", what,
                       image.load_address, end - 1, iccm_address, iccm_end - 1);
  }
  if (image.load_address % 4 != 0) {
    return fmt::format("the {}'s load address 0x{:08x} is no multiple of 4", what, image.load_address);
  }
  if (image.entry_point < image.load_address || image.entry_point >= end) {
    return fmt::format("the {}'s entry point 0x{:08x} is not within it (0x{:08x} to 0x{:08x})", what, image.entry_point,
                       image.load_address, end - 1);
  }
  if (image.entry_point % 4 != 0) {
    return fmt::format("the {}'s entry point 0x{:08x} is no multiple of 4", what, image.entry_point);
  }
  if (image.svn > svn_limit) return fmt::format("the {}'s SVN {} is greater than {}", what, image.svn, svn_limit);
  return "";
}

std::string problem_of(const char* what, const Date& date) {
  if (date == Date{}) return "";
  const bool digits = std::all_of(date.begin(), date.end() - 1, [](uint8_t c) { return c >= '0' && c <= '9'; });
  if (!digits || date.back() != 'Z') return fmt::format("{} is not a time of the form YYYYMMDDHHMMSSZ", what);
  // Certificates hold it as it is, and nobody would accept those.
  const auto two = [&](std::size_t at) { return 10 * (date[at] - '0') + date[at + 1] - '0'; };
  const bool there_is =
      two(4) >= 1 && two(4) <= 12 && two(6) >= 1 && two(6) <= 31 && two(8) < 24 && two(10) < 60 && two(12) < 60;
  return there_is ? "" : fmt::format("{} is a time that there is not", what);
}

std::string problem_of(const char* whose, const Date& begin, const Date& end) {
  const auto start = fmt::format("the {}'s start", whose);
  const auto stop = fmt::format("the {}'s end", whose);
  if (auto problem = problem_of(start.c_str(), begin); !problem.empty()) return problem;
  if (auto problem = problem_of(stop.c_str(), end); !problem.empty()) return problem;
  if (end != Date{} && end < begin) return fmt::format("{} is before {}", stop, start);
  return "";
}

TocEntry toc_entry(uint32_t id, const Executable& image, uint32_t offset) {
  return {.id = id,
          .revision = image.revision,
          .version = image.version,
          .svn = image.svn,
          .load_address = image.load_address,
          .entry_point = image.entry_point,
          .offset = offset,
          .size = static_cast<uint32_t>(image.code.size())};
}

/// A bundle, looked at and changed as a manifest.
class Signer {
 public:
  Signer(std::span<uint8_t> bundle, const KeySet& keys, const SigningOptions& options)
      : bundle_(bundle), keys_(keys), options_(options) {}

  [[nodiscard]] std::string sign() {
    for (const auto entry : {&Manifest::fmc, &Manifest::runtime}) {
      const TocEntry image = read().*entry;
      if (uint64_t{image.offset} + image.size > bundle_.size()) continue;
      change([&](Manifest& m) { (m.*entry).digest = hash(image.offset, image.size); });
    }
    change([&](Manifest& m) { m.header.toc_digest = hash(toc_offset, toc_size); });

    const Manifest manifest = read();
    const uint32_t ecc_index = manifest.vendor_ecc_key_index % vendor_ecc_key_count;
    const uint32_t lms_index = manifest.vendor_lms_key_index % vendor_lms_key_count;
    const auto& vendor_ecc = keys_.vendor_ecc[ecc_index];
    if (!vendor_ecc || !vendor_ecc->private_key) {
      return fmt::format("there is no private key of the vendor's ECC key {}", ecc_index);
    }
    if (!keys_.owner_ecc || !keys_.owner_ecc->private_key) return "there is no private ECC key of the owner";
    if (is_public_only(keys_.vendor_lms[lms_index])) {
      return fmt::format("there is no private key of the vendor's LMS key {}", lms_index);
    }
    if (is_public_only(keys_.owner_lms)) return "there is no private LMS key of the owner";
    const auto vendor_lms = tree(keys_.vendor_lms[lms_index]);
    const auto owner_lms = tree(keys_.owner_lms);

    change([&](Manifest& m) {
      for (std::size_t i = 0; i < m.vendor_ecc_keys.size(); ++i) m.vendor_ecc_keys[i] = point(keys_.vendor_ecc[i]);
      for (std::size_t i = 0; i < m.vendor_lms_keys.size(); ++i) {
        m.vendor_lms_keys[i] =
            i == lms_index && vendor_lms ? vendor_lms->public_key() : public_key(keys_.vendor_lms[i]);
      }
      m.owner_ecc_key = point(keys_.owner_ecc);
      m.owner_lms_key = owner_lms ? owner_lms->public_key() : public_key(keys_.owner_lms);
    });

    std::string problem;
    change([&](Manifest& m) {
      problem = sign(m.vendor_signatures, *vendor_ecc->private_key, vendor_lms, hash(header_offset, header_size_vendor),
                     "vendor");
    });
    if (!problem.empty()) return problem;
    change([&](Manifest& m) {
      problem =
          sign(m.owner_signatures, *keys_.owner_ecc->private_key, owner_lms, hash(header_offset, header_size), "owner");
    });
    return problem;
  }

 private:
  [[nodiscard]] Manifest read() const { return parse_manifest(bundle_.first<manifest_size>()); }

  template <typename Change>
  void change(Change step) {
    Manifest manifest = read();
    step(manifest);
    const auto bytes = manifest_bytes(manifest);
    std::copy(bytes.begin(), bytes.end(), bundle_.begin());
    if (options_.between_steps) options_.between_steps(bundle_);
  }

  [[nodiscard]] Digest hash(std::size_t offset, std::size_t size) const {
    return crypto::sha384(bundle_.subspan(offset, size));
  }

  static std::optional<LmsTree> tree(const LmsSlot& slot) {
    return slot.private_key ? std::optional<LmsTree>(*slot.private_key) : std::nullopt;
  }

  /// A bundle may be without LMS keys, but one with a key and no signature is refused by every device that looks.
  static bool is_public_only(const LmsSlot& slot) { return slot.public_key && !slot.private_key; }

  static crypto::P384Point point(const std::optional<crypto::P384Key>& key) {
    return key ? key->public_key : crypto::P384Point{};
  }

  static LmsPublicKey public_key(const LmsSlot& slot) {
    if (slot.public_key) return *slot.public_key;
    return slot.private_key ? LmsTree(*slot.private_key).public_key() : LmsPublicKey{};
  }

  std::string sign(Signatures& both, const crypto::P384Number& ecc, const std::optional<LmsTree>& lms,
                   const Digest& digest, const char* who) const {
    const auto ecc_signature = crypto::p384_sign_deterministic(ecc, digest);
    if (!ecc_signature) return fmt::format("the {}'s ECC key is out of range", who);
    both.ecc = *ecc_signature;
    if (!lms) return "";
    const auto lms_signature = lms->sign(options_.lms_leaf, digest);
    if (!lms_signature) return fmt::format("the {}'s LMS key has no leaf {}", who, options_.lms_leaf);
    both.lms = *lms_signature;
    return "";
  }

  std::span<uint8_t> bundle_;
  const KeySet& keys_;
  const SigningOptions& options_;
};

}  // namespace

std::string problem_of(const Contents& contents) {
  const Executable& fmc = contents.fmc;
  const Executable& runtime = contents.runtime;
  if (auto problem = problem_of("FMC", fmc, svn_limit_fmc); !problem.empty()) return problem;
  if (auto problem = problem_of("runtime", runtime, svn_limit_runtime); !problem.empty()) return problem;
  if (fmc.load_address < runtime.load_address + runtime.code.size() &&
      runtime.load_address < fmc.load_address + fmc.code.size()) {
    return fmt::format("the FMC at 0x{:08x} to 0x{:08x} and the runtime at 0x{:08x} to 0x{:08x} overlap",
                       fmc.load_address, fmc.load_address + fmc.code.size() - 1, runtime.load_address,
                       runtime.load_address + runtime.code.size() - 1);
  }
  if (const std::size_t size = manifest_size + fmc.code.size() + runtime.code.size(); size > bundle_size_limit) {
    return fmt::format("the bundle would have {} bytes; the mailbox holds {}", size, bundle_size_limit);
  }
  if (contents.vendor_ecc_key_index >= vendor_ecc_key_count) {
    return fmt::format("the vendor has no ECC key {}, only 0 to {}", contents.vendor_ecc_key_index,
                       vendor_ecc_key_count - 1);
  }
  if (contents.vendor_lms_key_index >= vendor_lms_key_count) {
    return fmt::format("the vendor has no LMS key {}, only 0 to {}", contents.vendor_lms_key_index,
                       vendor_lms_key_count - 1);
  }
  if (auto problem = problem_of("vendor", contents.vendor_not_before, contents.vendor_not_after); !problem.empty()) {
    return problem;
  }
  return problem_of("owner", contents.owner_not_before, contents.owner_not_after);
}

std::optional<std::vector<uint8_t>> build_bundle(const Contents& contents, const KeySet& keys,
                                                 const SigningOptions& options, std::string& error) {
  error = problem_of(contents);
  if (!error.empty()) return std::nullopt;
  Manifest manifest;
  manifest.vendor_ecc_key_index = manifest.header.vendor_ecc_key_index = contents.vendor_ecc_key_index;
  manifest.vendor_lms_key_index = manifest.header.vendor_lms_key_index = contents.vendor_lms_key_index;
  manifest.header.flags = contents.pl0_pauser ? pl0_pauser_counts : 0;
  manifest.header.pl0_pauser = contents.pl0_pauser.value_or(0);
  manifest.header.vendor_not_before = contents.vendor_not_before;
  manifest.header.vendor_not_after = contents.vendor_not_after;
  manifest.header.owner_not_before = contents.owner_not_before;
  manifest.header.owner_not_after = contents.owner_not_after;
  manifest.header.epoch = contents.epoch;
  manifest.fmc = toc_entry(1, contents.fmc, manifest_size);
  manifest.runtime = toc_entry(2, contents.runtime, manifest_size + manifest.fmc.size);

  const auto head = manifest_bytes(manifest);
  std::vector<uint8_t> bundle(head.begin(), head.end());
  bundle.insert(bundle.end(), contents.fmc.code.begin(), contents.fmc.code.end());
  bundle.insert(bundle.end(), contents.runtime.code.begin(), contents.runtime.code.end());
  if (!sign_bundle(bundle, keys, options, error)) return std::nullopt;
  return bundle;
}

bool sign_bundle(std::span<uint8_t> bundle, const KeySet& keys, const SigningOptions& options, std::string& error) {
  error.clear();
  if (bundle.size() < manifest_size) {
    error = fmt::format("a file of {} bytes is shorter than a manifest of {}", bundle.size(), manifest_size);
    return false;
  }
  error = Signer(bundle, keys, options).sign();
  return error.empty();
}

}  // namespace caliptra::image
