import { type Client, type ClientOptions, createClient } from "../create-client.ts"
import { type FakeAnswer, fakeFetch, type SentRequest } from "./fake-fetch.ts"

export interface TestClient {
  readonly client: Client
  readonly sent: SentRequest[]
  /** The waits between requests, in milliseconds. */
  readonly slept: number[]
}

/** A client over scripted answers, whose waits take no time and move its clock. */
export function testClient(answers: readonly FakeAnswer[], options: Partial<ClientOptions> = {}): TestClient {
  const { fetch, sent } = fakeFetch(...answers)
  const slept: number[] = []
  let now = Date.parse("2026-11-21T12:00:00.000Z")
  let keys = 0
  const client = createClient({
    baseUrl: "http://api.test/base/",
    apiKey: "sk_test",
    fetch,
    random: () => 0.5,
    now: () => now,
    newIdempotencyKey: () => `key-${++keys}`,
    sleep: (ms, signal) => {
      signal.throwIfAborted()
      slept.push(ms)
      now += ms
      return Promise.resolve()
    },
    ...options,
  })
  return { client, sent, slept }
}
