import { AsyncLocalStorage } from "node:async_hooks"
import type { Dispatcher } from "undici"
import { type ExchangeLimits, exchangeHttp, type HttpResponse } from "./http-exchange.ts"

/** The part of `fetch` that a vendor's SDK uses to send JSON. */
type SdkFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

export interface SdkExchange {
  /** To be given to the SDK as its `fetch`. */
  readonly fetch: SdkFetch
  /** Runs one call of the SDK and returns the answer that came over the wire, whatever its status. */
  send(limits: ExchangeLimits, call: () => Promise<unknown>): Promise<HttpResponse>
}

interface Exchange {
  readonly limits: ExchangeLimits
  response: HttpResponse | null
  failure: unknown
}

/**
 * Lets a vendor's SDK build and address the request while the exchange stays ours. The answer goes past the SDK: it would
 * keep only what its own error classes and parsers have room for (an error in an array, the cause of a time-out are lost),
 * and web streams double the cost of a call. The limits of a call travel beside it, in asynchronous context, because the
 * SDK's client is shared by many calls.
 */
export function createSdkExchange(dispatcher: Dispatcher): SdkExchange {
  const exchanges = new AsyncLocalStorage<Exchange>()
  return {
    fetch: async (input, init) => {
      const exchange = exchanges.getStore()
      if (exchange === undefined) throw new Error("The SDK made a request that is not part of a call.")
      try {
        exchange.response = await exchangeHttp(dispatcher, requestOf(input, init), exchange.limits)
      } catch (error) {
        exchange.failure = error
        throw error
      }
      return new Response(null)
    },
    send: async (limits, call) => {
      const exchange: Exchange = { limits, response: null, failure: null }
      try {
        await exchanges.run(exchange, call)
      } catch (error) {
        throw exchange.failure ?? error
      }
      if (exchange.response === null) throw new Error("The SDK made no request.")
      return exchange.response
    },
  }
}

function requestOf(input: string | URL | Request, init: RequestInit | undefined): Parameters<typeof exchangeHttp>[1] {
  const body = init?.body ?? null
  if (body !== null && typeof body !== "string") throw new TypeError("The SDK sent a body that is not text.")
  return {
    method: init?.method === "GET" ? "GET" : "POST",
    url: input instanceof Request ? input.url : String(input),
    headers: Object.fromEntries(init?.headers instanceof Headers ? init.headers : new Headers(init?.headers)),
    body,
  }
}
