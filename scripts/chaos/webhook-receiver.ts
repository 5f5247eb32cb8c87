import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import { text } from "node:stream/consumers"
import { jobResource } from "../../packages/core/src/index.ts"
import type { Releasers } from "../../packages/runtime/src/index.ts"
import type { Receipt } from "./evidence.ts"

export interface WebhookReceiver {
  readonly url: string
  /** What was received and acknowledged. */
  receipts(): readonly Receipt[]
}

/** Every so many requests are turned away, so that deliveries have to be repeated without any other harm too. */
const refusedOneIn = 7

/** Receives webhooks as a customer's server would that is overloaded now and then. */
export async function startWebhookReceiver({ releasers }: { readonly releasers: Releasers }): Promise<WebhookReceiver> {
  const receipts: Receipt[] = []
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    if (requests % refusedOneIn === 0) return void response.writeHead(503).end()
    readReceipt(request).then(
      (receipt) => {
        receipts.push(receipt)
        response.writeHead(204).end()
      },
      () => response.writeHead(400).end(),
    )
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  releasers.push({
    name: "webhook receiver",
    release: () => {
      server.close()
      server.closeAllConnections()
    },
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The receiver of webhooks has no port")
  return { url: `http://127.0.0.1:${address.port}/hooks`, receipts: () => receipts }
}

async function readReceipt(request: IncomingMessage): Promise<Receipt> {
  const { id, type, data } = JSON.parse(await text(request)) as { id: string; type: string; data: unknown }
  if (request.headers["webhook-id"] !== id) throw new Error("The id of the header is not that of the body")
  const { id: jobId, status, run } = jobResource.parse(data)
  return { eventId: id, type, jobId, status, run }
}
