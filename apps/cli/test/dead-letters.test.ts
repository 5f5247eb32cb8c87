import { createClient } from "@sluice/client"
import { deadLetterResource, queueResource, replayResource } from "@sluice/core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Installation, startInstallation } from "./support/installation.ts"

const count = 12

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
  await installation.startWorker()
})
afterAll(() => installation.close())

const sluice: Installation["sluice"] = (...request) => installation.sluice(...request)
const group = (...args: readonly string[]) => sluice(["dead-letters", ...args])

/** Jobs that fail for good, since the provider filters whatever it is asked. */
async function failJobs(howMany: number, metadata: Record<string, string>): Promise<void> {
  const { jobs } = createClient({ baseUrl: installation.url, apiKey: installation.environment.SLUICE_API_KEY ?? "" })
  const request = { route: "chat", input: { messages: [{ role: "user", content: "x" }] }, metadata }
  installation.simulator.configure({ faults: { rates: { content_filter: 1 } } })
  await Promise.all(Array.from({ length: howMany }, async () => await jobs.wait((await jobs.submit(request)).id)))
  installation.simulator.configure({ profile: "healthy" })
}

test("dead letters are counted, listed, shown, and replayed once somebody says so", async () => {
  await failJobs(count, { replayed: "yes" })
  expect(await group("summary")).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(`^ +${count} +content_filter$`, "m")) })
  const listed = (await group("list", "--metadata", "replayed=yes", "--limit", "50", "--json")).json()
  expect(listed.map((letter) => deadLetterResource.parse(letter).state)).toEqual(Array(count).fill("open"))
  const { id, jobId } = listed[0]
  expect((await group("list", "--error-type", "content_filter")).stdout).toMatch(
    new RegExp(`^${id} +open +\\S.* +chat +sim-eu +content_filter: `, "m"),
  )
  expect((await group("show", id)).stdout).toMatch(new RegExp(`^ +of +${jobId}$`, "m"))

  const choice = ["replay", "--metadata", "replayed=yes"]
  expect(await group(...choice, "--dry-run")).toMatchObject({ code: 0, stdout: `${count} dead letters would be replayed.\n` })
  expect(await group(...choice)).toMatchObject({ code: 2, stderr: expect.stringContaining("Add --yes") })
  expect((await group("list", "--state", "open", "--json")).json().length).toBe(count)

  const replayed = await group(...choice, "--yes", "--per-second", "200")
  expect(replayed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^rpl_\S+ completed: 12 of 12 requeued, 12 succeeded\n$/) })
  expect((await group("show", id)).stdout).toMatch(/^ +replayed +as run 2 by rpl_\S+: succeeded$/m)
  expect(await sluice(["watch", jobId])).toMatchObject({ code: 0, stdout: "Echo: x\n" })
  const [replay] = (await sluice(["replays", "--json"])).json()
  expect(replayResource.parse(replay)).toMatchObject({ status: "completed", succeeded: count })
  expect((await sluice(["replays", "show", replay.id])).stdout).toMatch(/completed: 12 of 12/)
})

test("dead letters are discarded for a reason, which the audit log keeps", async () => {
  await failJobs(4, { discarded: "yes" })
  const discarded = await group("discard", "--metadata", "discarded=yes", "--reason", "of a broken release")
  expect(discarded).toMatchObject({ code: 0, stdout: "4 dead letters discarded.\n" })
  expect((await group("list", "--metadata", "discarded=yes", "--state", "open")).stderr).toBe("No dead letter matches.\n")
  expect((await sluice(["audit"])).stdout).toMatch(/^\S.*dead_letter.*discard.*of a broken release/m)
})

test("queues are listed, paused and resumed", async () => {
  expect((await sluice(["queues"])).stdout).toMatch(/^chat +runs +0 +0 +0 +-$/m)
  expect(await sluice(["queues", "pause", "chat"])).toMatchObject({ code: 0, stdout: "chat is paused\n" })
  expect((await sluice(["queues", "--json"])).json().map((queue) => queueResource.parse(queue))).toMatchObject([
    { name: "chat", paused: true },
    {},
  ])
  expect(await sluice(["queues", "resume", "chat"])).toMatchObject({ code: 0, stdout: "chat runs\n" })
})
