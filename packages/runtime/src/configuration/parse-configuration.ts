import type { Configuration } from "@sluice/core"
import { type Document, LineCounter, parseDocument, type YAMLParseError, type YAMLWarning } from "yaml"
import { checkAliases, type TextFault } from "./check-aliases.ts"
import { ConfigurationError } from "./configuration-error.ts"
import { formatPath } from "./format-path.ts"
import { offsetOf, pathAt } from "./locate.ts"
import { type Validation, validate } from "./validate.ts"

/** What else can be wrong with a configuration that fits the schema, by whoever knows what its names mean. */
export type CheckConfiguration = (
  configuration: Configuration,
) => readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]

interface LocatedFault extends TextFault {
  readonly path: readonly PropertyKey[]
}

const clearer: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: "A second colon stands in this line. If it belongs to the value, put the value in quotes.",
  DUPLICATE_KEY: "This key stands twice in the same mapping. Keep one of them.",
  MULTILINE_IMPLICIT_KEY: "This line is no `key: value`. Is a colon missing, or the space after it?",
  MULTIPLE_DOCS: "A second document begins here (---). The configuration is one document.",
  TAB_AS_INDENT: "This line is indented with a tab. Use spaces.",
}

/** The library's own words, and what they are for who writes the file. */
const inOtherWords: readonly (readonly [RegExp, string])[] = [
  [
    /^All mapping items must start at the same column/,
    "This line is indented unlike the entry above it. Entries of one mapping begin in the same column.",
  ],
  [/^Missing closing (.)quote/, "The text of this entry has no closing $1."],
  [/^Flow (map|sequence) in block collection must be .* end with a (.)/, "What was opened in this entry is not closed: a $2 is missing."],
  [/^Flow (map|sequence) must end with a (.)/, "What was opened in this entry is not closed: a $2 is missing."],
]

function wordsFor({ code, message }: YAMLParseError | YAMLWarning): string {
  for (const [pattern, words] of inOtherWords)
    if (pattern.test(message)) return message.replace(new RegExp(`${pattern.source}.*`, "s"), words)
  return clearer[code] ?? `${message}.`
}

/** What follows an error in the same line is the parser looking for its way again. */
function onePerLine<T extends { readonly pos: readonly [number, number] }>(found: readonly T[], text: LineCounter): T[] {
  const lines = found.map(({ pos }) => text.linePos(pos[0]).line)
  return found.filter((_fault, index) => lines.indexOf(lines[index] ?? 0) === index)
}

function faultsOf(document: Document.Parsed, lineCounter: LineCounter): TextFault[] {
  const found = [...document.errors, ...document.warnings]
  const tooDeep = found.find(({ code }) => code === "RESOURCE_EXHAUSTION")
  if (tooDeep !== undefined) return [{ offset: tooDeep.pos[0], message: "This is nested too deeply." }]
  if (found.length > 0) return onePerLine(found, lineCounter).map((fault) => ({ offset: fault.pos[0], message: wordsFor(fault) }))
  if (document.contents === null) return [{ offset: 0, message: "The file is empty. Start from sluice.example.yaml." }]
  return checkAliases(document)
}

function checkedFurther(configuration: Configuration, check: CheckConfiguration = () => []): Validation {
  const faults = check(configuration).map((fault) => ({ ...fault, target: "value" as const, isUnknownKey: false }))
  return faults.length === 0 ? { ok: true, configuration } : { ok: false, faults }
}

/** What aliases repeat is told once, for the first of the paths that lead to it. */
function onePerText<T extends LocatedFault>(faults: readonly T[]): T[] {
  const isSame = (a: LocatedFault, b: LocatedFault): boolean =>
    a.offset === b.offset && a.message === b.message && a.path.at(-1) === b.path.at(-1)
  return faults.filter((fault, index) => faults.findIndex((other) => isSame(other, fault)) === index)
}

/**
 * Reads the text of a `sluice.yaml` (YAML 1.2, with `<<`). Throws `ConfigurationError` with everything that is wrong; faults of
 * YAML itself come first and alone, since after one of those nothing else can be trusted.
 */
export function parseConfiguration(options: { text: string; fileName: string; check?: CheckConfiguration | undefined }): Configuration {
  const text = options.text.replace(/^\uFEFF/, "")
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true, merge: true })
  const fail = (faults: readonly LocatedFault[]): never => {
    const issues = faults.map(({ offset, path, message }) => {
      const { line, col: column } = lineCounter.linePos(offset)
      return { line, column, path: formatPath(path), message }
    })
    throw new ConfigurationError({ fileName: options.fileName, issues })
  }

  const faults = faultsOf(document, lineCounter)
  if (faults.length > 0) return fail(faults.map((fault) => ({ ...fault, path: pathAt(document.contents, fault.offset) })))
  // Aliases were bounded above, more precisely than by the library's own count.
  const validation = validate(document.toJS({ maxAliasCount: -1 }))
  const found = validation.ok ? checkedFurther(validation.configuration, options.check) : validation
  if (found.ok) return found.configuration
  return fail(onePerText(found.faults.map((fault) => ({ ...fault, offset: offsetOf({ document, ...fault }) }))))
}
