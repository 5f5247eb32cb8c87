import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { buffer } from "node:stream/consumers"
import { verifyEvent, WebhookVerificationError } from "@sluice/client"
import { parseWebhookSecret, WebhookSecretError } from "@sluice/core"
import { UsageError } from "../../errors/usage-error.ts"
import { forwardEvent } from "./forward-event.ts"
import type { Receipt } from "./receipt.ts"

export interface ReceiverOptions {
  /** On 127.0.0.1; 0 takes any. */
  readonly port: number
  readonly secret: string
  /** Where verified events go on to. */
  readonly forward: string | null
  readonly fetch: typeof fetch
  readonly now: () => number
  readonly onReceipt: (receipt: Receipt) => void
}

export interface Receiver {
  readonly url: string
  close(): Promise<void>
}

/** Listens for webhooks: answers 400 to what is not signed with the secret, else 200, or as the address answers that it forwards to. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  assertSecret(options.secret)
  const server = createServer((request, response) => void receive(options, request, response))
  try {
    server.listen(options.port, "127.0.0.1")
    await once(server, "listening")
  } catch (error) {
    throw new UsageError(
      `Port ${options.port} of 127.0.0.1 cannot be had (${error instanceof Error ? error.message : error}). Give another --port.`,
    )
  }
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : options.port
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

function assertSecret(secret: string): void {
  try {
    parseWebhookSecret(secret)
  } catch (error) {
    throw error instanceof WebhookSecretError ? new UsageError(error.message) : error
  }
}

async function receive(options: ReceiverOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = (await buffer(request)).toString()
    const receipt = await readReceipt(options, request, body)
    options.onReceipt(receipt)
    response.statusCode = receipt.kind === "event" ? (receipt.forwarded?.status ?? 200) : 400
    response.setHeader("content-type", "text/plain; charset=utf-8")
    response.end(receipt.kind === "event" ? "" : receipt.message)
  } catch {
    // The sender has gone: it will try again.
    response.destroy()
  }
}

async function readReceipt(options: ReceiverOptions, { headers }: IncomingMessage, body: string): Promise<Receipt> {
  const { secret, forward, fetch, now } = options
  try {
    const event = await verifyEvent({ headers, body, secret, now })
    const forwarded = forward === null ? null : await forwardEvent({ url: forward, headers, body, fetch })
    return { kind: "event", event, body, forwarded }
  } catch (error) {
    if (error instanceof WebhookVerificationError || error instanceof SyntaxError) return { kind: "refused", message: error.message }
    throw error
  }
}
