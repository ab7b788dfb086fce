#pragma once

#include <string_view>

#include "memory/page_bitmap.h"

namespace umfb {

/**
 * Finds the dirty pages of one mapping by page faults: what a mechanism implements, in one file, with one
 * line in mechanisms.cc. The page numbers are those of the device's memory. Functions throw SystemError; the
 * caller (DeviceTracker) then takes all pages of the mapping for dirty.
 *
 * A mechanism whose faults arrive as events keeps them to itself, in a record that its handler and harvest()
 * share under a lock. The order that loses nothing: the handler makes the page writable, records it, and
 * rings the doorbell; harvest() protects, then takes the records. Only then may anyone read pixels.
 *
 * Destroying a tracker disarms it.
 */
class Tracker {
public:
  virtual ~Tracker() = default;

  /// From its return on, every store is told by a later harvest(). Earlier stores are not: all pages count as
  /// dirty.
  virtual void arm() = 0;

  /**
   * Takes the pages that were stored to since the last call (or arm()), re-arms them, and adds them to
   * `dirty`.
   * @param open pages that the caller compares, because they are dirty so often that a fault costs more. They
   * are left alone: neither reported nor re-armed. Once they leave this set, what was stored to them is
   * reported.
   */
  virtual void harvest(PageBitmap& dirty, const PageBitmap& open) = 0;

  /// Why rings() is never true; empty where it can be.
  virtual std::string_view whyPolled() const { return "its mechanism has to be polled"; }

  /**
   * Nothing has moved for a while: makes rings() possible, if it is not. Pages whose stores may have passed
   * unseen meanwhile are added to `dirty`.
   */
  virtual void settle(PageBitmap&) {}

  /// True if no store waits to be harvested and the next one will ring the doorbell by itself: then nobody
  /// has to poll.
  virtual bool rings() { return false; }
};

}  // namespace umfb
