// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/mailbox/mailbox.h"

#include <doctest/doctest.h>

#include <vector>

#include "iss/state_stream.h"
#include "peripherals/mailbox/mailbox_regs.h"

using namespace caliptra;
using namespace caliptra::mailbox_regs;
using veer::Agent;
using veer::BusStatus;
using State = MailboxState;
using Event = MailboxEvent;

namespace {

constexpr uint32_t busy = 0;
constexpr uint32_t data_ready = 1;
constexpr uint32_t complete = 2;

struct Bench {
  Bench() {
    mailbox.event = [this](Event event) { events.push_back(event); };
    mailbox.status_changed = [this] { ++changes; };
  }

  uint32_t read(uint32_t offset) { return mailbox.read(offset, 4, Agent::core).data; }
  void write(uint32_t offset, uint32_t data) { mailbox.write(offset, 4, data, Agent::core); }
  uint32_t soc_read(uint32_t offset, uint32_t user = 1) {
    mailbox.set_requesting_user(user);
    return mailbox.read(offset, 4, Agent::soc).data;
  }
  void soc_write(uint32_t offset, uint32_t data, uint32_t user = 1) {
    mailbox.set_requesting_user(user);
    CHECK(mailbox.write(offset, 4, data, Agent::soc) == BusStatus::ok);
  }
  uint32_t status(const veer::Field& field) { return field.get(mailbox.peek(mbox_status::offset)); }
  uint32_t read_pointer() { return status(mbox_status::mbox_rdptr); }
  std::vector<Event> take() { return std::exchange(events, {}); }

  /// The SoC sends `words`, announced as `bytes`, as far as setting execute.
  void soc_send(const std::vector<uint32_t>& words, uint32_t bytes, uint32_t user = 1) {
    REQUIRE(soc_read(mbox_lock::offset, user) == 0);
    soc_write(mbox_cmd::offset, 0xc0de, user);
    soc_write(mbox_dlen::offset, bytes, user);
    for (const uint32_t word : words) soc_write(mbox_datain::offset, word, user);
    soc_write(mbox_execute::offset, 1, user);
  }
  void core_send(const std::vector<uint32_t>& words, uint32_t bytes) {
    REQUIRE(read(mbox_lock::offset) == 0);
    write(mbox_cmd::offset, 0xc0de);
    write(mbox_dlen::offset, bytes);
    for (const uint32_t word : words) write(mbox_datain::offset, word);
    write(mbox_execute::offset, 1);
  }

  /// Brings the mailbox into a state in which the SoC, as user 1, holds the lock.
  void soc_enter(State state) {
    if (state == State::idle) return;
    REQUIRE(soc_read(mbox_lock::offset) == 0);
    if (state == State::rdy_for_cmd) return;
    soc_write(mbox_cmd::offset, 5);
    if (state == State::rdy_for_dlen) return;
    soc_write(mbox_dlen::offset, 8);
    if (state == State::rdy_for_data) return;
    soc_write(mbox_datain::offset, 7);
    soc_write(mbox_execute::offset, 1);
    if (state == State::execute_uc) return;
    write(mbox_status::offset, data_ready);
  }

  Mailbox mailbox{Generation::v1_1};
  std::vector<Event> events;
  unsigned changes = 0;
};

const std::vector<Event> none;
const std::vector<Event> command = {Event::command_available};
const std::vector<Event> out_of_order = {Event::access_out_of_order};
const std::vector<Event> stranger = {Event::invalid_user};
const std::vector<Event> without_lock = {Event::access_without_lock, Event::invalid_user};

}  // namespace

