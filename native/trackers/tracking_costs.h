#pragma once

#include "trackers/mechanisms.h"

namespace umfb {

/// What tracking costs on this machine, in nanoseconds of processor time, the writer's included.
struct TrackingCosts {
  /// An armed page that is stored to: the fault, and its share of the harvest that takes and re-arms it.
  double dirtyPage;
  /// One more run of armed pages in a harvest.
  double run;
  /// A page that is compared with the shadow and equals it.
  double comparedPage;
};

/// Into the bounds that no machine is known to leave.
double clampComparedPage(double nanoseconds);

/**
 * Measured on scratch memory when first asked for, once a process and mechanism: a few milliseconds. Medians,
 * and inside of bounds that no machine is known to leave, so that a measurement that was disturbed misleads
 * little.
 * @throws SystemError where the mechanism does not work here
 */
const TrackingCosts& trackingCosts(const Mechanism& mechanism);

}  // namespace umfb
