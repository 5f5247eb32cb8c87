import { canaryWorkOf, type Kind, parseWork, type RouteConfig, type Work } from "@sluice/core"

const smallest: Readonly<Record<Kind, unknown>> = {
  chat: { messages: [{ role: "user", content: "Say ok" }], maxOutputTokens: 16 },
  embedding: { texts: ["ok"] },
  image: { prompt: "A grey square" },
  custom: {},
}

/** What an endpoint is asked to see whether it answers: its route's canary, or the smallest input of its kind. */
export function testWorkOf(route: Pick<RouteConfig, "kind" | "canary"> | undefined): Work {
  const own = route && canaryWorkOf(route)
  const kind = route?.kind ?? "chat"
  return own ?? parseWork(kind, smallest[kind])
}