TEST_CASE("a command from the SoC with a response") {
  Bench bench;
  Mailbox& mailbox = bench.mailbox;
  CHECK(mailbox.fsm() == State::idle);
  CHECK(bench.soc_read(mbox_lock::offset, 7) == 0);
  CHECK(mailbox.fsm() == State::rdy_for_cmd);
  CHECK(bench.soc_read(mbox_lock::offset, 8) == 1);
  CHECK(bench.read(mbox_lock::offset) == 1);
  CHECK(bench.read(mbox_user::offset) == 7);
  CHECK(bench.status(mbox_status::soc_has_lock) == 1);
  CHECK(bench.take() == none);
  bench.soc_write(mbox_cmd::offset, 0x1234, 7);
  CHECK(mailbox.fsm() == State::rdy_for_dlen);
  bench.soc_write(mbox_dlen::offset, 10, 7);
  CHECK(mailbox.fsm() == State::rdy_for_data);
  for (const uint32_t word : {11U, 12U, 13U}) bench.soc_write(mbox_datain::offset, word, 7);
  bench.soc_write(mbox_execute::offset, 1, 7);
  CHECK(mailbox.fsm() == State::execute_uc);
  CHECK(bench.take() == command);
  CHECK(bench.status(mbox_status::mbox_fsm_ps) == 6);

  CHECK(bench.read(mbox_cmd::offset) == 0x1234);
  CHECK(bench.read(mbox_dlen::offset) == 10);
  CHECK(bench.read_pointer() == 1);
  CHECK(bench.read(mbox_dataout::offset) == 11);
  CHECK(bench.read(mbox_dataout::offset) == 12);
  CHECK(bench.read_pointer() == 3);
  CHECK(bench.read(mbox_dataout::offset) == 13);
  CHECK(bench.read(mbox_dataout::offset) == 0);  // no more
  CHECK(bench.read_pointer() == 3);

  bench.write(mbox_dlen::offset, 8);
  bench.write(mbox_datain::offset, 21);
  bench.write(mbox_datain::offset, 22);
  CHECK_FALSE(mailbox.data_available.level());
  bench.write(mbox_status::offset, data_ready);
  CHECK(mailbox.fsm() == State::execute_soc);
  CHECK(mailbox.data_available.level());
  CHECK(bench.soc_read(mbox_status::offset, 7) == (data_ready | 4U << 6 | 1U << 9 | 1U << 10));
  CHECK(bench.read(mbox_dataout::offset) == 0);  // not for the core
  CHECK(bench.soc_read(mbox_dlen::offset, 7) == 8);
  CHECK(bench.soc_read(mbox_dataout::offset, 7) == 21);
  CHECK(bench.soc_read(mbox_dataout::offset, 7) == 22);
  CHECK(bench.soc_read(mbox_dataout::offset, 7) == 0);
  CHECK(bench.take() == none);
  bench.soc_write(mbox_execute::offset, 0, 7);
  CHECK(mailbox.fsm() == State::idle);
  CHECK_FALSE(mailbox.data_available.level());
  CHECK(bench.status(mbox_status::status) == busy);
  CHECK(bench.status(mbox_status::soc_has_lock) == 0);
  CHECK(bench.read(mbox_user::offset) == 7);  // stays until the next lock
  CHECK(bench.take() == none);
  CHECK(bench.soc_read(mbox_lock::offset) == 0);
}

