import type { IncomingHttpHeaders } from "node:http"
import type { Forwarded } from "./receipt.ts"

export interface ForwardRequest {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly fetch: typeof fetch
}

/** As long as Sluice itself waits for a receiver. */
const timeoutMs = 15_000
const ofTheEvent = /^(?:webhook-.*|content-type|user-agent)$/

/** Sends the event on as it came, so that the receiver can verify it too. */
export async function forwardEvent({ url, headers, body, fetch }: ForwardRequest): Promise<Forwarded> {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    ofTheEvent.test(name) && typeof value === "string" ? [[name, value]] : [],
  )
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const { status } = await fetch(url, { method: "POST", headers: Object.fromEntries(kept), body, signal, redirect: "manual" })
    return { status, message: `${url} answered ${status}` }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { status: 502, message: `${url} did not answer: ${cause instanceof Error ? cause.message : String(cause)}` }
  }
}
