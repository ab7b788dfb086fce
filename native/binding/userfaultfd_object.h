#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>

#include "binding/callback.h"
#include "binding/poll.h"
#include "sys/descriptor.h"

namespace umfb {

/// The handle `Userfaultfd`, and the function `userfaultfdFeatures`. Holds itself alive while somebody waits
/// for its events.
class UserfaultfdObject : public Napi::ObjectWrap<UserfaultfdObject> {
public:
  static void init(Napi::Env env, Napi::Object exports);

  explicit UserfaultfdObject(const Napi::CallbackInfo& info);

private:
  static Napi::Value open(const Napi::CallbackInfo& info);
  static Napi::Value fromDescriptor(const Napi::CallbackInfo& info);

  Napi::Value fd(const Napi::CallbackInfo& info);
  Napi::Value features(const Napi::CallbackInfo& info);
  Napi::Value registerRange(const Napi::CallbackInfo& info);
  void unregisterRange(const Napi::CallbackInfo& info);
  void writeProtect(const Napi::CallbackInfo& info);
  void wake(const Napi::CallbackInfo& info);
  Napi::Value copy(const Napi::CallbackInfo& info);
  Napi::Value zeropage(const Napi::CallbackInfo& info);
  Napi::Value continueRange(const Napi::CallbackInfo& info);
  Napi::Value poison(const Napi::CallbackInfo& info);
  Napi::Value move(const Napi::CallbackInfo& info);
  Napi::Value read(const Napi::CallbackInfo& info);
  void wait(const Napi::CallbackInfo& info);
  void stopWaiting(const Napi::CallbackInfo& info);
  void unref(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  int descriptor(Napi::Env env) const;
  void readable();
  void stop();

  Descriptor uffd_;
  std::uint64_t features_ = 0;
  /// Made by the first wait().
  std::unique_ptr<Poll> poll_;
  /// Of who waits.
  std::unique_ptr<Callback> onReadable_;
  bool unreferenced_ = false;
};

}  // namespace umfb
