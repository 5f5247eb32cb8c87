import { join } from "node:path"
import type { Browser, Page } from "../e2e/dashboard/open-dashboard.ts"
import type { Installation } from "../e2e/installation.ts"

export interface PicturesOptions {
  readonly browser: Browser
  readonly api: Installation["api"]
  /** The job that is shown. */
  readonly jobId: string
  readonly imageFolder: string
}

const looks = [
  { widthPx: 1_280, heightPx: 900, colorScheme: "light" },
  { widthPx: 1_280, heightPx: 900, colorScheme: "dark" },
  { widthPx: 390, heightPx: 844, colorScheme: "light" },
  { widthPx: 390, heightPx: 844, colorScheme: "dark" },
] as const

/** Every page in every look, as `NAME-WIDTH-THEME.png`. */
export async function takePictures({ browser, api, jobId, imageFolder }: PicturesOptions): Promise<void> {
  for (const { widthPx, heightPx, colorScheme } of looks) {
    const context = await browser.newContext({ viewport: { width: widthPx, height: heightPx }, colorScheme })
    const page = await context.newPage()
    const take = async (name: string) => {
      const path = join(imageFolder, `${name}-${widthPx}-${colorScheme}.png`)
      await page.screenshot({ path })
    }
    await page.goto(`${api.url}/dashboard`)
    await page.getByLabel("API key").waitFor()
    await take("sign-in")
    await page.getByLabel("API key").fill(api.key)
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByRole("navigation", { name: "Pages" }).waitFor()
    for (const [name, path] of pathsOf(jobId)) {
      await page.goto(`${api.url}/dashboard/${path}`)
      await settled(page)
      await take(name)
    }
    await tryPlayground(page, api.url)
    await take("playground")
    await context.close()
  }
}

function pathsOf(jobId: string): readonly (readonly [string, string])[] {
  return [
    ["overview", "overview?window=15m"],
    ["jobs", "jobs"],
    ["job", `jobs/${jobId}`],
    ["endpoints", "endpoints"],
    ["dead-letters", "dead-letters"],
    ["webhooks", "webhooks"],
    ["usage", "usage?days=7&by=model"],
  ]
}

const drawnMs = 1_200

/** Everything has been fetched and drawn. Pages that follow a feed are never idle. */
async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor()
  await page.waitForTimeout(drawnMs)
}

async function tryPlayground(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/dashboard/playground`)
  await page.getByLabel("Prompt").fill("Tell me in three sentences why the sky is blue, and why the evening is red.")
  await page.getByRole("button", { name: "Submit" }).click()
  await page
    .getByText(/^Asked for/)
    .first()
    .waitFor()
}
