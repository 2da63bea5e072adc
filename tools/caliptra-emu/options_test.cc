// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/options.h"

#include "tools/caliptra-emu/testing.h"

namespace caliptra::emu {
namespace {

using testing::failure_of;

Options parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "caliptra-emu");
  auto options = parse_command_line(static_cast<int>(arguments.size()), arguments.data());
  REQUIRE(options.has_value());
  return *options;
}

void refuses(std::vector<const char*> arguments, std::string_view reason) {
  CAPTURE(arguments.back());
  const auto failure = failure_of([&] { parse(arguments); });
  const int status = failure.first;
  const std::string& message = failure.second;
  CHECK(status == exit_usage);
  CAPTURE(message);
  CHECK(message.find(reason) != std::string::npos);
  CHECK(message.find('\n') == std::string::npos);
}

TEST_CASE("options: run with everything") {
  const Options options = parse({"run",
                                 "--rom",
                                 "r.bin",
                                 "--firmware",
                                 "f.bin",
                                 "--update-firmware",
                                 "u.bin",
                                 "--hw",
                                 "1.0",
                                 "--config",
                                 "c.toml",
                                 "--fuse",
                                 "fuse_runtime_svn=1",
                                 "--fuse",
                                 "fuse_lms_verify=0x1",
                                 "--device-lifecycle",
                                 "production",
                                 "--debug-locked",
                                 "--timing",
                                 "rtl",
                                 "--trng",
                                 "internal",
                                 "--seed",
                                 "0x10",
                                 "--until",
                                 "boot-status=0x600",
                                 "--max-cycles",
                                 "1000",
                                 "--max-instructions",
                                 "0x800",
                                 "--trace",
                                 "t",
                                 "--stats",
                                 "-",
                                 "--mailbox",
                                 "FW_INFO",
                                 "--mailbox",
                                 "0x12345678:x.bin"});
  CHECK_FALSE(options.reference_command_line);
  CHECK(options.rom == "r.bin");
  CHECK(options.firmware == "f.bin");
  CHECK(options.update_firmware == "u.bin");
  CHECK(options.configuration == "c.toml");
  CHECK(options.generation == Generation::v1_0);
  REQUIRE(options.fuses.size() == 2);
  CHECK(options.fuses[0] == std::pair<std::string, std::string>("fuse_runtime_svn", "1"));
  CHECK(options.fuses[1].second == "0x1");
  CHECK(options.lifecycle == DeviceLifecycle::production);
  CHECK(options.debug_locked);
  CHECK(options.timing == veer::TimingProfile::rtl);
  CHECK(options.internal_trng == true);
  CHECK(options.seed == 16);
  CHECK(options.until->boot_status == 0x600);
  CHECK(options.max_cycles == 1000);
  CHECK(options.max_instructions == 0x800);
  CHECK(options.observation.trace == "t");
  CHECK(options.stats == "-");
  REQUIRE(options.mailbox.size() == 2);
  CHECK(options.mailbox[1].path == "x.bin");
}

TEST_CASE("options: what looks on") {
  const ObservationOptions seen = parse({"run",
                                         "--symbols",
                                         "a.elf",
                                         "--symbols",
                                         "b.elf@0x40000000",
                                         "--trace-format",
                                         "spike",
                                         "--trace",
                                         "t",
                                         "--timeline",
                                         "x.json",
                                         "--timeline-shortest",
                                         "0",
                                         "--trace-filter",
                                         "pc=1..2",
                                         "--profile",
                                         "p",
                                         "--flamegraph",
                                         "f.svg",
                                         "--collapsed",
                                         "c",
                                         "--stacks",
                                         "-",
                                         "--stack-room",
                                         "16..32",
                                         "--coverage",
                                         "c.json",
                                         "--lcov",
                                         "l.info"})
                                      .observation;
  CHECK(seen.symbols == std::vector<std::string>{"a.elf", "b.elf@0x40000000"});
  CHECK(seen.trace_format == ObservationOptions::TraceFormat::spike);
  CHECK(seen.trace_filters == std::vector<std::string>{"pc=1..2"});
  CHECK(seen.timeline == "x.json");
  CHECK(seen.timeline_shortest == 0U);
  CHECK(seen.flamegraph == "f.svg");
  CHECK(seen.stack_rooms == std::vector<std::string>{"16..32"});
  CHECK(seen.lcov == "l.info");
  CHECK_FALSE(seen.report);
  CHECK_THROWS_AS(parse({"run", "--trace-format", "yaml"}), Failure);
  // What would do nothing is refused.
  CHECK_THROWS_AS(parse({"run", "--trace-filter", "pc=1"}), Failure);
  CHECK(parse({"run", "--trace-filter", "pc=1", "--gdb", "0"}).observation.trace_filters.size() == 1);
  CHECK(parse({"--trace-instr", "--trace-filter", "pc=1"}).observation.trace_filters.size() == 1);
  CHECK_THROWS_AS(parse({"run", "--timeline-shortest", "1"}), Failure);
  CHECK_THROWS_AS(parse({"run", "--stack-room", "16..32"}), Failure);
  CHECK(parse({"report", "--report", "r.html", "--stack-room", "16..32"}).observation.stack_rooms.size() == 1);
  CHECK_THROWS_AS(parse({"run", "--lcov", "l.info"}), Failure);
}

