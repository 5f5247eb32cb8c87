import { describe, expect, test } from "vitest"
import { outcomeKinds } from "../faults/schedule.ts"
import { profiles } from "../settings/profiles.ts"
import { flags } from "./flags.ts"
import { helpText } from "./help.ts"
import { parseArguments } from "./parse-arguments.ts"

describe("the command line", () => {
  test("without flags listens on the documented port", () => {
    expect(parseArguments([])).toEqual({ kind: "start", options: { port: 9100 } })
  })

  test("puts each flag where the settings have it", () => {
    const argv =
      "--port 0 --host ::1 --profile fault-mix --seed 7 --rpm 60 --tpm 1000 --latency-ms 5 --chunk-ms 1 --key a --key b --model m".split(
        " ",
      )
    expect(parseArguments(argv)).toEqual({
      kind: "start",
      options: {
        port: 0,
        host: "::1",
        profile: "fault-mix",
        seed: 7,
        limits: { requestsPerMinute: 60, tokensPerMinute: 1000 },
        latency: { baseMs: 5, chunkMs: 1 },
        apiKeys: ["a", "b"],
        models: ["m"],
      },
    })
  })

  test("collects rates", () => {
    expect(parseArguments(["--fault", "hang=0.1", "--fault=reset=0.2"])).toMatchObject({
      options: { faults: { rates: { hang: 0.1, reset: 0.2 } } },
    })
  })

  test("takes any setting as JSON, over which the other flags win", () => {
    const settings = JSON.stringify({ seed: 3, latency: { baseMs: 1, jitterMs: 2 }, script: ["hang"] })
    expect(parseArguments(["--settings", settings, "--latency-ms", "9"])).toMatchObject({
      options: { seed: 3, latency: { baseMs: 9, jitterMs: 2 }, script: [{ outcome: "hang", times: 1 }] },
    })
  })

  test.each<[string[], RegExp]>([
    [["--prt", "1"], /'--prt'/],
    [["9100"], /9100/],
    [["--port"], /--port/],
    [["--port", "80000"], /^--port: 80000 is not a port: expected 0 to 65535\.$/],
    [["--seed", "x"], /^--seed: "x" is not a number\.$/],
    [["--seed", "1", "--seed", "2"], /^--seed: it is given 2 times, and takes one value\.$/],
    [["--fault", "hang"], /^--fault: "hang" is not KIND=RATE/],
    [["--fault", "hng=0.1"], /^faults\.rates\.hng is not a setting; there is ok, /],
    [["--profile", "nice"], /^profile: .*"healthy"/],
    [["--settings", "{"], /^--settings: expected a JSON object/],
    [["--settings", "[]"], /^--settings: expected a JSON object/],
    [["--settings", '{"sed": 1}'], /^sed is not a setting/],
  ])("%j is a mistake that is named", (argv, message) => {
    expect(parseArguments(argv)).toEqual({ kind: "mistake", message: expect.stringMatching(message) })
  })

  test.each([["--help"], ["-h"]])("%s asks for help", (flag) => {
    expect(parseArguments([flag])).toEqual({ kind: "help" })
  })
})

test("the help names every flag, profile and outcome", () => {
  const text = helpText()
  for (const name of Object.keys(flags)) expect(text).toContain(`--${name} `)
  for (const name of [...Object.keys(profiles), ...outcomeKinds]) expect(text).toContain(`  ${name} `)
})
