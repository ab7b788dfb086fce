// The ways of ways.c, for tests that change device memory in their own process:
//
//     prepare(name, buffer, memfd, page): string     '' or the error's name
//     change(name, buffer, memfd, page, value): string
//
// `buffer` is the ArrayBuffer of all of the device's memory.
#define _GNU_SOURCE
#include <node_api.h>
#include <string.h>

#include "ways.h"

static napi_value answer(napi_env env, int error) {
  if (error < 0) {
    napi_throw_type_error(env, NULL, "name: expected one of those in ways.c");
    return NULL;
  }
  const char* text = error == 0 ? "" : strerrorname_np(error);
  napi_value result;
  return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result) == napi_ok ? result : NULL;
}

struct arguments {
  char name[32];
  struct ways_target target;
  uint32_t page, value;
};

static int parse(napi_env env, napi_callback_info info, struct arguments* arguments) {
  napi_value values[5];
  size_t count = 5;
  struct ways_target* target = &arguments->target;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) == napi_ok &&
      napi_get_value_string_utf8(env, values[0], arguments->name, sizeof arguments->name, NULL) == napi_ok &&
      napi_get_arraybuffer_info(env, values[1], (void**)&target->mapping, &target->length) == napi_ok &&
      napi_get_value_int32(env, values[2], &target->memfd) == napi_ok &&
      napi_get_value_uint32(env, values[3], &arguments->page) == napi_ok &&
      (count < 5 || napi_get_value_uint32(env, values[4], &arguments->value) == napi_ok)) {
    return 1;
  }
  napi_throw_type_error(env, NULL, "expected a name, an ArrayBuffer, a memfd, a page and a value");
  return 0;
}

static napi_value prepare(napi_env env, napi_callback_info info) {
  struct arguments arguments = {0};
  if (!parse(env, info, &arguments)) return NULL;
  return answer(env, ways_prepare(arguments.name, &arguments.target, arguments.page));
}

static napi_value change(napi_env env, napi_callback_info info) {
  struct arguments arguments = {0};
  if (!parse(env, info, &arguments)) return NULL;
  return answer(env, ways_change(arguments.name, &arguments.target, arguments.page, arguments.value));
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"prepare", NULL, prepare, NULL, NULL, NULL, napi_enumerable, NULL},
      {"change", NULL, change, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_define_properties(env, exports, 2, functions);
  return exports;
}
