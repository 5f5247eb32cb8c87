import { fileURLToPath } from "node:url"
import { launchChromium } from "@sluice/devstack"
import { expect, onTestFinished, test } from "vitest"
import { startMemoryApi } from "./support/memory-api.ts"

const dataFolder = fileURLToPath(new URL("../../../.data", import.meta.url))

test("the page of documentation shows the calls in a real browser, asks no other host, and breaks no rule of its policy", async () => {
  const api = await startMemoryApi()
  const browser = await launchChromium({ dataFolder, report: (line) => process.stderr.write(`${line}\n`) })
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  const asked: string[] = []
  const said: string[] = []
  page.on("request", (request) => asked.push(request.url()))
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`))
  page.on("pageerror", (error) => said.push(`uncaught: ${error.message}`))
  await page.goto(`${api.url}/`)
  await page.getByRole("heading", { name: "Sluice" }).first().waitFor({ timeout: 30_000 })
  await page.getByText("Submit a job").first().waitFor({ timeout: 30_000 })
  await page.waitForLoadState("networkidle")
  expect(page.url()).toBe(`${api.url}/docs`)
  expect(asked.filter((url) => !url.startsWith(`${api.url}/`) && !/^(?:data|blob):/.test(url))).toEqual([])
  expect(said.filter((line) => /^(?:error|uncaught)|Content Security Policy/.test(line))).toEqual([])
}, 120_000)
