import { afterEach, beforeAll, describe, expect, inject, test, vi } from "vitest"
import { buildDashboard } from "../../lib/build-dashboard.ts"
import { createInstallation, type Installation, type InstallationOptions } from "../installation.ts"
import { type Receiver, startReceiver } from "../receiver.ts"
import { type Dashboard, openDashboard } from "./open-dashboard.ts"

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})
beforeAll(() => buildDashboard(), 240_000)

type Options = Omit<InstallationOptions, "redisUrl" | "mongodbUrl">

async function install(options: Options = {}): Promise<Installation> {
  const latency = { baseMs: 0, jitterMs: 0 }
  const services = { redisUrl: inject("redisUrl"), mongodbUrl: inject("mongodbUrl") }
  const on = await createInstallation({ ...services, simulator: { latency }, ...options })
  opened.push(on)
  await on.startApi()
  await on.startWorker()
  return on
}

async function look(on: Installation): Promise<Dashboard> {
  const dashboard = await openDashboard(on)
  opened.push(dashboard)
  return dashboard
}

async function receiver(): Promise<Receiver> {
  const started = await startReceiver()
  opened.push(started)
  return started
}

async function expectSound(dashboard: Dashboard): Promise<void> {
  expect(await dashboard.violationsInEveryLook()).toEqual([])
  expect(dashboard.complaints()).toEqual([])
}

const patience = { timeout: 60_000, interval: 250 }

