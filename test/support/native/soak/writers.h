#pragma once

#include <functional>
#include <memory>

#include "hands.h"
#include "memory/mapping.h"
#include "trackers/device_tracker.h"

namespace umfb::soak {

/// Where the writers run.
enum class Place { kThreads, kProcess };

constexpr const char* nameOf(Place place) { return place == Place::kThreads ? "threads" : "another process"; }

/// All writers of a screen, each in a thread of its own, of this process or of another one. Their destructors
/// end them.
class Writers {
public:
  virtual ~Writers() = default;
  Hands& hands() { return *hands_; }

  /// To be called once the tracker is there: tells it of the writers' mapping.
  /// @returns the mapping's id, 0 where it is the tracker's own
  virtual std::uint64_t start(DeviceTracker& tracker) = 0;
  /// Idempotent. On return the threads, and their process if they have one, are gone.
  virtual void end() = 0;

protected:
  Writers();
  void dismiss();

private:
  std::unique_ptr<Hands, void (*)(Hands*)> hands_;
};

/// @param memory outlives the writers. The process is forked here, before a tracker starts threads.
std::unique_ptr<Writers> makeWriters(Place place, Mapping& memory);

}  // namespace umfb::soak
