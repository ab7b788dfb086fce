#include "sys/system_error.h"
#include "trackers/mechanisms.h"

namespace umfb {

Probe probe(const Mechanism& mechanism) {
  Probe result{mechanism.name, mechanism.automatic, "", {}};
  try {
    result.limits = mechanism.tryOut(mechanism);
  } catch (const SystemError& failure) {
    result.reason = failure.what();
  } catch (const RoundTripFailure& failure) {
    result.reason = failure.reason;
  }
  return result;
}

}  // namespace umfb
