// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/image/rom_info.h"

#include <fmt/format.h>

#include <algorithm>

#include "peripherals/crypto/sha2.h"

namespace caliptra::image {
namespace {

constexpr std::size_t alignment = 64;    // the linker script's
constexpr std::size_t record_size = 60;  // digest, revision, flags, version, 2 bytes reserved
constexpr std::size_t digest_size = 32;

// clang-format off
constexpr RomRelease releases[] = {
    {"8d27981af3d8b6cd587b3ba32d41d83ed34ea42646c339a0555d8bbd5f8b5ad24479440e61237c9df7b80961d7c33dfd", "1.0.0", false, false},
    {"95d0079625905d680ceffb1bf1f57c68d74eeac5696d18e144bf4801ec5334340e0326dc36006ca40e82facacb8262b4", "1.0.0", true, false},
    {"f189fde8f976e8fbbc81d087695c962efe9e34f95e10f7ec73ff84f74d5d436a9cc7ecc6d84b73ed1cbc235933e57f90", "1.0.1", false, false},
    {"318af065d0829f612f7dae6e1f7729eba3e29b036d090585c4371c4f06fc7f06aaf530a12a07a8c5acabff8c08c825f6", "1.0.1", true, false},
    {"a6d9b0b6ae4abe19b11a838b2bebaa93f7e8f901c86cdd1e5dae31ae7fed833eff1e46968abbeff5cb3c7fe020565d82", "1.0.2", false, false},
    {"f6df64ab5a31ecbbf4380e55a13ade0f43e797cf73defb288f719cabc1e60c5bf4da85b54f068e3182040db0675b4f4b", "1.0.2", true, false},
    {"e18a393e604230509d468205972185fe1b55e6a39a088a40ecc46c7e82749110e3c0287de565cd735aaf0e3bcf19e003", "1.0.3", false, true},
    {"89ac48da7ac14cc456b9545c68f5ff70e6a6fcdd4deba3d7d94a65b7d3ad092273a723114073a925728fa82c3c8ca225", "1.0.3", false, false},
    {"94851338e4ab00ce6ea7e3d0bdd568791545b9b92936a8fd0741a8efced4c79fe75ae98dfbf29014b46b8d566607698b", "1.0.3", true, true},
    {"ab399aa651019bb77c379ccb184444b2dd17d118f27072827477d2bf561616251b0ea149973ac13659b25e81beffafe6", "1.0.3", true, false},
    {"c34775cd25fa7d601b6eba2d53a22ac880acfb619db0249f9aa540b8d015422b126b5bdf24af71bee0c0a838cdbcdd87", "1.1.0", false, false},
    {"43b02b420fcd8c0f220dd3f1dc32ca47034afbea08ac27ac66582b5ddf984af7b17f98d239fa367ad3910f8ad37a0a58", "1.1.0", true, false},
    {"7af29db7dca485a6ede47cf78330973b97eaba1bb3c0eb7482c73cde8d128d7a151a54d5ecd8b2cc3b1e73bea0910ebd", "1.1.1", false, true},
    {"82d7deac6818ac1e74eb5657f3e8099fc3a16d78ed948a80fface01bf7658d6368bb0dd558d7530f5422c07a090b9ad7", "1.1.1", false, false},
    {"71f54d7806a0a4c5055cf50a78f4286c484fd1bd548443e291722ea6b52ec17e7c10a90380da24a6a6167db88b13fc77", "1.1.1", true, true},
    {"8a4666ba89f87d42214aba5ad442b8a1c1d8f99258b9fb8fdacaf3cfb62fff12042b2663abf7e7092722ac4c64f7715a", "1.1.1", true, false},
    {"6759cb95de60d8f58e44f9b8a0b5512d9e8aa6c5cef450484b887cb7d8d6d8ad4fedb0c646bdd30852b6a85f6aa84d95", "1.2.0", false, true},
    {"df4a72ee4a88d12d7216f8d23c6567b479694dec959e7332d69094098d312ea2dbf35de1117db156635ad41a78bf3c14", "1.2.0", false, false},
    {"64da5237e2412bcbd203db756136e474e2d8d078d8752b68bddd5b9717563abeecd27874ac0eead1bc777a4f01f5fc24", "1.2.0", true, true},
    {"02db1204eea812bee28904ce877ec7604746169fa7bfa82471cf10af239852466c1a16b2d5b3b9ad26b4ccfe2ca0a1b5", "1.2.0", true, false},
    {"128ee63f183568e076877b827dec77901fb6e88102c43000d5288bb471627df91439744be387ee23314ec9fb9cb463d6", "2.0.0", false, false},
    {"24b6e8b25e7cbf943db4a50c5e11659945fa9eede950dda22803aee78a448ad9d2b055ed03b173aef6615f74577205d0", "2.0.0", true, false},
    {"e755a14f7464c9d74a57765c7c07060ea4cd2c3fba0a72ecff87aaf34195bb06e6fa36f990912074906cd6a4fa2f836a", "2.0.1", false, false},
    {"1d8f26024ac634c48e8c3c9a427e1e11c445b4777d3701e6765be3bf804672cdcf106624d3ce25f06e85adbd959f2ed4", "2.0.1", true, false},
    {"9109c5d2eed96c9d80a51d02e6e49d965c7124846d087c3a771db473d918fe2b79e01cbdacd1ca858fc6f88bf7788c1a", "2.0.2", false, true},
    {"646f2a735dc7ca883103e88186e825619fafcae4a9df538d8d576aa48401b2b3f7ad8db9a75b967d4cb1ca05126e1e63", "2.0.2", true, true},
    {"99d0ee7a1a32fc04d24521583215ffca0bd863d393100282fb0fd89566f35ee53d5f2f36f2bfa3e3e2d2b40c8ffc67e2", "2.1.0", false, false},
    {"d9789f53750cf035a4fa9e3800c4d0e7f6b71790d1e6eb429a93383f981639381a9da855f5cfd9572743c95df44373ce", "2.1.0", true, false},
    {"a4b14f97b8b81a1cbeb8452f035afd1bb024da7103ec9fb4f8d8aab35511b694352428b733e49f81cace765533d7f121", "2.1.1", false, false},
    {"1a65371a36860fa8dea414beb48c4afca6375d77c6f6ee6e3983b3233d3a565b172e8560a6d8b35010f7c56736283397", "2.1.1", true, false},
    {"94433c2542a2e9180063c58cf49001f024aa5a63794bdd523fa9c8ffdaaeb59d7ba661e7b096c7de9270a361ce261c68", "2.1.2", false, true},
    {"0a15e3540b58bd1dd4f08a299735181f834e3cc6ffb6afafdb8968f5913b5db7595c58534eb75d0c1822e196e5a056df", "2.1.2", false, false},
    {"39afe109ca469e801625c1361fef55635b140e3549c1282ba425d36e7e63e2632a0a4a030990ee2f16e9d34fe5438f39", "2.1.2", true, true},
    {"9a63d03bc86ca687bf674d99dbe91cb60b5d41484bc53a1941cd445067d8dc92b90e3cccf623dc38a0e2c87ec81df3d5", "2.1.2", true, false},
};
// clang-format on

uint32_t word_at(std::span<const uint8_t> bytes, std::size_t at) {
  return bytes[at] | uint32_t{bytes[at + 1]} << 8 | uint32_t{bytes[at + 2]} << 16 | uint32_t{bytes[at + 3]} << 24;
}

/// Ends a SHA-256 of whole blocks.
crypto::Sha256State finished(crypto::Sha256State state, std::size_t bytes) {
  std::array<uint8_t, crypto::sha256_block_size> padding{0x80};
  for (unsigned i = 0; i < 8; ++i) padding[56 + i] = static_cast<uint8_t>(uint64_t{bytes} * 8 >> (56 - 8 * i));
  crypto::sha256_compress(state, padding);
  return state;
}

}  // namespace

std::string rom_version_text(uint16_t version) {
  return fmt::format("{}.{}.{}", version >> 11, version >> 6 & 0x1f, version & 0x3f);
}

std::optional<RomInfo> find_rom_info(std::span<const uint8_t> rom) {
  crypto::Sha256State state = crypto::sha256_initial;
  for (std::size_t at = 0; at + alignment <= rom.size(); at += alignment) {
    // Words of the record and of the digest compare without turning bytes round.
    const auto digest = finished(state, at);
    bool equal = at > 0;
    for (std::size_t i = 0; equal && i < digest.size(); ++i) equal = word_at(rom, at + 4 * i) == digest[i];
    if (equal && at + record_size <= rom.size()) {
      RomInfo info{.offset = at};
      for (std::size_t i = 0; i < digest_size; ++i)
        info.digest[i] = static_cast<uint8_t>(digest[i / 4] >> (24 - 8 * (i % 4)));
      std::copy_n(rom.begin() + static_cast<std::ptrdiff_t>(at + digest_size), info.revision.size(),
                  info.revision.begin());
      info.flags = word_at(rom, at + 52);
      info.version = static_cast<uint16_t>(word_at(rom, at + 56));
      return info;
    }
    std::array<uint8_t, alignment> block;
    for (std::size_t i = 0; i < block.size(); ++i) block[i] = rom[at + (i ^ 3)];
    crypto::sha256_compress(state, block);
  }
  return std::nullopt;
}

std::span<const RomRelease> rom_releases() { return releases; }

const RomRelease* find_rom_release(std::span<const uint8_t> rom) {
  std::string sum;
  for (const uint8_t byte : crypto::sha384(rom)) sum += fmt::format("{:02x}", byte);
  const auto found = std::find_if(std::begin(releases), std::end(releases),
                                  [&](const RomRelease& release) { return release.sha384 == sum; });
  return found == std::end(releases) ? nullptr : &*found;
}

}  // namespace caliptra::image
