import { InvalidArgumentError } from "commander"

/** Adds `KEY=VALUE` to what was given before. Throws `InvalidArgumentError`. */
export function collectPair(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf("=")
  if (at < 1) throw new InvalidArgumentError("Expected KEY=VALUE.")
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

/** A parser of values separated by commas, each one of `known`. */
export function oneOrMoreOf<T extends string>(known: readonly T[]): (text: string) => T[] {
  return (text) =>
    text.split(",").map((part) => {
      const found = known.find((name) => name === part)
      if (found === undefined) throw new InvalidArgumentError(`Expected one or more of ${known.join(", ")}.`)
      return found
    })
}
