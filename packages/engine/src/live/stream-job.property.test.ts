import fc from "fast-check"
import { expect, test } from "vitest"
import { attemptOf, createLiveHarness, createReader, type LiveHarness, settle, successWith } from "./testing/live-harness.ts"

type Command =
  | { readonly kind: "write"; readonly piece: string }
  /** The call fails; the next one, by failover or as a repair, begins. */
  | { readonly kind: "fail" }
  /** The worker stops in the middle of a call. */
  | { readonly kind: "drain" }
  /** The call fails, and the job goes back in line to be tried again. */
  | { readonly kind: "retry" }
  | { readonly kind: "reconnect"; readonly process: number }
  | { readonly kind: "lose" | "hear" | "settle" }

/** How the output relates to what was written. */
type Output = "as written" | "written otherwise" | "from elsewhere"

const piece = fc.oneof(
  fc.constantFrom("The ", "river ", "rises. ", "🌊", "\ud83c", "\udf0a", "é\n"),
  fc.string({ minLength: 1, maxLength: 8 }),
)
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: piece.map((text): Command => ({ kind: "write", piece: text })) },
  { weight: 2, arbitrary: fc.constantFrom<Command>({ kind: "fail" }, { kind: "drain" }, { kind: "retry" }) },
  { weight: 3, arbitrary: fc.constantFrom(0, 1).map((process): Command => ({ kind: "reconnect", process })) },
  { weight: 4, arbitrary: fc.constantFrom<Command>({ kind: "lose" }, { kind: "hear" }, { kind: "settle" }) },
)

/** Carries the commands out on one execution after the other, and ends the job. Returns the text of its output. */
async function play(harness: LiveHarness, reader: ReturnType<typeof createReader>, commands: readonly Command[], output: Output) {
  let execution = await harness.claim()
  let number = 1
  let written = ""
  const failed = [] as ReturnType<typeof attemptOf>["attempt"][]
  const begin = () => execution.live.attemptStarted(attemptOf(number).start)
  const fail = () => {
    const { attempt } = attemptOf(number, { outcome: "failed", errorType: "network" })
    failed.push(attempt)
    execution.live.attemptEnded(attempt)
    number += 1
  }
  const goOn = async () => {
    await harness.handBack(execution, failed.splice(0))
    execution = await harness.claim()
  }
  begin()
  for (const step of commands) {
    switch (step.kind) {
      case "write":
        written += step.piece
        execution.live.wrote(number, step.piece)
        continue
      case "fail":
        fail()
        break
      case "retry":
        fail()
        await goOn()
        break
      case "drain":
        await goOn()
        break
      case "reconnect":
        await reader.disconnect()
        reader.connect(step.process)
        continue
      case "settle":
        await settle()
        continue
      default:
        harness.faults.losesMessages = step.kind === "lose"
        continue
    }
    written = ""
    begin()
  }
  const text = output === "as written" ? written : `${written.slice(0, 3)}and so on 🌊`
  const attempts = output === "from elsewhere" ? failed : [...failed, attemptOf(number).attempt]
  await harness.finish(execution, successWith(text, attempts), !harness.faults.losesMessages)
  return text
}

test("whatever the order of pieces, resets, losses and resumes, the text of a reader is the output's in the end", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { maxLength: 40 }),
      fc.constantFrom<Output>("as written", "as written", "written otherwise", "from elsewhere"),
      async (commands, output) => {
        const harness = createLiveHarness()
        const reader = createReader(harness)
        reader.connect(0)
        const text = await play(harness, reader, commands, output)
        await reader.ended()
        expect(reader.text()).toBe(text)
        expect(reader.events.at(-1)?.type).toBe("job.succeeded")
        expect(reader.events.filter(({ type }) => type === "job.queued")).toHaveLength(1)
        expect(reader.events.filter(({ type }) => type === "job.succeeded")).toHaveLength(1)
        const ended = reader.events.flatMap((event) => (event.type === "attempt.ended" ? [event.attempt.number] : []))
        expect(ended).toEqual(ended.toSorted((a, b) => a - b))
        expect(new Set(ended).size).toBe(ended.length)
        // Who comes back after the end has nothing more to hear; who comes then for the first time hears the same text.
        expect(await reader.readOnce(1)).toBe("over")
        const late = createReader(harness)
        expect(await late.readOnce(1)).toBe("events")
        expect(late.text()).toBe(text)
        harness.close()
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)
