"""
A frontend from docs/protocol.md alone, by nothing but Python's own library: what its page says is enough.

    plain.py SOCKET

Does what plain.c does: draws a picture in stages, says "stage N" after each, and goes on at a line on standard input.
Says each key as "key CODE PRESSED". Ends with its standard input.

Python has no barriers and no atomic or, and needs none here: a store of one interpreter step is one store of the
processor, x86 keeps the order of stores, and the backend is asked to look once more where a load may have come first.
"""

import mmap
import os
import select
import socket
import struct
import sys

EVENT, OUT_SLOTS, IN_SLOTS, KEY_SLOTS, PAGE = 40, 51, 25, 51, 4096


class Frontend:
    def __init__(self, path, width, height):
        self.backend = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.backend.connect(path)
        wish = struct.pack('<4sHHII4sIQ64s', b'umfb', 1, 0, width, height, b'XR24', 0, 1 << 20, b'plain.py')
        self.backend.send(wish)
        answer, fds, _, _ = socket.recv_fds(self.backend, 16, 1)
        magic, version, status = struct.unpack('<4sHH8x', answer)
        if magic != b'umfb' or version < 1 or status != 0:
            sys.exit(f'refused: {status}')
        self.memory = mmap.mmap(fds[0], os.fstat(fds[0]).st_size)
        if self.memory[0:8] != b'umfbdev\0':
            sys.exit('no device memory')
        self.words = memoryview(self.memory).cast('I')
        self.framebuffer, self.keyboard, self.bitmap = (self.word(at) for at in (24, 28, 32))
        self.heap = self.word(40)
        self.heap_used = 0
        (self.pixels,) = struct.unpack_from('<Q', self.memory, 56)
        self.out_prod = self.word(self.framebuffer + 12)
        self.in_cons = self.word(self.framebuffer)
        self.key_cons = self.word(self.keyboard)

    def word(self, at):
        return self.words[at // 4]

    def put(self, at, value):
        self.words[at // 4] = value & 0xFFFFFFFF

    def ring(self):
        try:
            self.backend.send(b'!', socket.MSG_DONTWAIT)
        except BlockingIOError:
            pass

    def backend_says(self):
        while True:
            serial = self.word(128 + 8)
            lines = self.memory[1024:2560].split(b'\0')[0].decode().splitlines()
            if serial % 2 == 0 and self.word(128 + 8) == serial:
                return dict(line.split('=', 1) for line in lines)

    def set_mode(self, width, height, stride, form, offset):
        struct.pack_into('<IIQ4s', self.memory, 256 + 8, height, stride, offset, form)
        self.put(256 + 4, width)
        self.put(256, 1)

    def start(self, width, height):
        self.set_mode(width, height, width * 4, b'XR24', 0)
        struct.pack_into('<iiIIB', self.memory, self.framebuffer + 16, width, height, width * 4, 1 << 20, 32)
        store = ''.join(f'feature-{name}=1\n' for name in ('update', 'fill', 'copy', 'blit', 'dirty'))
        self.put(192 + 8, self.word(192 + 8) | 1)
        self.memory[2560 : 2560 + len(store) + 1] = store.encode() + b'\0'
        self.put(192 + 8, self.word(192 + 8) + 1)
        self.put(192 + 4, self.word(192 + 4) + 1)
        self.put(192, 4)
        self.ring()

    def post(self, event):
        """The bell is rung at every event: that costs time, and needs no barrier."""
        cons = self.word(self.framebuffer + 8)
        if (self.out_prod - cons) & 0xFFFFFFFF >= OUT_SLOTS or (self.out_prod == 0 and cons != 0):
            self.put(192 + 12, 1)
        else:
            at = self.framebuffer + 2048 + self.out_prod % OUT_SLOTS * EVENT
            self.memory[at : at + EVENT] = event.ljust(EVENT, b'\0')
            self.out_prod = (self.out_prod + 1) & 0xFFFFFFFF
            self.put(self.framebuffer + 12, self.out_prod)
        self.ring()

    def tell(self, kind, detail, rect, *words):
        self.post(struct.pack(f'<BBBB4i{len(words)}I', kind, 0, detail, 0, *rect, *words))

    def answer_dirty(self, serial):
        self.post(struct.pack('<II', 68, serial))

    def take(self, page, cons, slots):
        """The events of an in ring; cons is the last index. Returns the events and the new index."""
        taken = []
        prod = self.word(page + 4)
        if (prod - cons) & 0xFFFFFFFF > slots:
            cons = prod
        while cons != prod:
            at = page + 1024 + cons % slots * EVENT
            taken.append(bytes(self.memory[at : at + EVENT]))
            cons = (cons + 1) & 0xFFFFFFFF
        self.put(page, cons)
        return taken, cons

    def take_events(self):
        taken, self.in_cons = self.take(self.framebuffer, self.in_cons, IN_SLOTS)
        for event in taken:
            if event[0] == 64:
                self.answer_dirty(struct.unpack_from('<I', event, 4)[0])
        taken, self.key_cons = self.take(self.keyboard, self.key_cons, KEY_SLOTS)
        for event in taken:
            if event[0] == 3:
                print('key', struct.unpack_from('<I', event, 4)[0], event[1], flush=True)

    def stage(self, number):
        print('stage', number, flush=True)
        while True:
            self.take_events()
            # Not for ever: without a barrier, the backend may have missed that this side sleeps.
            ready, _, _ = select.select([self.backend, 0], [], [], 0.1)
            if self.backend in ready and not self.backend.recv(16):
                sys.exit('the backend is gone')
            if 0 in ready:
                byte = b''
                while byte != b'\n':
                    byte = os.read(0, 1)
                    if not byte:
                        sys.exit(0)
                return


# The picture: test/ring/frontends.test.ts has the same ops.

WIDTH, HEIGHT, SMALL_WIDTH, SMALL_HEIGHT, SMALL_STRIDE, SMALL_AT = 160, 100, 96, 64, 256, 512 << 10


class Picture:
    def __init__(self, frontend):
        self.frontend = frontend
        end = frontend.pixels + WIDTH * HEIGHT * 4
        self.pixels = memoryview(frontend.memory)[frontend.pixels : end].cast('I')

    def gradient(self):
        for y in range(HEIGHT):
            for x in range(WIDTH):
                self.pixels[y * WIDTH + x] = (x * 7 ^ y * 13) * 0x010305 & 0xFFFFFF
        self.frontend.tell(2, 0, (0, 0, WIDTH, HEIGHT))

    def fill(self, rop, x1, y1, w, h, colour):
        for y in range(y1, y1 + h):
            for x in range(x1, x1 + w):
                self.pixels[y * WIDTH + x] = self.pixels[y * WIDTH + x] ^ colour if rop else colour
        self.frontend.tell(64, rop, (x1, y1, w, h), colour)

    def copy(self, x1, y1, w, h, from_x, from_y):
        starts = [(from_y + y) * WIDTH + from_x for y in range(h)]
        rows = [self.pixels[start : start + w].tolist() for start in starts]
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                self.pixels[(y1 + y) * WIDTH + x1 + x] = value
        self.frontend.tell(65, 0, (x1, y1, w, h), from_x, from_y)

    def store_image(self, image):
        """Returns its offset in the heap, where no other image is."""
        at = self.frontend.heap_used
        self.frontend.heap_used += len(image)
        start = self.frontend.heap + at
        self.frontend.memory[start : start + len(image)] = image
        return at

    def glyph(self, kind, x1, y1, w, h, foreground, background):
        stride = (w + 7) // 8
        bits = bytes(0xA6 ^ i * 37 & 255 for i in range(stride * h))
        for y in range(h):
            for x in range(w):
                is_set = bits[y * stride + x // 8] >> (7 - x % 8) & 1
                if is_set or kind == 1:
                    self.pixels[(y1 + y) * WIDTH + x1 + x] = foreground if is_set else background
        at = self.store_image(bits)
        self.frontend.tell(66, kind, (x1, y1, w, h), at, stride, foreground, background)

    def image(self, x1, y1, w, h):
        values = [x * 0x100F00 + y * 0x1F for y in range(h) for x in range(w)]
        for i, value in enumerate(values):
            self.pixels[(y1 + i // w) * WIDTH + x1 + i % w] = value & 0xFFFFFFFF
        at = self.store_image(struct.pack(f'<{w * h}I', *values))
        self.frontend.tell(66, 0, (x1, y1, w, h), at, w * 4)

    def resize(self):
        for y in range(SMALL_HEIGHT):
            row = [x * 331 + y * 57 & 0xFFFF for x in range(SMALL_WIDTH)]
            at = self.frontend.pixels + SMALL_AT + y * SMALL_STRIDE
            struct.pack_into(f'<{SMALL_WIDTH}H', self.frontend.memory, at, *row)
        self.frontend.set_mode(SMALL_WIDTH, SMALL_HEIGHT, SMALL_STRIDE, b'RG16', SMALL_AT)
        self.frontend.post(struct.pack('<I5i', 3, SMALL_WIDTH, SMALL_HEIGHT, SMALL_STRIDE, 16, SMALL_AT))

    def store_silently(self):
        """Told by its page alone."""
        at = self.frontend.pixels + SMALL_AT + PAGE
        self.frontend.memory[at : at + 16] = b'\x5a' * 16
        page = SMALL_AT // PAGE + 1
        word = self.frontend.bitmap + page // 32 * 4
        self.frontend.put(word, self.frontend.word(word) | 1 << page % 32)
        self.frontend.answer_dirty(0)


def main():
    frontend = Frontend(sys.argv[1], WIDTH, HEIGHT)
    if frontend.backend_says().get('request-update') != '1':
        sys.exit('the backend does not want to be told')
    frontend.start(WIDTH, HEIGHT)
    picture = Picture(frontend)
    picture.gradient()
    frontend.stage(1)
    picture.fill(0, 10, 10, 50, 30, 0xC02040)
    picture.fill(1, 40, 20, 60, 40, 0xFFFFFF)
    frontend.stage(2)
    picture.copy(20, 15, 80, 50, 10, 10)
    frontend.stage(3)
    picture.glyph(1, 100, 60, 13, 7, 0xFFFF00, 0x0000FF)
    picture.glyph(2, 118, 60, 21, 9, 0x00FF00, 0)
    picture.image(5, 80, 16, 8)
    frontend.stage(4)
    picture.resize()
    frontend.stage(5)
    picture.store_silently()
    frontend.stage(6)


main()
