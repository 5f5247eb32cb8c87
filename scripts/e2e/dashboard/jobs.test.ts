import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from "vitest"
import { createInstallation, type Installation } from "../installation.ts"
import { type Dashboard, openDashboard } from "./open-dashboard.ts"

const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ")

let installation: Installation
let dashboard: Dashboard
beforeAll(async () => {
  installation = await createInstallation({
    redisUrl: inject("redisUrl"),
    mongodbUrl: inject("mongodbUrl"),
    // Text takes some seconds to arrive.
    simulator: { latency: { baseMs: 20, jitterMs: 0, firstChunkMs: 50, chunkMs: 100 } },
    endpoint: ", price: { inputPerMillionUsd: 1, outputPerMillionUsd: 2 }",
    endpoints: (url) => `  broken: { provider: openai, baseUrl: "${url}/nowhere", model: m, apiKey: env:SIM_KEY }`,
    configuration: `  broken: { tiers: [{ name: primary, endpoints: [broken] }] }
tenants: { default: {}, acme: {} }`,
  })
  await Promise.all([installation.startApi(), installation.startWorker()])
  dashboard = await openDashboard(installation)
  await dashboard.page.context().grantPermissions(["clipboard-read", "clipboard-write"])
}, 180_000)
afterAll(async () => {
  await dashboard?.close()
  await installation?.close()
})

async function signOut(): Promise<void> {
  await dashboard.page.locator("summary").click()
  await dashboard.page.getByRole("button", { name: "Sign out" }).click()
  await dashboard.page.getByLabel("API key").waitFor()
}

const isOf = (path: string) => (url: URL) => url.pathname === path

async function signIn(key: string): Promise<void> {
  await dashboard.page.getByLabel("API key").fill(key)
  await dashboard.page.getByRole("button", { name: "Sign in" }).click()
}

/** Whoever was signed in before, also where a test ended in the middle. */
async function signInAfresh(key: string): Promise<void> {
  await dashboard.page.context().clearCookies()
  await dashboard.goTo("/overview")
  dashboard.complaints()
  await signIn(key)
}

/** Nothing serious for who cannot see or point, nothing that the browser complained of, no other host asked. */
async function expectAllWell(): Promise<void> {
  expect(await dashboard.violations()).toEqual([])
  expect(dashboard.complaints()).toEqual([])
}