TEST_CASE("a command from the core, answered by any user") {
  Bench bench;
  bench.core_send({5, 6}, 8);
  CHECK(bench.mailbox.fsm() == State::execute_soc);
  CHECK(bench.mailbox.data_available.level());
  CHECK(bench.read(mbox_user::offset) == 0xffff'ffff);
  CHECK(bench.soc_read(mbox_cmd::offset, 3) == 0xc0de);
  CHECK(bench.soc_read(mbox_dataout::offset, 3) == 5);
  CHECK(bench.soc_read(mbox_dataout::offset, 4) == 6);
  CHECK(bench.soc_read(mbox_dataout::offset, 3) == 0);
  bench.soc_write(mbox_status::offset, busy, 9);
  CHECK(bench.mailbox.fsm() == State::execute_soc);
  bench.soc_write(mbox_status::offset, complete, 9);
  CHECK(bench.mailbox.fsm() == State::execute_uc);
  CHECK(bench.take() == command);
  CHECK(bench.read(mbox_status::offset) % 16 == complete);
  bench.write(mbox_execute::offset, 0);
  CHECK(bench.mailbox.fsm() == State::idle);
  CHECK(bench.take() == none);
}

TEST_CASE("after an answer from the SoC, dataout starts with nothing, then shows the core its own words again") {
  Bench bench;
  bench.core_send({5, 6, 7}, 12);
  bench.soc_write(mbox_status::offset, complete);
  CHECK(bench.read(mbox_dataout::offset) == 0);
  CHECK(bench.read(mbox_dataout::offset) == 6);
  CHECK(bench.read(mbox_dataout::offset) == 7);
  CHECK(bench.read(mbox_dataout::offset) == 0);
}

TEST_CASE("the core may end a SoC command by itself") {
  Bench bench;
  bench.soc_send({1}, 4);
  bench.write(mbox_execute::offset, 0);
  CHECK(bench.mailbox.fsm() == State::idle);
  CHECK(bench.soc_read(mbox_lock::offset) == 0);
}

TEST_CASE("lengths: what the receiver gets") {
  const auto words = [](uint32_t count) {
    std::vector<uint32_t> result;
    for (uint32_t i = 0; i < count; ++i) result.push_back(i + 100);
    return result;
  };
  const auto receive = [](Bench& bench) {
    uint32_t count = 0;
    while (bench.read(mbox_dataout::offset) == 100 + count) ++count;
    return count;
  };
  struct Case {
    uint32_t written;
    uint32_t bytes;
    uint32_t readable;
  };
  for (const Case& each : {Case{0, 0, 0}, Case{3, 0, 0}, Case{0, 12, 0}, Case{3, 12, 3}, Case{3, 9, 3}, Case{3, 8, 2},
                           Case{3, 5, 2}, Case{3, 100, 3}, Case{3, 0xffff'ffff, 3}, Case{1, 1, 1}}) {
    CAPTURE(each.written);
    CAPTURE(each.bytes);
    Bench bench;
    bench.soc_send(words(each.written), each.bytes);
    CHECK(bench.read(mbox_dlen::offset) == each.bytes);
    CHECK(receive(bench) == each.readable);
  }
  SUBCASE("the whole memory, and more than that") {
    for (const uint32_t extra : {0U, 1U, 5U}) {
      Bench bench;
      bench.soc_send(words(MailboxSram::words + extra), Mailbox::sram_size + 4 * extra);
      CHECK(receive(bench) == MailboxSram::words);  // what came on top was dropped
      CHECK(bench.read_pointer() == MailboxSram::words - 1);
      CHECK(bench.read(mbox_dataout::offset) == 0);
      CHECK(bench.read(mbox_dataout::offset) == 0);
    }
  }
  SUBCASE("full memory, shorter length") {
    Bench bench;
    bench.soc_send(words(MailboxSram::words), 40);
    CHECK(receive(bench) == 10);
  }
  SUBCASE("a response is cut to what was written, too") {
    Bench bench;
    bench.soc_send(words(9), 36);
    bench.write(mbox_dlen::offset, 400);
    bench.write(mbox_datain::offset, 100);
    bench.write(mbox_datain::offset, 101);
    bench.write(mbox_status::offset, data_ready);
    CHECK(bench.soc_read(mbox_dataout::offset) == 100);
    CHECK(bench.soc_read(mbox_dataout::offset) == 101);
    CHECK(bench.soc_read(mbox_dataout::offset) == 0);
  }
}

TEST_CASE("writing DLEN restarts the data") {
  Bench bench;
  REQUIRE(bench.read(mbox_lock::offset) == 0);
  bench.write(mbox_cmd::offset, 1);
  bench.write(mbox_dlen::offset, 8);
  bench.write(mbox_datain::offset, 1);
  // The core isn't watched: it may write DLEN again, which doesn't restart anything once in RDY_FOR_DATA.
  bench.write(mbox_dlen::offset, 12);
  bench.write(mbox_datain::offset, 2);
  bench.write(mbox_execute::offset, 1);
  CHECK(bench.soc_read(mbox_dataout::offset) == 1);
  CHECK(bench.soc_read(mbox_dataout::offset) == 2);
}

TEST_CASE("the core out of order: stored, but the states wait") {
  Bench bench;
  REQUIRE(bench.read(mbox_lock::offset) == 0);
  bench.write(mbox_dlen::offset, 4);
  bench.write(mbox_datain::offset, 4);
  bench.write(mbox_execute::offset, 1);
  CHECK(bench.mailbox.fsm() == State::rdy_for_cmd);
  CHECK(bench.read(mbox_dlen::offset) == 4);
  bench.write(mbox_cmd::offset, 4);
  CHECK(bench.mailbox.fsm() == State::rdy_for_dlen);
  bench.write(mbox_dlen::offset, 0);
  CHECK(bench.mailbox.fsm() == State::execute_soc);  // execute was already there
  CHECK(bench.take() == none);
}

TEST_CASE("SoC accesses that break the protocol, in every state") {
  struct Access {
    bool writing;
    uint32_t offset;
  };
  const Access accesses[] = {
      {true, mbox_lock::offset},
      {true, mbox_user::offset},
      {true, mbox_cmd::offset},
      {true, mbox_dlen::offset},
      {true, mbox_datain::offset},
      {true, mbox_dataout::offset},
      {true, mbox_execute::offset},
      {true, mbox_status::offset},
      {true, mbox_unlock::offset},
      {true, 0x24},
      {true, 0xffc},
      {false, mbox_dataout::offset},
      {false, mbox_user::offset},
      {false, mbox_status::offset},
      {false, 0x24},
  };
  for (const State state : {State::idle, State::rdy_for_cmd, State::rdy_for_dlen, State::rdy_for_data,
                            State::execute_uc, State::execute_soc}) {
    for (const Access& access : accesses) {
      for (const bool owner : {true, false}) {
        CAPTURE(static_cast<int>(state));
        CAPTURE(access.offset);
        CAPTURE(access.writing);
        CAPTURE(owner);
        Bench bench;
        bench.soc_enter(state);
        bench.take();
        const uint32_t user = owner ? 1 : 2;
        if (access.writing) {
          bench.soc_write(access.offset, 0, user);
        } else {
          bench.soc_read(access.offset, user);
        }
        const bool touches = access.writing || access.offset == mbox_dataout::offset;
        if (state == State::idle) {
          CHECK(bench.take() == (touches ? without_lock : none));
          CHECK(bench.mailbox.fsm() == State::idle);
          continue;
        }
        if (!owner) {
          CHECK(bench.take() == (touches ? stranger : none));
          CHECK(bench.mailbox.fsm() == state);
          continue;
        }
        bool allowed = !touches;
        if (access.writing) {
          allowed =
              (state == State::rdy_for_cmd && access.offset == mbox_cmd::offset) ||
              (state == State::rdy_for_dlen && access.offset == mbox_dlen::offset) ||
              (state == State::rdy_for_data && access.offset == mbox_datain::offset) ||
              ((state == State::rdy_for_data || state == State::execute_soc) && access.offset == mbox_execute::offset);
        } else if (state == State::execute_soc) {
          allowed = true;
        }
        CHECK(bench.take() == (allowed ? none : out_of_order));
        CHECK((bench.mailbox.fsm() == State::error) == !allowed);
      }
    }
  }
}

TEST_CASE("while the core's command waits, the SoC may write nothing but the status") {
  for (const uint32_t offset :
       {mbox_lock::offset, mbox_user::offset, mbox_cmd::offset, mbox_dlen::offset, mbox_datain::offset,
        mbox_dataout::offset, mbox_execute::offset, mbox_unlock::offset, 0x40U}) {
    Bench bench;
    bench.core_send({1}, 4);
    bench.soc_write(offset, 0);
    CHECK(bench.take() == out_of_order);
    CHECK(bench.mailbox.fsm() == State::error);
    CHECK_FALSE(bench.mailbox.data_available.level());
  }
}

TEST_CASE("the error state lasts until the core unlocks") {
  Bench bench;
  bench.soc_enter(State::rdy_for_data);
  bench.soc_write(mbox_cmd::offset, 0x77);
  CHECK(bench.take() == out_of_order);
  CHECK(bench.read(mbox_cmd::offset) == 0x77);  // the write itself went through
  bench.soc_write(mbox_execute::offset, 1);
  bench.soc_read(mbox_dataout::offset);
  CHECK(bench.take() == none);
  CHECK(bench.mailbox.fsm() == State::error);
  CHECK(bench.status(mbox_status::mbox_fsm_ps) == 7);
  CHECK(bench.soc_read(mbox_lock::offset, 2) == 1);
  bench.soc_write(mbox_unlock::offset, 1, 2);
  CHECK(bench.take() == stranger);
  CHECK(bench.mailbox.fsm() == State::error);
  bench.write(mbox_unlock::offset, 1);
  CHECK(bench.mailbox.fsm() == State::idle);
  CHECK(bench.read(mbox_unlock::offset) == 0);
  CHECK(bench.read(mbox_execute::offset) == 0);
  CHECK(bench.soc_read(mbox_lock::offset, 2) == 0);
}

TEST_CASE("unlock from every state") {
  for (const State state : {State::idle, State::rdy_for_cmd, State::rdy_for_dlen, State::rdy_for_data,
                            State::execute_uc, State::execute_soc}) {
    Bench bench;
    bench.soc_enter(state);
    bench.write(mbox_unlock::offset, 0);
    CHECK(bench.mailbox.fsm() == state);
    bench.write(mbox_unlock::offset, 1);
    CHECK(bench.mailbox.fsm() == State::idle);
    CHECK(bench.mailbox.peek(mbox_lock::offset) == 0);
    CHECK(bench.mailbox.peek(mbox_execute::offset) == 0);
    CHECK(bench.status(mbox_status::status) == 0);
    CHECK_FALSE(bench.mailbox.soc_has_lock());
    CHECK_FALSE(bench.mailbox.data_available.level());
    bench.soc_send({1}, 4);
    CHECK(bench.read(mbox_dataout::offset) == 1);
  }
}

TEST_CASE("asking for the lock while the core has it is an event, while the SoC has it is not") {
  Bench bench;
  CHECK(bench.read(mbox_lock::offset) == 0);
  CHECK(bench.soc_read(mbox_lock::offset) == 1);
  CHECK(bench.take() == std::vector<Event>{Event::lock_requested});
  CHECK(bench.read(mbox_lock::offset) == 1);
  CHECK(bench.take() == none);
  bench.write(mbox_unlock::offset, 1);
  bench.soc_read(mbox_lock::offset);
  bench.soc_read(mbox_lock::offset, 9);
  CHECK(bench.take() == none);
}

TEST_CASE("who writes which register, without the right nothing changes") {
  Bench bench;
  for (const uint32_t offset : {mbox_cmd::offset, mbox_dlen::offset, mbox_datain::offset, mbox_execute::offset,
                                mbox_status::offset, mbox_dataout::offset, mbox_user::offset}) {
    bench.write(offset, 0xffff'ffff);
    bench.soc_write(offset, 0xffff'ffff);
    CHECK(bench.mailbox.stored(offset) == 0);
  }
  CHECK(bench.read(mbox_lock::offset) == 0);
  bench.soc_write(mbox_cmd::offset, 5);
  CHECK(bench.mailbox.stored(mbox_cmd::offset) == 0);
  bench.write(mbox_status::offset, data_ready);
  CHECK(bench.status(mbox_status::status) == 0);
  bench.write(mbox_cmd::offset, 6);
  CHECK(bench.soc_read(mbox_cmd::offset) == 6);
  bench.write(mbox_unlock::offset, 1);
  bench.soc_enter(State::rdy_for_data);
  bench.write(mbox_cmd::offset, 99);
  bench.write(mbox_datain::offset, 99);
  bench.write(mbox_execute::offset, 1);
  CHECK(bench.mailbox.fsm() == State::rdy_for_data);
  CHECK(bench.read(mbox_cmd::offset) == 5);
}

TEST_CASE("the core's window into the SRAM") {
  Bench bench;
  Mailbox& mailbox = bench.mailbox;
  const auto look = [&](uint32_t offset) { return mailbox.read_direct(offset, 4, Agent::core).data; };
  const auto put = [&](uint32_t offset, uint32_t data) {
    CHECK(mailbox.write_direct(offset, 4, data, Agent::core) == BusStatus::ok);
  };
  put(0, 1);
  CHECK(mailbox.sram().read(0).data == 0);  // nobody holds the lock
  CHECK(mailbox.read_direct(0, 4, Agent::core).ok());
  bench.read(mbox_lock::offset);
  put(0, 0x4433'2211);
  put(Mailbox::sram_size - 4, 7);
  CHECK(look(0) == 0x4433'2211);
  CHECK(look(Mailbox::sram_size - 4) == 7);
  CHECK(mailbox.read_direct(1, 1, Agent::core).data == 0x22);
  CHECK(mailbox.read_direct(2, 2, Agent::core).data == 0x4433);
  mailbox.write_direct(0, 1, 0xaabb, Agent::core);
  CHECK(look(0) == 0xbb);
  mailbox.write_direct(2, 1, 0xaa, Agent::core);
  CHECK(look(0) == 0);
  put(0, 9);
  bench.write(mbox_unlock::offset, 1);
  CHECK(look(0) == 0);
  CHECK(mailbox.read_direct(0, 4, Agent::debugger).data == 9);

  bench.soc_enter(State::rdy_for_data);
  bench.soc_write(mbox_datain::offset, 5);
  CHECK(look(0) == 0);
  bench.soc_write(mbox_execute::offset, 1);
  CHECK(look(0) == 5);
  put(4, 6);
  CHECK(look(4) == 6);
  bench.write(mbox_status::offset, data_ready);
  CHECK(look(4) == 0);
  bench.soc_write(mbox_cmd::offset, 0);
  CHECK(mailbox.fsm() == State::error);
  CHECK(look(4) == 0);
  CHECK(mailbox.read_for_accelerator(1) == 6);
  mailbox.write_direct(5, 2, 0xbeef, Agent::debugger);
  CHECK(mailbox.read_for_accelerator(1) == 0xbe'ef06);
}

TEST_CASE("ECC") {
  Bench bench;
  Mailbox& mailbox = bench.mailbox;
  const std::vector<Event> corrected = {Event::ecc_correctable};
  const std::vector<Event> lost = {Event::ecc_uncorrectable};

  SUBCASE("any single bit is corrected, any two are found") {
    MailboxSram& sram = mailbox.sram();
    for (unsigned one = 0; one < 39; ++one) {
      sram.write(3, 0xdead'beef);
      sram.inject(3, 1ULL << one);
      CHECK(sram.read(3).data == 0xdead'beef);
      CHECK(sram.read(3).ecc == EccResult::corrected);
      for (unsigned two = 0; two < one; ++two) {
        sram.inject(3, 1ULL << two);
        CHECK(sram.read(3).ecc == EccResult::uncorrectable);
        const uint64_t flips = 1ULL << one | 1ULL << two;
        CHECK(sram.read(3).data == (0xdead'beef ^ static_cast<uint32_t>(flips)));
        sram.inject(3, 1ULL << two);
      }
      CHECK(sram.read(4).ecc == EccResult::ok);
    }
    sram.write(3, 1);
    CHECK(sram.read(3).ecc == EccResult::ok);
  }
  SUBCASE("through dataout: events, and status bits until execute falls") {
    REQUIRE(bench.soc_read(mbox_lock::offset) == 0);
    bench.soc_write(mbox_cmd::offset, 1);
    bench.soc_write(mbox_dlen::offset, 12);
    for (const uint32_t word : {1U, 2U, 3U}) bench.soc_write(mbox_datain::offset, word);
    mailbox.sram().inject(0, 2);
    mailbox.sram().inject(1, 1ULL << 38);
    mailbox.sram().inject(2, 3);
    bench.soc_write(mbox_execute::offset, 1);
    CHECK(bench.take() == std::vector<Event>{Event::ecc_correctable, Event::command_available});
    CHECK(bench.status(mbox_status::ecc_single_error) == 1);
    CHECK(bench.status(mbox_status::ecc_double_error) == 0);
    CHECK(bench.read(mbox_dataout::offset) == 1);
    CHECK(bench.take() == corrected);
    CHECK(bench.read(mbox_dataout::offset) == 2);
    CHECK(bench.take() == lost);
    CHECK(bench.status(mbox_status::ecc_double_error) == 1);
    CHECK(bench.read(mbox_dataout::offset) == 0);  // 3 with two bits flipped
    bench.write(mbox_execute::offset, 0);
    CHECK(bench.status(mbox_status::ecc_single_error) == 0);
    CHECK(bench.status(mbox_status::ecc_double_error) == 0);
  }
  SUBCASE("through the window and the accelerator's port: events only, unless a command runs") {
    bench.read(mbox_lock::offset);
    mailbox.write_direct(40, 4, 77, Agent::core);
    mailbox.sram().inject(10, 1);
    CHECK(mailbox.read_direct(40, 4, Agent::debugger).data == 77);
    CHECK(bench.take() == none);
    CHECK(mailbox.read_direct(40, 4, Agent::core).data == 77);
    CHECK(bench.take() == corrected);
    CHECK(bench.status(mbox_status::ecc_single_error) == 0);
    mailbox.sram().inject(10, 2);
    CHECK(mailbox.read_for_accelerator(10) == (77 ^ 3));
    CHECK(bench.take() == lost);
    CHECK(bench.status(mbox_status::ecc_double_error) == 0);
  }
}

TEST_CASE("the TAP reads the mailbox on") {
  Bench bench;
  Mailbox& mailbox = bench.mailbox;
  bench.core_send({5, 6}, 8);
  CHECK(mailbox.dmi_read(0x50) == 8U);
  CHECK(mailbox.dmi_read(0x52) == mailbox.peek(mbox_status::offset));
  CHECK(mailbox.dmi_read(0x51) == 5U);
  CHECK(mailbox.dmi_read(0x51) == 6U);
  CHECK(mailbox.dmi_read(0x51) == 0U);
  CHECK_FALSE(mailbox.dmi_read(0x53).has_value());
  CHECK(bench.take() == none);
  bench.write(mbox_unlock::offset, 1);
  bench.soc_enter(State::execute_uc);
  CHECK(mailbox.dmi_read(0x51) == 7U);  // also what was meant for the core
  CHECK(mailbox.read(mbox_status::offset, 4, Agent::tap).status == BusStatus::target_error);
}

TEST_CASE("a debugger's look takes neither the lock nor a word") {
  Bench bench;
  const auto look = [&](uint32_t offset) { return bench.mailbox.read(offset, 4, Agent::debugger).data; };
  CHECK(look(mbox_lock::offset) == 0);
  CHECK(bench.mailbox.fsm() == State::idle);
  bench.soc_send({8, 9}, 8);
  bench.take();
  CHECK(look(mbox_dataout::offset) == 8);
  CHECK(look(mbox_dataout::offset) == 8);
  CHECK(bench.read(mbox_dataout::offset) == 8);
  CHECK(look(mbox_dataout::offset) == 9);
  CHECK(bench.take() == none);
}

TEST_CASE("resets") {
  Bench bench;
  bench.soc_send({8, 9}, 8);
  bench.mailbox.sram().inject(1, 1);
  bench.mailbox.reset(veer::Reset::firmware_update);
  CHECK(bench.mailbox.fsm() == State::execute_uc);
  CHECK(bench.read(mbox_dataout::offset) == 8);
  bench.write(mbox_status::offset, data_ready);
  bench.mailbox.reset(veer::Reset::warm);
  CHECK(bench.mailbox.fsm() == State::idle);
  CHECK_FALSE(bench.mailbox.data_available.level());
  CHECK(bench.mailbox.peek(mbox_lock::offset) == 0);
  CHECK(bench.mailbox.peek(mbox_status::offset) == 0);
  CHECK(bench.mailbox.sram().read(1).data == 9);
  CHECK(bench.mailbox.sram().read(1).ecc == EccResult::corrected);
  bench.mailbox.reset(veer::Reset::cold);
  CHECK(bench.mailbox.sram().read(1).data == 0);
  CHECK(bench.mailbox.sram().read(1).ecc == EccResult::ok);
}

TEST_CASE("what the SoC may wait for is announced") {
  Bench bench;
  bench.soc_enter(State::rdy_for_data);
  bench.changes = 0;
  bench.soc_write(mbox_execute::offset, 1);
  CHECK(bench.changes == 1);
  bench.write(mbox_status::offset, complete);
  CHECK(bench.changes == 2);
  bench.soc_write(mbox_execute::offset, 0);
  CHECK(bench.changes == 3);
}

TEST_CASE("a snapshot in the middle of a transfer continues the same") {
  Bench first;
  first.soc_send({1, 2, 3, 4}, 16);
  first.mailbox.sram().inject(2, 1ULL << 9);
  first.mailbox.sram().inject(3, 3);
  CHECK(first.read(mbox_dataout::offset) == 1);
  veer::StateStream saved;
  first.mailbox.state(saved);
  Bench second;
  veer::StateStream loaded(saved.output());
  second.mailbox.state(loaded);
  loaded.finish();
  REQUIRE(loaded.ok());
  CHECK(second.mailbox.fsm() == State::execute_uc);
  const auto play = [](Bench& bench) {
    std::vector<uint32_t> seen;
    bench.events.clear();
    for (int i = 0; i < 4; ++i) seen.push_back(bench.read(mbox_dataout::offset));
    bench.write(mbox_dlen::offset, 4);
    bench.write(mbox_datain::offset, 30);
    bench.write(mbox_status::offset, data_ready);
    seen.push_back(bench.soc_read(mbox_dataout::offset));
    return seen;
  };
  CHECK(play(first) == play(second));
  CHECK(first.events == second.events);
  veer::StateStream one;
  veer::StateStream other;
  first.mailbox.state(one);
  second.mailbox.state(other);
  CHECK(one.output() == other.output());

  SUBCASE("a damaged one is refused") {
    std::vector<uint8_t> bytes = saved.output();
    bytes.resize(bytes.size() / 2);
    veer::StateStream damaged(bytes);
    Bench third;
    third.mailbox.state(damaged);
    CHECK_FALSE(damaged.ok());
  }
}
