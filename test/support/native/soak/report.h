#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rounds.h"

namespace umfb::soak {

/// Tells how each case came out, as text or as one JSON object a line, and keeps the sums.
class Report {
public:
  explicit Report(bool json) : json_(json) {}

  void skip(std::string_view tracker, const std::string& reason);
  /// @param suite "stamps" or "one-shot"
  void add(std::string_view tracker, Place place, std::string_view suite, const Result& result,
           double seconds);
  void addScenario(std::string_view tracker, std::string_view scenario,
                   const std::optional<std::string>& failure);
  void total(double seconds) const;

  std::uint64_t losses() const { return losses_; }

private:
  bool json_;
  std::uint64_t stores_ = 0;
  std::uint64_t rounds_ = 0;
  std::uint64_t losses_ = 0;
};

}  // namespace umfb::soak
