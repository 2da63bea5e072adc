// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/image/lms.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <thread>

#include "peripherals/crypto/sha2.h"

namespace caliptra::image {
namespace {

constexpr unsigned chain_end = 15;
constexpr unsigned checksum_shift = 4;

// What sets hashes for one purpose apart from those for another (RFC 8554, 4 and 5; appendix A for the secrets).
constexpr uint16_t public_key_mark = 0x8080;
constexpr uint16_t message_mark = 0x8181;
constexpr uint16_t leaf_mark = 0x8282;
constexpr uint16_t inner_mark = 0x8383;
constexpr uint8_t secret_mark = 0xff;
// Not of the RFC: randomizers, and nodes that are made up.
constexpr uint16_t randomizer_mark = 0xfffd;
constexpr uint16_t made_up_mark = 0xfffe;

/// A message on its way to the hash.
class Input {
 public:
  Input(const LmsIdentifier& identifier, uint32_t number) {
    bytes(identifier);
    word(number);
  }
  Input& bytes(std::span<const uint8_t> more) {
    text_.insert(text_.end(), more.begin(), more.end());
    return *this;
  }
  Input& byte(uint8_t value) {
    text_.push_back(value);
    return *this;
  }
  Input& half(uint16_t value) { return byte(static_cast<uint8_t>(value >> 8)).byte(static_cast<uint8_t>(value)); }
  Input& word(uint32_t value) { return half(static_cast<uint16_t>(value >> 16)).half(static_cast<uint16_t>(value)); }

  [[nodiscard]] LmsNode hash() const {
    const auto digest = crypto::sha256(text_);
    LmsNode node;
    std::copy_n(digest.begin(), node.size(), node.begin());
    return node;
  }

 private:
  std::vector<uint8_t> text_;
};

/// One hash chain: its links differ in a number and in what they hash, and all fit into one padded block.
class Chain {
 public:
  Chain(const LmsIdentifier& identifier, uint32_t leaf, unsigned index) {
    std::copy(identifier.begin(), identifier.end(), block_.begin());
    for (unsigned i = 0; i < 4; ++i) block_[16 + i] = static_cast<uint8_t>(leaf >> (24 - 8 * i));
    block_[20] = static_cast<uint8_t>(index >> 8);
    block_[21] = static_cast<uint8_t>(index);
    block_[text_size] = 0x80;
    block_[62] = static_cast<uint8_t>(8 * text_size >> 8);
    block_[63] = static_cast<uint8_t>(8 * text_size);
  }

  /// From link `from` to link `to`.
  [[nodiscard]] LmsNode walk(LmsNode value, unsigned from, unsigned to) {
    for (unsigned link = from; link < to; ++link) value = hash(static_cast<uint8_t>(link), value);
    return value;
  }

  [[nodiscard]] LmsNode secret(const LmsNode& seed) { return hash(secret_mark, seed); }

 private:
  static constexpr std::size_t text_size = 16 + 4 + 2 + 1 + 24;

  LmsNode hash(uint8_t mark, const LmsNode& value) {
    block_[22] = mark;
    std::copy(value.begin(), value.end(), block_.begin() + 23);
    crypto::Sha256State state = crypto::sha256_initial;
    crypto::sha256_compress(state, block_);
    LmsNode node;
    for (std::size_t i = 0; i < node.size(); ++i) node[i] = static_cast<uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
    return node;
  }

