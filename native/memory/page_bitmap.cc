#include "memory/page_bitmap.h"

#include <algorithm>
#include <bit>

namespace umfb {
namespace {

/// The bits of `pages` that lie in one word.
std::uint64_t maskInWord(PageRange pages, std::size_t word) {
  const std::size_t start = std::max<std::size_t>(pages.first, word * 64) - word * 64;
  const std::size_t end = std::min<std::size_t>(pages.end(), word * 64 + 64) - word * 64;
  return (~std::uint64_t{0} >> (64 - (end - start))) << start;
}

template <typename Apply>
void forEachWord(PageRange pages, Apply&& apply) {
  if (pages.count == 0) return;
  for (std::size_t word = pages.first / 64; word * 64 < pages.end(); ++word) {
    apply(word, maskInWord(pages, word));
  }
}

}  // namespace

PageBitmap::PageBitmap(std::uint32_t sizePages)
    : sizePages_(sizePages), words_((std::size_t{sizePages} + 63) / 64), low_(words_.size()) {}

void PageBitmap::mark(PageRange pages) {
  forEachWord(pages, [&](std::size_t word, std::uint64_t mask) {
    words_[word] |= mask;
    low_ = std::min(low_, word);
    high_ = std::max(high_, word + 1);
  });
}

void PageBitmap::markAll(const PageBitmap& other) {
  if (other.empty()) return;
  for (std::size_t word = other.low_; word < other.high_; ++word) words_[word] |= other.words_[word];
  low_ = std::min(low_, other.low_);
  high_ = std::max(high_, other.high_);
}

void PageBitmap::unmark(PageRange pages) {
  forEachWord(pages, [&](std::size_t word, std::uint64_t mask) { words_[word] &= ~mask; });
  while (low_ < high_ && words_[high_ - 1] == 0) --high_;
  while (low_ < high_ && words_[low_] == 0) ++low_;
  if (!empty()) return;
  low_ = words_.size();
  high_ = 0;
}

std::uint32_t PageBitmap::count() const {
  std::uint32_t count = 0;
  for (std::size_t word = low_; word < high_; ++word)
    count += static_cast<std::uint32_t>(std::popcount(words_[word]));
  return count;
}

void PageBitmap::clear() {
  for (std::size_t word = low_; word < high_; ++word) words_[word] = 0;
  low_ = words_.size();
  high_ = 0;
}

std::size_t PageBitmap::countRuns() const {
  std::size_t count = 0;
  std::uint64_t before = 0;
  for (std::size_t word = low_; word < high_; ++word) {
    // The first page of a run: the one below is not in the set.
    count += static_cast<std::size_t>(std::popcount(words_[word] & ~(words_[word] << 1 | before)));
    before = words_[word] >> 63;
  }
  return count;
}

std::uint32_t PageBitmap::find(std::uint32_t page, bool wanted) const {
  const std::uint64_t flip = wanted ? 0 : ~std::uint64_t{0};
  const std::size_t words = wanted ? high_ : words_.size();
  for (std::size_t word = page / 64; word < words; ++word) {
    std::uint64_t bits = words_[word] ^ flip;
    if (word == page / 64) bits &= ~std::uint64_t{0} << (page % 64);
    if (bits != 0) {
      const std::size_t found = word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits));
      return static_cast<std::uint32_t>(std::min<std::size_t>(found, sizePages_));
    }
  }
  return sizePages_;
}

std::size_t PageBitmap::drain(std::span<std::uint32_t> runs) {
  if (empty()) return 0;
  const std::size_t capacity = runs.size() / 2;
  std::size_t count = 0;
  std::uint32_t first = find(static_cast<std::uint32_t>(low_ * 64), true);
  while (first < sizePages_ && count < capacity) {
    const std::uint32_t end = find(first, false);
    runs[2 * count] = first;
    runs[2 * count + 1] = end - first;
    ++count;
    forEachWord({first, end - first}, [&](std::size_t word, std::uint64_t mask) { words_[word] &= ~mask; });
    first = end < sizePages_ ? find(end, true) : sizePages_;
  }
  low_ = first < sizePages_ ? first / 64 : words_.size();
  if (first >= sizePages_) high_ = 0;
  return count;
}

}  // namespace umfb
