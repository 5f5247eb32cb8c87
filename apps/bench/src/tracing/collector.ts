import { once } from "node:events"
import { createServer } from "node:http"
import { buffer } from "node:stream/consumers"

export interface Collector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string
  spans(): number
  close(): Promise<void>
}

/** Of an OTLP request in protobuf: `resource_spans` (1) hold `scope_spans` (2), which hold `spans` (2). */
const pathToSpans = [1, 2, 2]
const lengthDelimited = 2

/** Takes spans in the encoding that is the default, and does nothing with them but to count. */
export async function startCollector(): Promise<Collector> {
  let spans = 0
  const server = createServer(async (request, response) => {
    spans += countFields(await buffer(request), pathToSpans)
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    spans: () => spans,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}

/** How many messages there are at the end of a path of field numbers, all of which are messages themselves. */
function countFields(message: Buffer, [field, ...rest]: readonly number[]): number {
  if (field === undefined) return 1
  let count = 0
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at)
    if ((tag.value & 7) !== lengthDelimited) throw new Error("Only fields with a length were expected here")
    const length = readVarint(message, tag.end)
    const end = length.end + length.value
    if (tag.value >> 3 === field) count += countFields(message.subarray(length.end, end), rest)
    at = end
  }
  return count
}

function readVarint(message: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0
  for (let at = start, shift = 0; ; at += 1, shift += 7) {
    const byte = message[at] ?? 0
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return { value, end: at + 1 }
  }
}
