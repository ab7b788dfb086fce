#include "report.h"

#include <cinttypes>
#include <cstdio>

namespace umfb::soak {
namespace {

/// What we say has no control characters.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') result += '\\';
    result += character;
  }
  return result + '"';
}

int width(std::string_view text) { return static_cast<int>(text.size()); }

}  // namespace

void Report::skip(std::string_view tracker, const std::string& reason) {
  if (json_) {
    std::printf("{\"event\":\"skipped\",\"tracker\":%s,\"reason\":%s}\n", quoted(tracker).c_str(),
                quoted(reason).c_str());
  } else {
    std::printf("%-18.*s  skipped: %s\n", width(tracker), tracker.data(), reason.c_str());
  }
  std::fflush(stdout);
}

void Report::add(std::string_view tracker, Place place, std::string_view suite, const Result& result,
                 double seconds) {
  const bool oneShot = suite == "one-shot";
  if (oneShot) {
    rounds_ += result.rounds;
  } else {
    stores_ += result.stores;
  }
  if (result.loss) losses_++;
  if (json_) {
    std::printf("{\"event\":\"case\",\"tracker\":%s,\"writers\":%s,\"suite\":%s,\"stores\":%" PRIu64
                ",\"rounds\":%" PRIu64 ",\"frames\":%" PRIu64 ",\"rests\":%" PRIu64
                ",\"seconds\":%.3f,\"loss\":%s}\n",
                quoted(tracker).c_str(), quoted(nameOf(place)).c_str(), quoted(suite).c_str(), result.stores,
                result.rounds, result.frames, result.rests, seconds,
                result.loss ? quoted(*result.loss).c_str() : "null");
  } else {
    std::printf("%-18.*s  %-8.*s  by %-15s %12" PRIu64 " stores %9" PRIu64 " rounds %9" PRIu64
                " frames %8" PRIu64 " rests %7.1f s  %s\n",
                width(tracker), tracker.data(), width(suite), suite.data(), nameOf(place), result.stores,
                result.rounds, result.frames, result.rests, seconds,
                result.loss ? ("LOST: " + *result.loss).c_str() : "nothing lost");
  }
  std::fflush(stdout);
}

void Report::addScenario(std::string_view tracker, std::string_view scenario,
                         const std::optional<std::string>& failure) {
  if (failure) losses_++;
  if (json_) {
    std::printf("{\"event\":\"scenario\",\"tracker\":%s,\"scenario\":%s,\"failure\":%s}\n",
                quoted(tracker).c_str(), quoted(scenario).c_str(),
                failure ? quoted(*failure).c_str() : "null");
  } else {
    std::printf("%-18.*s  %-24.*s  %s\n", width(tracker), tracker.data(), width(scenario), scenario.data(),
                failure ? ("WRONG: " + *failure).c_str() : "as it should be");
  }
  std::fflush(stdout);
}

void Report::total(double seconds) const {
  if (json_) {
    std::printf("{\"event\":\"total\",\"stores\":%" PRIu64 ",\"rounds\":%" PRIu64 ",\"losses\":%" PRIu64
                ",\"seconds\":%.3f}\n",
                stores_, rounds_, losses_, seconds);
  } else {
    std::printf("%" PRIu64 " stamped stores, %" PRIu64 " one-shot rounds, %" PRIu64 " losses, %.1f s\n",
                stores_, rounds_, losses_, seconds);
  }
  std::fflush(stdout);
}

}  // namespace umfb::soak
