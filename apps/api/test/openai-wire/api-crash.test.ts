import type OpenAI from "openai"
import { expect, test } from "vitest"
import { useInstallation } from "./support/use-installation.ts"

const responses = 100

const { installation, client } = await useInstallation({ simulator: { latency: { baseMs: 400, jitterMs: 400 } } })

test(`the API is killed while ${responses} background responses run: all complete, and are found`, async () => {
  const accepted = await Promise.all(
    Array.from({ length: responses }, (_, index) =>
      client.responses.create({ model: "chat", input: `Response ${index}`, background: true }),
    ),
  )
  const watched = await client.responses.retrieve(accepted.at(-1)?.id ?? "", { stream: true })
  const broken = readAll(watched).then(
    () => null,
    (error: unknown) => error,
  )
  const statusesBefore = await Promise.all(accepted.map(async ({ id }) => (await client.responses.retrieve(id)).status))
  expect(statusesBefore).toContain("in_progress")
  await installation.crashApi()
  expect(await broken).not.toBeNull()

  const found = await Promise.all(accepted.map(({ id }) => ended(client, id)))
  expect(found.map(({ status, id, output_text: text }) => ({ status, id, hasText: text !== "" }))).toEqual(
    accepted.map(({ id }) => ({ status: "completed", id, hasText: true })),
  )
  // Each was asked once: nobody repeats what an API process leaves behind.
  expect(installation.simulator.counters().received).toBe(responses)
}, 120_000)

async function readAll(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of events);
}

async function ended(client: OpenAI, id: string): Promise<OpenAI.Responses.Response> {
  for (;;) {
    const response = await client.responses.retrieve(id)
    if (response.status !== "queued" && response.status !== "in_progress") return response
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
