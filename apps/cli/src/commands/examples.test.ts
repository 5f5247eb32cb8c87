import type { Command } from "commander"
import { describe, expect, test } from "vitest"
import { exitCodes } from "../exit-codes.ts"
import { runFake } from "../testing/run-fake.ts"
import { examples } from "./examples.ts"

/** The names of all commands that do something by themselves, as they are typed. */
function commandsOf(command: Command, words = ""): string[] {
  return command.commands.flatMap((child) => {
    const name = `${words} ${child.name()}`.trim()
    const below = commandsOf(child, name)
    return Reflect.get(child, "_actionHandler") ? [name, ...below] : below
  })
}

describe("examples", async () => {
  const { createCli } = await import("../program.ts")
  const { fakeContext } = await import("../testing/run-fake.ts")
  const { program } = createCli(fakeContext())

  test("there is one for every command", () => {
    expect(commandsOf(program).filter((name) => !(name in examples))).toEqual([])
  })

  test("the help shows it", async () => {
    const { out } = await runFake({ args: ["dead-letters", "replay", "--help"] })
    expect(out).toContain("Examples:\n  $ sluice dead-letters replay --error-type context_length --dry-run\n")
  })

  const lines = Object.values(examples).flat()
  test.each(lines)("%s is a command line that can be meant", async (line) => {
    const args = [
      ...line
        .replace(/^.*\| sluice /, "")
        .replace(/ > .*$/, "")
        .matchAll(/"([^"]*)"|(\S+)/g),
    ].map(([, quoted, plain]) => quoted ?? plain ?? "")
    const { code, notes } = await runFake({
      args: args.includes("--input") || ["init", "batch"].includes(args[0] ?? "") ? [...args, "--help"] : args,
      input: "piped in",
      signal: AbortSignal.abort(),
    })
    expect(code, notes).not.toBe(exitCodes.usage)
  })
})
