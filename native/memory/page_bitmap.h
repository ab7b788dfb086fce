#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace umfb {

/// Consecutive pages.
struct PageRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;

  std::uint32_t end() const { return first + count; }
};

/// A set of pages. Ranges must lie inside it: callers check, because they know whom to blame.
class PageBitmap {
public:
  explicit PageBitmap(std::uint32_t sizePages);

  std::uint32_t sizePages() const { return sizePages_; }
  bool empty() const { return low_ >= high_; }

  bool contains(std::uint32_t page) const { return (words_[page / 64] >> (page % 64) & 1) != 0; }
  /// Counts them.
  std::uint32_t count() const;

  void mark(PageRange pages);
  /// Of another set of the same size.
  void markAll(const PageBitmap& other);
  void unmark(PageRange pages);
  void clear();
  std::size_t countRuns() const;

  /// The first page at or after `page` that is in the set (or not, by `wanted`); sizePages() where there is
  /// none.
  std::uint32_t find(std::uint32_t page, bool wanted) const;

  /**
   * Moves pages out as runs: pairs (first, count), ascending, disjoint and not adjacent. Runs that do not fit
   * stay.
   * @returns runs written
   */
  std::size_t drain(std::span<std::uint32_t> runs);

  /// Calls `visit(page)` for every page, ascending.
  template <typename Visit>
  void forEach(Visit&& visit) const {
    for (std::size_t word = low_; word < high_; ++word) {
      for (std::uint64_t bits = words_[word]; bits != 0; bits &= bits - 1) visit(pageOf(word, bits));
    }
  }

  /// Calls `visit(page)` for every page that is in this set and not in `other`, which is of the same size.
  /// `visit` may add its page to `other`.
  template <typename Visit>
  void forEachMissingFrom(const PageBitmap& other, Visit&& visit) const {
    for (std::size_t word = low_; word < high_; ++word) {
      for (std::uint64_t bits = words_[word] & ~other.words_[word]; bits != 0; bits &= bits - 1) {
        visit(pageOf(word, bits));
      }
    }
  }

  /// Moves the pages that are not in `other` out: `visit(run)` gets them as longest runs, ascending.
  /// @param other at least as large
  template <typename Visit>
  void takeMissingFrom(const PageBitmap& other, Visit&& visit) {
    PageRange run;
    std::size_t low = words_.size();
    std::size_t high = 0;
    for (std::size_t word = low_; word < high_; ++word) {
      std::uint64_t taken = words_[word] & ~other.words_[word];
      words_[word] ^= taken;
      if (words_[word] != 0) {
        low = std::min(low, word);
        high = word + 1;
      }
      for (std::uint32_t base = static_cast<std::uint32_t>(word * 64); taken != 0;) {
        const int first = std::countr_zero(taken);
        const int count = std::countr_one(taken >> first);
        taken &= ~(~std::uint64_t{0} >> (64 - count) << first);
        const PageRange next{base + static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(count)};
        if (run.end() == next.first) {
          run.count += next.count;
        } else {
          if (run.count > 0) visit(run);
          run = next;
        }
      }
    }
    low_ = low;
    high_ = high;
    if (run.count > 0) visit(run);
  }

  /// Calls `visit(run)` for every longest run of pages inside of `pages` that are not in this set.
  template <typename Visit>
  void forEachGap(PageRange pages, Visit&& visit) const {
    if (empty()) {
      visit(pages);
      return;
    }
    const std::uint32_t end = pages.end();
    for (std::uint32_t first = find(pages.first, false); first < end;) {
      const std::uint32_t next = std::min(find(first, true), end);
      visit(PageRange{first, next - first});
      first = find(next, false);
    }
  }

  /// Calls `visit(run)` for every longest run of pages inside of `pages` that are in this set.
  template <typename Visit>
  void forEachRun(PageRange pages, Visit&& visit) const {
    for (std::uint32_t first = find(pages.first, true); first < pages.end();) {
      const std::uint32_t end = std::min(find(first, false), pages.end());
      visit(PageRange{first, end - first});
      first = find(end, true);
    }
  }

private:
  /// Of the lowest of `bits`.
  static std::uint32_t pageOf(std::size_t word, std::uint64_t bits) {
    return static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits)));
  }

  std::uint32_t sizePages_;
  std::vector<std::uint64_t> words_;
  /// All bits lie in the words [low_, high_): draining or clearing an empty set looks at none.
  std::size_t low_;
  std::size_t high_ = 0;
};

}  // namespace umfb
