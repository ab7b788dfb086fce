#pragma once

#include <node_api.h>

#include <functional>

namespace umfb {

/**
 * Watches a descriptor for input on the event loop of its environment.
 *
 * A libuv handle must outlive uv_close's callback, and an environment must not end before: so the handle
 * lives in a state of its own, which an asynchronous clean-up hook closes when nobody did. Callbacks run on
 * the loop's thread, without a handle scope. They may close the poll, and may not destroy it.
 */
class Poll {
public:
  /// @throws SystemError
  Poll(napi_env env, int fd, std::function<void()> onReadable);
  Poll(const Poll&) = delete;
  Poll& operator=(const Poll&) = delete;
  ~Poll() { close({}); }

  void unref();
  /// Between these two nothing is reported, and the event loop is not kept alive. A poll begins resumed.
  void pause();
  void resume();
  /// Idempotent: only the first call's `onClosed` is called, later, and never at the environment's end. The
  /// descriptor may be closed as soon as this returns.
  void close(std::function<void()> onClosed);
  bool isOpen() const { return state_ != nullptr; }

private:
  struct State;
  State* state_;
};

}  // namespace umfb
