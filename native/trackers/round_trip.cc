#include "trackers/round_trip.h"

#include <unistd.h>

#include <array>
#include <cstring>
#include <vector>

#include "sys/system_error.h"
#include "trackers/device_tracker.h"

namespace umfb {
namespace {

constexpr std::uint32_t kPages = 16;

class RoundTrip {
public:
  explicit RoundTrip(const Mechanism& mechanism)
      : memory_(std::make_shared<Mapping>(kPages * pageBytes())),
        shadow_(memory_->sizeBytes()),
        tracker_(memory_, mechanism) {}

  void run() {
    expect("a fresh mapping", {0, kPages});
    expect("no store", {0, 0});
    for (const char* what : {"a store", "a store to a page that was re-armed"}) {
      memory_->data()[3 * pageBytes() + 100] += 1;
      expect(what, {3, 1});
      expect("a page that was re-armed", {0, 0});
    }
    if (readInto(5)) {
      expect("read(2) into the memory", {5, 1});
      expect("a page that was re-armed", {0, 0});
    } else {
      expect("read(2) into the memory, which failed", {0, 0});
      limits_.push_back("read(2) into the memory fails with EFAULT");
    }
  }

  std::vector<std::string> limits() && { return std::move(limits_); }

private:
  /// Harvests, and expects exactly one run, or none where its count is 0.
  void expect(const char* what, PageRange expected) {
    std::array<std::uint32_t, 2 * kPages> runs;
    const std::size_t count = tracker_.harvest(runs, shadow_);
    if (const auto status = tracker_.status(); !status.lastError.empty())
      throw RoundTripFailure{status.lastError};
    // What a frame does: the shadow is what was shown.
    std::memcpy(shadow_.data(), memory_->view(), shadow_.size());
    const bool asExpected = expected.count == 0
                                ? count == 0
                                : count == 1 && runs[0] == expected.first && runs[1] == expected.count;
    if (!asExpected) throw RoundTripFailure{std::string(what) + ": not reported as it should be"};
  }

  /// @returns false where the kernel could not store for us
  bool readInto(std::uint32_t page) {
    int ends[2];
    if (pipe(ends) != 0) throw SystemError("pipe");
    const Descriptor input(ends[0]);
    const Descriptor output(ends[1]);
    constexpr char text[] = "pixels";
    if (write(output.get(), text, sizeof text) != sizeof text) throw SystemError("write");
    if (read(input.get(), memory_->data() + page * pageBytes(), sizeof text) == sizeof text) return true;
    if (errno != EFAULT) throw SystemError("read into the memory");
    return false;
  }

  std::shared_ptr<Mapping> memory_;
  std::vector<std::uint8_t> shadow_;
  DeviceTracker tracker_;
  std::vector<std::string> limits_;
};

}  // namespace

std::vector<std::string> roundTrip(const Mechanism& mechanism) {
  RoundTrip trip(mechanism);
  trip.run();
  return std::move(trip).limits();
}

}  // namespace umfb
