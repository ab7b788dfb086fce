#include "binding/userfaultfd_object.h"

#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "binding/arguments.h"
#include "binding/environment.h"
#include "binding/errors.h"
#include "linux/descriptor_kind.h"
#include "linux/uffd.h"

namespace umfb {
namespace {

constexpr std::int64_t kMaxLength = std::int64_t{1} << 47;
/// Both always: a poll needs the one, and no child shall inherit what stops our threads.
constexpr int kFlags = O_CLOEXEC | O_NONBLOCK;

struct Range {
  std::uint64_t address;
  std::uint64_t length;
};

/// Whether the memory is ours to register is for the kernel to say.
Range range(const Napi::CallbackInfo& info) {
  return {unsigned64(info, 0, "address"),
          static_cast<std::uint64_t>(wholeNumber(info, 1, "length", 1, kMaxLength))};
}

int flags(const Napi::CallbackInfo& info) {
  return kFlags | static_cast<int>(wholeNumber(info, 0, "flags", 0, UFFD_USER_MODE_ONLY));
}

/// What the constructor takes from open() and fromDescriptor().
struct Opened {
  Descriptor uffd;
  std::uint64_t features;
};

Napi::Object create(Napi::Env env, Opened opened) {
  return Environment::of(env).userfaultfdConstructor.New({Napi::External<Opened>::New(env, &opened)});
}

Napi::Value userfaultfdFeatures(const Napi::CallbackInfo& info) {
  return throwing(info.Env(), [&] {
    const Descriptor uffd = uffd::open(flags(info));
    return Napi::BigInt::New(info.Env(), uffd::enable(uffd.get(), 0));
  });
}

/// Features that were enabled before, or are now. @throws std::invalid_argument, SystemError
std::uint64_t adopt(int fd, std::optional<std::uint64_t> wanted) {
  if (!isUserfaultfd(fd)) throw std::invalid_argument("fd: expected a userfaultfd");
  const std::optional<std::uint64_t> enabled = uffd::enabledFeatures(fd);
  if (!enabled && !wanted) {
    throw std::invalid_argument("fd: expected features to enable: nobody has done so (UFFDIO_API)");
  }
  const int status = fcntl(fd, F_GETFL);
  if (status < 0 || fcntl(fd, F_SETFL, status | O_NONBLOCK) != 0) throw SystemError("fcntl(F_SETFL)");
  if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) throw SystemError("fcntl(F_SETFD)");
  if (!enabled) uffd::enable(fd, *wanted);
  return enabled.value_or(wanted.value_or(0));
}

}  // namespace

void UserfaultfdObject::init(Napi::Env env, Napi::Object exports) {
  using Self = UserfaultfdObject;
  const Napi::Function constructor = DefineClass(env, "Userfaultfd",
                                                 {
                                                     InstanceMethod<&Self::fd>("fd"),
                                                     InstanceMethod<&Self::features>("features"),
                                                     InstanceMethod<&Self::registerRange>("register"),
                                                     InstanceMethod<&Self::unregisterRange>("unregister"),
                                                     InstanceMethod<&Self::writeProtect>("writeProtect"),
                                                     InstanceMethod<&Self::wake>("wake"),
                                                     InstanceMethod<&Self::copy>("copy"),
                                                     InstanceMethod<&Self::zeropage>("zeropage"),
                                                     InstanceMethod<&Self::continueRange>("continue"),
                                                     InstanceMethod<&Self::poison>("poison"),
                                                     InstanceMethod<&Self::move>("move"),
                                                     InstanceMethod<&Self::read>("read"),
                                                     InstanceMethod<&Self::wait>("wait"),
                                                     InstanceMethod<&Self::stopWaiting>("stopWaiting"),
                                                     InstanceMethod<&Self::unref>("unref"),
                                                     InstanceMethod<&Self::close>("close"),
                                                 });
  Environment::of(env).userfaultfdConstructor = Napi::Persistent(constructor);
  Napi::Object userfaultfd = Napi::Object::New(env);
  userfaultfd.Set("open", Napi::Function::New<open>(env, "open"));
  userfaultfd.Set("fromDescriptor", Napi::Function::New<fromDescriptor>(env, "fromDescriptor"));
  exports.Set("Userfaultfd", userfaultfd);
  exports.Set("userfaultfdFeatures", Napi::Function::New<userfaultfdFeatures>(env, "userfaultfdFeatures"));
}

