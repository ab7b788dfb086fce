#include "binding/poll.h"

#include <uv.h>

#include <utility>

#include "sys/system_error.h"

namespace umfb {

struct Poll::State {
  uv_poll_t handle{};
  napi_async_cleanup_hook_handle hook = nullptr;
  std::function<void()> onReadable;
  std::function<void()> onClosed;
  /// Cleared when closing begins.
  Poll* owner = nullptr;

  void close() {
    if (!owner) return;
    std::exchange(owner, nullptr)->state_ = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(&handle), [](uv_handle_t* closed) {
      auto* self = static_cast<State*>(closed->data);
      if (self->onClosed) self->onClosed();
      napi_remove_async_cleanup_hook(self->hook);
      delete self;
    });
  }
};

Poll::Poll(napi_env env, int fd, std::function<void()> onReadable) : state_(new State) {
  uv_loop_t* loop = nullptr;
  napi_get_uv_event_loop(env, &loop);
  const int status = uv_poll_init(loop, &state_->handle, fd);
  if (status != 0) {
    delete state_;
    throw SystemError("uv_poll_init", -status);
  }
  state_->owner = this;
  state_->handle.data = state_;
  state_->onReadable = std::move(onReadable);
  napi_add_async_cleanup_hook(
      env,
      [](napi_async_cleanup_hook_handle, void* data) {
        auto* state = static_cast<State*>(data);
        // The environment is ending: JavaScript can no longer be called.
        state->onClosed = nullptr;
        state->close();
      },
      state_, &state_->hook);
  resume();
}

void Poll::unref() {
  if (state_) uv_unref(reinterpret_cast<uv_handle_t*>(&state_->handle));
}

void Poll::pause() {
  if (state_) uv_poll_stop(&state_->handle);
}

void Poll::resume() {
  if (!state_) return;
  // An error of the descriptor is reported as readable: reading it tells which.
  uv_poll_start(&state_->handle, UV_READABLE,
                [](uv_poll_t* handle, int, int) { static_cast<State*>(handle->data)->onReadable(); });
}

void Poll::close(std::function<void()> onClosed) {
  if (!state_) return;
  state_->onClosed = std::move(onClosed);
  state_->close();
}

}  // namespace umfb
