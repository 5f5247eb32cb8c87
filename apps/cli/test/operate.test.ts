import { drillResource, endpointResource, routeResource } from "@sluice/core"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { type Installation, startInstallation } from "./support/installation.ts"

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
  await installation.startWorker()
})
afterAll(() => installation.close())

const sluice: Installation["sluice"] = (...request) => installation.sluice(...request)

test("routes shows the tiers, and which route is paused; a paused route's jobs wait", async () => {
  const shown = await sluice(["routes"])
  expect(shown.stdout).toMatch(/^chat +chat +runs +primary: sim-eu; static$/m)
  expect(await sluice(["routes", "pause", "chat"])).toMatchObject({ code: 0, stdout: "chat is paused; its jobs wait\n" })
  expect((await sluice(["routes"])).stdout).toMatch(/^chat +chat +paused .* by \S+ +primary/m)
  const { stdout } = await sluice(["submit", "chat", "-p", "Patience"])
  const waiting = await sluice(["watch", stdout.trim(), "--timeout", "2s"])
  expect(waiting).toMatchObject({ code: 4, stdout: "" })
  expect(waiting.stderr).toContain(`It goes on: sluice watch ${stdout.trim()}`)
  expect(await sluice(["routes", "resume", "chat"])).toMatchObject({ code: 0, stdout: "chat runs\n" })
  expect(await sluice(["watch", stdout.trim()])).toMatchObject({ code: 0, stdout: "Echo: Patience\n" })
  const listed = (await sluice(["routes", "--json"])).json()
  expect(listed.map((route) => routeResource.parse(route).name)).toEqual(["chat", "embed"])
})

test("endpoints shows the breaker, which can be forced and given back", async () => {
  expect((await sluice(["endpoints"])).stdout).toMatch(/^sim-eu +closed /m)
  expect(await sluice(["endpoints", "force", "sim-eu", "open"])).toMatchObject({ code: 0, stdout: "sim-eu is held open\n" })
  expect((await sluice(["endpoints"])).stdout).toMatch(/^sim-eu +held open /m)
  expect(await sluice(["endpoints", "force", "sim-eu", "auto"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("is left to its breaker"),
  })
  expect(endpointResource.parse((await sluice(["endpoints", "--json"])).json()[0])).toMatchObject({
    name: "sim-eu",
    breaker: { forced: null },
  })
})

test("names and states that do not exist are refused", async () => {
  expect(await sluice(["endpoints", "force", "nobody", "open"])).toMatchObject({ code: 1, stderr: expect.stringContaining("Not found") })
  expect(await sluice(["endpoints", "force", "sim-eu", "ajar"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("open, closed, auto"),
  })
  expect(await sluice(["routes", "pause", "nowhere"])).toMatchObject({ code: 1 })
})

test("report and alerts tell what happened, of the running system", async () => {
  await sluice(["submit", "chat", "-p", "For the report", "--wait"])
  await vi.waitFor(
    async () => {
      const { code, stdout, stderr } = await sluice(["report", "--since", "1h"])
      expect(code, stderr).toBe(0)
      expect(stdout).toMatch(/^# Sluice, .*^\| chat \| availability \| 99 % \| 100 % \|.*^\| chat \| gpt-4o-mini \|/ms)
    },
    { timeout: 20_000, interval: 500 },
  )
  expect(await sluice(["alerts"])).toMatchObject({ code: 0, stderr: expect.stringContaining("There are no alerts.") })
  expect(await sluice(["alerts", "test", "team"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("The configuration has no alert channels."),
  })
})

describe("drill", () => {
  test("asks each tier by itself, and says who answers", async () => {
    const { code, stdout } = await sluice(["drill", "chat"])
    expect(stdout).toMatch(/^primary +yes +sim-eu +full /m)
    expect(stdout).toMatch(/^static +yes +- +minimal /m)
    expect(code).toBe(0)
  })

  test("says why a tier does not answer, and exits with 1", async () => {
    installation.simulator.configure({ faults: { rates: { content_filter: 1 } } })
    const { code, stdout, stderr } = await sluice(["drill", "chat", "--prompt", "Anybody?"])
    installation.simulator.configure({ profile: "healthy" })
    expect(stdout).toMatch(/^primary +no +- +- +.* content_filter: /m)
    expect(stdout).toMatch(/^static +yes /m)
    expect(stderr).toContain("1 of 2 tiers do not answer.")
    expect(code).toBe(1)
  }, 90_000)

  test("a route without a canary needs a prompt", async () => {
    expect(await sluice(["drill", "embed"])).toMatchObject({ code: 1, stderr: expect.stringContaining("#/input") })
  })
})

test("the drill's contract is what the API answers", async () => {
  const response = await fetch(`${installation.url}/v1/routes/chat/drill`, {
    method: "POST",
    headers: { authorization: `Bearer ${installation.environment.SLUICE_API_KEY}`, "content-type": "application/json" },
    body: "{}",
  })
  expect(drillResource.parse(await response.json()).jobs.map(({ tier }) => tier)).toEqual(["primary", "static"])
})
