/* What two sides have to know of: said and read in their stores. */
#ifndef UMFB_DEVICE_FEATURES_H
#define UMFB_DEVICE_FEATURES_H

#include "store.h"

/** @param features UMFB_FEATURE_…: what this frontend offers or requests */
void umfb_features_say(uint32_t features, struct umfb_store* own);
/** @return those of `features` that the backend's store agrees to */
uint32_t umfb_features_agree(uint32_t features, const struct umfb_store* backend);

#endif
