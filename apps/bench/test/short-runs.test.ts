import { readFileSync, rmSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, inject, test } from "vitest"
import { benches } from "../src/benches.ts"

const folder = fileURLToPath(new URL("../results/short", import.meta.url))

// biome-ignore lint/style/noProcessEnv: the processes that are started need it.
const { PATH } = process.env

/** Each starts some processes, on a machine that other tests use too. */
const timeoutMs = 180_000

/** Nothing is said of speed: that each measurement runs to its end on the product as it is, and keeps what it found. */
test.each(Object.keys(benches))(
  "%s runs, and keeps its figures",
  async (name) => {
    rmSync(`${folder}/${name}.json`, { force: true })
    const environment = { PATH, REDIS_URL: inject("redisUrl"), MONGODB_URL: inject("mongodbUrl") }
    await benches[name]?.run({ jobs: null, minutes: null, seed: 1, isShort: true, environment })
    const kept = JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"))
    expect(kept).toMatchObject({ name, seed: 1, machine: { cores: expect.any(Number), versions: { bullmq: expect.any(String) } } })
  },
  timeoutMs,
)
