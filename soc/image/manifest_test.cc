// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/image/manifest.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace {

using namespace caliptra::image;

std::array<uint8_t, manifest_size> counting() {
  std::array<uint8_t, manifest_size> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i * 7 + i / 256);
  return bytes;
}

Field field(std::string_view name) {
  for (const Field& each : manifest_fields()) {
    if (each.name == name) return each;
  }
  FAIL("no such field: " << name);
  return {};
}

}  // namespace

TEST_CASE("the fields cover the manifest without gaps, each under a name of its own") {
  std::size_t at = 0;
  std::set<std::string> names;
  for (const Field& each : manifest_fields()) {
    CAPTURE(each.name);
    CHECK(each.offset == at);
    CHECK(names.insert(each.name).second);
    at += each.size;
  }
  CHECK(at == manifest_size);
  CHECK(field("vendor_ecc_keys[0].x").offset == vendor_keys_offset);
  CHECK(field("vendor_ecc_key_index").offset == vendor_keys_offset + vendor_keys_size);
  CHECK(field("owner_ecc_key.x").offset == owner_keys_offset);
  CHECK(field("owner_ecc_signature.r").offset == owner_keys_offset + owner_keys_size);
  CHECK(field("header.revision[0]").offset == header_offset);
  CHECK(field("header.owner_not_before").offset == header_offset + header_size_vendor);
  CHECK(field("fmc.id").offset == toc_offset);
  CHECK(toc_offset + toc_size == manifest_size);
}

TEST_CASE("any bytes survive being read and written") {
  const auto bytes = counting();
  CHECK(manifest_bytes(parse_manifest(bytes)) == bytes);
}

TEST_CASE("values are read in the encoding of their kind") {
  auto bytes = counting();
  const Manifest manifest = parse_manifest(bytes);
  CHECK(manifest.marker == 0x150e'0700);
  CHECK(manifest.vendor_ecc_keys[0].x[0] == bytes[8 + 3]);
  CHECK(manifest.vendor_ecc_keys[0].x[47] == bytes[8 + 44]);
  CHECK(manifest.vendor_lms_keys[1].identifier[0] == bytes[8 + 4 * 96 + 48 + 8]);
  CHECK(field_text(field("marker"), bytes) == "0x150e0700");
  CHECK(field_text(field("vendor_lms_keys[0].tree_type"), bytes).size() == 10);
  CHECK(field_text(field("header.epoch"), bytes).size() == 4);
}

TEST_CASE("fields are changed by text, and wrong text is refused") {
  auto bytes = counting();
  for (const Field& each : manifest_fields()) {
    CAPTURE(each.name);
    // What a field says is what it can be set to.
    auto copy = bytes;
    std::fill_n(copy.begin() + static_cast<std::ptrdiff_t>(each.offset), each.size, uint8_t{0});
    CHECK(set_field(each, field_text(each, bytes), copy) == "");
    CHECK(copy == bytes);
    CHECK(set_field(each, "^0", copy) == "");
    CHECK(copy[each.offset] == (bytes[each.offset] ^ 1));
    CHECK_FALSE(set_field(each, "", copy).empty());
    CHECK_FALSE(set_field(each, "what", copy).empty());
  }
  CHECK(set_field(field("fmc.svn"), "12", bytes) == "");
  CHECK(field_text(field("fmc.svn"), bytes) == "0x0000000c");
  CHECK(set_field(field("fmc.svn"), "0x100000000", bytes) == "fmc.svn takes a number of 32 bits, not '0x100000000'");
  CHECK(set_field(field("fmc.svn"), "^32", bytes) == "fmc.svn has bits 0 to 31, no '32'");
  CHECK(set_field(field("header.vendor_not_before"), "20230101000000Z", bytes) == "");
  CHECK(field_text(field("header.vendor_not_before"), bytes) == "20230101000000Z");
}
