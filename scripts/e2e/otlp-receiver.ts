import { once } from "node:events"
import { createServer } from "node:http"
import { text } from "node:stream/consumers"
import { z } from "zod"

const value = z.object({
  stringValue: z.string().optional(),
  intValue: z.coerce.number().optional(),
  doubleValue: z.number().optional(),
  boolValue: z.boolean().optional(),
  arrayValue: z.object({ values: z.array(z.object({ stringValue: z.string() })) }).optional(),
})
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, plain(value)])))
const time = z.union([z.string(), z.number()]).transform((nanoseconds) => Number(BigInt(nanoseconds) / 1_000_000n))
const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: time,
  endTimeUnixNano: time,
  attributes,
  events: z.array(z.object({ name: z.string(), attributes })).default([]),
  status: z.object({ code: z.number().optional() }).optional(),
})
const request = z.object({
  resourceSpans: z.array(z.object({ resource: z.object({ attributes }), scopeSpans: z.array(z.object({ spans: z.array(span) })) })),
})

type Plain = string | number | boolean | readonly string[] | undefined

function plain({ stringValue, intValue, doubleValue, boolValue, arrayValue }: z.infer<typeof value>): Plain {
  return stringValue ?? intValue ?? doubleValue ?? boolValue ?? arrayValue?.values.map((item) => item.stringValue)
}

export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  /** Null: it begins the trace. */
  readonly parentId: string | null
  readonly name: string
  readonly kind: "internal" | "server" | "client" | "producer" | "consumer"
  /** The process that sent it: `service.name`. */
  readonly service: Plain
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, Plain>>
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, Plain>> }[]
  readonly failed: boolean
}

export interface OtlpReceiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string
  /** What makes processes send here, soon, in the encoding that this reads. */
  readonly environment: Readonly<Record<string, string>>
  readonly spans: readonly ReceivedSpan[]
  /** All that was sent, as text. */
  raw(): string
  close(): Promise<void>
}

const kinds = ["internal", "internal", "server", "client", "producer", "consumer"] as const
const failedStatus = 2

/** A collector on this machine, for OTLP over HTTP in JSON. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const bodies: string[] = []
  const server = createServer(async (incoming, response) => {
    const body = await text(incoming)
    bodies.push(body)
    spans.push(...spansIn(body))
    response.writeHead(200, { "content-type": "application/json" }).end("{}")
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`
  return {
    url,
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", OTEL_BSP_SCHEDULE_DELAY: "100" },
    spans,
    raw: () => bodies.join("\n"),
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}

function spansIn(body: string): readonly ReceivedSpan[] {
  return request.parse(JSON.parse(body)).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map((sent) => ({
        traceId: sent.traceId,
        spanId: sent.spanId,
        parentId: sent.parentSpanId || null,
        name: sent.name,
        kind: kinds[sent.kind] ?? "internal",
        service: resource.attributes["service.name"],
        startMs: sent.startTimeUnixNano,
        endMs: sent.endTimeUnixNano,
        attributes: sent.attributes,
        events: sent.events,
        failed: sent.status?.code === failedStatus,
      })),
    ),
  )
}
