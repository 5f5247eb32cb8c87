import { SluiceError } from "@sluice/client"
import type { BatchItem, BatchItemError, BatchResource, Kind } from "@sluice/core"
import { UsageError } from "../../errors/usage-error.ts"
import type { Session } from "../../session/session.ts"
import type { BatchFlags } from "./batch-flags.ts"
import { type BatchState, fingerprintOf, openState, writeState } from "./batch-state.ts"
import { progressText } from "./progress-text.ts"
import { readBatchFile } from "./read-batch-file.ts"
import { openResultFile, type ResultFile } from "./result-file.ts"

export interface BatchRun {
  readonly batch: BatchResource
  /** Lines that the API, or this command, did not take. */
  readonly refused: number
  readonly unanswered: number
}

interface Run {
  readonly session: Session
  readonly flags: BatchFlags
  readonly path: string
  readonly output: string
  readonly results: ResultFile
  readonly update: (text: string) => void
}

/** Sends what has not been sent, and writes down each answer once; goes on where an earlier run stopped. */
export async function runBatchFile(session: Session, file: string, flags: BatchFlags): Promise<BatchRun> {
  const [path, output] = [session.pathOf(file), session.pathOf(flags.output)]
  const { route, priority, webhook, metadata } = flags
  const fingerprint = await fingerprintOf(path, { route, priority, webhook, metadata })
  const { state, isNew } = await openState(output, { fingerprint, restart: flags.restart ?? false })
  if (isNew) await writeState(output, state)
  const results = await openResultFile(output, { isNew })
  let done: BatchRun | null = null
  let failure: { readonly error: unknown } | null = null
  try {
    await session.terminal.progress([
      {
        title: `${file}: sending`,
        run: async (update) => {
          try {
            done = await carryOut({ session, flags, path, output, results, update }, state)
          } catch (error) {
            failure = { error }
          }
        },
      },
    ])
  } finally {
    await results.close()
  }
  return ended(session, { done, failure })
}

function ended(
  { signal, terminal }: Session,
  { done, failure }: { done: BatchRun | null; failure: { readonly error: unknown } | null },
): BatchRun {
  if (done !== null) return done
  if (signal.aborted) terminal.note("Interrupted. The batch goes on; run the same command again to go on with it.")
  throw failure?.error
}

async function carryOut(run: Run, state: BatchState): Promise<BatchRun> {
  const { session, results, update } = run
  const { signal } = session
  const { batches } = session.client()
  const id = state.batchId === undefined ? await open(run, state) : await found(run, state.batchId)
  await send(run, id, { ...state, batchId: id })
  const refused = results.refused()
  const startedAtMs = session.now()
  const before = results.size()
  const { counts } = await batches.get(id, { signal })
  const total = counts.total + refused
  const text = () => progressText({ answered: results.size(), total, before, elapsedMs: session.now() - startedAtMs })
  update(text())
  for await (const { customId, job } of batches.results(id, { follow: true, signal })) {
    await results.write({ customId, job })
    update(text())
  }
  const batch = await batches.get(id, { signal })
  return { batch, refused, unanswered: batch.counts.total + refused - results.size() }
}

/** Makes the batch, or finds the one whose id an earlier run did not get to know. */
async function open({ session, flags, output }: Run, state: BatchState): Promise<string> {
  const { route, priority, webhook, metadata } = flags
  const { id } = await session.client().batches.open({
    idempotencyKey: state.idempotencyKey,
    defaults: { ...(route !== undefined && { route }), ...(priority !== undefined && { options: { priority } }) },
    ...(webhook !== undefined && { webhook: { url: webhook } }),
    ...(metadata !== undefined && { metadata }),
    signal: session.signal,
  })
  await writeState(output, { ...state, batchId: id })
  return id
}

/** Not by its key, under which a batch that has been removed would be made anew, and empty. Throws `UsageError` for such a one. */
async function found({ session, flags }: Run, batchId: string): Promise<string> {
  try {
    return (await session.client().batches.get(batchId, { signal: session.signal })).id
  } catch (error) {
    if (!SluiceError.isInstance(error, "not_found")) throw error
    throw new UsageError(
      `${batchId}, which an earlier run made, is not there any more: batches are removed some time after their end. ${flags.output} has the answers that came by then. To run all lines again, give --restart, which begins that file anew, or choose another --output.`,
    )
  }
}

/** Sends the lines that are not known to be safe; those that are not taken are answered with what is wrong with them. */
async function send(run: Run, id: string, state: BatchState): Promise<void> {
  const { session, output, results, path, flags, update } = run
  const { batches } = session.client()
  const kind = flags.route === undefined ? null : await kindOf(session, flags.route)
  const lineOf: number[] = []
  async function* items(): AsyncGenerator<BatchItem> {
    for await (const read of readBatchFile({ path, kind }, state.sentLines)) {
      if ("fault" in read) {
        await results.write({ customId: read.customId, line: read.line, job: null, errors: [{ detail: read.fault }] })
        continue
      }
      lineOf.push(read.line)
      yield read.item
    }
  }
  let told = 0
  let writing: Promise<void> = Promise.resolve()
  const note = async (errors: readonly BatchItemError[], sent: number) => {
    for (const error of errors) await writeRefusal(results, error, lineOf[error.line - 1] ?? error.line)
    await writeState(output, { ...state, sentLines: lineOf[sent - 1] ?? state.sentLines })
  }
  await batches.add(id, items(), {
    signal: session.signal,
    onProgress: (progress) => {
      update(`${progress.sent} lines sent`)
      const news = progress.errors.slice(told)
      told = progress.errors.length
      writing = writing.then(() => note(news, progress.sent))
    },
  })
  await writing
}

async function writeRefusal(results: ResultFile, { customId, pointer, code, detail }: BatchItemError, line: number): Promise<void> {
  const name = code === "custom_id_reused" || customId === null ? `line-${line}` : customId
  await results.write({ customId: name, line, job: null, errors: [{ pointer, code, detail }] })
}

async function kindOf(session: Session, route: string): Promise<Kind> {
  const { data } = await session.client().routes.list({ signal: session.signal }).page()
  const found = data.find(({ name }) => name === route)
  if (!found) throw new UsageError(`There is no route ${route}. There are ${data.map(({ name }) => name).join(", ")}.`)
  return found.kind
}
