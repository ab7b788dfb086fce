#include "features.h"

#include "../umfb_device.h"

static const char offers[] = "feature-", requests[] = "request-";

/** Each side's prefix; NULL: it says nothing of it. */
static const struct feature {
  uint32_t bit;
  const char* name;
  const char* frontend;
  const char* backend;
} table[] = {
    {UMFB_FEATURE_UPDATE, "update", offers, requests},
    {UMFB_FEATURE_RESIZE, "resize", NULL, offers},
    {UMFB_FEATURE_FILL, "fill", offers, requests},
    {UMFB_FEATURE_COPY, "copy", offers, requests},
    {UMFB_FEATURE_BLIT, "blit", offers, requests},
    {UMFB_FEATURE_CURSOR, "cursor", offers, requests},
    {UMFB_FEATURE_DIRTY, "dirty", offers, requests},
    {UMFB_FEATURE_BELL, "bell", offers, requests},
    {UMFB_FEATURE_SCANOUTS, "scanouts", offers, requests},
    {UMFB_FEATURE_COLOURS, "colours", offers, requests},
    {UMFB_FEATURE_MODE, "mode", requests, offers},
    {UMFB_FEATURE_ABS_POINTER, "abs-pointer", requests, offers},
    {UMFB_FEATURE_RAW_POINTER, "raw-pointer", requests, offers},
    {UMFB_FEATURE_MULTI_TOUCH, "multi-touch", requests, offers},
    {UMFB_FEATURE_DISABLE_KEYBOARD, "disable-keyboard", requests, offers},
    {UMFB_FEATURE_DISABLE_POINTER, "disable-pointer", requests, offers},
};

enum { feature_count = sizeof table / sizeof table[0] };

void umfb_features_say(uint32_t features, struct umfb_store* own) {
  for (int index = 0; index < feature_count; index++) {
    const struct feature* feature = &table[index];
    if (features & feature->bit && feature->frontend) {
      umfb_store_add(own, feature->frontend, feature->name, 1);
    }
  }
}

uint32_t umfb_features_agree(uint32_t features, const struct umfb_store* backend) {
  uint32_t agreed = 0;
  for (int index = 0; index < feature_count; index++) {
    const struct feature* feature = &table[index];
    if (umfb_store_get(backend, feature->backend, feature->name) != 0) agreed |= feature->bit;
  }
  return features & agreed;
}
