#include "trackers/hot_pages.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace umfb {
namespace {

constexpr unsigned kAlways = 256;
/// Rates below are none: one dirty harvest is forgotten after a few windows.
constexpr unsigned kLeastRate = 4;
/// The harvest of a window that reports what was stored to a page while it was open, if it is closed now. A
/// page that is dirty in one of the two after it is stored to all the time.
constexpr unsigned kStale = 0;
constexpr std::uint8_t kFirstHold = 16;
constexpr std::uint8_t kHoldGrowth = 4;
/// A change of state costs about one more fault or comparison: this share of a comparison, in every harvest.
constexpr double kChange = 1.0 / 16;

/// Windows between two samples: a sample costs as much as a few faults.
constexpr unsigned kSamplePeriod = 32;
constexpr std::size_t kMostSampled = 2 * HotPages::kLeastCompared;
constexpr double kLeastWeight = 1.0 / 8;

constexpr std::uint8_t kOpenAfterOpen = 1;
constexpr std::uint8_t kClosedAfterOpen = 2;

}  // namespace

HotPages::HotPages(std::uint32_t sizePages, const TrackingCosts& costs)
    : costs_(costs),
      pages_(sizePages),
      open_(sizePages),
      warm_(sizePages),
      closing_(sizePages),
      before_(sizePages) {}

bool HotPages::learn(const PageBitmap& dirty, std::size_t scans) {
  const unsigned harvest = harvest_;
  harvest_ = (harvest_ + 1) % kWindow;
  if (dirty.empty() && warm_.empty() && closing_.empty()) return false;
  dirty.forEach([&](std::uint32_t page) { pages_[page].dirty++; });
  warm_.markAll(dirty);
  if (harvest == kStale) closing_.forEach([&](std::uint32_t page) { pages_[page].dirty = 0; });
  bool changed = false;
  if (harvest == kStale + 1 || harvest == kStale + 2) changed = reopenAtOnce(dirty);
  if (harvest_ != 0) return changed;
  if (sampleIn_ > 0) sampleIn_--;
  judgeClosing();
  estimate();
  return divide(scans) || changed;
}

bool HotPages::reopenAtOnce(const PageBitmap& dirty) {
  bool reopened = false;
  closing_.forEach([&](std::uint32_t page) {
    if (!dirty.contains(page)) return;
    lengthenHold(pages_[page]);
    pages_[page].rate = std::numeric_limits<std::uint8_t>::max();
    closing_.unmark({page, 1});
    open(page);
    reopened = true;
  });
  return reopened;
}

void HotPages::judgeClosing() {
  closing_.forEach([&](std::uint32_t number) {
    Page& page = pages_[number];
    const unsigned found = page.dirty * (kAlways / kWindow);
    if (isWorthOpening(found)) {
      lengthenHold(page);
      page.rate = std::max(page.rate, static_cast<std::uint8_t>(std::min(found, kAlways - 1)));
    } else {
      page.hold /= 2;
    }
  });
  closing_.clear();
}

double HotPages::costOfOpen(const Page& page) const {
  // Comparing ends at the first difference: halfway, on average.
  return costs_.comparedPage * (1 - page.rate / (2.0 * kAlways));
}

double HotPages::costOfClosed(const Page& page) const {
  // A hold is had by a page whose content stays: it is reported, and compared, in vain.
  const double inVain = page.hold > 0 ? costs_.comparedPage : 0;
  return (costs_.dirtyPage + inVain) * page.rate / kAlways;
}

bool HotPages::isWorthOpening(unsigned rate) const {
  return rate * costs_.dirtyPage > kAlways * costs_.comparedPage;
}

void HotPages::lengthenHold(Page& page) {
  page.hold =
      std::clamp<std::uint8_t>(static_cast<std::uint8_t>(kHoldGrowth * page.hold), kFirstHold, kMaxHold);
}

