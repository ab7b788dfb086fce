#include "binding/channel_object.h"

#include <cstring>
#include <vector>

#include "binding/arguments.h"
#include "binding/environment.h"
#include "binding/errors.h"

namespace umfb {
namespace {

/// Then the event loop has its turn: a peer that floods us starves nobody.
constexpr int kMaxMessagesPerTurn = 16;

}  // namespace

void ChannelObject::init(Napi::Env env, Napi::Object exports) {
  const Napi::Function constructor = DefineClass(env, "Channel",
                                                 {
                                                     InstanceMethod<&ChannelObject::start>("start"),
                                                     InstanceMethod<&ChannelObject::send>("send"),
                                                     InstanceMethod<&ChannelObject::unref>("unref"),
                                                     InstanceMethod<&ChannelObject::close>("close"),
                                                 });
  Environment::of(env).channelConstructor = Napi::Persistent(constructor);
  Napi::Object channel = Napi::Object::New(env);
  channel.Set("fromDescriptor", Napi::Function::New<fromDescriptor>(env, "fromDescriptor"));
  channel.Set("connect", Napi::Function::New<connect>(env, "connect"));
  exports.Set("Channel", channel);
}

Napi::Object ChannelObject::create(Napi::Env env, Descriptor socket) {
  return Environment::of(env).channelConstructor.New({Napi::External<Descriptor>::New(env, &socket)});
}

Napi::Value ChannelObject::fromDescriptor(const Napi::CallbackInfo& info) {
  const int fd = descriptorNumber(info, 0, "fd");
  throwing(info.Env(), [&] { adoptSeqpacket(fd); });
  return create(info.Env(), Descriptor(fd));
}

Napi::Value ChannelObject::connect(const Napi::CallbackInfo& info) {
  const std::string path = text(info, 0, "path");
  return create(info.Env(), throwing(info.Env(), [&] { return connectSeqpacket(path); }));
}

ChannelObject::ChannelObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ChannelObject>(info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsExternal()) {
    throw Napi::TypeError::New(env, "expected Channel.connect() or Channel.fromDescriptor()");
  }
  socket_ = std::move(*info[0].As<Napi::External<Descriptor>>().Data());
  const ucred credentials = throwing(env, [&] { return peerCredentials(socket_.get()); });
  Napi::Object peer = Napi::Object::New(env);
  peer.Set("pid", credentials.pid);
  peer.Set("uid", credentials.uid);
  peer.Set("gid", credentials.gid);
  info.This().As<Napi::Object>().DefineProperty(
      Napi::PropertyDescriptor::Value("peer", peer, napi_enumerable));
}

void ChannelObject::requireOpen(Napi::Env env) const {
  if (!socket_.isOpen()) throw closedError(env, "the channel");
}

void ChannelObject::start(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  requireOpen(env);
  if (poll_) throw Napi::Error::New(env, "the channel was started before");
  auto onMessage = std::make_unique<Callback>(function(info, 0, "onMessage"), "umfb.Channel");
  auto onEnd = std::make_unique<Callback>(function(info, 1, "onEnd"), "umfb.Channel");
  poll_ = throwing(env, [&] { return std::make_unique<Poll>(env, socket_.get(), [this] { receive(); }); });
  onMessage_ = std::move(onMessage);
  onEnd_ = std::move(onEnd);
  Ref();
}

Napi::Value ChannelObject::send(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::span<const std::uint8_t> message = bytes(info[0], "message");
  if (message.empty() || message.size() > kMaxMessageBytes) {
    throw Napi::RangeError::New(env, "message: expected from 1 to " + std::to_string(kMaxMessageBytes) +
                                         " bytes, received " + std::to_string(message.size()));
  }
  std::array<int, kMaxMessageDescriptors> fds{};
  std::size_t count = 0;
  if (!info[1].IsUndefined()) {
    if (!info[1].IsArray()) throw Napi::TypeError::New(env, "fds: expected an array of descriptors");
    const auto list = info[1].As<Napi::Array>();
    count = list.Length();
    if (count > fds.size()) {
      throw Napi::RangeError::New(env,
                                  "fds: expected at most 4 descriptors, received " + std::to_string(count));
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      const Napi::Value fd = list.Get(i);
      if (!fd.IsNumber()) throw Napi::TypeError::New(env, "fds: expected an array of descriptors");
      fds[i] = fd.As<Napi::Number>().Int32Value();
    }
  }
  // Until onEnd is called, nobody can know.
  if (isPeerGone_) return Napi::Boolean::New(env, false);
  // After the arguments were read: reading an array may run JavaScript, which may have closed the channel.
  requireOpen(env);
  const bool sent =
      throwing(env, [&] { return sendMessage(socket_.get(), message, std::span(fds).first(count)); });
  return Napi::Boolean::New(env, sent);
}

void ChannelObject::unref(const Napi::CallbackInfo& info) {
  requireOpen(info.Env());
  if (poll_) poll_->unref();
}

void ChannelObject::close(const Napi::CallbackInfo&) {
  isPeerGone_ = false;
  shut();
}

void ChannelObject::shut() {
  if (!socket_.isOpen()) return;
  if (poll_) {
    poll_->close([this] {
      const Napi::Env env = Env();
      const Napi::HandleScope scope(env);
      const Napi::Object self = Value();
      Unref();
      (*onEnd_)(self, {});
      onMessage_.reset();
      onEnd_.reset();
    });
  }
  socket_.close();
}

void ChannelObject::receive() {
  const Napi::HandleScope scope(Env());
  const Napi::Object self = Value();  // Keeps this object while the callbacks run, whatever they close.
  const std::span<std::uint8_t> buffer = Environment::of(Env()).receiveBuffer;
  for (int i = 0; i < kMaxMessagesPerTurn && socket_.isOpen(); ++i) {
    Message message;
    switch (receiveMessage(socket_.get(), buffer, message)) {
      case Received::kNothing:
        return;
      case Received::kEnd:
        isPeerGone_ = true;
        return shut();
      case Received::kMessage:
        if (!deliver(buffer.first(message.sizeBytes), message)) return;
    }
  }
}

/// @returns false when JavaScript can no longer be called; the descriptors are closed with the message then
bool ChannelObject::deliver(std::span<const std::uint8_t> bytes, Message& message) try {
  const Napi::Env env = Env();
  const Napi::HandleScope scope(env);
  Napi::Uint8Array copy = Napi::Uint8Array::New(env, bytes.size());
  std::memcpy(copy.Data(), bytes.data(), bytes.size());
  Napi::Array fds = Napi::Array::New(env, message.descriptorCount);
  for (std::uint32_t i = 0; i < message.descriptorCount; ++i) fds.Set(i, message.descriptors[i].get());
  std::array<int, kMaxMessageDescriptors> owned{};
  for (std::size_t i = 0; i < owned.size(); ++i) owned[i] = message.descriptors[i].release();
  if ((*onMessage_)(Value(), {copy, fds})) return true;
  for (const int fd : owned) Descriptor closed(fd);
  return false;
} catch (const Napi::Error&) {
  return false;
}

}  // namespace umfb
