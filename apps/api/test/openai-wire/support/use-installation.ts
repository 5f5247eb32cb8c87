import type OpenAI from "openai"
import { afterAll } from "vitest"
import { type Installation, type InstallationOptions, startInstallation } from "./installation.ts"

/** An installation for the tests of a file, which ends with them, and OpenAI's client for it. */
export async function useInstallation(
  options: InstallationOptions = {},
): Promise<{ readonly installation: Installation; readonly client: OpenAI }> {
  const installation = await startInstallation(options)
  afterAll(() => installation.close())
  return { installation, client: installation.client() }
}

/** What a call is refused with; null when it is not. */
export function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => null,
    (error: unknown) => error,
  )
}
