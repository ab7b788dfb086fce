#pragma once

#include <optional>
#include <span>
#include <string>

#include "tracking.h"

namespace umfb::soak {

/// What chance would seldom meet: one course of events for certain.
struct Scenario {
  const char* name;
  /// @returns what went wrong
  std::optional<std::string> (*run)(const Tracking& tracking);
};

std::span<const Scenario> scenarios();

}  // namespace umfb::soak
