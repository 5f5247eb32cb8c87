import { type Dispatcher, MockAgent } from "undici"
import { z } from "zod"
import { type AnswerFixture, bodyText } from "./fixtures.ts"

export interface SentRequest {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  /** The JSON that was sent, null without a body. */
  readonly body: Record<string, unknown> | null
}

export interface MockDispatcher {
  readonly dispatcher: Dispatcher
  readonly requests: readonly SentRequest[]
}

const sentHeaders = z.record(z.string(), z.string())
const sentBody = z.record(z.string(), z.unknown()).nullable()

/** Answers every request to `origin` with the fixture and keeps what was sent. Anything else is refused. */
export function answeringWith(fixture: AnswerFixture, origin = "http://provider.test"): MockDispatcher {
  const requests: SentRequest[] = []
  const dispatcher = new MockAgent()
  dispatcher.disableNetConnect()
  dispatcher
    .get(origin)
    .intercept({ path: () => true, method: () => true })
    .reply((options) => {
      requests.push({
        method: options.method,
        path: options.path,
        headers: sentHeaders.parse(options.headers),
        body: sentBody.parse(typeof options.body === "string" ? JSON.parse(options.body) : null),
      })
      return { statusCode: fixture.status, data: bodyText(fixture), responseOptions: { headers: fixture.headers } }
    })
    .persist()
  return { dispatcher, requests }
}
