import { crc32, inflateSync } from "node:zlib"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { imagePath, MAX_IMAGE_SIDE, parseImagePath } from "./image-path.ts"
import { encodePng } from "./png.ts"

interface Chunk {
  type: string
  data: Buffer
}

/** Reads the chunks of a PNG and checks their checksums, as a viewer does. */
function readChunks(png: Buffer): Chunk[] {
  expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n")
  const chunks: Chunk[] = []
  let offset = 8
  while (offset < png.length) {
    const end = offset + 8 + png.readUInt32BE(offset)
    const typeAndData = png.subarray(offset + 4, end)
    expect(png.readUInt32BE(end)).toBe(crc32(typeAndData))
    chunks.push({ type: typeAndData.subarray(0, 4).toString("latin1"), data: typeAndData.subarray(4) })
    offset = end + 4
  }
  return chunks
}

describe("a PNG", () => {
  test("is sound, and has the size and the colour asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 }), (width, height) => {
        const [header, palette, pixels, end] = readChunks(encodePng({ width, height, colour: "0a64ff" }))
        expect([header?.type, palette?.type, pixels?.type, end?.type]).toEqual(["IHDR", "PLTE", "IDAT", "IEND"])
        expect([header?.data.readUInt32BE(0), header?.data.readUInt32BE(4)]).toEqual([width, height])
        expect([...(palette?.data ?? [])]).toEqual([10, 100, 255])
        expect(inflateSync(pixels?.data ?? Buffer.alloc(0))).toHaveLength(height * (1 + Math.ceil(width / 8)))
      }),
      { numRuns: 30 },
    )
  })

  test("is small even when the image is large", () => {
    expect(encodePng({ width: 1024, height: 1024, colour: "ffffff" }).length).toBeLessThan(400)
  })
})

describe("the path of an image", () => {
  test("says all about it", () => {
    const spec = { width: 512, height: 256, colour: "00ff7f" }
    expect(parseImagePath(imagePath(spec))).toEqual(spec)
  })

  test.each([
    `/__images/${MAX_IMAGE_SIDE + 1}x1-000000.png`,
    "/__images/0x1-000000.png",
    "/__images/1x1-00000g.png",
    "/__images/1x1-000000.jpg",
  ])("%s names none", (path) => {
    expect(parseImagePath(path)).toBeNull()
  })
})
