/// A fuzzer's bytes as numbers. When they are used up, all that comes is zero.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>

class Input {
public:
  Input(const std::uint8_t* bytes, std::size_t count) : bytes_(bytes, count) {}

  bool isEmpty() const { return bytes_.empty(); }

  template <typename Number>
  Number take() {
    Number number{};
    const std::span<const std::uint8_t> taken = takeBytes(sizeof number);
    std::memcpy(&number, taken.data(), taken.size());
    return number;
  }

  /// 0 to `most`.
  std::uint32_t upTo(std::uint32_t most) { return take<std::uint16_t>() % (most + 1); }

  /// A number near zero as a rule, at times anything.
  std::int32_t coordinate() {
    const auto number = take<std::int8_t>();
    return number == 127 ? take<std::int32_t>() : number;
  }

  /// At most as many as there are.
  std::span<const std::uint8_t> takeBytes(std::size_t count) {
    const auto taken = bytes_.first(std::min(count, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }

private:
  std::span<const std::uint8_t> bytes_;
};

/// Ends the program, and so tells the fuzzer, where something does not hold.
inline void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "expected: %s\n", what);
  std::abort();
}
