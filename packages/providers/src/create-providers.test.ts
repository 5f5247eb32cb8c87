import { providerNames } from "@sluice/core"
import { expect, test } from "vitest"
import { createProviders } from "./create-providers.ts"
import { readAnswerFixture } from "./testing/fixtures.ts"
import { answeringWith } from "./testing/mock-dispatcher.ts"
import { sampleCall } from "./testing/sample-call.ts"

test("has every provider that the configuration knows", async () => {
  const providers = createProviders()
  for (const name of providerNames) {
    const provider = providers.get(name)
    expect(provider.supports("chat")).toBe(true)
    expect(providers.get(name)).toBe(provider)
  }
  await providers.close()
  await providers.close()
})

test("uses a dispatcher that it is given, and leaves it open", async () => {
  const { dispatcher, requests } = answeringWith(readAnswerFixture(new URL("./openai/fixtures/chat-completion.json", import.meta.url)))
  const providers = createProviders({ dispatcher })
  await providers.close()
  await providers.get("openai").generate(sampleCall({ provider: "openai" }))
  expect(requests).toHaveLength(1)
})

test("after its end a call fails as the network would", async () => {
  const providers = createProviders()
  await providers.close()
  const call = sampleCall({ provider: "openai", endpoint: { baseUrl: "http://127.0.0.1:9" } })
  await expect(providers.get("openai").generate(call)).rejects.toMatchObject({
    type: "network",
    message: "test-eu: the connection pool is closed.",
  })
})
