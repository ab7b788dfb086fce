#include "trackers/hot_pages.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace umfb {
namespace {

constexpr unsigned kAlways = 256;
/// Rates below are none: one dirty harvest is forgotten after a few windows.
constexpr unsigned kLeastRate = 4;
/// A page that was closed faults for the first time in one of these harvests of the window if it is stored to
/// in (nearly) every frame. The harvest before them reports what was stored while it was open.
constexpr unsigned kStale = 0;
constexpr unsigned kLastReturn = 2;
constexpr std::uint8_t kFirstHold = 2;
/// A change of state costs about one more fault or comparison: this share of a comparison, in every harvest.
constexpr double kChange = 1.0 / 8;
/// Compared at once, for their time to mean anything.
constexpr double kLeastPages = 16;

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
  if (harvest == kStale) {
    dirty.forEachMissingFrom(closing_, [&](std::uint32_t page) {
      pages_[page].dirty++;
      warm_.mark({page, 1});
    });
  } else {
    dirty.forEach([&](std::uint32_t page) { pages_[page].dirty++; });
    warm_.markAll(dirty);
  }
  const bool reopened = !closing_.empty() && reopenReturned(dirty, harvest);
  if (harvest_ != 0) return reopened;
  estimate();
  return divide(scans) || reopened;
}

bool HotPages::reopenReturned(const PageBitmap& dirty, unsigned harvest) {
  if (harvest == kStale) return false;
  bool reopened = false;
  closing_.forEach([&](std::uint32_t number) {
    Page& page = pages_[number];
    if (dirty.has(number) && !isWorthOpening(page)) {
      page.hold = std::clamp<std::uint8_t>(static_cast<std::uint8_t>(2 * page.hold), kFirstHold, kMaxHold);
      page.rate = std::numeric_limits<std::uint8_t>::max();
      open(number);
      closing_.unmark({number, 1});
      reopened = true;
    } else if (harvest == kLastReturn) {
      page.hold /= 2;
    }
  });
  if (harvest == kLastReturn) closing_.clear();
  return reopened;
}

bool HotPages::isWorthOpening(const Page& page) const {
  return page.rate * costs_.dirtyPage > kAlways * costs_.comparedPage;
}

void HotPages::estimate() {
  warm_.forEach([&](std::uint32_t number) {
    Page& page = pages_[number];
    const bool open = open_.has(number);
    if (page.dirty > 0) page.clean = 0;
    if (!open || page.dirty > 0 || ++page.clean > page.hold) {
      const unsigned rate = (page.rate + page.dirty * (kAlways / kWindow)) / 2;
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
    if (!open_.has(page) && !isWorthOpening(pages_[page])) return;
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
    const bool wasOpen = open_.has(page);
    const bool openAfterOpen = openCost <= closedCost;
    const bool closedAfterOpen = openCost + run < closedCost;
    before_[page] = static_cast<std::uint8_t>((openAfterOpen ? kOpenAfterOpen : 0) |
                                              (closedAfterOpen ? kClosedAfterOpen : 0));
    const double toOpen = openAfterOpen ? openCost : closedCost;
    const double toClosed = closedAfterOpen ? openCost + run : closedCost;
    openCost = toOpen + costs_.comparedPage + (wasOpen ? 0 : change);
    closedCost = toClosed + pages_[page].rate * costs_.dirtyPage / kAlways + (wasOpen ? change : 0);
  }
  const bool endsAtEdge = last + 1 == pages_.size();
  bool isOpen = openCost + (endsAtEdge ? 0 : run) < closedCost;

  bool changed = false;
  for (std::uint32_t page = last + 1; page-- > first;) {
    if (isOpen != open_.has(page)) {
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
  closing_.mark({page, 1});
}

void HotPages::comparedIn(double nanoseconds, std::size_t pages, std::size_t changedPages) {
  // Comparing ends at the first difference: halfway, on average.
  const double cleanPages = static_cast<double>(pages) - static_cast<double>(changedPages) / 2;
  // Few pages say more of the clock than of themselves; an interruption of this thread says nothing of them.
  if (cleanPages < kLeastPages) return;
  const double least = costs_.comparedPage / 2;
  const double sample = std::clamp(nanoseconds / cleanPages, least, 4 * least);
  costs_.comparedPage = clampComparedPage(costs_.comparedPage + (sample - costs_.comparedPage) / 8);
}

}  // namespace umfb
