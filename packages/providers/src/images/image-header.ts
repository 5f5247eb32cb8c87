import type { Buffer } from "node:buffer"

export interface ImageHeader {
  readonly contentType: string
  readonly width: number | null
  readonly height: number | null
}

/**
 * What the first bytes of a picture say of it: PNG, JPEG, WebP and GIF with their size. Null for anything else.
 */
export function readImageHeader(bytes: Buffer): ImageHeader | null {
  if (bytes.subarray(0, 8).equals(pngSignature)) return pngHeader(bytes)
  if (bytes.length > 3 && bytes.readUInt16BE(0) === 0xffd8) return { contentType: "image/jpeg", ...jpegSize(bytes) }
  const tag = bytes.toString("latin1", 0, 12)
  if (tag.startsWith("RIFF") && tag.endsWith("WEBP")) return { contentType: "image/webp", ...webpSize(bytes) }
  if (/^GIF8[79]a/.test(tag)) return { contentType: "image/gif", ...gifSize(bytes) }
  return null
}

interface Size {
  readonly width: number | null
  readonly height: number | null
}

const unknownSize: Size = { width: null, height: null }
const pngSignature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** PNG (ISO/IEC 15948), 11.2.2: IHDR comes first. */
function pngHeader(bytes: Buffer): ImageHeader {
  const size = bytes.length >= 24 ? sizeOf(bytes.readUInt32BE(16), bytes.readUInt32BE(20)) : unknownSize
  return { contentType: "image/png", ...size }
}

/** GIF89a, 18: the logical screen. */
function gifSize(bytes: Buffer): Size {
  return bytes.length >= 10 ? sizeOf(bytes.readUInt16LE(6), bytes.readUInt16LE(8)) : unknownSize
}

/** JPEG (ITU-T T.81), B.2.2: the frame header, found by walking over the segments before it. */
function jpegSize(bytes: Buffer): Size {
  let at = 2
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes.readUInt8(at + 1)
    if (isFrameHeader(marker)) return sizeOf(bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5))
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return unknownSize
}

/** SOF0 to SOF15, of which three numbers mean something else (DHT, JPG, DAC). */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/** WebP (RFC 9649): lossy, lossless and extended form keep the size in different places. */
function webpSize(bytes: Buffer): Size {
  if (bytes.length < 30) return unknownSize
  switch (bytes.toString("latin1", 12, 16)) {
    case "VP8 ":
      return sizeOf(bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff)
    case "VP8L": {
      const bits = bytes.readUInt32LE(21)
      return sizeOf((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
    }
    case "VP8X":
      return sizeOf(bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1)
    default:
      return unknownSize
  }
}

/** A size of zero is no size. */
function sizeOf(width: number, height: number): Size {
  return width > 0 && height > 0 ? { width, height } : unknownSize
}
