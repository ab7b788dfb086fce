#pragma once

#include <napi.h>

namespace umfb {

/// Adds the pixel kernels of the encoders to the addon's exports.
void initEncode(Napi::Env env, Napi::Object exports);

}  // namespace umfb
