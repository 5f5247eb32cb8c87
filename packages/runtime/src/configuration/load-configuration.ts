import { readFile } from "node:fs/promises"
import type { Configuration } from "@sluice/core"
import { codeOf } from "../errors/code-of.ts"
import { ConfigurationError } from "./configuration-error.ts"
import { type CheckConfiguration, parseConfiguration } from "./parse-configuration.ts"

function explain(error: unknown): string {
  switch (codeOf(error)) {
    case "ENOENT":
      return "There is no such file. Copy sluice.example.yaml to it and adapt it, or name another file with SLUICE_CONFIG."
    case "EISDIR":
      return "This is a folder. Name the file in it with SLUICE_CONFIG."
    default:
      return `This file cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** The text of the configuration file. Throws `ConfigurationError` when it cannot be read. */
export async function readConfigurationText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8")
  } catch (cause) {
    throw new ConfigurationError({ fileName: path, issues: [{ line: null, column: null, path: "", message: explain(cause) }], cause })
  }
}

/** Reads and checks the configuration file. Throws `ConfigurationError`, which names the file as `path` does. */
export async function loadConfiguration(options: { path: string; check?: CheckConfiguration | undefined }): Promise<Configuration> {
  const { path, check } = options
  return parseConfiguration({ text: await readConfigurationText(path), fileName: path, check })
}