TEST_CASE("options: report and merge-coverage") {
  const Options report = parse({"report", "--rom", "r", "--firmware", "f", "--report", "x.html"});
  CHECK(report.observation.report == "x.html");
  CHECK_FALSE(report.reference_command_line);
  REQUIRE(report.until);
  CHECK(report.until->kind == EventSpec::Kind::runtime_ready);
  CHECK_FALSE(parse({"report", "--firmware", "f", "--mailbox", "FW_INFO", "--report", "x"}).until);
  CHECK_THROWS_AS(parse({"report", "--rom", "r"}), Failure);

  const Options merge = parse({"merge-coverage", "a", "b", "--output", "c", "--lcov", "d", "--symbols", "e.elf"});
  REQUIRE(merge.merge_coverage);
  CHECK(merge.merge_coverage->files == std::vector<std::string>{"a", "b"});
  CHECK(merge.merge_coverage->output == "c");
  CHECK(merge.merge_coverage->symbols == std::vector<std::string>{"e.elf"});
  CHECK_THROWS_AS(parse({"merge-coverage"}), Failure);
  CHECK_THROWS_AS(parse({"merge-coverage", "a"}), Failure);
  CHECK_THROWS_AS(parse({"merge-coverage", "a", "--lcov", "d"}), Failure);
}

TEST_CASE("options: 1.2 is firmware on the hardware 1.1") {
  CHECK(parse({"run", "--hw", "1.2"}).generation == Generation::v1_1);
  CHECK_FALSE(parse({"run"}).generation.has_value());
}

TEST_CASE("options: the reference's command line") {
  const std::string hash(96, 'a');
  const Options options = parse({"--rom",
                                 "r",
                                 "--firmware",
                                 "f",
                                 "--update-firmware",
                                 "u",
                                 "--ueid",
                                 "5",
                                 "--idevid-key-id-algo",
                                 "SHA384",
                                 "--req-idevid-csr",
                                 "--req-ldevid-cert",
                                 "--log-dir",
                                 "/logs",
                                 "--mfg-pk-hash",
                                 hash.c_str(),
                                 "--owner-pk-hash",
                                 "",
                                 "--device-lifecycle",
                                 "Manufacturing",
                                 "--wdt-timeout",
                                 "18446744073709551615",
                                 "-t"});
  CHECK(options.reference_command_line);
  CHECK(options.rom == "r");
  CHECK(options.ueid == std::array<uint32_t, 4>{5, 0, 0, 0});
  CHECK(options.idevid_key_id_algorithm == 2);
  CHECK(options.request_idevid_csr);
  CHECK(options.request_ldevid_certificate);
  CHECK(options.manufacturer_pk_hash == hash);
  CHECK(options.owner_pk_hash.empty());
  CHECK(options.lifecycle == DeviceLifecycle::manufacturing);
  CHECK(options.watchdog_timeout == 0xffff'ffff'ffff'ffff);
  CHECK(options.observation.trace == "/logs/caliptra_instr_trace.txt");
  CHECK(parse({"--rom", "r", "--trace-instr"}).observation.trace == "/tmp/caliptra_instr_trace.txt");
  CHECK_FALSE(parse({"--rom", "r"}).observation.trace.has_value());
  CHECK(parse({"--device-lifecycle=", "--mfg-pk-hash=", "--rom=r"}).lifecycle == DeviceLifecycle::unprovisioned);
}

TEST_CASE("options: what is wrong is said in a line") {
  refuses({"run", "--seed", "0x100000000"}, "--seed: takes a number of 32 bits");
  refuses({"run", "--seed", "-1"}, "--seed");
  refuses({"run", "--max-cycles", "many"}, "--max-cycles: takes a number of 64 bits, not 'many'");
  refuses({"run", "--max-cycles"}, "--max-cycles");
  refuses({"run", "--max-cycles", "1", "--max-cycles", "2"}, "--max-cycles");
  refuses({"run", "--hw", "2.0"}, "--hw: takes 1.0|1.1|1.2, not '2.0'");
  refuses({"run", "--timing", "fast"}, "--timing");
  refuses({"run", "--trng", "none"}, "--trng");
  refuses({"run", "--device-lifecycle", "test"}, "--device-lifecycle");
  refuses({"run", "--fuse", "fuse_runtime_svn"}, "takes NAME=VALUE");
  refuses({"run", "--fuse", "=1"}, "takes NAME=VALUE");
  refuses({"run", "--until", "later"}, "--until: 'later' is no event");
  refuses({"run", "--mailbox", "NOTHING"}, "--mailbox: 'NOTHING'");
  refuses({"run", "--ueid", "340282366920938463463374607431768211456"}, "--ueid: takes a number of 128 bits");
  refuses({"run", "--mfg-pk-hash", "12"}, "--mfg-pk-hash: takes a SHA-384 hash");
  refuses({"--owner-pk-hash", "zz"}, "--owner-pk-hash: takes a SHA-384 hash");
  refuses({"--idevid-key-id-algo", "md5"}, "--idevid-key-id-algo");
  refuses({"run", "--no-such-option"}, "--no-such-option");
  refuses({"walk"}, "walk");
  refuses({"run", "stray"}, "stray");
  refuses({"--rom", "r", "run"}, "--rom belongs behind the subcommand");
  refuses({"--gdb-port", "65536"}, "--gdb: takes a port from 0 to 65535 or unix:PATH, not '65536'");
  refuses({"run", "--gdb", "10.0.0.1:3333"}, "takes a port");
  refuses({"run", "--gdb", "unix:"}, "the path of a unix socket");
  refuses({"run", "--trace", "t", "--trace-instr"}, "either --trace or --trace-instr");
}

}  // namespace
}  // namespace caliptra::emu
