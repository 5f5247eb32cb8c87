import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { beforeAll, expect, test } from "vitest"
import { buildDashboard, dashboardFolder } from "../../lib/build-dashboard.ts"

const assets = join(dashboardFolder, "assets")
const mostBytes = 300_000

beforeAll(() => buildDashboard(), 120_000)

test("the first load is under 300 kB of packed JavaScript, whichever page it is", () => {
  const packed = readdirSync(assets).filter((name) => name.endsWith(".js.gz"))
  const bytes = packed.map((name) => readFileSync(join(assets, name)))
  expect(packed.length).toBeGreaterThan(3)
  // All of it together: more than any page loads.
  expect(bytes.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(mostBytes)
  expect(bytes.map((one) => gunzipSync(one).includes("ZodError"))).not.toContain(true)
})

test("every file is there packed, and no page has a script or style in itself", () => {
  for (const name of readdirSync(assets).filter((file) => /\.(?:js|css|svg)$/.test(file))) {
    expect(readdirSync(assets)).toEqual(expect.arrayContaining([`${name}.gz`, `${name}.br`]))
    expect(name).toMatch(/-[\w-]{8}\.\w+$/)
  }
  const page = readFileSync(join(dashboardFolder, "index.html"), "utf8")
  expect(page).not.toMatch(/<script(?![^>]* src=)|<style|style=|https?:/)
})
