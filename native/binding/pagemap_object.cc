#include "binding/pagemap_object.h"

#include <fcntl.h>

#include <cstdint>
#include <limits>
#include <span>

#include "binding/arguments.h"
#include "binding/environment.h"
#include "binding/errors.h"
#include "linux/descriptor_kind.h"
#include "linux/pagemap.h"

namespace umfb {
namespace {

Napi::Value addressOf(const Napi::CallbackInfo& info) {
  const auto address = reinterpret_cast<std::uintptr_t>(bytes(info[0], "view").data());
  return Napi::BigInt::New(info.Env(), static_cast<std::uint64_t>(address));
}

Napi::Object create(Napi::Env env, Descriptor pagemap) {
  return Environment::of(env).pagemapConstructor.New({Napi::External<Descriptor>::New(env, &pagemap)});
}

}  // namespace

void PagemapObject::init(Napi::Env env, Napi::Object exports) {
  const Napi::Function constructor = DefineClass(env, "Pagemap",
                                                 {
                                                     InstanceMethod<&PagemapObject::fd>("fd"),
                                                     InstanceMethod<&PagemapObject::scan>("scan"),
                                                     InstanceMethod<&PagemapObject::close>("close"),
                                                 });
  Environment::of(env).pagemapConstructor = Napi::Persistent(constructor);
  Napi::Object pagemap = Napi::Object::New(env);
  pagemap.Set("open", Napi::Function::New<open>(env, "open"));
  pagemap.Set("fromDescriptor", Napi::Function::New<fromDescriptor>(env, "fromDescriptor"));
  exports.Set("Pagemap", pagemap);
  exports.Set("addressOf", Napi::Function::New<addressOf>(env, "addressOf"));
}

Napi::Value PagemapObject::open(const Napi::CallbackInfo& info) {
  const bool own = info[0].IsUndefined();
  const auto pid =
      own ? 0 : static_cast<int>(wholeNumber(info, 0, "pid", 1, std::numeric_limits<int>::max()));
  return create(info.Env(),
                throwing(info.Env(), [&] { return own ? pagemap::openOwn() : pagemap::openOf(pid); }));
}

Napi::Value PagemapObject::fromDescriptor(const Napi::CallbackInfo& info) {
  const int fd = descriptorNumber(info, 0, "fd");
  if (!isPagemap(fd)) {
    throw Napi::TypeError::New(info.Env(),
                               "fd: expected a process's pagemap, on the procfs mounted at /proc");
  }
  if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) throw systemError(info.Env(), SystemError("fcntl(F_SETFD)"));
  return create(info.Env(), Descriptor(fd));
}

PagemapObject::PagemapObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<PagemapObject>(info) {
  if (!info[0].IsExternal()) {
    throw Napi::TypeError::New(info.Env(), "expected Pagemap.open() or Pagemap.fromDescriptor()");
  }
  pagemap_ = std::move(*info[0].As<Napi::External<Descriptor>>().Data());
}

int PagemapObject::descriptor(Napi::Env env) const {
  if (!pagemap_.isOpen()) throw closedError(env, "the pagemap");
  return pagemap_.get();
}

Napi::Value PagemapObject::fd(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), descriptor(info.Env()));
}

/// The request's words: flags, start, end, max_pages and the four category masks, as in struct pm_scan_arg.
Napi::Value PagemapObject::scan(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const int pagemap = descriptor(env);
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
    const std::span room(reinterpret_cast<page_region*>(regions.data()), regions.size() / 3);
    return pagemap::scan(pagemap, argument, room);
  });
  request[1] = argument.walk_end;
  return Napi::Number::New(env, static_cast<double>(count));
}

void PagemapObject::close(const Napi::CallbackInfo&) { pagemap_.close(); }

}  // namespace umfb
