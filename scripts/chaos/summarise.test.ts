import { expect, test } from "vitest"
import { explainPaidTwice } from "./paid-twice.ts"
import { sampleEvidence, sampleJob, sampleStartMs, sampleSubmission } from "./sample-evidence.ts"
import { describeRun, faultTable } from "./summarise.ts"
import { verify } from "./verify.ts"

const kill = (atMs: number) => ({ fault: "kill-worker" as const, fromMs: sampleStartMs + atMs, untilMs: sampleStartMs + atMs })

test("the table counts the jobs under way at each fault, and measures until the last of them ended", () => {
  const strikes = [kill(400), kill(5_000), { fault: "freeze-redis" as const, fromMs: sampleStartMs - 2_000, untilMs: sampleStartMs + 10 }]
  const evidence = sampleEvidence({ strikes })
  expect(faultTable(evidence, verify(evidence)).split("\n").slice(2)).toEqual([
    "kill-worker   2      2              0.6 s            0.6 s    0     0",
    "freeze-redis  1      2              3.0 s            3.0 s    0     0",
  ])
})

test("a job without an end is shown with the first fault that it met, and in the last line", () => {
  const wipe = { fault: "wipe-redis" as const, fromMs: sampleStartMs + 600, untilMs: sampleStartMs + 600 }
  const evidence = sampleEvidence({
    strikes: [kill(400), wipe],
    jobs: [sampleJob(1, { status: "queued", finishedAt: null }), sampleJob(2)],
  })
  const verdict = verify(evidence)
  expect(faultTable(evidence, verdict)).toMatch(/kill-worker +1 +2 +never +never +1 +0/)
  expect(faultTable(evidence, verdict)).toMatch(/wipe-redis +1 +1 +0.4 s +0.4 s +0 +0/)
  const lines = describeRun(evidence, verdict, explainPaidTwice(evidence))
  expect(lines[0]).toBe("2 submissions accepted; the API lists 2 jobs: 1 queued, 1 succeeded.")
  expect(lines).toContain("1 lost:")
  expect(lines.at(-1)).toBe("Lost 1, duplicated 0.")
})

test("many findings of a kind are cut short", () => {
  const submissions = Array.from({ length: 12 }, (_, index) => sampleSubmission(index))
  const evidence = sampleEvidence({ submissions, jobs: [] })
  expect(describeRun(evidence, verify(evidence), explainPaidTwice(evidence))).toContain("  and 2 more")
})
