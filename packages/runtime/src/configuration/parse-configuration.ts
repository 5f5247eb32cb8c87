import type { Configuration } from "@sluice/core"
import { type Document, LineCounter, parseDocument } from "yaml"
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
  DUPLICATE_KEY: "This key stands twice in the same mapping. Keep one of them.",
  MULTIPLE_DOCS: "A second document begins here (---). The configuration is one document.",
}

function faultsOf(document: Document.Parsed): TextFault[] {
  const found = [...document.errors, ...document.warnings]
  const tooDeep = found.find(({ code }) => code === "RESOURCE_EXHAUSTION")
  if (tooDeep !== undefined) return [{ offset: tooDeep.pos[0], message: "This is nested too deeply." }]
  if (found.length > 0) return found.map(({ code, message, pos }) => ({ offset: pos[0], message: clearer[code] ?? `${message}.` }))
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

  const faults = faultsOf(document)
  if (faults.length > 0) return fail(faults.map((fault) => ({ ...fault, path: pathAt(document.contents, fault.offset) })))
  // Aliases were bounded above, more precisely than by the library's own count.
  const validation = validate(document.toJS({ maxAliasCount: -1 }))
  const found = validation.ok ? checkedFurther(validation.configuration, options.check) : validation
  if (found.ok) return found.configuration
  return fail(onePerText(found.faults.map((fault) => ({ ...fault, offset: offsetOf({ document, ...fault }) }))))
}