describe("the dashboard in a real browser", () => {
  test("lets nobody in without a key, and remembers who signed in", async () => {
    const { page, goTo } = dashboard
    await page.reload()
    await page.getByRole("navigation", { name: "Pages" }).waitFor()
    expect(await page.context().cookies()).toMatchObject([{ name: "sluice_session", httpOnly: true, sameSite: "Strict" }])
    await signOut()
    await goTo("/jobs")
    await page.getByLabel("API key").waitFor()
    await expectAllWell()
    await signIn(installation.api.key)
    await page.getByRole("heading", { name: "Jobs" }).waitFor()
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
    await expectAllWell()
  })

  test("lists jobs by filters that are in the address, and opens one", async () => {
    const { page } = dashboard
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
    expect(await dashboard.violations()).toEqual([])
    await page.reload()
    await rows.nth(1).getByRole("link").click()
    await page.waitForURL(new RegExp(failed.id))
    await page.getByText(/Call 1 · broken/).waitFor()
    await page.getByRole("button", { name: "Replay" }).waitFor()
    await expectAllWell()
  })

  test("follows a job that is under way, copies it for a terminal, and cancels it", async () => {
    const { page, goTo } = dashboard
    const { id } = await installation.submit(words.repeat(5))
    await goTo(`/jobs/${id}`)
    await page.getByTestId("live-text").waitFor()
    await page.getByText("under way").waitFor()
    await page.getByRole("button", { name: "Copy as curl" }).click()
    await page.getByText("Copied").waitFor()
    expect(await page.evaluate("navigator.clipboard.readText()")).toContain(`${installation.api.url}/v1/jobs`)
    await page.getByRole("button", { name: "Cancel", exact: true }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Cancel the job" }).click()
    await page.getByRole("heading", { level: 1 }).getByText("cancelled").waitFor()
    expect((await installation.job(id)).status).toBe("cancelled")
    expect(dashboard.complaints()).toEqual([])
  })

  test("shows an answer as its writer meant it, and as it came; asks no other host for its pictures", async () => {
    const { page, goTo } = dashboard
    const written = "so\n\n- one\n- **two**\n\n<b id=raw>bold</b> ![a cat](http://elsewhere.example/cat.png) [bad](javascript:alert(1))"
    const { id } = await installation.submit(written)
    await installation.ended(id)
    await goTo(`/jobs/${id}`)
    const panel = page.locator("section").filter({ has: page.getByRole("heading", { name: "Output" }) })
    await panel.locator("li strong").getByText("two").waitFor()
    expect(await page.locator("#raw").count()).toBe(0)
    expect(await panel.getByRole("link", { name: "Image: a cat" }).getAttribute("href")).toBe("http://elsewhere.example/cat.png")
    expect(await panel.getByRole("link").allInnerTexts()).toEqual(["Image: a cat"])
    await expectAllWell()
    await panel.getByRole("tab", { name: "Text" }).click()
    await panel.getByText("- **two**").waitFor()
    expect(dashboard.complaints()).toEqual([])
  })

  test("tells how jobs fared, and what they cost", async () => {
    const { page, goTo } = dashboard
    await goTo("/overview?window=15m")
    await page.getByText("Jobs per second").first().waitFor()
    await expect
      .poll(() => page.getByRole("listitem").filter({ hasText: "Cost today" }).textContent(), { timeout: 30_000 })
      .toMatch(/\$0\.\d/)
    await page.getByRole("row").filter({ hasText: "broken" }).waitFor()
    expect(await dashboard.violations()).toEqual([])
    await page.getByRole("link", { name: "Usage" }).click()
    await page.getByRole("table", { name: "Usage" }).getByRole("row").filter({ hasText: "chat" }).waitFor()
    expect(await dashboard.violations()).toEqual([])
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()])
    expect(download.suggestedFilename()).toMatch(/^usage-.*\.csv$/)
    expect(dashboard.complaints()).toEqual([])
  })

  test("shows a key no more than it may do, and ends with signing out", async () => {
    const { page } = dashboard
    const made = await installation.request("/v1/api-keys", {
      method: "POST",
      headers: { "content-type": "application/json", "x-sluice-tenant": "acme" },
      body: JSON.stringify({ name: "reader", scopes: ["jobs:read"] }),
    })
    const { key } = (await made.json()) as { readonly key: string }
    await signInAfresh(key)
    await page.getByText("It lacks the scope usage:read.").waitFor()
    await page.getByRole("link", { name: "Jobs" }).click()
    await page.getByText("No jobs yet").waitFor()
    expect(await page.getByRole("navigation", { name: "Pages" }).getByRole("link").allInnerTexts()).toEqual(["Jobs"])
    await page.getByText("tenant acme").waitFor()
    await signOut()
    expect(dashboard.complaints()).toEqual([])
  })

  test("asks nothing more for who signs out, before the session is ended", async () => {
    const { page } = dashboard
    await signInAfresh(installation.api.key)
    await page.getByRole("link", { name: "Overview" }).waitFor()
    const seen: string[] = []
    const noteFailure = (request: { url(): string }) => void seen.push(`gave up ${new URL(request.url()).pathname}`)
    page.on("requestfailed", noteFailure)
    onTestFinished(async () => {
      page.off("requestfailed", noteFailure)
      await page.unrouteAll({ behavior: "ignoreErrors" })
      dashboard.complaints()
    })
    // Never answered: still asked when the user signs out.
    await page.route(isOf("/v1/jobs"), () => void seen.push("asks for jobs"))
    await page.getByRole("link", { name: "Jobs" }).click()
    await expect.poll(() => seen).toEqual(["asks for jobs"])
    await page.route(isOf("/dashboard/session"), async (route) => {
      // What ends with the answer only has not ended yet, however long it takes.
      await vi.waitFor(() => expect(seen).toContain("gave up /v1/jobs"), { timeout: 3_000 }).catch(() => undefined)
      seen.push("ends the session")
      await route.continue()
    })
    await signOut()
    expect(seen).toEqual(["asks for jobs", "gave up /v1/jobs", "ends the session"])
  })

  test("has nothing serious for axe in any look, and can be used by the keyboard", async () => {
    const { page, goTo } = dashboard
    await signInAfresh(installation.api.key)
    await page.getByRole("link", { name: "Overview" }).waitFor()
    for (const path of ["overview", "jobs", "playground", "usage"]) {
      await goTo(`/${path}`)
      await page.getByRole("heading", { level: 1 }).waitFor()
      await page.waitForLoadState("networkidle")
      expect(await dashboard.violationsInEveryLook()).toEqual([])
    }
    await goTo("/jobs")
    await page.getByRole("table", { name: "Jobs" }).waitFor()
    await page.keyboard.press("Tab")
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content")
    await page.getByRole("table", { name: "Jobs" }).getByRole("link").first().focus()
    await page.keyboard.press("Enter")
    await page.waitForURL(/jobs\/job_/)
    expect(dashboard.complaints()).toEqual([])
  }, 180_000)
})
