// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/configuration_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <charconv>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <utility>

#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"

namespace caliptra::emu {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;
constexpr std::size_t largest_mailbox_user_count = 5;

std::string_view type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "an array";
    case toml::node_type::string: return "a text";
    case toml::node_type::integer: return "a number";
    case toml::node_type::floating_point: return "a fraction";
    case toml::node_type::boolean: return "a truth value";
    default: return "a date or time";
  }
}

/// One table of the file. Keys are taken out one by one; finish() refuses those that nobody took.
class Section {
 public:
  Section(const std::string& path, std::string name, const toml::table& table)
      : path_(path), name_(std::move(name)), table_(table) {}

  [[noreturn]] void refuse(const toml::source_region& where, std::string_view message) const {
    throw Failure(exit_usage, fmt::format("{}:{}: {}", path_, where.begin.line, message));
  }
  [[noreturn]] void refuse(std::string_view key, const toml::node& node, std::string_view message) const {
    refuse(node.source(), fmt::format("{} {}", full(key), message));
  }

  [[nodiscard]] const toml::node* take(std::string_view key) {
    known_.emplace_back(key);
    return table_.get(key);
  }

  void boolean(std::string_view key, bool& target) {
    const toml::node* node = take(key);
    if (node == nullptr) return;
    if (!node->is_boolean()) refuse(key, *node, fmt::format("is true or false, not {}", type_name(*node)));
    target = node->as_boolean()->get();
  }

  uint64_t number_of(std::string_view key, const toml::node& node, uint64_t maximum) const {
    if (!node.is_integer()) refuse(key, node, fmt::format("takes a number, not {}", type_name(node)));
    const int64_t value = node.as_integer()->get();
    if (value < 0 || static_cast<uint64_t>(value) > maximum) {
      refuse(key, node, fmt::format("takes a number from 0 to 0x{:x}", maximum));
    }
    return static_cast<uint64_t>(value);
  }

