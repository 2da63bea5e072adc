// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/c/configuration_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <limits>
#include <set>
#include <utility>
#include <variant>

namespace caliptra {
namespace {

constexpr std::size_t most_mailbox_users = 5;
constexpr std::size_t longest_array = 64;

using Numbers = std::vector<uint64_t>;
using Value = std::variant<bool, uint64_t, std::string, Numbers>;

struct Entry {
  std::string section;
  std::string key;
  Value value;
  std::size_t line = 0;

  [[nodiscard]] std::string name() const { return section.empty() ? key : section + '.' + key; }
};

// An error on its way to the only place that catches it, read_configuration_text().
struct Problem {
  std::size_t line;
  std::string message;
};

bool is_space(char character) { return character == ' ' || character == '\t' || character == '\r'; }

bool is_bare(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9') || character == '_' || character == '-';
}

/// Takes a text apart into entries.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::vector<Entry> entries() {
    std::vector<Entry> result;
    std::set<std::string> seen;
    std::string section;
    while (skip_empty_lines()) {
      const std::size_t line = line_;
      if (take('[')) {
        section = word("a section's name");
        if (!take(']')) fail("a section's name ends with ']'");
        end_of_line();
        continue;
      }
      Entry entry{section, word("a key"), {}, line};
      skip_spaces();
      if (!take('=')) fail("there is no '=' after the key");
      skip_spaces();
      entry.value = value();
      end_of_line();
      if (!seen.insert(entry.name()).second) throw Problem{line, entry.name() + " is there twice"};
      result.push_back(std::move(entry));
    }
    return result;
  }

 private:
  [[noreturn]] void fail(std::string message) const { throw Problem{line_, std::move(message)}; }
  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[position_]; }

  bool take(char character) {
    if (at_end() || text_[position_] != character) return false;
    if (character == '\n') ++line_;
    ++position_;
    return true;
  }

  void skip_spaces() {
    while (!at_end() && is_space(text_[position_])) ++position_;
  }

  void skip_comment() {
    if (peek() != '#') return;
    while (!at_end() && text_[position_] != '\n') ++position_;
  }

  // False at the end of the text.
  bool skip_empty_lines() {
    do {
      skip_spaces();
      skip_comment();
    } while (take('\n'));
    return !at_end();
  }

  void end_of_line() {
    skip_spaces();
    skip_comment();
    if (!at_end() && !take('\n')) fail("something follows the value on the same line");
  }

  std::string word(std::string_view what) {
    const std::size_t begin = position_;
    while (!at_end() && is_bare(text_[position_])) ++position_;
    if (begin == position_) fail(fmt::format("{} is missing", what));
    return std::string(text_.substr(begin, position_ - begin));
  }

  uint64_t number() {
    std::string digits = word("a value");
    std::erase(digits, '_');
    const char* begin = digits.data();
    const char* const end = begin + digits.size();
    int base = 10;
    if (digits.starts_with("0x")) base = 16;
    if (digits.starts_with("0b")) base = 2;
    if (base != 10) begin += 2;
    uint64_t value = 0;
    const auto [stop, error] = std::from_chars(begin, end, value, base);
    if (error != std::errc() || stop != end || begin == end) fail(fmt::format("'{}' is not a number", digits));
    return value;
  }

  std::string text() {
    const std::size_t begin = position_;
    while (!at_end() && text_[position_] != '"' && text_[position_] != '\n') ++position_;
    std::string result(text_.substr(begin, position_ - begin));
    if (!take('"')) fail("a text ends with '\"' on its line");
    if (result.find('\\') != std::string::npos) fail("texts have no escapes here");
    return result;
  }

  Numbers array() {
    Numbers numbers;
    while (skip_empty_lines()) {
      if (take(']')) return numbers;
      if (numbers.size() == longest_array) fail("the array is too long");
      numbers.push_back(number());
      if (!skip_empty_lines() || (!take(',') && peek() != ']')) fail("in an array ',' or ']' follows a number");
    }
    fail("an array ends with ']'");
  }

  Value value() {
    if (take('"')) return text();
    if (take('[')) return array();
    for (const bool truth : {true, false}) {
      const std::string_view name = truth ? "true" : "false";
      if (text_.substr(position_, name.size()) != name) continue;
      position_ += name.size();
      return truth;
    }
    return number();
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;
};

