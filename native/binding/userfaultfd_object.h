#pragma once

#include <napi.h>

#include "sys/descriptor.h"

namespace umfb {

/// The handle `Userfaultfd`, and the functions of `umfb/userfaultfd` that need none.
class UserfaultfdObject : public Napi::ObjectWrap<UserfaultfdObject> {
public:
  static void init(Napi::Env env, Napi::Object exports);

  explicit UserfaultfdObject(const Napi::CallbackInfo& info);

private:
  Napi::Value fd(const Napi::CallbackInfo& info);
  void registerRange(const Napi::CallbackInfo& info);
  void unregisterRange(const Napi::CallbackInfo& info);
  void writeProtect(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  int open(Napi::Env env) const;

  Descriptor uffd_;
};

}  // namespace umfb