  template <typename Target>
  void number(std::string_view key, Target& target) {
    const toml::node* node = take(key);
    if (node == nullptr) return;
    constexpr uint64_t toml_maximum = std::numeric_limits<int64_t>::max();
    target = static_cast<Target>(
        number_of(key, *node, std::min<uint64_t>(std::numeric_limits<Target>::max(), toml_maximum)));
  }
  void number(std::string_view key, std::optional<uint32_t>& target) {
    const toml::node* node = take(key);
    if (node != nullptr) target = static_cast<uint32_t>(number_of(key, *node, 0xffff'ffff));
  }

  std::string text_of(std::string_view key, const toml::node& node) const {
    if (!node.is_string()) refuse(key, node, fmt::format("takes a text, not {}", type_name(node)));
    return node.as_string()->get();
  }

  /// A name out of a list.
  template <typename Target>
  void choice(std::string_view key, std::initializer_list<std::pair<std::string_view, Target>> choices,
              Target& target) {
    const toml::node* node = take(key);
    if (node == nullptr) return;
    const std::string text = text_of(key, *node);
    std::string names;
    for (const auto& [name, value] : choices) {
      if (name == text) {
        target = value;
        return;
      }
      names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name);
    }
    refuse(key, *node, fmt::format("takes one of {}, not \"{}\"", names, text));
  }

  void file_name(std::string_view key, std::optional<std::string>& target) {
    const toml::node* node = take(key);
    if (node != nullptr) target = path_of(key, *node);
  }

  std::string path_of(std::string_view key, const toml::node& node) const {
    const std::string text = text_of(key, node);
    if (text.empty()) refuse(key, node, "names no file");
    return (std::filesystem::path(path_).parent_path() / text).string();
  }

  std::vector<uint32_t> words_of(std::string_view key, const toml::node& node) const {
    if (!node.is_array()) refuse(key, node, fmt::format("takes an array of numbers, not {}", type_name(node)));
    std::vector<uint32_t> words;
    for (const toml::node& each : *node.as_array()) {
      words.push_back(static_cast<uint32_t>(number_of(key, each, 0xffff'ffff)));
    }
    return words;
  }

  void words(std::string_view key, std::span<uint32_t> target) {
    const toml::node* node = take(key);
    if (node == nullptr) return;
    const auto words = words_of(key, *node);
    if (words.size() != target.size()) {
      refuse(key, *node, fmt::format("takes {} numbers, not {}", target.size(), words.size()));
    }
    std::copy(words.begin(), words.end(), target.begin());
  }

  /// Hexadecimal digits, two per byte.
  std::vector<uint8_t> bytes_of(std::string_view key, const toml::node& node, std::size_t size) const {
    const std::string text = text_of(key, node);
    std::string_view digits = text;
    if (digits.starts_with("0x")) digits.remove_prefix(2);
    if (digits.size() != 2 * size) {
      refuse(key, node, fmt::format("takes {} hexadecimal digits, not {}", 2 * size, digits.size()));
    }
    std::vector<uint8_t> bytes(size);
    for (std::size_t i = 0; i < size; ++i) {
      const char* begin = digits.data() + 2 * i;
      const auto [end, error] = std::from_chars(begin, begin + 2, bytes[i], 16);
      if (error != std::errc() || end != begin + 2) refuse(key, node, "takes hexadecimal digits");
    }
    return bytes;
  }

  /// A table of the table, or nothing.
  std::optional<Section> section(std::string_view key) {
    const toml::node* node = take(key);
    if (node == nullptr) return std::nullopt;
    if (!node->is_table()) refuse(key, *node, fmt::format("is a section, not {}", type_name(*node)));
    return Section(path_, full(key), *node->as_table());
  }

  void finish() const {
    for (const auto& [key, node] : table_) {
      if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
      std::string known;
      for (const std::string& each : known_) known += (known.empty() ? "" : ", ") + each;
      refuse(key.source(), fmt::format("unknown key {}; known are {}", full(key.str()), known));
    }
  }

  [[nodiscard]] const toml::table& table() const { return table_; }
  [[nodiscard]] std::string full(std::string_view key) const {
    return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
  }

 private:
  const std::string& path_;
  std::string name_;
  const toml::table& table_;
  std::vector<std::string> known_;
};

void read_core(Section& section, std::optional<Generation> override, Setup& setup) {
  Configuration& configuration = setup.configuration;
  section.choice<Generation>("generation",
                             {{"1.0", Generation::v1_0}, {"1.1", Generation::v1_1}, {"1.2", Generation::v1_1}},
                             configuration.generation);
  if (override) configuration.generation = *override;
  section.choice<veer::TimingProfile>(
      "timing", {{"reference", veer::TimingProfile::reference}, {"rtl", veer::TimingProfile::rtl}},
      configuration.timing);
  section.finish();
}

void read_security(Section& section, Setup& setup) {
  section.choice<DeviceLifecycle>("device_lifecycle",
                                  {{"unprovisioned", DeviceLifecycle::unprovisioned},
                                   {"manufacturing", DeviceLifecycle::manufacturing},
                                   {"production", DeviceLifecycle::production}},
                                  setup.configuration.lifecycle);
  section.boolean("debug_locked", setup.configuration.debug_locked);
  section.boolean("scan_mode", setup.configuration.scan_mode);
  section.finish();
}

void read_straps(Section& section, Setup& setup) {
  Configuration& configuration = setup.configuration;
  if (const toml::node* node = section.take("obfuscation_key")) {
    auto& key = configuration.obfuscation_key;
    if (node->is_array()) {
      section.words("obfuscation_key", key);
    } else {
      const auto bytes = section.bytes_of("obfuscation_key", *node, 4 * key.size());
      for (std::size_t i = 0; i < key.size(); ++i) {
        key[i] = static_cast<uint32_t>(bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 | bytes[4 * i + 2] << 8) |
                 bytes[4 * i + 3];
      }
    }
  }
  section.boolean("boot_fsm_breakpoint", configuration.boot_fsm_breakpoint);
  section.words("generic_input_wires", configuration.generic_input_wires);
  section.boolean("internal_trng", configuration.internal_trng);
  section.finish();
}

void read_trng(Section& section, Setup& setup) {
  uint32_t seed = setup.plan.trng_seed;
  section.number("seed", seed);
  setup.plan.trng_seed = setup.configuration.trng_seed = seed;
  section.choice<TrngGenerator>("generator",
                                {{"xorshift32", TrngGenerator::xorshift32}, {"xorshift64", TrngGenerator::xorshift64}},
                                setup.configuration.trng_generator);
  if (section.table().contains("delay")) {
    uint64_t delay = 0;
    section.number("delay", delay);
    setup.plan.trng_delay = delay;
  }
  bool absent = false;
  section.boolean("absent", absent);
  if (absent) setup.plan.trng_delay.reset();
  section.words("entropy_config", setup.plan.itrng_entropy_config);
  section.finish();
}

void read_soc(Section& section, Setup& setup) {
  SocPlan& plan = setup.plan;
  section.number("user", plan.user);
  if (section.table().contains("user")) setup.configuration.default_mailbox_user = plan.user;
  section.number("default_mailbox_user", setup.configuration.default_mailbox_user);
  if (const toml::node* node = section.take("mailbox_users")) {
    plan.mailbox_users = section.words_of("mailbox_users", *node);
    if (plan.mailbox_users.size() > largest_mailbox_user_count) {
      section.refuse(
          "mailbox_users", *node,
          fmt::format("takes at most {} users, not {}", largest_mailbox_user_count, plan.mailbox_users.size()));
    }
  }
  section.number("fuse_user", plan.fuse_user);
  section.number("trng_user", plan.trng_user);
  section.number("watchdog_timeout", plan.watchdog_timeout);
  section.number("manufacturing_service", plan.manufacturing_service);
  section.number("upload_delay", plan.upload_delay);
  section.finish();
}

std::vector<uint8_t> inline_measurement(Section section) {
  std::vector<uint8_t> request;
  const auto append = [&](std::string_view key, std::size_t size) {
    const toml::node* node = section.take(key);
    const auto bytes = node != nullptr ? section.bytes_of(key, *node, size) : std::vector<uint8_t>(size);
    request.insert(request.end(), bytes.begin(), bytes.end());
  };
  append("metadata", 4);
  append("measurement", 48);
  append("context", 48);
  uint32_t svn = 0;
  section.number("svn", svn);
  for (unsigned shift = 0; shift < 32; shift += 8) request.push_back(static_cast<uint8_t>(svn >> shift));
  section.finish();
  return request;
}

void read_images(Section& section, const std::string& path, Setup& setup) {
  section.file_name("rom", setup.rom);
  section.file_name("firmware", setup.firmware);
  section.file_name("update_firmware", setup.update_firmware);
  if (const toml::node* node = section.take("measurements")) {
    if (!node->is_array()) section.refuse("measurements", *node, "takes an array of files or tables");
    for (const toml::node& each : *node->as_array()) {
      if (each.is_table()) {
        setup.measurements.emplace_back(inline_measurement({path, section.full("measurements"), *each.as_table()}));
      } else {
        setup.measurements.emplace_back(section.path_of("measurements", each));
      }
    }
  }
  section.finish();
}

/// [[faults]]: each a Fault by its members' names.
void read_faults(Section& root, const std::string& path, Setup& setup) {
  const toml::node* node = root.take("faults");
  if (node == nullptr) return;
  if (!node->is_array()) root.refuse("faults", *node, "is written as [[faults]], once for each");
  for (const toml::node& each : *node->as_array()) {
    if (!each.is_table()) root.refuse("faults", each, "is written as [[faults]], once for each");
    Section section(path, "faults", *each.as_table());
    const toml::node* kind = section.take("kind");
    if (kind == nullptr) section.refuse(each.source(), "faults.kind is missing");
    const auto known = fault_kind(section.text_of("kind", *kind));
    if (!known)
      section.refuse("kind", *kind, fmt::format("\"{}\" is no kind of fault", section.text_of("kind", *kind)));
    Fault fault{.kind = *known};
    section.number("cycle", fault.cycle);
    section.number("address", fault.address);
    section.number("size", fault.size);
    section.number("value", fault.value);
    section.number("percent", fault.percent);
    section.number("slots", fault.slots);
    section.number("count", fault.count);
    section.finish();
    setup.configuration.faults.push_back(fault);
  }
}

void read_fuses(const Section& section, Setup& setup) {
  const Generation generation = setup.configuration.generation;
  for (const auto& [key, node] : section.table()) {
    const std::string_view name = key.str();
    std::optional<std::string> error;
    if (node.is_string()) {
      error = setup.plan.fuses.set_text(generation, name, node.as_string()->get());
    } else if (node.is_integer()) {
      const uint32_t word[] = {static_cast<uint32_t>(section.number_of(name, node, 0xffff'ffff))};
      error = setup.plan.fuses.set(generation, name, word);
    } else if (node.is_array()) {
      error = setup.plan.fuses.set(generation, name, section.words_of(name, node));
    } else {
      section.refuse(name, node,
                     fmt::format("takes hexadecimal digits, a number or an array of numbers, not {}", type_name(node)));
    }
    if (error) section.refuse(key.source(), *error);
  }
}

}  // namespace

void read_configuration(std::string_view text, const std::string& path, std::optional<Generation> generation,
                        Setup& setup) {
  toml::table table;
  try {
    table = toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    throw Failure(exit_usage, fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()));
  }
  Section root(path, "", table);
  // The generation decides which fuses there are, so this section comes first.
  if (auto section = root.section("core")) {
    read_core(*section, generation, setup);
  } else if (generation) {
    setup.configuration.generation = *generation;
  }
  if (auto section = root.section("security")) read_security(*section, setup);
  if (auto section = root.section("straps")) read_straps(*section, setup);
  if (auto section = root.section("trng")) read_trng(*section, setup);
  if (auto section = root.section("soc")) read_soc(*section, setup);
  if (auto section = root.section("images")) read_images(*section, path, setup);
  if (auto section = root.section("fuses")) read_fuses(*section, setup);
  read_faults(root, path, setup);
  root.finish();
}

void read_configuration_file(const std::string& path, std::optional<Generation> generation, Setup& setup) {
  const auto bytes = read_file("configuration file", path, {.minimum = 0, .maximum = largest_file});
  read_configuration({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path, generation, setup);
}

}  // namespace caliptra::emu
