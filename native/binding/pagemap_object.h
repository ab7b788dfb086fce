#pragma once

#include <napi.h>

#include "sys/descriptor.h"

namespace umfb {

/// The handle `Pagemap`, and the function `addressOf`.
class PagemapObject : public Napi::ObjectWrap<PagemapObject> {
public:
  static void init(Napi::Env env, Napi::Object exports);

  explicit PagemapObject(const Napi::CallbackInfo& info);

private:
  static Napi::Value open(const Napi::CallbackInfo& info);
  static Napi::Value fromDescriptor(const Napi::CallbackInfo& info);

  Napi::Value fd(const Napi::CallbackInfo& info);
  Napi::Value scan(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  int descriptor(Napi::Env env) const;

  Descriptor pagemap_;
};

}  // namespace umfb