[[noreturn]] void refuse(const Entry& entry, std::string_view message) {
  throw Problem{entry.line, fmt::format("{} {}", entry.name(), message)};
}

template <typename Target>
void number(const Entry& entry, Target& target, uint64_t maximum = std::numeric_limits<Target>::max()) {
  const auto* value = std::get_if<uint64_t>(&entry.value);
  if (value == nullptr || *value > maximum) refuse(entry, fmt::format("takes a number up to 0x{:x}", maximum));
  target = static_cast<Target>(*value);
}

void boolean(const Entry& entry, bool& target) {
  const auto* value = std::get_if<bool>(&entry.value);
  if (value == nullptr) refuse(entry, "takes true or false");
  target = *value;
}

std::vector<uint32_t> words(const Entry& entry) {
  const auto* value = std::get_if<Numbers>(&entry.value);
  if (value == nullptr) refuse(entry, "takes an array of numbers");
  std::vector<uint32_t> result;
  for (const uint64_t each : *value) {
    if (each > 0xffff'ffff) refuse(entry, "takes numbers of 32 bits");
    result.push_back(static_cast<uint32_t>(each));
  }
  return result;
}

void words(const Entry& entry, std::span<uint32_t> target) {
  const std::vector<uint32_t> values = words(entry);
  if (values.size() != target.size()) refuse(entry, fmt::format("takes {} numbers", target.size()));
  std::copy(values.begin(), values.end(), target.begin());
}

template <typename Target>
void choice(const Entry& entry, std::initializer_list<std::pair<std::string_view, Target>> choices, Target& target) {
  const auto* text = std::get_if<std::string>(&entry.value);
  std::string names;
  for (const auto& [name, value] : choices) {
    if (text != nullptr && *text == name) {
      target = value;
      return;
    }
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name);
  }
  refuse(entry, "takes one of " + names);
}

void obfuscation_key(const Entry& entry, std::array<uint32_t, 8>& key) {
  const auto* text = std::get_if<std::string>(&entry.value);
  if (text == nullptr) return words(entry, key);
  std::string_view digits = *text;
  if (digits.starts_with("0x")) digits.remove_prefix(2);
  if (digits.size() != 64) refuse(entry, "takes 64 hexadecimal digits");
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char* begin = digits.data() + 8 * i;
    const auto [end, error] = std::from_chars(begin, begin + 8, key[i], 16);
    if (error != std::errc() || end != begin + 8) refuse(entry, "takes hexadecimal digits");
  }
}

bool read_core(const Entry& entry, Configuration& configuration) {
  if (entry.key == "generation") {
    choice<Generation>(entry, {{"1.0", Generation::v1_0}, {"1.1", Generation::v1_1}, {"1.2", Generation::v1_1}},
                       configuration.generation);
  } else if (entry.key == "timing") {
    choice<veer::TimingProfile>(entry,
                                {{"reference", veer::TimingProfile::reference}, {"rtl", veer::TimingProfile::rtl}},
                                configuration.timing);
  } else {
    return false;
  }
  return true;
}

bool read_security(const Entry& entry, Configuration& configuration) {
  if (entry.key == "device_lifecycle") {
    choice<DeviceLifecycle>(entry,
                            {{"unprovisioned", DeviceLifecycle::unprovisioned},
                             {"manufacturing", DeviceLifecycle::manufacturing},
                             {"production", DeviceLifecycle::production}},
                            configuration.lifecycle);
  } else if (entry.key == "debug_locked") {
    boolean(entry, configuration.debug_locked);
  } else if (entry.key == "scan_mode") {
    boolean(entry, configuration.scan_mode);
  } else {
    return false;
  }
  return true;
}

bool read_straps(const Entry& entry, Configuration& configuration) {
  if (entry.key == "obfuscation_key") {
    obfuscation_key(entry, configuration.obfuscation_key);
  } else if (entry.key == "boot_fsm_breakpoint") {
    boolean(entry, configuration.boot_fsm_breakpoint);
  } else if (entry.key == "generic_input_wires") {
    words(entry, configuration.generic_input_wires);
  } else if (entry.key == "internal_trng") {
    boolean(entry, configuration.internal_trng);
  } else {
    return false;
  }
  return true;
}

