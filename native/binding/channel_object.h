#pragma once

#include <napi.h>

#include <memory>

#include "binding/callback.h"
#include "binding/poll.h"
#include "sys/descriptor.h"
#include "sys/seqpacket.h"

namespace umfb {

/// The handle `Channel`. Holds itself alive from start() until the peer is gone or it was closed.
class ChannelObject : public Napi::ObjectWrap<ChannelObject> {
public:
  static void init(Napi::Env env, Napi::Object exports);
  /// Wraps a connected socket, and takes it over.
  static Napi::Object create(Napi::Env env, Descriptor socket);

  explicit ChannelObject(const Napi::CallbackInfo& info);

private:
  static Napi::Value fromDescriptor(const Napi::CallbackInfo& info);
  static Napi::Value connect(const Napi::CallbackInfo& info);

  void start(const Napi::CallbackInfo& info);
  Napi::Value send(const Napi::CallbackInfo& info);
  void unref(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  void requireOpen(Napi::Env env) const;
  void receive();
  bool deliver(std::span<const std::uint8_t> bytes, Message& message);
  void shut();

  Descriptor socket_;
  /// It ended the connection, not close().
  bool isPeerGone_ = false;
  std::unique_ptr<Callback> onMessage_;
  std::unique_ptr<Callback> onEnd_;
  std::unique_ptr<Poll> poll_;
};

}  // namespace umfb
