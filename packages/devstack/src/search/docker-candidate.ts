import { createHash } from "node:crypto"
import { findFreePort } from "../system/free-port.ts"
import { pollUntil } from "../system/poll-until.ts"
import type { CommandRunner } from "../system/run-command.ts"
import type { Candidate, Found } from "./first-available.ts"

export interface ContainerPlan {
  /** "redis" */
  name: string
  image: string
  /** The port inside. */
  port: number
  preferredPort: number
  /** Mounted at `dataPath`. Not the one of a server of the machine itself, whose version may be another. */
  dataFolder: string
  dataPath: string
  /** What the container runs, after the image's name. */
  command: readonly string[]
  /** "uid:gid" to run as. */
  user?: string | undefined
  urlOf: (port: number) => string
  problemOf: (url: string) => Promise<string | undefined>
  run: CommandRunner
  report: (line: string) => void
  signal?: AbortSignal | undefined
}

const ENGINE_TIMEOUT_MS = 5_000
const RUN_TIMEOUT_MS = 5 * 60_000
const READY_TIMEOUT_MS = 60_000

/** A container on the machine's Docker engine, if one answers. It is named after the checkout, so that two do not meet. */
export function dockerCandidate(plan: ContainerPlan): Candidate {
  return {
    name: "Docker",
    async open() {
      const engine = await plan.run("docker", ["info", "--format", "{{.ServerVersion}}"], {
        timeoutMs: ENGINE_TIMEOUT_MS,
        signal: plan.signal,
      })
      if (engine.exitCode === 127) return { unavailable: "not installed" }
      if (engine.exitCode !== 0 || engine.stdout.trim() === "") return { unavailable: "its engine does not answer" }
      return (await findContainer(plan)) ?? (await startContainer(plan))
    },
  }
}

/** For `ContainerPlan.user`; `undefined` where there are no such numbers. */
export function userOfThisProcess(): string | undefined {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()]
  return uid === undefined || gid === undefined ? undefined : `${uid}:${gid}`
}

export function containerName({ name, dataFolder }: Pick<ContainerPlan, "name" | "dataFolder">): string {
  return `sluice-${name}-${createHash("sha256").update(dataFolder).digest("hex").slice(0, 10)}`
}

/** `docker run` for the plan: only on 127.0.0.1, removed when it stops; the data lie in the checkout and belong to its user. */
export function runArguments(plan: ContainerPlan, port: number): string[] {
  const publish = `127.0.0.1:${port}:${plan.port}`
  const user = plan.user === undefined ? [] : ["--user", plan.user]
  const mount = `type=bind,source=${plan.dataFolder},target=${plan.dataPath}`
  return [
    "run",
    "--detach",
    "--rm",
    "--name",
    containerName(plan),
    "--publish",
    publish,
    "--mount",
    mount,
    ...user,
    plan.image,
    ...plan.command,
  ]
}

/** One that runs already was started by another command, and is left to it. */
async function findContainer(plan: ContainerPlan): Promise<Found | undefined> {
  const name = containerName(plan)
  const { exitCode, stdout } = await plan.run("docker", ["port", name, `${plan.port}/tcp`], {
    timeoutMs: ENGINE_TIMEOUT_MS,
    signal: plan.signal,
  })
  const port = Number(stdout.split("\n")[0]?.split(":").at(-1))
  if (exitCode !== 0 || !port) return undefined
  const url = plan.urlOf(port)
  if ((await plan.problemOf(url)) !== undefined) return undefined
  return {
    service: { url, stop: () => Promise.resolve() },
    description: `the container ${name} that already runs for this checkout, ${url}; it stays up after this command`,
  }
}

async function startContainer(plan: ContainerPlan): Promise<Found | { unavailable: string }> {
  const name = containerName(plan)
  plan.report(`Docker: starting ${plan.image} (the first time it is downloaded)`)
  await plan.run("docker", ["rm", "--force", name], { timeoutMs: ENGINE_TIMEOUT_MS, signal: plan.signal })
  const port = await findFreePort([plan.preferredPort])
  const started = await plan.run("docker", runArguments(plan, port), { timeoutMs: RUN_TIMEOUT_MS, signal: plan.signal })
  if (started.exitCode !== 0) return { unavailable: `could not run ${plan.image}: ${started.stderr.split("\n").at(-1)}` }
  const stop = async () => void (await plan.run("docker", ["stop", name], { timeoutMs: RUN_TIMEOUT_MS }))
  const url = plan.urlOf(port)
  const isReady = await pollUntil(async () => (await plan.problemOf(url)) === undefined, {
    timeoutMs: READY_TIMEOUT_MS,
    intervalMs: 200,
    signal: plan.signal,
  }).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  if (isReady) return { service: { url, stop }, description: `container ${name} of ${plan.image} on Docker, ${url}` }
  await stop()
  return { unavailable: `the container of ${plan.image} did not answer within ${READY_TIMEOUT_MS / 1000} s` }
}
