import { Problem } from "../../problems/problem.ts"

export function malformedJson(detail: string): Problem {
  return new Problem({ code: "malformed_json", detail })
}

export function unsupportedMediaType(detail: string): Problem {
  return new Problem({ code: "unsupported_media_type", detail })
}

export function bodyTooLarge(maxBytes: number): Problem {
  const detail = `The body, also when it is unpacked, may have at most ${maxBytes} bytes.`
  return new Problem({ code: "payload_too_large", detail })
}
