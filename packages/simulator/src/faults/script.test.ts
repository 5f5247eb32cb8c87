import { describe, expect, test } from "vitest"
import { createScript } from "./script.ts"

describe("a script", () => {
  test("gives its steps in order, each as often as it says, and then nothing", () => {
    const script = createScript([
      { outcome: "unavailable", times: 2 },
      { outcome: "ok", times: 1 },
    ])
    expect([script.next(), script.next(), script.next(), script.next()].map((step) => step?.outcome)).toEqual([
      "unavailable",
      "unavailable",
      "ok",
      undefined,
    ])
  })

  test("tells what is still to come", () => {
    const script = createScript([
      { outcome: "hang", times: 3, slowMs: 5 },
      { outcome: "ok", times: 1 },
    ])
    script.next()
    expect(script.remaining()).toEqual([
      { outcome: "hang", times: 2, slowMs: 5 },
      { outcome: "ok", times: 1 },
    ])
  })
})
