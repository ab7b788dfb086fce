// How x11vnc finds damage where nobody tells it: the screen in tiles of 32 x 32 is compared with the VNC
// server's frame buffer, a tile that differs is copied there, and libvncserver is told. x11vnc itself looks
// at one line in 32 of a tile and so needs up to 32 looks to find a change; here each look is a whole one.
// What libvncserver then does for viewers is not counted: there are none.
#include <err.h>
#include <rfb/rfb.h>
#include <string.h>

#include "peer.h"

enum { kTile = 32 };

static struct surface surface;
static rfbScreenInfoPtr screen;

static int min(int a, int b) { return a < b ? a : b; }

static int tile_differs(const uint8_t* now, const uint8_t* shown, size_t stride, int width, int height) {
  for (int y = 0; y < height; y++) {
    if (memcmp(now + y * stride, shown + y * stride, width * 4ul) != 0) return 1;
  }
  return 0;
}

static size_t harvest(void) {
  const size_t stride = surface.width * 4ul;
  size_t pixels = 0;
  for (int y = 0; y < (int)surface.height; y += kTile) {
    const int height = min(kTile, (int)surface.height - y);
    for (int x = 0; x < (int)surface.width; x += kTile) {
      const int width = min(kTile, (int)surface.width - x);
      const size_t at = y * stride + x * 4ul;
      const uint8_t* now = surface.memory + at;
      uint8_t* shown = (uint8_t*)screen->frameBuffer + at;
      if (!tile_differs(now, shown, stride, width, height)) continue;
      for (int row = 0; row < height; row++) memcpy(shown + row * stride, now + row * stride, width * 4ul);
      rfbMarkRectAsModified(screen, x, y, x + width, y + height);
      pixels += (size_t)width * height;
    }
  }
  return pixels * 4 / surface.page_bytes;
}

static void start(const struct surface* watched) {
  surface = *watched;
  screen = rfbGetScreen(NULL, NULL, (int)surface.width, (int)surface.height, 8, 3, 4);
  if (!screen) errx(1, "rfbGetScreen failed");
  screen->frameBuffer = malloc(surface.bytes);
  if (!screen->frameBuffer) err(1, "malloc");
  memcpy(screen->frameBuffer, surface.memory, surface.bytes);
}

static const struct peer tiles = {"tiles", start, harvest};
const struct peer* const peers[] = {&tiles, NULL};
