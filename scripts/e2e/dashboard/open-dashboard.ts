import { fileURLToPath } from "node:url"
import { AxeBuilder } from "@axe-core/playwright"
import { expect, inject } from "vitest"
import { launchChromium } from "../../../packages/devstack/src/index.ts"
import { buildDashboard, dashboardFolder } from "../../lib/build-dashboard.ts"
import { createInstallation, type Installation, type InstallationOptions } from "../installation.ts"

const dataFolder = fileURLToPath(new URL("../../../.data", import.meta.url))

export type Browser = Awaited<ReturnType<typeof launchChromium>>
export type Page = Awaited<ReturnType<Browser["newPage"]>>

export interface DashboardOptions extends Omit<InstallationOptions, "redisUrl" | "mongodbUrl" | "environment"> {
  /** How many workers. Default 1. */
  readonly workers?: number
}

/** The built dashboard on an installation of its own, in a real browser. */
export interface OpenDashboard {
  readonly installation: Installation
  readonly page: Page
  /** Signs in with a key, the admin's unless told otherwise, and waits for the pages. */
  signIn(key?: string): Promise<void>
  /** Fails when the pages have asked another host, broken their policy, or put an error into the console. */
  assertQuiet(): void
  /** Fails when axe finds something serious or critical in the page as it is. */
  assertAccessible(): Promise<void>
  close(): Promise<void>
}

export async function openDashboard({ workers = 1, ...options }: DashboardOptions = {}): Promise<OpenDashboard> {
  await buildDashboard()
  const installation = await createInstallation({
    redisUrl: inject("redisUrl"),
    mongodbUrl: inject("mongodbUrl"),
    environment: { SLUICE_DASHBOARD: dashboardFolder },
    ...options,
  })
  const { api } = installation
  await Promise.all([installation.startApi(), ...Array.from({ length: workers }, () => installation.startWorker())])
  const browser = await launchChromium({ dataFolder, report: (line) => process.stderr.write(`${line}\n`) })
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ["clipboard-read", "clipboard-write"] })
  const page = await context.newPage()
  const heard = listenTo(page, api.url)
  return {
    installation,
    page,
    async signIn(key = api.key) {
      await page.goto(`${api.url}/dashboard`)
      await page.getByLabel("API key").fill(key)
      await page.getByRole("button", { name: "Sign in" }).click()
      await page.getByRole("navigation", { name: "Pages" }).waitFor()
    },
    assertQuiet: () => expect(heard).toEqual([]),
    async assertAccessible() {
      const { violations } = await new AxeBuilder({ page }).analyze()
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical")
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([])
    },
    async close() {
      await browser.close()
      await installation.close()
    },
  }
}

/** Whatever a page should not do, as it happens. */
function listenTo(page: Page, origin: string): string[] {
  const heard: string[] = []
  page.on("request", (request) => {
    const url = request.url()
    if (!url.startsWith(`${origin}/`) && !/^(?:data|blob):/.test(url)) heard.push(`asked ${url}`)
  })
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") heard.push(`${message.type()}: ${message.text()}`)
  })
  page.on("pageerror", (error) => heard.push(`uncaught: ${error.message}`))
  return heard
}