void HotPages::estimate() {
  warm_.forEach([&](std::uint32_t number) {
    Page& page = pages_[number];
    const bool open = open_.contains(number);
    const unsigned found = page.dirty * (kAlways / kWindow);
    // Of an open page only changes are found, not all stores.
    if (found >= page.rate) page.clean = 0;
    if (!open || found >= page.rate || ++page.clean > page.hold) {
      const unsigned rate = (3 * page.rate + found) / 4;
      page.rate = static_cast<std::uint8_t>(rate < kLeastRate ? 0 : std::min(rate, kAlways - 1));
    }
    page.dirty = 0;
    if (page.rate == 0 && !open) warm_.unmark({number, 1});
  });
}

bool HotPages::divide(std::size_t scans) {
  // No cheapest division opens a page at the edge of a run that is not worth it by itself.
  std::uint32_t first = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t last = 0;
  warm_.forEach([&](std::uint32_t page) {
    if (!open_.contains(page) && !isWorthOpening(pages_[page].rate)) return;
    first = std::min(first, page);
    last = page;
  });
  if (first > last) return false;

  // The cheapest path through two states a page, open and closed (Viterbi's algorithm). Pages outside of the
  // path are closed; before the first and after the last page of all, there is nothing to scan.
  constexpr double never = std::numeric_limits<double>::infinity();
  const double run = costs_.run * static_cast<double>(scans);
  const double change = costs_.comparedPage * kChange;
  double openCost = first == 0 ? 0 : never;
  double closedCost = first == 0 ? never : 0;
  for (std::uint32_t page = first; page <= last; page++) {
    const bool wasOpen = open_.contains(page);
    const bool openAfterOpen = openCost <= closedCost;
    const bool closedAfterOpen = openCost + run < closedCost;
    before_[page] = static_cast<std::uint8_t>((openAfterOpen ? kOpenAfterOpen : 0) |
                                              (closedAfterOpen ? kClosedAfterOpen : 0));
    const double toOpen = openAfterOpen ? openCost : closedCost;
    const double toClosed = closedAfterOpen ? openCost + run : closedCost;
    openCost = toOpen + costOfOpen(pages_[page]) + (wasOpen ? 0 : change);
    closedCost = toClosed + costOfClosed(pages_[page]) + (wasOpen ? change : 0);
  }
  const bool endsAtEdge = last + 1 == pages_.size();
  bool isOpen = openCost + (endsAtEdge ? 0 : run) < closedCost;

  bool changed = false;
  for (std::uint32_t page = last + 1; page-- > first;) {
    if (isOpen != open_.contains(page)) {
      changed = true;
      if (isOpen)
        open(page);
      else
        close(page);
    }
    isOpen = (before_[page] & (isOpen ? kOpenAfterOpen : kClosedAfterOpen)) != 0;
  }
  return changed;
}

void HotPages::open(std::uint32_t page) {
  pages_[page].clean = 0;
  open_.mark({page, 1});
  warm_.mark({page, 1});
}

void HotPages::close(std::uint32_t page) {
  open_.unmark({page, 1});
  // Others are closed for the sake of a gap, not because they looked clean.
  if (!isWorthOpening(pages_[page].rate)) closing_.mark({page, 1});
}

void HotPages::comparedIn(double nanoseconds, std::size_t pages, std::size_t changedPages) {
  const double cleanPages = static_cast<double>(pages) - static_cast<double>(changedPages) / 2;
  // An interruption of this thread says nothing of them.
  const double least = costs_.comparedPage / 2;
  const double sample = std::clamp(nanoseconds / cleanPages, least, 4 * least);
  costs_.comparedPage = clampComparedPage(costs_.comparedPage + (sample - costs_.comparedPage) * weight_);
  weight_ = std::max(weight_ / 2, kLeastWeight);
  sampleIn_ = kSamplePeriod;
}

void HotPages::chooseSample(const PageBitmap& dirty, PageBitmap& sample) {
  sampleIn_ = kSamplePeriod;
  std::size_t count = 0;
  warm_.forEachMissingFrom(dirty, [&](std::uint32_t page) {
    if (open_.contains(page) || count == kMostSampled) return;
    sample.mark({page, 1});
    count++;
  });
}

}  // namespace umfb
