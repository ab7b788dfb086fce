#ifndef UMFB_DEVICE_FORMAT_H
#define UMFB_DEVICE_FORMAT_H

#include <stdint.h>

/** Bytes a pixel; 0: no format of ours. @param format UMFB_DEV_FORMAT_… */
unsigned umfb_format_bytes(uint32_t format);

#endif