Napi::Value UserfaultfdObject::open(const Napi::CallbackInfo& info) {
  const std::uint64_t features = unsigned64(info, 1, "features");
  return create(info.Env(), throwing(info.Env(), [&] {
                  Descriptor uffd = uffd::open(flags(info));
                  uffd::enable(uffd.get(), features);
                  return Opened{std::move(uffd), features};
                }));
}

Napi::Value UserfaultfdObject::fromDescriptor(const Napi::CallbackInfo& info) {
  const int fd = descriptorNumber(info, 0, "fd");
  std::optional<std::uint64_t> wanted;
  if (!info[1].IsUndefined()) wanted = unsigned64(info, 1, "features");
  const std::uint64_t features = throwing(info.Env(), [&] { return adopt(fd, wanted); });
  return create(info.Env(), {Descriptor(fd), features});
}

UserfaultfdObject::UserfaultfdObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<UserfaultfdObject>(info) {
  if (!info[0].IsExternal()) {
    throw Napi::TypeError::New(info.Env(), "expected Userfaultfd.open() or Userfaultfd.fromDescriptor()");
  }
  Opened& opened = *info[0].As<Napi::External<Opened>>().Data();
  uffd_ = std::move(opened.uffd);
  features_ = opened.features;
}

int UserfaultfdObject::descriptor(Napi::Env env) const {
  if (!uffd_.isOpen()) throw closedError(env, "the userfaultfd");
  return uffd_.get();
}

Napi::Value UserfaultfdObject::fd(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), descriptor(info.Env()));
}

Napi::Value UserfaultfdObject::features(const Napi::CallbackInfo& info) {
  return Napi::BigInt::New(info.Env(), features_);
}

Napi::Value UserfaultfdObject::registerRange(const Napi::CallbackInfo& info) {
  const int uffd = descriptor(info.Env());
  const auto [address, length] = range(info);
  const std::uint64_t modes = unsigned64(info, 2, "modes");
  return throwing(info.Env(), [&, address = address, length = length] {
    return Napi::BigInt::New(info.Env(), uffd::registerRange(uffd, address, length, modes));
  });
}

void UserfaultfdObject::unregisterRange(const Napi::CallbackInfo& info) {
  const int uffd = descriptor(info.Env());
  const auto [address, length] = range(info);
  throwing(info.Env(),
           [&, address = address, length = length] { uffd::unregisterRange(uffd, address, length); });
}

void UserfaultfdObject::writeProtect(const Napi::CallbackInfo& info) {
  const int uffd = descriptor(info.Env());
  const auto [address, length] = range(info);
  const bool protect = info[2].ToBoolean();
  const bool wake = info[3].ToBoolean();
  throwing(info.Env(), [&, address = address, length = length] {
    uffd::writeProtect(uffd, address, length, protect, wake);
  });
}

void UserfaultfdObject::wake(const Napi::CallbackInfo& info) {
  const int uffd = descriptor(info.Env());
  const auto [address, length] = range(info);
  throwing(info.Env(), [&, address = address, length = length] { uffd::wake(uffd, address, length); });
}

Napi::Value UserfaultfdObject::copy(const Napi::CallbackInfo& info) {
  const int uffd = descriptor(info.Env());
  const std::uint64_t address = unsigned64(info, 0, "address");
  const std::span<const std::uint8_t> source = bytes(info[1], "source");
  const std::uint64_t mode = unsigned64(info, 2, "mode");
  return throwing(info.Env(), [&] {
    return Napi::Number::New(info.Env(), static_cast<double>(uffd::copy(uffd, address, source, mode)));
  });
}

