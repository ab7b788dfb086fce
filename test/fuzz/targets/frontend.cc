// libumfb's device API: its calls with any values, while the backend writes whatever it likes into the
// memory. The device is made here, without a socket: its link is up, and nobody hears its bell.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "input.h"

extern "C" {
#include "client/device/device.h"
#include "client/device/format.h"
}

namespace {

enum { heapBytes = 4096, pixelsBytes = 65536, memoryBytes = 4 * 4096 + 4096 + heapBytes + pixelsBytes };

/// A good memory, of which the input then writes over as much as it likes.
int makeMemory(Input& input) {
  static const int fd = memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  static std::uint8_t* const bytes = [] {
    expect(ftruncate(fd, memoryBytes) == 0, "ftruncate");
    expect(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) == 0, "F_ADD_SEALS");
    void* mapped = mmap(nullptr, memoryBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    expect(mapped != MAP_FAILED, "mmap");
    return static_cast<std::uint8_t*>(mapped);
  }();
  std::memset(bytes, 0, 6 * 4096);
  umfb_info info{};
  std::memcpy(info.magic, UMFB_DEV_MAGIC, sizeof info.magic);
  info.version = UMFB_DEV_VERSION;
  info.page_bytes = UMFB_DEV_PAGE_BYTES;
  info.memory_bytes = memoryBytes;
  info.framebuffer_offset = 4096;
  info.keyboard_offset = 2 * 4096;
  info.colours_offset = 3 * 4096;
  info.bitmap_offset = 4 * 4096;
  info.bitmap_bytes = 4096;
  info.heap_offset = 5 * 4096;
  info.heap_bytes = heapBytes;
  info.pixels_offset = 5 * 4096 + heapBytes;
  info.pixels_bytes = pixelsBytes;
  std::memcpy(bytes, &info, sizeof info);
  for (auto changes = input.upTo(9) / 8 * input.upTo(4); changes > 0; changes--) {
    bytes[input.upTo(127)] = input.take<std::uint8_t>();
  }
  return dup(fd);
}

void scribble(Input& input, umfb_device& device) {
  auto* base = reinterpret_cast<std::uint8_t*>(device.memory.info);
  switch (input.upTo(3)) {
    case 0: {  // an event, and its index
      std::uint8_t* page = input.upTo(1) ? device.memory.framebuffer : device.memory.keyboard;
      const auto given = input.takeBytes(40);
      std::copy(given.begin(), given.end(), page + 1024 + input.upTo(24) * 40);
      page[4]++;
      break;
    }
    case 1: {  // the store
      const auto given = input.takeBytes(input.upTo(80));
      std::copy(given.begin(), given.end(), device.memory.info->backend_store + input.upTo(1400));
      device.memory.info->backend.store_serial += 2 + input.upTo(8) / 8;
      break;
    }
    case 2:
      base[input.upTo(3 * 4096 - 1)] = input.take<std::uint8_t>();
      break;
    default:  // an index
      reinterpret_cast<std::uint32_t*>(device.memory.framebuffer)[input.upTo(3)] =
          input.take<std::uint32_t>();
  }
}

umfb_rect takeRect(Input& input) {
  return {input.coordinate(), input.coordinate(), input.coordinate(), input.coordinate()};
}

constexpr std::uint32_t formats[] = {UMFB_DEV_FORMAT_XRGB8888, UMFB_DEV_FORMAT_RGB888, UMFB_DEV_FORMAT_RGB565,
                                     UMFB_DEV_FORMAT_C8, 12345};

void setMode(Input& input, umfb_device& device) {
  const umfb_mode mode{input.upTo(200), input.upTo(200), input.upTo(3) / 3 * input.upTo(2000),
                       formats[input.upTo(4)],
                       input.upTo(3) ? input.upTo(5000) : input.take<std::uint64_t>()};
  umfb_device_set_mode(&device, input.upTo(4), &mode);
}

/// An image that is exactly as large as it says it is, but for those that nobody could have.
void blit(Input& input, umfb_device& device) {
  const unsigned scanout = input.upTo(4);
  const umfb_rect rect = takeRect(input);
  umfb_mode mode{};
  if (rect.width < 0 || rect.height < 1 || rect.width > 2000 || rect.height > 300) return;
  if (umfb_device_get_mode(&device, scanout, &mode) != 0) return;
  const unsigned kind = input.upTo(3);
  const std::size_t pixelBytes = umfb_format_bytes(mode.format);
  const std::size_t rowBytes = kind == 0 ? rect.width * pixelBytes : (rect.width + 7) / 8;
  const std::size_t strideBytes = rowBytes + input.upTo(5);
  auto* image = static_cast<std::uint8_t*>(std::calloc(1, strideBytes * (rect.height - 1) + rowBytes));
  const umfb_image what{kind, image, static_cast<std::uint32_t>(strideBytes), input.take<std::uint32_t>(),
                        input.take<std::uint32_t>()};
  if (strideBytes > 0) umfb_device_blit(&device, scanout, rect, &what);
  std::free(image);
}

void useCursor(Input& input, umfb_device& device) {
  static std::uint32_t pixels[256 * 256];
  const umfb_cursor cursor{input.take<std::uint16_t>(), input.take<std::uint16_t>(),
                           input.take<std::uint16_t>(), input.take<std::uint16_t>(), pixels};
  umfb_device_set_cursor(&device, input.upTo(4), input.coordinate(), input.coordinate(), &cursor);
  umfb_device_move_cursor(&device, input.coordinate(), input.coordinate());
}

void takeEvents(umfb_device& device) {
  umfb_device_event event;
  for (int left = 100; left > 0 && umfb_device_next_event(&device, &event) > 0; left--) {
    expect(event.kind >= UMFB_DEVICE_KEY && event.kind <= UMFB_DEVICE_DISCONNECTED, "an event of a kind");
  }
}

void call(Input& input, umfb_device& device) {
  switch (input.upTo(11)) {
    case 0:
      return setMode(input, device);
    case 1:
      umfb_device_fill(&device, input.upTo(4), takeRect(input), input.take<std::uint32_t>(), input.upTo(2));
      return;
    case 2:
      umfb_device_copy(&device, input.upTo(4), takeRect(input), input.coordinate(), input.coordinate());
      return;
    case 3:
      return blit(input, device);
    case 4:
      umfb_device_mark_dirty(&device, input.take<std::uint64_t>() >> input.upTo(63), input.upTo(60000));
      return;
    case 5:
      return useCursor(input, device);
    case 6:
      umfb_device_pan(&device, input.upTo(4), input.upTo(60000));
      return;
    case 7: {
      static const std::uint32_t colours[256] = {};
      umfb_device_set_colours(&device, input.upTo(4), input.upTo(300), input.upTo(256), colours);
      return;
    }
    case 8:
      umfb_device_update(&device, input.upTo(4), takeRect(input));
      return;
    case 9:
      return takeEvents(device);
    default:
      return scribble(input, device);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  static umfb_device device;
  device.link = {};
  device.link.socket = device.link.poll = device.link.timer = -1;
  int fd = makeMemory(input);
  if (umfb_memory_open(&device.memory, fd) != 0) {
    close(fd);
    return 0;
  }
  umfb_open_rings(&device);
  device.wanted = device.agreed = UMFB_DEFAULT_FEATURES;
  device.link.state = UMFB_LINK_UP;
  device.is_watched = true;
  std::memset(device.scanouts, 0, sizeof device.scanouts);
  while (!input.isEmpty()) {
    call(input, device);
    device.link.state = UMFB_LINK_UP;
  }
  umfb_memory_close(&device.memory);
  return 0;
}
