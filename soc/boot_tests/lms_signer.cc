// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/boot_tests/lms_signer.h"

#include <algorithm>

#include "soc/boot_tests/openssl.h"

namespace caliptra::boot_tests {
namespace {

constexpr unsigned hash_size = 24;
constexpr unsigned chains = 51;
constexpr unsigned chain_end = 15;
constexpr unsigned checksum_shift = 4;
constexpr unsigned height = 15;

using Node = std::array<uint8_t, hash_size>;
using Bytes = std::vector<uint8_t>;

void append(Bytes& bytes, std::span<const uint8_t> more) { bytes.insert(bytes.end(), more.begin(), more.end()); }
void append16(Bytes& bytes, uint32_t value) {
  bytes.push_back(static_cast<uint8_t>(value >> 8));
  bytes.push_back(static_cast<uint8_t>(value));
}
void append32(Bytes& bytes, uint32_t value) {
  append16(bytes, value >> 16);
  append16(bytes, value & 0xffff);
}

Node hash(const Bytes& message) {
  const Bytes digest = sha256(message);
  Node node;
  std::copy_n(digest.begin(), hash_size, node.begin());
  return node;
}

Node chain(const LmsSignature& key, unsigned index, unsigned from, unsigned to, Node value) {
  for (unsigned step = from; step < to; ++step) {
    Bytes input;
    append(input, key.identifier);
    append32(input, key.leaf);
    append16(input, index);
    input.push_back(static_cast<uint8_t>(step));
    append(input, value);
    value = hash(input);
  }
  return value;
}

}  // namespace

LmsSignature lms_sign(std::span<const uint8_t> message) {
  LmsSignature result;
  for (unsigned i = 0; i < result.identifier.size(); ++i) result.identifier[i] = static_cast<uint8_t>(0x40 + i);
  result.leaf = 0x1234;

  Node randomizer;
  randomizer.fill(0xa5);
  Bytes input;
  append(input, result.identifier);
  append32(input, result.leaf);
  append16(input, 0x8181);
  append(input, randomizer);
  append(input, message);
  const Node digest = hash(input);

  std::vector<unsigned> digits;
  unsigned checksum = 0;
  for (const uint8_t byte : digest) {
    for (const unsigned digit : {unsigned{byte} >> 4, unsigned{byte} & 0xf}) {
      digits.push_back(digit);
      checksum += chain_end - digit;
    }
  }
  checksum <<= checksum_shift;
  for (const unsigned shift : {12U, 8U, 4U}) digits.push_back(checksum >> shift & 0xf);

  append32(result.ots, LmsSignature::ots_type);
  append(result.ots, randomizer);
  Bytes ends;
  append(ends, result.identifier);
  append32(ends, result.leaf);
  append16(ends, 0x8080);
  for (unsigned i = 0; i < chains; ++i) {
    Node secret;
    for (unsigned j = 0; j < hash_size; ++j) secret[j] = static_cast<uint8_t>(17 * i + j);
    const Node signature = chain(result, i, 0, digits[i], secret);
    append(result.ots, signature);
    append(ends, chain(result, i, digits[i], chain_end, signature));
  }

  uint32_t number = (1U << height) + result.leaf;
  input.clear();
  append(input, result.identifier);
  append32(input, number);
  append16(input, 0x8282);
  append(input, hash(ends));
  Node node = hash(input);
  for (unsigned level = 0; level < height; ++level) {
    Node sister;
    sister.fill(static_cast<uint8_t>(level + 1));
    append(result.path, sister);
    input.clear();
    append(input, result.identifier);
    append32(input, number / 2);
    append16(input, 0x8383);
    append(input, number % 2 == 0 ? node : sister);
    append(input, number % 2 == 0 ? sister : node);
    node = hash(input);
    number /= 2;
  }
  result.root = node;
  return result;
}

}  // namespace caliptra::boot_tests
