#include "trackers/scratch_device.h"

#include <array>
#include <cstring>
#include <string>

#include "trackers/round_trip.h"

namespace umfb {

ScratchDevice::ScratchDevice(const Mechanism& mechanism)
    : memory_(std::make_shared<Mapping>(kPages * pageBytes())),
      shadow_(memory_->sizeBytes()),
      tracker_(memory_, mechanism, false) {}

void ScratchDevice::expect(const char* what, PageRange expected) {
  std::array<std::uint32_t, 2 * kPages> runs;
  const std::size_t count = tracker_.harvest(runs, shadow_);
  if (const auto status = tracker_.status(); !status.lastError.empty())
    throw RoundTripFailure{status.lastError};
  // What a frame does: the shadow is what was shown.
  std::memcpy(shadow_.data(), memory_->view(), shadow_.size());
  const bool asExpected =
      expected.count == 0 ? count == 0 : count == 1 && runs[0] == expected.first && runs[1] == expected.count;
  if (!asExpected) throw RoundTripFailure{std::string(what) + ": not reported as it should be"};
}

}  // namespace umfb
