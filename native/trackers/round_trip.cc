#include "trackers/round_trip.h"

#include <unistd.h>

#include <vector>

#include "sys/system_error.h"
#include "trackers/scratch_device.h"

namespace umfb {
namespace {

class RoundTrip {
public:
  explicit RoundTrip(const Mechanism& mechanism) : device_(mechanism) {}

  void run() {
    device_.expect("a fresh mapping", {0, ScratchDevice::kPages});
    device_.expect("no store", {0, 0});
    for (const char* what : {"a store", "a store to a page that was re-armed"}) {
      device_.memory()[3 * pageBytes() + 100] += 1;
      device_.expect(what, {3, 1});
      device_.expect("a page that was re-armed", {0, 0});
    }
    if (readInto(5)) {
      device_.expect("read(2) into the memory", {5, 1});
      device_.expect("a page that was re-armed", {0, 0});
    } else {
      device_.expect("read(2) into the memory, which failed", {0, 0});
      limits_.push_back("read(2) into the memory fails with EFAULT");
    }
  }

  std::vector<std::string> limits() && { return std::move(limits_); }

private:
  /// @returns false where the kernel could not store for us
  bool readInto(std::uint32_t page) {
    int ends[2];
    if (pipe(ends) != 0) throw SystemError("pipe");
    const Descriptor input(ends[0]);
    const Descriptor output(ends[1]);
    constexpr char text[] = "pixels";
    if (write(output.get(), text, sizeof text) != sizeof text) throw SystemError("write");
    if (read(input.get(), device_.memory() + page * pageBytes(), sizeof text) == sizeof text) return true;
    if (errno != EFAULT) throw SystemError("read into the memory");
    return false;
  }

  ScratchDevice device_;
  std::vector<std::string> limits_;
};

}  // namespace

std::vector<std::string> roundTrip(const Mechanism& mechanism) {
  RoundTrip trip(mechanism);
  trip.run();
  return std::move(trip).limits();
}

}  // namespace umfb
