// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/clock.h"

#include <doctest/doctest.h>

#include <string>

#include "iss/state_stream.h"

TEST_CASE("events run in order of deadline, then of scheduling") {
  veer::Clock clock;
  std::string log;
  const auto a = clock.add_event("a", [&] { log += 'a'; });
  const auto b = clock.add_event("b", [&] { log += 'b'; });
  const auto c = clock.add_event("c", [&] { log += 'c'; });
  clock.schedule_at(c, 5);
  clock.schedule_at(b, 5);
  clock.schedule_at(a, 3);
  CHECK(clock.next_deadline() == 3);
  clock.advance_to(2);
  clock.run_due();
  CHECK(log.empty());
  clock.advance_to(7);
  clock.run_due();
  CHECK(log == "acb");
  CHECK(clock.next_deadline() == veer::Clock::never);
}

TEST_CASE("an event may schedule others for now, and itself only for later") {
  veer::Clock clock;
  int first_runs = 0;
  int second_runs = 0;
  veer::Clock::Slot second = 0;
  veer::Clock::Slot first = 0;
  first = clock.add_event("first", [&] {
    ++first_runs;
    clock.schedule_in(second, 0);
    clock.schedule_in(first, 0);
  });
  second = clock.add_event("second", [&] { ++second_runs; });
  clock.schedule_at(first, 1);
  clock.advance_to(1);
  clock.run_due();
  CHECK(first_runs == 1);
  CHECK(second_runs == 1);
  CHECK(clock.pending(first));
  clock.run_due();
  CHECK(first_runs == 2);
}

TEST_CASE("cancelling and rescheduling keep the next deadline right") {
  veer::Clock clock;
  const auto a = clock.add_event("a", [] {});
  const auto b = clock.add_event("b", [] {});
  clock.schedule_at(a, 10);
  clock.schedule_at(b, 20);
  clock.schedule_at(a, 30);
  CHECK(clock.next_deadline() == 20);
  clock.cancel(b);
  CHECK(clock.next_deadline() == 30);
  CHECK_FALSE(clock.pending(b));
  clock.cancel(a);
  CHECK(clock.next_deadline() == veer::Clock::never);
}

TEST_CASE("what a store starts counts from when the store arrives") {
  veer::Clock clock;
  const auto slot = clock.add_event("slot", [] {});
  clock.advance_to(100);
  clock.set_lag(3);
  clock.schedule_in(slot, 10);
  CHECK(clock.deadline(slot) == 113);
  clock.schedule_at(slot, 110);
  CHECK(clock.deadline(slot) == 110);
  clock.set_lag(0);
  clock.schedule_in(slot, 10);
  CHECK(clock.deadline(slot) == 110);
}

TEST_CASE("a snapshot carries time and deadlines, and refuses another set of events") {
  veer::Clock clock;
  clock.add_event("a", [] {});
  const auto b = clock.add_event("b", [] {});
  clock.advance_to(100);
  clock.schedule_in(b, 11);
  veer::StateStream save;
  clock.state(save);

  veer::Clock same;
  same.add_event("a", [] {});
  same.add_event("b", [] {});
  veer::StateStream restore(save.output());
  same.state(restore);
  restore.finish();
  CHECK(restore.ok());
  CHECK(same.now() == 100);
  CHECK(same.next_deadline() == 111);

  veer::Clock other;
  other.add_event("a", [] {});
  veer::StateStream mismatch(save.output());
  other.state(mismatch);
  CHECK_FALSE(mismatch.ok());
}
