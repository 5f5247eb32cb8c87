import { once } from "node:events"
import { createServer, type ServerResponse } from "node:http"
import type { Registry } from "@prometheus-io/client"

export interface ServedReadiness {
  check(): Promise<{
    readonly ok: boolean
    readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly latencyMs: number | null }>>
  }>
}

export interface StartMetricsServerOptions {
  readonly registry: Registry
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly readiness: ServedReadiness
}

export interface MetricsServer {
  readonly port: number
  close(): Promise<void>
}

/**
 * `/metrics`, `/health/live` and `/health/ready` on a port of their own, which only the inside of an installation can reach, and so
 * without a key. Rejects with an `Error` that says what to do when the address cannot be had.
 */
export async function startMetricsServer({ registry, host, port, readiness }: StartMetricsServerOptions): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    answer(request.url ?? "/", response, { registry, readiness }).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    )
  })
  server.on("connection", (socket) => socket.setTimeout(30_000, () => socket.destroy()))
  try {
    server.listen({ host, port })
    await once(server, "listening")
  } catch (error) {
    throw new Error(`Metrics cannot be served on ${host}, port ${port}: set METRICS_PORT to a free port.`, { cause: error })
  }
  const address = server.address()
  return {
    port: address !== null && typeof address === "object" ? address.port : port,
    async close() {
      const closed = once(server, "close")
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  url: string,
  response: ServerResponse,
  { registry, readiness }: Pick<StartMetricsServerOptions, "registry" | "readiness">,
): Promise<void> {
  switch (url.split("?", 1)[0]) {
    case "/metrics":
      return send(response, { status: 200, type: registry.contentType, body: await registry.metrics() })
    case "/health/live":
      return send(response, { status: 200, type: "application/json", body: JSON.stringify({ status: "live" }) })
    case "/health/ready": {
      const result = await readiness.check()
      return send(response, { status: result.ok ? 200 : 503, type: "application/json", body: JSON.stringify(result) })
    }
    default:
      return send(response, { status: 404, type: "text/plain", body: "There are /metrics, /health/live and /health/ready here.\n" })
  }
}

function send(
  response: ServerResponse,
  { status, type, body }: { readonly status: number; readonly type: string; readonly body: string },
): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body)
}
