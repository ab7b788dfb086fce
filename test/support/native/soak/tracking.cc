#include "tracking.h"

namespace umfb::soak {

std::vector<Tracking> trackings() {
  std::vector<Tracking> all;
  for (const Mechanism& mechanism : mechanisms()) {
    const std::string name(mechanism.name);
    // It sees a virtual machine's processors alone, and no writer of ours is one.
    if (name == "kvm-log") continue;
    all.push_back({name, &mechanism, false});
    if (mechanism.automatic) all.push_back({name + "+adaptive", &mechanism, true});
  }
  return all;
}

}  // namespace umfb::soak
