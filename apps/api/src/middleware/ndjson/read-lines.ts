import type { IncomingMessage } from "node:http"
import { Problem } from "../../problems/problem.ts"
import { malformedJson, unsupportedMediaType } from "../json-body/body-problems.ts"
import { BodyCutOffError } from "../json-body/collect-body.ts"
import { contentCodingOf } from "../json-body/content-coding.ts"

export interface ReadLinesOptions {
  readonly maxLineBytes?: number
}

const newline = 0x0a
export const defaultMaxLineBytes = 8 * 1024 * 1024

/** Whether a request says that its body is NDJSON, one JSON value a line. */
export function isNdjson({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return /^application\/x-ndjson\s*(?:;|$)/i.test(headers["content-type"] ?? "")
}

/** A line as it came, without its end; null bytes for one that is longer than it may be. The first is 1. */
export interface RawLine {
  readonly line: number
  readonly bytes: Buffer | null
}

/**
 * The lines of a body as they come, however long the whole is: what has not been taken is not read. Of a line that is too long
 * no more is kept than its number. Throws `unsupported_media_type` for a body that is packed.
 */
export async function* readRawLines(
  request: IncomingMessage,
  { maxLineBytes = defaultMaxLineBytes }: ReadLinesOptions = {},
): AsyncGenerator<RawLine> {
  if (contentCodingOf(request.headers["content-encoding"]) !== "identity") {
    throw unsupportedMediaType("NDJSON is read as it comes, so that it cannot be packed. Send it without Content-Encoding.")
  }
  let line = 1
  let begun: Buffer[] = []
  let bytes = 0
  const take = (piece: Buffer) => {
    bytes += piece.length
    if (bytes > maxLineBytes) begun = []
    else begun.push(piece)
  }
  const complete = (): RawLine => {
    const whole = { line, bytes: bytes > maxLineBytes ? null : Buffer.concat(begun) }
    begun = []
    bytes = 0
    line += 1
    return whole
  }
  for await (const chunk of chunksOf(request)) {
    let from = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      take(chunk.subarray(from, end))
      yield complete()
      from = end + 1
    }
    take(chunk.subarray(from))
  }
  if (bytes > 0) yield complete()
}

/** The same as text. Throws `payload_too_large` when a line is too long, and `malformed_json` when one is no UTF-8. */
export async function* readLines(request: IncomingMessage, options: ReadLinesOptions = {}): AsyncGenerator<string> {
  for await (const { line, bytes } of readRawLines(request, options)) {
    if (bytes === null) throw lineTooLong(line, options.maxLineBytes ?? defaultMaxLineBytes)
    yield decode(bytes, line)
  }
}

/** Leaves the request as it is when the reader stops early: the answer still has to go out on its connection. */
async function* chunksOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk
  } catch (cause) {
    throw new BodyCutOffError({ cause })
  }
}

function decode(bytes: Buffer, line: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    throw malformedJson(`Line ${line} is not valid UTF-8.`)
  }
}

function lineTooLong(line: number, maxLineBytes: number): Problem {
  return new Problem({
    code: "payload_too_large",
    detail: `Line ${line} is longer than ${maxLineBytes} bytes, the most that one may have.`,
  })
}
