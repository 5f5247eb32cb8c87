import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { type Catalog, openCatalog } from "./open-catalog.ts"

const text = (route: string) => `endpoints: { a: { provider: openai, baseUrl: http://x, model: m } }
routes: { ${route}: { tiers: [{ name: primary, endpoints: [a] }] } }
defaults: { timeoutMs: 7, retry: off }
`

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 4_000, interval: 5 })

let folder = ""
let path = ""
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-catalog-"))
  path = join(folder, "sluice.yaml")
})
afterEach(() => rm(folder, { recursive: true }))

test("is complete, follows its file whole, and keeps what is in use when the file is bad", async () => {
  await writeFile(path, text("chat"))
  const controller = new AbortController()
  const logger = { info: vi.fn(), error: vi.fn() }
  try {
    const catalog = await openCatalog({ path, logger, signal: controller.signal })
    expect(catalog.current().endpoints.get("a")).toMatchObject({ name: "a", timeoutMs: 7 })
    expect(catalog.current().routes).toMatchObject({ chat: { retry: "off" } })

    const changes: Catalog[] = []
    catalog.onChange((next) => changes.push(next))
    await writeFile(path, text("summary"))
    process.emit("SIGHUP")
    await eventually(() => expect(Object.keys(catalog.current().routes)).toEqual(["summary"]))
    expect(changes).toEqual([catalog.current()])

    const before = catalog.current()
    await writeFile(path, "routes: {}\n")
    process.emit("SIGHUP")
    await eventually(() => expect(logger.error).toHaveBeenCalledOnce())
    expect(catalog.current()).toBe(before)
  } finally {
    controller.abort()
  }
})

test("does not open with a file that is bad from the start", async () => {
  await writeFile(path, "routes: {}\n")
  const opening = openCatalog({ path, logger: { info: vi.fn(), error: vi.fn() }, signal: new AbortController().signal })
  await expect(opening).rejects.toThrow(`${path}:1:1 endpoints: Missing.`)
})
