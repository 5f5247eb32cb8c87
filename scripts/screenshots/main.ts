// `npm run screenshots`: every page of the dashboard, on an installation that has been busy for a while, into docs/images.
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { launchChromium, startServices } from "../../packages/devstack/src/index.ts"
import { createInstallation } from "../e2e/installation.ts"
import { type Receiver, startReceiver } from "../e2e/receiver.ts"
import { buildDashboard } from "../lib/build-dashboard.ts"
import { keepBusy } from "./keep-busy.ts"
import { takePictures } from "./take-pictures.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const dataFolder = join(root, ".data")
const imageFolder = join(root, "docs/images")
const report = (line: string) => console.error(line)

/** Two endpoints that fail now and then, one that always does, and every tier. */
const configuration = {
  endpoint:
    ", region: eu, timeoutMs: 2000, limits: { requestsPerMinute: 900, concurrency: 20 }, price: { inputPerMillionUsd: 2.5, outputPerMillionUsd: 10 }",
  endpoints: (
    url: string,
  ) => `  sim-us: { provider: openai, baseUrl: "${url}/v1", region: us, model: sim-1, apiKey: env:SIM_KEY, timeoutMs: 2000, price: { inputPerMillionUsd: 2.5, outputPerMillionUsd: 10 } }
  small-eu: { provider: openai, baseUrl: "${url}/v1", region: eu, model: sim-small, apiKey: env:SIM_KEY, price: { inputPerMillionUsd: 0.15, outputPerMillionUsd: 0.6 } }
  away: { provider: openai, baseUrl: "http://127.0.0.1:9/v1", region: eu, model: sim-1, apiKey: env:SIM_KEY }`,
  chat: "tiers: [{ name: primary, endpoints: [sim, sim-us] }, { name: fallback, endpoints: [small-eu] }]",
  configuration: `  summary: { degradeAfterMs: 500, tiers: [{ name: primary, endpoints: [away] }, { name: fallback, endpoints: [small-eu] }] }
  report: { degradeOnSaturation: false, tiers: [{ name: primary, endpoints: [away] }] }`,
}

await buildDashboard()
const services = await startServices({ dataFolder, environment: process.env, mayInstall: () => true, report })
const receiver: Receiver = await startReceiver()
const installation = await createInstallation({
  redisUrl: services.redisUrl,
  mongodbUrl: services.mongodbUrl,
  simulator: { profile: "fault-mix", seed: 7, latency: { baseMs: 250, jitterMs: 600, chunkMs: 15 } },
  environment: { SLUICE_WEBHOOK_ALLOW_PRIVATE: "1" },
  ...configuration,
})
const browser = await launchChromium({ dataFolder, report })
try {
  await Promise.all([installation.startApi(), installation.startWorker()])
  const { jobId } = await keepBusy(installation, receiver)
  mkdirSync(imageFolder, { recursive: true })
  await takePictures({ browser, api: installation.api, jobId, imageFolder })
} finally {
  await browser.close()
  await installation.close()
  await receiver.close()
  await services.stop()
}