// `absent` wins over `delay`, whichever comes first: a text may keep its delay while somebody tries it without answers.
bool read_trng(const Entry& entry, Configuration& configuration, SocPlan& plan, bool& absent) {
  if (entry.key == "seed") {
    number(entry, plan.trng_seed);
    configuration.trng_seed = plan.trng_seed;
  } else if (entry.key == "generator") {
    choice<TrngGenerator>(entry, {{"xorshift32", TrngGenerator::xorshift32}, {"xorshift64", TrngGenerator::xorshift64}},
                          configuration.trng_generator);
  } else if (entry.key == "delay") {
    uint64_t delay = 0;
    number(entry, delay);
    plan.trng_delay = delay;
  } else if (entry.key == "absent") {
    boolean(entry, absent);
  } else if (entry.key == "entropy_config") {
    words(entry, plan.itrng_entropy_config);
  } else {
    return false;
  }
  return true;
}

bool read_soc(const Entry& entry, Configuration& configuration, SocPlan& plan) {
  const auto user = [&entry](std::optional<uint32_t>& target) {
    target = 0;
    number(entry, *target);
  };
  if (entry.key == "user") {
    number(entry, plan.user);
  } else if (entry.key == "default_mailbox_user") {
    number(entry, configuration.default_mailbox_user);
  } else if (entry.key == "mailbox_users") {
    plan.mailbox_users = words(entry);
    if (plan.mailbox_users.size() > most_mailbox_users) refuse(entry, "takes at most 5 users");
  } else if (entry.key == "fuse_user") {
    user(plan.fuse_user);
  } else if (entry.key == "trng_user") {
    user(plan.trng_user);
  } else if (entry.key == "watchdog_timeout") {
    number(entry, plan.watchdog_timeout);
  } else if (entry.key == "manufacturing_service") {
    number(entry, plan.manufacturing_service);
  } else if (entry.key == "upload_delay") {
    number(entry, plan.upload_delay);
  } else {
    return false;
  }
  return true;
}

void read_fuse(const Entry& entry, Generation generation, Fuses& fuses) {
  std::optional<std::string> error;
  if (const auto* text = std::get_if<std::string>(&entry.value)) {
    error = fuses.set_text(generation, entry.key, *text);
  } else if (std::holds_alternative<uint64_t>(entry.value)) {
    uint32_t word = 0;
    number(entry, word);
    error = fuses.set(generation, entry.key, {&word, 1});
  } else {
    error = fuses.set(generation, entry.key, words(entry));
  }
  if (error) throw Problem{entry.line, *error};
}

void read_entry(const Entry& entry, Configuration& configuration, SocPlan& plan, bool& trng_absent) {
  bool known = false;
  if (entry.section == "core") known = read_core(entry, configuration);
  if (entry.section == "security") known = read_security(entry, configuration);
  if (entry.section == "straps") known = read_straps(entry, configuration);
  if (entry.section == "trng") known = read_trng(entry, configuration, plan, trng_absent);
  if (entry.section == "soc") known = read_soc(entry, configuration, plan);
  if (!known) throw Problem{entry.line, "unknown key " + entry.name()};
}

}  // namespace

std::string read_configuration_text(std::string_view text, Configuration& configuration, SocPlan& plan) {
  try {
    const std::vector<Entry> entries = Parser(text).entries();
    bool trng_absent = false;
    for (const Entry& entry : entries) {
      if (entry.section != "fuses") read_entry(entry, configuration, plan, trng_absent);
    }
    if (trng_absent) plan.trng_delay.reset();
    // Which fuses there are depends on the generation, wherever in the text that is.
    for (const Entry& entry : entries) {
      if (entry.section == "fuses") read_fuse(entry, configuration.generation, plan.fuses);
    }
  } catch (const Problem& problem) {
    return fmt::format("line {}: {}", problem.line, problem.message);
  }
  return {};
}

}  // namespace caliptra
