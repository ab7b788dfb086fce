#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace umfb {

/// A 32-bit word of device memory, which another process may use at the same time. The memory outlives it.
class SharedWord {
public:
  /// @param address a multiple of 4
  explicit SharedWord(std::uint8_t* address) : word_(*reinterpret_cast<std::uint32_t*>(address)) {}

  /// With acquire.
  std::uint32_t load() const { return word_.load(std::memory_order_acquire); }
  /// With release.
  void store(std::uint32_t value) const { word_.store(value, std::memory_order_release); }
  /// With both.
  std::uint32_t exchange(std::uint32_t value) const {
    return word_.exchange(value, std::memory_order_acq_rel);
  }
  /// With both.
  void set(std::uint32_t bits) const { word_.fetch_or(bits, std::memory_order_acq_rel); }

  /// A store, and a load that does not overtake it: of two sides that both do this, each with the word that
  /// the other one stores to, at least one sees the other's.
  std::uint32_t storeThenLoad(std::uint32_t value, const SharedWord& other) const {
    word_.store(value, std::memory_order_seq_cst);
    return other.word_.load(std::memory_order_seq_cst);
  }

private:
  using Word = std::atomic_ref<std::uint32_t>;
  static_assert(Word::is_always_lock_free && Word::required_alignment == sizeof(std::uint32_t),
                "another process uses it, by other means");

  Word word_;
};

}  // namespace umfb
