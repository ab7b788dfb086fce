#pragma once

#include <napi.h>

namespace umfb {

/// Exports refine and refinePlain.
void initPixels(Napi::Env env, Napi::Object exports);

}  // namespace umfb
