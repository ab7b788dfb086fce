#include "ring/dirty_bitmap.h"

#include <algorithm>
#include <bit>

#include "ring/shared_word.h"

namespace umfb {
namespace {

constexpr std::uint32_t kWordBits = 32;

/// Bits from `first` on, `count` of them: 1 to 32.
std::uint32_t mask(std::uint32_t first, std::uint32_t count) {
  return ~std::uint32_t{0} >> (kWordBits - count) << first;
}

}  // namespace

void DirtyBitmap::mark(PageRange pages) const {
  for (std::uint32_t page = pages.first; page < pages.end();) {
    const std::uint32_t bit = page % kWordBits;
    const std::uint32_t count = std::min(kWordBits - bit, pages.end() - page);
    SharedWord(words_ + page / kWordBits * sizeof(std::uint32_t)).set(mask(bit, count));
    page += count;
  }
}

std::size_t DirtyBitmap::take(std::span<std::uint32_t> runs) const {
  const std::size_t capacity = runs.size() / 2;
  std::size_t written = 0;
  PageRange run;
  for (std::uint32_t base = 0; base < sizePages_; base += kWordBits) {
    const SharedWord word(words_ + base / kWordBits * sizeof(std::uint32_t));
    if (word.load() == 0) continue;
    // What lies behind the last page stands for nothing.
    std::uint32_t bits = word.exchange(0) & mask(0, std::min(kWordBits, sizePages_ - base));
    while (bits != 0) {
      const auto first = static_cast<std::uint32_t>(std::countr_zero(bits));
      const auto count = static_cast<std::uint32_t>(std::countr_one(bits >> first));
      if (run.count == 0 || run.end() != base + first) {
        if (written == capacity) {
          word.set(bits);
          return written;
        }
        run = {base + first, 0};
        ++written;
      }
      run.count += count;
      runs[2 * written - 2] = run.first;
      runs[2 * written - 1] = run.count;
      bits &= ~mask(first, count);
    }
  }
  return written;
}

}  // namespace umfb
