#pragma once

#include <napi.h>

namespace umfb {

/// Exports fill, fillXor, copy and blitGlyph, and the plain twin of each.
void initDraw(Napi::Env env, Napi::Object exports);

}  // namespace umfb