describe("the dashboard", () => {
  test("shows an endpoint trip and recover, holds its breaker, and says who did", async () => {
    // One failure of three opens it, and it is probed after two seconds.
    const breaker = "breaker: { thinFailures: 3, openMs: 2000, maxOpenMs: 2000, probes: 1 }"
    const on = await install({ endpoint: `, ${breaker}` })
    const dashboard = await look(on)
    const { page, goTo } = dashboard
    await goTo("/endpoints")
    const card = page.getByRole("region", { name: "sim" })
    await card.getByText("closed", { exact: true }).first().waitFor()
    on.simulator.configure({ faults: { rates: { internal_error: 1 } } })
    const jobs = await Promise.all([on.submit("one"), on.submit("two"), on.submit("three"), on.submit("four")])
    await card
      .getByText(/^open$/)
      .first()
      .waitFor(patience)
    on.simulator.configure({ faults: { rates: {} } })
    await Promise.all(jobs.map(({ id }) => on.ended(id)))
    await card.getByText("Changes of the breaker").click()
    await card
      .getByText(/\d+ of \d+ calls failed/)
      .first()
      .waitFor(patience)
    await card.getByText("1 of 1 probes were answered").first().waitFor(patience)
    await card.getByText(/provider_internal \d+/).waitFor(patience)
    await expectSound(dashboard)

    // By keyboard alone.
    await page.getByRole("button", { name: "Hold open: sim" }).focus()
    await page.keyboard.press("Enter")
    await page.getByRole("dialog").waitFor()
    expect(await dashboard.violations()).toEqual([])
    await page.getByRole("dialog").getByRole("button", { name: "Hold open" }).press("Enter")
    await card.getByText("held open").first().waitFor(patience)
    await page.getByText("endpoint.force_breaker").first().waitFor(patience)
    await page.getByRole("button", { name: "Give back: sim" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Give back" }).click()
    await card.getByText("held open").waitFor({ ...patience, state: "hidden" })

    await page.getByRole("button", { name: "Pause the route chat" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click()
    await page.getByText(/paused by admin/).waitFor(patience)
    await page.getByRole("button", { name: "Resume the route chat" }).click()
    await page.getByText(/paused by admin/).waitFor({ ...patience, state: "hidden" })
    await expectSound(dashboard)
  }, 240_000)

  test("replays a group of dead letters at a pace, compares the runs, and discards another", async () => {
    const on = await install({ chat: "tiers: [{ name: primary, endpoints: [sim] }]" })
    on.simulator.configure({ contentFilterWords: ["forbidden"], contextTokens: 200 })
    const long = "word ".repeat(2_000)
    const jobs = [...Array.from({ length: 6 }, (_, index) => `A forbidden prompt ${index}`), long]
    const ids = await Promise.all(jobs.map(async (prompt) => (await on.submit(prompt)).id))
    await Promise.all(ids.map((id) => on.ended(id)))
    const dashboard = await look(on)
    const { page, goTo } = dashboard
    await goTo("/dead-letters")
    await page.getByRole("button", { name: /content_filter/ }).click()
    await page.getByRole("button", { name: "Replay all 6" }).waitFor()
    await expectSound(dashboard)
    on.simulator.configure({ contentFilterWords: [] })
    await page.getByRole("button", { name: "Replay all 6" }).click()
    await page.getByText("Dry run: 6 open dead letters match").waitFor()
    await page.getByLabel(/How many start each second/).fill("3")
    expect(await dashboard.violations()).toEqual([])
    await page.getByRole("button", { name: "Replay 6" }).click()
    await page.getByText("6 succeeded · 0 failed again · of 6").waitFor(patience)
    await page.getByText("completed", { exact: true }).waitFor(patience)

    await page.getByLabel("State").selectOption("resolved")
    await page.getByRole("button", { name: /content_filter/ }).click()
    await page.getByRole("table", { name: "Dead letters of this cause" }).getByRole("button").first().click()
    const runs = page.getByRole("table", { name: "What differs between the last two runs" })
    await runs.getByRole("row", { name: /Ended as.*failed succeeded/ }).waitFor(patience)
    await runs.getByRole("row", { name: /Error.*content_filter –/ }).waitFor()
    await expectSound(dashboard)
    await page.keyboard.press("Escape")

    await page.getByLabel("State").selectOption("open")
    await page.getByRole("button", { name: /context_length/ }).click()
    await page.getByRole("button", { name: "Discard all 1" }).click()
    await page.getByLabel("Reason").fill("of a faulty release")
    await page.getByRole("button", { name: "Discard 1" }).click()
    await page.getByText("No open dead letters").waitFor(patience)
    await expectSound(dashboard)
  }, 240_000)

  test("registers a webhook endpoint, shows what was sent and answered, and delivers it again", async () => {
    const on = await install({
      configuration: "webhooks: { scheduleMs: [0] }",
      environment: { SLUICE_WEBHOOK_ALLOW_PRIVATE: "1" },
    })
    const { url, received, reactWith } = await receiver()
    reactWith(() => ({ status: 500 }))
    const dashboard = await look(on)
    const { page, goTo } = dashboard
    await goTo("/webhooks")
    await page.getByRole("button", { name: "Register an endpoint" }).click()
    await page.getByLabel("URL").fill(url)
    expect(await dashboard.violations()).toEqual([])
    await page.getByRole("dialog").getByRole("button", { name: "Register" }).click()
    await page.getByText(/^whsec_/).waitFor()
    await page.getByRole("button", { name: "I have kept it" }).click()
    await page.getByRole("button", { name: "Send a test" }).click()
    const deliveries = page.getByRole("table", { name: "Deliveries" })
    await deliveries.getByText("failed", { exact: true }).waitFor(patience)
    await expectSound(dashboard)

    await deliveries.getByRole("button", { name: /webhook.test/ }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByText(`POST ${url}`).waitFor()
    await dialog.getByText('"type": "webhook.test"').waitFor()
    expect(await dashboard.violations()).toEqual([])
    reactWith(() => ({ status: 204 }))
    await dialog.getByRole("button", { name: "Deliver again" }).click()
    await dialog.getByText("delivered", { exact: true }).waitFor(patience)
    await dialog.getByText("204").first().waitFor()
    await vi.waitFor(() => expect(received.map(({ taken }) => taken)).toEqual([false, true]), patience)
    await page.keyboard.press("Escape")

    await page.getByRole("button", { name: "Rotate secret" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click()
    await page.getByText(/^whsec_/).waitFor()
    await page.getByRole("button", { name: "I have kept it" }).click()
    await page.getByText("Old secret ends").waitFor(patience)
    await expectSound(dashboard)
  }, 240_000)
})
