#include "binding/userfaultfd_object.h"

#include <array>
#include <span>

#include "binding/arguments.h"
#include "binding/environment.h"
#include "binding/errors.h"
#include "linux/pagemap.h"
#include "linux/uffd.h"

namespace umfb {
namespace {

constexpr std::int64_t kMaxLength = std::int64_t{1} << 47;
constexpr int kAllFlags = O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY;

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
  return O_CLOEXEC | O_NONBLOCK | static_cast<int>(wholeNumber(info, 0, "flags", 0, kAllFlags));
}

Napi::Value userfaultfdFeatures(const Napi::CallbackInfo& info) {
  return throwing(info.Env(), [&] {
    const Descriptor uffd = uffd::open(flags(info));
    return Napi::BigInt::New(info.Env(), uffd::enable(uffd.get(), 0));
  });
}

Napi::Value addressOf(const Napi::CallbackInfo& info) {
  const auto address = reinterpret_cast<std::uintptr_t>(bytes(info[0], "view").data());
  return Napi::BigInt::New(info.Env(), static_cast<std::uint64_t>(address));
}

/// The request's words: flags, start, end, max_pages and the four category masks, as in struct pm_scan_arg.
Napi::Value scanPages(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::span<std::uint64_t> request = words64(info[0], "request");
  const std::span<std::uint64_t> regions = words64(info[1], "regions");
  static_assert(sizeof(page_region) == 3 * sizeof(std::uint64_t));
  if (request.size() != 8) throw Napi::RangeError::New(env, "request: expected 8 words");
  if (regions.size() < 3) throw Napi::RangeError::New(env, "regions: expected room for a region: 3 words");

  pm_scan_arg argument{};
  argument.flags = request[0];
  argument.start = request[1];
  argument.end = request[2];
  argument.max_pages = request[3];
  argument.category_inverted = request[4];
  argument.category_mask = request[5];
  argument.category_anyof_mask = request[6];
  argument.return_mask = request[7];
  const std::size_t count = throwing(env, [&] {
    Descriptor& pagemap = Environment::of(env).pagemap;
    if (!pagemap.isOpen()) pagemap = pagemap::openOwn();
    const std::span room(reinterpret_cast<page_region*>(regions.data()), regions.size() / 3);
    return pagemap::scan(pagemap.get(), argument, room);
  });
  request[1] = argument.walk_end;
  return Napi::Number::New(env, static_cast<double>(count));
}

}  // namespace

void UserfaultfdObject::init(Napi::Env env, Napi::Object exports) {
  exports.Set("Userfaultfd",
              DefineClass(env, "Userfaultfd",
                          {
                              InstanceMethod<&UserfaultfdObject::fd>("fd"),
                              InstanceMethod<&UserfaultfdObject::registerRange>("register"),
                              InstanceMethod<&UserfaultfdObject::unregisterRange>("unregister"),
                              InstanceMethod<&UserfaultfdObject::writeProtect>("writeProtect"),
                              InstanceMethod<&UserfaultfdObject::close>("close"),
                          }));
  exports.Set("userfaultfdFeatures", Napi::Function::New<userfaultfdFeatures>(env, "userfaultfdFeatures"));
  exports.Set("addressOf", Napi::Function::New<addressOf>(env, "addressOf"));
  exports.Set("scanPages", Napi::Function::New<scanPages>(env, "scanPages"));
}

UserfaultfdObject::UserfaultfdObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<UserfaultfdObject>(info) {
  const std::uint64_t features = unsigned64(info, 1, "features");
  throwing(info.Env(), [&] {
    uffd_ = uffd::open(flags(info));
    uffd::enable(uffd_.get(), features);
  });
}

int UserfaultfdObject::open(Napi::Env env) const {
  if (!uffd_.isOpen()) throw closedError(env, "the userfaultfd");
  return uffd_.get();
}

Napi::Value UserfaultfdObject::fd(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), open(info.Env()));
}

void UserfaultfdObject::registerRange(const Napi::CallbackInfo& info) {
  const int uffd = open(info.Env());
  const auto [address, length] = range(info);
  const std::uint64_t modes = unsigned64(info, 2, "modes");
  throwing(info.Env(), [&] { uffd::registerRange(uffd, address, length, modes); });
}

void UserfaultfdObject::unregisterRange(const Napi::CallbackInfo& info) {
  const int uffd = open(info.Env());
  const auto [address, length] = range(info);
  throwing(info.Env(), [&] { uffd::unregisterRange(uffd, address, length); });
}

void UserfaultfdObject::writeProtect(const Napi::CallbackInfo& info) {
  const int uffd = open(info.Env());
  const auto [address, length] = range(info);
  const bool protect = info[2].ToBoolean();
  throwing(info.Env(), [&] { uffd::writeProtect(uffd, address, length, protect); });
}

void UserfaultfdObject::close(const Napi::CallbackInfo&) { uffd_.close(); }

}  // namespace umfb
