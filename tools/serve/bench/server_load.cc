// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What a server's socket costs: register accesses in the process, over CPTR one after the other, and with many under
// way; and a thousand connections in turn. Every answer is checked.
//
//   server_load [ACCESSES [CONNECTIONS]]

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "soc/c/testing.h"
#include "tools/serve/cptr_protocol.h"
#include "tools/serve/machine.h"
#include "tools/serve/server.h"

namespace {

using namespace caliptra::serve;

// A register that the SoC writes and nobody else does: CPTRA_DBG_MANUF_SERVICE_REG.
constexpr uint32_t register_address = 0x3003'00bc;
constexpr std::size_t answer_to_write = cptr::header_size;
constexpr std::size_t answer_to_read = cptr::header_size + 4;

[[noreturn]] void give_up(std::string_view why) {
  fmt::print(stderr, "server_load: {}\n", why);
  std::exit(1);
}

std::unique_ptr<Machine> make_machine() {
  caliptra::Configuration configuration;
  configuration.rom = caliptra::testing::greeting_rom();
  std::string error;
  auto machine = Machine::create(configuration, {}, error);
  if (!machine) give_up(error);
  machine->boot(10'000);
  return machine;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void put(std::vector<uint8_t>& bytes, uint32_t value, unsigned size) {
  for (unsigned i = 0; i < size; ++i) bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void put_request(std::vector<uint8_t>& bytes, cptr::Command command, uint32_t data) {
  const bool write = command == cptr::apb_write;
  put(bytes, cptr::magic, 4);
  put(bytes, cptr::version, 2);
  put(bytes, command, 2);
  put(bytes, write ? 8 : 4, 4);
  put(bytes, register_address, 4);
  if (write) put(bytes, data, 4);
}

void send_all(const Descriptor& socket, const std::vector<uint8_t>& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t count = ::send(socket.number(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) give_up("the server takes nothing");
    sent += static_cast<std::size_t>(count);
  }
}

void receive_all(const Descriptor& socket, std::vector<uint8_t>& bytes, std::size_t size) {
  bytes.resize(size);
  for (std::size_t got = 0; got < size;) {
    const ssize_t count = ::recv(socket.number(), bytes.data() + got, size - got, 0);
    if (count <= 0) give_up("the server answers nothing");
    got += static_cast<std::size_t>(count);
  }
}

Descriptor connect(const Address& address) {
  std::string error;
  Descriptor socket = connect_to(address, error);
  if (!socket.open()) give_up(error);
  return socket;
}

// Writes and reads in turn, `batch` pairs at a time; returns accesses per second.
double socket_rate(const Address& address, uint64_t accesses, uint32_t batch) {
  const Descriptor socket = connect(address);
  std::vector<uint8_t> requests;
  std::vector<uint8_t> answers;
  const auto begin = std::chrono::steady_clock::now();
  uint64_t done = 0;
  for (uint32_t value = 1; done < accesses; done += 2 * uint64_t{batch}) {
    requests.clear();
    const uint32_t first = value;
    for (uint32_t i = 0; i < batch; ++i) {
      put_request(requests, cptr::apb_write, value++);
      put_request(requests, cptr::apb_read, 0);
    }
    send_all(socket, requests);
    receive_all(socket, answers, batch * (answer_to_write + answer_to_read));
    for (uint32_t i = 0; i < batch; ++i) {
      const std::size_t at = i * (answer_to_write + answer_to_read) + answer_to_write + cptr::header_size;
      uint32_t read = 0;
      for (unsigned each = 0; each < 4; ++each) read |= static_cast<uint32_t>(answers[at + each]) << (8 * each);
      if (read != first + i) give_up("an access was lost");
    }
  }
  return static_cast<double>(done) / seconds_since(begin);
}

double in_process_rate(uint64_t accesses) {
  const auto machine = make_machine();
  const auto begin = std::chrono::steady_clock::now();
  for (uint32_t value = 1; value <= accesses / 2; ++value) {
    if (machine->write(register_address, value) != veer::BusStatus::ok) give_up("a write was refused");
    if (machine->read(register_address).data != value) give_up("an access was lost");
  }
  return static_cast<double>(accesses) / seconds_since(begin);
}

double connection_rate(const Address& address, uint64_t connections) {
  std::vector<uint8_t> request;
  put_request(request, cptr::apb_read, 0);
  std::vector<uint8_t> answer;
  const auto begin = std::chrono::steady_clock::now();
  for (uint64_t i = 0; i < connections; ++i) {
    const Descriptor socket = connect(address);
    send_all(socket, request);
    receive_all(socket, answer, answer_to_read);
  }
  return static_cast<double>(connections) / seconds_since(begin);
}

// The server, in a process of its own until `stop` is closed.
[[noreturn]] void serve(Listener listener, int stop) {
  const auto machine = make_machine();
  Server server(*machine, std::move(listener), {});
  server.serve(stop);
  std::exit(0);
}

}  // namespace

int main(int argc, char** argv) {
  const uint64_t accesses = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const uint64_t connections = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000;
  if (accesses == 0 || connections == 0) give_up("takes two numbers");

  char folder[] = "/tmp/server_load.XXXXXX";
  if (mkdtemp(folder) == nullptr) give_up("cannot make a folder");
  Address address;
  address.path = std::string(folder) + "/socket";
  std::string error;
  auto listener = Listener::open(address, error);
  if (!listener) give_up(error);
  int stop[2];
  if (pipe(stop) != 0) give_up("cannot make a pipe");
  const pid_t child = fork();
  if (child < 0) give_up("cannot fork");
  if (child == 0) {
    close(stop[1]);
    serve(std::move(*listener), stop[0]);
  }
  close(stop[0]);

  fmt::print("register accesses per second, {} of them, each answer checked:\n", accesses);
  fmt::print("  in the process             {:12.0f}\n", in_process_rate(accesses));
  fmt::print("  CPTR, one after the other  {:12.0f}\n", socket_rate(address, accesses, 1));
  fmt::print("  CPTR, 64 under way         {:12.0f}\n", socket_rate(address, accesses, 32));
  fmt::print("connections per second, {} in turn: {:.0f}\n", connections, connection_rate(address, connections));
  std::fflush(stdout);

  close(stop[1]);
  int status = 0;
  waitpid(child, &status, 0);
  listener.reset();
  rmdir(folder);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}
