import type { Dispatcher } from "undici"
import { exchangeHttp, type HttpResponse } from "../transport/http-exchange.ts"
import { createAddressBook, type RequestBuilder } from "../transport/sdk-address.ts"
import type { RequestBody } from "./build-body.ts"
import { timeoutMsOf } from "./call-limits.ts"
import type { WireCall } from "./wire.ts"

/** Sends a body as JSON to where the vendor's SDK addresses it, and returns the answer, whatever its status. */
export type PostJson = (call: WireCall, request: JsonRequest) => Promise<HttpResponse>

export interface JsonRequest {
  readonly client: RequestBuilder
  readonly path: string
  readonly body: RequestBody
}

export function createPostJson(dispatcher: Dispatcher): PostJson {
  const addressOf = createAddressBook()
  return async ({ endpoint, idempotencyKey, limits }, { client, path, body }) => {
    const { url, headers } = await addressOf(client, { path, model: endpoint.model, timeoutMs: timeoutMsOf(endpoint) })
    const request = { method: "POST", url, headers: { ...headers, "idempotency-key": idempotencyKey }, body: JSON.stringify(body) } as const
    return await exchangeHttp(dispatcher, request, limits)
  }
}
