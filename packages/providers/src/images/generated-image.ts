import type { Buffer } from "node:buffer"
import type { GeneratedImage } from "@sluice/core"
import type { Dispatcher } from "undici"
import { headerOf } from "../headers/response-headers.ts"
import { type ExchangeLimits, exchangeHttp } from "../transport/http-exchange.ts"
import { CallError } from "../wire/call-error.ts"
import { decodeBase64, parseDataUrl } from "./data-url.ts"
import { readImageHeader } from "./image-header.ts"

export interface ImageSource {
  readonly bytes: Buffer
  /** What the provider says it is, where the bytes do not show it. */
  readonly contentType: string | null
  /** What was asked for, e.g. `1024x1024`, where the bytes do not show it. */
  readonly requestedSize: string | undefined
}

/** A picture with its true type and size. Throws `CallError` `malformed_response` for bytes that are none. */
export function generatedImage({ bytes, contentType, requestedSize }: ImageSource): GeneratedImage {
  const header = readImageHeader(bytes)
  const [width, height] = (requestedSize ?? "").split("x").map(Number)
  const type = header?.contentType ?? (contentType?.startsWith("image/") ? contentType : null)
  if (type === null) throw new CallError({ type: "malformed_response", message: "the answer's picture is no image that is known here." })
  return {
    bytes,
    contentType: type,
    width: header?.width ?? (width || null),
    height: header?.height ?? (height || null),
  }
}

/** A picture given as base64. Throws `CallError` `malformed_response`. */
export function imageFromBase64(base64: string, requestedSize: string | undefined): GeneratedImage {
  const bytes = decodeBase64(base64)
  if (bytes === null) throw new CallError({ type: "malformed_response", message: "the answer's picture is not valid base64." })
  return generatedImage({ bytes, contentType: null, requestedSize })
}

export interface LinkedImage {
  readonly url: string
  readonly requestedSize: string | undefined
  /** Should follow redirects, which image stores use. */
  readonly dispatcher: Dispatcher
  readonly limits: ExchangeLimits
}

/**
 * A picture that the provider gave as a link, fetched at once, since such links expire; without the credential, which is
 * not for that host. Throws `CallError` `malformed_response` for a link that does not lead to a picture.
 */
export async function imageFromUrl({ url, requestedSize, dispatcher, limits }: LinkedImage): Promise<GeneratedImage> {
  const data = parseDataUrl(url)
  if (data !== null) return imageFromBase64(data.base64, requestedSize)
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new CallError({ type: "malformed_response", message: "the answer's picture has no usable link." })
  }
  const response = await exchangeHttp(dispatcher, { method: "GET", url: new URL(url), headers: {}, body: null }, limits)
  if (response.status !== 200) {
    throw new CallError({ type: "malformed_response", message: `the link to the picture answers HTTP ${response.status}.` })
  }
  const contentType = headerOf(response.headers, "content-type")?.split(";")[0]?.trim() ?? null
  return generatedImage({ bytes: response.body, contentType, requestedSize })
}
