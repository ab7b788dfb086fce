#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace umfb::soak {

struct Options {
  /// In all, shared out evenly among the cases.
  std::uint64_t stores = 20'000'000;
  std::uint64_t rounds = 20'000;
  std::uint64_t seed = 1;
  bool json = false;
  /// Names of trackings(); empty: all.
  std::vector<std::string> trackers;
  bool help = false;
};

extern const char* const kUsage;

/// @throws std::invalid_argument in words for the user
Options parseOptions(std::span<char* const> arguments);

}  // namespace umfb::soak
