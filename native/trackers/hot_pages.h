#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "memory/page_bitmap.h"
#include "trackers/tracking_costs.h"

namespace umfb {

/**
 * Which pages to leave *open*: un-armed, and compared with the shadow at each harvest, because they are
 * stored to so often that their faults cost more. Any page may be open or closed at any time without a loss;
 * this is about cost alone.
 *
 * Every kWindow harvests the share of harvests that found a page dirty is estimated anew, and the cheapest
 * way to divide all pages into open ones and runs of closed ones is computed: a closed page costs its share
 * of faults, an open one a comparison, a run a system call. So noise opens no single page, and small gaps
 * between hot pages are opened with them.
 *
 * A page that is stored to again and again with the content that it has (a repaint) looks clean while it is
 * open, is closed for that, and faults at once. Each time that happens it is left open for longer: its hold.
 *
 * Clean pages cost nothing: an idle harvest is a counter.
 */
class HotPages {
public:
  /// Harvests between two decisions. Odd, so that it shares no period with what is drawn in every second or
  /// fourth frame.
  static constexpr unsigned kWindow = 5;
  /// Most windows for which an open page that looks clean counts as it did before: 250 harvests.
  static constexpr std::uint8_t kMaxHold = 50;

  /// Pages that have to be compared at once for their time to say something.
  static constexpr std::size_t kLeastCompared = 64;

  HotPages(std::uint32_t sizePages, const TrackingCosts& costs);

  const PageBitmap& open() const { return open_; }

  /**
   * Ends a harvest.
   * @param dirty what it found
   * @param scans how many trackers look at each run of closed pages
   * @returns true if open() is another set now
   */
  bool learn(const PageBitmap& dirty, std::size_t scans);

  /// What comparing at least kLeastCompared pages just cost; the estimate follows, because it depends on what
  /// fits into the caches.
  void comparedIn(double nanoseconds, std::size_t pages, std::size_t changedPages);

  /// Whether comparing is to be measured in this harvest although few pages are open: else an estimate that
  /// is too high would never be found out.
  bool wantsSample() const { return sampleIn_ == 0; }
  /**
   * Ends a wish for a sample.
   * @param dirty what this harvest found
   * @param sample receives pages that were stored to lately and did not change since
   */
  void chooseSample(const PageBitmap& dirty, PageBitmap& sample);

private:
  static constexpr unsigned kFirstSample = 2;

  struct Page {
    /// Estimate of harvests that find it dirty, in 1/256.
    std::uint8_t rate = 0;
    /// Harvests of this window that found it dirty.
    std::uint8_t dirty = 0;
    /// Windows since it last changed while it was open.
    std::uint8_t clean = 0;
    /// Windows that it may be clean, while it is open, before its rate falls.
    std::uint8_t hold = 0;
  };

  bool reopenAtOnce(const PageBitmap& dirty);
  void judgeClosing();
  static void lengthenHold(Page& page);
  /// In nanoseconds a harvest.
  double costOfOpen(const Page& page) const;
  double costOfClosed(const Page& page) const;
  bool isWorthOpening(unsigned rate) const;
  void estimate();
  bool divide(std::size_t scans);
  void open(std::uint32_t page);
  void close(std::uint32_t page);

  TrackingCosts costs_;
  std::vector<Page> pages_;
  PageBitmap open_;
  /// Pages with a rate, dirt in this window, or open.
  PageBitmap warm_;
  /// Closed at the end of the last window, because they looked clean: watched for their return.
  PageBitmap closing_;
  /// Of this window.
  unsigned harvest_ = 0;
  /// Windows with something warm, until a sample is wanted.
  unsigned sampleIn_ = kFirstSample;
  /// How much the next measurement counts: the first one all, as it replaces one of scratch memory.
  double weight_ = 1;
  /// Of divide(): of each page, whether the page before it is open, if this one is open and if it is closed.
  std::vector<std::uint8_t> before_;
};

}  // namespace umfb