  std::array<uint8_t, 64> block_{};
};

/// How far each chain goes for a message: its digest in steps of 4 bits, and the checksum.
std::array<uint8_t, lms_chains> chain_lengths(const LmsIdentifier& identifier, uint32_t leaf, const LmsNode& randomizer,
                                              std::span<const uint8_t> message) {
  const LmsNode digest = Input(identifier, leaf).half(message_mark).bytes(randomizer).bytes(message).hash();
  std::array<uint8_t, lms_chains> lengths{};
  unsigned checksum = 0;
  for (std::size_t i = 0; i < 2 * digest.size(); ++i) {
    lengths[i] = i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 0xf;
    checksum += chain_end - lengths[i];
  }
  checksum <<= checksum_shift;
  for (unsigned i = 0; i < 3; ++i) lengths[48 + i] = checksum >> (12 - 4 * i) & 0xf;
  return lengths;
}

LmsNode leaf_node(const LmsIdentifier& identifier, uint32_t leaf, std::span<const LmsNode> chain_ends) {
  Input ends(identifier, leaf);
  ends.half(public_key_mark);
  for (const LmsNode& end : chain_ends) ends.bytes(end);
  return Input(identifier, lms_leaves + leaf).half(leaf_mark).bytes(ends.hash()).hash();
}

LmsNode inner_node(const LmsIdentifier& identifier, uint32_t number, const LmsNode& left, const LmsNode& right) {
  return Input(identifier, number).half(inner_mark).bytes(left).bytes(right).hash();
}

LmsNode real_leaf(const LmsPrivateKey& key, uint32_t leaf) {
  std::array<LmsNode, lms_chains> ends;
  for (unsigned i = 0; i < lms_chains; ++i) {
    Chain chain(key.identifier, leaf, i);
    ends[i] = chain.walk(chain.secret(key.seed), 0, chain_end);
  }
  return leaf_node(key.identifier, leaf, ends);
}

LmsNode made_up_node(const LmsPrivateKey& key, uint32_t number) {
  return Input(key.identifier, number).half(made_up_mark).bytes(key.seed).hash();
}

void put_word(std::vector<uint8_t>& bytes, uint32_t word) {
  for (const unsigned shift : {24, 16, 8, 0}) bytes.push_back(static_cast<uint8_t>(word >> shift));
}

uint32_t word_at(std::span<const uint8_t> bytes, std::size_t at) {
  return uint32_t{bytes[at]} << 24 | uint32_t{bytes[at + 1]} << 16 | uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

constexpr std::size_t key_size = 48;

std::vector<uint8_t> key_bytes(uint32_t tree_type, uint32_t ots_type, const LmsIdentifier& identifier,
                               const LmsNode& last) {
  std::vector<uint8_t> bytes;
  put_word(bytes, tree_type);
  put_word(bytes, ots_type);
  bytes.insert(bytes.end(), identifier.begin(), identifier.end());
  bytes.insert(bytes.end(), last.begin(), last.end());
  return bytes;
}

std::string wrong_types(std::span<const uint8_t> bytes) {
  if (word_at(bytes, 0) == lms_tree_type && word_at(bytes, 4) == lms_ots_type) return "";
  return fmt::format("its types are {} and {}; Caliptra takes LMS_SHA256_M24_H15 ({}) with LMOTS_SHA256_N24_W4 ({})",
                     word_at(bytes, 0), word_at(bytes, 4), lms_tree_type, lms_ots_type);
}

}  // namespace

std::vector<uint8_t> lms_private_key_bytes(const LmsPrivateKey& key) {
  auto bytes = key_bytes(lms_tree_type, lms_ots_type, key.identifier, key.seed);
  if (key.real_leaves != lms_leaves) put_word(bytes, key.real_leaves);
  return bytes;
}

std::vector<uint8_t> lms_public_key_bytes(const LmsPublicKey& key) {
  return key_bytes(key.tree_type, key.ots_type, key.identifier, key.root);
}

std::optional<LmsPrivateKey> parse_lms_private_key(std::span<const uint8_t> bytes, std::string& error) {
  if (bytes.size() != key_size && bytes.size() != key_size + 4) {
    error = fmt::format("an LMS private key has {} bytes, not {}", key_size, bytes.size());
    return std::nullopt;
  }
  error = wrong_types(bytes);
  if (!error.empty()) return std::nullopt;
  LmsPrivateKey key;
  std::copy_n(bytes.begin() + 8, key.identifier.size(), key.identifier.begin());
  std::copy_n(bytes.begin() + 24, key.seed.size(), key.seed.begin());
  if (bytes.size() > key_size) key.real_leaves = word_at(bytes, key_size);
  if (!std::has_single_bit(key.real_leaves) || key.real_leaves > lms_leaves) {
    error = fmt::format("{} is not a number of leaves: a power of two up to {} is", key.real_leaves, lms_leaves);
    return std::nullopt;
  }
  return key;
}

std::optional<LmsPublicKey> parse_lms_public_key(std::span<const uint8_t> bytes, std::string& error) {
  if (bytes.size() != key_size) {
    error = fmt::format("an LMS public key has {} bytes, not {}", key_size, bytes.size());
    return std::nullopt;
  }
  error = wrong_types(bytes);
  if (!error.empty()) return std::nullopt;
  LmsPublicKey key{.tree_type = lms_tree_type, .ots_type = lms_ots_type};
  std::copy_n(bytes.begin() + 8, key.identifier.size(), key.identifier.begin());
  std::copy_n(bytes.begin() + 24, key.root.size(), key.root.begin());
  return key;
}

LmsTree::LmsTree(const LmsPrivateKey& key) : key_(key) {
  levels_.emplace_back(key.real_leaves);
  std::vector<LmsNode>& leaves = levels_.front();
  const std::size_t workers = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, leaves.size() / 32 + 1);
  std::vector<std::thread> threads;
  const auto work = [&](std::size_t first) {
    for (std::size_t i = first; i < leaves.size(); i += workers) leaves[i] = real_leaf(key_, static_cast<uint32_t>(i));
  };
  for (std::size_t i = 1; i < workers; ++i) threads.emplace_back(work, i);
  work(0);
  for (std::thread& thread : threads) thread.join();

