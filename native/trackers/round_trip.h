#pragma once

#include <string>
#include <vector>

namespace umfb {

struct Mechanism;

/// A check that did not come out as it should.
struct RoundTripFailure {
  std::string reason;
};

/**
 * Tries a mechanism on scratch memory: a store is reported, a re-armed page is clean, a later store is
 * reported again, and so is read(2) into the memory, unless it fails with EFAULT: that is a limit.
 * @returns limits: what it cannot do although it works
 * @throws SystemError, RoundTripFailure
 */
std::vector<std::string> roundTrip(const Mechanism& mechanism);

}  // namespace umfb
