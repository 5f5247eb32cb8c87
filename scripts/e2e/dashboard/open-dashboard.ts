import { fileURLToPath } from "node:url"
import { AxeBuilder } from "@axe-core/playwright"
import { launchChromium } from "../../../packages/devstack/src/index.ts"
import { buildDashboard } from "../../lib/build-dashboard.ts"
import type { Installation } from "../installation.ts"

const dataFolder = fileURLToPath(new URL("../../../.data", import.meta.url))

export type Browser = Awaited<ReturnType<typeof launchChromium>>
export type Page = Awaited<ReturnType<Browser["newPage"]>>

export interface OpenDashboardOptions {
  readonly widthPx?: number
  readonly colorScheme?: "light" | "dark"
}

export interface Dashboard {
  readonly page: Page
  /** Goes to a page of the dashboard, given its path below `/dashboard`. */
  goTo(path: string): Promise<void>
  /** What the pages asked other hosts for, said to the console as an error, or were kept from by their policy, since this was asked last. */
  complaints(): readonly string[]
  /** What axe finds that is serious or critical on the page as it is. */
  violations(): Promise<readonly string[]>
  /** The same in both themes, on a wide and on a narrow screen; and where the page is wider than the screen. */
  violationsInEveryLook(): Promise<readonly string[]>
  close(): Promise<void>
}

const heightPx = 900
const defaultWidthPx = 1_280
const patienceMs = 30_000

/** The dashboard in a real browser, with the admin key signed in. It is built if it has to be. */
export async function openDashboard({ api }: Pick<Installation, "api">, options: OpenDashboardOptions = {}): Promise<Dashboard> {
  await buildDashboard()
  const browser = await launchChromium({ dataFolder, report: (line) => process.stderr.write(`${line}\n`) })
  const { page, complaints } = await openPage(browser, api.url, options)
  const goTo = async (path: string) => void (await page.goto(`${api.url}/dashboard${path}`))
  await goTo("/")
  await page.getByLabel("API key").fill(api.key)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.getByRole("navigation", { name: "Pages" }).waitFor()
  return {
    page,
    goTo,
    complaints: () => complaints.splice(0),
    violations: () => violationsOn(page),
    violationsInEveryLook: () => violationsInEveryLook(page),
    close: () => browser.close(),
  }
}

async function openPage(browser: Browser, url: string, { widthPx = defaultWidthPx, colorScheme = "light" }: OpenDashboardOptions) {
  const context = await browser.newContext({ viewport: { width: widthPx, height: heightPx }, colorScheme })
  const page = await context.newPage()
  page.setDefaultTimeout(patienceMs)
  const complaints: string[] = []
  page.on("request", (request) => {
    if (!request.url().startsWith(`${url}/`) && !/^(?:data|blob):/.test(request.url())) complaints.push(`asked ${request.url()}`)
  })
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`said ${message.text()} (${message.location().url})`)
  })
  page.on("pageerror", (error) => complaints.push(`threw ${error.message}`))
  return { page, complaints }
}

async function violationsOn(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical")
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)
}

const narrowPx = 390

async function violationsInEveryLook(page: Page): Promise<readonly string[]> {
  const found: string[] = []
  for (const width of [narrowPx, defaultWidthPx]) {
    await page.setViewportSize({ width, height: heightPx })
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme })
      // As text: what runs in the page is not of this program, which knows no document.
      const excess = await page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth")
      if (excess > 0) found.push(`${width} px: the page is wider by ${excess} px`)
      found.push(...(await violationsOn(page)).map((violation) => `${width} px, ${colorScheme}: ${violation}`))
    }
  }
  return found
}
