import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type OpenDashboard, openDashboard } from "./open-dashboard.ts"

const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ")

/** Text that takes about three seconds to arrive; whoever asks for a fault gets it at once. */
let dashboard: OpenDashboard
beforeAll(async () => {
  dashboard = await openDashboard({
    simulator: { latency: { baseMs: 20, jitterMs: 0, firstChunkMs: 50, chunkMs: 100 } },
    endpoint: ", price: { inputPerMillionUsd: 1, outputPerMillionUsd: 2 }",
    endpoints: (url) => `  broken: { provider: openai, baseUrl: "${url}/nowhere", model: m, apiKey: env:SIM_KEY }`,
    configuration: `  broken: { tiers: [{ name: primary, endpoints: [broken] }] }
tenants: { default: {}, acme: {} }`,
  })
}, 180_000)
afterAll(() => dashboard?.close())

describe("the dashboard in a real browser", () => {
  test("lets nobody in without a key, says what was wrong with another, and remembers who signed in", async () => {
    const { page, installation, signIn, assertAccessible } = dashboard
    await page.goto(`${installation.api.url}/dashboard/jobs`)
    await page.getByLabel("API key").waitFor()
    await assertAccessible()
    await signIn()
    await page.reload()
    await page.getByRole("navigation", { name: "Pages" }).waitFor()
    const cookies = await page.context().cookies()
    expect(cookies).toMatchObject([{ name: "sluice_session", httpOnly: true, sameSite: "Strict" }])
    dashboard.assertQuiet()
  })

  test("submits in the playground, and shows the text as it comes", async () => {
    const { page } = dashboard
    await page.getByRole("link", { name: "Playground" }).click()
    await page.getByLabel("Prompt").fill(words)
    await page.getByRole("button", { name: "Submit" }).click()
    const live = page.getByTestId("live-text")
    await live.waitFor()
    const first = (await live.textContent()) ?? ""
    await expect.poll(async () => ((await live.textContent()) ?? "").length, { timeout: 20_000 }).toBeGreaterThan(first.length)
    const soFar = (await live.textContent()) ?? ""
    expect(soFar.startsWith(first)).toBe(true)
    expect(soFar).not.toContain("word59")
    await page.getByRole("tabpanel").getByText("word59").first().waitFor()
    await page.getByText("Asked for sim-1, served by sim (sim-1).").waitFor()
    await dashboard.assertAccessible()
    dashboard.assertQuiet()
  })

  test("lists jobs by filters that are in the address, and opens one", async () => {
    const { page, installation } = dashboard
    const failed = await installation.submit("x", { route: "broken", options: { expiresInMs: 20_000 }, metadata: { order: "81" } })
    await installation.ended(failed.id)
    await page.getByRole("link", { name: "Jobs" }).click()
    await page.getByRole("button", { name: "succeeded" }).click()
    await page.waitForURL(/status=succeeded/)
    await expect.poll(() => page.getByRole("table", { name: "Jobs" }).getByText("failed").count()).toBe(0)
    await page.getByRole("button", { name: "succeeded" }).click()
    await page.getByLabel("Metadata").fill("order=81")
    await page.waitForURL(/metadata=order/)
    const rows = page.getByRole("table", { name: "Jobs" }).getByRole("row")
    await expect.poll(() => rows.count()).toBe(2)
    await dashboard.assertAccessible()
    await page.reload()
    await rows.nth(1).getByRole("link").click()
    await page.waitForURL(new RegExp(failed.id))
    await page.getByText(/Call 1 · broken/).waitFor()
    await page.getByRole("button", { name: "Replay" }).waitFor()
    await dashboard.assertAccessible()
    dashboard.assertQuiet()
  })

  test("follows a job that is under way, copies it for a terminal, and cancels it", async () => {
    const { page, installation } = dashboard
    const { id } = await installation.submit(words.repeat(5))
    await page.goto(`${installation.api.url}/dashboard/jobs/${id}`)
    await page.getByTestId("live-text").waitFor()
    await page.getByText("under way").waitFor()
    await page.getByRole("button", { name: "Copy as curl" }).click()
    await page.getByText("Copied").waitFor()
    expect(await page.evaluate("navigator.clipboard.readText()")).toContain(`${installation.api.url}/v1/jobs`)
    await page.getByRole("button", { name: "Cancel", exact: true }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Cancel the job" }).click()
    await page.getByRole("heading", { level: 1 }).getByText("cancelled").waitFor()
    expect((await installation.job(id)).status).toBe("cancelled")
    dashboard.assertQuiet()
  })

  test("tells how jobs fared, and what they cost", async () => {
    const { page, installation } = dashboard
    await page.goto(`${installation.api.url}/dashboard/overview?window=15m`)
    await page.getByText("Jobs per second").first().waitFor()
    await expect
      .poll(() => page.getByRole("listitem").filter({ hasText: "Cost today" }).textContent(), { timeout: 30_000 })
      .toMatch(/\$0\.\d/)
    await page.getByRole("row").filter({ hasText: "broken" }).waitFor()
    await dashboard.assertAccessible()
    await page.getByRole("link", { name: "Usage" }).click()
    await page.getByRole("table", { name: "Usage" }).getByRole("row").filter({ hasText: "chat" }).waitFor()
    await dashboard.assertAccessible()
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()])
    expect(download.suggestedFilename()).toMatch(/^usage-.*\.csv$/)
    dashboard.assertQuiet()
  })

  test("shows a key no more than it may do, and ends with signing out", async () => {
    const { page, installation, signIn } = dashboard
    const made = await installation.request("/v1/api-keys", {
      method: "POST",
      headers: { "content-type": "application/json", "x-sluice-tenant": "acme" },
      body: JSON.stringify({ name: "reader", scopes: ["jobs:read"] }),
    })
    const { key } = (await made.json()) as { readonly key: string }
    await page.locator("summary").click()
    await page.getByRole("button", { name: "Sign out" }).click()
    await signIn(key)
    await page.getByText("No jobs yet").waitFor()
    expect(await page.getByRole("navigation", { name: "Pages" }).getByRole("link").allInnerTexts()).toEqual(["Jobs"])
    await page.getByText("tenant acme").waitFor()
    dashboard.assertQuiet()
  })

  test("can be used by the keyboard alone, at 390 pixels, in the dark", async () => {
    const { page, installation, signIn } = dashboard
    await page.context().clearCookies()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: "dark" })
    await signIn()
    for (const path of ["overview", "jobs", "playground", "usage"]) {
      await page.goto(`${installation.api.url}/dashboard/${path}`)
      await page.getByRole("heading", { level: 1 }).waitFor()
      expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0)
      await dashboard.assertAccessible()
    }
    await page.goto(`${installation.api.url}/dashboard/jobs`)
    await page.getByRole("table", { name: "Jobs" }).waitFor()
    await page.keyboard.press("Tab")
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content")
    await page.getByRole("table", { name: "Jobs" }).getByRole("link").first().focus()
    await page.keyboard.press("Enter")
    await page.waitForURL(/jobs\/job_/)
    dashboard.assertQuiet()
  })
})
