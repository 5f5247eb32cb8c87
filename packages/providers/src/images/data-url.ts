import { Buffer } from "node:buffer"

export interface DataUrl {
  readonly contentType: string
  /** As it stands in the URL. */
  readonly base64: string
}

const form = /^data:([a-z]+\/[a-z0-9.+-]+)(?:;[^,;]*)*;base64,/i

/** The parts of a `data:` URL with base64 content (RFC 2397), or null for any other URL. */
export function parseDataUrl(url: string): DataUrl | null {
  const [prefix, contentType] = form.exec(url) ?? []
  if (prefix === undefined || contentType === undefined) return null
  return { contentType: contentType.toLowerCase(), base64: url.slice(prefix.length) }
}

const base64 = /^[A-Za-z0-9+/_-]+={0,2}$/

/** The bytes of base64 or base64url text, or null when it is neither. */
export function decodeBase64(text: string): Buffer | null {
  return base64.test(text) ? Buffer.from(text, "base64") : null
}
