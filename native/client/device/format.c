#include "format.h"

#include "../../ring/layout.h"

unsigned umfb_format_bytes(uint32_t format) {
  switch (format) {
    case UMFB_DEV_FORMAT_XRGB8888:
    case UMFB_DEV_FORMAT_XBGR8888:
    case UMFB_DEV_FORMAT_RGBX8888:
    case UMFB_DEV_FORMAT_BGRX8888:
      return 4;
    case UMFB_DEV_FORMAT_RGB888:
    case UMFB_DEV_FORMAT_BGR888:
      return 3;
    case UMFB_DEV_FORMAT_RGB565:
    case UMFB_DEV_FORMAT_BGR565:
    case UMFB_DEV_FORMAT_XRGB1555:
      return 2;
    case UMFB_DEV_FORMAT_RGB332:
    case UMFB_DEV_FORMAT_C8:
      return 1;
    default:
      return 0;
  }
}
