#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "trackers/mechanisms.h"

namespace umfb::soak {

/// What chance would seldom meet: one course of events for certain.
struct Scenario {
  const char* name;
  /// @returns what went wrong
  std::optional<std::string> (*run)(const Mechanism& mechanism);
};

std::span<const Scenario> scenarios();

}  // namespace umfb::soak
