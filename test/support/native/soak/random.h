#pragma once

#include <cstdint>

namespace umfb::soak {

/// xorshift64*: the same numbers in every run with the same seed.
class Random {
public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15 + 1) {}

  std::uint32_t below(std::uint32_t bound) {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    const auto high = static_cast<std::uint32_t>((state_ * 0x2545f4914f6cdd1d) >> 32);
    return static_cast<std::uint32_t>((std::uint64_t{high} * bound) >> 32);
  }

private:
  std::uint64_t state_;
};

}  // namespace umfb::soak
