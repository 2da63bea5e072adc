// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/image/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "peripherals/crypto/sha2.h"
#include "soc/image/keys.h"

namespace caliptra::image {
namespace {

using Outcome = Check::Outcome;

/// CPTRA_FW_ERROR_FATAL as the ROM writes it (error/ of caliptra-sw).
enum Error : uint32_t {
  marker_mismatch = 0x000b'0001,
  size_mismatch = 0x000b'0002,
  vendor_hash_zero = 0x000b'0003,
  vendor_hash_mismatch = 0x000b'0005,
  owner_hash_mismatch = 0x000b'0007,
  vendor_ecc_index_out_of_bounds = 0x000b'0008,
  vendor_ecc_key_revoked = 0x000b'0009,
  vendor_ecc_failure = 0x000b'000b,
  vendor_ecc_invalid = 0x000b'000c,
  vendor_ecc_index_mismatch = 0x000b'000d,
  owner_ecc_failure = 0x000b'000e,
  owner_ecc_invalid = 0x000b'000f,
  toc_count_invalid = 0x000b'0010,
  toc_digest_mismatch = 0x000b'0012,
  overlap_in_file = 0x000b'0017,
  wrong_order = 0x000b'0018,
  owner_ecc_key_zero = 0x000b'0019,
  owner_ecc_signature_zero = 0x000b'001a,
  vendor_ecc_key_zero = 0x000b'001b,
  vendor_ecc_signature_zero = 0x000b'001c,
  more_than_bundle = 0x000b'002f,
  vendor_lms_index_mismatch = 0x000b'0030,
  vendor_lms_failure = 0x000b'0031,
  vendor_lms_index_out_of_bounds = 0x000b'0032,
  vendor_lms_invalid = 0x000b'0033,
  overlap_in_iccm = 0x000b'0034,
  owner_lms_failure = 0x000b'0036,
  owner_lms_invalid = 0x000b'0038,
  fmc_empty = 0x000b'003b,
  runtime_empty = 0x000b'003c,
  fmc_address_overflow = 0x000b'003e,
  runtime_address_overflow = 0x000b'003f,
  range_overflow = 0x000b'0040,
  vendor_lms_key_revoked = 0x00b0'003a,
  invalid_image_size = 0x0102'0002,
};

/// The errors of one of the two images.
struct ImageErrors {
  uint32_t digest_failure;
  uint32_t digest_mismatch;
  uint32_t load_address_invalid;
  uint32_t load_address_unaligned;
  uint32_t entry_point_invalid;
  uint32_t entry_point_unaligned;
  uint32_t svn_too_great;
  uint32_t svn_below_fuse;
};
constexpr ImageErrors fmc_errors = {0x000b'0013, 0x000b'0014, 0x000b'0021, 0x000b'0022,
                                    0x000b'0023, 0x000b'0024, 0x000b'0025, 0x000b'0027};
constexpr ImageErrors runtime_errors = {0x000b'0015, 0x000b'0016, 0x000b'0028, 0x000b'0029,
                                        0x000b'002a, 0x000b'002b, 0x000b'002c, 0x000b'002e};

struct SignatureErrors {
  uint32_t key_zero;
  uint32_t signature_zero;
  uint32_t ecc_failure;
  uint32_t ecc_invalid;
  uint32_t lms_failure;
  uint32_t lms_invalid;
};
constexpr SignatureErrors vendor_errors = {vendor_ecc_key_zero, vendor_ecc_signature_zero, vendor_ecc_failure,
                                           vendor_ecc_invalid,  vendor_lms_failure,        vendor_lms_invalid};
constexpr SignatureErrors owner_errors = {owner_ecc_key_zero, owner_ecc_signature_zero, owner_ecc_failure,
                                          owner_ecc_invalid,  owner_lms_failure,        owner_lms_invalid};

constexpr Digest zero{};

std::string hexadecimal(std::span<const uint8_t> bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

bool in_iccm(uint32_t address) { return address - iccm_address < iccm_size; }

class Verifier {
 public:
  Verifier(std::span<const uint8_t> bundle, const DevicePolicy& policy) : policy_(policy), size_(bundle.size()) {
    // The ROM reads its mailbox's memory, whatever the SoC has sent; what wasn't sent is mostly zeros.
    memory_.assign(bundle.begin(), bundle.begin() + static_cast<std::ptrdiff_t>(std::min(size_, bundle_size_limit)));
    memory_.resize(bundle_size_limit);
    m_ = parse_manifest(std::span(memory_).first<manifest_size>());
  }

  std::vector<Check> run() {
    check("size of the bundle", size_ > 0 && size_ <= bundle_size_limit, invalid_image_size,
          fmt::format("{} bytes", size_));
    check("marker", m_.marker == manifest_marker, marker_mismatch, fmt::format("0x{:08x}", m_.marker));
    check("size of the manifest", m_.size == manifest_size, size_mismatch, fmt::format("{} bytes", m_.size));
    key_hashes();
    key_indices();
    signatures();
    table_of_contents();
    image("FMC", m_.fmc, policy_.fmc_svn, 32, fmc_errors);
    image("runtime", m_.runtime, policy_.runtime_svn, 128, runtime_errors);
    return std::move(checks_);
  }

 private:
  bool check(std::string what, bool passed, uint32_t error, std::string detail = "") {
    checks_.push_back({.what = std::move(what),
                       .outcome = passed ? Outcome::passed : Outcome::failed,
                       .error = passed ? 0 : error,
                       .detail = std::move(detail)});
    return passed;
  }

  void leave_out(std::string what, std::string why) {
    checks_.push_back({.what = std::move(what), .outcome = Outcome::left_out, .error = 0, .detail = std::move(why)});
  }

  /// The digest of a part of the mailbox's memory; nothing if that isn't within it.
  [[nodiscard]] std::optional<Digest> hash(std::size_t offset, std::size_t size) const {
    if (offset > memory_.size() || size > memory_.size() - offset) return std::nullopt;
    return crypto::sha384(std::span(memory_).subspan(offset, size));
  }

  void key_hashes() {
    const Digest vendor = vendor_keys_hash(memory_);
    if (!policy_.provisioned) {
      leave_out("hash of the vendor's keys", "not checked in unprovisioned life cycle");
    } else if (policy_.vendor_keys_hash == zero) {
      check("hash of the vendor's keys", false, vendor_hash_zero, "fuse_key_manifest_pk_hash is 0");
    } else {
      check("hash of the vendor's keys", vendor == policy_.vendor_keys_hash, vendor_hash_mismatch, hexadecimal(vendor));
    }
    const Digest owner = owner_keys_hash(memory_);
    if (policy_.owner_keys_hash == zero) {
      leave_out("hash of the owner's keys", "fuse_owner_pk_hash is 0");
    } else {
      check("hash of the owner's keys", owner == policy_.owner_keys_hash, owner_hash_mismatch, hexadecimal(owner));
    }
  }

  void key_indices() {
    ecc_index_good_ = key_index("vendor's ECC key", m_.vendor_ecc_key_index, vendor_ecc_key_count,
                                policy_.vendor_ecc_revoked, vendor_ecc_index_out_of_bounds, vendor_ecc_key_revoked);
    if (!policy_.lms_verify) {
      leave_out("vendor's LMS key", "fuse_lms_verify is 0");
      return;
    }
    lms_index_good_ = key_index("vendor's LMS key", m_.vendor_lms_key_index, vendor_lms_key_count,
                                policy_.vendor_lms_revoked, vendor_lms_index_out_of_bounds, vendor_lms_key_revoked);
  }

  // The last key cannot be revoked.
  bool key_index(const std::string& what, uint32_t index, uint32_t count, uint32_t revoked, uint32_t out_of_bounds,
                 uint32_t revoked_error) {
    const std::string detail = fmt::format("number {}", index);
    if (index >= count) return check(what, false, out_of_bounds, detail + fmt::format(" of 0 to {}", count - 1));
    const bool is_revoked = index + 1 < count && (revoked >> index & 1) != 0;
    check(what, !is_revoked, revoked_error, detail + (is_revoked ? ", revoked" : ""));
    return true;
  }

  void signatures() {
    const Digest vendor_digest = *hash(header_offset, header_size_vendor);
    const Digest owner_digest = *hash(header_offset, header_size);
    const crypto::P384Point* vendor_key = ecc_index_good_ ? &m_.vendor_ecc_keys[m_.vendor_ecc_key_index] : nullptr;
    const LmsPublicKey* vendor_lms_key = lms_index_good_ ? &m_.vendor_lms_keys[m_.vendor_lms_key_index] : nullptr;
    ecc("vendor's", vendor_key, vendor_digest, m_.vendor_signatures.ecc, vendor_errors);
    lms("vendor's", vendor_lms_key, vendor_digest, m_.vendor_signatures.lms, vendor_errors);
    check("vendor's ECC key in the header", m_.header.vendor_ecc_key_index == m_.vendor_ecc_key_index,
          vendor_ecc_index_mismatch, fmt::format("number {}", m_.header.vendor_ecc_key_index));
    if (policy_.lms_verify) {
      check("vendor's LMS key in the header", m_.header.vendor_lms_key_index == m_.vendor_lms_key_index,
            vendor_lms_index_mismatch, fmt::format("number {}", m_.header.vendor_lms_key_index));
    }
    ecc("owner's", &m_.owner_ecc_key, owner_digest, m_.owner_signatures.ecc, owner_errors);
    lms("owner's", &m_.owner_lms_key, owner_digest, m_.owner_signatures.lms, owner_errors);
  }

  void ecc(const std::string& whose, const crypto::P384Point* key, const Digest& digest,
           const crypto::P384Signature& signature, const SignatureErrors& errors) {
    const std::string what = whose + " ECC signature";
    if (key == nullptr) {
      leave_out(what, "there is no such key");
    } else if (key->x == zero || key->y == zero) {
      check(what, false, errors.key_zero, "the key is 0");
    } else if (signature.r == zero || signature.s == zero) {
      check(what, false, errors.signature_zero, "r or s is 0");
    } else if (!crypto::p384_scalar_in_range(signature.r) || !crypto::p384_scalar_in_range(signature.s)) {
      check(what, false, errors.ecc_failure, "r or s is out of range");
    } else if (!crypto::p384_on_curve(*key)) {
      check(what, false, errors.ecc_failure, "the key is not on the curve");
    } else {
      check(what, crypto::p384_verify(*key, digest, signature).valid, errors.ecc_invalid);
    }
  }

  void lms(const std::string& whose, const LmsPublicKey* key, const Digest& digest, const LmsSignature& signature,
           const SignatureErrors& errors) {
    const std::string what = whose + " LMS signature";
    if (!policy_.lms_verify) return leave_out(what, "fuse_lms_verify is 0");
    if (key == nullptr) return leave_out(what, "there is no such key");
    if (*key == LmsPublicKey{}) {
      if (policy_.lms_keys_optional) return leave_out(what, "there is no key");
      check(what, false, lms_malformed(*key, signature) ? errors.lms_failure : errors.lms_invalid, "the key is 0");
    } else if (lms_malformed(*key, signature)) {
      check(what, false, errors.lms_failure,
            fmt::format("types {} and {}, leaf {}", signature.tree_type, signature.ots_type, signature.leaf));
    } else {
      check(what, lms_candidate(*key, digest, signature) == key->root, errors.lms_invalid,
            fmt::format("leaf {}", signature.leaf));
    }
  }

  // The firmware's driver looks at the height that the signature's tree type stands for, not at the type, and never at
  // the key's tree type.
  static bool lms_malformed(const LmsPublicKey& key, const LmsSignature& signature) {
    constexpr uint32_t sha256_m32_h15 = 7;
    return signature.ots_type != key.ots_type || signature.ots_type != lms_ots_type ||
           (signature.tree_type != lms_tree_type && signature.tree_type != sha256_m32_h15) ||
           signature.leaf >= lms_leaves;
  }

  void table_of_contents() {
    const TocEntry& fmc = m_.fmc;
    const TocEntry& runtime = m_.runtime;
    check("entries of the table of contents", m_.header.toc_entries == toc_entry_count, toc_count_invalid,
          fmt::format("{}", m_.header.toc_entries));
    check("digest of the table of contents", *hash(toc_offset, toc_size) == m_.header.toc_digest, toc_digest_mismatch,
          hexadecimal(m_.header.toc_digest));
    check("size of the FMC", fmc.size != 0, fmc_empty, fmt::format("{} bytes", fmc.size));
    check("size of the runtime", runtime.size != 0, runtime_empty, fmt::format("{} bytes", runtime.size));
    check("sizes together", uint64_t{m_.size} + fmc.size + runtime.size <= size_, more_than_bundle,
          fmt::format("{} of {} bytes", uint64_t{m_.size} + fmc.size + runtime.size, size_));

    const uint64_t fmc_end = uint64_t{fmc.offset} + fmc.size;
    const uint64_t runtime_end = uint64_t{runtime.offset} + runtime.size;
    const bool ranges =
        check("places in the file", fmc_end <= UINT32_MAX && runtime_end <= UINT32_MAX, range_overflow,
              fmt::format("FMC {} to {}, runtime {} to {}", fmc.offset, fmc_end, runtime.offset, runtime_end));
    if (ranges) {
      check("overlap in the file", fmc.offset >= runtime_end || fmc_end <= runtime.offset, overlap_in_file);
      check("order in the file", fmc_end <= runtime.offset, wrong_order);
    }
    if (fmc.size == 0 || runtime.size == 0) return;
    const uint64_t fmc_last = uint64_t{fmc.load_address} + fmc.size - 1;
    const uint64_t runtime_last = uint64_t{runtime.load_address} + runtime.size - 1;
    const bool fmc_good =
        check("end of the FMC", fmc_last <= UINT32_MAX, fmc_address_overflow, fmt::format("0x{:08x}", fmc_last));
    const bool runtime_good = check("end of the runtime", runtime_last <= UINT32_MAX, runtime_address_overflow,
                                    fmt::format("0x{:08x}", runtime_last));
    if (!fmc_good || !runtime_good) return;
    check("overlap in the ICCM", fmc.load_address > runtime_last || fmc_last < runtime.load_address, overlap_in_iccm,
          fmt::format("FMC 0x{:08x} to 0x{:08x}, runtime 0x{:08x} to 0x{:08x}", fmc.load_address, fmc_last,
                      runtime.load_address, runtime_last));
  }

  void image(const std::string& name, const TocEntry& entry, uint32_t fuse_svn, uint32_t svn_limit,
             const ImageErrors& errors) {
    const auto digest = hash(entry.offset, entry.size);
    if (!digest) {
      check(name + "'s digest", false, errors.digest_failure, "it is not within the mailbox");
    } else {
      check(name + "'s digest", *digest == entry.digest, errors.digest_mismatch, hexadecimal(*digest));
    }
    check(name + "'s load address", in_iccm(entry.load_address) && in_iccm(entry.load_address + entry.size - 1),
          errors.load_address_invalid, fmt::format("0x{:08x}", entry.load_address));
    check(name + "'s load address aligned", entry.load_address % 4 == 0, errors.load_address_unaligned);
    check(name + "'s entry point", in_iccm(entry.entry_point), errors.entry_point_invalid,
          fmt::format("0x{:08x}", entry.entry_point));
    check(name + "'s entry point aligned", entry.entry_point % 4 == 0, errors.entry_point_unaligned);
    if (!policy_.provisioned || policy_.anti_rollback_disabled) {
      return leave_out(name + "'s SVN", fmt::format("{}, not checked", entry.svn));
    }
    const std::string detail = fmt::format("{}, fuses {}", entry.svn, fuse_svn);
    if (entry.svn > svn_limit) {
      check(name + "'s SVN", false, errors.svn_too_great, detail);
    } else {
      check(name + "'s SVN", entry.svn >= fuse_svn, errors.svn_below_fuse, detail);
    }
  }

  const DevicePolicy& policy_;
  std::size_t size_;
  std::vector<uint8_t> memory_;
  Manifest m_;
  std::vector<Check> checks_;
  bool ecc_index_good_ = false;
  bool lms_index_good_ = false;
};

}  // namespace

DevicePolicy policy_of(const Fuses& fuses, DeviceLifecycle lifecycle) {
  const auto words = [&](std::string_view name) {
    const auto found = fuses.values().find(name);
    return found == fuses.values().end() ? std::vector<uint32_t>(12) : found->second;
  };
  const auto digest = [&](std::string_view name) {
    Digest bytes{};
    const auto value = words(name);
    for (std::size_t i = 0; i < bytes.size() && i / 4 < value.size(); ++i) {
      bytes[i] = static_cast<uint8_t>(value[i / 4] >> (24 - 8 * (i % 4)));
    }
    return bytes;
  };
  DevicePolicy policy;
  policy.provisioned = lifecycle != DeviceLifecycle::unprovisioned;
  policy.vendor_keys_hash = digest("fuse_key_manifest_pk_hash");
  policy.owner_keys_hash = digest("fuse_owner_pk_hash");
  policy.vendor_ecc_revoked = words("fuse_key_manifest_pk_hash_mask")[0];
  policy.vendor_lms_revoked = words("fuse_lms_revocation")[0];
  policy.fmc_svn = static_cast<uint32_t>(std::bit_width(words("fuse_fmc_key_manifest_svn")[0]));
  const auto runtime_svn = words("fuse_runtime_svn");
  for (uint32_t i = 0; i < 4 && i < runtime_svn.size(); ++i) {
    if (runtime_svn[i] != 0) policy.runtime_svn = 32 * i + static_cast<uint32_t>(std::bit_width(runtime_svn[i]));
  }
  policy.anti_rollback_disabled = (words("fuse_anti_rollback_disable")[0] & 1) != 0;
  policy.lms_verify = (words("fuse_lms_verify")[0] & 1) != 0;
  return policy;
}

std::vector<Check> verify(std::span<const uint8_t> bundle, const DevicePolicy& policy) {
  return Verifier(bundle, policy).run();
}

uint32_t first_error(std::span<const Check> checks) {
  const auto failed = std::find_if(checks.begin(), checks.end(), [](const Check& c) { return c.error != 0; });
  return failed == checks.end() ? 0 : failed->error;
}

}  // namespace caliptra::image
