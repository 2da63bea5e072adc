// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/image/lms.h"

#include <doctest/doctest.h>

#include <vector>

namespace {

using namespace caliptra::image;

LmsPrivateKey small_key(uint32_t leaves) {
  LmsPrivateKey key{.real_leaves = leaves};
  for (std::size_t i = 0; i < key.identifier.size(); ++i) key.identifier[i] = static_cast<uint8_t>(0x40 + i);
  for (std::size_t i = 0; i < key.seed.size(); ++i) key.seed[i] = static_cast<uint8_t>(7 * i);
  return key;
}

const std::vector<uint8_t> message(48, 0x5a);

}  // namespace

TEST_CASE("each leaf signs, and only what it has signed verifies") {
  const LmsTree tree(small_key(4));
  const LmsPublicKey key = tree.public_key();
  for (uint32_t leaf = 0; leaf < 4; ++leaf) {
    CAPTURE(leaf);
    const auto signature = tree.sign(leaf, message);
    REQUIRE(signature.has_value());
    CHECK(lms_verify(key, message, *signature));
    CHECK(tree.sign(leaf, message) == signature);
  }
  CHECK_FALSE(tree.sign(4, message).has_value());

  const auto good = tree.sign(3, message);
  REQUIRE(good.has_value());
  auto other_message = message;
  other_message.back() ^= 1;
  CHECK_FALSE(lms_verify(key, other_message, *good));
  const auto refused = [&](auto change) {
    LmsSignature signature = *good;
    change(signature);
    return !lms_verify(key, message, signature);
  };
  CHECK(refused([](LmsSignature& s) { s.leaf = 2; }));
  CHECK(refused([](LmsSignature& s) { s.leaf = lms_leaves; }));
  CHECK(refused([](LmsSignature& s) { s.ots_type = 3; }));
  CHECK(refused([](LmsSignature& s) { s.tree_type = 11; }));
  CHECK(refused([](LmsSignature& s) { s.randomizer[0] ^= 1; }));
  CHECK(refused([](LmsSignature& s) { s.chains[50][23] ^= 1; }));
  CHECK(refused([](LmsSignature& s) { s.path[14][0] ^= 1; }));
  LmsPublicKey other = key;
  other.identifier[0] ^= 1;
  CHECK_FALSE(lms_verify(other, message, *good));
}

TEST_CASE("a tree's root follows from all of its real leaves") {
  const LmsTree two(small_key(2));
  const LmsTree four(small_key(4));
  CHECK_FALSE(two.public_key() == four.public_key());
  // Their leaves are the same, their signatures differ in the path only.
  CHECK(two.sign(1, message)->chains == four.sign(1, message)->chains);
  CHECK_FALSE(lms_verify(four.public_key(), message, *two.sign(1, message)));
}

TEST_CASE("keys survive being written and read, and others are refused with the reason") {
  std::string error;
  for (const uint32_t leaves : {lms_leaves, 32U}) {
    const auto key = parse_lms_private_key(lms_private_key_bytes(small_key(leaves)), error);
    REQUIRE_MESSAGE(key.has_value(), error);
    CHECK(*key == small_key(leaves));
  }
  const LmsPublicKey public_key = LmsTree(small_key(1)).public_key();
  const auto read = parse_lms_public_key(lms_public_key_bytes(public_key), error);
  REQUIRE_MESSAGE(read.has_value(), error);
  CHECK(*read == public_key);

  auto bytes = lms_private_key_bytes(small_key(lms_leaves));
  CHECK(bytes.size() == 48);
  bytes[3] = 11;
  CHECK_FALSE(parse_lms_private_key(bytes, error).has_value());
  CHECK(error.starts_with("its types are 11 and 7"));
  bytes[3] = 12;
  bytes.resize(52);
  CHECK_FALSE(parse_lms_private_key(bytes, error).has_value());
  CHECK(error.starts_with("0 is not a number of leaves"));
  bytes.resize(47);
  CHECK_FALSE(parse_lms_private_key(bytes, error).has_value());
  CHECK(error == "an LMS private key has 48 bytes, not 47");
  CHECK_FALSE(parse_lms_public_key({}, error).has_value());
}
