#include "binding/channel_listener_object.h"

#include "binding/arguments.h"
#include "binding/channel_object.h"
#include "binding/errors.h"

namespace umfb {
namespace {

/// Then the event loop has its turn.
constexpr int kMaxChannelsPerTurn = 16;

}  // namespace

void ChannelListenerObject::init(Napi::Env env, Napi::Object exports) {
  exports.Set("ChannelListener", DefineClass(env, "ChannelListener",
                                             {
                                                 InstanceMethod<&ChannelListenerObject::unref>("unref"),
                                                 InstanceMethod<&ChannelListenerObject::close>("close"),
                                             }));
}

ChannelListenerObject::ChannelListenerObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<ChannelListenerObject>(info) {
  const Napi::Env env = info.Env();
  const std::string path = text(info, 0, "path");
  onChannel_ = std::make_unique<Callback>(function(info, 1, "onChannel"), "umfb.ChannelListener");
  throwing(env, [&] {
    socket_ = std::make_unique<ListeningSocket>(path);
    poll_ = std::make_unique<Poll>(env, socket_->fd(), [this] { accept(); });
  });
  Ref();
}

void ChannelListenerObject::unref(const Napi::CallbackInfo& info) {
  if (!socket_) throw closedError(info.Env(), "the channel listener");
  poll_->unref();
}

void ChannelListenerObject::close(const Napi::CallbackInfo&) {
  if (!socket_) return;
  poll_->close([this] {
    const Napi::HandleScope scope(Env());
    onChannel_.reset();
    Unref();
  });
  socket_.reset();
}

void ChannelListenerObject::accept() {
  const Napi::Env env = Env();
  const Napi::HandleScope scope(env);
  const Napi::Object self =
      Value();  // Keeps this object while the callback runs, even if it closes the listener.
  try {
    for (int i = 0; i < kMaxChannelsPerTurn && socket_; ++i) {
      Descriptor peer = socket_->accept();
      if (!peer.isOpen()) return;
      if (!(*onChannel_)(self, {ChannelObject::create(env, std::move(peer))})) return;
    }
  } catch (const Napi::Error&) {
    // The environment is ending; the connection was closed with its descriptor.
  }
}

}  // namespace umfb
