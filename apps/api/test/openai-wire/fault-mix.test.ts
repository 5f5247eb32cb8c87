import { expect, test } from "vitest"
import { useInstallation } from "./support/use-installation.ts"

const calls = 200
const atOnce = 25

const { installation } = await useInstallation({ simulator: { profile: "fault-mix", seed: 3, latency: { baseMs: 20, jitterMs: 20 } } })

test(`of ${calls} calls through a provider that fails in 15 of 100, without a retry of the client's, none fails`, async () => {
  const client = installation.client({ maxRetries: 0 })
  const failures: unknown[] = []
  let next = 0
  const caller = async () => {
    while (next < calls) {
      const index = next++
      try {
        const { choices } = await client.chat.completions.create({ model: "chat", messages: [{ role: "user", content: `Call ${index}` }] })
        expect(choices[0]?.message.content).toMatch(/./)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, caller))
  expect(failures).toEqual([])
  // It would prove nothing had the provider been in order.
  const { received, byFate } = installation.simulator.counters()
  expect(received - (byFate.ok ?? 0)).toBeGreaterThan(10)
}, 180_000)
