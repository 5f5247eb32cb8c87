/** A request as the fake received it. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export type FakeAnswer = (request: SentRequest, signal: AbortSignal) => Response | Promise<Response>

/** A `fetch` that plays answers in order, the last one for ever, and remembers what was sent. */
export function fakeFetch(...answers: FakeAnswer[]): { readonly fetch: typeof fetch; readonly sent: SentRequest[] } {
  const sent: SentRequest[] = []
  return {
    sent,
    fetch: async (input, init) => {
      const { method = "GET", headers, body, signal } = init ?? {}
      const request = {
        method,
        url: String(input),
        headers: Object.fromEntries(new Headers(headers)),
        body: typeof body === "string" ? JSON.parse(body) : undefined,
      }
      sent.push(request)
      const answer = answers[Math.min(sent.length, answers.length) - 1]
      if (!answer) throw new Error("no answer was scripted")
      return answer(request, signal ?? new AbortController().signal)
    },
  }
}

export const ok =
  (body: unknown, status = 200): FakeAnswer =>
  () =>
    Response.json(body, { status })

export const problem =
  (status: number, code: string, headers: Record<string, string> = {}): FakeAnswer =>
  () =>
    Response.json(
      {
        type: `/problems/${code}`,
        code,
        title: "Title",
        status,
        detail: "Detail.",
        instance: "/v1/jobs",
        requestId: "req_1",
        retryable: status >= 429,
        errors: [],
      },
      { status, headers: { "content-type": "application/problem+json", ...headers } },
    )

export const page =
  (status: number, text: string, headers: Record<string, string> = {}): FakeAnswer =>
  () =>
    new Response(text, { status, headers: { "content-type": "text/html", ...headers } })

/** What undici throws when nobody listens. */
export const refused: FakeAnswer = () => {
  throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:3000") })
}

/** No answer until the caller gives up. */
export const silence: FakeAnswer = (_request, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason))
  })
