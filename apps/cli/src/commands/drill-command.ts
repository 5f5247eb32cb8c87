import type { JobResource, TierName } from "@sluice/core"
import { exitCodes } from "../exit-codes.ts"
import type { Column } from "../render/table.ts"
import { durationText } from "../render/times.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printRows } from "../session/print.ts"
import type { Session } from "../session/session.ts"
import { inputOfPrompt } from "./submit/input-of-prompt.ts"
import { readJson } from "./submit/read-input.ts"

interface DrillOptions {
  readonly prompt?: string
  readonly input?: string
  readonly task?: string
}

/** One tier with the job that asked it. */
interface Answer {
  readonly tier: TierName
  readonly job: JobResource
}

export function addDrillCommand(cli: Cli): void {
  const command = cli.program
    .command("drill <route>")
    .description("ask every tier of a route now, by itself; exits with 1 unless all answer")
    .option("-p, --prompt <text>", "what is asked of a chat route; default: the route's canary")
    .option("--input <path>", "a file with the input as JSON (- for standard input)")
    .option("--task <name>", "chooses the rule and the static text, such as summary")
  onRun<DrillOptions>(cli, command, async ({ session, args: [route = ""], options }) => {
    const { client, signal, terminal } = session
    const { jobs } = await client().routes.drill(route, await requestOf(session, options), { signal })
    const answers = await waitForAll(session, jobs)
    if (session.isJson) for (const { job } of answers) terminal.out(JSON.stringify(job))
    else printRows(session, { columns, rows: answers, empty: "The route has no tiers." })
    const silent = answers.filter(({ job }) => job.status !== "succeeded")
    if (silent.length > 0) terminal.note(terminal.paint("red", `${silent.length} of ${answers.length} tiers do not answer.`))
    return silent.length === 0 ? exitCodes.ok : exitCodes.failed
  })
}

async function requestOf(session: Session, { prompt, input, task }: DrillOptions) {
  return {
    ...(prompt !== undefined && { input: inputOfPrompt("chat", { text: prompt }) }),
    ...(input !== undefined && { input: await readJson(session, input) }),
    ...(task !== undefined && { task }),
  }
}

async function waitForAll({ client, terminal, signal }: Session, asked: readonly { tier: TierName; jobId: string }[]): Promise<Answer[]> {
  const waits = asked.map(({ tier, jobId }) => ({ tier, ended: client().jobs.wait(jobId, { signal, expand: ["attempts"] }) }))
  const settled = Promise.allSettled(waits.map(({ ended }) => ended))
  await terminal.progress(
    waits.map(({ tier, ended }) => ({
      title: `${tier} is asked`,
      run: async (update) =>
        await ended.then(
          ({ status }) => update(`${tier} ${status === "succeeded" ? "answers" : "does not answer"}`),
          () => update(`${tier} could not be watched`),
        ),
    })),
  )
  await settled
  return await Promise.all(waits.map(async ({ tier, ended }) => ({ tier, job: await ended })))
}

const columns: readonly Column<Answer>[] = [
  { heading: "TIER", cell: ({ tier }) => tier },
  {
    heading: "ANSWERS",
    cell: ({ job }) => (job.status === "succeeded" ? { text: "yes", style: "green" } : { text: "no", style: "red" }),
  },
  { heading: "BY", cell: ({ job }) => job.provenance?.served.endpoint ?? "-", minWidth: 8 },
  { heading: "QUALITY", cell: ({ job }) => job.provenance?.quality ?? "-" },
  { heading: "TOOK", cell: ({ job }) => tookText(job), align: "right" },
  { heading: "WHY NOT", cell: ({ job }) => (job.error === null ? "" : `${job.error.type}: ${job.error.message}`), minWidth: 16 },
]

function tookText({ createdAt, finishedAt }: JobResource): string {
  return finishedAt === null ? "-" : durationText(Date.parse(finishedAt) - Date.parse(createdAt))
}
