import { z } from "zod"

/** Where a secret is found. The secret itself never stands in the configuration. */
export type CredentialRef =
  | { readonly from: "env"; readonly variable: string }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "aws-sm"; readonly secret: string; readonly key: string | null }

const forms = "Expected env:NAME, file:/absolute/path or aws-sm:name#key. Secrets are referred to, never written here."

/** As shells and other programs write it. No secret looks like that. */
const variableInOtherWords = /^\$?\{?(?:env\.)?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\}?$/

/** `env:NAME`, `file:/path` or `aws-sm:name#key`, as it stands in the configuration. */
export const credentialRef = z
  .string()
  .regex(/^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+|aws-sm:[^#]+(?:#.+)?)$/, {
    error: ({ input }) => {
      const [, variable] = variableInOtherWords.exec(String(input)) ?? []
      return variable === undefined ? forms : `${forms} Did you mean env:${variable}?`
    },
  })
  .describe("Where the key is found: `env:NAME`, `file:/path` or `aws-sm:name#key`. The key itself never stands here.")
  .meta({ examples: ["env:OPENAI_API_KEY", "file:/run/secrets/openai"] })

export function parseCredentialRef(text: string): CredentialRef {
  const colon = text.indexOf(":")
  const rest = text.slice(colon + 1)
  switch (text.slice(0, colon)) {
    case "env":
      return { from: "env", variable: rest }
    case "file":
      return { from: "file", path: rest }
    default: {
      const [secret = rest, key = null] = rest.split("#", 2)
      return { from: "aws-sm", secret, key }
    }
  }
}
