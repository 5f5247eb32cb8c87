import { createHash } from "node:crypto"
import type { Work } from "@sluice/core"
import { canonicalJson } from "../submit/canonical-json.ts"
import { normaliseWork } from "./normalise-work.ts"

/**
 * The same for every request that asks for the same, whatever the order of its keys and whatever defaults it spells out:
 * SHA-256 over the normalised work, in hex. It says nothing of tenant, route or model.
 */
export function requestKeyOf(work: Work): string {
  return sha256(canonicalJson(normaliseWork(work)))
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}
