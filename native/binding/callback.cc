#include "binding/callback.h"

namespace umfb {

bool Callback::operator()(Napi::Object receiver, std::initializer_list<napi_value> arguments) const {
  const napi_env env = function_.Env();
  // By the C interface: node-addon-api aborts the process when a terminating worker hands it no exception.
  const napi_status status = napi_make_callback(env, context_, receiver, function_.Value(), arguments.size(),
                                                arguments.begin(), nullptr);
  if (status != napi_pending_exception) return status == napi_ok;
  napi_value exception = nullptr;
  if (napi_get_and_clear_last_exception(env, &exception) == napi_ok) napi_fatal_exception(env, exception);
  return true;
}

}  // namespace umfb
