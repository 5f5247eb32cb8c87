import type { Clock, WebhookAnswer, WebhookSender } from "@sluice/core"
import { Agent } from "undici"
import type { WebhookPolicy } from "../guard/webhook-policy.ts"
import { createGuardedConnector } from "./guarded-connector.ts"
import type { HostResolver } from "./resolve-host.ts"
import { sendWebhook } from "./send-webhook.ts"
import { createSystemResolver } from "./system-resolver.ts"

export interface WebhookSenderOptions {
  /** A function where it may change, e.g. when the configuration is loaded anew. */
  readonly policy: WebhookPolicy | (() => WebhookPolicy)
  /** Default: the system's name servers. */
  readonly resolver?: HostResolver
  /** How many connections a receiver's origin may take; what is more waits its turn. Default 50. */
  readonly maxConnectionsPerOrigin?: number
  /** Until a connection stands, name and TLS included. Default 10 s. */
  readonly connectTimeoutMs?: number
  /** Certificate authorities to trust instead of the usual ones, in PEM. */
  readonly ca?: string
  readonly clock?: Clock
}

const closed: WebhookAnswer = {
  kind: "unanswered",
  reason: "network",
  message: "Nothing was sent: the sender is shutting down.",
  durationMs: 0,
}

/** Idle connections are kept for bursts. */
const keepAliveMs = 4_000
/** However long a receiver says it keeps them. */
const maxKeepAliveMs = 10_000
/** Then a busy connection gives way to a new one, which resolves and checks its host anew. */
const connectionLifeMs = 60_000

/**
 * Sends webhooks over HTTP/1.1, each origin over connections of its own, and only to addresses that the policy allows: they
 * are checked when a connection is made, which then goes to the checked address. Redirects are not followed.
 */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { policy, connectTimeoutMs = 10_000, clock = () => new Date() } = options
  const currentPolicy = typeof policy === "function" ? policy : () => policy
  const connect = createGuardedConnector({
    policy: currentPolicy,
    resolver: options.resolver ?? createSystemResolver(),
    timeoutMs: connectTimeoutMs,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  })
  const agent = new Agent({
    allowH2: false,
    connect,
    connections: options.maxConnectionsPerOrigin ?? 50,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: maxKeepAliveMs,
    clientTtl: connectionLifeMs,
    maxHeaderSize: 16_384,
    // The time-out of the whole request is exact, and covers these.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const sending = new Set<Promise<WebhookAnswer>>()
  let closing: Promise<void> | null = null
  return {
    send: (request, signal) => {
      if (closing !== null) return Promise.resolve(closed)
      const attempt = sendWebhook(request, { dispatcher: agent, policy: currentPolicy(), clock, signal })
      const forget = (): boolean => sending.delete(attempt)
      sending.add(attempt)
      attempt.then(forget, forget)
      return attempt
    },
    close: () => {
      // The agent's own closing would wait for connections that nobody waits for any more.
      closing ??= Promise.allSettled(sending).then(() => agent.destroy())
      return closing
    },
  }
}
