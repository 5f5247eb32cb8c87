import { setTimeout } from "node:timers/promises"
import type { Installation } from "../e2e/installation.ts"
import type { Receiver } from "../e2e/receiver.ts"

const busyMs = 150_000
const betweenMs = 220

const prompts = [
  "Summarise ticket 4711: the customer's parcel arrived late, and they ask for a refund of the postage.",
  "Translate into German: your order has left our warehouse and arrives within two days.",
  "Classify the mood of this review: the screen is bright, but the battery is empty by noon.",
  "Write a polite answer to a customer who has been charged twice for one order.",
]

/** Submits jobs of several kinds for some minutes. Resolves with one that took more than one call. */
export async function keepBusy({ request, submit, job }: Installation, receiver: Receiver): Promise<{ readonly jobId: string }> {
  const post = (path: string, body: object) =>
    request(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })
  await post("/v1/webhook-endpoints", { url: receiver.url, events: ["job.succeeded", "job.failed", "job.expired"], description: "orders" })
  const ids: string[] = []
  const until = Date.now() + busyMs
  for (let count = 0; Date.now() < until; count += 1) {
    // A receiver that is down for a while, so that there is something to redeliver.
    receiver.reactWith(() => (count % 60 > 45 ? { status: 503 } : { status: 204 }))
    const prompt = prompts[count % prompts.length] ?? ""
    const metadata = { order: String(1_000 + count) }
    const { id } = await submit(prompt, { ...kindOf(count), metadata })
    ids.push(id)
    await setTimeout(betweenMs)
  }
  // The last ones are left under way.
  return { jobId: await oneWithSeveralCalls(ids, job) }
}

function kindOf(count: number): object {
  if (count % 23 === 5) return { route: "report", options: { expiresInMs: 4_000 } }
  if (count % 7 === 3) return { route: "summary" }
  return { options: { priority: count % 3 === 0 ? "interactive" : "standard" } }
}

async function oneWithSeveralCalls(ids: readonly string[], job: Installation["job"]): Promise<string> {
  let best = { id: ids[0] ?? "", calls: 0 }
  for (const id of ids.slice(0, 200)) {
    const { attemptCount, provenance } = await job(id)
    if (provenance !== null && attemptCount > best.calls) best = { id, calls: attemptCount }
  }
  return best.id
}