namespace {

using Fill = std::uint64_t (*)(int fd, std::uint64_t address, std::uint64_t length, std::uint64_t mode);

template <Fill fill>
Napi::Value filled(const Napi::CallbackInfo& info, int uffd) {
  const auto [address, length] = range(info);
  const std::uint64_t mode = unsigned64(info, 2, "mode");
  return throwing(info.Env(), [&, address = address, length = length] {
    return Napi::Number::New(info.Env(), static_cast<double>(fill(uffd, address, length, mode)));
  });
}

}  // namespace

Napi::Value UserfaultfdObject::zeropage(const Napi::CallbackInfo& info) {
  return filled<uffd::zeropage>(info, descriptor(info.Env()));
}

Napi::Value UserfaultfdObject::continueRange(const Napi::CallbackInfo& info) {
  return filled<uffd::continueRange>(info, descriptor(info.Env()));
}

Napi::Value UserfaultfdObject::poison(const Napi::CallbackInfo& info) {
  return filled<uffd::poison>(info, descriptor(info.Env()));
}

Napi::Value UserfaultfdObject::move(const Napi::CallbackInfo& info) {
  const int uffd = descriptor(info.Env());
  const auto [address, length] = range(info);
  const std::uint64_t mode = unsigned64(info, 2, "mode");
  const std::uint64_t from = unsigned64(info, 3, "from");
  return throwing(info.Env(), [&, address = address, length = length] {
    return Napi::Number::New(info.Env(), static_cast<double>(uffd::move(uffd, address, from, length, mode)));
  });
}

Napi::Value UserfaultfdObject::read(const Napi::CallbackInfo& info) {
  constexpr std::size_t kWords = sizeof(uffd_msg) / sizeof(std::uint64_t);
  static_assert(kWords == 4);
  const int uffd = descriptor(info.Env());
  const std::span<std::uint64_t> words = words64(info[0], "messages");
  if (words.size() < kWords) throw Napi::RangeError::New(info.Env(), "messages: expected room for 4 words");
  const std::span room(reinterpret_cast<uffd_msg*>(words.data()), words.size() / kWords);
  return throwing(info.Env(), [&] {
    return Napi::Number::New(info.Env(), static_cast<double>(uffd::readMessages(uffd, room)));
  });
}

void UserfaultfdObject::wait(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const int uffd = descriptor(env);
  if (onReadable_) throw Napi::Error::New(env, "somebody waits for the userfaultfd already");
  auto onReadable = std::make_unique<Callback>(function(info, 0, "onReadable"), "umfb.Userfaultfd");
  if (poll_) {
    poll_->resume();
  } else {
    poll_ = throwing(env, [&] { return std::make_unique<Poll>(env, uffd, [this] { readable(); }); });
    if (unreferenced_) poll_->unref();
  }
  onReadable_ = std::move(onReadable);
  Ref();
}

void UserfaultfdObject::readable() {
  const Napi::HandleScope scope(Env());
  const Napi::Object self = Value();  // Keeps this object while the callback runs.
  const std::unique_ptr<Callback> onReadable = std::move(onReadable_);
  poll_->pause();
  Unref();
  (*onReadable)(self, {});
}

void UserfaultfdObject::stop() {
  if (!onReadable_) return;
  poll_->pause();
  onReadable_.reset();
  Unref();
}

void UserfaultfdObject::stopWaiting(const Napi::CallbackInfo&) { stop(); }

void UserfaultfdObject::unref(const Napi::CallbackInfo& info) {
  descriptor(info.Env());
  unreferenced_ = true;
  if (poll_) poll_->unref();
}

void UserfaultfdObject::close(const Napi::CallbackInfo&) {
  stop();
  if (poll_) poll_->close({});
  uffd_.close();
}

}  // namespace umfb
