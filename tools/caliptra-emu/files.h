// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Input files, read whole, and output files, written with every error noticed.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caliptra::emu {

/// Sizes that make sense for an input, in bytes.
struct SizeLimits {
  std::size_t minimum = 1;
  std::size_t maximum = 0;
};

/// Reads a file, a pipe or a device to its end. `what` names its purpose in errors ("ROM"). Throws Failure
/// with exit_input_file: missing, unreadable, a directory, or a size outside `limits`. Never reads more than
/// the maximum and one byte.
[[nodiscard]] std::vector<uint8_t> read_file(std::string_view what, const std::string& path, SizeLimits limits);

/// A file, or a stream that is open already, that bytes are written to. Errors are kept, not thrown: a tracer
/// must be able to stop a run in good order. Not buffered.
class OutputFile {
 public:
  /// Who may read a file: whoever the user's umask lets, or, where it holds secrets, its owner alone.
  enum class Readers : uint8_t { umask, owner };

  /// Creates or empties `path`; "-" is standard output. Throws Failure with exit_host_io.
  OutputFile(std::string_view what, const std::string& path, Readers readers = Readers::umask);

  /// Writes to an open descriptor, which stays open.
  OutputFile(std::string_view what, int descriptor);

  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Writes all of it. False once any write has failed.
  bool write(std::string_view bytes);

  /// Closes the file, since some errors show only then. False if anything has failed.
  bool close();

  [[nodiscard]] bool failed() const { return !error_.empty(); }

  /// What failed, in one line; empty if nothing did.
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  void fail(std::string_view action, int number);

  std::string what_;
  int descriptor_ = -1;
  bool owned_ = true;
  std::string error_;
};

/// Writes a whole file; "-" is standard output. Throws Failure with exit_host_io.
void write_file(std::string_view what, const std::string& path, std::string_view bytes);
void write_file(std::string_view what, const std::string& path, std::span<const uint8_t> bytes);

}  // namespace caliptra::emu
