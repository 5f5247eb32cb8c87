import { randomUUID } from "node:crypto"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { withFolderLock } from "../system/folder-lock.ts"
import { pollUntil } from "../system/poll-until.ts"
import { identifyProcess, isRunning, type ProcessIdentity } from "../system/process-identity.ts"
import { endProcess } from "./end-process.ts"
import { launchProcess } from "./launch-process.ts"
import { readLiveRecord, readRecord, removeRecord, type ServiceRecord, type ServiceUser, writeRecord } from "./service-record.ts"
import { ServiceStartError } from "./service-start-error.ts"

/** A server that runs as a process of this machine. Several commands can use it; it stays up until the last one leaves. */
export interface ServiceProcess {
  url: string
  pid: number
  /** Whether another command used it when this one came. */
  isShared: boolean
  /** Leaves it; the last one ends it in order and waits until it is gone. Does nothing the second time. */
  stop(): Promise<void>
  /** Ends it as a crash would, with SIGKILL, and waits until it is gone. Rejects while others use it. */
  crash(): Promise<void>
}

export interface ServiceIdentity {
  /** For messages: "Redis". */
  title: string
  /** Names its pid file and its log in the folder: "redis". */
  name: string
  folder: string
  stopSignal: NodeJS.Signals
  /** Whether the process with this number, and not another program that has the port, answers. */
  answers: (url: string, pid: number) => Promise<boolean>
  /** How long a running one may take to answer. */
  answerTimeoutMs?: number
}

export interface LaunchPlan {
  command: string
  args: readonly string[]
  /** Working directory of the process. */
  cwd?: string
  url: string
  /** When its last words are these, it is worth another try, with a new plan. */
  retryOn?: RegExp
}

const LAUNCH_ATTEMPTS = 50
const LAUNCH_PAUSE_MS = 200
const DEFAULT_ANSWER_TIMEOUT_MS = 5_000

/**
 * Joins the running service of a folder; `undefined` when there is none. One whose process died, or whose number now belongs
 * to another program, does not count; one that does not answer and that nobody uses is ended.
 * @throws Error when it does not answer in time although another command uses it.
 */
export function joinServiceProcess(service: ServiceIdentity, signal?: AbortSignal): Promise<ServiceProcess | undefined> {
  return locked(service, signal, () => joinRunning(service, signal))
}

/**
 * Joins the running service of a folder, or launches one that outlives this process, and waits until it answers.
 * @throws ServiceStartError when it does not come up.
 */
export function ensureServiceProcess(
  service: ServiceIdentity,
  plan: () => Promise<LaunchPlan>,
  signal?: AbortSignal,
): Promise<ServiceProcess> {
  return locked(service, signal, async () => (await joinRunning(service, signal)) ?? launch(service, plan, signal))
}

/** Where it answered last, also when it is gone without having been stopped. */
export function lastUrl(service: ServiceIdentity): string | undefined {
  return readRecord(recordFile(service))?.url
}

async function joinRunning(service: ServiceIdentity, signal: AbortSignal | undefined): Promise<ServiceProcess | undefined> {
  const found = readLiveRecord(recordFile(service))
  if (!found) return undefined
  const others = found.users.filter(isRunning)
  // One that was just killed may be seen for a moment, and then is gone.
  const isDecided = async () => !isRunning(found.process) || (await service.answers(found.url, found.process.pid))
  const isInTime = await pollUntil(isDecided, { timeoutMs: service.answerTimeoutMs ?? DEFAULT_ANSWER_TIMEOUT_MS, signal })
  if (!isRunning(found.process)) return undefined
  if (isInTime) {
    const user = newUser()
    const record = { ...found, users: [...others, user] }
    writeRecord(recordFile(service), record)
    return serviceProcess(service, record, user)
  }
  const what = `${service.title} (process ${found.process.pid})`
  if (others[0]) throw new Error(`${what} runs but does not answer at ${found.url}. Stop process ${others[0].pid}, which uses it.`)
  await endProcess(found.process, "SIGKILL")
  return undefined
}

async function launch(
  service: ServiceIdentity,
  makePlan: () => Promise<LaunchPlan>,
  signal: AbortSignal | undefined,
): Promise<ServiceProcess> {
  for (let attempt = 1; ; attempt++) {
    const plan = await makePlan()
    const user = newUser()
    const onStarted = (process: ProcessIdentity) => writeRecord(recordFile(service), { process, url: plan.url, users: [user] })
    try {
      const process = await launchProcess({ ...service, ...plan, onStarted, signal })
      return serviceProcess(service, { process, url: plan.url, users: [user] }, user)
    } catch (error) {
      const mayPass = error instanceof ServiceStartError && plan.retryOn?.test(error.log)
      if (!mayPass || attempt === LAUNCH_ATTEMPTS) throw error
      await sleep(LAUNCH_PAUSE_MS, undefined, { signal })
    }
  }
}

function serviceProcess(service: ServiceIdentity, { process, url, users }: ServiceRecord, user: ServiceUser): ServiceProcess {
  const file = recordFile(service)
  const leave = (end: (others: readonly ServiceUser[]) => Promise<void>) =>
    locked(service, undefined, async () => {
      const record = readLiveRecord(file)
      if (!record?.users.some(({ ticket }) => ticket === user.ticket)) return
      const others = record.users.filter((other) => other.ticket !== user.ticket && isRunning(other))
      await end(others)
      if (others.length > 0) writeRecord(file, { ...record, users: others })
      else removeRecord(file)
    })
  return {
    url,
    pid: process.pid,
    isShared: users.length > 1,
    stop: () => leave(async (others) => (others.length === 0 ? endProcess(process, service.stopSignal) : undefined)),
    crash: () =>
      leave((others) => {
        if (others[0]) throw new Error(`${service.title} is used by process ${others[0].pid} too: it is not ours to kill.`)
        return endProcess(process, "SIGKILL")
      }),
  }
}

function locked<T>({ folder, name, title }: ServiceIdentity, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  return withFolderLock({ path: join(folder, `${name}.lock`), title: `the start of ${title}`, signal }, work)
}

function recordFile({ folder, name }: ServiceIdentity): string {
  return join(folder, `${name}.pid.json`)
}

function newUser(): ServiceUser {
  const self = identifyProcess(process.pid)
  if (!self) throw new Error("This process cannot see itself: is /proc mounted?")
  return { ...self, ticket: randomUUID() }
}
