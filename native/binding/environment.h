#pragma once

#include <napi.h>

#include <cstdint>
#include <vector>

#include "sys/seqpacket.h"

namespace umfb {

/// What the addon keeps for each JavaScript environment: the main thread's and each worker's.
struct Environment {
  Napi::FunctionReference channelConstructor;
  Napi::FunctionReference userfaultfdConstructor;
  Napi::FunctionReference pagemapConstructor;
  /// All channels of a thread read here, one message at a time.
  std::vector<std::uint8_t> receiveBuffer = std::vector<std::uint8_t>(kMaxMessageBytes);

  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }
};

}  // namespace umfb
