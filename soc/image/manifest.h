// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The manifest at the head of a firmware bundle of Caliptra 1.0 to 1.2 ("CMAN", image/types of caliptra-sw): what is
// in it, in the order of the file. Three encodings occur: words are little-endian; numbers of P-384 and SHA-384
// digests are the hardware's words, so that each group of four bytes stands reversed; LMS keys and signatures are byte
// strings with big-endian words, as in RFC 8554. In memory all are plain: numbers and digests most significant byte
// first.

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/crypto/p384.h"
#include "soc/image/lms.h"

namespace caliptra::image {

using Digest = std::array<uint8_t, 48>;

inline constexpr uint32_t manifest_marker = 0x4e41'4d43;      ///< "CMAN"
inline constexpr uint32_t manifest_marker_2_x = 0x324e'4d43;  ///< "CMN2", of Caliptra 2.x: not read here
inline constexpr std::size_t manifest_size = 0x16fc;          ///< bytes
inline constexpr std::size_t bundle_size_limit = 128 * 1024;  ///< bytes: the mailbox's memory
inline constexpr unsigned vendor_ecc_key_count = 4;
inline constexpr unsigned vendor_lms_key_count = 32;
inline constexpr uint32_t toc_entry_count = 2;
inline constexpr uint32_t iccm_address = 0x4000'0000;
inline constexpr uint32_t iccm_size = 128 * 1024;

// Where what is hashed and signed begins, in bytes from the start of the manifest.
inline constexpr std::size_t vendor_keys_offset = 8;
inline constexpr std::size_t vendor_keys_size = vendor_ecc_key_count * 96 + vendor_lms_key_count * 48;
inline constexpr std::size_t owner_keys_offset = 0xe44;
inline constexpr std::size_t owner_keys_size = 96 + 48;
inline constexpr std::size_t header_offset = 0x1590;
inline constexpr std::size_t header_size = 156;
inline constexpr std::size_t header_size_vendor = 116;  ///< the vendor signs what is before the owner's data
inline constexpr std::size_t toc_offset = header_offset + header_size;
inline constexpr std::size_t toc_size = 2 * 104;

using Date = std::array<uint8_t, 15>;  ///< ASN.1 GeneralizedTime, for example 20230101000000Z; all zeros: none given

struct Signatures {
  crypto::P384Signature ecc;
  LmsSignature lms;
};

struct Header {
  std::array<uint32_t, 2> revision{};
  uint32_t vendor_ecc_key_index = 0;
  uint32_t vendor_lms_key_index = 0;
  uint32_t flags = 0;  ///< bit 0: pl0_pauser counts
  uint32_t toc_entries = toc_entry_count;
  uint32_t pl0_pauser = 0;
  Digest toc_digest{};
  Date vendor_not_before{};
  Date vendor_not_after{};
  std::array<uint8_t, 10> vendor_reserved{};
  Date owner_not_before{};
  Date owner_not_after{};
  std::array<uint8_t, 2> epoch{};
  std::array<uint8_t, 8> owner_reserved{};
};

/// One of the two images behind the manifest.
struct TocEntry {
  uint32_t id = 0;    ///< 1 FMC, 2 runtime
  uint32_t type = 1;  ///< 1 executable
  std::array<uint8_t, 20> revision{};
  uint32_t version = 0;
  uint32_t svn = 0;
  uint32_t reserved = 0;
  uint32_t load_address = 0;
  uint32_t entry_point = 0;
  uint32_t offset = 0;  ///< in bytes from the start of the bundle
  uint32_t size = 0;    ///< in bytes
  Digest digest{};
};

struct Manifest {
  uint32_t marker = manifest_marker;
  uint32_t size = manifest_size;
  std::array<crypto::P384Point, vendor_ecc_key_count> vendor_ecc_keys{};
  std::array<LmsPublicKey, vendor_lms_key_count> vendor_lms_keys{};
  uint32_t vendor_ecc_key_index = 0;
  uint32_t vendor_lms_key_index = 0;
  Signatures vendor_signatures;
  crypto::P384Point owner_ecc_key;
  LmsPublicKey owner_lms_key;
  Signatures owner_signatures;
  std::array<uint32_t, 2> reserved{};
  Header header;
  TocEntry fmc{.id = 1};
  TocEntry runtime{.id = 2};
};

/// Any 0x16fc bytes are a manifest; what they say is for verify() to judge.
[[nodiscard]] Manifest parse_manifest(std::span<const uint8_t, manifest_size> bytes);

/// The inverse of parse_manifest.
[[nodiscard]] std::array<uint8_t, manifest_size> manifest_bytes(const Manifest& manifest);

/// How a field stands in the file.
enum class FieldKind : uint8_t {
  word,             ///< 4 bytes, little-endian
  big_endian_word,  ///< 4 bytes, big-endian: the words of LMS
  number,  ///< a number or digest of 48 bytes, as little-endian words of which the first is the most significant
  bytes,   ///< a byte string
  date,    ///< 15 characters
};

struct Field {
  std::string name;  ///< for example "vendor_ecc_keys[2].x", "header.flags", "fmc.load_address"
  std::size_t offset;
  std::size_t size;
  FieldKind kind;
};

/// Every field of the manifest, in the order of the file and without gaps.
[[nodiscard]] std::vector<Field> manifest_fields();

/// A field's value as text: words as 0x and 8 digits, all else as hexadecimal digits, most significant byte first;
/// dates as they stand where they are printable. `manifest` holds at least manifest_size bytes.
[[nodiscard]] std::string field_text(const Field& field, std::span<const uint8_t> manifest);

/// Changes a field to what `text` says: a number (decimal or 0x) for words; exactly as many hexadecimal digits as the
/// field has for the rest; "^N" flips bit N of the field (0 is the lowest bit of its first byte in the file). Returns
/// an error text, or an empty one.
[[nodiscard]] std::string set_field(const Field& field, std::string_view text, std::span<uint8_t> manifest);

}  // namespace caliptra::image
