// native/linux/kvm_guest.h for JavaScript: the benchmark's and the tests' KVM guest.
// bench/tracking/kvm-guest.ts has the contract.
#include <napi.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "control.h"
#include "linux/kvm_guest.h"
#include "sys/system_error.h"

namespace {

using umfb::KvmGuest;

/// What throws in C++ throws in JavaScript.
template <typename Body>
auto throwing(Napi::Env env, Body&& body) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::exception& failure) {
    throw Napi::Error::New(env, failure.what());
  }
}

std::span<const std::uint32_t> offsetsOf(const Napi::Value& value) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array)
    throw Napi::TypeError::New(value.Env(), "offsets: expected a Uint32Array");
  const auto array = value.As<Napi::Uint32Array>();
  return {array.Data(), array.ElementLength()};
}

/// The name of an errno; '' of 0.
std::string nameOf(int error) { return error == 0 ? "" : strerrorname_np(error); }

/// One store() on a thread of the pool.
class StoreWorker : public Napi::AsyncWorker {
public:
  StoreWorker(Napi::Env env, std::shared_ptr<KvmGuest> guest, std::span<const std::uint32_t> offsets,
              std::uint32_t value)
      : AsyncWorker(env),
        guest_(std::move(guest)),
        offsets_(offsets.begin(), offsets.end()),
        value_(value),
        done_(Napi::Promise::Deferred::New(env)) {}

  Napi::Promise promise() const { return done_.Promise(); }

private:
  void Execute() override {
    try {
      error_ = guest_->store(offsets_, value_);
    } catch (const std::exception& failure) {
      SetError(failure.what());
    }
  }
  void OnOK() override { done_.Resolve(Napi::String::New(Env(), nameOf(error_))); }
  void OnError(const Napi::Error& error) override { done_.Reject(error.Value()); }

  std::shared_ptr<KvmGuest> guest_;
  std::vector<std::uint32_t> offsets_;
  std::uint32_t value_;
  int error_ = 0;
  Napi::Promise::Deferred done_;
};

class KvmGuestObject : public Napi::ObjectWrap<KvmGuestObject> {
public:
  static Napi::Object init(Napi::Env env, Napi::Object exports) {
    exports.Set("KvmGuest", DefineClass(env, "KvmGuest",
                                        {
                                            StaticValue("slot", Napi::Number::New(env, KvmGuest::kSlot)),
                                            InstanceAccessor<&KvmGuestObject::vmFd>("vmFd"),
                                            InstanceMethod<&KvmGuestObject::store>("store"),
                                            InstanceMethod<&KvmGuestObject::storeMeanwhile>("storeMeanwhile"),
                                            InstanceMethod<&KvmGuestObject::removeMemory>("removeMemory"),
                                            InstanceMethod<&KvmGuestObject::draw>("draw"),
                                            InstanceMethod<&KvmGuestObject::close>("close"),
                                        }));
    return exports;
  }

  explicit KvmGuestObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    if (!info[0].IsArrayBuffer()) throw Napi::TypeError::New(info.Env(), "memory: expected an ArrayBuffer");
    auto memory = info[0].As<Napi::ArrayBuffer>();
    const KvmGuest::Options options{.logged = info[1].ToBoolean(), .manualProtect = info[2].ToBoolean()};
    throwing(info.Env(), [&] {
      guest_ = std::make_shared<KvmGuest>(
          std::span(static_cast<std::uint8_t*>(memory.Data()), memory.ByteLength()), options);
    });
  }

private:
  const std::shared_ptr<KvmGuest>& guest(const Napi::CallbackInfo& info) const {
    if (!guest_) throw Napi::Error::New(info.Env(), "the guest was closed");
    return guest_;
  }

  Napi::Value vmFd(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), guest(info)->machine());
  }

  Napi::Value store(const Napi::CallbackInfo& info) {
    const int error = throwing(
        info.Env(), [&] { return guest(info)->store(offsetsOf(info[0]), info[1].ToNumber().Uint32Value()); });
    return Napi::String::New(info.Env(), nameOf(error));
  }

  Napi::Value storeMeanwhile(const Napi::CallbackInfo& info) {
    auto* worker =
        new StoreWorker(info.Env(), guest(info), offsetsOf(info[0]), info[1].ToNumber().Uint32Value());
    worker->Queue();
    return worker->promise();
  }

  void removeMemory(const Napi::CallbackInfo& info) {
    throwing(info.Env(), [&] { guest(info)->removeMemory(); });
  }

  /// As draw_asked() of control.h, by the guest: DRAW_POKE is all that it can.
  void draw(const Napi::CallbackInfo& info) {
    auto* asked = reinterpret_cast<control*>(info[0].As<Napi::Uint8Array>().Data());
    throwing(info.Env(), [&] { drawAsked(*guest(info), *asked); });
  }

  static void drawAsked(KvmGuest& guest, control& asked) {
    const std::uint32_t* word = asked.words + asked.first_word;
    const std::uint32_t* end = word + asked.word_count;
    const std::uint64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    asked.started_ns = clock_ns(CLOCK_MONOTONIC);
    asked.error = 0;
    while (word < end && asked.error == 0) {
      if (*word != DRAW_POKE) throw std::invalid_argument("a KVM guest draws pokes alone");
      const std::uint32_t count = word[1];
      const std::uint32_t value = word[2] + (word[3] != 0 ? asked.frame : 0);
      asked.error = static_cast<std::uint32_t>(guest.store({word + 4, count}, value));
      word += 4 + count;
    }
    asked.wall_ns = clock_ns(CLOCK_MONOTONIC) - asked.started_ns;
    asked.cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
  }

  void close(const Napi::CallbackInfo&) { guest_.reset(); }

  std::shared_ptr<KvmGuest> guest_;
};

Napi::Object init(Napi::Env env, Napi::Object exports) { return KvmGuestObject::init(env, exports); }

}  // namespace

NODE_API_MODULE(umfb_kvm_guest, init)
