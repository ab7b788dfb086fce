#pragma once

#include <string>
#include <vector>

#include "trackers/mechanisms.h"

namespace umfb::soak {

/// A way to track: a mechanism alone, or with the policy on top of it.
struct Tracking {
  std::string name;
  const Mechanism* mechanism;
  bool adaptive;
};

/// All of them: "wp-async", "wp-async+adaptive", …
std::vector<Tracking> trackings();

}  // namespace umfb::soak