  for (uint32_t first = lms_leaves / 2; levels_.back().size() > 1; first /= 2) {
    const std::vector<LmsNode>& below = levels_.back();
    std::vector<LmsNode> level(below.size() / 2);
    for (std::size_t i = 0; i < level.size(); ++i) {
      level[i] = inner_node(key_.identifier, first + static_cast<uint32_t>(i), below[2 * i], below[2 * i + 1]);
    }
    levels_.push_back(std::move(level));
  }
}

LmsPublicKey LmsTree::public_key() const {
  LmsPublicKey key{.tree_type = lms_tree_type, .ots_type = lms_ots_type, .identifier = key_.identifier};
  // The real leaves are the leftmost.
  LmsNode node = levels_.back().front();
  for (uint32_t number = lms_leaves >> (levels_.size() - 1); number > 1; number /= 2) {
    node = inner_node(key_.identifier, number / 2, node, made_up_node(key_, number + 1));
  }
  key.root = node;
  return key;
}

std::optional<LmsSignature> LmsTree::sign(uint32_t leaf, std::span<const uint8_t> message) const {
  if (leaf >= key_.real_leaves) return std::nullopt;
  LmsSignature signature{.leaf = leaf, .ots_type = lms_ots_type, .tree_type = lms_tree_type};
  signature.randomizer = Input(key_.identifier, leaf).half(randomizer_mark).bytes(key_.seed).bytes(message).hash();
  const auto lengths = chain_lengths(key_.identifier, leaf, signature.randomizer, message);
  for (unsigned i = 0; i < lms_chains; ++i) {
    Chain chain(key_.identifier, leaf, i);
    signature.chains[i] = chain.walk(chain.secret(key_.seed), 0, lengths[i]);
  }
  for (unsigned level = 0; level < lms_height; ++level) {
    const uint32_t sister = (leaf >> level) ^ 1;
    const bool real = level + 1 < levels_.size();
    signature.path[level] = real ? levels_[level][sister] : made_up_node(key_, (lms_leaves >> level) + sister);
  }
  return signature;
}

LmsNode lms_candidate(const LmsPublicKey& key, std::span<const uint8_t> message, const LmsSignature& signature) {
  const auto lengths = chain_lengths(key.identifier, signature.leaf, signature.randomizer, message);
  std::array<LmsNode, lms_chains> ends;
  for (unsigned i = 0; i < lms_chains; ++i) {
    ends[i] = Chain(key.identifier, signature.leaf, i).walk(signature.chains[i], lengths[i], chain_end);
  }
  LmsNode node = leaf_node(key.identifier, signature.leaf, ends);
  uint32_t number = lms_leaves + signature.leaf;
  for (const LmsNode& sister : signature.path) {
    node = number % 2 == 0 ? inner_node(key.identifier, number / 2, node, sister)
                           : inner_node(key.identifier, number / 2, sister, node);
    number /= 2;
  }
  return node;
}

bool lms_verify(const LmsPublicKey& key, std::span<const uint8_t> message, const LmsSignature& signature) {
  return key.tree_type == lms_tree_type && signature.tree_type == lms_tree_type && key.ots_type == lms_ots_type &&
         signature.ots_type == lms_ots_type && signature.leaf < lms_leaves &&
         lms_candidate(key, message, signature) == key.root;
}

}  // namespace caliptra::image
