import { describe, expect, test } from "vitest"
import { faultNames } from "./faults.ts"
import { help, parseCommandLine } from "./options.ts"

describe("the command line of the chaos suite", () => {
  test("has a default for everything, and takes the given seed", () => {
    expect(parseCommandLine([], 42)).toEqual({ kind: "run", options: { jobs: 10_000, seed: 42, minutes: 8, faults: faultNames } })
  })

  test("takes numbers and names of faults", () => {
    const args = ["--jobs", "500", "--seed", "7", "--minutes", "0.5", "--faults", "kill-worker,flush-redis"]
    expect(parseCommandLine(args, 42)).toEqual({
      kind: "run",
      options: { jobs: 500, seed: 7, minutes: 0.5, faults: ["kill-worker", "flush-redis"] },
    })
  })

  test.each([
    [["--jobs", "many"], /--jobs many: expected a whole number of at least 1/],
    [["--jobs", "0"], /--jobs 0/],
    [["--minutes", "-1"], /--minutes/],
    [["--faults", "earthquake"], /--faults earthquake: there is no such fault. There is kill-worker/],
    [["--sed", "1"], /--sed/],
  ])("refuses %s", (args, message) => {
    expect(parseCommandLine(args, 1)).toEqual({ kind: "mistake", message: expect.stringMatching(message) })
  })

  test("explains each fault", () => {
    expect(parseCommandLine(["--help"], 1)).toEqual({ kind: "help" })
    for (const name of faultNames) expect(help).toContain(name)
  })
})
