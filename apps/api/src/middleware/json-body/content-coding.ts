import { promisify } from "node:util"
import { brotliDecompress, gunzip, inflate } from "node:zlib"
import { bodyTooLarge, malformedJson, unsupportedMediaType } from "./body-problems.ts"

export type ContentCoding = "identity" | "gzip" | "deflate" | "br"

const decoders = { gzip: promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) }

/** Reads `Content-Encoding`; throws `unsupported_media_type` for codings that are not understood, or several at once. */
export function contentCodingOf(header: string | undefined): ContentCoding {
  const coding = (header ?? "identity").trim().toLowerCase()
  switch (coding) {
    case "":
    case "identity":
      return "identity"
    case "gzip":
    case "x-gzip":
      return "gzip"
    case "deflate":
    case "br":
      return coding
    default:
      throw unsupportedMediaType("The Content-Encoding is not supported. Use gzip, deflate, br or none, and only one of them.")
  }
}

/**
 * Unpacks a body. The unpacker stops at `maxBytes` of output, so that a small body cannot fill the memory; then it is
 * `payload_too_large`. Bytes that do not unpack are `malformed_json`.
 */
export async function decode(packed: Buffer, coding: ContentCoding, maxBytes: number): Promise<Buffer> {
  if (coding === "identity") return packed
  try {
    return await decoders[coding](packed, { maxOutputLength: maxBytes })
  } catch (error) {
    if (isTooLarge(error)) throw bodyTooLarge(maxBytes)
    throw malformedJson(`The body could not be unpacked as ${coding}: it is damaged, cut off, or packed in another way.`)
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE"
}
