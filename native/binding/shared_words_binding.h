#pragma once

#include <napi.h>

namespace umfb {

/// Exports loadWord, storeWord, exchangeWord, takeBitmap and markBitmap.
void initSharedWords(Napi::Env env, Napi::Object exports);

}  // namespace umfb
