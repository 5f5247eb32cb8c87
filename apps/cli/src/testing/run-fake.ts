import type { JobEvent } from "@sluice/core"
import { runCli } from "../run-cli.ts"
import type { CliContext } from "../session/open-session.ts"
import type { Terminal } from "../terminal/terminal.ts"

/** Answers by `METHOD /path`; the last of a list is played for ever. */
export type FakeApi = Readonly<Record<string, FakeAnswer | readonly FakeAnswer[]>>
export interface FakeAnswer {
  readonly status?: number
  readonly body?: unknown
  /** Of a stream, instead of a body. */
  readonly events?: readonly JobEvent[]
}

export interface FakeCall {
  readonly call: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Headers
  readonly body: unknown
}

export interface FakeRun {
  readonly args: readonly string[]
  readonly api?: FakeApi
  readonly environment?: Readonly<Record<string, string>>
  /** Someone is at the terminal, and answers so. */
  readonly says?: string
  readonly columns?: number
  readonly input?: string
  readonly signal?: AbortSignal
  /** Where relative paths begin. */
  readonly folder?: string
}

export interface FakeOutcome {
  readonly code: number
  readonly out: string
  readonly notes: string
  /** What was written without the ends of lines. */
  readonly written: string
  readonly calls: readonly FakeCall[]
  readonly questions: readonly string[]
}

export const now = Date.parse("2026-11-21T12:00:00.000Z")

/** Runs a command line in this process, against an API that plays its answers. */
export async function runFake({ args, api = {}, environment = { SLUICE_API_KEY: "sk_test" }, ...person }: FakeRun): Promise<FakeOutcome> {
  const calls: FakeCall[] = []
  const { terminal, shown } = fakeTerminal(person)
  const code = await runCli(args, { ...fakeContext(), terminal, environment, fetch: fakeFetch(api, calls), ...ofPerson(person) })
  return {
    code,
    out: shown.out.join("\n"),
    written: shown.written.join(""),
    notes: shown.notes.join("\n"),
    calls,
    questions: shown.questions,
  }
}

/** What commands are given when nobody is there and nothing answers. */
export function fakeContext(): CliContext {
  const { terminal } = fakeTerminal({})
  return { terminal, environment: {}, fetch: fakeFetch({}, []), signal: new AbortController().signal, now: () => now, folder: "/" }
}

function ofPerson({ signal, folder }: Pick<FakeRun, "signal" | "folder">): Partial<CliContext> {
  return { ...(signal && { signal }), ...(folder !== undefined && { folder }) }
}

function fakeTerminal({ says, columns = Number.POSITIVE_INFINITY, input }: Pick<FakeRun, "says" | "columns" | "input">) {
  const shown = { out: [] as string[], notes: [] as string[], questions: [] as string[], written: [] as string[] }
  const ask = (question: string) => {
    shown.questions.push(question)
    return Promise.resolve(says ?? "")
  }
  const terminal: Terminal = {
    out: (text) => void shown.out.push(text),
    write: (text) => void shown.written.push(text),
    note: (text) => void shown.notes.push(text),
    columns,
    paint: (_style, text) => text,
    isInteractive: says !== undefined,
    ask,
    askHidden: ask,
    hasInput: input !== undefined,
    readInput: () => Promise.resolve(input ?? ""),
    progress: async (tasks) => {
      await Promise.all(tasks.map(({ run }) => run(() => {})))
    },
  }
  return { terminal, shown }
}

function fakeFetch(api: FakeApi, calls: FakeCall[]): typeof fetch {
  const played = new Map<string, number>()
  return (input, init) => {
    const url = new URL(String(input))
    const call = `${init?.method ?? "GET"} ${url.pathname}`
    const body = typeof init?.body === "string" ? JSON.parse(init.body) : undefined
    calls.push({ call, query: Object.fromEntries(url.searchParams), headers: new Headers(init?.headers), body })
    const scripted = api[call]
    // Of a job whose events nobody scripted the end has been told.
    if (scripted === undefined && call.endsWith("/events")) return Promise.resolve(new Response(null, { status: 204 }))
    if (scripted === undefined) return Promise.reject(new Error(`${call} is not scripted`))
    const answers = Array.isArray(scripted) ? scripted : [scripted]
    const index = played.get(call) ?? 0
    played.set(call, index + 1)
    const { status = 200, body: answer, events } = answers[Math.min(index, answers.length - 1)] ?? { body: null }
    return Promise.resolve(events ? eventStream(events) : Response.json(answer, { status }))
  }
}

function eventStream(events: readonly JobEvent[]): Response {
  const text = events.map((event, index) => `id: ${index}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("")
  return new Response(text, { headers: { "content-type": "text/event-stream" } })
}
