import { spawnSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import { afterEach, describe, expect, inject, test, vi } from "vitest"
import { jobResource } from "../../packages/core/src/index.ts"
import { backupDatabase } from "../../packages/store/src/index.ts"
import { createInstallation, type Installation, type InstallationOptions, providerKey } from "./installation.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const key = () => randomBytes(32).toString("base64")
const [oldKey, newKey] = [key(), key()]
const secrets = { OLD: oldKey, NEW: newKey }
const onlyOld = { ...secrets, SLUICE_ENCRYPTION_KEYS: "2026-05=env:OLD" }
const knowing = { ...secrets, SLUICE_ENCRYPTION_KEYS: "2026-05=env:OLD,2026-11=env:NEW" }
const writing = { ...secrets, SLUICE_ENCRYPTION_KEYS: "2026-11=env:NEW,2026-05=env:OLD" }
const onlyNew = { ...secrets, SLUICE_ENCRYPTION_KEYS: "2026-11=env:NEW" }
const marker = "the words that nobody else may read"

let installation: Installation | undefined
afterEach(async () => {
  await installation?.close()
  installation = undefined
})

async function install(options: Partial<InstallationOptions> = {}): Promise<Installation> {
  installation = await createInstallation({
    redisUrl: inject("redisUrl"),
    mongodbUrl: inject("mongodbUrl"),
    simulator: { latency: { baseMs: 0, jitterMs: 0 } },
    ...options,
  })
  return installation
}

/** Everything that a backup of the database holds. */
async function dumpOf(url: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-privacy-"))
  try {
    await backupDatabase({ url, folder: join(folder, "backup"), report: () => undefined })
    const files = readdirSync(join(folder, "backup")).filter((name) => name.endsWith(".gz"))
    return files.map((name) => gunzipSync(readFileSync(join(folder, "backup", name))).toString("latin1")).join("")
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function upgradeData({ mongodbUrl }: Installation, environment: Record<string, string>) {
  const env = { ...process.env, ...environment, MONGODB_URL: mongodbUrl }
  return spawnSync(process.execPath, ["scripts/upgrade-data.ts"], { cwd: root, env, encoding: "utf8" })
}

describe("encryption at rest, in production's processes", () => {
  test("a key is changed as the documentation says, while jobs come and go", { timeout: 240_000 }, async () => {
    const current = await install()
    const before = [await current.startApi(onlyOld), await current.startWorker(onlyOld)]
    const first = await current.submit(marker)
    await current.ended(first.id)
    expect(await dumpOf(current.mongodbUrl)).not.toContain(marker)

    for (const environment of [knowing, writing]) {
      await current.startWorker(environment)
      await before.pop()?.stop()
      await before.pop()?.stop()
      before.push(await current.startApi(environment))
      expect((await current.ended((await current.submit(marker)).id)).status).toBe("succeeded")
    }
    const upgraded = upgradeData(current, writing)
    expect(upgraded).toMatchObject({ status: 0, stdout: expect.stringContaining('Everything is encrypted with the key "2026-11"') })
    expect(upgradeData(current, onlyOld)).toMatchObject({ status: 2, stderr: expect.stringContaining('"2026-11"') })

    await before.pop()?.stop()
    await current.startApi(onlyNew)
    const read = await current.request(`/v1/jobs/${first.id}?expand=input`)
    expect(await read.text()).toContain(marker)
  })

  test("a worker without the key says which one is missing, and does not start", async () => {
    const current = await install()
    await current.startApi(onlyOld)
    await current.submit(marker)
    await expect(current.startWorker({})).rejects.toThrow(/2026-05/)
    await expect(current.startWorker({ SLUICE_ENCRYPTION_KEYS: "2026-05=env:NOWHERE" })).rejects.toThrow(/NOWHERE is not set/)
  })
})

interface Sent {
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** The words of a prompt say whose it is; returns whether it is one of those that have keys of their own. */
function expectOwnKey({ headers, body }: Sent): boolean {
  const [, owner] = new RegExp(`${marker} (acme|rival)`).exec(JSON.stringify(body)) ?? []
  // The provider's log shows how keys end.
  if (owner !== undefined) expect(headers.authorization).toMatch(owner === "acme" ? /(?:0001|d-03)$/ : /0002$/)
  return owner !== undefined
}

describe("tenants' own provider keys, in production's processes", () => {
  const good = { acme: "sk-acme-good-0001", rival: "sk-rival-good-0002" }
  const bad = "sk-acme-revoked-03"

  async function start() {
    const current = await install({
      endpoint: ", credential: tenant-then-platform",
      configuration: "tenants: { acme: {}, rival: {} }",
      simulator: {
        latency: { baseMs: 0, jitterMs: 0 },
        log: { capacity: 1000, bodies: true },
        apiKeys: [providerKey, good.acme, good.rival],
      },
      environment: onlyOld,
    })
    await Promise.all([current.startApi(), current.startWorker()])
    const as = (tenant: string) => ({ "x-sluice-tenant": tenant, "content-type": "application/json" })
    const put = (tenant: string, secret: string) =>
      current.request("/v1/provider-credentials/sim", { method: "PUT", headers: as(tenant), body: JSON.stringify({ secret }) })
    const ask = async (tenant: string) => {
      const body = JSON.stringify({ route: "chat", input: { messages: [{ role: "user", content: `${marker} ${tenant}` }] } })
      const answer = await current.request("/v1/jobs", { method: "POST", headers: as(tenant), body })
      return jobResource.parse(await answer.json()).id
    }
    const look = async (tenant: string, id: string) =>
      jobResource.parse(await (await current.request(`/v1/jobs/${id}?expand=attempts`, { headers: as(tenant) })).json())
    return { ...current, put, ask, look }
  }

  test("one tenant's rejected key holds up nobody else, and a new one is used within seconds", { timeout: 120_000 }, async () => {
    const { put, ask, look, simulator, mongodbUrl, logs } = await start()
    expect((await put("acme", bad)).status).toBe(200)
    expect((await put("rival", good.rival)).status).toBe(200)

    const stuck = await ask("acme")
    await vi.waitFor(
      async () => expect(await look("acme", stuck)).toMatchObject({ status: "queued", waiting: { reason: "credential" } }),
      20_000,
    )
    for (const tenant of ["rival", "default"]) {
      for (let turn = 0; turn < 3; turn += 1) {
        const id = await ask(tenant)
        await vi.waitFor(async () => expect(await look(tenant, id)).toMatchObject({ status: "succeeded" }), 20_000)
      }
    }
    // The next job meets the disabled key, and is told what to do.
    const told = await ask("acme")
    const hint = expect.stringContaining("PUT /v1/provider-credentials/sim")
    await vi.waitFor(async () => expect(await look("acme", told)).toMatchObject({ waiting: { reason: "credential", hint } }), 20_000)

    expect((await put("acme", good.acme)).status).toBe(200)
    await vi.waitFor(
      async () => {
        const id = await ask("acme")
        await vi.waitFor(
          async () => expect(await look("acme", id)).toMatchObject({ status: "succeeded", attempts: [{ credential: "tenant" }] }),
          2_000,
        )
      },
      { timeout: 30_000, interval: 1_000 },
    )

    expect(simulator.requests().filter(expectOwnKey).length).toBeGreaterThan(3)
    const [dump, log] = [await dumpOf(mongodbUrl), logs()]
    for (const secret of [...Object.values(good), bad, marker]) {
      expect(dump).not.toContain(secret)
      expect(log).not.toContain(secret)
    }
    expect(log).not.toContain(oldKey)
  })
})

describe("the configuration of running processes", () => {
  const withRoute = (text: string, name: string) =>
    text.replace("routes:\n", `routes:\n  ${name}: { tiers: [{ name: primary, endpoints: [sim] }] }\n`)
  const routesOf = async ({ request }: Installation) => {
    const text = await (await request("/v1/routes")).text()
    return [...text.matchAll(/"name":"(\w+)","object":"route"/g)].map(([, name]) => name)
  }

  test("is swapped whole by SIGHUP or by an editor that replaces the file, in API and worker; a bad file changes nothing", {
    timeout: 120_000,
  }, async () => {
    const current = await install()
    const processes = [await current.startApi(), await current.startWorker()]
    const { configPath, logs } = current
    const original = readFileSync(configPath, "utf8")
    const replace = (text: string) => {
      writeFileSync(`${configPath}.new`, text)
      renameSync(`${configPath}.new`, configPath)
    }

    writeFileSync(configPath, withRoute(original, "second"))
    for (const { pid } of processes) process.kill(pid, "SIGHUP")
    await vi.waitFor(async () => expect(await routesOf(current)).toEqual(["second", "chat"]), 10_000)
    const ran = await current.submit("by the worker too", { route: "second" })
    expect(await current.ended(ran.id)).toMatchObject({ status: "succeeded" })

    replace(withRoute(original, "third"))
    await vi.waitFor(async () => expect(await routesOf(current)).toEqual(["third", "chat"]), 10_000)
    expect(await current.ended((await current.submit("x", { route: "third" })).id)).toMatchObject({ status: "succeeded" })

    replace(original.replace("provider: openai", "provider: openia"))
    for (const { pid } of processes) process.kill(pid, "SIGHUP")
    await vi.waitFor(() => expect(logs().match(/was not reloaded/g)?.length).toBeGreaterThanOrEqual(2), 10_000)
    expect(logs()).toMatch(/sluice\.yaml:2:20 endpoints\.sim\.provider/)
    expect(await routesOf(current)).toEqual(["third", "chat"])
  })
})
