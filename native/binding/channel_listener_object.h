#pragma once

#include <napi.h>

#include <memory>

#include "binding/callback.h"
#include "binding/poll.h"
#include "sys/listening_socket.h"

namespace umfb {

/// The handle `ChannelListener`. Holds itself alive until it is closed.
class ChannelListenerObject : public Napi::ObjectWrap<ChannelListenerObject> {
public:
  static void init(Napi::Env env, Napi::Object exports);

  explicit ChannelListenerObject(const Napi::CallbackInfo& info);

private:
  void unref(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  void accept();

  std::unique_ptr<ListeningSocket> socket_;
  std::unique_ptr<Callback> onChannel_;
  std::unique_ptr<Poll> poll_;
};

}  // namespace umfb
