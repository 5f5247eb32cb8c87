import { once } from "node:events"
import { createInterface } from "node:readline"
import { freePort } from "@sluice/devstack"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { type Installation, startInstallation } from "./support/installation.ts"
import { startCommand } from "./support/run-command.ts"

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
  await installation.startWorker()
})
afterAll(() => installation.close())

const sluice: Installation["sluice"] = (...request) => installation.sluice(...request)
const group = (...args: readonly string[]) => sluice(["webhooks", ...args])

/** `sluice listen`, and the lines that it has printed. */
async function listen(port: number, secret: string) {
  const { child, outcome } = startCommand({ args: ["listen", "--port", String(port), "--secret", secret] })
  const printed: string[] = []
  if (child.stdout) createInterface(child.stdout).on("line", (line) => printed.push(line))
  if (child.stderr) await once(createInterface(child.stderr), "line")
  return { child, outcome, printed }
}

test("a receiver is registered, tested, listened to with its secret, and removed", async () => {
  const port = await freePort()
  const added = await group("add", `http://127.0.0.1:${port}/`, "--events", "job.succeeded,job.failed", "--description", "laptop")
  expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whsec_\S+\n$/) })
  const [endpoint] = (await group("list", "--json")).json()
  expect(added.stderr).toContain(`secret of ${endpoint.id}`)
  expect((await group("list")).stdout).toMatch(
    new RegExp(`^${endpoint.id} +enabled +http://127.0.0.1:${port}/ +job.succeeded, job.failed +laptop$`, "m"),
  )

  const { printed } = await listen(port, added.stdout.trim())
  expect(await group("test", endpoint.id)).toMatchObject({ code: 0, stdout: expect.stringContaining("webhook.test") })
  await vi.waitFor(() => expect(printed.join("\n")).toMatch(/ webhook\.test {2}evt_/), { timeout: 20_000 })
  const { stdout } = await sluice(["submit", "chat", "-p", "Tell me", "--wait", "--json"])
  const { id } = JSON.parse(stdout)
  await vi.waitFor(() => expect(printed.join("\n")).toMatch(new RegExp(` job\\.succeeded {2}evt_\\S+ {2}${id} succeeded`)), {
    timeout: 20_000,
  })

  await vi.waitFor(
    async () => expect((await group("deliveries", endpoint.id)).stdout).toMatch(/^\S+ +delivered +job\.succeeded +1 +200 /m),
    { timeout: 20_000 },
  )
  const [delivery] = (await group("deliveries", endpoint.id, "--json")).json()
  expect(await group("redeliver", endpoint.id, delivery.id)).toMatchObject({ code: 0 })
  await vi.waitFor(() => expect(printed.filter((line) => line.includes(delivery.eventId)).length).toBe(2), { timeout: 20_000 })

  expect(await group("recover", endpoint.id, "--since", "1h")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("completed: 0 put back"),
  })
  expect(await group("remove", endpoint.id)).toMatchObject({ code: 0 })
  expect(await group("list")).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("No receiver is registered") })
})

test("a rotated secret is accepted at once; a wrong one is told", async () => {
  const port = await freePort()
  const added = await group("add", `http://127.0.0.1:${port}/`)
  const [endpoint] = (await group("list", "--json")).json()
  const rotated = await group("rotate-secret", endpoint.id, "--overlap", "1ms")
  expect(rotated.stdout).toMatch(/^whsec_\S+\n$/)
  const receiver = await listen(port, added.stdout.trim())
  await group("test", endpoint.id)
  await vi.waitFor(() => expect(receiver.printed.join("\n")).toContain("the secret is wrong"), { timeout: 20_000 })
  receiver.child.kill("SIGTERM")
  await receiver.outcome
  const { printed } = await listen(port, rotated.stdout.trim())
  await group("test", endpoint.id)
  await vi.waitFor(() => expect(printed.join("\n")).toContain("webhook.test"), { timeout: 20_000 })
})

test("the tenant's default secret is shown once, when it is rotated", async () => {
  expect(await group("rotate-secret")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whsec_\S+\n$/) })
})

test("an address that nobody may send to is refused in words", async () => {
  const { code, stderr } = await group("add", "http://192.168.1.1/hooks")
  expect(stderr).toMatch(/^ {2}#\/url {2}\S/m)
  expect(code).toBe(1)
})
