import { describe, expect, test } from "vitest"
import { createErrorReporter } from "./error-reporter.ts"

function setUp() {
  const messages: string[] = []
  const clock = { ms: 0 }
  const reporter = createErrorReporter({
    onError: (error) => messages.push(error.message),
    repeatAfterMs: 1_000,
    monotonicMs: () => clock.ms,
  })
  return { messages, clock, reporter }
}

describe("error reporter", () => {
  test("repeats the same text only after a while", () => {
    const { messages, clock, reporter } = setUp()
    reporter.report(new Error("away"))
    clock.ms = 999
    reporter.report(new Error("away"))
    reporter.report(new Error("full"))
    expect(messages).toEqual(["away", "full"])
    clock.ms = 1_000
    reporter.report(new Error("away"))
    expect(messages).toEqual(["away", "full", "away"])
  })

  test("reports an error that arrives on two ways once, in the words of the first", () => {
    const { messages, reporter } = setUp()
    const error = new Error("connect ECONNREFUSED")
    reporter.reportAs("Redis is away", error)
    reporter.report(error)
    expect(messages).toEqual(["Redis is away"])
  })

  test("keeps the original as the cause, and takes what is not an error", () => {
    const errors: Error[] = []
    const reporter = createErrorReporter({ onError: (error) => errors.push(error) })
    const original = new Error("original")
    reporter.reportAs("in other words", original)
    reporter.report("a text")
    expect(errors[0]?.cause).toBe(original)
    expect(errors[1]?.message).toBe("a text")
  })

  test("forgets the oldest texts, so that ids in messages do not fill the memory", () => {
    const { messages, reporter } = setUp()
    for (let index = 0; index <= 200; index += 1) reporter.report(new Error(`job ${index}`))
    reporter.report(new Error("job 200"))
    reporter.report(new Error("job 0"))
    expect(messages.length).toBe(202)
    expect(messages.at(-1)).toBe("job 0")
  })
})
