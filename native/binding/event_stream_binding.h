#pragma once

#include <napi.h>

namespace umfb {

/// What the event devices of guests need beside JavaScript: a pair of sockets, and clocks.
void initEventStream(Napi::Env env, Napi::Object exports);

}  // namespace umfb
