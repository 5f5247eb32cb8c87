import { EventEmitter } from "node:events"
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Configuration } from "@sluice/core"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { loadConfiguration } from "./load-configuration.ts"
import { type WatchConfigurationOptions, watchConfiguration } from "./watch-configuration.ts"

const text = (tenant: string) => `endpoints: {}\nroutes: {}\ntenants: { ${tenant}: {} }\n`

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 4_000, interval: 5 })

let folder = ""
let path = ""
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-watch-"))
  path = join(folder, "sluice.yaml")
  await writeFile(path, text("first"))
})
afterEach(() => rm(folder, { recursive: true }))

/** Watches for as long as `run` takes, swapping as an app does. */
async function watching(
  run: (seen: { tenants: () => string[]; errors: unknown[]; process: EventEmitter }) => Promise<void>,
  overrides: Partial<WatchConfigurationOptions> = {},
): Promise<void> {
  const controller = new AbortController()
  const process = new EventEmitter()
  const reloads: Configuration[] = []
  const errors: unknown[] = []
  let current = await loadConfiguration({ path })
  const ended = watchConfiguration({
    path,
    process,
    pollMs: 5,
    signal: controller.signal,
    current: () => current,
    onReload: (next) => {
      current = next
      reloads.push(next)
    },
    onError: (error) => errors.push(error),
    ...overrides,
  })
  try {
    await run({ tenants: () => reloads.flatMap(({ tenants }) => Object.keys(tenants)), errors, process })
  } finally {
    controller.abort()
    await ended
  }
  expect(process.listenerCount("SIGHUP")).toBe(0)
}

/** As editors do: the file is never seen half written. */
async function replaceFile(content: string): Promise<void> {
  await writeFile(`${path}.new`, content)
  await rename(`${path}.new`, path)
}

test("reloads a file that changed", async () => {
  await watching(async ({ tenants, errors }) => {
    await replaceFile(text("second"))
    await eventually(() => expect(tenants()).toEqual(["second"]))
    await replaceFile(text("third"))
    await eventually(() => expect(tenants()).toEqual(["second", "third"]))
    expect(errors).toEqual([])
  })
})

test("does not reload a file that says the same in other words", async () => {
  const looks: string[] = []
  await watching(
    async ({ tenants }) => {
      await eventually(() => expect(looks.length).toBeGreaterThan(5))
      expect(tenants()).toEqual([])
    },
    {
      read: async () => {
        const look = looks.length < 2 ? text("first") : `# only a comment\n${text("first")}`
        looks.push(look)
        return look
      },
    },
  )
})

test("sees a file that is replaced, and one behind links that are swapped", async () => {
  for (const name of ["one", "two"]) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, "sluice.yaml"), text(name))
  }
  const [data, next] = [join(folder, "data"), join(folder, "data-next")]
  await symlink("one", data)
  await symlink("data/sluice.yaml", `${path}.link`)
  await rename(`${path}.link`, path)
  await watching(async ({ tenants }) => {
    await symlink("two", next)
    await rename(next, data)
    await eventually(() => expect(tenants()).toEqual(["two"]))
  })
})

test("a bad file changes nothing and is reported once, until it is mended", async () => {
  await watching(async ({ tenants, errors }) => {
    await replaceFile("endpoints: [")
    await eventually(() => expect(errors).toHaveLength(1))
    expect(String(errors[0])).toContain(`${path}:1:`)
    await rm(path)
    await eventually(() => expect(errors).toHaveLength(2))
    expect(String(errors[1])).toContain("There is no such file")
    expect(tenants()).toEqual([])
    await replaceFile(text("mended"))
    await eventually(() => expect(tenants()).toEqual(["mended"]))
    expect(errors).toHaveLength(2)
  })
})

test("does not take a file that is still being written", async () => {
  const contents = ["first", "half", "whole", "whole"]
  const looks: string[] = []
  await watching(
    async ({ tenants }) => {
      await eventually(() => expect(tenants()).toEqual(["whole"]))
      expect(looks).toContain("half")
    },
    {
      read: async () => {
        const tenant = contents.shift() ?? "whole"
        looks.push(tenant)
        return text(tenant)
      },
    },
  )
})

test("SIGHUP reloads at once, and even what did not change", async () => {
  await watching(
    async ({ tenants, process }) => {
      process.emit("SIGHUP")
      await eventually(() => expect(tenants()).toEqual(["first"]))
      await replaceFile(text("second"))
      process.emit("SIGHUP")
      await eventually(() => expect(tenants()).toEqual(["first", "second"]))
    },
    { pollMs: 3_600_000 },
  )
})

test("an error of the swap is reported, and the watching goes on", async () => {
  const broken = new Error("swap failed")
  const onReload = vi.fn().mockRejectedValueOnce(broken)
  await watching(
    async ({ errors }) => {
      await replaceFile(text("second"))
      await eventually(() => expect(errors).toEqual([broken]))
      await replaceFile(text("third"))
      await eventually(() => expect(onReload).toHaveBeenCalledTimes(2))
    },
    { onReload },
  )
})

test("ends at once when it is aborted before or while it waits", async () => {
  const base = { path, current: () => loadConfigurationNever(), onReload: () => undefined, onError: () => undefined, pollMs: 3_600_000 }
  await watchConfiguration({ ...base, signal: AbortSignal.abort(), process: new EventEmitter() })
  const controller = new AbortController()
  const ended = watchConfiguration({ ...base, signal: controller.signal, process: new EventEmitter() })
  setImmediate(() => controller.abort())
  await ended
})

function loadConfigurationNever(): Configuration {
  throw new Error("nothing may be reloaded here")
}
