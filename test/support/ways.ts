import { createRequire } from 'node:module'

/**
 * Ways by which bytes of device memory change, in this process: test/support/native/ways.c has them and says what they
 * do. The C program of writer.ts has the same in another process. Both answer '' or the name of the kernel's error.
 */
interface Ways {
  prepare(way: string, buffer: ArrayBuffer, memfd: number, page: number): string
  change(way: string, buffer: ArrayBuffer, memfd: number, page: number, value: number): string
}

export const ways: Ways = createRequire(import.meta.url)('../../../build/Release/umfb-test-ways.node')
