import {
  type AlertChannelConfig,
  type AlertMessage,
  type AlertRuleConfig,
  alertRule,
  alertRulesOf,
  type CanaryResult,
  type Finding,
  type QueuedJob,
} from "@sluice/core"
import { type ConditionSources, combineDeadLetters, createEvaluateAlerts, createSendNotices } from "@sluice/engine"
import { createProviders } from "@sluice/providers"
import { createAdmission, createQueueInspector } from "@sluice/redis"
import { type ChatServices, startChatServices } from "@sluice/simulator"
import { createAlertSender, createWebhookSender, webhookPolicy } from "@sluice/webhooks"
import { onTestFinished, vi } from "vitest"
import { openWorkbench, type WorkbenchOptions } from "./workbench.ts"

export const secrets: Readonly<Record<string, string>> = {
  "env:ALERTS_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}

/** Everything that alerts are made of, on real services, with chat services that check what they are sent. */
export async function openAlertBench(options: WorkbenchOptions = {}) {
  const bench = await openWorkbench(options)
  const { store, redis, catalog, tenants, queue } = bench
  const services = await startChatServices()
  onTestFinished(() => services.stop())
  const providers = createProviders()
  onTestFinished(() => providers.close())
  const admission = createAdmission({ redis })
  const sender = createWebhookSender({ policy: webhookPolicy({ allowAll: true }) })
  onTestFinished(() => sender.close())
  const lines: AlertMessage[] = []
  const canaries: CanaryResult[] = []
  const notSent: { channel: string; error: string }[] = []
  const failedRules: unknown[] = []
  /** How far the watch over alerts is ahead of everything else. */
  const ahead = { ms: 0 }
  const clock = () => new Date(Date.now() + ahead.ms)
  const channels = channelsOf(services)
  const observer = {
    changed() {},
    ruleFailed: ({ error }: { error: unknown }) => void failedRules.push(error),
    notSent: ({ channel, error }: { channel: string; error: string }) => void notSent.push({ channel, error }),
  }
  const sources: ConditionSources = {
    admission,
    queues: createQueueInspector({ redis }),
    reports: store.usageReports,
    scans: store.scans,
    webhookEndpoints: store.webhookEndpoints,
    deadLetters: combineDeadLetters([store.deadLetters, store.deadDeliveries]),
    tenants,
    canaries: { list: () => Promise.resolve(canaries) },
    catalog: () => catalog,
  }

  /** One of the processes that watch. */
  function watcher(rules: readonly object[], { holder = "w-1", leases = store.leases } = {}) {
    const parsed: AlertRuleConfig[] = rules.map((rule) => alertRule.parse(rule))
    const common = { alerts: store.alerts, leases, clock, holder, observer }
    const settings = { rules: parsed, channels, everyMs: 15_000 }
    return {
      evaluate: createEvaluateAlerts({ ...common, ...sources, rules: () => alertRulesOf(settings) }),
      send: createSendNotices({
        ...common,
        sender: createAlertSender({
          sender,
          resolveSecret: (reference) => Promise.resolve(secrets[reference] ?? urlBehind(services, reference)),
          writeLine: (message) => void lines.push(message),
          clock,
        }),
        channels: () => channels,
        publicUrl: () => "https://sluice.example",
        signal: new AbortController().signal,
      }),
    }
  }

  return {
    ...bench,
    admission,
    services,
    channels,
    lines,
    canaries,
    notSent,
    failedRules,
    ahead,
    watcher,
    /** What fires by now, after one look. */
    async firing(rule: object): Promise<readonly Finding[]> {
      await watcher([rule]).evaluate()
      return (await store.alerts.active()).filter(({ state }) => state === "firing")
    },
    /** A worker that asks the endpoints of the configuration. */
    startWorker: () => bench.startWorker({ workerId: "w-1", script: (call) => providers.get(call.endpoint.provider).generate(call) }),
    async submit(count: number, overrides: Partial<QueuedJob> = {}) {
      const jobs = await Promise.all(Array.from({ length: count }, () => bench.insert(overrides)))
      await queue.enqueue(
        jobs.map(({ id, run, route, tenantId, options: { priority } }) => ({ id, run, route, tenantId, priority, notBefore: null })),
      )
      return jobs
    },
    /** Brings what has happened into the books. */
    account: bench.sweepAs("leader"),
    async ended(jobs: readonly { readonly id: string; readonly tenantId: string }[]) {
      const isEnded = async ({ id, tenantId }: (typeof jobs)[number]) =>
        !["queued", "running"].includes((await store.jobs.find({ id, tenantId }))?.status ?? "queued")
      await vi.waitFor(
        async () => {
          if (!(await Promise.all(jobs.map(isEnded))).every(Boolean)) throw new Error("Some have not ended")
        },
        { timeout: 30_000, interval: 100 },
      )
    },
  }
}

export type AlertBench = Awaited<ReturnType<typeof openAlertBench>>

function channelsOf({ urls }: ChatServices): Readonly<Record<string, AlertChannelConfig>> {
  return {
    discord: { type: "discord", url: "env:DISCORD_URL" },
    slack: { type: "slack", url: "env:SLACK_URL" },
    hook: { type: "webhook", url: urls.webhook, secret: "env:ALERTS_SECRET" },
    log: { type: "stdout" },
  }
}

function urlBehind({ urls }: ChatServices, reference: string): string {
  return reference === "env:DISCORD_URL" ? urls.discord : urls.slack
}
