import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createWriteStream, mkdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../../..", import.meta.url))
const maxLinesTold = 12

/** Whoever started them may fail, or be interrupted: they do not outlive it. */
const running = new Set<ChildProcess>()
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL")
})

export interface AppProcessOptions extends ProgramOptions {
  /** `api` or `worker`: the folder in `apps/`. */
  readonly app: string
}

export interface ProgramOptions {
  /** The whole of it: nothing is inherited. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Its log goes here, so that the screen stays readable. */
  readonly logFile: string
}

export interface AppProcess {
  readonly pid: number
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<void>
}

/** Starts a process of the product and resolves when it logs that it is ready; rejects with its last words when it ends before. */
export function startApp({ app, ...options }: AppProcessOptions): Promise<AppProcess> {
  return startProgram({ ...options, title: app, main: join(root, "apps", app, "src", "main.ts") })
}

/** As `startApp` for any program that says `"msg":"ready"` on its output; `main` is its path, and `title` names it in errors. */
export async function startProgram({
  title,
  main,
  environment,
  logFile,
}: ProgramOptions & { readonly title: string; readonly main: string }): Promise<AppProcess> {
  const child = spawn(process.execPath, [main], { cwd: root, env: environment, stdio: ["ignore", "pipe", "pipe"] })
  running.add(child)
  const ended = once(child, "exit").then(([code, signal]) => {
    running.delete(child)
    return { code, signal }
  })
  const lastWords = copyOutput(child, logFile)
  await Promise.race([
    untilReady(child),
    ended.then(({ code, signal }) => {
      throw new Error(
        `The ${title} ended (${signal ?? `exit code ${code}`}) before it was ready. Its last words:\n${lastWords().join("\n")}`,
      )
    }),
  ])
  const stop = async () => {
    child.kill("SIGTERM")
    await ended
  }
  return { pid: child.pid ?? 0, ended, stop }
}

/** Resolves at the log line `"msg":"ready"`. */
function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      if (chunk.includes('"msg":"ready"')) resolve()
    })
  })
}

function copyOutput(child: ChildProcess, logFile: string): () => readonly string[] {
  mkdirSync(dirname(logFile), { recursive: true })
  const log = createWriteStream(logFile, { flags: "a" })
  const tail: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    stream.pipe(log, { end: false })
    createInterface({ input: stream }).on("line", (line) => {
      tail.push(line)
      if (tail.length > maxLinesTold) tail.shift()
    })
  }
  return () => tail
}
