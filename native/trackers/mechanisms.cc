#include "trackers/mechanisms.h"

#include <algorithm>

#include "trackers/compare.h"
#include "trackers/idle_tripwire.h"
#include "trackers/kvm_log.h"
#include "trackers/mprotect.h"
#include "trackers/wp_async.h"
#include "trackers/wp_sync.h"
#include "trackers/zap.h"

namespace umfb {
namespace {

constexpr Mechanism kMechanisms[] = {
    {"wp-async", true, wp_async::trackLocal, wp_async::trackRemote},
    {"wp-sync", true, wp_sync::trackLocal, wp_sync::trackRemote},
    {"zap", false, zap::trackLocal, zap::trackRemote},
    {"zap-reads", false, zap::trackLocalReads, zap::trackRemoteReads},
    {"mprotect", false, mprotect::trackLocal, mprotect::trackRemote, mprotect::tryOut},
    {"compare", true, compare::trackLocal, compare::trackRemote},
    {"kvm-log", false, kvm_log::trackLocal, kvm_log::trackRemote, kvm_log::tryOut},
};

constexpr Mechanism kWpAsyncWithTripwire{"wp-async", true, idle_tripwire::trackLocal,
                                         idle_tripwire::trackRemote};

}  // namespace

std::span<const Mechanism> mechanisms() { return kMechanisms; }

const Mechanism* findMechanism(std::string_view name) {
  const auto* found = std::ranges::find(kMechanisms, name, &Mechanism::name);
  return found == std::end(kMechanisms) ? nullptr : found;
}

const Mechanism& withTripwire(const Mechanism& mechanism) {
  return mechanism.name == kWpAsyncWithTripwire.name ? kWpAsyncWithTripwire : mechanism;
}

}  // namespace umfb
