// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/ecc384/ecc384.h"

#include <doctest/doctest.h>

#include "iss/state_stream.h"
#include "peripherals/crypto/p384.h"
#include "peripherals/crypto/sha2.h"
#include "peripherals/crypto/test_support.h"
#include "peripherals/ecc384/ecc384_test_support.h"
#include "peripherals/ecc384/hmac_drbg.h"

namespace {

using namespace caliptra;
using namespace caliptra::ecc384_regs;
using namespace caliptra::testing;
using crypto::testing::array_from_hex;
using crypto::testing::RandomBytes;
using veer::Agent;
using veer::Reset;

// RFC 6979, A.2.6.
const Number rfc_key = array_from_hex<48>(
    "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5");
const Number rfc_x = array_from_hex<48>(
    "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13");
const Number rfc_y = array_from_hex<48>(
    "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720");
const Number rfc_r = array_from_hex<48>(
    "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46");
const Number rfc_s = array_from_hex<48>(
    "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8");
const Number sample = crypto::sha384(std::array<uint8_t, 6>{'s', 'a', 'm', 'p', 'l', 'e'});
constexpr Number zero{};

struct Fixture : EccFixture {
  using EccFixture::EccFixture;

  void load_signature() {
    write(ECC_MSG::offset, sample);
    write(ECC_PUBKEY_X::offset, rfc_x);
    write(ECC_PUBKEY_Y::offset, rfc_y);
    write(ECC_SIGN_R::offset, rfc_r);
    write(ECC_SIGN_S::offset, rfc_s);
  }
  void enable_interrupts() {
    write(global_intr_en_r::offset, 3);
    write(error_intr_en_r::offset, 1);
    write(notif_intr_en_r::offset, 1);
  }
};

TEST_CASE_FIXTURE(Fixture, "ecc384: name, version and idle status") {
  CHECK(read(ECC_NAME::offset) == 0x63707365);
  CHECK(read(ECC_NAME::offset + 4) == 0x38342d33);
  CHECK(read(ECC_VERSION::offset) == 0x3030312e);
  CHECK(read(ECC_VERSION::offset + 4) == 0);
  CHECK(status() == 1);
  CHECK(read(ecc_kv_rd_pkey_status::offset) == 1);
  CHECK(read(ecc_kv_rd_seed_status::offset) == 1);
  CHECK(read(ecc_kv_wr_pkey_status::offset) == 1);
  CHECK(!engine->busy());
}

TEST_CASE_FIXTURE(Fixture, "ecc384: signs as RFC 6979 does, and takes the reference's time") {
  enable_interrupts();
  write(ECC_PRIVKEY_IN::offset, rfc_key);
  write(ECC_MSG::offset, sample);
  command(sign);
  CHECK(status() == 0);
  CHECK(engine->busy());
  run(999);
  CHECK(status() == 0);
  CHECK(number(ECC_SIGN_R::offset) == zero);
  CHECK(!engine->interrupts.notif.level());
  run(1);
  CHECK(status() == 3);
  CHECK(engine->interrupts.notif.level());
  CHECK(!engine->busy());
  CHECK(number(ECC_SIGN_R::offset) == rfc_r);
  CHECK(number(ECC_SIGN_S::offset) == rfc_s);
  CHECK(number(ECC_PRIVKEY_IN::offset) == zero);  // write-only
  CHECK(stored(ECC_PRIVKEY_IN::offset) == rfc_key);
  CHECK(read(ECC_CTRL::offset) == 0);
  write(notif_internal_intr_r::offset, 1);
  CHECK(!engine->interrupts.notif.level());
}

TEST_CASE_FIXTURE(Fixture, "ecc384: verification gives r, whether or not the signature is right") {
  load_signature();
  REQUIRE(complete(verify));
  CHECK(number(ECC_VERIFY_R::offset) == rfc_r);

  Number other = sample;
  other[47] ^= 1;
  write(ECC_MSG::offset, other);
  REQUIRE(complete(verify));
  CHECK(number(ECC_VERIFY_R::offset) != rfc_r);
  CHECK(errors() == 0);
}

TEST_CASE_FIXTURE(Fixture, "ecc384: key generation gives the DRBG's first key and its public key") {
  RandomBytes random(1);
  const Number seed = random.array<48>();
  const Number nonce = random.array<48>();
  write(ECC_SEED::offset, seed);
  write(ECC_NONCE::offset, nonce);
  write(ECC_IV::offset, random.array<48>());
  REQUIRE(complete(keygen));
  const Number key = number(ECC_PRIVKEY_OUT::offset);
  CHECK(key == hmac_drbg(seed, nonce));
  const auto point = crypto::p384_public_key(key);
  REQUIRE(point);
  CHECK(number(ECC_PUBKEY_X::offset) == point->x);
  CHECK(number(ECC_PUBKEY_Y::offset) == point->y);
  CHECK(vault.writes == 0);
}

TEST_CASE_FIXTURE(Fixture, "ecc384: nothing but ZEROIZE is written while it is busy") {
  load_signature();
  write(ECC_PRIVKEY_IN::offset, rfc_key);
  command(sign);
  for (const uint32_t offset :
       {ECC_SEED::offset, ECC_NONCE::offset, ECC_MSG::offset, ECC_PRIVKEY_IN::offset, ECC_PUBKEY_X::offset,
        ECC_PUBKEY_Y::offset, ECC_SIGN_R::offset, ECC_SIGN_S::offset, ECC_IV::offset}) {
    const Number before = stored(offset);
    write(offset, Number{1, 2, 3});
    CHECK(stored(offset) == before);
  }
  command(verify);
  run(1000);
  CHECK(number(ECC_SIGN_R::offset) == rfc_r);
  CHECK(status() == 3);
}

TEST_CASE_FIXTURE(Fixture, "ecc384: ZEROIZE ends an operation and clears all") {
  for (const uint64_t after : {0, 500, 2000}) {
    load_signature();
    write(ECC_PRIVKEY_IN::offset, rfc_key);
    write(ECC_SEED::offset, rfc_key);
    write(ECC_NONCE::offset, rfc_key);
    write(ECC_IV::offset, rfc_key);
    command(sign);
    run(after);
    command(zeroize | keygen | pcr_sign);  // no command goes with it
    CHECK(status() == 1);
    for (uint32_t offset = ECC_SEED::offset; offset < ecc_kv_rd_pkey_ctrl::offset; offset += 4) {
      CHECK(engine->stored(offset) == 0);
    }
    run(3000);
    CHECK(status() == 1);
    CHECK(errors() == 0);
  }
}

TEST_CASE("ecc384: inputs out of range raise the error interrupt and give no result") {
  const Number order = crypto::p384_order;
  const Number prime = crypto::p384_prime;
  struct Case {
    uint32_t command;
    uint32_t input;
    Number value;
  };
  const Case cases[] = {
      {sign, ECC_PRIVKEY_IN::offset, zero},  {sign, ECC_PRIVKEY_IN::offset, order}, {verify, ECC_SIGN_R::offset, zero},
      {verify, ECC_SIGN_R::offset, order},   {verify, ECC_SIGN_S::offset, zero},    {verify, ECC_SIGN_S::offset, order},
      {verify, ECC_PUBKEY_X::offset, prime}, {verify, ECC_PUBKEY_Y::offset, prime},
  };
  for (const Case& bad : cases) {
    Fixture ecc;
    ecc.enable_interrupts();
    ecc.load_signature();
    ecc.write(ECC_PRIVKEY_IN::offset, rfc_key);
    REQUIRE(ecc.complete(verify));
    ecc.write(notif_internal_intr_r::offset, 1);
    ecc.write(bad.input, bad.value);
    const Number r = ecc.number(ECC_SIGN_R::offset);

    CHECK(!ecc.complete(bad.command));
    CHECK(ecc.status() == 1);
    CHECK(ecc.engine->interrupts.error.level());
    CHECK(!ecc.engine->interrupts.notif.level());
    CHECK(ecc.errors() == 1);
    CHECK(ecc.number(ECC_SIGN_R::offset) == r);  // outputs stay
    CHECK(ecc.number(ECC_VERIFY_R::offset) == rfc_r);

    ecc.write(error_internal_intr_r::offset, 1);
    CHECK(!ecc.engine->interrupts.error.level());
    ecc.load_signature();
    CHECK(ecc.complete(verify));
  }
}

TEST_CASE_FIXTURE(Fixture, "ecc384: a point off the curve spoils verification until ZEROIZE") {
  load_signature();
  Number y = rfc_y;
  y[47] ^= 1;
  write(ECC_PUBKEY_Y::offset, y);
  command(verify);
  CHECK(status() == 0);
  CHECK(errors() == 0);
  run(1000);
  CHECK(status() == 1);
  CHECK(errors() == 1);
  write(ECC_PUBKEY_Y::offset, rfc_y);
  command(verify);
  CHECK(status() == 1);
  CHECK(errors() == 2);
  write(ECC_PRIVKEY_IN::offset, rfc_key);
  CHECK(complete(sign));

  command(zeroize);
  load_signature();
  CHECK(complete(verify));
  CHECK(number(ECC_VERIFY_R::offset) == rfc_r);
}

TEST_CASE_FIXTURE(Fixture, "ecc384: a private key from the vault signs once and is locked meanwhile") {
  vault.hold(rfc_key);
  write(ecc_kv_rd_pkey_ctrl::offset, 1 | 13U << 1);
  CHECK(vault.read_slot == 13);
  CHECK(vault.read_use == KeyUse::ecc_private_key);
  CHECK(read(ecc_kv_rd_pkey_status::offset) == 0);
  CHECK(read(ecc_kv_rd_pkey_ctrl::offset) == 13U << 1);
  CHECK(engine->busy());
  run(99);
  CHECK(read(ecc_kv_rd_pkey_status::offset) == 0);
  run(1);
  CHECK(read(ecc_kv_rd_pkey_status::offset) == 3);
  write(ECC_PRIVKEY_IN::offset, Number{9});
  write(ECC_MSG::offset, sample);
  REQUIRE(complete(sign));
  CHECK(number(ECC_SIGN_R::offset) == rfc_r);
  CHECK(stored(ECC_PRIVKEY_IN::offset) == zero);
  CHECK(!complete(sign));  // the key is gone
  write(ECC_PRIVKEY_IN::offset, rfc_key);
  CHECK(complete(sign));
}

TEST_CASE_FIXTURE(Fixture, "ecc384: a command that comes during a key read waits for it") {
  vault.hold(rfc_key);
  write(ECC_MSG::offset, sample);
  write(ecc_kv_rd_pkey_ctrl::offset, 1);
  run(40);
  command(sign);
  CHECK(status() == 1);
  run(60);
  CHECK(status() == 0);
  run(1000);
  CHECK(number(ECC_SIGN_S::offset) == rfc_s);
}

TEST_CASE_FIXTURE(Fixture, "ecc384: a refused key read leaves 0 and keeps it there until one succeeds") {
  write(ECC_PRIVKEY_IN::offset, rfc_key);
  vault.refuse();
  write(ecc_kv_rd_pkey_ctrl::offset, 1);
  run(100);
  CHECK(read(ecc_kv_rd_pkey_status::offset) == (3 | 1U << 2));
  CHECK(stored(ECC_PRIVKEY_IN::offset) == zero);
  CHECK(!complete(sign));
  CHECK(errors() == 1);
  load_signature();
  CHECK(complete(verify));  // unlocks the register, but the error still holds it
  write(ECC_PRIVKEY_IN::offset, rfc_key);
  CHECK(stored(ECC_PRIVKEY_IN::offset) == zero);
  vault.hold(rfc_key);
  write(ecc_kv_rd_pkey_ctrl::offset, 1);
  run(100);
  CHECK(read(ecc_kv_rd_pkey_status::offset) == 3);
  CHECK(complete(sign));
}

TEST_CASE_FIXTURE(Fixture, "ecc384: a seed from the vault makes a key that only the vault gets") {
  RandomBytes random(2);
  const Number seed = random.array<48>();
  vault.hold(seed);
  write(ecc_kv_rd_seed_ctrl::offset, 1 | 3U << 1);
  run(100);
  CHECK(vault.read_use == KeyUse::ecc_seed);
  write(ECC_SEED::offset, zero);
  write(ecc_kv_wr_pkey_ctrl::offset, 1 | 21U << 1 | 0x18U << 6);
  CHECK(read(ecc_kv_wr_pkey_status::offset) == 1);
  command(keygen);
  run(1000);
  CHECK(status() == 3);
  CHECK(read(ecc_kv_wr_pkey_status::offset) == 0);
  CHECK(engine->busy());
  CHECK(vault.writes == 0);
  run(100);
  CHECK(read(ecc_kv_wr_pkey_status::offset) == 3);
  CHECK(vault.writes == 1);
  CHECK(vault.written_slot == 21);
  CHECK(vault.written_dest_valid == 0x18);
  CHECK(vault.written == hmac_drbg(seed, zero));
  CHECK(number(ECC_PRIVKEY_OUT::offset) == zero);
  CHECK(stored(ECC_SEED::offset) == zero);
  CHECK((read(ecc_kv_wr_pkey_ctrl::offset) & 1) == 0);

  // Without a destination the key of a vault's seed is lost, not shown.
  write(ecc_kv_rd_seed_ctrl::offset, 1 | 3U << 1);
  run(100);
  REQUIRE(complete(keygen));
  CHECK(number(ECC_PRIVKEY_OUT::offset) == zero);
  CHECK(vault.writes == 1);
}

TEST_CASE_FIXTURE(Fixture, "ecc384: a refused key write says so") {
  vault.write_answer = VaultError::write_fail;
  write(ecc_kv_wr_pkey_ctrl::offset, 1);
  REQUIRE(complete(keygen));
  CHECK(read(ecc_kv_wr_pkey_status::offset) == (3 | 2U << 2));
  vault.write_answer = VaultError::success;
  write(ecc_kv_wr_pkey_ctrl::offset, 1);
  CHECK(read(ecc_kv_wr_pkey_status::offset) == (1 | 2U << 2));
  REQUIRE(complete(keygen));
  CHECK(read(ecc_kv_wr_pkey_status::offset) == 3);
}

TEST_CASE_FIXTURE(Fixture, "ecc384: PCR signing takes key and hash from their own wires") {
  pcr.pcr_signing_privkey = crypto::big_endian_words(rfc_key);
  pcr.pcr_hash = crypto::big_endian_words(sample);
  REQUIRE(complete(pcr_sign | sign));
  CHECK(number(ECC_SIGN_R::offset) == rfc_r);
  CHECK(number(ECC_SIGN_S::offset) == rfc_s);

  for (const uint32_t wrong : {keygen, verify}) {
    const uint32_t before = errors();
    command(pcr_sign | wrong);
    CHECK(status() == 3);  // never started
    CHECK(errors() == before + 1);
  }
  pcr.pcr_signing_privkey.fill(0);
  CHECK(!complete(pcr_sign | sign));
}

TEST_CASE("ecc384: RTL 1.0 neither locks nor forgets a private key from the vault") {
  Fixture ecc(Generation::v1_0);
  ecc.vault.hold(rfc_key);
  ecc.write(ECC_MSG::offset, sample);
  ecc.write(ecc_kv_rd_pkey_ctrl::offset, 1);
  ecc.command(sign);
  CHECK(ecc.status() == 0);  // nor does a command wait
  ecc.run(1000);
  CHECK(ecc.number(ECC_SIGN_R::offset) == rfc_r);
  CHECK(ecc.stored(ECC_PRIVKEY_IN::offset) == rfc_key);
  ecc.write(ECC_PRIVKEY_IN::offset, Number{1});
  CHECK(ecc.stored(ECC_PRIVKEY_IN::offset) == Number{1});

  ecc.write(ecc_kv_rd_seed_ctrl::offset, 1);
  ecc.run(100);
  REQUIRE(ecc.complete(keygen));
  CHECK(ecc.number(ECC_PRIVKEY_OUT::offset) == zero);
  CHECK(ecc.stored(ECC_SEED::offset) == zero);
  REQUIRE(ecc.complete(keygen));
  CHECK(ecc.number(ECC_PRIVKEY_OUT::offset) == hmac_drbg(zero, zero));
}

TEST_CASE("ecc384: the silicon's time") {
  Fixture ecc(Generation::v1_1, veer::TimingProfile::rtl);
  ecc.write(ecc_kv_wr_pkey_ctrl::offset, 1);
  ecc.command(keygen);
  ecc.run(100'000);
  CHECK(ecc.read(ecc_kv_wr_pkey_status::offset) == 3);  // the vault has the key long before the public key is there
  CHECK(ecc.vault.writes == 1);
  CHECK(ecc.status() == 0);
  ecc.run(718'920 - 100'000);
  CHECK(ecc.status() == 3);
  ecc.command(zeroize);
  CHECK(ecc.status() == 0);
  ecc.write(ECC_MSG::offset, 5);
  CHECK(ecc.engine->stored(ECC_MSG::offset) == 0);
  ecc.run(48);
  CHECK(ecc.status() == 1);
}

TEST_CASE_FIXTURE(Fixture, "ecc384: resets") {
  load_signature();
  vault.hold(rfc_key);
  write(ecc_kv_rd_pkey_ctrl::offset, 1);
  command(verify);
  engine->reset(Reset::firmware_update);  // not the engine's: it goes on
  run(1100);
  CHECK(status() == 3);
  write(ECC_SIGN_R::offset, zero);
  CHECK(!complete(verify));

  write(ecc_kv_wr_pkey_ctrl::offset, 1);
  command(keygen);
  run(1050);
  engine->reset(Reset::warm);
  CHECK(status() == 1);
  CHECK(number(ECC_PUBKEY_X::offset) == zero);
  run(3000);
  CHECK(vault.writes == 0);  // lost on the way
  CHECK(errors() == 1);
  engine->reset(Reset::cold);
  CHECK(errors() == 0);
}

TEST_CASE("ecc384: a snapshot in the middle of an operation runs on to the same end") {
  const auto prepare = [](Fixture& ecc) {
    ecc.enable_interrupts();
    ecc.vault.hold(rfc_key);
    ecc.write(ECC_MSG::offset, sample);
  };
  Fixture first;
  prepare(first);
  first.write(ecc_kv_rd_seed_ctrl::offset, 1);
  first.write(ecc_kv_wr_pkey_ctrl::offset, 1 | 5U << 1);
  first.command(keygen);
  for (const uint64_t cycles : {50, 500, 520}) {
    first.run(cycles);
    veer::StateStream save;
    first.clock.state(save);
    first.engine->state(save);
    Fixture second;
    veer::StateStream restore(save.output());
    second.clock.state(restore);
    second.engine->state(restore);
    restore.finish();
    REQUIRE(restore.ok());
    second.run(3000);
    Fixture third;
    prepare(third);
    third.write(ecc_kv_rd_seed_ctrl::offset, 1);
    third.write(ecc_kv_wr_pkey_ctrl::offset, 1 | 5U << 1);
    third.command(keygen);
    third.run(3000 + first.clock.now());
    CHECK(second.vault.written == third.vault.written);
    CHECK(second.vault.writes == 1);
    CHECK(second.engine->interrupts.notif.level());
    veer::StateStream one, other;
    second.engine->state(one);
    third.engine->state(other);
    CHECK(one.output() == other.output());
  }
}

}  // namespace
