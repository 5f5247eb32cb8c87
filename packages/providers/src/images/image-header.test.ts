import { Buffer } from "node:buffer"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { readImageHeader } from "./image-header.ts"

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(" ", ""), "hex")

/** The beginnings of real files. */
const headers = {
  png: bytes("89504e47 0d0a1a0a 0000000d 49484452 00000400 00000600 08 06 00 00 00"),
  jpeg: bytes("ffd8 ffe0 0010 4a46494600 0101 00 0001 0001 0000 ffdb 0004 0001 ffc0 0011 08 0600 0400 03 012200 021101 031101"),
  progressive: bytes("ffd8 ffee 000e 41646f6265006400000000 01 ffc2 0011 08 00c8 012c 03 012200 021101 031101"),
  lossy: bytes("52494646 24000000 57454250 56503820 18000000 3001009d012a 0004 0006 0034 2500"),
  lossless: bytes("52494646 24000000 57454250 5650384c 18000000 2f ff437f01 0000000000000000"),
  extended: bytes("52494646 24000000 57454250 56503858 0a000000 10000000 ff0300 ff0500 0000"),
  gif: bytes("474946383961 0a00 1400 f70000"),
}

describe("readImageHeader", () => {
  test.each([
    ["png", "image/png", 1_024, 1_536],
    ["jpeg", "image/jpeg", 1_024, 1_536],
    ["progressive", "image/jpeg", 300, 200],
    ["lossy", "image/webp", 1_024, 1_536],
    ["lossless", "image/webp", 1_024, 1_534],
    ["extended", "image/webp", 1_024, 1_536],
    ["gif", "image/gif", 10, 20],
  ] as const)("reads %s", (name, contentType, width, height) => {
    expect(readImageHeader(headers[name])).toEqual({ contentType, width, height })
  })

  test.each(["", "00", "3c68746d6c3e", "255044462d", "ffd8"])("knows nothing of %s", (hex) => {
    expect(readImageHeader(bytes(hex))).toBeNull()
  })

  test("never reads past the end of a file that is cut off, nor of any bytes", () => {
    for (const header of Object.values(headers)) {
      for (let length = 0; length < header.length; length += 1) readImageHeader(header.subarray(0, length))
    }
    const prefixes = fc.constantFrom("ffd8", "ffd8ffe0", "52494646", "89504e470d0a1a0a", "474946383961", "")
    fc.assert(
      fc.property(prefixes, fc.uint8Array({ maxLength: 64 }), (prefix, rest) => {
        const header = readImageHeader(Buffer.concat([bytes(prefix), rest]))
        expect(header === null || header.width === null || header.width > 0).toBe(true)
      }),
    )
  })
})
