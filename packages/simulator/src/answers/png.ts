import { crc32, deflateSync } from "node:zlib"

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const MAX_CACHED_SIZES = 32
const pixelsBySize = new Map<string, Buffer>()

export interface ImageSpec {
  readonly width: number
  readonly height: number
  /** Six hexadecimal digits: rrggbb. */
  readonly colour: string
}

/**
 * A real PNG of one colour in the size that was asked for. With one bit per pixel and a palette, 1024 x 1024 takes
 * about 200 bytes.
 */
export function encodePng({ width, height, colour }: ImageSpec): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(1, 8) // bits per pixel
  header.writeUInt8(3, 9) // pixels are indexes into a palette
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(colour, "hex")),
    chunk("IDAT", blankPixels(width, height)),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const typeAndData = Buffer.concat([Buffer.from(type, "latin1"), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(typeAndData))
  return Buffer.concat([length, typeAndData, checksum])
}

/** Compressed rows of zeros; only the palette tells one image from another of its size. */
function blankPixels(width: number, height: number): Buffer {
  const size = `${width}x${height}`
  const cached = pixelsBySize.get(size)
  if (cached !== undefined) return cached
  const bytesPerRow = 1 + Math.ceil(width / 8) // the first byte of a row names its filter
  const pixels = deflateSync(Buffer.alloc(bytesPerRow * height))
  if (pixelsBySize.size < MAX_CACHED_SIZES) pixelsBySize.set(size, pixels)
  return pixels
}
