import type { ConditionalReseal } from "../encryption/reseal.ts"
import type { Sealer } from "../encryption/sealer.ts"
import { present } from "../present.ts"
import { type JobDocument, placeInJob } from "./job-document.ts"

/** What a submission brought never changes, nor does an output: it is enough that their keys are those that were read. */
export function resealedJob(document: JobDocument, sealer: Sealer): readonly ConditionalReseal[] {
  return [...resealedInput(document, sealer), ...resealedOutput(document, sealer)]
}

function resealedInput(document: JobDocument, sealer: Sealer): readonly ConditionalReseal[] {
  const { _id, inputKey, input, requestHash, webhook } = document
  if (inputKey === sealer.keyId) return []
  const anew = (value: typeof input, field: Parameters<typeof placeInJob>[1]) => {
    const place = placeInJob(document, field)
    return sealer.seal(sealer.open(value, place), place)
  }
  const secret = webhook?.secret ?? null
  const set = {
    input: anew(input, "input"),
    ...present({
      inputKey: sealer.keyId,
      requestHash: requestHash === undefined ? null : anew(requestHash, "requestHash"),
      "webhook.secret": secret === null ? null : anew(secret, "webhook.secret"),
    }),
  }
  return [{ filter: { _id, inputKey: inputKey ?? { $exists: false } }, set }]
}

function resealedOutput(document: JobDocument, sealer: Sealer): readonly ConditionalReseal[] {
  const { _id, run, outputKey, result } = document
  if (outputKey === sealer.keyId || result?.output.at !== "job") return []
  const place = placeInJob(document, "result.output")
  const set = { "result.output.value": sealer.seal(sealer.open(result.output.value, place), place), outputKey: sealer.keyId }
  return [{ filter: { _id, run, status: "succeeded", outputKey: outputKey ?? { $exists: false } }, set }]
}
